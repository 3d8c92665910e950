/** The one place where the command line writes to its two streams. */
import { harmless } from '../shared/harmless';
import type { Terminal } from './command';

export const terminal: Terminal = {
  result: (line) => process.stdout.write(`${harmless(line)}\n`),
  drawn: (line) => process.stdout.write(`${line}\n`),
  json: (value) => process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
  progress: (line) => process.stderr.write(`${harmless(line)}\n`),
  colours: process.stdout.isTTY && process.stdout.getColorDepth() >= 24,
};
