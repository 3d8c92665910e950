// Writes the settings and commands of the code's tables into package.json, and says which texts
// package.nls.json lacks; writes the JSON schema of models' manifests.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const repository = path.resolve(import.meta.dirname, '..');
const bundled = async (source) => {
  const outfile = path.join(repository, 'out', `${path.parse(source).name}.mjs`);
  await build({
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    absWorkingDir: repository,
    entryPoints: [source],
    outfile,
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
};
const { withTables, unmatchedTexts } = await bundled('src/extension/manifest.ts');
const { settingLists } = await bundled('scripts/setting-lists.ts');
const { manifestJsonSchema } = await bundled('src/store/manifest-json-schema.ts');
writeFileSync(
  path.join(repository, 'schemas', 'vit.schema.json'),
  `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n`,
);

const file = path.join(repository, 'package.json');
const manifest = withTables(JSON.parse(readFileSync(file, 'utf8')), settingLists);
writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);

const texts = JSON.parse(readFileSync(path.join(repository, 'package.nls.json'), 'utf8'));
const { missing, needless } = unmatchedTexts(manifest, texts);
for (const key of missing) console.error(`package.nls.json has no text "${key}": add it.`);
for (const key of needless)
  console.error(`package.nls.json has "${key}", which nothing shows: remove it.`);
process.exit(missing.length + needless.length === 0 ? 0 : 1);
