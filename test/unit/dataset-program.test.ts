/** What a dataset needs to go through its model is made once, whatever portions it comes in. */
import os from 'node:os';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Explainer } from '../../src/engine/explainer';
import { ImageSession, type ImageProgram } from '../../src/engine/image-program';
import { DatasetProgram } from '../../src/service/batch/dataset-program';
import { PictureThreads } from '../../src/service/batch/picture-threads';
import type { OpenModel } from '../../src/service/models/open-models';

const program: ImageProgram = {
  model: Uint8Array.of(1, 2, 3),
  weightsFolder: undefined,
  bytes: 3,
  input: 'pixels',
  inputDims: [1, 3, 2, 2],
  outputs: ['logits', 'map'],
};
const rollout = { method: 'attention_rollout', options: {} };
const release = vi.fn(() => Promise.resolve());
const opened = vi.spyOn(ImageSession, 'open');

beforeEach(() => {
  release.mockClear();
  opened.mockReset().mockImplementation(() => {
    const session: Pick<ImageSession, 'run' | 'release'> = {
      run: () => Promise.resolve([]),
      release,
    };
    return Promise.resolve(session as ImageSession);
  });
});

/** A model that counts how often its program is recorded. */
function model(key: string, provider: Explainer['provider']) {
  const imageProgram = vi.fn(() => ({ ...program, model: Buffer.from(key) }));
  const explainer = { provider, structure: { grid: [2, 2] }, imageProgram };
  const open: OpenModel = {
    key,
    explainer: explainer as unknown as Explainer,
    sha256: key,
    assumed: [],
    notices: [],
  };
  return { open, imageProgram };
}

it('on a GPU: one session for all portions of a dataset', async () => {
  const dataset = new DatasetProgram(new PictureThreads());
  const { open, imageProgram } = model('a', 'webgpu');
  for (let portion = 0; portion < 5; portion++) await dataset.through({ ...open }, rollout, 1);
  expect(imageProgram).toHaveBeenCalledTimes(1);
  expect(opened).toHaveBeenCalledTimes(1);
  expect(release).not.toHaveBeenCalled();
});

it('on the CPU: one program, and the same threads', async () => {
  const dataset = new DatasetProgram(new PictureThreads());
  const { open, imageProgram } = model('a', 'cpu');
  const pools = new Set<unknown>();
  for (let portion = 0; portion < 5; portion++)
    pools.add((await dataset.through({ ...open }, rollout, 2)).pictures);
  expect(imageProgram).toHaveBeenCalledTimes(1);
  expect(opened).not.toHaveBeenCalled();
  expect(pools.size).toBe(1);
});

it('another method, option or model takes its place, and releases what was before', async () => {
  const dataset = new DatasetProgram(new PictureThreads());
  const { open, imageProgram } = model('a', 'webgpu');
  await dataset.through(open, rollout, 1);
  await dataset.through(open, { ...rollout, options: { startLayer: 1 } }, 1);
  await dataset.through(open, { ...rollout, method: 'attention' }, 1);
  await dataset.through(model('b', 'webgpu').open, { ...rollout, method: 'attention' }, 1);
  expect(imageProgram).toHaveBeenCalledTimes(3);
  expect(opened).toHaveBeenCalledTimes(4);
  expect(release).toHaveBeenCalledTimes(3);
});

it('goes with its model, and with no other', async () => {
  const dataset = new DatasetProgram(new PictureThreads());
  const { open } = model('a', 'webgpu');
  await dataset.through(open, rollout, 1);
  await dataset.release('b');
  expect(release).not.toHaveBeenCalled();
  await dataset.release('a');
  expect(release).toHaveBeenCalledTimes(1);
  await dataset.through(open, rollout, 1);
  expect(opened).toHaveBeenCalledTimes(2);
});

it('threads are made anew where those of the program have ended', async () => {
  const threads = new PictureThreads();
  const dataset = new DatasetProgram(threads);
  const { open, imageProgram } = model('a', 'cpu');
  const before = await dataset.through(open, rollout, 1);
  await threads.through({ ...program, model: Uint8Array.of(9) }, 1);
  const after = await dataset.through(open, rollout, 1);
  expect(after.pictures).not.toBe(before.pictures);
  expect(imageProgram).toHaveBeenCalledTimes(1);
});

it('on the CPU: a model whose session would not fit runs in this thread, picture by picture', async () => {
  const threads = new PictureThreads();
  const dataset = new DatasetProgram(threads);
  const { open, imageProgram } = model('a', 'cpu');
  imageProgram.mockReturnValue({ ...program, model: Buffer.of(1), bytes: os.totalmem() });
  expect((await dataset.through(open, rollout, 1)).pictures).toBe(threads.decoders);
});
