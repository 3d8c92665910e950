/** The configuration beside a checkpoint (Hugging Face, timm, OpenCLIP): facts that weights alone don't tell. */
import path from 'node:path';
import { EngineError } from '../../engine-error';
import { isRecord } from '../../../shared/is-record';
import { parseJson } from '../../../shared/parse-json';
import { largest, NotRead, readRegularText } from '../../files/regular-file';

/** In the order in which they are looked for. */
const fileNames = ['config.json', 'open_clip_config.json'];

/** A parsed config; any field may be missing or of another kind than expected. */
export class ModelConfig {
  /** Fields that were asked for, and hold something else than what was asked for. */
  private readonly odd = new Map<string, string>();

  constructor(
    private readonly root: Readonly<Record<string, unknown>>,
    /** The file it was read from, or that there is none; for messages. */
    readonly origin: string,
  ) {}

  /** A number under any of these names, in the vision part of a two-tower config first. */
  number(...names: readonly string[]): number | undefined {
    return this.find(names, numberOf);
  }

  text(...names: readonly string[]): string | undefined {
    return this.find(names, (value) => (typeof value === 'string' ? value : undefined));
  }

  flag(...names: readonly string[]): boolean | undefined {
    return this.find(names, (value) => (typeof value === 'boolean' ? value : undefined));
  }

  /** Height and width in pixels under any of these names: a side length, `[height, width]`, `[3, height, width]` or an object of both. */
  size(...names: readonly string[]): readonly [number, number] | undefined {
    return this.find(names, sizeOf);
  }

  /** `model_type` of the whole file, e.g. `clip` where the vision part says `clip_vision_model`. */
  get modelType(): string | undefined {
    const type = this.root.model_type;
    return typeof type === 'string' ? type : undefined;
  }

  /** Whether it names a published class or architecture, whose defaults then hold for what it leaves out. */
  get describesFamily(): boolean {
    return this.isOpenClip || this.modelType !== undefined || this.timmName !== undefined;
  }

  /** The name that timm knows the model by. */
  get timmName(): string | undefined {
    return this.text('architecture', 'timm_model_name');
  }

  /** Whether OpenCLIP wrote it. */
  get isOpenClip(): boolean {
    return isRecord(this.root.model_cfg) && this.timmName === undefined;
  }

  /**
   * What the file states under these names without being understood, as a clause; undefined where
   * it states nothing or is understood.
   */
  misread(...names: readonly string[]): string | undefined {
    const odd = names.find((name) => this.odd.has(name));
    return odd && `“"${odd}": ${this.odd.get(odd) ?? ''}” in ${this.origin} is not understood`;
  }

  private find<T>(
    names: readonly string[],
    read: (value: unknown) => T | undefined,
  ): T | undefined {
    const { model_cfg: openClip } = this.root;
    const places = [
      this.root.vision_config,
      this.root.model_args,
      isRecord(openClip) ? openClip.vision_cfg : undefined,
      openClip,
      this.root,
      this.root.pretrained_cfg,
    ].filter(isRecord);
    for (const place of places) {
      for (const name of names) {
        const stated = place[name];
        const value = read(stated);
        if (value !== undefined) return value;
        // Of arguments for Python, null is as good as left out.
        if (stated !== undefined && stated !== null) this.odd.set(name, inShort(stated));
      }
    }
    return undefined;
  }
}

/**
 * The configuration in the checkpoint's folder, and its text for cache keys.
 * @throws EngineError `model-unreadable` if it is there but can't be read
 */
export async function readModelConfig(
  checkpointPath: string,
): Promise<{ config: ModelConfig; text: string }> {
  const file = await configFile(path.dirname(checkpointPath));
  if (file === undefined)
    return { config: new ModelConfig({}, 'There is no config.json beside it'), text: '' };
  const { name, text } = file;
  const at = path.join(path.dirname(checkpointPath), name);
  try {
    const parsed: unknown = parseJson(text);
    if (isRecord(parsed)) return { config: new ModelConfig(parsed, name), text };
  } catch (cause) {
    throw unreadable(at, cause);
  }
  throw unreadable(at, undefined);
}

/**
 * The configuration that a folder's checkpoints are read with, as it is.
 * @throws EngineError `model-unreadable` if it is there but can't be read
 */
export async function configFile(
  folder: string,
): Promise<{ readonly name: string; readonly text: string } | undefined> {
  for (const name of fileNames) {
    const text = await textOf(path.join(folder, name));
    if (text !== undefined) return { name, text };
  }
  return undefined;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readRegularText(file, largest.besideModel);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw unreadable(file, cause);
  }
}

/** Numbers that were written as text are numbers all the same. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function inShort(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function sizeOf(value: unknown): readonly [number, number] | undefined {
  const side = numberOf(value);
  if (side !== undefined) return sizeOf([side, side]);
  if (isRecord(value)) return sizeOf([value.height, value.width]);
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return undefined;
  const [height, width] = (value as unknown[]).slice(-2).map(numberOf);
  const isSide = (one: number | undefined): one is number =>
    Number.isSafeInteger(one) && Number(one) > 0;
  return isSide(height) && isSide(width) ? [height, width] : undefined;
}

function unreadable(file: string, cause: unknown): EngineError {
  const why = cause instanceof NotRead ? `: ${cause.message}` : ' as JSON';
  return new EngineError(
    'model-unreadable',
    `The ${path.basename(file)} in “${path.basename(path.dirname(file))}” can't be read${why}.`,
    'Correct it, or take it away if it does not belong to the model.',
    { cause },
  );
}
