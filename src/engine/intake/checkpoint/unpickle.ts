/**
 * A restricted reader of Python pickles, for state dicts: it makes plain data and what the names of
 * `pickle-names.ts` stand for, keeps any other object as a name, and runs nothing.
 */
import { PickleBudget } from './pickle-budget';
import { PickleBytes } from './pickle-bytes';
import { PickleErrors } from './pickle-errors';
import { PickleStack } from './pickle-stack';
import { isName, isTuple } from './pickle-value';
import type { PickleValue } from './pickle-value';

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
  const errors = new PickleErrors(fileName);
  const read = new PickleBytes(bytes, errors);
  const budget = new PickleBudget(errors);
  const stack = new PickleStack(errors, budget);
  for (;;) {
    const code = read.uint8();
    if (code === stop) return { value: stack.pop(), length: read.length };
    budget.step();
    if (code === persistentId) {
      const id = stack.pop();
      const value = persistentLoad(id);
      if (value === undefined) throw errors.refused(`an outside object (${describe(id)})`);
      stack.push(value);
      continue;
    }
    const instruction = instructions.get(code);
    if (!instruction) {
      throw errors.refused(
        `the pickle instruction 0x${code.toString(16)} at byte ${read.length - 1}, which no state dict has`,
      );
    }
    instruction(stack, read);
  }
}

const stop = 0x2e;
const persistentId = 0x51;

type Instruction = (stack: PickleStack, read: PickleBytes) => void;

/** By opcode: CPython's pickletools, protocols 2 to 5. */
const instructions: ReadonlyMap<number, Instruction> = new Map<number, Instruction>([
  /* PROTO */ [0x80, (_, read) => read.skip(1)],
  /* FRAME */ [0x95, (_, read) => read.skip(8)],

  /* MARK */ [0x28, (stack) => stack.mark()],
  /* POP */ [0x30, (stack) => stack.pop()],
  /* POP_MARK */ [0x31, (stack) => stack.popMark()],
  /* DUP */ [0x32, (stack) => stack.push(stack.top())],
  /* BINGET */ [0x68, (stack, read) => stack.recall(read.uint8())],
  /* LONG_BINGET */ [0x6a, (stack, read) => stack.recall(read.uint32())],
  /* BINPUT */ [0x71, (stack, read) => stack.store(read.uint8())],
  /* LONG_BINPUT */ [0x72, (stack, read) => stack.store(read.uint32())],
  /* MEMOIZE */ [0x94, (stack) => stack.store()],

  /* NONE */ [0x4e, (stack) => stack.push(null)],
  /* NEWTRUE */ [0x88, (stack) => stack.push(true)],
  /* NEWFALSE */ [0x89, (stack) => stack.push(false)],
  /* BININT */ [0x4a, (stack, read) => stack.push(read.int32())],
  /* BININT1 */ [0x4b, (stack, read) => stack.push(read.uint8())],
  /* BININT2 */ [0x4d, (stack, read) => stack.push(read.uint16())],
  /* LONG1 */ [0x8a, (stack, read) => stack.push(read.integer(read.uint8()))],
  /* LONG4 */ [0x8b, (stack, read) => stack.push(read.integer(read.uint32()))],
  /* BINFLOAT */ [0x47, (stack, read) => stack.push(read.float64())],
  /* SHORT_BINSTRING */ [0x55, (stack, read) => stack.push(read.latin1(read.uint8()))],
  /* BINSTRING */ [0x54, (stack, read) => stack.push(read.latin1(read.uint32()))],
  /* SHORT_BINUNICODE */ [0x8c, (stack, read) => stack.push(read.utf8(read.uint8()))],
  /* BINUNICODE */ [0x58, (stack, read) => stack.push(read.utf8(read.uint32()))],
  /* BINUNICODE8 */ [0x8d, (stack, read) => stack.push(read.utf8(read.uint64()))],
  /* SHORT_BINBYTES */ [0x43, (stack, read) => stack.push(read.take(read.uint8()))],
  /* BINBYTES */ [0x42, (stack, read) => stack.push(read.take(read.uint32()))],
  /* BINBYTES8 */ [0x8e, (stack, read) => stack.push(read.take(read.uint64()))],
  /* BYTEARRAY8 */ [0x96, (stack, read) => stack.push(read.take(read.uint64()))],

  /* EMPTY_LIST */ [0x5d, (stack) => stack.push([])],
  /* EMPTY_SET */ [0x8f, (stack) => stack.push([])],
  /* LIST */ [0x6c, (stack) => stack.push(stack.popMark())],
  /* FROZENSET */ [0x91, (stack) => stack.push(stack.popMark())],
  /* APPEND */ [0x61, (stack) => stack.append([stack.pop()])],
  /* APPENDS */ [0x65, (stack) => stack.append(stack.popMark())],
  /* ADDITEMS */ [0x90, (stack) => stack.append(stack.popMark())],
  /* EMPTY_TUPLE */ [0x29, (stack) => stack.pushTuple([])],
  /* TUPLE1 */ [0x85, (stack) => stack.pushTuple(stack.popSeveral(1))],
  /* TUPLE2 */ [0x86, (stack) => stack.pushTuple(stack.popSeveral(2))],
  /* TUPLE3 */ [0x87, (stack) => stack.pushTuple(stack.popSeveral(3))],
  /* TUPLE */ [0x74, (stack) => stack.pushTuple(stack.popMark())],
  /* EMPTY_DICT */ [0x7d, (stack) => stack.push(new Map())],
  /* DICT */ [0x64, dictionary],
  /* SETITEM */ [0x73, (stack) => stack.setItems(stack.popSeveral(2))],
  /* SETITEMS */ [0x75, (stack) => stack.setItems(stack.popMark())],

  /* GLOBAL */ [0x63, (stack, read) => stack.pushName(read.line(), read.line())],
  /* STACK_GLOBAL */ [0x93, nameFromStack],
  /* REDUCE */ [0x52, (stack) => stack.construct()],
  /* NEWOBJ */ [0x81, (stack) => stack.construct()],
  /* NEWOBJ_EX */ [0x92, newObjectWithKeywords],
  /* INST */ [0x69, instance],
  /* BUILD */ [0x62, (stack) => stack.build()],
]);

function dictionary(stack: PickleStack): void {
  const pairs = stack.popMark();
  stack.push(new Map());
  stack.setItems(pairs);
}

function nameFromStack(stack: PickleStack): void {
  const [module, name] = stack.popSeveral(2);
  stack.pushName(module, name);
}

/** Keywords decide nothing that matters here. */
function newObjectWithKeywords(stack: PickleStack): void {
  stack.pop();
  stack.construct();
}

function instance(stack: PickleStack, read: PickleBytes): void {
  const args = stack.popMark();
  stack.pushName(read.line(), read.line());
  stack.pushTuple(args);
  stack.construct();
}

/** In a few words, without going into depths that a hostile file may have. */
function describe(value: PickleValue): string {
  const items = isTuple(value) ? value.items.slice(0, 5) : [value];
  return items.map((item) => (isName(item) ? item.name : typeof item)).join(', ');
}
