/** The service's answer to which method a model is explained by. */
import { expect, it } from 'vitest';
import { bestMethod } from '../../src/service/best-method';
import { Workroom } from '../../src/service/workroom';
import { presetOf } from '../../src/store/presets';

it('refuses a manifest that names no method, before anything is opened', async () => {
  const model = {
    id: 'file:/gone.onnx',
    name: 'gone',
    path: '/gone.onnx',
    preprocessing: presetOf('clip').preprocessing(224),
    preprocessingSource: '',
    assumed: [],
    labels: [],
    method: 'tea_leaves',
  };
  const room = new Workroom({
    threads: 1,
    provider: 'cpu',
    cacheFolder: '/gone',
    sessionBytes: 1,
  });
  await expect(bestMethod({ model }, room, () => undefined)).rejects.toThrow(
    'names the method “tea_leaves”, and there is none',
  );
});
