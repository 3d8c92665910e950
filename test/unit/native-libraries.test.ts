/** What a person reads where ONNX Runtime or sharp cannot be loaded, by machine and cause. */
import { expect, it } from 'vitest';
import { targets } from '../../scripts/package/targets.mjs';
import { deathOf } from '../../src/worker/death';
import {
  inTerminal,
  notLoaded,
  packagedPlatforms,
  saysNotLoaded,
  thisMachine,
} from '../../src/service/native-libraries';

const machine = (os: string, cpu: string, hasMusl = false) => ({ os, cpu, hasMusl });
const sharpMissing = 'Error: Could not load the "sharp" module using the darwin-x64 runtime';
const bindingMissing =
  "Error: Cannot find module '../bin/napi-v6/win32/ia32/onnxruntime_binding.node'";
const oldGlibc =
  "/lib/x86_64-linux-gnu/libm.so.6: version `GLIBC_2.27' not found (required by libonnxruntime.so.1)\n  code: 'ERR_DLOPEN_FAILED'";
const oldLibstdcxx =
  "/usr/lib64/libstdc++.so.6: version `CXXABI_1.3.11' not found (required by libonnxruntime.so.1)\n  code: 'ERR_DLOPEN_FAILED'";
const oldProcessor =
  'Error: Could not load the "sharp" module using the linux-x64 runtime\nUnsupported CPU: Prebuilt binaries for Linux x64 require v2 microarchitecture';
const oldMacos =
  "Error: dlopen(onnxruntime_binding.node, 0x0001): Symbol not found: __ZNSt3__1 (built for macOS 14.0 which is newer than running OS)\n  code: 'ERR_DLOPEN_FAILED'";
const inGerman = "Error: Das angegebene Modul wurde nicht gefunden.\n  code: 'ERR_DLOPEN_FAILED'";
const forAnotherProcessor =
  "Error: \\\\?\\C:\\a.node ist keine zulässige Win32-Anwendung.\n  code: 'ERR_DLOPEN_FAILED'";
const noRedistributable =
  "Error: The specified module could not be found.\n\\\\?\\C:\\Users\\a\\onnxruntime_binding.node\n  code: 'ERR_DLOPEN_FAILED'";

it.each([
  ['an Intel Mac', machine('darwin', 'x64'), sharpMissing, /Intel processor/, /Dev Container|SSH/],
  [
    'a Mac with Apple silicon and an editor for Intel',
    machine('darwin', 'x64'),
    sharpMissing,
    /programs made for them/,
    /^On a Mac with Apple silicon, install the editor for that/,
  ],
  ['Alpine', machine('linux', 'x64', true), sharpMissing, /Alpine .*musl/, /Debian or Ubuntu/],
  ['Alpine on ARM', machine('linux', 'arm64', true), sharpMissing, /musl/, /Dev Container/],
  ['Windows on 32 bits', machine('win32', 'ia32'), bindingMissing, /32 bits/, /64-bit.*WSL/],
  ['a Raspberry Pi on 32 bits', machine('linux', 'arm'), bindingMissing, /linux-arm/, /SSH/],
  ['an old Linux', machine('linux', 'x64'), oldGlibc, /glibc 2\.28/, /Update the system/],
  ['an old C++ library', machine('linux', 'x64'), oldLibstdcxx, /libstdc\+\+/, /Update the system/],
  ['an old processor', machine('linux', 'x64'), oldProcessor, /x86-64-v2/, /virtual machine/],
  ['an old macOS', machine('darwin', 'arm64'), oldMacos, /macOS 14/, /Update macOS/],
  ['Windows in German', machine('win32', 'x64'), inGerman, /lacks a library/, /vc_redist\.x64/],
  [
    'Windows with a file for another processor',
    machine('win32', 'arm64'),
    forAnotherProcessor,
    /are missing/,
    /install it again/,
  ],
  [
    'Windows without the C++ runtime',
    machine('win32', 'x64'),
    noRedistributable,
    /lacks a library/,
    /Visual C\+\+ Redistributable \(https:\/\/aka\.ms\/vs\/17\/release\/vc_redist\.x64\.exe\)/,
  ],
  [
    'the package of another platform',
    machine('win32', 'arm64'),
    bindingMissing,
    /for win32-arm64 are missing/,
    /install it again/,
  ],
])('says on %s why, and what to do', (_name, where, output, why, nextStep) => {
  expect(saysNotLoaded(output)).toBe(true);
  const failure = notLoaded(where, output);
  expect(failure.code).toBe('platform-unsupported');
  expect(failure.message).toMatch(/^ViT Explainer cannot run here: .+\.$/);
  expect(failure.message).toMatch(why);
  expect(failure.nextStep).toMatch(nextStep);
  expect(failure.cause).toBe(output);
  // Who has no editor is sent to nothing of it.
  expect(notLoaded(where, output, inTerminal).nextStep).not.toMatch(/editor|log|folder|Extensions/);
});

it('knows the platforms that there are packages for', () => {
  expect(packagedPlatforms).toEqual(Object.keys(targets));
});

it('tells this machine’s C library', () => {
  const { os, cpu, hasMusl } = thisMachine();
  expect([os, cpu]).toEqual([process.platform, process.arch]);
  // The packages of this checkout were loaded on it, and there is none for musl.
  expect(hasMusl).toBe(false);
});

it('leaves other deaths what they are', () => {
  for (const output of [
    '',
    "Error: Cannot find module '/ext/dist/worker.js'",
    "Error: Cannot find module '/home/sharp/ext/dist/worker.js'",
    'libvulkan.so.1: cannot open shared object file: No such file or directory',
    'heap out of memory',
  ])
    expect(deathOf(1, output).code).toBe('worker-died');
  expect(deathOf(1, sharpMissing).code).toBe('platform-unsupported');
});
