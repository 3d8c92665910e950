// What an installed package says of itself.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { keptText } from './texts.mjs';

/** Packages that come without their licence's text, or without all of it. */
const kept = {
  'onnxruntime-node': {
    texts: ['onnxruntime', 'onnxruntime-third-party'],
    about: 'ONNX Runtime, with its own notices of what it is built from.',
  },
  'onnxruntime-common': { texts: ['onnxruntime'] },
  '@bufbuild/protobuf': { texts: ['Apache-2.0', 'protobuf-varint'] },
  '@nodable/entities': { texts: ['nodable-entities'] },
};
const libvips = {
  texts: ['LGPL-3.0', 'GPL-3.0'],
  about:
    'libvips and the libraries it is built from, as a shared library of its own that may be exchanged. ' +
    'Their sources and the way they are built: https://github.com/lovell/sharp-libvips.',
};

/**
 * @param {string} modules The folder node_modules.
 * @param {string} name
 * @returns {import('./components.mjs').Component}
 * @throws {Error} where the package, its licence or its licence's text is not there.
 */
export function npmPackage(modules, name) {
  const folder = path.join(modules, name);
  const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const own = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  const more = kept[name] ?? (/^@img\/sharp-(libvips|win32)-/.test(name) ? libvips : undefined);
  const texts = [...own, ...(more?.texts ?? []).map(keptText)];
  if (typeof license !== 'string' || texts.length === 0) {
    throw new Error(
      `The package ${name} ${version} would ship without a licence text. Add one to scripts/licences/texts, name it in scripts/licences/npm-package.mjs, and say in scripts/licences/README.md where it is from.`,
    );
  }
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const archive = {
    address: `https://registry.npmjs.org/${name}/-/${path.basename(name)}-${version}.tgz`,
    sha512: sha512Of(modules, name),
  };
  return {
    name,
    version,
    licence: license,
    texts,
    purl,
    archive,
    ...(more?.about && { about: more.about }),
  };
}

/** Of the archive that npm installed, as it notes it beside the packages. */
function sha512Of(modules, name) {
  const { packages } = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8'));
  const [, digest] = /^sha512-(\S+)/.exec(packages[`node_modules/${name}`]?.integrity) ?? [];
  if (digest === undefined) throw new Error(`npm has noted no SHA-512 of the package ${name}.`);
  return Buffer.from(digest, 'base64').toString('hex');
}
