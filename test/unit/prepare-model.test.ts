/** A model that is chosen before a picture is opened meanwhile, and nothing else comes of it. */
import { expect, it, vi } from 'vitest';
import { prepareModel } from '../../src/extension/models/prepare-model';
import { catalog } from '../../src/store/catalog';

vi.mock('vscode', () => ({}));

function services(resolve: () => Promise<unknown>) {
  const calls: unknown[] = [];
  const worker = { call: (...call: readonly unknown[]) => Promise.resolve(calls.push(call)) };
  const models = { folders: { downloads: '/nowhere' }, resolve: vi.fn(resolve) };
  const log = { debug: vi.fn() };
  return { calls, models, log, all: { worker, models, log } as never };
}

it('is opened by the worker', async () => {
  const model = { id: 'file:/m.onnx' };
  const { calls, all } = services(() => Promise.resolve(model));
  await prepareModel('file:/m.onnx', all);
  expect(calls).toEqual([['bestMethod', { model }]]);
});

it('is not downloaded for that, and its faults are told where a picture is asked about', async () => {
  const [entry] = catalog;
  const missing = services(() => Promise.resolve({}));
  await prepareModel(entry?.id ?? '', missing.all);
  expect(missing.models.resolve).not.toHaveBeenCalled();
  const broken = services(() => Promise.reject(new Error('It is gone.')));
  await prepareModel('file:/m.onnx', broken.all);
  expect(broken.calls).toEqual([]);
  expect(broken.log.debug).toHaveBeenCalledOnce();
});
