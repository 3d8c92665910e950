/** What the page of a probe's report keeps over a reload. */
import * as v from 'valibot';
import type { Data } from '../schema';

export const keptProbeReportSchema = v.object({
  /** Path of the probe's file. */
  head: v.string(),
});

export type KeptProbeReport = Data<typeof keptProbeReportSchema>;
