/** Entry of the worker process; its messages go to the server, and the server's back. */
import '../service/without-telemetry';
import { isMainThread, workerData } from 'node:worker_threads';
import { startWatchdog, watchParent } from './watchdog';

if (isMainThread) {
  startWatchdog(__filename);
  void serve();
} else {
  watchParent(workerData as number);
}

/** Native modules are loaded here and not above: the watchdog's thread must not load them too. */
async function serve(): Promise<void> {
  const early: unknown[] = [];
  const keep = (message: unknown) => early.push(message);
  process.on('message', keep);
  // Nobody listens any more. `process.exit` would wait for threads that are at a model, or fail on them.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

  const { WorkerServer } = await import('./server');
  const server = new WorkerServer(
    (message) => process.send?.(message),
    () => process.exit(),
  );
  process.off('message', keep);
  process.on('message', (message: unknown) => {
    server.receive(message);
  });
  early.forEach((message) => {
    server.receive(message);
  });
}
