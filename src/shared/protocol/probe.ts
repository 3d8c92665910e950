/** Linear probes, trained and measured. */
import * as v from 'valibot';
import { assumptionSchema } from '../assumption';
import { modelDescriptionSchema } from '../model';
import { probeReportSchema, probeSampleSchema, skippedSampleSchema } from '../probe';
import type { Data } from '../schema';

const datasetEntries = {
  samples: v.array(probeSampleSchema),
  /** What was passed over when the dataset was listed. */
  skipped: v.array(skippedSampleSchema),
  /** The folder that the samples' names are relative to. */
  root: v.string(),
  /** How many of the surest mistakes are shown with a heatmap. */
  explained: v.number(),
};

/** What a linear probe is to be trained on, and where it goes. */
export const trainProbeParamsSchema = v.object({
  ...datasetEntries,
  /** The model whose readout is the probe's input; a head of its own is left aside. */
  backbone: modelDescriptionSchema,
  name: v.string(),
  /** Absolute path of `NAME.probe.safetensors`; an older one is replaced. */
  head: v.string(),
  seed: v.number(),
  /** Share of every class held out, where the dataset has no parts of its own; between 0 and 1. */
  validationShare: v.number(),
});

export type TrainProbeParams = Data<typeof trainProbeParamsSchema>;

export const evaluateProbeParamsSchema = v.object({
  ...datasetEntries,
  /** A probe: its description has a backbone. */
  model: modelDescriptionSchema,
});

export type EvaluateProbeParams = Data<typeof evaluateProbeParamsSchema>;

export const probeOutcomeSchema = v.object({
  report: probeReportSchema,
  /** Features that were computed now, and those found in the cache. */
  features: v.object({ computed: v.number(), cached: v.number(), seconds: v.number() }),
  trainingSeconds: v.number(),
  /** What neither the backbone's weights nor the files beside it decide. */
  assumed: v.array(assumptionSchema),
  /** Sentences for the person. */
  notices: v.array(v.string()),
});

export type ProbeOutcome = Data<typeof probeOutcomeSchema>;
