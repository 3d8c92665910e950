/** What goes when the caches are too large, in which order, and what never goes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { markUsed } from '../../src/engine/cache/mark-used';
import { cacheEntries, type CacheFolders } from '../../src/store/cache/cache-entries';
import { cacheSizes, totalBytes } from '../../src/store/cache/cache-sizes';
import { holdCache } from '../../src/store/cache/cache-users';
import { removeEntry } from '../../src/store/cache/remove-entry';
import { shrinkCache } from '../../src/store/cache/shrink-cache';

const uuid = '0b0e0000-0000-4000-8000-000000000000';
const hash = (digit: string): string => digit.repeat(64);
const short = (digit: string): string => digit.repeat(32);
const minute = 60_000;
/** The machine of these tests runs for a day, however new the real one is. */
const uptime = 24 * 3600;

let root = '';
let folders: CacheFolders & { readonly thumbnails: string };
const children: ChildProcess[] = [];

beforeEach(async () => {
  vi.spyOn(os, 'uptime').mockReturnValue(uptime);
  root = await mkdtemp(path.join(os.tmpdir(), 'vit-cache-'));
  folders = { work: path.join(root, 'work'), thumbnails: path.join(root, 'thumbnails') };
});
afterEach(async () => {
  vi.restoreAllMocks();
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  await rm(root, { recursive: true });
});

/** A file of so many bytes, last used so many minutes ago. */
async function put(name: string, bytes: number, minutesAgo: number): Promise<string> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, Buffer.alloc(bytes));
  const when = new Date(Date.now() - minutesAgo * minute);
  await utimes(file, when, when);
  return file;
}

async function putModel(digit: string, bytes: number, minutesAgo: number): Promise<string> {
  const stem = `work/${hash(digit)}-224x224-v4`;
  await put(`${stem}.json`, bytes / 4, minutesAgo);
  await put(`${stem}.onnx`, bytes / 4, minutesAgo);
  return await put(`${stem}.weights`, bytes / 2, minutesAgo);
}

/** The mark of a process that began so many minutes ago. */
async function putMark(pid: number, minutesAgo: number, host = os.hostname()): Promise<string> {
  const since = Date.now() - minutesAgo * minute;
  return await put(`work/in-use/${pid}-${since}@${encodeURIComponent(host)}`, 0, minutesAgo);
}

function otherProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  children.push(child);
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
  });
}

async function left(): Promise<readonly string[]> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  return names.filter((name) => !name.isDirectory()).map(({ name }) => name);
}

describe('shrinkCache', () => {
  it('removes what was not used for longest, whole models at once, down to the limit', async () => {
    const oldest = await put(`work/results/${hash('a')}.jsonl`, 100, 500);
    const oldModel = await putModel('1', 400, 400);
    const features = await put(`work/features/${short('f')}/${uuid}.features`, 100, 300);
    const picture = await put(`thumbnails/ab/${hash('b')}.jpg`, 100, 200);
    const newModel = await putModel('2', 400, 100);
    const forward = await put(`work/forward-${short('c')}.onnx`, 100, 50);

    const shrunk = await shrinkCache(folders, 750);
    expect(shrunk).toEqual({ freedBytes: 500, keptBytes: 700, inUseBytes: 0 });
    expect([oldest, oldModel].map(existsSync)).toEqual([false, false]);
    expect([features, picture, newModel, forward].map(existsSync)).toEqual(Array(4).fill(true));
    expect((await left()).filter((name) => name.startsWith(hash('1')))).toEqual([]);

    expect((await shrinkCache(folders, 700)).freedBytes).toBe(0);
    expect((await shrinkCache(folders, 0)).freedBytes).toBe(700);
    expect(await left()).toEqual([]);
  });

  it('counts a later use: a model used again outlives one prepared after it', async () => {
    const again = await putModel('1', 400, 400);
    const since = await putModel('2', 400, 300);
    await markUsed(again);
    await shrinkCache(folders, 400);
    expect([again, since].map(existsSync)).toEqual([true, false]);
  });

  it('leaves alone whatever is not its own, and neither counts nor follows it', async () => {
    const outside = await put('elsewhere/precious.jsonl', 50, 9000);
    await mkdir(path.join(root, 'elsewhere', short('d')), { recursive: true });
    const beyond = await put(`elsewhere/${short('d')}/${uuid}.features`, 50, 9000);
    const foreign = await Promise.all(
      [
        'work/my-model.onnx',
        'work/model.safetensors',
        'work/notes.json',
        `work/${hash('a')}.onnx.bak`,
        `work/${hash('z')}-v4.onnx`,
        'work/results/report.jsonl',
        `work/features/mine/${uuid}.features`,
        `work/features/${short('e')}/labels.csv`,
        'work/models/vit/model.safetensors',
        'thumbnails/ab/holiday.jpg',
        `thumbnails/album/${hash('c')}.jpg`,
      ].map((name) => put(name, 50, 9000)),
    );
    await symlink(outside, path.join(root, 'work/results', `${hash('f')}.jsonl`));
    await symlink(
      path.join(root, 'elsewhere', short('d')),
      path.join(root, 'work/features', short('d')),
    );
    const before = await left();

    expect(totalBytes(await cacheSizes(folders))).toBe(0);
    await shrinkCache(folders, 0);
    expect(await left()).toEqual(before);
    expect([...foreign, outside, beyond].every(existsSync)).toBe(true);
  });

  it('keeps what a running process may have open, and what was used since it began', async () => {
    const before = await putModel('1', 400, 100);
    const since = await putModel('2', 400, 20);
    await putMark(await otherProcess(), 30);
    const shrunk = await shrinkCache(folders, 0);
    expect([before, since].map(existsSync)).toEqual([false, true]);
    expect(shrunk).toEqual({ freedBytes: 400, keptBytes: 400, inUseBytes: 400 });
  });

  it('does not trust marks of processes that are gone, and sweeps them away', async () => {
    const pid = await otherProcess();
    const ended = new Promise((resolve) => children[0]?.once('exit', resolve));
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    await ended;
    const mark = await putMark(pid, 30);
    // A number that another process has by now, since the machine was started anew.
    const stale = await putMark(process.pid, uptime / 60 + 15);
    const model = await putModel('1', 400, 20);
    expect((await shrinkCache(folders, 0)).freedBytes).toBe(400);
    expect([mark, stale, model].map(existsSync)).toEqual([false, false, false]);
  });

  it('trusts the mark of another machine for two days', async () => {
    await putMark(1, 60 * 24, 'node 7');
    const model = await putModel('1', 400, 20);
    expect((await shrinkCache(folders, 0)).inUseBytes).toBe(400);
    await rm(path.join(root, 'work/in-use'), { recursive: true });
    await putMark(1, 60 * 24 * 3, 'node 7');
    expect((await shrinkCache(folders, 0)).freedBytes).toBe(400);
    expect(existsSync(model)).toBe(false);
  });

  it('takes this very process for a user once it holds the cache', async () => {
    const before = await putModel('1', 400, 10);
    holdCache(folders.work);
    const now = await putModel('2', 400, 0);
    expect(await shrinkCache(folders, 0)).toMatchObject({ freedBytes: 400, inUseBytes: 400 });
    expect([before, now].map(existsSync)).toEqual([false, true]);
  });

  it('puts back what was used between the look and the removal', async () => {
    const weights = await putModel('1', 400, 1000);
    const [entry] = await cacheEntries(folders);
    if (entry === undefined) throw new Error('the model was not found');
    const files = ['json', 'onnx', 'weights'].map((end) => weights.replace(/weights$/, end));
    await markUsed(...files);
    expect(await removeEntry(entry)).toEqual({ freedBytes: 0, goneBytes: 0 });
    expect((await left()).toSorted()).toEqual(files.map((file) => path.basename(file)));
  });

  it('sweeps away what was broken off an hour ago, whatever the limit, and nothing younger', async () => {
    const old = await put(`work/${hash('1')}-v4.weights.${uuid}.tmp`, 100, 90);
    const older = await put(`thumbnails/ab/${hash('2')}.jpg.123-0.part`, 100, 90);
    const young = await put(`work/forward-${short('3')}.onnx.${uuid}.part`, 100, 5);
    const model = await putModel('4', 400, 9000);
    expect((await shrinkCache(folders, 1e9)).freedBytes).toBe(200);
    expect([old, older, young, model].map(existsSync)).toEqual([false, false, true, true]);
    expect((await shrinkCache(folders, 0)).inUseBytes).toBe(100);
  });

  it('may be done by several at once', async () => {
    for (let digit = 0; digit < 8; digit++) await putModel(String(digit), 400, 1000 - digit);
    const both = await Promise.all([shrinkCache(folders, 1200), shrinkCache(folders, 1200)]);
    const kept = totalBytes(await cacheSizes(folders));
    // One may count what the other is just taking away.
    expect([800, 1200]).toContain(kept);
    expect(both.reduce((sum, { freedBytes }) => sum + freedBytes, 0)).toBe(3200 - kept);
  });

  it('finds nothing where there is no folder yet', async () => {
    const nowhere = { work: path.join(root, 'none') };
    expect(await shrinkCache(nowhere, 0)).toEqual({ freedBytes: 0, keptBytes: 0, inUseBytes: 0 });
    expect(existsSync(nowhere.work)).toBe(false);
  });
});
