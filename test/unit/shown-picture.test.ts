/** Which version of a picture's file a panel holds, and when it is told of another one. */
import { beforeEach, expect, it, vi } from 'vitest';
import { Uri, type Webview } from 'vscode';
import { ShownPicture } from '../../src/extension/panel/shown-picture';
import type { WorkerHost } from '../../src/extension/worker-host';

interface FileOnDisk {
  readonly bytes: Uint8Array;
  readonly mtime: number;
}

const { disk, events } = vi.hoisted(() => ({
  disk: { file: undefined as FileOnDisk | undefined, reads: 0 },
  events: { changed: undefined as (() => void) | undefined },
}));

vi.mock('../../src/extension/watch-file', () => ({
  watchFile: (_: unknown, changed: () => void) => {
    events.changed = changed;
    return { dispose: () => undefined };
  },
}));

vi.mock('vscode', async () => {
  const { Uri, FileType, FileSystemError } = await import('../fixtures/editor-api');
  const found = (): FileOnDisk => {
    if (disk.file === undefined) throw new FileSystemError();
    return disk.file;
  };
  const fs = {
    stat: async () => {
      await Promise.resolve();
      const { bytes, mtime } = found();
      return { type: FileType.File, size: bytes.length, mtime, ctime: 0 };
    },
    readFile: async () => {
      await Promise.resolve();
      disk.reads += 1;
      return found().bytes;
    },
  };
  return { Uri, FileType, FileSystemError, workspace: { fs } };
});

function write(text: string, mtime: number): void {
  disk.file = { bytes: new TextEncoder().encode(text), mtime };
}

function shown() {
  const onChange = vi.fn();
  const picture = new ShownPicture(
    Uri.file('/disk/cat.jpg'),
    {} as Webview,
    {} as unknown as WorkerHost,
    onChange,
  );
  return { picture, onChange };
}

beforeEach(() => {
  disk.reads = 0;
  write('a cat', 1);
});

it('looks at the file only, as long as that is the same', async () => {
  const { picture, onChange } = shown();
  await picture.bytes();
  await picture.look();
  expect(onChange).not.toHaveBeenCalled();
  expect(disk.reads).toBe(1);
});

it.each([
  ['its time', 'a dog', 2],
  ['its size alone', 'two dogs', 1],
])('a file that differs in %s is read anew', async (_, text, mtime) => {
  const { picture, onChange } = shown();
  await picture.bytes();
  write(text, mtime);
  await picture.look();
  expect(onChange).toHaveBeenCalledOnce();
  expect(new TextDecoder().decode(await picture.bytes())).toBe(text);
});

it('a file that was only touched is the same picture', async () => {
  const { picture, onChange } = shown();
  await picture.bytes();
  write('a cat', 2);
  await picture.look();
  await picture.look();
  expect(onChange).not.toHaveBeenCalled();
  expect(disk.reads).toBe(2);
});

it('where a change is told, the bytes decide, although time and size are the same', async () => {
  const { picture, onChange } = shown();
  picture.follow();
  await picture.bytes();
  write('a dog', 1);
  events.changed?.();
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce());
});

it('a file that went is told once, and once when it is back', async () => {
  const { picture, onChange } = shown();
  await picture.bytes();
  disk.file = undefined;
  await picture.look();
  await expect(picture.bytes()).rejects.toMatchObject({
    message: 'cat.jpg is not there any more.',
  });
  await picture.look();
  expect(onChange).toHaveBeenCalledOnce();
  write('a cat', 1);
  await picture.look();
  expect(onChange).toHaveBeenCalledTimes(2);
  expect(await picture.bytes()).toHaveLength(5);
});

it('before anything was read there is nothing to compare', async () => {
  const { picture, onChange } = shown();
  await picture.look();
  expect(onChange).not.toHaveBeenCalled();
  expect(disk.reads).toBe(0);
});

it('two looks at once tell one change', async () => {
  const { picture, onChange } = shown();
  await picture.bytes();
  write('a dog', 2);
  await Promise.all([picture.look(), picture.look()]);
  expect(onChange).toHaveBeenCalledOnce();
});
