/** Small JPEGs by sample name; samples without one are listed without a picture. */
export type Thumbnails = ReadonlyMap<string, Uint8Array>;

/** Their long side, in pixels. */
export const thumbnailSide = 112;
