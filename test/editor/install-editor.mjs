// Brings a real VS Code workbench and server (npm package `code-server`) and a Chromium into reach.
// Nothing is installed into the project itself: everything lies in `.cache/editor/<version>`.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWithApt } from '../apt.mjs';

export const repository = path.resolve(import.meta.dirname, '../..');
const cacheFolder = path.join(repository, '.cache', 'editor');

/** The editors tested: the oldest that `engines.vscode` admits, and a recent one. */
export const editorVersions = {
  minimum: { codeServer: '4.100.0', nodeMajor: 20, node: '20' },
  recent: { codeServer: '4.139.1', nodeMajor: 24, node: '24.21.0' },
};

const chromiumPaths = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Absolute path of a Chromium; installed with apt where that is possible, together with the Vulkan
 * loader, through which tests use the software GPU that Debian's Chromium brings.
 */
export function ensureChromium() {
  const found = () => chromiumPaths.find((candidate) => candidate && existsSync(candidate));
  const packages = [
    ...(found() ? [] : ['chromium', 'fonts-dejavu-core']),
    ...(hasVulkanLoader() ? [] : ['libvulkan1']),
  ];
  installWithApt(packages);
  const installed = found();
  if (!installed) {
    throw new Error(
      `The editor tests drive a Chromium, and none is installed. Install one (sudo apt-get install ${packages.join(' ')}) or name one in the variable CHROMIUM.`,
    );
  }
  return installed;
}

function hasVulkanLoader() {
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  return stdout?.includes('libvulkan.so.1') === true;
}

/**
 * Where one editor lies, installed on first use (about a minute, 400 MB).
 * @param {keyof typeof editorVersions} which
 * @returns {{ node: string, server: string, version: string }} the Node binary that runs it, its `server-main.js`, and the VS Code version
 */
export function ensureEditor(which = 'minimum') {
  const wanted = editorVersions[which];
  const folder = path.join(cacheFolder, wanted.codeServer);
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const nodeName = `node-linux-${process.arch}`;
  const ownNode = path.join(folder, 'node_modules', nodeName, 'bin', 'node');
  const needsOwnNode = Number(process.versions.node.split('.')[0]) !== wanted.nodeMajor;
  const stamp = path.join(folder, 'complete');
  if (!existsSync(stamp) || (needsOwnNode && !existsSync(ownNode))) {
    console.error(
      `Installing code-server ${wanted.codeServer} into ${path.relative(repository, folder)} …`,
    );
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    const nodePackage = needsOwnNode ? [`${nodeName}@${wanted.node}`] : [];
    npmInstall(folder, ['--no-save', `code-server@${wanted.codeServer}`, ...nodePackage]);
    npmInstall(vscode, ['--omit=dev']);
    npmInstall(path.join(vscode, 'extensions'), ['--omit=dev']);
    writeFileSync(stamp, '');
  }
  const { version } = JSON.parse(readFileSync(path.join(vscode, 'package.json'), 'utf8'));
  return {
    node: needsOwnNode ? ownNode : process.execPath,
    server: path.join(vscode, 'out', 'server-main.js'),
    version,
  };
}

/** No package scripts run: nothing is compiled, and what they would build is not used here. */
function npmInstall(cwd, args) {
  // The settings of a surrounding `npm run` belong to the project, not to the editor.
  const ofProject =
    /^npm_(config_(?!registry|cafile|proxy|https_proxy|userconfig|globalconfig)|lifecycle|package)/i;
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ofProject.test(name)),
  );
  execFileSync(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--engine-strict=false',
      '--loglevel=error',
      ...args,
    ],
    { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const which = process.argv.includes('--recent') ? 'recent' : 'minimum';
  const editor = ensureEditor(which);
  console.log(`VS Code ${editor.version}: ${editor.server}`);
  console.log(`Chromium: ${ensureChromium()}`);
}
