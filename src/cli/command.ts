/** What every subcommand is made of. */
import type { ExitCode } from './exit-code';

/** Where a command writes: results on one stream, progress and failures on the other. */
export interface Terminal {
  /** Prints a line of the result on stdout; what others wrote in it can do no harm there. */
  readonly result: (line: string) => void;
  /** Prints a line of our own on stdout as it is, colours included. */
  readonly drawn: (line: string) => void;
  /** Prints the result for a program on stdout. */
  readonly json: (value: unknown) => void;
  /** Prints a line about the work on stderr, as harmless. */
  readonly progress: (line: string) => void;
  /** Whether stdout shows 24-bit colours to a person. */
  readonly colours: boolean;
}

export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole help text. */
  readonly help: string;
  /** Whether it may run a model, and so fill the cache. */
  readonly fillsCache?: true;
  /** @throws Failure; UsageError */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;
}

/** The command line itself is wrong; the message is a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
