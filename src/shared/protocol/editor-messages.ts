/** What any page may ask of the editor around it. */
export const editorMessages = {
  openLog: {},
  /** The setting that the failure names, or all of ours. */
  openSettings: {},
  manageModels: {},
};
