// A process that runs models for `model-process.ts` and ends with whoever started it. Plain
// JavaScript, so that the same file runs beside the sources and beside the bundles.
import ort from 'onnxruntime-node';
import process from 'node:process';
import { Worker } from 'node:worker_threads';

// A run keeps this thread from hearing that the parent is gone, so another one looks.
const lookForParent = `
const parent = ${process.ppid};
setInterval(() => {
  try {
    if (process.ppid === parent && process.kill(parent, 0)) return;
  } catch (error) {
    if (error.code !== 'ESRCH') return;
  }
  process.kill(process.pid, 'SIGKILL');
}, 500);
`;
new Worker(lookForParent, { eval: true }).unref();
process.on('disconnect', () => process.exit());

process.on('message', (job) => {
  answer(job).then(
    (results) => process.send({ results }),
    (error) => process.send({ error: error instanceof Error ? error.message : String(error) }),
  );
});

/** Every output, or the named ones, of each set of inputs. */
async function answer({ model, options, inputs, outputs }) {
  const session = await ort.InferenceSession.create(model, options);
  try {
    const results = [];
    for (const feeds of inputs) {
      const found = await session.run(
        Object.fromEntries(
          Object.entries(feeds).map(([name, { type, data, dims }]) => [
            name,
            new ort.Tensor(type, data, dims),
          ]),
        ),
        outputs ?? session.outputNames,
      );
      results.push(
        Object.fromEntries(
          Object.entries(found).map(([name, { type, data, dims }]) => [name, { type, data, dims }]),
        ),
      );
    }
    return results;
  } finally {
    await session.release();
  }
}
