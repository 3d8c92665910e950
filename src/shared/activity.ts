/** How a page's request goes. */
import type { FailureData } from './failure-data';

export type Activity =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly phrase: string }
  | { readonly kind: 'failed'; readonly failure: FailureData }
  | { readonly kind: 'cancelled' };
