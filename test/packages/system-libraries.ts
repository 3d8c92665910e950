/**
 * The native libraries that a system has by itself. Whatever else a binary needs has to be in the
 * package.
 */
const linux =
  /^(lib(c|m|dl|pthread|rt|resolv)\.so\.\d|libstdc\+\+\.so\.6|libgcc_s\.so\.1|ld-linux-(x86-64|aarch64)\.so\.\d)$/;
const darwin = /^(\/usr\/lib\/|\/System\/Library\/Frameworks\/)/;
const windows = new RegExp(
  `^((${[
    ...['kernel32', 'ntdll', 'user32', 'advapi32', 'shell32', 'shlwapi', 'ole32', 'oleaut32'],
    ...['ws2_32', 'dnsapi', 'iphlpapi', 'bcrypt', 'bcryptprimitives', 'setupapi', 'dbghelp'],
    ...['d3d12', 'dxgi', 'api-ms-win-[\\w-]+'],
  ].join('|')})\\.dll|node\\.exe)$`,
  'i',
);

/**
 * What Windows has only once the Microsoft Visual C++ Redistributable is installed, as it is with
 * most programs. Where it is missing, the person is told (`src/service/native-libraries.ts`).
 */
const visualCpp = /^(msvcp140(_1|_atomic_wait)?|vcruntime140(_1)?)\.dll$/i;

export function isOfSystem(library: string, target: string): boolean {
  if (target.startsWith('linux')) return linux.test(library);
  if (target.startsWith('darwin')) return darwin.test(library);
  return windows.test(library) || visualCpp.test(library);
}
