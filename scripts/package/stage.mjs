import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What the package has beside the programs and their modules; `.vscodeignore` chooses among it. */
const shipped = [
  ...['README.md', 'CHANGELOG.md', 'LICENSE', 'package.nls.json', '.vscodeignore'],
  ...['schemas', 'media', 'models/starter'],
];

/**
 * Lays the extension out as it is to be packaged, beside its modules: `folder` has nothing else then.
 * @param {string} repository
 * @param {string} folder where `installModules` was at work
 * @param {string} programs the folder of the built programs
 */
export function stage(repository, folder, programs) {
  for (const name of readdirSync(folder).filter((entry) => entry !== 'node_modules'))
    rmSync(path.join(folder, name), { recursive: true });
  for (const name of shipped.filter((entry) => existsSync(path.join(repository, entry))))
    cpSync(path.join(repository, name), path.join(folder, name), { recursive: true });
  cpSync(programs, path.join(folder, 'dist'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), manifest(repository));
}

/** The manifest without what concerns the repository alone. */
function manifest(repository) {
  const whole = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8'));
  delete whole.scripts;
  delete whole.devDependencies;
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
