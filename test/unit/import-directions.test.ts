/** Imports run one way: between the rooms of src as src/rooms.json says, and never in a circle. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import rooms from '../../src/rooms.json';

interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file of ours that is meant, relative to src; undefined for packages. */
  readonly file: string | undefined;
  /** Whether it is gone when the program runs. */
  readonly typeOnly: boolean;
}

const source = path.resolve(import.meta.dirname, '../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => /(?<!\.d)\.(ts|tsx|mjs)$/.test(file));
const importsOf = new Map(files.map((file) => [file, readImports(file)]));

function readImports(file: string): readonly Import[] {
  const text = readFileSync(path.join(source, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteral(specifier))
      found.push({ specifier: specifier.text, file: fileOf(file, specifier.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isOfTypes(node.importClause));
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isOfTypes(clause: ts.ImportClause | undefined): boolean {
  if (clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause?.namedBindings;
  return (
    clause?.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every(({ isTypeOnly }) => isTypeOnly)
  );
}

/** Of a relative specifier; files that are no code (styles, JSON) have no imports of their own. */
function fileOf(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const meant = path.posix.join(path.posix.dirname(from), specifier);
  const found = ['', '.ts', '.tsx', '.mjs'].find((ending) =>
    existsSync(path.join(source, meant + ending)),
  );
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is not there`);
  return meant + found;
}

function roomOf(file: string): string {
  return file.split('/', 1).join('');
}

/** `onnxruntime-node/x` is of the package `onnxruntime-node`, `node:fs` of `node`. */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** What runs when this file is loaded, itself included, with the way that leads there. */
function loadedBy(start: string): Map<string, string> {
  const ways = new Map([[start, start]]);
  for (const [file, way] of ways) {
    for (const { file: next, typeOnly } of importsOf.get(file) ?? [])
      if (!typeOnly && next !== undefined && !ways.has(next)) ways.set(next, `${way} → ${next}`);
  }
  return ways;
}

/** Circles of imports, types included, each once. */
function circles(): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const next of importsOf.get(file) ?? [])
      if (next.file !== undefined) visit(next.file, [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

describe('imports', () => {
  it('are read', () => {
    expect(files.length).toBeGreaterThan(300);
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(rooms).sort());
    expect(loadedBy('service/workroom.ts').has('engine/engine-error.ts')).toBe(true);
  });

  it.each(Object.entries(rooms))('of src/%s go where they may', (room, { imports, packages }) => {
    const allowed = [room, ...imports];
    const mayBe = (file: string): boolean =>
      allowed.some((one) => file.startsWith(`${one}/`) || file.startsWith(`${one}.`)) ||
      /^\.\.\/.*\.json$/.test(file);
    const known = new Set(packages);
    const wrong = files
      .filter((file) => roomOf(file) === room)
      .flatMap((file) =>
        (importsOf.get(file) ?? [])
          .filter((one) =>
            one.file === undefined ? !known.has(packageOf(one.specifier)) : !mayBe(one.file),
          )
          .map(({ specifier }) => `${file}: ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  it('make no circle', () => {
    expect(circles()).toEqual([]);
  });

  it.each(['extension/extension.ts', 'worker/client.ts'])(
    'of %s load nothing native',
    (program) => {
      const native = [...loadedBy(program)].flatMap(([file, way]) =>
        (importsOf.get(file) ?? [])
          .filter(({ specifier, typeOnly }) => !typeOnly && /^(onnxruntime-|sharp)/.test(specifier))
          .map(({ specifier }) => `${way} → ${specifier}`),
      );
      expect(native).toEqual([]);
    },
  );
});
