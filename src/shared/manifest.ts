/** The manifest of a person's own model: what its weights do not say; models/README.md documents it. */
import * as v from 'valibot';
import { architectureSchema } from './architecture';
import { outputKinds } from './output-kind';
import { pictureReadingSchema } from './picture-reading';
import { preprocessingSchema } from './preprocessing';
import type { Data } from './schema';

const text = v.pipe(v.string(), v.nonEmpty());
/** The names themselves, a known list (`imagenet-1k`), or a file relative to the manifest. */
const labels = v.union([v.array(v.string()), text]);
/** What the model's numbers mean. */
const output = v.picklist(outputKinds);

export const manifestSchema = v.strictObject({
  $schema: v.exactOptional(v.string()),
  format: v.literal(1),
  name: v.exactOptional(text),
  preprocessing: v.exactOptional(preprocessingSchema),
  /** Of a checkpoint: what its weights do not tell. */
  architecture: v.exactOptional(architectureSchema),
  /** What the numbers of a picture become first; wins over what `preprocessing` says of it. */
  pictures: v.exactOptional(pictureReadingSchema),
  labels: v.exactOptional(labels),
  output: v.exactOptional(output),
  /** The method that the model is explained by where nobody names one. */
  method: v.exactOptional(text),
  /** Of a CLIP's picture encoder; files are relative to the manifest. */
  zeroShot: v.exactOptional(
    v.strictObject({
      textModel: v.exactOptional(text),
      tokenizer: v.exactOptional(text),
      /** exp of the trained `logit_scale`. */
      logitScale: v.exactOptional(v.pipe(v.number(), v.gtValue(0))),
    }),
  ),
});

export type Manifest = Data<typeof manifestSchema>;

/** What a manifest is to state from now on; null: no longer anything. */
export const manifestChangesSchema = v.strictObject({
  name: v.exactOptional(v.nullable(text)),
  preprocessing: v.exactOptional(v.nullable(preprocessingSchema)),
  architecture: v.exactOptional(v.nullable(architectureSchema)),
  pictures: v.exactOptional(v.nullable(pictureReadingSchema)),
  labels: v.exactOptional(v.nullable(labels)),
  output: v.exactOptional(v.nullable(output)),
  method: v.exactOptional(v.nullable(text)),
});

export type ManifestChanges = Data<typeof manifestChangesSchema>;
