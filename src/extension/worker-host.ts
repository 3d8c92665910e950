/** The worker process as the extension uses it: started by the first call, gone when settings change or at the end. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { MethodInfo } from '../shared/explanation';
import type { CallName, WorkerCalls } from '../shared/worker-protocol';
import { WorkerClient, type CallOptions } from '../worker/client';
import { affectsProcess, processSettings } from './settings';

export class WorkerHost implements vscode.Disposable {
  #client: WorkerClient | undefined;
  #methods: readonly MethodInfo[] | undefined;
  readonly #listener: vscode.Disposable;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#listener = vscode.workspace.onDidChangeConfiguration((change) => {
      if (affectsProcess(change)) this.#restart();
    });
  }

  /** Process id of the worker, while there is one. */
  get processId(): number | undefined {
    return this.#client?.processId;
  }

  /** @throws Failure also `setting-invalid`, when the process cannot be started as the settings say */
  async call<Name extends CallName>(
    name: Name,
    params: WorkerCalls[Name]['params'],
    options?: CallOptions,
  ): Promise<WorkerCalls[Name]['result']> {
    const started = performance.now();
    const result = await this.#start().call(name, params, options);
    this.log.debug(`${name} took ${Math.round(performance.now() - started)} ms`);
    return result;
  }

  /** The engine's methods, asked for once. */
  async methods(): Promise<readonly MethodInfo[]> {
    this.#methods ??= await this.call('methods', {});
    return this.#methods;
  }

  dispose(): void {
    this.#listener.dispose();
    this.#client?.dispose();
  }

  #start(): WorkerClient {
    this.#client ??= new WorkerClient(
      path.join(this.context.extensionPath, 'dist', 'worker.js'),
      {
        ...processSettings(),
        cacheFolder: path.join(this.context.globalStorageUri.fsPath, 'graphs'),
      },
      (line) => this.log.info(`[worker] ${line}`),
    );
    return this.#client;
  }

  /** Pending calls are cancelled; the next one starts a process with the new settings. */
  #restart(): void {
    this.log.info('Settings of the worker changed; it starts anew with the next request.');
    this.#client?.dispose();
    this.#client = undefined;
  }
}
