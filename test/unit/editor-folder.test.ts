/** What `.vscode/` starts is there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Task {
  readonly label: string;
  readonly script: string;
}

interface Launch {
  readonly name: string;
  readonly program?: string;
  readonly args?: readonly string[];
  readonly preLaunchTask?: string;
}

const repository = path.resolve(import.meta.dirname, '../..');

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(repository, file), 'utf8'));
}

const { tasks } = read('.vscode/tasks.json') as { readonly tasks: readonly Task[] };
const launches = (read('.vscode/launch.json') as { readonly configurations: readonly Launch[] })
  .configurations;
const { scripts } = read('package.json') as { readonly scripts: Readonly<Record<string, string>> };

describe('tasks', () => {
  it.each(tasks)('$label runs a script of package.json', ({ script }) => {
    expect(Object.keys(scripts)).toContain(script);
  });
});

describe('launch configurations', () => {
  it.each(launches)('$name: what it starts is there', ({ program, args = [], preLaunchTask }) => {
    if (preLaunchTask !== undefined)
      expect(tasks.map(({ label }) => label)).toContain(preLaunchTask);
    const files = [program, ...args]
      .flatMap((text = '') => /\$\{workspaceFolder\}\/(\S+)$/.exec(text)?.[1] ?? [])
      .filter((file) => !file.startsWith('dist/'));
    for (const file of files)
      expect([file, existsSync(path.join(repository, file))]).toEqual([file, true]);
  });
});
