/** Faults that are put there on purpose: what finds none of these finds nothing. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Task } from './child';
import type { Verdict } from './judges/verdict';

export const plantedFaults = ['throw', 'hang', 'memory', 'crash', 'stack'] as const;

/** Misbehaves at one file in seven, where someone asked for it. */
export async function misbehave({ folder, path: file }: Task): Promise<Verdict | undefined> {
  const planted = process.env.FUZZ_PLANTED;
  if (planted === undefined) return undefined;
  const { length } = await readFile(path.join(folder, file));
  if (length % 7 !== 0) return undefined;
  switch (planted as (typeof plantedFaults)[number]) {
    case 'throw':
      throw new TypeError('planted');
    case 'hang':
      for (;;);
    case 'memory': {
      const held: Buffer[] = [];
      for (;;) {
        held.push(Buffer.alloc(2 ** 24, held.length));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    case 'crash':
      process.kill(process.pid, 'SIGSEGV');
      return new Promise(() => undefined);
    case 'stack':
      return Promise.reject(new Error('planted\n    at function (file.ts:1:1)'));
  }
}
