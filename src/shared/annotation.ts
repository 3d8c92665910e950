/** Where the object is in a picture, as a person marked it. */
import * as v from 'valibot';
import type { Data } from './schema';

const pixelSizeSchema = v.object({ width: v.number(), height: v.number() });

export type PixelSize = Data<typeof pixelSizeSchema>;

/** The box around an annotated object, in pixels of the annotation's own frame. */
const objectBoxSchema = v.object({
  left: v.number(),
  top: v.number(),
  width: v.number(),
  height: v.number(),
});

export type ObjectBox = Data<typeof objectBoxSchema>;

export const annotationSchema = v.variant('kind', [
  v.object({
    kind: v.literal('boxes'),
    boxes: v.array(objectBoxSchema),
    /** How large the picture was that they were drawn on; left out where nothing says it. */
    frame: v.optional(pixelSizeSchema),
  }),
  /** A picture of the same proportions in which the object is anything but black. */
  v.object({ kind: v.literal('mask'), path: v.string() }),
]);

export type Annotation = Data<typeof annotationSchema>;
