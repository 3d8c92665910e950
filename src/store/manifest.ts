/**
 * The manifest of a person's own model: `NAME.vit.json` beside `NAME.onnx`. It holds what the
 * weights do not say, and can be committed with them; models/README.md documents it.
 */
import path from 'node:path';
import * as v from 'valibot';
import { writeWhole } from '../engine/files/write-whole';
import { Failure } from '../shared/failure';
import type { Preprocessing } from '../shared/preprocessing';
import { architectureSchema } from '../shared/architecture';
import { readJson } from './json-file';
import { describeIssues } from '../shared/describe-issues';
import { outputKinds } from '../shared/output-kind';
import type { PictureReading } from '../shared/picture-reading';
import { pictureReadingSchema } from '../shared/picture-reading';
import { preprocessingSchema } from '../shared/preprocessing';
import { modelStem } from './weight-endings';

const manifestSchema = v.strictObject({
  $schema: v.exactOptional(v.string()),
  format: v.literal(1),
  name: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  preprocessing: v.exactOptional(preprocessingSchema),
  /** Of a checkpoint: what its weights do not tell. */
  architecture: v.exactOptional(architectureSchema),
  /** What the numbers of a picture become first; wins over what `preprocessing` says of it. */
  pictures: v.exactOptional(pictureReadingSchema),
  /** The names themselves, a known list (`imagenet-1k`), or a file relative to the manifest. */
  labels: v.exactOptional(v.union([v.array(v.string()), v.pipe(v.string(), v.nonEmpty())])),
  /** What the model's numbers mean. */
  output: v.exactOptional(v.picklist(outputKinds)),
  /** The method that the model is explained by where nobody names one. */
  method: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  /** Of a CLIP's picture encoder; files are relative to the manifest. */
  zeroShot: v.exactOptional(
    v.strictObject({
      textModel: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
      tokenizer: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
      /** exp of the trained `logit_scale`. */
      logitScale: v.exactOptional(v.pipe(v.number(), v.gtValue(0))),
    }),
  ),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;

/** Where the manifest of a model file belongs. */
export function manifestPath(modelFile: string): string {
  return path.join(path.dirname(modelFile), `${modelStem(modelFile)}.vit.json`);
}

/** @throws Failure `model-unreadable` for a manifest that breaks its format, naming the field */
export async function readManifest(modelFile: string): Promise<Manifest | undefined> {
  const file = manifestPath(modelFile);
  const data = await readJson(file);
  if (data === undefined) return undefined;
  const parsed = v.safeParse(manifestSchema, data);
  if (!parsed.success) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} does not follow its format: ${describeIssues(parsed.issues)}.`,
      `Correct ${file}, or delete it to go by what stands beside the model.`,
    );
  }
  return parsed.output;
}

/**
 * Remembers how a model's images are prepared and what its classes are called; what the manifest
 * already holds and `changes` does not name stays.
 * @returns the manifest's path
 * @throws Failure `cache-unwritable` when the folder cannot be written
 */
export async function writeManifest(
  modelFile: string,
  changes: {
    readonly name?: string;
    readonly method?: string;
    readonly preprocessing?: Preprocessing;
    readonly pictures?: PictureReading;
    readonly labels?: readonly string[] | string;
  },
): Promise<string> {
  const file = manifestPath(modelFile);
  const manifest = { ...(await readManifest(modelFile)), ...changes, format: 1 };
  try {
    await writeWhole(file, (handle) =>
      handle.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`),
    );
  } catch (error) {
    throw new Failure(
      'cache-unwritable',
      `${path.basename(file)} cannot be written beside the model.`,
      `Make ${path.dirname(file)} writable, or copy the model to a folder of your own.`,
      { cause: error },
    );
  }
  return file;
}
