import { Workroom } from '../service/workroom';
import type { WorkerSettings } from '../shared/worker-protocol';
import { cacheFolder } from './folders';

/** What a command works in: models stay loaded until it ends. */
export function commandRoom(settings: Pick<WorkerSettings, 'threads' | 'provider'>): Workroom {
  return new Workroom({
    ...settings,
    cacheFolder: cacheFolder(),
    idleSeconds: 0,
    sessionBytes: Infinity,
  });
}
