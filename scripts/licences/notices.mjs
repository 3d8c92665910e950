// The notices that go into a package: what others made in it, and under which terms.

/**
 * @param {string} target Such as `linux-x64`.
 * @param {readonly import('./components.mjs').Component[]} components
 * @returns {string} The text of THIRD_PARTY_NOTICES.txt. A text that several share is given once.
 */
export function notices(target, components) {
  const shared = sharedTexts(components);
  const line = '='.repeat(80);
  const parts = components.map(({ name, version, licence, about, texts, lacking }) =>
    [
      line,
      `${name}${version && ` ${version}`}`,
      `Licence: ${licence}`,
      ...(about === undefined ? [] : [about]),
      ...(lacking === undefined ? [] : ['', lacking]),
      ...texts.flatMap((text) => [
        '',
        shared.has(text) ? `See “${shared.get(text)}” below.` : text,
      ]),
      '',
    ].join('\n'),
  );
  const appendix = [...shared].map(([text, title]) => [line, title, '', text, ''].join('\n'));
  return [
    `What is in the package of ViT Explainer for ${target} and was made by others. Each part is listed`,
    'with its licence; texts that several parts share stand once, at the end.',
    '',
    'This software is based in part on the work of the Independent JPEG Group.',
    '',
    ...components.map(
      ({ name, version, licence }) => `- ${name}${version && ` ${version}`}: ${licence}`,
    ),
    '',
    ...parts,
    ...appendix,
  ].join('\n');
}

/** Texts that more than one component has, with a title made of its first words. */
function sharedTexts(components) {
  const counts = new Map();
  for (const { texts } of components)
    for (const text of new Set(texts)) counts.set(text, (counts.get(text) ?? 0) + 1);
  const repeated = [...counts].filter(([, count]) => count > 1).map(([text]) => text);
  return new Map(repeated.map((text, index) => [text, `Text ${index + 1}: ${title(text)}`]));
}

const title = (text) =>
  text
    .split('\n', 3)
    .map((words) => words.trim())
    .filter((words) => words !== '')
    .slice(0, 2)
    .join(', ');
