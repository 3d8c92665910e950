import type { Terminal } from './command';

const secondsBetweenLines = 5;

/** Tells now and then how far a batch is. @returns to be called after each sample */
export function progressLines(terminal: Terminal, total: number, done: number): () => void {
  const start = performance.now();
  let told = start;
  let made = 0;
  return () => {
    made++;
    const now = performance.now();
    if (now - told < secondsBetweenLines * 1000) return;
    told = now;
    const pace = made / ((now - start) / 1000);
    terminal.progress(`${done + made} of ${total}, ${pace.toFixed(1)} a second`);
  };
}
