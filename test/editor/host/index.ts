/** The in-host tests: the `vscode` API for real. Writes what it found to a file, whatever happens. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Outcome } from '../recorder';
import { activationTests } from './activation';
import { atRestTests } from './at-rest';
import { codeTests } from './code';
import type { HostTest } from './host-test';
import { panelTests } from './panels';
import { settingsTests } from './settings';

const tests: readonly HostTest[] = [
  ...activationTests,
  ...settingsTests,
  ...codeTests,
  ...panelTests,
  ...atRestTests,
];

/** Called by the editor. @throws when a test failed */
export async function run(): Promise<void> {
  const outcomes: Outcome[] = [];
  for (const { name, body } of tests) {
    const started = performance.now();
    let error: string | undefined;
    try {
      await body();
    } catch (thrown) {
      error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    }
    const seconds = (performance.now() - started) / 1000;
    outcomes.push({
      name,
      passed: error === undefined,
      seconds,
      ...(error !== undefined && { error }),
    });
  }
  mkdirSync(__dirname, { recursive: true });
  writeFileSync(path.join(__dirname, 'host-report.json'), JSON.stringify(outcomes));
  const failed = outcomes.filter((outcome) => !outcome.passed);
  if (failed.length > 0) throw new Error(`${failed.length} in-host tests failed`);
}
