/** The call `tryPreparations` answers what `explain` answers of a model that is prepared so. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explain } from '../../src/service/explain';
import { tryPreparations } from '../../src/service/try-preparations';
import { Workroom } from '../../src/service/workroom';
import type { ModelDescription } from '../../src/shared/model';
import type { TriedPicture } from '../../src/shared/protocol/preparations';
import { presetsFor } from '../../src/store/presets-for';
import { resolveModel } from '../../src/store/resolve-model';

const repository = path.resolve(import.meta.dirname, '../..');
const photo = path.join(repository, 'media/samples/dog.jpg');
let folder = '';
let model: ModelDescription;
let room: Workroom;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-preparations-'));
  model = await resolveModel('starter', {
    starterFolder: path.join(repository, 'models/starter'),
  });
  const cacheFolder = path.join(folder, 'cache');
  room = new Workroom({ threads: 1, provider: 'cpu', cacheFolder, sessionBytes: 2 ** 30 });
});
afterAll(async () => {
  await room.close();
  await rm(folder, { recursive: true, force: true });
});

it('answers each picture in every way, and says which could not be read', async () => {
  const presets = (await presetsFor(model)).slice(0, 3);
  const torn = path.join(folder, 'torn.jpg');
  await writeFile(torn, 'no picture');
  const bytes = new Uint8Array(await readFile(photo));
  const tried: TriedPicture[] = [];
  const { answered } = await tryPreparations(
    {
      model,
      preparations: presets.map(({ preprocessing }) => preprocessing),
      pictures: [
        { name: 'dog', source: { kind: 'file', path: photo }, truth: 0 },
        { name: 'torn', source: { kind: 'file', path: torn } },
        { name: 'the same', source: { kind: 'encoded', bytes } },
      ],
    },
    room,
    (event) => {
      if (event.kind === 'tried') tried.push(event.picture);
    },
  );
  expect(answered).toBe(2);
  const [dog, broken, same] = tried;
  expect(broken).toMatchObject({ ok: false, name: 'torn', code: 'image-unreadable' });
  if (dog?.ok !== true || same?.ok !== true) throw new Error('A picture could not be read.');
  expect(same.answers.map(({ top }) => top)).toEqual(dog.answers.map(({ top }) => top));
  for (const [at, { preprocessing }] of presets.entries()) {
    const { topK } = await explain(
      {
        image: { kind: 'encoded', bytes, name: 'dog.jpg' },
        model: { ...model, preprocessing },
        method: 'attention_rollout',
        options: {},
        targets: { topK: 1 },
        listed: 26,
        stability: false,
      },
      room,
      () => undefined,
    );
    const answer = dog.answers[at];
    expect(answer?.top).toEqual(topK.slice(0, 3));
    const at0 = topK.findIndex(({ index }) => index === 0);
    expect(answer?.truthRank).toBe(at0);
    expect(answer?.loss).toBeCloseTo(-Math.log(topK[at0]?.probability ?? NaN), 6);
  }
  const logits = dog.answers.map(({ top: [best] }) => best?.logit);
  expect(new Set(logits).size).toBe(presets.length);
});
