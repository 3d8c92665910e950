/**
 * A program for `picture-threads.test.ts`: the starter's attention rollout of a picture, by one
 * session in this thread and by several threads; then pictures that cannot be answered.
 */
import '../../src/service/without-telemetry';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openExplainer } from '../../src/engine/open-explainer';
import { ImageSession, type ImageProgram } from '../../src/engine/image-program';
import { resolveModel } from '../../src/store/resolve-model';
import { PicturePool } from '../../src/service/batch/picture-pool';
import type { PictureAnswer } from '../../src/service/batch/picture-job';
import { decodeImage } from '../../src/service/pictures/decode';
import { preprocess } from '../../src/service/pictures/preprocess';

const [cacheFolder = '', picture = ''] = process.argv.slice(2);

/** What the test reads, as JSON. */
export interface Answers {
  /** The largest difference of a thread's outputs from those of this thread's session. */
  readonly difference: number;
  readonly answered: number;
  readonly broken: Fault;
  readonly afterBroken: Fault;
  readonly unopened: Fault;
}
type Fault = 'none' | 'picture' | 'model';

async function main(): Promise<void> {
  const starterFolder = path.resolve('models/starter');
  const model = await resolveModel('starter', { starterFolder });
  const explainer = await openExplainer(model.path, {
    threads: 1,
    provider: 'cpu',
    cacheFolder,
  });
  const program = explainer.imageProgram({ method: 'attention_rollout', options: {} });
  if (!program) throw new Error('attention rollout needs no class');
  const file = await readFile(picture);
  const { preprocessing } = model;
  const { values } = preprocess(await decodeImage(file, 'picture'), preprocessing);
  const here = await ImageSession.open(program, 1);
  const expected = (await here.run(values)).flatMap(({ data }) => [...data]);
  await here.release();

  const job = (bytes: Uint8Array) => ({
    bytes: new Uint8Array(bytes),
    name: 'picture',
    preprocessing,
    thumbnail: undefined,
  });
  const pool = new PicturePool(3, { program, threads: 1 });
  const many = await Promise.all(Array.from({ length: 24 }, () => pool.run(job(file))));
  const outputs = many.flatMap((one) => (one.ok ? [one.seen.values] : []));
  const difference = Math.max(
    ...outputs.map((one) =>
      Math.max(
        ...one
          .flatMap(({ data }) => [...data])
          .map((value, index) => Math.abs(value - (expected[index] ?? NaN))),
      ),
    ),
  );
  const broken = await pool.run(job(Buffer.from('no picture')));
  const afterBroken = await pool.run(job(file));
  // Threads that are at a picture when they are told to end must not take the process with them.
  void pool.run(job(file));
  void pool.run(job(file));
  await pool.close();

  const cutOff: ImageProgram = { ...program, model: program.model.subarray(0, 1000) };
  const useless = new PicturePool(1, { program: cutOff, threads: 1 });
  const unopened = await useless.run(job(file));
  await useless.close();
  await explainer.release();
  const answers: Answers = {
    difference,
    answered: outputs.length,
    broken: faultOf(broken),
    afterBroken: faultOf(afterBroken),
    unopened: faultOf(unopened),
  };
  console.log(JSON.stringify(answers));
}

function faultOf(answer: PictureAnswer): Fault {
  return answer.ok ? 'none' : answer.fault;
}

void main();
