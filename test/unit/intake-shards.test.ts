/** The index of a checkpoint in parts: what it may say, and what is refused. */
import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../../src/engine/identity/identity';
import { openCheckpoint } from '../../src/engine/intake/checkpoint/open-checkpoint';
import { checkpointFiles } from '../../src/engine/intake/checkpoint/shard-index';
import { flatTensors } from '../fixtures/intake/place-checkpoint';
import { splitSafetensors } from '../fixtures/intake/split-safetensors';
import { safetensors } from '../fixtures/intake/write-files';

interface Index {
  weight_map: Record<string, unknown>;
}

const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
const part = (number: number) => `model-0000${number}-of-00003.safetensors`;
let folder = '';
let index = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-index-'));
  await mkdir(path.join(folder, 'model'));
  index = await splitSafetensors(fixture, path.join(folder, 'model'), 3);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const beside = (name: string) => path.join(folder, 'model', name);

async function rewrite(change: (index: Index) => void): Promise<void> {
  const content = JSON.parse(await readFile(index, 'utf8')) as Index;
  change(content);
  await writeFile(index, JSON.stringify(content));
}

/** The sentences of the refusal. */
async function refusal(): Promise<string> {
  const error: unknown = await openCheckpoint(index).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'model-unreadable' });
  const { message, nextStep } = error as { message: string; nextStep: string };
  return `${message} ${nextStep}`;
}

describe('a checkpoint in parts', () => {
  it('consists of its index and its parts', async () => {
    expect(await checkpointFiles(index)).toEqual([index, ...[1, 2, 3].map(part).map(beside)]);
    expect(await checkpointFiles(fixture)).toEqual([fixture]);
    const { sets, close } = await openCheckpoint(index);
    const whole = await openCheckpoint(fixture);
    const names = (all: typeof sets) => [...flatTensors(all).keys()].sort();
    expect(names(sets)).toEqual(names(whole.sets));
    await Promise.all([close(), whole.close()]);
  });

  it('may have links for parts, as caches of hubs do', async () => {
    const blob = path.join(folder, 'blob');
    await copyFile(beside(part(2)), blob);
    await rm(beside(part(2)));
    await symlink(blob, beside(part(2)));
    await (await openCheckpoint(index)).close();
  });

  it('has another checksum as soon as one part is another', async () => {
    const before = await identityOf(index, undefined);
    expect(await identityOf(index, undefined)).toBe(before);
    const bytes = await readFile(beside(part(3)));
    bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    await writeFile(beside(part(3)), bytes);
    expect(await identityOf(index, undefined)).not.toBe(before);
  });

  it.each([
    '../secret.safetensors',
    '..\\secret.safetensors',
    '/etc/secret.safetensors',
    'C:\\secret.safetensors',
    'C:secret.safetensors',
    'sub/secret.safetensors',
    './model-00001-of-00003.safetensors',
    '..',
    '.hidden.safetensors',
    'secret.safetensors\0',
    'secret.safetensors/..',
    'secret.pth',
    'https://example.org/secret.safetensors',
    '',
    7,
    null,
    ['model-00001-of-00003.safetensors'],
  ])('is refused with a part called %j, and that file is not opened', async (name) => {
    // It is there and sound: only its name speaks against it.
    const sound = safetensors({}, new Uint8Array());
    await writeFile(path.join(folder, 'secret.safetensors'), sound);
    await mkdir(beside('sub'));
    await writeFile(beside('sub/secret.safetensors'), sound);
    await rewrite(({ weight_map }) => {
      weight_map['vit.layernorm.weight'] = name;
    });
    expect(await refusal()).toMatch(
      /“vit\.layernorm\.weight” lies in .*, which is not the name of a safetensors file beside it/,
    );
  });

  it('does not take a prototype for a name', async () => {
    const text = await readFile(index, 'utf8');
    await writeFile(index, text.replace('"weight_map": {', '"weight_map": {"__proto__": "../x",'));
    expect(await refusal()).toMatch(/“__proto__” lies in "\.\.\/x"/);
  });

  it('is refused without one of its parts, by the part’s name', async () => {
    await rm(beside(part(2)));
    expect(await refusal()).toMatch(/“model-00002-of-00003\.safetensors” could not be opened/);
  });

  it('is refused with a part cut off', async () => {
    await truncate(beside(part(3)), 600);
    expect(await refusal()).toMatch(/“model-00003-of-00003\.safetensors” is damaged/);
  });

  it('is refused when index and parts contradict each other', async () => {
    await rewrite(({ weight_map }) => {
      weight_map['vit.layernorm.weight'] =
        weight_map['vit.layernorm.weight'] === part(1) ? part(2) : part(1);
    });
    expect(await refusal()).toMatch(/holds “vit\.layernorm\.weight”, which it places in “model-/);
    await rewrite(({ weight_map }) => {
      delete weight_map['vit.layernorm.weight'];
    });
    expect(await refusal()).toMatch(/holds “vit\.layernorm\.weight”, which it does not list/);
    index = await splitSafetensors(fixture, path.join(folder, 'model'), 3);
    await rewrite(({ weight_map }) => {
      weight_map['vit.extra'] = part(1);
    });
    expect(await refusal()).toMatch(/places “vit\.extra” in “.*00001.*”, which does not hold it/);
  });

  it.each([
    ['{"weight_map": ', /could not be read: .*JSON/],
    ['[]', /does not say which part/],
    ['{"metadata": {}}', /does not say which part/],
    ['{"weight_map": {}}', /does not say which part/],
    ['{"weight_map": ["model-00001-of-00003.safetensors"]}', /does not say which part/],
    ['null', /does not say which part/],
  ])('is refused with %s for an index', async (text, sentence) => {
    await writeFile(index, text);
    expect(await refusal()).toMatch(sentence);
  });

  it('is refused with an index of gigabytes, unread', async () => {
    await truncate(index, 200_000_000);
    expect(await refusal()).toMatch(/could not be read: it has 200000000 bytes/);
  });
});
