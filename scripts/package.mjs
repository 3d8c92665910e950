// Packages the extension: node scripts/package.mjs [--target linux-arm64 | --all]
// One package a platform, this machine's unless told otherwise; each can be made on any machine.
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
  addPapers(repository, folder, target);
  pack(folder, target);
}

/** Makes the package of a staged folder, in place of those of the same platform. */
function pack(folder, target) {
  const file = packageFile(repository, target);
  for (const name of readdirSync(repository)) {
    if (name.includes(`-${target}-`) && /\.(vsix|spdx\.json)$/.test(name))
      rmSync(path.join(repository, name));
  }

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

/** Runs a program of Node's, its output shown. */
function run(program, args, cwd) {
  execFileSync(process.execPath, [program, ...args], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
