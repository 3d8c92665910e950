/**
 * The name of a member with forward slashes, without `./` before it.
 *
 * @returns undefined for a name that is absolute, leads out of the archive or holds what no name does
 */
export function memberName(written: string): string | undefined {
  const parts = written.split('/').filter((part, at) => part !== '.' && (part !== '' || at === 0));
  const strange = parts.some((part) => part === '' || part === '..' || /[\0\\]/.test(part));
  if (parts.length === 0 || strange || /^[a-z]:/i.test(written)) return undefined;
  return parts.join('/');
}
