/**
 * A restricted reader of Python pickles, for state dicts: it makes plain data and what the names of
 * `pickle-names.ts` stand for, keeps any other object as a name, and runs nothing. Opcodes: CPython's pickletools, protocols 2 to 5.
 */
import { PickleBytes } from './pickle-bytes';
import { PickleFaults } from './pickle-faults';
import { constructors, harmfulNames, mayBeBuilt } from './pickle-names';
import { isName, isOpaque, isTuple } from './pickle-value';
import type { PickleDict, PickleTuple, PickleValue } from './pickle-value';

/** Turns a persistent id (torch: a reference to a storage) into a value, or undefined if it is not one. */
export type PersistentLoad = (id: PickleValue) => PickleValue | undefined;

export interface Unpickled {
  readonly value: PickleValue;
  /** Bytes read, STOP included. */
  readonly length: number;
}

/**
 * Reads the one pickle that begins at the start of `bytes`.
 * @throws EngineError `model-unreadable` if it is damaged or made to do harm.
 */
export function unpickle(
  bytes: Uint8Array,
  fileName: string,
  persistentLoad: PersistentLoad = () => undefined,
): Unpickled {
  return new Unpickler(bytes, fileName, persistentLoad).run();
}

/** Far beyond what is saved beside weights, and done within seconds. */
const mostSteps = 1e7;
/** Lists, dictionaries, tuples and the like, and what is remembered: each takes up to 300 bytes of memory. */
const mostObjects = 3e6;

class Unpickler {
  private readonly bytes: PickleBytes;
  private readonly faults: PickleFaults;
  private steps = 0;
  private objects = 0;
  private stack: PickleValue[] = [];
  private readonly marks: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    bytes: Uint8Array,
    fileName: string,
    private readonly persistentLoad: PersistentLoad,
  ) {
    this.faults = new PickleFaults(fileName);
    this.bytes = new PickleBytes(bytes, this.faults);
  }

  run(): Unpickled {
    for (;;) {
      const code = this.bytes.byte();
      if (code === 0x2e) return { value: this.pop(), length: this.bytes.at };
      this.spend(1);
      this.step(code);
    }
  }

  private step(code: number): void {
    switch (code) {
      case 0x80: // PROTO
        this.bytes.skip(1);
        return;
      case 0x95: // FRAME
        this.bytes.skip(8);
        return;
      case 0x28: // MARK
        this.marks.push(this.stack);
        this.stack = [];
        this.make();
        return;
      case 0x30: // POP
        this.pop();
        return;
      case 0x31: // POP_MARK
        this.popMark();
        return;
      case 0x32: // DUP
        this.push(this.top());
        return;
      case 0x4e: // NONE
        this.push(null);
        return;
      case 0x88: // NEWTRUE
        this.push(true);
        return;
      case 0x89: // NEWFALSE
        this.push(false);
        return;
      case 0x4a: // BININT
        this.push(this.bytes.int32());
        return;
      case 0x4b: // BININT1
        this.push(this.bytes.byte());
        return;
      case 0x4d: // BININT2
        this.push(this.bytes.uint16());
        return;
      case 0x8a: // LONG1
        this.push(longOf(this.bytes.take(this.bytes.byte())));
        return;
      case 0x8b: // LONG4
        this.push(longOf(this.bytes.take(this.bytes.uint32())));
        return;
      case 0x47: // BINFLOAT
        this.push(this.bytes.float64());
        return;
      case 0x55: // SHORT_BINSTRING
        this.push(this.bytes.latin1Text(this.bytes.byte()));
        return;
      case 0x54: // BINSTRING
        this.push(this.bytes.latin1Text(this.bytes.uint32()));
        return;
      case 0x8c: // SHORT_BINUNICODE
        this.push(this.bytes.utf8Text(this.bytes.byte()));
        return;
      case 0x58: // BINUNICODE
        this.push(this.bytes.utf8Text(this.bytes.uint32()));
        return;
      case 0x8d: // BINUNICODE8
        this.push(this.bytes.utf8Text(this.bytes.uint64()));
        return;
      case 0x43: // SHORT_BINBYTES
        this.push(this.bytes.take(this.bytes.byte()));
        return;
      case 0x42: // BINBYTES
        this.push(this.bytes.take(this.bytes.uint32()));
        return;
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        this.push(this.bytes.take(this.bytes.uint64()));
        return;
      case 0x5d: // EMPTY_LIST
      case 0x8f: // EMPTY_SET
        this.push([]);
        return;
      case 0x6c: // LIST
      case 0x91: // FROZENSET
        this.push(this.popMark());
        return;
      case 0x61: // APPEND
        this.append([this.pop()]);
        return;
      case 0x65: // APPENDS
      case 0x90: // ADDITEMS
        this.append(this.popMark());
        return;
      case 0x29: // EMPTY_TUPLE
        this.push(tuple([]));
        return;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        this.push(tuple(this.popSeveral(code - 0x84)));
        return;
      case 0x74: // TUPLE
        this.push(tuple(this.popMark()));
        return;
      case 0x7d: // EMPTY_DICT
        this.push(new Map());
        return;
      case 0x64: {
        // DICT
        const dict: PickleDict = new Map();
        this.setItems(dict, this.popMark());
        this.push(dict);
        return;
      }
      case 0x73: {
        // SETITEM
        const pair = this.popSeveral(2);
        this.setItems(this.topDict(), pair);
        return;
      }
      case 0x75: {
        // SETITEMS
        const pairs = this.popMark();
        this.setItems(this.topDict(), pairs);
        return;
      }
      case 0x63: // GLOBAL
        this.pushName(`${this.bytes.line()}.${this.bytes.line()}`);
        return;
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popSeveral(2);
        if (typeof module !== 'string' || typeof name !== 'string')
          throw this.faults.damaged('it looks up something that is not a name');
        this.pushName(`${module}.${name}`);
        return;
      }
      case 0x69: {
        // INST
        const items = this.popMark();
        this.pushName(`${this.bytes.line()}.${this.bytes.line()}`);
        this.push(tuple(items));
        this.construct();
        return;
      }
      case 0x92: // NEWOBJ_EX
        this.pop();
        this.construct();
        return;
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        this.construct();
        return;
      case 0x62: // BUILD
        this.build(this.pop());
        return;
      case 0x51: {
        // BINPERSID
        const id = this.pop();
        const value = this.persistentLoad(id);
        if (value === undefined) throw this.faults.refused(`an outside object (${describe(id)})`);
        this.push(value);
        return;
      }
      case 0x68: // BINGET
        this.push(this.recall(this.bytes.byte()));
        return;
      case 0x6a: // LONG_BINGET
        this.push(this.recall(this.bytes.uint32()));
        return;
      case 0x71: // BINPUT
        this.remember(this.bytes.byte());
        return;
      case 0x72: // LONG_BINPUT
        this.remember(this.bytes.uint32());
        return;
      case 0x94: // MEMOIZE
        this.remember(this.memo.size);
        return;
      default:
        throw this.faults.refused(
          `the pickle instruction 0x${code.toString(16)} at byte ${this.bytes.at - 1}, which no state dict has`,
        );
    }
  }

  private pushName(name: string): void {
    if (harmfulNames.test(name)) throw this.faults.harmful(name);
    this.push({ kind: 'name', name });
  }

  private construct(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!isName(callee) && !isOpaque(callee))
      throw this.faults.damaged('it calls something that is not a name');
    const constructor = isName(callee) ? constructors.get(callee.name) : undefined;
    if (!constructor) {
      this.push({ kind: 'opaque', name: callee.name });
      return;
    }
    const items = isTuple(args) ? args.items : [];
    for (const item of items) {
      if (Array.isArray(item)) this.spend(item.length);
      else if (isTuple(item)) this.spend(item.items.length);
    }
    const value = isTuple(args) ? constructor(items) : undefined;
    if (value === undefined) throw this.faults.damaged(`“${callee.name}” has unfitting arguments`);
    this.push(value);
  }

  private build(state: PickleValue): void {
    const value = this.top();
    if (isOpaque(value)) value.state = state;
    else if (!mayBeBuilt(value)) throw this.faults.damaged('it sets attributes on plain data');
  }

  /** To a list; objects of other kinds don't matter and lose what is appended to them. */
  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (isOpaque(list)) return;
    if (!Array.isArray(list))
      throw this.faults.damaged('it appends to something that is not a list');
    for (const item of items) list.push(item);
  }

  private setItems(dict: PickleDict, pairs: readonly PickleValue[]): void {
    if (pairs.length % 2 !== 0) throw this.faults.damaged('a dictionary has a key without a value');
    for (let i = 0; i < pairs.length; i += 2) dict.set(pairs[i] ?? null, pairs[i + 1] ?? null);
  }

  private push(value: PickleValue): void {
    if (typeof value === 'object' && value !== null) this.make();
    this.stack.push(value);
  }

  private spend(steps: number): void {
    this.steps += steps;
    if (this.steps > mostSteps) throw this.faults.tooMuch(`takes more than ${mostSteps} steps`);
  }

  private make(): void {
    this.objects += 1;
    if (this.objects > mostObjects)
      throw this.faults.tooMuch(`makes more than ${mostObjects} objects`);
  }

  private pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw this.faults.damaged('its stack runs empty');
    return value;
  }

  private popSeveral(count: number): PickleValue[] {
    if (this.stack.length < count) throw this.faults.damaged('its stack runs empty');
    return this.stack.splice(-count);
  }

  private popMark(): PickleValue[] {
    const items = this.stack;
    const outer = this.marks.pop();
    if (!outer) throw this.faults.damaged('its stack has no mark');
    this.stack = outer;
    return items;
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw this.faults.damaged('its stack runs empty');
    return value;
  }

  private topDict(): PickleDict {
    const value = this.top();
    if (isOpaque(value)) return (value.items ??= new Map());
    if (!(value instanceof Map))
      throw this.faults.damaged('it sets items of something that is not a dictionary');
    return value;
  }

  private remember(index: number): void {
    this.make();
    this.memo.set(index, this.top());
  }

  private recall(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined)
      throw this.faults.damaged(`it recalls entry ${index}, which it never stored`);
    return value;
  }
}

function tuple(items: readonly PickleValue[]): PickleTuple {
  return { kind: 'tuple', items };
}

/** A Python int of any length, little-endian two's complement. */
function longOf(bytes: Uint8Array): number | bigint {
  // Longer numbers than these have no business beside weights; their low bytes would do no harm.
  let value = 0n;
  for (const byte of bytes.slice(0, 32).toReversed()) value = (value << 8n) | BigInt(byte);
  const signed = BigInt.asIntN(8 * Math.min(bytes.length, 32), value);
  const small = Number(signed);
  return Number.isSafeInteger(small) ? small : signed;
}

/** In a few words, without going into depths that a hostile file may have. */
function describe(value: PickleValue): string {
  const items = isTuple(value) ? value.items.slice(0, 5) : [value];
  return items.map((item) => (isName(item) ? item.name : typeof item)).join(', ');
}
