/** Where a model runs: the CPU, or a GPU that ONNX Runtime finds and that agrees with the CPU. */
import type { InferenceSession } from 'onnxruntime-node';
import { listSupportedBackends, Tensor } from 'onnxruntime-node';
import type { Provider } from '../../shared/provider';
import { sizeOf } from '../onnx/tensor-bytes';
import { relativeDifference } from '../relative-difference';

/** Relative difference of logits up to which a GPU counts as agreeing with the CPU. */
const agreement = 1e-3;

const words: Readonly<Record<Provider, string>> = {
  cpu: 'the CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
};

/** A forward session and where it runs. */
export interface Placed {
  /**
   * On the CPU opened when it is asked for, and again when it was closed: a dataset goes through
   * sessions of its own.
   */
  readonly open: () => Promise<InferenceSession>;
  readonly provider: Provider;
  /** What the person should know, if it is not what was asked for. */
  readonly notice: string | undefined;
}

/** How a forward session is made on a provider. */
export type OpenForward = (provider: Provider) => Promise<InferenceSession>;

/** The image input and the logits of the model, for the self-test. */
export interface TestPorts {
  readonly pixels: string;
  readonly dims: readonly number[];
  readonly logits: string;
}

/**
 * A forward session on the requested provider, or on the CPU with a notice where that fails. `auto`
 * takes a GPU only if it gives the same logits as the CPU, sooner.
 */
export async function place(
  requested: Provider | 'auto',
  open: OpenForward,
  ports: TestPorts,
): Promise<Placed> {
  if (requested === 'cpu') return { open: () => open('cpu'), provider: 'cpu', notice: undefined };
  if (requested === 'auto') return automatic(open, ports);
  if (!available().includes(requested)) {
    return {
      open: () => open('cpu'),
      provider: 'cpu',
      notice: `${words[requested]} is not part of this ONNX Runtime for ${process.platform}, so the CPU computes instead.`,
    };
  }
  try {
    const session = await open(requested);
    return { open: () => Promise.resolve(session), provider: requested, notice: undefined };
  } catch (error) {
    const reason = brief(error);
    return {
      open: () => open('cpu'),
      provider: 'cpu',
      notice: `${words[requested]} could not be started (${reason}), so the CPU computes instead.`,
    };
  }
}

async function automatic(open: OpenForward, ports: TestPorts): Promise<Placed> {
  const cpu = await open('cpu');
  let opened: InferenceSession | undefined = cpu;
  const once = () => {
    const session = opened ? Promise.resolve(opened) : open('cpu');
    opened = undefined;
    return session;
  };
  const onCpu: Placed = { open: once, provider: 'cpu', notice: undefined };
  const [candidate] = available().filter((provider) => provider !== 'cpu');
  if (candidate === undefined) return onCpu;
  let gpu: InferenceSession | undefined;
  try {
    gpu = await open(candidate);
    const [mine, theirs] = [await tried(cpu, ports), await tried(gpu, ports)];
    if (
      theirs.milliseconds < mine.milliseconds &&
      relativeDifference(theirs.logits, mine.logits) < agreement
    ) {
      await cpu.release();
      const session = gpu;
      return { open: () => Promise.resolve(session), provider: candidate, notice: undefined };
    }
    await gpu.release();
  } catch {
    // No adapter, or a lost one: the CPU needs no notice, nobody asked for this GPU by name.
    await gpu?.release();
  }
  return onCpu;
}

function available(): Provider[] {
  const names = listSupportedBackends().map(({ name }) => name);
  return (Object.keys(words) as Provider[]).filter((provider) => names.includes(provider));
}

/** Logits of a fixed picture, and how long the second run took. */
async function tried(session: InferenceSession, { pixels, dims, logits }: TestPorts) {
  const values = Float32Array.from({ length: sizeOf(dims) }, (_, i) => Math.sin(i / 97));
  const feeds = { [pixels]: new Tensor('float32', values, [...dims]) };
  await session.run(feeds, [logits]);
  const start = performance.now();
  const result = await session.run(feeds, [logits]);
  return {
    milliseconds: performance.now() - start,
    logits: result[logits]?.data as Float32Array,
  };
}

function brief(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 160);
}
