/** How a page's request goes. */
import type { FailureData } from './failure-data';

export type Activity =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'idle' }
  /** `share`: how much of it is done, 0 … 1, where that is known. */
  | { readonly kind: 'busy'; readonly phrase: string; readonly share?: number }
  | { readonly kind: 'failed'; readonly failure: FailureData }
  | { readonly kind: 'cancelled' };
