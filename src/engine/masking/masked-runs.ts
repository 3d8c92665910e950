/** What the model says of a picture while some of its patches are away. */
import type { Removal } from '../../shared/faithfulness';
import type { ForwardRun } from '../backward/forward-run';
import { EngineError } from '../engine-error';
import type { Graph } from '../onnx/graph';
import { GraphView } from '../onnx/graph-view';
import { operatorOf } from '../ops/catalogue';
import type { VitStructure } from '../vit/structure';
import { patchesAreLocal } from './local-patches';
import { maskedModel } from './masked-model';
import { MaskedSession, type MaskedRun } from './masked-session';
import { maskedPixels, patchesAway, type PatchMask } from './patch-mask';
import { replacementPicture } from './replacement';
import { withOthers, withoutRows } from './stream-rows';

/** How the masked pictures of a model are run. */
interface Plan {
  /** From the tokens at the first block on; undefined where only whole pictures can be run. */
  readonly session: MaskedSession | undefined;
  /** Whether other pixels in a patch change its token alone. */
  readonly isLocal: boolean;
  /** Why no token can be left out. */
  readonly bound: string | undefined;
}

export class MaskedRuns {
  private known: Plan | undefined;
  /** The tokens of the latest picture. */
  private latest: { readonly pixels: Float32Array; readonly stream: Float32Array } | undefined;
  private readonly entering: string;

  constructor(
    private readonly graph: Graph,
    private readonly structure: VitStructure,
    private readonly forward: ForwardRun,
    private readonly run: MaskedRun,
  ) {
    this.entering = enteringTensor(graph, structure);
  }

  /** Why patches cannot be taken away like this; undefined where they can. */
  unavailable(removal: Removal): string | undefined {
    return removal === 'tokens' ? this.plan().bound : undefined;
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
    const { session, isLocal, bound } = this.plan();
    if (removal === 'tokens') {
      if (!session || bound !== undefined) throw cannotLeaveOut(bound);
      const stream = await this.streamOf(pixels);
      const left = masks.map((mask) => ({
        count: this.structure.tokens - patchesAway(mask),
        make: () => withoutRows(stream, mask, this.structure),
      }));
      return session.logits(left, onDone);
    }
    const replacement = replacementPicture(removal, pixels, this.structure);
    if (session && isLocal) {
      const stream = await this.streamOf(pixels);
      const others = await this.forward.only(replacement, this.entering);
      const mixed = masks.map((mask) => ({
        count: this.structure.tokens,
        make: () => withOthers(stream, others, mask, this.structure),
      }));
      return session.logits(mixed, onDone);
    }
    const answers: Float32Array[] = [];
    const { inputSize, grid } = this.structure;
    for (const mask of masks) {
      const masked = maskedPixels(pixels, replacement, mask, inputSize, grid);
      answers.push(await this.forward.only(masked));
      onDone(answers.length);
    }
    return answers;
  }

  /** Rough memory of what is open, in bytes. */
  get bytes(): number {
    return this.known?.session?.bytes ?? 0;
  }

  async release(): Promise<void> {
    this.latest = undefined;
    await this.known?.session?.release();
  }

  private plan(): Plan {
    if (this.known) return this.known;
    const { graph, structure, run } = this;
    const model = maskedModel(graph, structure);
    this.known = {
      session: model && new MaskedSession(model, graph, structure, run),
      isLocal: patchesAreLocal(new GraphView(graph), structure),
      bound: model ? model.bound : 'its blocks cannot be run apart from the rest.',
    };
    return this.known;
  }

  /** What enters the first block. */
  private async streamOf(pixels: Float32Array): Promise<Float32Array> {
    if (this.latest?.pixels !== pixels)
      this.latest = { pixels, stream: await this.forward.only(pixels, this.entering) };
    return this.latest.stream;
  }
}

/** What the forward run has to hand over: what enters the first block, or what that is a view of. */
export function enteringTensor(graph: Graph, { blocks }: VitStructure): string {
  const behind = (name: string): string => {
    const node = graph.nodes.find(({ outputs }) => outputs.includes(name));
    return node && operatorOf(node.op).kind === 'view' ? behind(node.inputs[0] ?? '') : name;
  };
  return behind(blocks[0]?.input ?? '');
}

function cannotLeaveOut(why = ''): EngineError {
  return new EngineError(
    'removal-not-applicable',
    `Patches cannot be left out of this model: ${why}`,
    'Put a colour in their place: “grey”, “mean” or “blur”.',
  );
}
