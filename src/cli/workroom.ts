/** What the commands ask, asked in this process. */
import { Workroom } from '../service/workroom';
import { runSettings } from './arguments';
import { cacheFolder } from './folders';

/** @throws UsageError for flags that say how to run, and cannot be followed */
export function workroomFor(flags: Parameters<typeof runSettings>[0]): Workroom {
  return new Workroom({
    ...runSettings(flags),
    cacheFolder: cacheFolder(),
    // One command: what it opens it needs.
    sessionBytes: Infinity,
  });
}
