// Runs the in-host tests in a desktop VS Code that @vscode/test-electron downloads. For machines
// that reach update.code.visualstudio.com; elsewhere npm run test:editor runs the same tests.
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { repository } from './install-editor.mjs';

const common = { bundle: true, platform: 'node', target: 'node20', absWorkingDir: repository };
await build({
  ...common,
  format: 'cjs',
  external: ['vscode'],
  define: { 'process.env.NO_PAGE': '"1"' },
  entryPoints: ['test/editor/host/index.ts'],
  outfile: 'out/electron/host.cjs',
});
await build({
  ...common,
  format: 'esm',
  packages: 'external',
  entryPoints: ['test/editor/sample-workspace.ts'],
  outfile: 'out/electron/sample-workspace.mjs',
});
const { sampleWorkspace } = await import(
  pathToFileURL(path.join(repository, 'out/electron/sample-workspace.mjs')).href
);
const report = path.join(repository, 'out/electron/host-report.json');
rmSync(report, { force: true });
const workspace = await sampleWorkspace(repository);
try {
  const vscodeExecutablePath = await downloadAndUnzipVSCode({
    version: process.argv[2] ?? '1.100.0',
    cachePath: path.join(repository, '.cache/electron'),
  });
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: repository,
    extensionTestsPath: path.join(repository, 'out/electron/host.cjs'),
    launchArgs: [workspace.folder, '--disable-extensions', '--disable-workspace-trust'],
  });
} catch (error) {
  console.error(String(error));
} finally {
  workspace.remove();
}
const outcomes = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : [];
for (const { name, passed, error } of outcomes)
  console.log(`${passed ? '✓' : '✗'} ${name}${error ? `\n    ${error}` : ''}`);
const passed = outcomes.filter((outcome) => outcome.passed).length;
// A run that reported nothing has failed.
const failed = outcomes.length === 0 ? 1 : outcomes.length - passed;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
