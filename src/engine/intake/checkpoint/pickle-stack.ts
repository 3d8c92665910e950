/** The stack that a pickle's instructions work on, and what they make of its values. */
import type { PickleBudget } from './pickle-budget';
import type { PickleErrors } from './pickle-errors';
import { constructors, harmfulNames, mayBeBuilt } from './pickle-names';
import { isName, isOpaque, isTuple } from './pickle-value';
import type { PickleDict, PickleValue } from './pickle-value';

/** Every method throws EngineError `model-unreadable` where the stack does not hold what it needs. */
export class PickleStack {
  private values: PickleValue[] = [];
  private readonly marks: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    private readonly errors: PickleErrors,
    private readonly budget: PickleBudget,
  ) {}

  push(value: PickleValue): void {
    if (typeof value === 'object' && value !== null) this.budget.make();
    this.values.push(value);
  }

  pop(): PickleValue {
    const value = this.top();
    this.values.pop();
    return value;
  }

  top(): PickleValue {
    const value = this.values.at(-1);
    if (value === undefined) throw this.errors.damaged('its stack runs empty');
    return value;
  }

  popSeveral(count: number): PickleValue[] {
    if (this.values.length < count) throw this.errors.damaged('its stack runs empty');
    return this.values.splice(-count);
  }

  mark(): void {
    this.budget.make();
    this.marks.push(this.values);
    this.values = [];
  }

  /** All values above the latest mark. */
  popMark(): PickleValue[] {
    const items = this.values;
    const outer = this.marks.pop();
    if (!outer) throw this.errors.damaged('its stack has no mark');
    this.values = outer;
    return items;
  }

  /** @param index left out: the next one */
  store(index = this.memo.size): void {
    this.budget.make();
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined)
      throw this.errors.damaged(`it recalls entry ${index}, which it never stored`);
    this.push(value);
  }

  pushTuple(items: readonly PickleValue[]): void {
    this.push({ kind: 'tuple', items });
  }

  pushName(module: PickleValue | undefined, ofModule: PickleValue | undefined): void {
    if (typeof module !== 'string' || typeof ofModule !== 'string')
      throw this.errors.damaged('it looks up something that is not a name');
    const name = `${module}.${ofModule}`;
    if (harmfulNames.test(name)) throw this.errors.harmful(name);
    this.push({ kind: 'name', name });
  }

  /** Puts what a name makes of its arguments in the place of both. */
  construct(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!isName(callee) && !isOpaque(callee))
      throw this.errors.damaged('it calls something that is not a name');
    const constructor = isName(callee) ? constructors.get(callee.name) : undefined;
    if (!constructor) {
      this.push({ kind: 'opaque', name: callee.name });
      return;
    }
    const items = isTuple(args) ? args.items : [];
    for (const item of items) {
      if (Array.isArray(item)) this.budget.step(item.length);
      else if (isTuple(item)) this.budget.step(item.items.length);
    }
    const value = isTuple(args) ? constructor(items) : undefined;
    if (value === undefined) throw this.errors.damaged(`“${callee.name}” has unfitting arguments`);
    this.push(value);
  }

  build(): void {
    const state = this.pop();
    const value = this.top();
    if (isOpaque(value)) value.state = state;
    else if (!mayBeBuilt(value)) throw this.errors.damaged('it sets attributes on plain data');
  }

  /** To a list; objects of other kinds don't matter and lose what is appended to them. */
  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (isOpaque(list)) return;
    if (!Array.isArray(list))
      throw this.errors.damaged('it appends to something that is not a list');
    for (const item of items) list.push(item);
  }

  /** @param pairs key, value, key, value, … */
  setItems(pairs: readonly PickleValue[]): void {
    const dict = this.topDict();
    if (pairs.length % 2 !== 0) throw this.errors.damaged('a dictionary has a key without a value');
    for (let i = 0; i < pairs.length; i += 2) dict.set(pairs[i] ?? null, pairs[i + 1] ?? null);
  }

  private topDict(): PickleDict {
    const value = this.top();
    if (isOpaque(value)) return (value.items ??= new Map());
    if (!(value instanceof Map))
      throw this.errors.damaged('it sets items of something that is not a dictionary');
    return value;
  }
}
