/** What the model says of one picture under masks; each mask is asked for once. */
import type { Removal } from '../../shared/faithfulness';
import type { Classified, Explainer } from '../explainer';
import { patchesAway, type PatchMask } from '../masking/patch-mask';

export class MaskedAnswers {
  /** By mask. */
  private readonly known = new Map<string, Float32Array>();
  /** Forward runs so far. */
  runs = 0;

  constructor(
    private readonly classified: Classified,
    readonly removal: Removal,
  ) {}

  /** What the answers take, in bytes. */
  get bytes(): number {
    return this.known.size * this.classified.logits.byteLength;
  }

  /**
   * Asks for all masks that are not known, together.
   * @param onProgress told of the forward runs made of those that it takes
   * @throws EngineError as `Explainer.classifyWithout` does
   */
  async prepare(
    explainer: Pick<Explainer, 'classifyWithout'>,
    masks: readonly PatchMask[],
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<void> {
    const missing = new Map<string, PatchMask>();
    for (const mask of masks) {
      const key = keyOf(mask);
      if (patchesAway(mask) > 0 && !this.known.has(key)) missing.set(key, mask);
    }
    const total = missing.size;
    if (total === 0) return;
    const answers = await explainer.classifyWithout(
      this.classified,
      this.removal,
      [...missing.values()],
      (done) => {
        onProgress(done, total);
      },
    );
    for (const [i, key] of [...missing.keys()].entries())
      this.known.set(key, answers[i] ?? new Float32Array());
    this.runs += total;
  }

  /** The logits of a mask that was prepared, `[classes]`. */
  logits(mask: PatchMask): Float32Array {
    if (patchesAway(mask) === 0) return this.classified.logits;
    const logits = this.known.get(keyOf(mask));
    if (!logits) throw new Error('this mask was not prepared');
    return logits;
  }
}

function keyOf(mask: PatchMask): string {
  return Buffer.from(mask).toString('latin1');
}
