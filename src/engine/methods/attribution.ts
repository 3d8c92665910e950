/** What a method's recording has at hand: the walks, and the joints of the model that it taps. */
import { EngineError } from '../engine-error';
import type { HandedOver } from '../backward/handed-over';
import { rulesOf } from '../backward/rule-sets';
import type { RuleSet } from '../backward/rule-sets';
import type { ProductRole } from '../backward/rule';
import { classAxisPlaceholder, Tape } from '../backward/tape';
import { walkBack } from '../backward/walker';
import type { Cotangents, WalkStart } from '../backward/walker';
import type { Graph } from '../onnx/graph';
import type { Block, VitStructure } from '../vit/structure';
import { relevanceStart } from './relevance-start';
import { rolesOf } from './roles';

export class Attribution {
  readonly tape: Tape;
  /** The rule sets of all walks so far. */
  readonly walked = new Set<RuleSet>();
  /** What the explained classes begin with at the logits, `[K, ...shape of the logits]`. */
  readonly seed: string;
  /** What has to add up to the number that the walk begins with, `[K]`; see `Method.promise`. */
  total: string | undefined;
  private readonly roles: ReadonlyMap<string, ProductRole>;
  private explained: string | undefined;
  private relevance: WalkStart | undefined;

  constructor(
    readonly graph: Graph,
    readonly structure: VitStructure,
    handedOver: HandedOver,
  ) {
    this.tape = new Tape(graph, handedOver);
    const { tape } = this;
    const seed = tape.input('seed', [classAxisPlaceholder, structure.classes]);
    this.seed = tape.reshape(seed, [classAxisPlaceholder, ...tape.shape(structure.logits)]);
    this.roles = rolesOf(graph, structure);
  }

  /**
   * Walks back to these forward tensors: from the logits with the explained classes (relevance: from
   * the features behind them, `relevanceStart`), or from any forward tensor with a seed of its own.
   */
  walk(set: RuleSet, to: readonly string[], start = this.startOf(set)): Cotangents {
    this.walked.add(set);
    const { from = this.structure.logits, seed } = start;
    return walkBack(this.tape, { seed, from, to, rules: rulesOf(set), roles: this.roles });
  }

  /** Whether its walks have a meaning for the difference of two classes: see `relevanceStart`. */
  get contrasts(): boolean {
    return !this.walked.has('relevance') || this.startOf('relevance').from !== undefined;
  }

  private startOf(set: RuleSet): WalkStart {
    const { tape, seed, roles } = this;
    if (set !== 'relevance') return { seed };
    this.relevance ??= relevanceStart(tape, { logits: this.structure.logits, seed, roles }) ?? {
      seed,
    };
    return this.relevance;
  }

  /**
   * A cotangent that must be there.
   * @throws EngineError `method-not-applicable` if nothing flows to that tensor
   */
  cotangent(found: Cotangents, name: string): string {
    const cotangent = found.whole(name);
    if (cotangent === undefined) {
      throw new EngineError(
        'method-not-applicable',
        `The model's answer does not depend on “${name}”, so this method has nothing to show there.`,
        'Choose another method.',
      );
    }
    return cotangent;
  }

  /** The image that is explained, `[1, 3, H, W]`; also where gradients are taken at other images. */
  pixels(): string {
    this.explained ??= this.tape.input('pixels', this.tape.shape(this.structure.pixels));
    return this.explained;
  }

  /** The blocks from a start layer on. @throws EngineError `method-not-applicable` if there is none. */
  blocksFrom({ startLayer = 0 }: { readonly startLayer?: number }): readonly Block[] {
    const { blocks } = this.structure;
    if (!Number.isInteger(startLayer) || startLayer < 0 || startLayer >= blocks.length) {
      throw new EngineError(
        'method-not-applicable',
        `The start layer ${startLayer} is not a block of this model, which has ${blocks.length}.`,
        `Choose a start layer from 0 to ${blocks.length - 1}.`,
      );
    }
    return blocks.slice(startLayer);
  }

  block(index: number): Block {
    const block = this.structure.blocks.at(index);
    if (!block) {
      throw new EngineError(
        'method-not-applicable',
        `The model has no block ${index}.`,
        'Choose another method.',
      );
    }
    return block;
  }
}
