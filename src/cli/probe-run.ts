/** What training and measuring a probe have in common: Ctrl+C stops them, and the outcome is told. */
import type { Tell } from '../shared/protocol/calls';
import type { ProbeOutcome } from '../shared/protocol/probe';
import type { Workroom } from '../service/workroom';
import { assumedLines } from './assumed-lines';
import type { Terminal } from './command';
import { printReport, progressOf } from './probe-figures';
import { writeHtml } from './probe-html';
import { workroomFor } from './workroom';

/** As `trainProbe` and `evaluateProbe` are asked. */
type Ask = (room: Workroom, tell: Tell<'trainProbe'>, signal: AbortSignal) => Promise<ProbeOutcome>;

interface Wanted {
  /** Name of the model that the probe reads. */
  readonly backbone: string;
  /** Absolute path of a page to write. */
  readonly html: string | undefined;
}

/** @throws UsageError; Failure; EngineError */
export async function runProbe(
  flags: Parameters<typeof workroomFor>[0] & { readonly json: boolean },
  { backbone, html }: Wanted,
  terminal: Terminal,
  ask: Ask,
): Promise<void> {
  const room = workroomFor(flags);
  const outcome = await stoppable((signal) => ask(room, progressOf(terminal), signal));
  assumedLines(backbone, outcome.assumed).forEach(terminal.progress);
  outcome.notices.forEach(terminal.progress);
  if (html !== undefined) await writeHtml(html, outcome.report);
  if (flags.json) terminal.json(outcome.report);
  else printReport(outcome, terminal);
}

/** Runs with a signal that Ctrl+C gives: what is done so far is kept. */
async function stoppable<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const cancel = (): void => {
    controller.abort();
  };
  process.once('SIGINT', cancel);
  try {
    return await run(controller.signal);
  } finally {
    process.off('SIGINT', cancel);
  }
}
