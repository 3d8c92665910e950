/** What every suite of the editor tests works with. */
import type { Browser } from 'playwright-core';
import type { Recorder } from './recorder';
import type { SampleWorkspace } from './sample-workspace';
import type { Editor, EditorServer, WorkbenchOptions } from './server';
import type { Workbench } from './workbench';

export interface Surroundings {
  readonly repository: string;
  /** Folder of this run's bundled tests; theirs to write into. */
  readonly bundles: string;
  /** Folder of screenshots and reports. */
  readonly results: string;
  readonly recorder: Recorder;
  readonly workspace: SampleWorkspace;
  readonly editor: Editor;
  readonly server: EditorServer;
  readonly browser: Browser;
  /** The packaged extension under test; undefined for the development extension. */
  readonly vsix: string | undefined;
  /** The model of the settings; the shipped one when undefined. */
  readonly modelPath: string | undefined;
  /** The settings that the server was started with. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A window on the sample workspace, with the extension. */
  readonly openWorkbench: (options?: Partial<WorkbenchOptions>) => Promise<Workbench>;
}
