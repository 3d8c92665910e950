/** What libraries say of damaged files, brought to a clause that a person reads. */
import { expect, it } from 'vitest';
import { openSession } from '../../src/engine/onnx/open-session';
import { refusedByRuntime } from '../../src/engine/onnx/optimise';
import { reason } from '../../src/service/pictures/unreadable';

it('says once what a decoder repeats, and not for ever', () => {
  const once = reason(new Error('tiff2vips: Inconsistent count\n'.repeat(50)));
  expect(once).toBe('the decoder says: tiff2vips: Inconsistent count');
  const lines = Array.from({ length: 100 }, (_, row) => `row ${row} is wrong`).join('\n');
  expect(reason(new Error(lines)).length).toBeLessThan(350);
});

it('leaves out where in its own code ONNX Runtime stood, and ends as a sentence', () => {
  const { message } = refusedByRuntime(
    new Error(
      '/src/core/graph/model.cc:202 ns::Model::Model(onnx::ModelProto&&, const Path&) Unsupported model IR version: 23, max supported: 13\n',
    ),
  );
  expect(message).toBe(
    'ONNX Runtime does not accept this model: Unsupported model IR version: 23, max supported: 13.',
  );
  expect(refusedByRuntime(new Error('x'.repeat(1000))).message).toMatch(/^.{330,360}….$/);
});

it('says so of any model that ONNX Runtime opens no session of', async () => {
  await expect(openSession(Buffer.from('no model'), {})).rejects.toMatchObject({
    code: 'model-unreadable',
    message: expect.stringContaining('ONNX Runtime does not accept this model') as string,
  });
});
