/**
 * A restricted reader of Python pickles, for state dicts: it makes plain data and what the names of
 * `pickle-names.ts` stand for, keeps any other object as a name, and runs nothing. Opcodes: CPython's pickletools, protocols 2 to 5.
 */
import { EngineError } from '../../engine-error';
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

class Unpickler {
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder();
  private readonly latin1 = new TextDecoder('latin1');
  private at = 0;
  private stack: PickleValue[] = [];
  private readonly marks: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly fileName: string,
    private readonly persistentLoad: PersistentLoad,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): Unpickled {
    for (;;) {
      const code = this.byte();
      if (code === 0x2e) return { value: this.pop(), length: this.at };
      this.step(code);
    }
  }

  private step(code: number): void {
    switch (code) {
      case 0x80: // PROTO
        this.skip(1);
        return;
      case 0x95: // FRAME
        this.skip(8);
        return;
      case 0x28: // MARK
        this.marks.push(this.stack);
        this.stack = [];
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
        this.push(this.view.getInt32(this.skip(4), true));
        return;
      case 0x4b: // BININT1
        this.push(this.byte());
        return;
      case 0x4d: // BININT2
        this.push(this.view.getUint16(this.skip(2), true));
        return;
      case 0x8a: // LONG1
        this.push(longOf(this.take(this.byte())));
        return;
      case 0x8b: // LONG4
        this.push(longOf(this.take(this.uint32())));
        return;
      case 0x47: // BINFLOAT
        this.push(this.view.getFloat64(this.skip(8), false));
        return;
      case 0x55: // SHORT_BINSTRING
        this.push(this.latin1.decode(this.take(this.byte())));
        return;
      case 0x54: // BINSTRING
        this.push(this.latin1.decode(this.take(this.uint32())));
        return;
      case 0x8c: // SHORT_BINUNICODE
        this.push(this.utf8.decode(this.take(this.byte())));
        return;
      case 0x58: // BINUNICODE
        this.push(this.utf8.decode(this.take(this.uint32())));
        return;
      case 0x8d: // BINUNICODE8
        this.push(this.utf8.decode(this.take(this.uint64())));
        return;
      case 0x43: // SHORT_BINBYTES
        this.push(this.take(this.byte()));
        return;
      case 0x42: // BINBYTES
        this.push(this.take(this.uint32()));
        return;
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        this.push(this.take(this.uint64()));
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
        this.pushName(`${this.line()}.${this.line()}`);
        return;
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.popSeveral(2);
        if (typeof module !== 'string' || typeof name !== 'string')
          throw this.damaged('it looks up something that is not a name');
        this.pushName(`${module}.${name}`);
        return;
      }
      case 0x69: {
        // INST
        const items = this.popMark();
        this.pushName(`${this.line()}.${this.line()}`);
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
        if (value === undefined) throw this.refused(`an outside object (${describe(id)})`);
        this.push(value);
        return;
      }
      case 0x68: // BINGET
        this.push(this.recall(this.byte()));
        return;
      case 0x6a: // LONG_BINGET
        this.push(this.recall(this.uint32()));
        return;
      case 0x71: // BINPUT
        this.memo.set(this.byte(), this.top());
        return;
      case 0x72: // LONG_BINPUT
        this.memo.set(this.uint32(), this.top());
        return;
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return;
      default:
        throw this.refused(
          `the pickle instruction 0x${code.toString(16)} at byte ${this.at - 1}, which no state dict has`,
        );
    }
  }

  private pushName(name: string): void {
    if (harmfulNames.test(name)) throw this.harmful(name);
    this.push({ kind: 'name', name });
  }

  private construct(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!isName(callee) && !isOpaque(callee))
      throw this.damaged('it calls something that is not a name');
    const constructor = isName(callee) ? constructors.get(callee.name) : undefined;
    if (!constructor) {
      this.push({ kind: 'opaque', name: callee.name });
      return;
    }
    const value = isTuple(args) ? constructor(args.items) : undefined;
    if (value === undefined) throw this.damaged(`“${callee.name}” has unfitting arguments`);
    this.push(value);
  }

  private build(state: PickleValue): void {
    const value = this.top();
    if (isOpaque(value)) value.state = state;
    else if (!mayBeBuilt(value)) throw this.damaged('it sets attributes on plain data');
  }

  /** To a list; objects of other kinds don't matter and lose what is appended to them. */
  private append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (isOpaque(list)) return;
    if (!Array.isArray(list)) throw this.damaged('it appends to something that is not a list');
    for (const item of items) list.push(item);
  }

  private setItems(dict: PickleDict, pairs: readonly PickleValue[]): void {
    if (pairs.length % 2 !== 0) throw this.damaged('a dictionary has a key without a value');
    for (let i = 0; i < pairs.length; i += 2) dict.set(pairs[i] ?? null, pairs[i + 1] ?? null);
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined) throw this.damaged('its stack runs empty');
    return value;
  }

  private popSeveral(count: number): PickleValue[] {
    if (this.stack.length < count) throw this.damaged('its stack runs empty');
    return this.stack.splice(-count);
  }

  private popMark(): PickleValue[] {
    const items = this.stack;
    const outer = this.marks.pop();
    if (!outer) throw this.damaged('its stack has no mark');
    this.stack = outer;
    return items;
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined) throw this.damaged('its stack runs empty');
    return value;
  }

  private topDict(): PickleDict {
    const value = this.top();
    if (isOpaque(value)) return (value.items ??= new Map());
    if (!(value instanceof Map))
      throw this.damaged('it sets items of something that is not a dictionary');
    return value;
  }

  private recall(index: number): PickleValue {
    const value = this.memo.get(index);
    if (value === undefined) throw this.damaged(`it recalls entry ${index}, which it never stored`);
    return value;
  }

  /** Passes `length` bytes and returns where they began. */
  private skip(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw this.damaged('it is cut off');
    this.at += length;
    return start;
  }

  private take(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  private byte(): number {
    return this.view.getUint8(this.skip(1));
  }

  private uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  private uint64(): number {
    return Number(this.view.getBigUint64(this.skip(8), true));
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.damaged('it is cut off');
    const text = this.utf8.decode(this.take(end - this.at));
    this.skip(1);
    return text;
  }

  private damaged(reason: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `The pickle in “${this.fileName}” is damaged: ${reason}.`,
      'Download or save the file again.',
    );
  }

  private harmful(name: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `“${this.fileName}” would call “${name}” when Python opens it: it holds more than weights, and was probably made to do harm. Code from a model file is never run here, so nothing happened.`,
      'Do not open it with torch.load either. Take the weights from a source that you trust, as safetensors.',
    );
  }

  private refused(what: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `“${this.fileName}” holds more than weights: ${what}. Code from a model file is never run, so it was not read.`,
      'Save the weights alone, with torch.save(model.state_dict(), …) or as safetensors.',
    );
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
