// Libraries inside the binaries: those that libvips is built from, and those that lie beside ONNX
// Runtime on Windows. Names and licences of the former are those of @img/sharp-libvips' README.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { libvipsPackage } from './native.mjs';
import { keptText } from './texts.mjs';

const lgpl = { licence: 'LGPL-3.0-or-later', texts: ['LGPL-3.0', 'GPL-3.0'] };

/** By the names in `versions.json`: the library's name, its licence and the texts kept of it. */
const linked = {
  aom: { name: 'aom', licence: 'BSD-2-Clause AND LicenseRef-AOM-Patent-1.0', texts: ['aom'] },
  archive: { name: 'libarchive', licence: 'BSD-2-Clause', texts: ['libarchive'] },
  cairo: { name: 'cairo', licence: 'MPL-1.1', texts: ['MPL-1.1'] },
  cgif: { name: 'cgif', licence: 'MIT', texts: ['cgif'] },
  exif: { name: 'libexif', ...lgpl },
  expat: { name: 'expat', licence: 'MIT', texts: ['expat'] },
  ffi: { name: 'libffi', licence: 'MIT', texts: ['libffi'] },
  fontconfig: { name: 'fontconfig', licence: 'HPND-sell-variant', texts: ['fontconfig'] },
  freetype: { name: 'freetype', licence: 'FTL', texts: ['freetype'] },
  fribidi: { name: 'fribidi', ...lgpl },
  glib: { name: 'glib', ...lgpl },
  harfbuzz: { name: 'harfbuzz', licence: 'MIT-Modern-Variant', texts: ['harfbuzz'] },
  heif: { name: 'libheif', ...lgpl },
  highway: { name: 'highway', licence: 'BSD-3-Clause', texts: ['highway'] },
  imagequant: { name: 'libimagequant', licence: 'BSD-2-Clause', texts: ['libimagequant'] },
  lcms: { name: 'lcms', licence: 'MIT', texts: ['lcms'] },
  mozjpeg: { name: 'mozjpeg', licence: 'IJG AND BSD-3-Clause AND Zlib', texts: ['mozjpeg'] },
  pango: { name: 'pango', ...lgpl },
  pixman: { name: 'pixman', licence: 'MIT', texts: ['pixman'] },
  png: { name: 'libpng', licence: 'libpng-2.0', texts: ['libpng'] },
  'proxy-libintl': { name: 'proxy-libintl', ...lgpl },
  rsvg: { name: 'librsvg', ...lgpl },
  tiff: { name: 'libtiff', licence: 'libtiff', texts: ['libtiff'] },
  uhdr: { name: 'libultrahdr', licence: 'MIT', texts: ['libultrahdr'] },
  vips: { name: 'libvips', ...lgpl },
  webp: { name: 'libwebp', licence: 'BSD-3-Clause', texts: ['libwebp'] },
  xml2: { name: 'libxml2', licence: 'MIT', texts: ['libxml2'] },
  'zlib-ng': { name: 'zlib-ng', licence: 'Zlib', texts: ['zlib-ng'] },
};
/** Part of libvips itself, so without a version of its own. */
const withinLibvips = { name: 'libnsgif', licence: 'MIT', texts: ['libnsgif'] };

/** Files beside ONNX Runtime's own. */
const besideRuntime = {
  'DirectML.dll': {
    name: 'DirectML',
    licence: 'LicenseRef-Microsoft-DirectML',
    lacking:
      'Microsoft’s licence terms of DirectML.dll are in LICENSE.txt of the NuGet package Microsoft.AI.DirectML; a copy has yet to be put into scripts/licences/texts.',
  },
  'dxcompiler.dll': { name: 'DirectX Shader Compiler', licence: 'NCSA', texts: ['dxcompiler'] },
  'dxil.dll': {
    name: 'DirectX IL signing library',
    licence: 'LicenseRef-Microsoft-DXIL',
    lacking:
      'Microsoft’s licence terms of dxil.dll are in LICENSE-MS.txt of the DirectX Shader Compiler’s releases; a copy has yet to be put into scripts/licences/texts.',
  },
};
const ofRuntime =
  /^(onnxruntime_binding\.node|onnxruntime\.dll|libonnxruntime(\.[\d.]+)?\.(dylib|so(\.\d+)*))$/;

/**
 * @param {string} modules The folder node_modules.
 * @param {string} target
 * @returns {import('./components.mjs').Component[]}
 * @throws {Error} where a library is not known here.
 */
export function linkedLibraries(modules, target) {
  const folder = path.join(modules, libvipsPackage(target));
  const versions = JSON.parse(readFileSync(path.join(folder, 'versions.json'), 'utf8'));
  const libraries = Object.entries(versions).map(([key, version]) =>
    component(linked[key], version, `${libvipsPackage(target)} holds ${key}`),
  );
  const bin = path.join(modules, 'onnxruntime-node/bin/napi-v6', target.replace('-', '/'));
  const files = existsSync(bin) ? readdirSync(bin).filter((file) => !ofRuntime.test(file)) : [];
  const beside = files.map((file) =>
    component(besideRuntime[file], '', `onnxruntime-node for ${target} holds ${file}`),
  );
  return [...libraries, component(withinLibvips, '', ''), ...beside];
}

function component(known, version, held) {
  if (known === undefined) {
    throw new Error(
      `${held}, of which scripts/licences/linked-libraries.mjs knows no licence. Add its text to scripts/licences/texts, and its row there.`,
    );
  }
  return { ...known, version, texts: (known.texts ?? []).map(keptText) };
}
