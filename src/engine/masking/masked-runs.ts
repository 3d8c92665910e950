/** What the model says of a picture while some of its patches are away. */
import type { Removal } from '../../shared/faithfulness';
import type { ForwardRun } from '../backward/forward-run';
import { EngineError } from '../engine-error';
import type { VitStructure } from '../vit/structure';
import { maskedPixels, type PatchMask } from './patch-mask';
import { replacementPicture, type Replacement } from './replacement';

export class MaskedRuns {
  constructor(
    private readonly structure: VitStructure,
    private readonly forward: ForwardRun,
  ) {}

  /** Why patches cannot be taken away like this; undefined where they can. */
  unavailable(removal: Removal): string | undefined {
    return removal === 'tokens' ? 'Its tokens cannot be left out.' : undefined;
  }

  /**
   * @param pixels `[1, 3, H, W]`
   * @param onDone told of how many masks are done
   * @returns the logits of each mask, `[classes]`
   * @throws EngineError `removal-not-applicable`
   */
  async logits(
    pixels: Float32Array,
    removal: Removal,
    masks: readonly PatchMask[],
    onDone: (done: number) => void = () => undefined,
  ): Promise<Float32Array[]> {
    const reason = this.unavailable(removal);
    if (removal === 'tokens' || reason !== undefined) {
      throw new EngineError(
        'removal-not-applicable',
        `Patches of this model cannot be taken away as “${removal}”: ${reason ?? ''}`,
        'Choose another way of taking patches away, e.g. “mean”.',
      );
    }
    return this.onePixelRunEach(pixels, removal, masks, onDone);
  }

  private async onePixelRunEach(
    pixels: Float32Array,
    removal: Replacement,
    masks: readonly PatchMask[],
    onDone: (done: number) => void,
  ): Promise<Float32Array[]> {
    const { inputSize, grid } = this.structure;
    const replacement = replacementPicture(removal, pixels, this.structure);
    const answers: Float32Array[] = [];
    for (const mask of masks) {
      const masked = maskedPixels(pixels, replacement, mask, inputSize, grid);
      answers.push(await this.forward.answer(masked));
      onDone(answers.length);
    }
    return answers;
  }
}
