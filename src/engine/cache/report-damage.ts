import { harmless } from '../../shared/harmless';

/**
 * A line in the log: the command line's stderr, and the worker's, which the editor's log shows. The
 * person need not do anything: what was damaged is made anew.
 */
export function reportDamage(file: string, why: string): void {
  const line = `The cached file “${file}” is damaged (${why}); it is made anew.`;
  process.stderr.write(`${harmless(line)}\n`);
}
