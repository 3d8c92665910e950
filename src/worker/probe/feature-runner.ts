/** A session of a backbone: pictures in, features out. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeGraph } from '../../engine/onnx/encode-graph';
import { weightsOption } from '../../engine/onnx/stored-weights';
import { Failure } from '../../shared/failure';
import type { OpenBackbone } from './open-backbone';

export class FeatureRunner {
  private constructor(
    private readonly session: InferenceSession,
    private readonly pixels: string,
    private readonly dims: readonly number[],
    private readonly output: string,
  ) {}

  static async open(
    { backbone, weightsFolder }: OpenBackbone,
    threads: number,
  ): Promise<FeatureRunner> {
    const { graph, features } = backbone;
    const [input] = graph.inputs;
    const session = await InferenceSession.create(encodeGraph(graph, 'beside'), {
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
      ...weightsOption(weightsFolder),
    });
    return new FeatureRunner(session, input?.name ?? '', input?.dims ?? [], features);
  }

  /** @param pixels `[1, 3, H, W]`; @returns `[1, dim]` */
  async features(pixels: Float32Array): Promise<Float32Array> {
    const result = await this.session.run({
      [this.pixels]: new Tensor('float32', pixels, [...this.dims]),
    });
    const data = result[this.output]?.data;
    if (!(data instanceof Float32Array)) {
      throw new Failure(
        'internal',
        'The backbone gave no features.',
        'Please report this: it is a mistake in ViT Explainer.',
      );
    }
    return data.slice();
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
