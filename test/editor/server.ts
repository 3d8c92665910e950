/** A VS Code server of the harness: own data folders, a free port, ended with its whole process group. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import manifest from '../../package.json';

/** What `install-editor.mjs` found or installed. */
export interface Editor {
  readonly node: string;
  readonly server: string;
  readonly version: string;
}

export interface EditorServer {
  readonly origin: string;
  readonly authority: string;
  /** Settings, extensions and storage of this run; removed by `stop`. */
  readonly dataFolder: string;
  stop(): Promise<void>;
}

/** Fewer moving parts: no welcome pages, no notifications, nothing that reaches for the network. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  // It would choose the file that was opened last, at a moment of its own.
  'explorer.autoReveal': false,
  'git.enabled': false,
};

export interface ServerOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packaged extensions to install first. */
  readonly vsix?: string;
  /**
   * A repository whose extension counts as installed. The driver that loads development extensions
   * refuses modal dialogs; it is left out then.
   */
  readonly installedFrom?: string;
  /** The folder of one more extension that counts as installed beside it, e.g. `test.name-0.0.0`. */
  readonly alongside?: string;
  /** Further variables for the server and, through it, the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a server and waits until it answers.
 * @throws when it ends early or does not answer within a minute; its output is in the message
 */
export async function startServer(
  editor: Editor,
  options: ServerOptions = {},
): Promise<EditorServer> {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-editor-'));
  const folders = [
    '--user-data-dir',
    path.join(dataFolder, 'data'),
    '--extensions-dir',
    path.join(dataFolder, 'extensions'),
    '--server-data-dir',
    path.join(dataFolder, 'server'),
  ];
  const env = {
    ...process.env,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    // Tells the processes below this server from those of another one.
    VIT_EXPLAINER_TEST_SERVER: dataFolder,
    ...options.env,
  };
  writeSettings(dataFolder, { ...quietSettings, ...options.settings });
  if (options.vsix !== undefined) {
    const installed = spawnSync(
      editor.node,
      [
        editor.server,
        ...folders,
        '--accept-server-license-terms',
        '--install-extension',
        options.vsix,
      ],
      { env, encoding: 'utf8' },
    );
    if (installed.status !== 0) {
      throw new Error(
        `Installing ${options.vsix} failed:\n${installed.stdout}\n${installed.stderr}`,
      );
    }
  }
  if (options.installedFrom !== undefined) {
    const extensions = path.join(dataFolder, 'extensions');
    mkdirSync(extensions, { recursive: true });
    const { publisher, name, version } = manifest;
    symlinkSync(options.installedFrom, path.join(extensions, `${publisher}.${name}-${version}`));
    if (options.alongside !== undefined)
      symlinkSync(options.alongside, path.join(extensions, path.basename(options.alongside)));
  }
  const port = await freePort();
  const child = spawn(
    editor.node,
    [
      editor.server,
      ...folders,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--accept-server-license-terms',
      ...(options.installedFrom === undefined ? ['--enable-smoke-test-driver'] : []),
      '--disable-telemetry',
      '--disable-workspace-trust',
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const stop = async (): Promise<void> => {
    await endGroup(child);
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(origin))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The VS Code server did not start:\n${output.join('')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin, authority: `127.0.0.1:${port}`, dataFolder, stop };
}

export interface WorkbenchOptions {
  readonly folder: string;
  /** Development extension's folder; left out when a packaged one is installed. */
  readonly extensionFolder?: string;
  /** Bundled in-host tests. */
  readonly testsFile?: string;
}

/** Where a browser finds a window on a folder. */
export function workbenchAddress(server: EditorServer, options: WorkbenchOptions): string {
  const remote = (folder: string): string => `vscode-remote://${server.authority}${folder}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (options.extensionFolder !== undefined)
    payload.push(['extensionDevelopmentPath', remote(options.extensionFolder)]);
  if (options.testsFile !== undefined)
    payload.push(['extensionTestsPath', remote(options.testsFile)]);
  const query = new URLSearchParams({ folder: options.folder, payload: JSON.stringify(payload) });
  return `${server.origin}/?${query.toString()}`;
}

/** Replaces the user's settings file. */
export function writeSettings(
  dataFolder: string,
  settings: Readonly<Record<string, unknown>>,
): void {
  const folder = path.join(dataFolder, 'data', 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
}

async function answers(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/version`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    return; // it had ended already
  }
  const pid = child.pid;
  const force = setTimeout(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // ended in the meantime
    }
  }, 5000);
  await ended;
  clearTimeout(force);
}
