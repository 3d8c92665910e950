/** Why ONNX Runtime or sharp cannot be loaded on a machine, and what its person can do about it. */
import { Failure } from '../shared/failure';

/** The machine as Node names it. */
export interface Machine {
  /** `process.platform`. */
  readonly os: string;
  /** `process.arch`. */
  readonly cpu: string;
  /** Whether its C library is musl's, as on Alpine; on Linux only. */
  readonly hasMusl: boolean;
}

/** What there are packages for; a test holds it to `scripts/package/targets.mjs`. */
export const packagedPlatforms = [
  'linux-x64',
  'linux-arm64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
];

export function thisMachine(): Machine {
  const { platform: os, arch: cpu } = process;
  return { os, cpu, hasMusl: os === 'linux' && !hasGlibc() };
}

/** Node's report names the version of glibc, where it runs on that. */
function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}

/** Whether what a process wrote at its end says that a native library of ours was not loaded. */
export function saysNotLoaded(output: string): boolean {
  return /ERR_DLOPEN_FAILED|cannot open shared object|Could not load the "sharp" module|Cannot find module '[^']*(onnxruntime|sharp|@img\/)/.test(
    output,
  );
}

/** @param output what the process wrote; goes to the log, and tells an old system from an incomplete package */
export function notLoaded(machine: Machine, output: string): Failure {
  const [why, nextStep] = explained(machine, output);
  return new Failure('platform-unsupported', `ViT Explainer cannot run here: ${why}.`, nextStep, {
    cause: output,
  });
}

const elsewhere =
  'Open the folder where there is one: in a Dev Container or on another machine over SSH with Linux such as Debian or Ubuntu. The extension then runs there.';

function explained(
  { os, cpu, hasMusl }: Machine,
  output: string,
): readonly [why: string, nextStep: string] {
  const platform = `${os}-${cpu}`;
  if (hasMusl) {
    return [
      'there is no build of ONNX Runtime for Alpine and other Linux systems with musl',
      elsewhere,
    ];
  }
  if (platform === 'darwin-x64') {
    return [
      'there is no build of ONNX Runtime any more for Macs with an Intel processor',
      elsewhere,
    ];
  }
  if (os === 'win32' && !packagedPlatforms.includes(platform)) {
    return [
      'there is no build of ONNX Runtime for Windows on 32 bits',
      'Install the 64-bit version of the editor, or open the folder in WSL.',
    ];
  }
  if (!packagedPlatforms.includes(platform))
    return [`there is no build of ONNX Runtime for ${platform}`, elsewhere];
  if (/GLIBC(XX)?_[\d.]+' not found/.test(output)) {
    return [
      'this system’s C or C++ library is older than ONNX Runtime needs (glibc 2.28, libstdc++ of GCC 8)',
      `Update the system. ${elsewhere}`,
    ];
  }
  if (os === 'win32' && /specified module could not be found/i.test(output)) {
    return [
      'Windows lacks a library that ONNX Runtime needs',
      `Install the Microsoft Visual C++ Redistributable (https://aka.ms/vs/17/release/vc_redist.${cpu}.exe) and try again.`,
    ];
  }
  return [
    `the native libraries of ONNX Runtime or sharp for ${platform} are not in this package, or cannot be loaded`,
    'Uninstall ViT Explainer and install it again from the Extensions view, which chooses the package for this machine. If that does not help, open the log for the name of the library.',
  ];
}
