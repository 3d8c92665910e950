/** A request to the worker, with what is known of it from outside. */
import { Failure } from '../../src/shared/failure';
import type { ExplainParams, ExplainResult } from '../../src/shared/protocol/explain';
import type { WorkerClient } from '../../src/worker/client';

export interface Asked {
  readonly params: ExplainParams;
  readonly outcome: Promise<ExplainResult | { readonly failure: Failure }>;
  /** Whether the worker has told something of it and not answered it yet. */
  readonly isAtWork: () => boolean;
  /** Comes when the worker has told so many things of it; never where it tells fewer. */
  readonly sawEvents: (count: number) => Promise<void>;
}

export function ask(
  client: WorkerClient,
  params: ExplainParams,
  { owner, signal }: { owner?: string | undefined; signal?: AbortSignal },
): Asked {
  let events = 0;
  let isAnswered = false;
  let wanted = Infinity;
  let tellSeen: () => void = () => undefined;
  const onEvent = () => {
    events += 1;
    if (events >= wanted) tellSeen();
  };
  const outcome = client
    .call('explain', params, { onEvent, ...(owner && { owner }), ...(signal && { signal }) })
    .catch((thrown: unknown) => {
      if (thrown instanceof Failure) return { failure: thrown };
      throw thrown;
    })
    .finally(() => {
      isAnswered = true;
    });
  return {
    params,
    outcome,
    isAtWork: () => events > 0 && !isAnswered,
    sawEvents: (count) =>
      new Promise((resolve) => {
        wanted = count;
        tellSeen = resolve;
        if (events >= count) resolve();
      }),
  };
}

/** What is asked, in words. */
export function namesOf({ model, method, targets, image }: ExplainParams): string {
  const bytes = image.kind === 'encoded' ? image.bytes.length : 0;
  return `${method} of ${model.name}, ${JSON.stringify(targets)}, picture of ${bytes} bytes`;
}
