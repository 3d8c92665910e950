/** The worker process as the extension uses it: started by the first call, gone when settings change or at the end. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { MethodInfo } from '../shared/explanation';
import type { CallName, Params, Result } from '../shared/protocol/calls';
import type { CallOptions, WorkerClient } from '../worker/client';
import { cacheFolders } from './models/cache-folders';
import { processSettings } from './settings';
import { touches } from './settings/read-setting';

export class WorkerHost implements vscode.Disposable {
  /** Read from the disk by the first call, not at the editor's start. */
  private client: Promise<WorkerClient> | undefined;
  private knownMethods: readonly MethodInfo[] | undefined;
  private readonly listener: vscode.Disposable;
  private readonly finished = new vscode.EventEmitter<void>();
  /** A call has come to its end, good or bad. */
  readonly onDidFinish = this.finished.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listener = vscode.workspace.onDidChangeConfiguration((change) => {
      if (touches(change, 'process')) this.restart();
    });
  }

  /** @throws Failure also `setting-invalid`, when the process cannot be started as the settings say */
  async call<Name extends CallName>(
    name: Name,
    params: Params<Name>,
    options?: CallOptions<Name>,
  ): Promise<Result<Name>> {
    const started = performance.now();
    try {
      const client = await this.start();
      return await client.call(name, params, options);
    } finally {
      this.log.debug(`${name} took ${Math.round(performance.now() - started)} ms`);
      this.finished.fire();
    }
  }

  /** The engine's methods, asked for once. */
  async methods(): Promise<readonly MethodInfo[]> {
    this.knownMethods ??= await this.call('methods', {});
    return this.knownMethods;
  }

  /** Ends the process if it is at nothing, so that it has no file open; the next call starts it again. */
  async rest(): Promise<void> {
    await (await this.client)?.rest();
  }

  dispose(): void {
    this.listener.dispose();
    this.finished.dispose();
    this.end();
  }

  private start(): Promise<WorkerClient> {
    if (this.client) return this.client;
    const settings = { ...processSettings(), cacheFolder: cacheFolders(this.context).work };
    const program = path.join(this.context.extensionPath, 'dist', 'worker.js');
    this.client = import('../worker/client').then(
      (part) =>
        new part.WorkerClient(program, settings, (line) => this.log.info(`[worker] ${line}`)),
    );
    return this.client;
  }

  /** Pending calls are cancelled; the next one starts a process with the new settings. */
  private restart(): void {
    this.log.info('Settings of the worker changed; it starts anew with the next request.');
    this.end();
  }

  private end(): void {
    void this.client?.then((client) => client.dispose());
    this.client = undefined;
  }
}
