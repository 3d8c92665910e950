/** What the presets are tried on, and what came of it. */

/** A picture, or the pictures of a dataset. */
export interface TrialSubject {
  readonly kind: 'picture' | 'dataset';
  /** As a person reads it. */
  readonly name: string;
  /** Addresses of the picture, or of what the dataset was chosen by. */
  readonly uris: readonly string[];
}
