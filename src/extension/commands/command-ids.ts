/**
 * Every command that a person can run, by its short name. `npm run generate:manifest` writes them
 * into package.json; their texts, `command.NAME`, are in package.nls.json.
 */
export const commandsTable = {
  explainImage: { icon: 'eye', hasShortTitle: true },
  compareMaps: { icon: 'layout' },
  comparePictures: {},
  explainSample: {},
  explainNotebookImage: {},
  explainFolder: {},
  compareMethods: {},
  nextSample: {},
  previousSample: {},
  keepPanel: { icon: 'pin' },
  explainWithModel: { hasShortTitle: true, needsTrust: true },
  showModel: {},
  trainProbe: { needsTrust: true },
  showProbeReport: { needsTrust: true },
  chooseModel: {},
  manageModels: {},
  clearCaches: {},
  cancel: { icon: 'stop-circle' },
  openLog: { icon: 'output' },
} as const satisfies Readonly<Record<string, CommandRow>>;

export interface CommandRow {
  /** A codicon. */
  readonly icon?: string;
  /** Whether menus show the text `command.NAME.short`. */
  readonly hasShortTitle?: true;
  /**
   * Whether it reads a model or a report that the workspace may have brought along. Checked where it
   * runs: any extension can run any command, whatever our menus show.
   */
  readonly needsTrust?: true;
}

export type CommandName = keyof typeof commandsTable;

export const commandIds = Object.fromEntries(
  Object.keys(commandsTable).map((name) => [name, `vitExplainer.${name}`]),
) as { readonly [Name in CommandName]: `vitExplainer.${Name}` };

/** Links in a probe's report lead here; nobody runs it by hand, so the manifest does not list it. */
export const explainWithProbe = 'vitExplainer.explainWithProbe';

export type AnyCommandName = CommandName | 'explainWithProbe';

export function needsTrust(name: AnyCommandName): boolean {
  const table: Readonly<Record<string, CommandRow>> = commandsTable;
  return name === 'explainWithProbe' || table[name]?.needsTrust === true;
}

/** The type of our webview panels, as the manifest's activation event and `when` clauses name it. */
export const panelType = 'vitExplainer.panel';

/** The type of the webviews that show a dataset. */
export const galleryType = 'vitExplainer.gallery';

/** The type of the webviews that show maps beside each other. */
export const comparisonType = 'vitExplainer.compare';

/** The type of the webviews that compare methods on a dataset. */
export const evaluationType = 'vitExplainer.evaluation';

/** The type of the webviews that show a probe's report. */
export const probeReportType = 'vitExplainer.probeReport';

/** The editor of model files that nothing else shows. */
export const modelEditorType = 'vitExplainer.model';

/** That editor under both names that the manifest has: the second for files that are often opened as texts. */
export const modelEditorTypes = [modelEditorType, 'vitExplainer.modelAsOption'] as const;

/** Context key: a panel walks through the samples of a gallery. */
export const walkingContext = 'vitExplainer.walking';

/** Context key: the next picture takes the place of the panel in front. */
export const previewContext = 'vitExplainer.preview';

/** Context key: the panel in front has a request under way. */
export const busyContext = 'vitExplainer.busy';
