/** Names that a text gives one value and no other: `ROOT = Path("data")`, `const root = './data';`. */
import type { CodeLines } from './code-lines';
import { assignedPath } from './joined-paths';
import type { ConstantOf } from './string-literals';

/** Longer texts are data rather than code. */
const mostLines = 50_000;
const longestLine = 1000;

interface Assignment {
  readonly code: CodeLines;
  readonly line: number;
  /** Where its right side begins. */
  readonly column: number;
}

/** @param texts that share their names, as the cells of a notebook do; they are read when a name is asked for */
export function constantsOf(texts: readonly CodeLines[]): ConstantOf {
  const known = new Map<string, string | undefined>();
  let assignments: ReadonlyMap<string, readonly Assignment[]> | undefined;
  const constantOf = (name: string): string | undefined => {
    if (known.has(name)) return known.get(name);
    known.set(name, undefined); // while it is read
    assignments ??= assignmentsIn(texts);
    // In brackets it is an argument's name.
    const ofName = (assignments.get(name) ?? []).filter(
      ({ code, line }) => !code.isInBrackets(line),
    );
    const [only, another] = ofName;
    if (only === undefined || another !== undefined) return undefined;
    const value = assignedPath(only.code, only.line, only.column, name, constantOf);
    known.set(name, value);
    return value;
  };
  return constantOf;
}

const declaration =
  /^\s*(?:(?:export|const|let|var|val|final|static|readonly|public|private)\s+)*([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::.*|\+)?$/u;

function assignmentsIn(texts: readonly CodeLines[]): ReadonlyMap<string, readonly Assignment[]> {
  const found = new Map<string, Assignment[]>();
  for (const code of texts) {
    for (let line = 0; line < Math.min(code.count, mostLines); line += 1) {
      const text = code.textAt(line);
      const equals = text.indexOf('=');
      if (equals < 1 || text.length > longestLine || /[=>]/.test(text.charAt(equals + 1))) continue;
      const name = declaration.exec(text.slice(0, equals))?.[1];
      if (name === undefined) continue;
      const assignment = { code, line, column: equals + 1 };
      const others = found.get(name);
      if (others === undefined) found.set(name, [assignment]);
      else others.push(assignment);
    }
  }
  return found;
}
