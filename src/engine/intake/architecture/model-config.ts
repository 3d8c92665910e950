/** The config.json of Hugging Face or timm beside a checkpoint: facts that weights alone don't tell. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../engine-error';

/** A parsed config; any field may be missing or of another kind than expected. */
export class ModelConfig {
  constructor(
    private readonly root: Readonly<Record<string, unknown>>,
    /** The file it was read from, or why there is none; for messages. */
    readonly origin: string,
  ) {}

  /** A number under any of these names, in the vision part of a two-tower config first. */
  number(...names: readonly string[]): number | undefined {
    return this.find(names, (value) => typeof value === 'number' && Number.isFinite(value)) as
      number | undefined;
  }

  text(...names: readonly string[]): string | undefined {
    return this.find(names, (value) => typeof value === 'string') as string | undefined;
  }

  /** A side length or `[height, width]` under any of these names. */
  size(...names: readonly string[]): readonly [number, number] | undefined {
    const side = this.number(...names);
    if (side !== undefined) return [side, side];
    const pair = this.find(names, (value) => Array.isArray(value) && value.length === 2);
    if (!Array.isArray(pair)) return undefined;
    const [height, width] = pair.map(Number);
    return height && width ? [height, width] : undefined;
  }

  /** `model_type` of the whole file, e.g. `clip` where the vision part says `clip_vision_model`. */
  get modelType(): string | undefined {
    const type = this.root.model_type;
    return typeof type === 'string' ? type : undefined;
  }

  private find(names: readonly string[], fits: (value: unknown) => boolean): unknown {
    const places = [
      this.root.vision_config,
      this.root.model_args,
      this.root,
      this.root.pretrained_cfg,
    ].filter(isRecord);
    for (const place of places) {
      for (const name of names) if (fits(place[name])) return place[name];
    }
    return undefined;
  }
}

/**
 * The config.json in the checkpoint's folder, and its text for cache keys.
 * @throws EngineError `model-unreadable` if it is there but can't be read
 */
export async function readModelConfig(
  checkpointPath: string,
): Promise<{ config: ModelConfig; text: string }> {
  const file = path.join(path.dirname(checkpointPath), 'config.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return { config: new ModelConfig({}, 'There is no config.json beside it'), text: '' };
    }
    throw unreadable(path.basename(path.dirname(file)), cause);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return { config: new ModelConfig(parsed, 'config.json'), text };
  } catch (cause) {
    throw unreadable(path.basename(path.dirname(file)), cause);
  }
  throw unreadable(path.basename(path.dirname(file)), undefined);
}

function unreadable(folder: string, cause: unknown): EngineError {
  return new EngineError(
    'model-unreadable',
    `The config.json in “${folder}” can't be read as JSON.`,
    'Correct it, or take it away if it does not belong to the model.',
    { cause },
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
