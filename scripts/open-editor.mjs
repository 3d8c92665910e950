// Opens an editor with the extension on the sample photographs: the desktop VS Code where `code`
// is found, else the browser workbench of the test harness, whose address is printed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ensureEditor, repository } from '../test/editor/install-editor.mjs';

const folder = path.resolve(process.argv[2] ?? path.join(repository, 'media', 'samples'));
if (!existsSync(path.join(repository, 'dist', 'extension.js'))) {
  const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: repository, stdio: 'inherit' });
  if (built.status !== 0) process.exit(1);
}

const windows = process.platform === 'win32';
const hasCode = spawnSync('code', ['--version'], { stdio: 'ignore', shell: windows }).status === 0;
if (hasCode) {
  console.log(`Opening VS Code on ${folder}. Right-click a photograph: Explain Image with ViT.`);
  const { status } = spawnSync(
    'code',
    ['--new-window', `--extensionDevelopmentPath=${repository}`, folder],
    { stdio: 'inherit', shell: windows },
  );
  process.exit(status ?? 1);
}

const outfile = path.join(repository, 'out', 'editor', 'server.mjs');
await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  absWorkingDir: repository,
  entryPoints: ['test/editor/server.ts'],
  outfile,
  logLevel: 'warning',
});
const { startServer, workbenchAddress } = await import(pathToFileURL(outfile).href);
const server = await startServer(ensureEditor('minimum'));
const address = workbenchAddress(server, { folder, extensionFolder: repository });
console.log(`\nVS Code runs in your browser:\n\n  ${address}\n`);
console.log('Right-click a photograph: Explain Image with ViT. Ctrl+C here ends it.');
const opener = { darwin: 'open', linux: 'xdg-open' }[process.platform];
if (opener && (process.platform === 'darwin' || process.env.DISPLAY)) {
  spawn(opener, [address], { stdio: 'ignore', detached: true })
    .on('error', () => undefined) // the address is printed
    .unref();
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
