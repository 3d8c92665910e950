// Packages the extension: node scripts/package.mjs [--target linux-arm64 | --all] [--to-publish]
// One package a platform, this machine's unless told otherwise; each can be made on any machine.
// To publish, those are left out whose notices lack a licence text.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { installModules } from './package/install-modules.mjs';
import { addPapers, sbomFile, writeSbom } from './package/papers.mjs';
import { stage } from './package/stage.mjs';
import { ownTarget, packageFile, targets } from './package/targets.mjs';
import { vsceArguments } from './release/vsce-arguments.mjs';

const repository = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
const scratch = path.join(repository, '.cache', 'package');

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: ownTarget },
    all: { type: 'boolean', default: false },
    'to-publish': { type: 'boolean', default: false },
  },
});
const wanted = values.all ? Object.keys(targets) : [values.target];
for (const target of wanted) {
  if (!(target in targets)) {
    console.error(
      `There is no package for ${target}: ONNX Runtime and sharp have binaries for ${Object.keys(targets).join(', ')}.`,
    );
    process.exit(1);
  }
}

const programs = path.join(scratch, 'dist');
rmSync(programs, { recursive: true, force: true });
run(path.join(repository, 'esbuild.mjs'), ['--production', '--outdir', programs], repository);
for (const target of wanted) {
  const folder = path.join(scratch, target);
  installModules(repository, folder, target);
  stage(repository, folder, programs);
  const lacking = addPapers(repository, folder, target);
  if (values['to-publish'] && lacking.length > 0) {
    removePackages(target);
    // GitHub shows it with the run; elsewhere it is a line like any other.
    console.log(`::warning::No package for ${target} to publish. ${lacking.join(' ')}`);
    continue;
  }
  pack(folder, target);
}

/** Makes the package of a staged folder, in place of those of the same platform. */
function pack(folder, target) {
  const file = packageFile(repository, target);
  removePackages(target);
  run(
    path.join(repository, 'node_modules', '@vscode', 'vsce', 'vsce'),
    [
      ...['package', '--target', target, '--out', file],
      ...['--skip-license', ...vsceArguments(manifest)],
    ],
    folder,
  );
  writeSbom(repository, folder, target, file);
  console.log(
    `${path.basename(file)}, ${path.basename(sbomFile(file))}: ${(statSync(file).size / 1e6).toFixed(1)} MB`,
  );
}

function removePackages(target) {
  for (const name of readdirSync(repository)) {
    if (name.includes(`-${target}-`) && /\.(vsix|spdx\.json)$/.test(name))
      rmSync(path.join(repository, name));
  }
}

/** Runs a program of Node's, its output shown. */
function run(program, args, cwd) {
  execFileSync(process.execPath, [program, ...args], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
