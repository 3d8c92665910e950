/** Where models are kept. */
export interface ModelFolders {
  /** The shipped starter: `model.onnx`, `labels.json`, `preprocessor_config.json`. */
  readonly starterFolder: string;
  /** A folder of the person's own models, listed beside the catalog. */
  readonly ownFolder?: string;
  /** Where downloads go, one folder a catalog entry. */
  readonly downloads?: string;
}
