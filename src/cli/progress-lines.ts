import type { Terminal } from './command';

const secondsBetweenLines = 5;

/**
 * Tells now and then how far a batch is.
 *
 * @param far how many samples are done, and of how many
 * @returns to be called after each sample
 */
export function progressLines(
  terminal: Terminal,
  far: () => { readonly done: number; readonly total: number; readonly isAll: boolean },
): () => void {
  const start = performance.now();
  let told = start;
  let made = 0;
  return () => {
    made++;
    const now = performance.now();
    if (now - told < secondsBetweenLines * 1000) return;
    told = now;
    const pace = made / ((now - start) / 1000);
    const { done, total, isAll } = far();
    terminal.progress(
      `${done} of ${isAll ? '' : 'more than '}${total}, ${pace.toFixed(1)} a second`,
    );
  };
}
