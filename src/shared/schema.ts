/**
 * Data whose types are inferred from their schemas. A file with schemas brings valibot along: what the
 * editor reads at its start (`failure.ts`, `method-choice.ts`, `provider.ts`) has none, and imports types alone.
 */
import type * as v from 'valibot';

/** What a schema lets through, for reading only. */
export type Data<Schema extends v.GenericSchema> = Immutable<v.InferOutput<Schema>>;

/** The same, and all that is in it, for reading only; tuples stay tuples, and numbers may be shared memory. */
type Immutable<T> = T extends Float32Array
  ? Float32Array
  : T extends Uint8Array
    ? Uint8Array
    : T extends object
      ? { readonly [Key in keyof T]: Immutable<T[Key]> }
      : T;
