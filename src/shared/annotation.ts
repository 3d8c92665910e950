/** Where the object is in a picture, as a person marked it. */
export type Annotation =
  | {
      readonly kind: 'boxes';
      readonly boxes: readonly ObjectBox[];
      /** How large the picture was that they were drawn on; left out where nothing says it. */
      readonly frame?: PixelSize | undefined;
    }
  /** A picture of the same proportions in which the object is anything but black. */
  | { readonly kind: 'mask'; readonly path: string };

export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** The box around an annotated object, in pixels of the annotation's own frame. */
export interface ObjectBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
