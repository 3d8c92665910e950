/** Patterns of file names: `*`, `?`, `[a-c]`, `[!a]`, `{jpg,png}`; `**` is for whoever walks folders. */

export function isGlob(path: string): boolean {
  return /[*?]|\{[^{}]*,[^{}]*\}|\[[^\]]+\]/.test(path);
}

/** What a name (no `/`) has to look like; brackets and braces that are not closed stand for themselves. */
export function nameGlob(pattern: string): RegExp {
  const tokens = /\*+|\?|\[([!^]?)([^\]]+)\]|\{([^{},]*,[^{}]*)\}|[^]/g;
  const source = [...pattern.matchAll(tokens)].map(([token, not, characters, choices]) => {
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    if (characters !== undefined)
      return `[${not === undefined || not === '' ? '' : '^'}${characters.replace(/[\\\]^]/g, '\\$&')}]`;
    if (choices !== undefined) return `(?:${choices.split(',').map(escaped).join('|')})`;
    return escaped(token);
  });
  return new RegExp(`^${source.join('')}$`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
