/** What a pickle of weights may hold: plain data only. */
import type { CheckpointType } from './tensor';

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleTuple
  | PickleDict
  | PickleStorage
  | PickleTensor
  | PickleName
  | PickleOpaque;

/** A Python dict or OrderedDict; a Map, so that no key can touch a prototype. */
export type PickleDict = Map<PickleValue, PickleValue>;

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

/** A run of numbers elsewhere in the file. */
export interface PickleStorage {
  readonly kind: 'storage';
  readonly key: string;
  readonly type: CheckpointType;
  /** Elements that the storage claims to have. */
  readonly elements: number;
  /** First element within the storage of that key (legacy files keep views of storages). */
  readonly start: number;
}

export interface PickleTensor {
  readonly kind: 'tensor';
  readonly storage: PickleStorage;
  readonly offset: number;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
}

/** A name that was looked up, out of the short list of harmless ones. */
export interface PickleName {
  readonly kind: 'name';
  readonly name: string;
}

/** Book-keeping of a training run (its arguments, a device): kept as a name, never made. */
export interface PickleOpaque {
  readonly kind: 'opaque';
  readonly name: string;
}

export function isTuple(value: PickleValue | undefined): value is PickleTuple {
  return isKind(value, 'tuple');
}

export function isTensor(value: PickleValue | undefined): value is PickleTensor {
  return isKind(value, 'tensor');
}

export function isStorage(value: PickleValue | undefined): value is PickleStorage {
  return isKind(value, 'storage');
}

export function isName(value: PickleValue | undefined): value is PickleName {
  return isKind(value, 'name');
}

export function isOpaque(value: PickleValue | undefined): value is PickleOpaque {
  return isKind(value, 'opaque');
}

function isKind(value: PickleValue | undefined, kind: string): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}
