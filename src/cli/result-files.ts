/** Writing an explanation to files. */
import path from 'node:path';
import type { MethodInfo } from '../shared/explanation';
import { explanationFigures, stackedMaps, type MeasuredResult } from '../shared/explanation-files';
import { Failure } from '../shared/failure';
import type { Look } from '../shared/look';
import type { ImageSource } from '../shared/protocol/explain';
import { writeTarget } from './write-target';
import { contactSheet } from '../service/pictures/contact-sheet';

export class ResultFiles {
  /** Which input each name belongs to: two inputs may have the same one in different folders. */
  private readonly names = new Map<string, string>();

  /**
   * @param severalMethods whether the method's id has to tell the files apart
   * @param look of the pictures; figures stay as the method gives them
   */
  constructor(
    private readonly folder: string,
    private readonly kinds: {
      readonly png: boolean;
      readonly npy: boolean;
      readonly json: boolean;
    },
    private readonly severalMethods: boolean,
    private readonly look: Look,
  ) {}

  /**
   * @returns the files written; none when no kind was asked for
   * @throws Failure `cache-unwritable`
   */
  async write(
    input: string,
    image: ImageSource,
    result: MeasuredResult,
    method: MethodInfo,
  ): Promise<readonly string[]> {
    const name = this.nameOf(input);
    const long = `${name}.${method.id}`;
    const short = this.severalMethods ? long : name;
    const files: [name: string, bytes: Uint8Array | string][] = [];
    if (this.kinds.json)
      files.push([`${short}.json`, `${JSON.stringify(explanationFigures(input, result))}\n`]);
    if (this.kinds.npy) files.push([`${long}.npy`, stackedMaps(result)]);
    if (this.kinds.png) {
      const { png } = await contactSheet({ image, result, method, look: this.look });
      files.push([`${short}.png`, png]);
    }
    return Promise.all(files.map(([file, bytes]) => this.put(file, bytes)));
  }

  private async put(name: string, bytes: Uint8Array | string): Promise<string> {
    const file = path.join(this.folder, name);
    try {
      await writeTarget(file, bytes);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Failure(
        'cache-unwritable',
        `“${file}” could not be written: ${why}.`,
        'Choose another folder with --out.',
        { cause },
      );
    }
    return file;
  }

  /** The input's name without its ending; `-2`, `-3` … where another input took it. */
  private nameOf(input: string): string {
    const plain = shortened(path.parse(input).name);
    for (let number = 1; ; number++) {
      const name = number === 1 ? plain : `${plain}-${number}`;
      // Windows and macOS do not tell names apart that differ in case alone, or in how an accent is put.
      const key = name.normalize('NFC').toLowerCase();
      const owner = this.names.get(key);
      if (owner === undefined || owner === input) {
        this.names.set(key, input);
        return name;
      }
    }
  }
}

/** File systems take 255 bytes, and the method and the ending come after the name. */
const longestName = 200;

function shortened(name: string): string {
  let short = '';
  for (const character of name) {
    if (Buffer.byteLength(short + character) > longestName) break;
    short += character;
  }
  return short;
}
