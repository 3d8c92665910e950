/** Pictures answered under several preparations, to be held side by side. */
import * as v from 'valibot';
import { classScoreSchema } from '../explanation';
import { failureCodes } from '../failure-data';
import { modelDescriptionSchema } from '../model';
import { preprocessingSchema } from '../preprocessing';
import type { Data } from '../schema';

const mostPreparations = 32;

/** Read from the disk, or as its bytes. */
const triedSourceSchema = v.variant('kind', [
  v.object({ kind: v.literal('file'), path: v.string() }),
  v.object({ kind: v.literal('encoded'), bytes: v.instance(Uint8Array) }),
]);

const pictureToTrySchema = v.object({
  name: v.string(),
  source: triedSourceSchema,
  /** The class that its label stands for, where it has one. */
  truth: v.optional(v.number()),
});

export type PictureToTry = Data<typeof pictureToTrySchema>;

export const tryPreparationsParamsSchema = v.object({
  model: modelDescriptionSchema,
  /** For the input of the model: all have the crop of its own. */
  preparations: v.pipe(v.array(preprocessingSchema), v.minLength(1), v.maxLength(mostPreparations)),
  pictures: v.pipe(v.array(pictureToTrySchema), v.minLength(1)),
});

const answerSchema = v.object({
  /** The most probable classes, best first. */
  top: v.array(classScoreSchema),
  /** Place of the truth among all classes, from 0. */
  truthRank: v.exactOptional(v.number()),
  /** −log probability of the truth, in nats. */
  loss: v.exactOptional(v.number()),
});

export const triedPictureSchema = v.variant('ok', [
  /** One answer for each preparation, in their order. */
  v.object({ ok: v.literal(true), name: v.string(), answers: v.array(answerSchema) }),
  v.object({
    ok: v.literal(false),
    name: v.string(),
    code: v.picklist(failureCodes),
    message: v.string(),
  }),
]);

export type TriedPicture = Data<typeof triedPictureSchema>;

/** A picture is done. */
export const triedSchema = v.object({ kind: v.literal('tried'), picture: triedPictureSchema });
