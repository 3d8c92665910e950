/** How the pictures of the newest dataset go through its model: made once, whatever portions they come in. */
import { ImageSession, type ImageProgram } from '../../engine/image-program';
import type { MethodCall } from '../../engine/methods/method';
import type { OpenModel } from '../models/open-models';
import {
  explainBestClass,
  explainedInThread,
  explainTogether,
  type ExplainPicture,
} from './explain-picture';
import type { PicturePool } from './picture-pool';
import type { PictureThreads } from './picture-threads';
import { isTooLarge } from './sessions-at-once';

/** Who takes the pictures of a dataset in, and what makes the results of what they have seen. */
export interface PicturesThrough {
  readonly pictures: PicturePool;
  readonly explain: ExplainPicture;
}

interface Prepared {
  readonly model: string;
  readonly key: string;
  /** Of methods that read no other pictures, where a session of it fits into memory. */
  readonly program: ImageProgram | undefined;
  /** Of a GPU, which is not shared out. */
  readonly session: ImageSession | undefined;
}

export class DatasetProgram {
  private newest: Prepared | undefined;

  constructor(private readonly threads: PictureThreads) {}

  /**
   * @param threads 0: ONNX Runtime's own choice
   * @throws EngineError when the method cannot be used at all
   */
  async through(model: OpenModel, call: MethodCall, threads: number): Promise<PicturesThrough> {
    const { explainer } = model;
    const { grid } = explainer.structure;
    const { program, session } = await this.prepared(model, call, threads);
    const { decoders } = this.threads;
    if (session) return { pictures: decoders, explain: explainTogether(session, grid) };
    if (!program) return { pictures: decoders, explain: explainBestClass(explainer, call) };
    const pictures = await this.threads.through(program, threads);
    return { pictures, explain: explainedInThread(grid) };
  }

  /** @param model its key, where only this model's is to be released */
  async release(model?: string): Promise<void> {
    const { newest } = this;
    if (newest === undefined || (model !== undefined && model !== newest.model)) return;
    this.newest = undefined;
    await newest.session?.release();
    if (newest.program) await this.threads.end(newest.program);
  }

  private async prepared(
    { key: model, explainer }: OpenModel,
    call: MethodCall,
    threads: number,
  ): Promise<Prepared> {
    const key = JSON.stringify([model, call.method, call.options]);
    if (this.newest?.key !== key) {
      await this.release();
      const { provider } = explainer;
      const recorded = explainer.imageProgram(call);
      const program = recorded && isTooLarge(recorded.bytes) ? undefined : recorded;
      const session =
        program && provider !== 'cpu'
          ? await ImageSession.open(program, threads, provider)
          : undefined;
      this.newest = { model, key, program, session };
    }
    return this.newest;
  }
}
