/** Folders that others make at the same time. */
import type * as FileSystem from 'node:fs';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { makeFolder } from '../../src/engine/files/make-folder';

const meanwhile = vi.hoisted(() => ({ make: (): void => undefined }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>();
  return {
    ...fs,
    mkdirSync: (folder: string) => {
      try {
        fs.mkdirSync(folder);
      } catch (error) {
        meanwhile.make();
        throw error;
      }
    },
  };
});

const root = mkdtempSync(path.join(os.tmpdir(), 'make-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

it.each([
  ['the folder above', 'above'],
  ['the folder itself', 'itself'],
])('are there, where another makes %s between two steps', (_, name) => {
  const above = path.join(root, name);
  const folder = path.join(above, 'below');
  meanwhile.make = () => {
    meanwhile.make = () => undefined;
    mkdirSync(above);
    if (name === 'itself') mkdirSync(folder);
  };
  makeFolder(folder);
  expect(statSync(folder).isDirectory()).toBe(true);
});

it('cannot be made below /proc, which is said', () => {
  if (process.platform === 'linux') expect(() => makeFolder('/proc/nowhere/at/all')).toThrow();
});
