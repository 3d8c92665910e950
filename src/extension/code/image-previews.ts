/** Small pictures for hovers, made by the worker and remembered for as long as the file stays the same. */
import { failureData } from '../../shared/failure';
import { pictureName, readPicture } from '../panel/picture';
import type { WorkerHost } from '../worker-host';
import type { ImageFile } from './file-lookups';

export interface ImagePreview {
  /** JPEG as a data URI: a hover shows no files of another machine. */
  readonly dataUri: string;
  /** Of the picture itself, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** A preview, why there is none, or undefined when it takes too long. */
export type PreviewAnswer = ImagePreview | { readonly problem: string } | undefined;

/** The editor shows at most 100,000 characters of a hover; this side stays well below, even for noise. */
const side = 256;
const remembered = 64;
/** A hover that comes later than this is no help; the preview is there at the next one. */
const patience = 4000;
const largestFile = 64 * 2 ** 20;

export class ImagePreviews {
  private readonly known = new Map<string, Promise<ImagePreview>>();
  /** One at a time, so that a pointer that wanders over many paths does not fill the worker's queue. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly worker: WorkerHost) {}

  /** @param isWanted asked when its turn comes: the pointer may have gone on */
  async of(file: ImageFile, isWanted: () => boolean): Promise<PreviewAnswer> {
    if (file.size > largestFile) return { problem: 'Too large a file for a preview.' };
    const key = `${file.uri.toString()} ${file.changed} ${file.size}`;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), patience);
    });
    try {
      const known = this.known.get(key);
      if (known !== undefined) return await Promise.race([known, late]);
      const turn = this.last;
      const made = turn.then(() => (isWanted() ? this.make(key, file) : undefined));
      this.last = made.catch(() => undefined);
      return await Promise.race([made, late]);
    } catch (error) {
      return { problem: failureData(error).message };
    } finally {
      clearTimeout(timer);
    }
  }

  private make(key: string, file: ImageFile): Promise<ImagePreview> {
    const made = this.ask(file);
    this.known.set(key, made);
    made.catch(() => this.known.delete(key));
    const [oldest] = this.known.keys();
    if (this.known.size > remembered && oldest !== undefined) this.known.delete(oldest);
    return made;
  }

  private async ask({ uri }: ImageFile): Promise<ImagePreview> {
    const { jpeg, width, height } = await this.worker.call('thumbnail', {
      bytes: await readPicture(uri),
      name: pictureName(uri),
      maxSide: side,
      // For a person to look at, not as a model sees it.
      reading: { alpha: 'white' },
    });
    const base64 = Buffer.from(jpeg).toString('base64');
    return { dataUri: `data:image/jpeg;base64,${base64}`, width, height };
  }
}
