import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Installs what the extension loads at run time, with the native modules of another platform, below
 * a folder of its own; once for a state of package-lock.json. `node_modules` of the repository stays
 * as it is. Scripts do not run: ONNX Runtime's would fetch CUDA, and its package has all platforms.
 * @param {string} repository
 * @param {string} folder
 * @param {string} target e.g. `linux-arm64`
 */
export function installModules(repository, folder, target) {
  const lock = path.join(repository, 'package-lock.json');
  const state = createHash('sha256').update(readFileSync(lock)).digest('hex');
  const modules = path.join(folder, 'node_modules');
  const stamp = path.join(modules, '.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(path.join(repository, name), path.join(folder, name));
  const [os, cpu] = target.split('-');
  execFileSync(
    'npm',
    [
      ...['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
      ...[`--os=${os}`, `--cpu=${cpu}`, '--libc=glibc'],
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
  );
  keepBinariesOf(path.join(modules, 'onnxruntime-node/bin/napi-v6'), os, cpu);
  writeFileSync(stamp, state);
}

/** Removes the binaries of all other platforms: 230 MB. */
function keepBinariesOf(binaries, os, cpu) {
  for (const otherOs of readdirSync(binaries)) {
    for (const otherCpu of readdirSync(path.join(binaries, otherOs))) {
      if (otherOs !== os || otherCpu !== cpu)
        rmSync(path.join(binaries, otherOs, otherCpu), { recursive: true });
    }
  }
}
