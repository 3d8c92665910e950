/** How an input fared. */
import { failureDataOf } from '../../../src/service/failure-data-of';

export type Verdict =
  | { readonly kind: 'answered'; readonly compared: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  | Fault;

export interface Fault {
  readonly kind: 'fault';
  /** What went wrong, alike for all inputs of its kind. */
  readonly what: string;
  readonly detail: string;
}

/** Words of a program that stumbled, which no sentence for a person holds. */
const stumbled =
  /\bundefined\b|\[object |is not a function|not iterable|Cannot read prop|(Type|Range|Reference)Error|Invalid (array|typed|string|BigInt)|Maximum call stack|ENOTDIR|EINVAL|ERR_|\bat \S+ \(/;
const longest = 3000;

export function fault(what: string, detail = ''): Fault {
  return { kind: 'fault', what, detail };
}

/** A refusal that a person can read, or what is wrong with it. */
export function refusal(thrown: unknown): Verdict {
  const { code, message, nextStep, detail = '' } = failureDataOf(thrown);
  if (code === 'internal') return fault(`unforeseen: ${message}`, detail);
  for (const words of [message, nextStep]) {
    if (stumbled.test(words)) return fault(`no words for a person: ${words}`, detail);
    if (words.length > longest)
      return fault(`${words.length} characters long`, words.slice(0, 500));
    if (!/[.?)”]$/.test(words.trim())) return fault(`no sentence: ${words}`, detail);
  }
  return { kind: 'refused', code, message };
}
