/**
 * Ends this process soon after its parent is gone. While a model runs, the main thread hears
 * nothing of the parent's death, so a thread of its own looks.
 */
import { Worker } from 'node:worker_threads';

const secondsBetweenLooks = 1;

/** Starts the looking thread; `file` is the bundle that calls `watchParent` in that thread. */
export function startWatchdog(file: string): void {
  new Worker(file, { workerData: process.ppid }).unref();
}

/** The looking thread's whole work. `process.exit` would end the thread only, hence the signal. */
export function watchParent(parent: number): void {
  setInterval(() => {
    if (process.ppid !== parent || !exists(parent)) process.kill(process.pid, 'SIGKILL');
  }, secondsBetweenLooks * 1000);
}

/** Windows keeps the parent's id after its death, so the process itself is looked for. */
function exists(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
