/** Which paths mean tar archives, and what is in them. */

/** By the name; `train-{0000..0012}.tar` is such a name too. */
export function isTar(file: string): boolean {
  return /\.tar$/i.test(file);
}

/** An archive that would have to be unpacked. */
export function isCompressedTar(file: string): boolean {
  return /\.(tgz|tbz2?|txz|tar\.\w+)$/i.test(file);
}

/** Where a path goes through an archive: `train-0000.tar/key.jpg`; undefined for any other. */
export function placeInTar(
  file: string,
): { readonly archive: string; readonly member: string } | undefined {
  const [, archive, member] = /^(.*?\.tar)[/\\](.+)$/i.exec(file) ?? [];
  if (archive === undefined || member === undefined) return undefined;
  return { archive, member: member.replaceAll('\\', '/') };
}

/** The first archive that a name with braces means: `train-0000.tar` of `train-{0000..0012}.tar`. */
export function firstArchive(name: string): string {
  return name.replace(/\{([^{},]*?)(?:\.\.|,)[^{}]*\}/g, '$1');
}
