// Packages the extension for one platform: node scripts/package.mjs [--target linux-x64]
// The platform's native modules have to be installed; all others stay out of the package.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeNotices, writeSbom } from './licences/write.mjs';
import { vsceArguments } from './release/vsce-arguments.mjs';

const repository = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
const { name, version } = manifest;

/** Binaries of one platform, as patterns of the package's file list. */
const binaries = {
  'linux-x64': [
    'onnxruntime-node/bin/napi-v6/linux/x64/*',
    '@img/sharp-linux-x64/**',
    '@img/sharp-libvips-linux-x64/**',
  ],
  'linux-arm64': [
    'onnxruntime-node/bin/napi-v6/linux/arm64/*',
    '@img/sharp-linux-arm64/**',
    '@img/sharp-libvips-linux-arm64/**',
  ],
  'darwin-arm64': [
    'onnxruntime-node/bin/napi-v6/darwin/arm64/*',
    '@img/sharp-darwin-arm64/**',
    '@img/sharp-libvips-darwin-arm64/**',
  ],
  'win32-x64': ['onnxruntime-node/bin/napi-v6/win32/x64/*', '@img/sharp-win32-x64/**'],
  'win32-arm64': ['onnxruntime-node/bin/napi-v6/win32/arm64/*', '@img/sharp-win32-arm64/**'],
};

const { values } = parseArgs({
  options: { target: { type: 'string', default: `${process.platform}-${process.arch}` } },
});
const { target } = values;
const wanted = binaries[target];
if (!wanted) {
  console.error(
    `There is no package for ${target}: ONNX Runtime has binaries for ${Object.keys(binaries).join(', ')}.`,
  );
  process.exit(1);
}
for (const pattern of wanted) {
  const folder = path.join(repository, 'node_modules', pattern.replace(/\/\*+$/, ''));
  if (!existsSync(folder)) {
    const [os, cpu] = target.split('-');
    console.error(
      `${path.relative(repository, folder)} is not installed. Install the binaries of ${target} with: npm install --no-save --os=${os} --cpu=${cpu}`,
    );
    process.exit(1);
  }
}

const scratch = path.join(repository, '.cache', 'package');
mkdirSync(scratch, { recursive: true });
const ignoreFile = path.join(scratch, 'vscodeignore');
writeFileSync(
  ignoreFile,
  [
    readFileSync(path.join(repository, '.vscodeignore'), 'utf8'),
    ...wanted.map((pattern) => `!node_modules/${pattern}`),
    '',
  ].join('\n'),
);
for (const old of readdirSync(repository).filter((file) => /\.(vsix|spdx\.json)$/.test(file)))
  rmSync(path.join(repository, old));
const file = `${name}-${target}-${version}.vsix`;
execFileSync(process.execPath, ['esbuild.mjs', '--production'], {
  cwd: repository,
  stdio: ['ignore', 'inherit', 'inherit'],
});
writeNotices(target);
execFileSync(
  process.execPath,
  [
    path.join(repository, 'node_modules', '@vscode', 'vsce', 'vsce'),
    ...['package', '--target', target, '--ignoreFile', ignoreFile, '--out', file],
    ...['--skip-license', ...vsceArguments(manifest)],
  ],
  { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] },
);
writeSbom(target, path.join(repository, file));
const megabytes = statSync(path.join(repository, file)).size / 1e6;
console.log(`${file}: ${megabytes.toFixed(1)} MB`);
