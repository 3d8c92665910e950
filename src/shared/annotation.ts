/** Where the object is in a picture, as a person marked it. */
export type Annotation =
  | { readonly kind: 'boxes'; readonly boxes: readonly ObjectBox[] }
  /** A picture of the same size in which the object is anything but black. */
  | { readonly kind: 'mask'; readonly path: string };

/** The box around an annotated object, in pixels of the picture after EXIF rotation. */
export interface ObjectBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
