/** Folders for a while: gone when their work failed, and when their process was killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processMark } from '../../src/engine/files/process-mark';
import { inTemporaryFolder, sweepTemporaryFolders } from '../../src/engine/files/temporary-folder';

let all: string;

beforeEach(async () => {
  all = await mkdtemp(path.join(os.tmpdir(), 'vit-temporary-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, all);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(all, { recursive: true, force: true });
});

describe('a temporary folder', () => {
  it('stays until it is removed where the work succeeds', async () => {
    const { folder, remove } = await inTemporaryFolder(async (made, removeIt) => {
      await writeFile(path.join(made, 'model.onnx'), 'weights');
      return { folder: made, remove: removeIt };
    });
    expect(await readdir(folder)).toEqual(['model.onnx']);
    await sweepTemporaryFolders();
    expect(await readdir(all)).toEqual([path.basename(folder)]);
    await remove();
    expect(await readdir(all)).toEqual([]);
  });

  it('is gone where the work fails, whose error it is', async () => {
    const failing = inTemporaryFolder(async (folder) => {
      await writeFile(path.join(folder, 'half'), '');
      throw new Error('the checkpoint is damaged');
    });
    await expect(failing).rejects.toThrow('the checkpoint is damaged');
    expect(await readdir(all)).toEqual([]);
  });

  it('is said to be full where the disk is, also behind an error of ours', async () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    for (const thrown of [full, new Error('the model could not be written', { cause: full })]) {
      await expect(inTemporaryFolder(() => Promise.reject(thrown))).rejects.toMatchObject({
        code: 'cache-unwritable',
        message: `The disk that holds the folder for temporary files, ${all}, is full.`,
      });
    }
    await expect(
      inTemporaryFolder(() => Promise.reject(new Error('protobuf')), 1e18),
    ).rejects.toThrow(/is full: preparing the model needs 1000000000000 MB there/);
    expect(await readdir(all)).toEqual([]);
  });

  it('that cannot be made is told by a sentence', async () => {
    await rm(all, { recursive: true });
    await writeFile(all, 'no folder');
    await expect(inTemporaryFolder(() => Promise.resolve())).rejects.toMatchObject({
      code: 'cache-unwritable',
      message: `The folder for temporary files, ${all}, cannot be written, and preparing the model needs it.`,
    });
  });
});

describe('what is swept', () => {
  it('is what killed processes left, and nothing of those that live, however old', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const mark = processMark().replace(/^\d+/, String(child.pid));
    const theirs = path.join(all, `vit-explainer-${mark}-a1B2c3`);
    const own = path.join(all, `vit-explainer-${processMark()}-d4E5f6`);
    const others = ['vit-explainer-notes', 'vit-explainer-1-2-abcdef', 'unrelated'];
    for (const folder of [theirs, own, ...others.map((name) => path.join(all, name))]) {
      await mkdir(folder);
      await writeFile(path.join(folder, 'weights'), 'weights');
      await utimes(folder, 0, 0);
    }
    await sweepTemporaryFolders();
    expect(await readdir(all)).toHaveLength(5);

    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await sweepTemporaryFolders();
    expect((await readdir(all)).sort()).toEqual([path.basename(own), ...others].sort());
  });

  it('is nothing that a link leads to', async () => {
    const precious = path.join(all, 'precious');
    await mkdir(precious);
    await writeFile(path.join(precious, 'thesis'), 'text');
    const mark = processMark(1).replace(/^\d+/, '1');
    await symlink(precious, path.join(all, `vit-explainer-${mark}-a1B2c3`));
    await sweepTemporaryFolders();
    expect(await readdir(precious)).toEqual(['thesis']);
  });
});
