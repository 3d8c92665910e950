/** Wall and processor time of something, in milliseconds. */
export interface Spent {
  readonly wall: number;
  readonly cpu: number;
}
