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
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  const { excludeNetwork = false } = report;
  // Otherwise a name server is asked about every connection of the extension host, and waited for.
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  report.excludeNetwork = excludeNetwork;
  return header?.glibcVersionRuntime !== undefined;
}

const notFound =
  /Cannot find module '(onnxruntime-|sharp|@img\/|[^']*(onnxruntime_binding\.node|[\\/]node_modules[\\/]))/;

/**
 * Whether what a process wrote at its end says that a native library of ours was not loaded. What
 * ONNX Runtime writes of drivers that it looks for in vain does not.
 */
export const saysNotLoaded = (output: string): boolean =>
  /ERR_DLOPEN_FAILED|Could not load the "sharp" module/.test(output) || notFound.test(output);

/** What the libraries need of a system; `test/packages/contents.test.ts` reads it in their headers. */
export const leastSystem = { glibc: '2.28', gcc: 8, macOS: 14 };

/**
 * @param output what was written at its end; goes to the log, and tells an old system from an incomplete package
 * @param words of the editor or of the command line
 */
export function notLoaded(machine: Machine, output: string, words = inEditor): Failure {
  const [why, nextStep] = explained(machine, output, words);
  return new Failure('platform-unsupported', `ViT Explainer cannot run here: ${why}.`, nextStep, {
    cause: output,
  });
}

/** What a person can do, by where it is read. */
type Remedies = Readonly<
  Record<'elsewhere' | 'programForArm' | 'programFor64' | 'tryAgain' | 'again', string>
>;

const inEditor: Remedies = {
  elsewhere:
    'Open the folder where there is one: in a Dev Container or on another machine over SSH with Linux such as Debian or Ubuntu. The extension then runs there.',
  programForArm: 'install the editor for that',
  programFor64: 'Install the 64-bit version of the editor, or open the folder in WSL.',
  tryAgain: 'try again. If that does not help, open the log for what Windows says',
  again:
    'Uninstall ViT Explainer and install it again from the Extensions view, which chooses the package for this machine. If that does not help, open the log for the name of the library.',
};

export const inTerminal: Remedies = {
  elsewhere:
    'Run it where there is one: in a container or on another machine with Linux such as Debian or Ubuntu.',
  programForArm: 'install Node for that',
  programFor64: 'Install the 64-bit version of Node, or run it in WSL.',
  tryAgain: 'try again. If that does not help, see what Windows says below',
  again:
    'Run npm ci on this machine, without leaving optional packages out, and try again. If that does not help, the name of the library is below.',
};

function explained(
  { os, cpu, hasMusl }: Machine,
  output: string,
  { elsewhere, programForArm, programFor64, tryAgain, again }: Remedies,
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
      'there is no build of ONNX Runtime any more for Macs with an Intel processor, nor for programs made for them',
      `On a Mac with Apple silicon, ${programForArm}. On another one: ${elsewhere}`,
    ];
  }
  if (os === 'win32' && !packagedPlatforms.includes(platform))
    return ['there is no build of ONNX Runtime for Windows on 32 bits', programFor64];

  if (!packagedPlatforms.includes(platform))
    return [`there is no build of ONNX Runtime for ${platform}`, elsewhere];
  if (/(GLIBC(XX)?|CXXABI)_[\d.]+' not found/.test(output)) {
    return [
      `this system’s C or C++ library is older than ONNX Runtime needs (glibc ${leastSystem.glibc}, libstdc++ of GCC ${leastSystem.gcc})`,
      `Update the system. ${elsewhere}`,
    ];
  }
  if (output.includes('require v2 microarchitecture')) {
    return [
      'this processor is older than sharp needs (x86-64-v2, as processors have it since about 2009; a virtual machine may hide it)',
      `In a virtual machine, choose a newer model of processor, or the host’s. Otherwise: ${elsewhere}`,
    ];
  }
  if (os === 'darwin' && /newer than running OS|Symbol not found/.test(output)) {
    return [
      `this macOS is older than ONNX Runtime needs (macOS ${leastSystem.macOS})`,
      `Update macOS. ${elsewhere}`,
    ];
  }

  // Windows gives its reason in its own language; of a file for another processor, each names “Win32”.
  if (os === 'win32' && output.includes('ERR_DLOPEN_FAILED') && !output.includes('Win32')) {
    return [
      'Windows lacks a library that ONNX Runtime needs, or has an old one',
      `Install the Microsoft Visual C++ Redistributable (https://aka.ms/vs/17/release/vc_redist.${cpu}.exe) and ${tryAgain}.`,
    ];
  }
  return [
    `the native libraries of ONNX Runtime or sharp for ${platform} are missing, or cannot be loaded`,
    again,
  ];
}
