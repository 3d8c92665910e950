/** Weights as they are trained: safetensors, pickles, and archives of them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { byteEdits } from '../edits/bytes';
import { jsonEdits } from '../edits/json';
import { pickleEdits } from '../edits/pickle';
import { safetensorsEdits } from '../edits/safetensors';
import { textEdits } from '../edits/text';
import { archiveEdits, insideArchive } from '../edits/zip';
import type { Base, Edit } from '../input';

interface Figures {
  readonly file: string;
  readonly config: object;
  readonly inputSize: readonly [height: number, width: number];
}

/**
 * Each checkpoint of the fixtures, with the configuration that its figures were made with, and their
 * size: one that is not known is taken for large pictures, which make thousands of patches.
 */
async function fixturesOf(fixtures: string): Promise<ReadonlyMap<string, [Buffer, Buffer]>> {
  const folder = path.join(fixtures, 'intake');
  const figures = JSON.parse(
    await readFile(path.join(folder, 'figures.json'), 'utf8'),
  ) as Figures[];
  const names = (await readdir(folder)).filter((name) => /\.(safetensors|pth)$/.test(name));
  return new Map(
    await Promise.all(
      names.map(async (name) => {
        const found = figures.find(({ file }) => file === name);
        const config = { num_attention_heads: 2, image_size: found?.inputSize, ...found?.config };
        const bytes = await readFile(path.join(folder, name));
        return [name, [bytes, Buffer.from(JSON.stringify(config))] as [Buffer, Buffer]] as const;
      }),
    ),
  );
}

function isArchive(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 2) === 'PK';
}

async function basesOf(
  fixtures: string,
  choose: (name: string, bytes: Buffer) => readonly Edit[] | undefined,
): Promise<Base[]> {
  return [...(await fixturesOf(fixtures))].flatMap(([name, [bytes, config]]) => {
    const edits = choose(name, bytes);
    const files = { [name]: bytes, 'config.json': config };
    return edits ? [{ name, files, changed: name, edits, ask: 'model', path: name } as const] : [];
  });
}

/** Safetensors, with their index and configuration, and the pickles of old. */
export async function checkpoints(fixtures: string): Promise<readonly Base[]> {
  const whole = await basesOf(fixtures, (name, bytes) => {
    if (name.endsWith('.safetensors')) return [...safetensorsEdits, ...byteEdits];
    return isArchive(bytes) ? undefined : [...pickleEdits, ...byteEdits];
  });
  const edits = [...jsonEdits, ...textEdits, ...byteEdits];
  const configured = whole.map((base) => ({ ...base, changed: 'config.json', edits }));
  return [...whole, ...whole, ...configured, ...(await inParts(fixtures, edits))];
}

async function inParts(fixtures: string, edits: readonly Edit[]): Promise<readonly Base[]> {
  const bytes = await readFile(path.join(fixtures, 'intake/hf_vit.safetensors'));
  const part = 'model-00001-of-00001.safetensors';
  const index = 'model.safetensors.index.json';
  const header = JSON.parse(
    bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())),
  ) as object;
  const names = Object.keys(header).filter((name) => name !== '__metadata__');
  const files = {
    [part]: bytes,
    [index]: Buffer.from(
      JSON.stringify({
        metadata: {},
        weight_map: Object.fromEntries(names.map((name) => [name, part])),
      }),
    ),
    'config.json': Buffer.from('{"num_attention_heads": 2, "model_type": "vit"}'),
  };
  return [{ name: 'in parts', files, changed: index, edits, ask: 'model', path: index }];
}

/** What torch.save writes: pickles and numbers in a zip archive. */
export function archives(fixtures: string): Promise<readonly Base[]> {
  const inside = [...pickleEdits, ...pickleEdits, ...byteEdits].map((edit) =>
    insideArchive(edit, /data\.pkl$/),
  );
  return basesOf(fixtures, (_, bytes) =>
    isArchive(bytes) ? [...inside, ...archiveEdits, ...byteEdits] : undefined,
  );
}
