/** What a checkpoint's weights do not tell, as a person states it. */
import * as v from 'valibot';
import { architectureSchema, type StatedArchitecture } from '../../shared/architecture';

export type ArchitectureFact = keyof StatedArchitecture;

/** What may be chosen; undefined: it is typed. */
export const factChoices: Readonly<Partial<Record<ArchitectureFact, readonly string[]>>> = {
  activation: ['gelu', 'gelu-tanh', 'quick-gelu', 'relu'],
  readout: ['class-token', 'patch-mean'],
};

const names: Readonly<Record<ArchitectureFact, string>> = {
  weights: 'Path of the weights in the file',
  heads: 'Attention heads',
  grid: 'Rows × columns of patches',
  activation: 'Activation',
  readout: 'What the head reads',
  normEpsilon: 'LayerNorm epsilon',
};

const wanted: Readonly<Record<ArchitectureFact, string>> = {
  weights: 'the keys that lead to them',
  heads: 'a whole number from 1 to 4096',
  grid: 'two whole numbers from 1 to 4096',
  activation: 'one of the list',
  readout: 'one of the list',
  normEpsilon: 'a number from 0 to 1',
};

export function nameOfFact(fact: ArchitectureFact): string {
  return names[fact];
}

/** The fact of a field of the manifest: `architecture.heads`. */
export function architectureFactOf(field: string): ArchitectureFact | undefined {
  const facts = Object.keys(names) as ArchitectureFact[];
  return facts.find((fact) => field === `architecture.${fact}`);
}

export function factAsText(value: string | number | readonly number[] | undefined): string {
  return value === undefined ? '' : typeof value === 'object' ? value.join(' × ') : String(value);
}

export type StatedFact =
  { readonly architecture: StatedArchitecture } | { readonly problem: string };

/** What a typed text states beside what is stated already. */
export function withFact(
  before: StatedArchitecture | undefined,
  fact: ArchitectureFact,
  text: string,
): StatedFact {
  const { success, output } = v.safeParse(architectureSchema, {
    ...before,
    [fact]: valueOf(fact, text.trim()),
  });
  return success ? { architecture: output } : { problem: `That has to be ${wanted[fact]}.` };
}

function valueOf(fact: ArchitectureFact, text: string): unknown {
  switch (fact) {
    case 'heads':
    case 'normEpsilon':
      return text === '' ? text : Number(text);
    case 'grid':
      return text.split(/[×x,\s]+/).map(Number);
    default:
      return text;
  }
}
