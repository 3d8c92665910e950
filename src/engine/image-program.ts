/**
 * A graph from one image to a few tensors, as plain data: any thread can open it. Where many images
 * go through a model, every thread has a session of its own.
 */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { openSession } from './onnx/open-session';
import type { Provider } from '../shared/provider';
import { sessionOptions } from './backward/session-options';
import { answerNotFinite, notFiniteAmong } from './not-finite';

export interface ImageProgram {
  /** An ONNX model of opset 20. */
  readonly model: Uint8Array;
  /** The folder that its large weights lie in; undefined if all are in the model. */
  readonly weightsFolder: string | undefined;
  /** What a session of it takes, in bytes, about. */
  readonly bytes: number;
  /** The image input, `[1, 3, H, W]` in float32, preprocessed. */
  readonly input: string;
  readonly inputDims: readonly number[];
  /** float32 tensors. */
  readonly outputs: readonly string[];
}

/** A tensor of float32 values, free of native memory. */
export interface Values {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

/** A session of a program. */
export class ImageSession {
  private constructor(
    private readonly program: ImageProgram,
    private readonly session: InferenceSession,
  ) {}

  /** @param threads 0: ONNX Runtime's own choice */
  static async open(
    program: ImageProgram,
    threads: number,
    provider: Provider = 'cpu',
  ): Promise<ImageSession> {
    const options = sessionOptions(threads, provider, program.weightsFolder);
    return new ImageSession(program, await openSession(program.model, options));
  }

  /**
   * @param pixels `[1, 3, H, W]`
   * @returns the outputs in the program's order
   * @throws EngineError `not-finite`
   */
  async run(pixels: Float32Array): Promise<readonly Values[]> {
    const { input, inputDims, outputs } = this.program;
    const result = await this.session.run({ [input]: new Tensor('float32', pixels, inputDims) });
    return outputs.map((name) => {
      const tensor = result[name];
      if (!(tensor?.data instanceof Float32Array))
        throw new Error(`the session returned no “${name}”`);
      const kind = notFiniteAmong(tensor.data);
      if (kind !== undefined) throw answerNotFinite(kind);
      return { data: Float32Array.from(tensor.data), dims: tensor.dims };
    });
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
