/** Names that a text gives one value and no other: `ROOT = Path("data")`, `const root = './data';`. */
import { pathOfExpression } from './image-path-at';
import type { ConstantOf } from './joined-paths';

/** Longer texts are data rather than code. */
const longestText = 500_000;

/** Each name is looked up once. */
export function constantsOf(text: string): ConstantOf {
  const known = new Map<string, string | undefined>();
  const constantOf = (name: string): string | undefined => {
    if (text.length > longestText || known.has(name)) return known.get(name);
    known.set(name, undefined);
    const [definition, another] = definitionsOf(name, text);
    if (definition === undefined || another !== undefined || names(definition, name)) {
      return undefined;
    }
    const value = pathOfExpression(definition, constantOf);
    known.set(name, value);
    return value;
  };
  return constantOf;
}

/** What stands to the right of `=`, in every line that assigns to the name. */
function definitionsOf(name: string, text: string): readonly string[] {
  const words = '(?:(?:export|const|let|var|val|final|static|readonly|public|private)[ \\t]+)*';
  const type = '(?::[^=\\n]*)?';
  const pattern = `^[ \\t]*${words}${name.replaceAll('$', '\\$')}[ \\t]*${type}\\+?=(?![=>])(.*)$`;
  return [...text.matchAll(new RegExp(pattern, 'gmu'))].map(([, right = '']) => right.trim());
}

/** Whether an expression depends on a name. */
function names(expression: string, name: string): boolean {
  return expression.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu)?.includes(name) ?? false;
}
