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

/** A name that was looked up: a class or a function, of which nothing is known but this. */
export interface PickleName {
  readonly kind: 'name';
  readonly name: string;
}

/** An object of Python (a training run's arguments, a device, a whole model): never made, only its parts are kept. */
export interface PickleOpaque {
  readonly kind: 'opaque';
  /** Of its class, or of the function that would make it. */
  readonly name: string;
  /** What is set in it as in a dictionary. */
  items?: PickleDict;
  /** Its attributes. */
  state?: PickleValue;
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
