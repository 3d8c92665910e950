/** What no input may take. */

export interface Limits {
  /** As `Meter` counts them. */
  readonly seconds: number;
  /** Over what the process held before. */
  readonly bytes: number;
}

/** As SECURITY.md has them. */
export const limits: Limits = { seconds: 10, bytes: 2e9 };
