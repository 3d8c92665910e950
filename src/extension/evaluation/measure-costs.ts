/** What a map of each method costs on this machine, timed on a picture that was measured. */
import type * as vscode from 'vscode';
import type { MeasuredCosts, PictureRecord } from '../../shared/evaluation';
import { failureData } from '../../shared/failure';
import type { WorkerHost } from '../worker-host';
import type { OpenedEvaluation } from './open-evaluation';

/** @returns undefined where it cannot be told: the comparison is whole without it */
export async function measureCosts(
  { measured, samples }: OpenedEvaluation,
  records: readonly PictureRecord[],
  worker: WorkerHost,
  log: vscode.LogOutputChannel,
  signal: AbortSignal,
): Promise<MeasuredCosts | undefined> {
  const readable = new Set(records.filter(({ ok }) => ok).map(({ name }) => name));
  const sample = samples.find(({ name }) => readable.has(name));
  if (sample === undefined) return undefined;
  const { model, options } = measured;
  const { methods, path } = sample;
  try {
    const { costs } = await worker.call('costs', { model, options, methods, path }, { signal });
    return costs;
  } catch (error) {
    if (!signal.aborted)
      log.warn(`What the methods cost could not be measured: ${failureData(error).message}`);
    return undefined;
  }
}
