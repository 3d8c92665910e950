/** What no input may take, and how much a process with its children takes. */
import { readFile } from 'node:fs/promises';

export interface Limits {
  readonly seconds: number;
  /** Over what the process held before. */
  readonly bytes: number;
}

/** As SECURITY.md has them. */
export const limits: Limits = { seconds: 10, bytes: 2e9 };

const pageBytes = 4096;

/** Resident, of a process and all that it started; 0 where the system does not say so (Linux does). */
export async function bytesOfTree(processId: number): Promise<number> {
  const folder = `/proc/${processId}`;
  try {
    const [statm, children] = await Promise.all([
      readFile(`${folder}/statm`, 'latin1'),
      readFile(`${folder}/task/${processId}/children`, 'latin1'),
    ]);
    const own = Number(statm.split(' ')[1]) * pageBytes;
    const others = await Promise.all(
      children.split(' ').filter(Boolean).map(Number).map(bytesOfTree),
    );
    return others.reduce((sum, bytes) => sum + bytes, own);
  } catch {
    return 0;
  }
}
