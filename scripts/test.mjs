// Runs every check of the project, one stage after another, and closes with what failed, by name,
// and one line: "N passed, N failed, N skipped". A stage that reports nothing counts as failed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { ensureChromium } from '../test/editor/install-editor.mjs';

const results = 'test-results';
mkdirSync(results, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };

/** What failed, a line each: told again at the end, for whoever sees only that of a long log. */
const failures = [];

/** Runs a command with its output shown; resolves to its exit code and what it printed. */
function run(command, args) {
  return new Promise((resolve) => {
    // On Windows npm and npx are scripts, which a shell has to start.
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], shell });
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('error', (error) => resolve({ code: 127, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** @param named how many failures of it have been named */
function count(stage, { passed, failed, skipped = 0 }, named = failed) {
  if (failed > named) failures.push(`${stage}: it failed outside of its tests`);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  console.log(`\n== ${stage}: ${passed} passed, ${failed} failed, ${skipped} skipped ==\n`);
}

/** A stage that is one check: its exit code. */
async function check(stage, command, args) {
  console.log(`\n== ${stage} ==`);
  const { code } = await run(command, args);
  count(stage, code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  if (code !== 0) failures.push(stage);
  return code === 0;
}

/** The failed tests of vitest's report, and the files that did not load. */
function failedTests({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative('.', name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : [];
    return failed.map(
      ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages[0])}`,
    );
  });
}

function firstLine(message = '') {
  return message.split('\n', 1)[0];
}

async function vitest() {
  console.log('\n== unit, parity, process and package tests ==');
  const report = `${results}/vitest.json`;
  rmSync(report, { force: true });
  const { code } = await run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  let counts = { passed: 0, failed: 1 };
  const before = failures.length;
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'));
    counts = {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
    };
    failures.push(...failedTests(json));
    // A file that does not load, or an unhandled error, fails the run without failing a test.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    if (counts.passed === 0) counts.failed += 1;
  } catch (error) {
    console.error(`vitest left no readable report: ${error}`);
  }
  count('unit, parity, process and package tests', counts, failures.length - before);
}

function whyLeftOut(args) {
  if (process.platform === 'win32') return 'the workbench in the browser does not run on Windows.';
  if (process.platform !== 'linux' && args.includes('--recent'))
    return 'the Node that a recent workbench needs is on npm for Linux alone, so it does not run here.';
  return undefined;
}

async function editor(stage, args) {
  console.log(`\n== ${stage} ==`);
  const leftOut = whyLeftOut(args);
  if (leftOut !== undefined) {
    console.log(`Left out: ${leftOut} npm run test:electron does.`);
    count(stage, { passed: 0, failed: 0, skipped: 1 });
    return;
  }
  const { code, output } = await run('npm', ['run', '--silent', 'test:editor', '--', ...args]);
  const closing = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  const counts = closing
    ? { passed: Number(closing[1]), failed: Number(closing[2]), skipped: Number(closing[3] ?? 0) }
    : { passed: 0, failed: 1 };
  if (counts.passed === 0 || (code !== 0 && counts.failed === 0)) counts.failed += 1;
  const checks = [...output.matchAll(/^✗ .*$/gm)].map(([line]) => `${stage}: ${line.slice(2)}`);
  failures.push(...checks);
  count(stage, counts, checks.length);
}

function suites(...names) {
  return names.flatMap((name) => ['--suite', name]);
}

// Before the first test: some unit and parity tests use it too, and leave themselves out without it.
try {
  await ensureChromium();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}

await check('types', 'npx', ['tsc', '--noEmit']);
await check('lint', 'npx', ['eslint', '.']);
await check('format', 'npx', ['prettier', '--check', '.']);
if (await check('build', 'npm', ['run', '--silent', 'build'])) {
  const arePackaged = await check('packages', 'npm', ['run', '--silent', 'package', '--', '--all']);
  await vitest();
  // Every suite on what people install; on the extension as it is developed, what differs there.
  if (arePackaged) await editor('editor, packaged extension', ['--vsix']);
  await editor('editor', suites('runHost', 'explain', 'assistant'));
  await editor('editor, recent VS Code', [
    '--recent',
    ...suites('runHost', 'explain', 'code', 'assistant'),
  ]);
}

for (const failure of failures) console.log(`✗ ${failure}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
