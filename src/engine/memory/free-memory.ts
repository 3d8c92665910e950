/** How much memory a process may still take, in bytes. */
import { closeSync, existsSync, readSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openRegularSync } from '../files/regular-file';

/** Names of the files of a control group that bounds memory. */
interface Files {
  readonly limit: string;
  readonly used: string;
  /** Lines of `memory.stat` with what the kernel gives back when asked: pages of files. */
  readonly files: readonly string[];
}

const version1: Files = {
  limit: 'memory.limit_in_bytes',
  used: 'memory.usage_in_bytes',
  files: ['total_inactive_file', 'total_active_file'],
};
const version2: Files = {
  limit: 'memory.max',
  used: 'memory.current',
  files: ['inactive_file', 'active_file'],
};

/**
 * What the machine has free, or less where the process is in a control group (a container, a batch
 * job) that bounds it.
 * @param root of the file system, for tests
 */
export function freeMemory(root = '/', ofMachine = freeOfMachine()): number {
  const groups = text(path.join(root, 'proc/self/cgroup')) ?? '';
  const left = groups.split('\n').flatMap((line) => {
    const [number, controllers = '', place = ''] = line.split(':');
    const mount = path.join(root, 'sys/fs/cgroup');
    if (number === '0' && controllers === '') return leftAlong(mount, place, version2);
    return controllers.split(',').includes('memory')
      ? leftAlong(path.join(mount, 'memory'), place, version1)
      : [];
  });
  return Math.min(ofMachine, ...left);
}

/** macOS counts as used what it would give back at once, so there it is half of all. */
function freeOfMachine(): number {
  return process.platform === 'darwin' ? os.totalmem() / 2 : os.freemem();
}

/** A group is bounded by those that it lies in. Inside of a container the outer ones are not seen. */
function leftAlong(mount: string, place: string, files: Files): number[] {
  const steps = place.split('/').filter((step) => step !== '');
  return [...steps, ''].flatMap((_, i) => {
    const left = leftIn(path.join(mount, ...steps.slice(0, i)), files);
    return left === undefined ? [] : [left];
  });
}

function leftIn(folder: string, { limit, used, files }: Files): number | undefined {
  const most = Number(text(path.join(folder, limit)));
  const taken = Number(text(path.join(folder, used)));
  // `max`, or no such group.
  if (!Number.isFinite(most) || !Number.isFinite(taken) || most <= 0) return undefined;
  const lines = (text(path.join(folder, 'memory.stat')) ?? '').split('\n');
  const kept = lines
    .map((line) => line.split(' '))
    .filter(([name = '']) => files.includes(name))
    .reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return Math.max(0, most - Math.max(0, taken - kept));
}

/** Such files say that they are empty. */
function text(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { descriptor } = openRegularSync(file);
  try {
    const bytes = Buffer.alloc(2 ** 16);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}
