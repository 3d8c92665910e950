/** Checkpoints with a bit turned over: archives say by their checksums that they are damaged. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import { ByteSource } from '../../src/engine/intake/checkpoint/byte-source';
import { unpickle } from '../../src/engine/intake/checkpoint/unpickle';
import { memberPosition, readZipIndex } from '../../src/engine/intake/checkpoint/zip';
import { pickle, zip } from '../fixtures/intake/write-files';
import { processorMilliseconds } from '../processor-time';

const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/torchvision.pth');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-damaged-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Where the bytes of every member lie that a model is built from. */
async function membersRead() {
  const source = await ByteSource.open(fixture);
  try {
    const members = [...(await readZipIndex(source)).values()];
    const read = members.filter(({ name }) => /data\.pkl$|\/data\/\d+$|byteorder$/.test(name));
    return await Promise.all(
      read.map(async (member) => ({
        ...member,
        position: await memberPosition(source, member),
      })),
    );
  } finally {
    await source.close();
  }
}

async function built(bytes: Uint8Array): Promise<EngineError | undefined> {
  const file = path.join(folder, 'checkpoint.pth');
  await writeFile(file, bytes);
  await writeFile(path.join(folder, 'config.json'), '{"num_attention_heads": 2}');
  try {
    await buildForwardModel(file, { cacheFolder: path.join(folder, 'cache') });
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

it('a bit in any member that is read is found, and the member named', async () => {
  const whole = await readFile(fixture);
  expect(await built(whole)).toBeUndefined();
  const members = await membersRead();
  expect(members.length).toBeGreaterThan(20);
  for (const [i, { name, position, size }] of members.entries()) {
    const damaged = Buffer.from(whole);
    const at = position + ((i * 7919) % size);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (i % 8));
    const error = await built(damaged);
    expect(error?.code, name).toBe('model-unreadable');
    expect(error?.message).toContain(`the checksum of “${name}” is another one`);
  }
});

it('reads in parts, and a part only once it has been checked', async () => {
  const source = await ByteSource.open(fixture);
  try {
    const [{ crc32, ...member } = { crc32: 0, name: '', position: 0, size: 0 }] =
      await membersRead();
    const length = member.size;
    source.expect({ name: 'right', position: member.position, length, crc32 });
    expect(await source.read(member.position + 1, 4)).toHaveLength(4);
    source.expect({ name: 'wrong', position: member.position, length, crc32: crc32 ^ 1 });
    await expect(source.read(member.position + 1, 4)).rejects.toThrow('checksum of “wrong”');
    // What lies beside it is another matter.
    expect(await source.read(member.position + length, 4)).toHaveLength(4);
    expect(await source.read(0, member.position)).toHaveLength(member.position);
  } finally {
    await source.close();
  }
});

it('what holds itself is looked at once', async () => {
  const { start, emptyDict, mark, setItems, stop } = pickle;
  const [put, get] = [Buffer.from([0x71, 0]), Buffer.from([0x68, 0])];
  // Without an end if each were followed: 500 × 500 × 500 × 500 dictionaries.
  const items = Array.from({ length: 500 }, (_, i) =>
    Buffer.concat([pickle.text(`key ${i}`), get]),
  );
  const data = Buffer.concat([start, emptyDict, put, mark, ...items, setItems, stop]);
  const error = await built(zip([{ name: 'm/data.pkl', data }]));
  expect(error?.message).toContain('holds no weights');
});

describe('a pickle without an end', () => {
  const { start, stop } = pickle;
  const repeated = (code: number, times: number) => Buffer.alloc(times, code);
  /** A list of 10,000 lists under a memo's number, of which a dictionary is made 2,000 times. */
  const pairs = Buffer.concat([
    Buffer.from(']q\0(', 'latin1'),
    ...Array<Buffer>(10_000).fill(Buffer.from('NN\x86', 'latin1')),
    Buffer.from('e0', 'latin1'),
    ...Array<Buffer>(2000).fill(Buffer.from('c__builtin__\ndict\nh\0\x85R', 'latin1')),
  ]);
  const cases: [what: string, data: Uint8Array, words: RegExp][] = [
    ['marks', repeated(0x28, 4e6), /more than 3000000 objects/],
    ['lists', repeated(0x5d, 4e6), /more than 3000000 objects/],
    ['dictionaries', repeated(0x7d, 4e6), /more than 3000000 objects/],
    ['nothings', repeated(0x4e, 1.1e7), /more than 10000000 steps/],
    ['nothings that are remembered', Buffer.from('N\x94'.repeat(3.1e6), 'latin1'), /objects/],
    ['copies of a list', pairs, /more than 10000000 steps/],
  ];

  it.each(cases)('of %s', (_, data, words) => {
    const before = processorMilliseconds();
    expect(() => unpickle(Buffer.concat([start, data, stop]), 'weights.pth')).toThrow(words);
    expect(processorMilliseconds() - before).toBeLessThan(10_000);
  });
});

it('an archive of countless members is refused by its table of contents', async () => {
  const parts = Array.from({ length: 140_000 }, (_, i) => ({
    name: `m/data/${i}`,
    data: new Uint8Array(),
  }));
  const error = await built(zip(parts, true));
  expect(error?.message).toContain('lists 140000 members');
});
