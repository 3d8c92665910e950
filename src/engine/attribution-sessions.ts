/** What a model's attribution methods record, and the sessions that run it. */
import type { InferenceSession } from 'onnxruntime-node';
import type { MethodOptions } from '../shared/explanation';
import type { Provider } from '../shared/provider';
import { attributionModel } from './backward/attribution-model';
import type { AttributionModel } from './backward/attribution-model';
import type { HandedOver } from './backward/handed-over';
import type { Precision } from './onnx/double-precision';
import { modelBytes } from './onnx/model-parts';
import { openSession } from './onnx/open-session';
import type { RuleSet } from './backward/rule-sets';
import { sessionOptions, type Memory } from './backward/session-options';
import { EngineError } from './engine-error';
import { Attribution } from './methods/attribution';
import type { Method } from './methods/method';
import type { Graph } from './onnx/graph';
import { storedFolder } from './onnx/stored-weights';
import type { VitStructure } from './vit/structure';

export interface AttributionSession {
  readonly model: AttributionModel;
  readonly session: InferenceSession;
}

/** The attribution graph of a method, and the rules that it walks by. */
export interface Recording {
  readonly model: AttributionModel;
  readonly walked: ReadonlySet<RuleSet>;
  /** See `Attribution.contrasts`. */
  readonly contrasts: boolean;
}

export class AttributionSessions {
  /** Sessions kept at once; each holds copies of the weights, packed for its products. */
  kept = 2;

  /** The least recently used first. */
  private readonly opened = new Map<string, AttributionSession>();
  private readonly recordings = new Map<string, Recording>();

  constructor(
    private readonly graph: Graph,
    private readonly structure: VitStructure,
    private readonly run: {
      /** The finest of the forward runs. */
      readonly precision: Precision;
      /** By the forward run in float32. */
      readonly handedOver: HandedOver;
      readonly memory: Memory;
      readonly threads: number;
      readonly provider: Provider;
    },
  ) {}

  /** What a method's map is walked over: float64 costs a forward run or two more. */
  precisionOf({ magnifiesRounding = false }: Method): Precision {
    return magnifiesRounding ? this.run.precision : 'single';
  }

  /** Why a method cannot run on this model; undefined where it can. */
  unavailable(method: Method): string | undefined {
    const reason = method.unavailable?.(this.structure);
    if (reason !== undefined) return reason;
    try {
      method.record(new Attribution(this.graph, this.structure, this.handedOverTo(method)), {});
      return undefined;
    } catch (error) {
      if (error instanceof EngineError) return error.message;
      throw error;
    }
  }

  /** @throws EngineError `method-not-applicable`, `model-unknown-op` */
  recorded(method: Method, options: MethodOptions): Recording {
    const reason = method.unavailable?.(this.structure);
    if (reason !== undefined) {
      throw new EngineError(
        'method-not-applicable',
        `${method.info.name} cannot run on this model: ${reason}`,
        'Choose another method.',
      );
    }
    const key = keyOf(method, options);
    const known = this.recordings.get(key);
    if (known) return known;
    const attribution = new Attribution(this.graph, this.structure, this.handedOverTo(method));
    const map = method.record(attribution, options);
    const { memory } = this.run;
    const model = attributionModel(attribution.tape, map, attribution.total, memory);
    const { walked, contrasts } = attribution;
    const recording = { model, walked, contrasts };
    this.recordings.set(key, recording);
    return recording;
  }

  /** @throws EngineError `method-not-applicable`, `model-unknown-op` */
  async open(method: Method, options: MethodOptions): Promise<AttributionSession> {
    const { model } = this.recorded(method, options);
    const key = keyOf(method, options);
    const known = this.opened.get(key);
    if (known) {
      this.opened.delete(key);
      this.opened.set(key, known);
      return known;
    }
    for (const [oldest, { session }] of this.opened) {
      if (this.opened.size < this.kept) break;
      this.opened.delete(oldest);
      await session.release();
    }
    const { threads, provider, memory } = this.run;
    const session = await openSession(
      modelBytes(model.parts),
      sessionOptions(threads, provider, storedFolder(this.graph), memory),
    );
    const opened = { model, session };
    this.opened.set(key, opened);
    return opened;
  }

  private handedOverTo(method: Method): HandedOver {
    return this.precisionOf(method) === 'double' ? 'all' : this.run.handedOver;
  }

  async release(): Promise<void> {
    for (const { session } of this.opened.values()) await session.release();
    this.opened.clear();
  }
}

function keyOf(method: Method, options: MethodOptions): string {
  return JSON.stringify([method.info.id, options]);
}
