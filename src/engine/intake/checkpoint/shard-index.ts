/**
 * The index of a safetensors checkpoint in several parts, as Hugging Face writes it beside them:
 * `{"metadata": {…}, "weight_map": {"tensor": "model-00001-of-00003.safetensors", …}}`.
 */
import path from 'node:path';
import { EngineError } from '../../engine-error';
import { readRegularText } from '../../files/regular-file';
import { parseJson } from '../../../shared/parse-json';

/** The limit that the format sets on the header of one part. */
const largestIndex = 100 * 2 ** 20;
/** A plain name of a file beside the index: no way out of its folder. */
const partName = /^\w[\w.-]*\.safetensors$/;

/** Whether a file is an index of parts, by its name. */
export function isShardIndex(file: string): boolean {
  return /\.safetensors\.index\.json$/i.test(file);
}

/**
 * Which part each tensor lies in.
 * @returns by name of the tensor, the part's file name
 * @throws EngineError `model-unreadable` if the file is no such index, or if it names a file outside
 * its own folder
 */
export async function readShardIndex(indexPath: string): Promise<ReadonlyMap<string, string>> {
  const name = path.basename(indexPath);
  let index: unknown;
  try {
    index = parseJson(await readRegularText(indexPath, largestIndex));
  } catch (cause) {
    throw new EngineError(
      'model-unreadable',
      `The index “${name}” could not be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Check that it is there, or download it again.',
      { cause },
    );
  }
  const parts = new Map<string, string>();
  for (const [tensor, part] of Object.entries(weightMapOf(index, name))) {
    if (typeof part !== 'string' || !partName.test(part)) {
      throw new EngineError(
        'model-unreadable',
        `The index “${name}” says that “${tensor}” lies in ${JSON.stringify(part)}, which is not the name of a safetensors file beside it.`,
        'Download the model again from a source that you trust; the parts belong into one folder with the index.',
      );
    }
    parts.set(tensor, part);
  }
  return parts;
}

/**
 * Every file that a checkpoint consists of, the given one first.
 * @throws EngineError `model-unreadable` for an index that is none
 */
export async function checkpointFiles(file: string): Promise<readonly string[]> {
  if (!isShardIndex(file)) return [file];
  const parts = new Set((await readShardIndex(file)).values());
  return [file, ...[...parts].sort().map((part) => path.join(path.dirname(file), part))];
}

function weightMapOf(index: unknown, name: string): object {
  const map =
    typeof index === 'object' && index !== null && 'weight_map' in index
      ? index.weight_map
      : undefined;
  if (typeof map === 'object' && map !== null && !Array.isArray(map))
    if (Object.keys(map).length > 0) return map;
  throw new EngineError(
    'model-unreadable',
    `The index “${name}” does not say which part each tensor lies in (“weight_map”).`,
    'Download it again, or name the safetensors file itself if the model is in one piece.',
  );
}
