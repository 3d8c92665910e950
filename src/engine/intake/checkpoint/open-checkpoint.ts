/** A checkpoint on disk, whether it is one file or several parts with an index. */
import path from 'node:path';
import { EngineError } from '../../engine-error';
import { ByteSource } from './byte-source';
import { readCheckpoint } from './read-checkpoint';
import { readSafetensors } from './safetensors';
import { isShardIndex, readShardIndex } from './shard-index';
import type { CheckpointTensor } from './tensor';
import type { WeightSet } from './weight-sets';

export interface OpenCheckpoint {
  /** Of the file or the index, for messages. */
  readonly fileName: string;
  /** Views into the files. */
  readonly sets: readonly WeightSet[];
  readonly close: () => Promise<void>;
}

/**
 * @param file a checkpoint, or the index of one in several parts
 * @throws EngineError `model-unreadable` if a file is absent or damaged, or if the index and its
 * parts contradict each other
 */
export async function openCheckpoint(file: string): Promise<OpenCheckpoint> {
  const sources: ByteSource[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(sources.map((source) => source.close()));
  };
  const open = async (one: string): Promise<ByteSource> => {
    const source = await ByteSource.open(one);
    sources.push(source);
    return source;
  };
  try {
    const sets = isShardIndex(file)
      ? [{ key: '', tensors: await tensorsOfParts(file, open) }]
      : await readCheckpoint(await open(file));
    return { fileName: path.basename(file), sets, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function tensorsOfParts(
  indexPath: string,
  open: (file: string) => Promise<ByteSource>,
): Promise<ReadonlyMap<string, CheckpointTensor>> {
  const index = await readShardIndex(indexPath);
  const tensors = new Map<string, CheckpointTensor>();
  for (const part of new Set(index.values())) {
    const source = await open(path.join(path.dirname(indexPath), part));
    for (const [name, tensor] of await readSafetensors(source)) {
      if (index.get(name) !== part) {
        const said = index.get(name);
        throw contradiction(
          indexPath,
          `“${part}” holds “${name}”, which ${said === undefined ? 'it does not list' : `it places in “${said}”`}`,
        );
      }
      tensors.set(name, tensor);
    }
  }
  for (const [name, part] of index) {
    if (!tensors.has(name))
      throw contradiction(indexPath, `it places “${name}” in “${part}”, which does not hold it`);
  }
  return tensors;
}

function contradiction(indexPath: string, how: string): EngineError {
  return new EngineError(
    'model-unreadable',
    `The index “${path.basename(indexPath)}” and its parts do not belong together: ${how}.`,
    'Download the index and all parts again, from one revision of the model.',
  );
}
