/** Every command of the manifest, by its short name; a test holds the two lists equal. */
export const commandIds = {
  explainImage: 'vitExplainer.explainImage',
  explainSample: 'vitExplainer.explainSample',
  explainNotebookImage: 'vitExplainer.explainNotebookImage',
  explainFolder: 'vitExplainer.explainFolder',
  explainWithModel: 'vitExplainer.explainWithModel',
  chooseModel: 'vitExplainer.chooseModel',
  manageModels: 'vitExplainer.manageModels',
  cancel: 'vitExplainer.cancel',
  openLog: 'vitExplainer.openLog',
} as const;

export type CommandName = keyof typeof commandIds;

/** The type of our webview panels, as the manifest's activation event and `when` clauses name it. */
export const panelType = 'vitExplainer.panel';

/** The type of the webviews that show a dataset. */
export const galleryType = 'vitExplainer.gallery';

/** Context key: the panel in front has a request under way. */
export const busyContext = 'vitExplainer.busy';
