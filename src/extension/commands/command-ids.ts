/** Every command of the manifest, by its short name; a test holds the two lists equal. */
export const commandIds = {
  explainImage: 'vitExplainer.explainImage',
  explainSample: 'vitExplainer.explainSample',
  explainNotebookImage: 'vitExplainer.explainNotebookImage',
  explainFolder: 'vitExplainer.explainFolder',
  nextSample: 'vitExplainer.nextSample',
  previousSample: 'vitExplainer.previousSample',
  explainWithModel: 'vitExplainer.explainWithModel',
  trainProbe: 'vitExplainer.trainProbe',
  showProbeReport: 'vitExplainer.showProbeReport',
  chooseModel: 'vitExplainer.chooseModel',
  manageModels: 'vitExplainer.manageModels',
  clearCaches: 'vitExplainer.clearCaches',
  cancel: 'vitExplainer.cancel',
  openLog: 'vitExplainer.openLog',
} as const;

export type CommandName = keyof typeof commandIds;

/** Links in a probe's report lead here; nobody runs it by hand, so the manifest does not list it. */
export const explainWithProbe = 'vitExplainer.explainWithProbe';

export type AnyCommandName = CommandName | 'explainWithProbe';

/** The type of our webview panels, as the manifest's activation event and `when` clauses name it. */
export const panelType = 'vitExplainer.panel';

/** The type of the webviews that show a dataset. */
export const galleryType = 'vitExplainer.gallery';

/** The type of the webviews that show a probe's report. */
export const probeReportType = 'vitExplainer.probeReport';

/** Context key: a panel walks through the samples of a gallery. */
export const walkingContext = 'vitExplainer.walking';

/** Context key: the panel in front has a request under way. */
export const busyContext = 'vitExplainer.busy';
