/** How evidence is traced where nobody says otherwise, in the editor and on the command line alike. */

/**
 * Whose details the methods follow where published code differs: `base` is the research code that
 * this began from, to the letter (maps start at the class token whatever the model reads), `model`
 * its formulas from what the model itself reads, `chefer` Chefer et al.'s own repository.
 */
export const presets = ['model', 'base', 'chefer'] as const;

export const defaultPreset = 'model' satisfies (typeof presets)[number];

/** The method that a picture is explained by. */
export const defaultMethod = 'transformer_attribution';
