/** The facade's promises beside the numbers: providers, errors, order, memory of earlier images. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ForwardRun } from '../../src/engine/backward/forward-run';
import { EngineError } from '../../src/engine/engine-error';
import type { Explainer } from '../../src/engine/explainer';
import { openExplainer } from '../../src/engine/open-explainer';
import type { EngineOptions } from '../../src/engine/open-explainer';
import { measureStability } from '../../src/engine/measure/stability';
import { methods } from '../../src/engine/methods/catalogue';
import { buildVit, picture } from '../fixtures/build-vit';
import { relativeError } from '../golden-figures';

let folder = '';
let file = '';
const dims = buildVit({}).inputDims;
const pixels = picture(dims);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-facade-'));
  file = path.join(folder, 'vit.onnx');
  await writeFile(file, buildVit({}).bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function opened(
  work: (explainer: Explainer) => Promise<void>,
  more: Partial<EngineOptions> = {},
): Promise<void> {
  const options = { threads: 1, provider: 'cpu', cacheFolder: undefined, ...more } as const;
  const explainer = await openExplainer(file, options);
  try {
    await work(explainer);
  } finally {
    await explainer.release();
  }
}

describe('openExplainer', () => {
  it('computes on the CPU, and says so, where the asked-for provider is not part of ONNX Runtime', async () => {
    const absent = process.platform === 'darwin' ? 'cuda' : 'coreml';
    await opened(
      async (explainer) => {
        expect(explainer.provider).toBe('cpu');
        expect(explainer.notices.join()).toMatch(/not part of this ONNX Runtime.*CPU/);
        expect((await explainer.classify(pixels)).logits.length).toBe(5);
      },
      { provider: absent },
    );
  });

  it('takes the CPU under auto unless a GPU agrees and is faster', async () => {
    let onCpu = new Float32Array();
    await opened(async (explainer) => {
      onCpu = Float32Array.from((await explainer.classify(pixels)).logits);
    });
    await opened(
      async (explainer) => {
        const { logits } = await explainer.classify(pixels);
        expect(relativeError(logits, onCpu)).toBeLessThan(1e-3);
        expect(explainer.notices).toEqual([]);
      },
      { provider: 'auto' },
    );
  });

  it('leaves no temporary folder behind', async () => {
    // A temporary folder of its own: other programs come and go in the common one.
    const own = path.join(folder, 'temporary');
    await mkdir(own);
    vi.stubEnv('TMPDIR', own);
    try {
      await opened(async () => {
        expect(await readdir(own)).not.toEqual([]);
      });
      expect(await readdir(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('opens a second time from its cache with the same maps', async () => {
    const cacheFolder = path.join(folder, 'cache');
    const maps: Float32Array[] = [];
    for (let i = 0; i < 2; i++) {
      await opened(
        async (explainer) => {
          const classified = await explainer.classify(pixels);
          const made = await explainer.explain(classified, 'transformer_attribution', {}, [1]);
          maps.push(Float32Array.from(made.maps));
        },
        { cacheFolder },
      );
    }
    expect(maps[1]).toEqual(maps[0]);
  });
});

describe('Explainer', () => {
  it('refuses an unknown class, method or start layer with a next step', async () => {
    await opened(async (explainer) => {
      const classified = await explainer.classify(pixels);
      const tries = [
        explainer.explain(classified, 'gae', {}, [5]),
        explainer.explain(classified, 'tea_leaves', {}, [0]),
        explainer.explain(classified, 'gae', { startLayer: 2 }, [0]),
        explainer.explain(classified, 'attention_rollout', { discardRatio: 1 }, [0]),
      ];
      for (const attempt of await Promise.allSettled(tries)) {
        expect(attempt.status).toBe('rejected');
        const reason: unknown = attempt.status === 'rejected' ? attempt.reason : undefined;
        expect(reason).toBeInstanceOf(EngineError);
        expect((reason as EngineError).nextStep).toMatch(/^Choose /);
      }
    });
  });

  it.each([
    [1, 'in float32', ['gae', 'libra_fullgrad', 'gradcam']],
    [1, 'in float64', ['transformer_attribution', 'full']],
    [2, 'in both', ['gae', 'libra_fullgrad', 'transformer_attribution', 'gradcam']],
  ])('runs the model %i time(s) for the methods that it is told of: %s', async (times, _, ids) => {
    const runs = vi.spyOn(ForwardRun.prototype, 'run');
    await opened(async (explainer) => {
      const calls = ids.map((method) => ({ method, options: {} }));
      const classified = await explainer.classify(pixels, ...calls);
      for (const { method } of calls) await explainer.explain(classified, method, {}, [2]);
    });
    expect(runs).toHaveBeenCalledTimes(times);
    runs.mockRestore();
  });

  it('explains an earlier image again, and overlapping calls, as if alone', async () => {
    await opened(async (explainer) => {
      const other = picture(dims, 8);
      const [first, second] = await Promise.all([
        explainer.classify(pixels, { method: 'gae', options: {} }),
        explainer.classify(other),
      ]);
      const explain = (which: typeof first, method: string) =>
        explainer.explain(which, method, {}, [2]);
      const together = await Promise.all([
        explain(first, 'gae'),
        explain(second, 'transformer_attribution'),
        explain(first, 'transformer_attribution'),
        explain(second, 'gae'),
      ]);
      await opened(async (fresh) => {
        const plan = [
          [pixels, 'gae'],
          [other, 'transformer_attribution'],
          [pixels, 'transformer_attribution'],
          [other, 'gae'],
        ] as const;
        for (const [i, [image, method]] of plan.entries()) {
          const alone = await fresh.explain(await fresh.classify(image), method, {}, [2]);
          expect(relativeError(together[i]?.maps ?? [], alone.maps)).toBeLessThan(1e-6);
        }
      });
    });
  });

  it('tells how stable a map is', async () => {
    await opened(async (explainer) => {
      const classified = await explainer.classify(pixels);
      const call = { method: 'gae', options: {} };
      const relativeChange = await measureStability(explainer, classified, call, 0);
      expect(relativeChange).toBeGreaterThan(0);
      expect(relativeChange).toBeLessThan(1e-3);
    });
  });

  it('lists every method with a reason where it cannot run', async () => {
    await opened(async (explainer) => {
      const list = explainer.availability();
      expect(list.map(({ id }) => id)).toEqual(methods.map(({ info }) => info.id));
      expect(list.every(({ reason }) => reason === undefined)).toBe(true);
      await Promise.resolve();
    });
    await writeFile(file, buildVit({ norm: 'post', readout: 'mean' }).bytes);
    await opened(async (explainer) => {
      const reasons = new Map(explainer.availability().map(({ id, reason }) => [id, reason]));
      expect(reasons.get('gradcam')).toMatch(/post-norm/);
      expect(reasons.get('gradcam_attention')).toMatch(/not one token/);
      const classified = await explainer.classify(pixels);
      await expect(explainer.explain(classified, 'gradcam', {}, [0])).rejects.toThrow(/post-norm/);
    });
  });
});
