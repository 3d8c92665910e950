/**
 * The process that judges inputs, one after another, until it is ended. `FUZZ_PLANTED` makes it
 * misbehave at some of them, so that a test can see that this comes to light.
 */
import '../../src/service/without-telemetry';
import type { Question } from './input';
import { judge } from './judges/judge';
import { refusal, type Verdict } from './judges/verdict';
import { misbehave } from './planted';

/** What an input is judged from. */
export interface Task extends Question {
  readonly folder: string;
  readonly cacheFolder: string;
  readonly picture: Uint8Array;
}

export type Told = { readonly verdict: Verdict } | 'comparing';

process.on('message', (task: Task) => {
  const tell = (told: Told) => process.send?.(told);
  void (async () => {
    const bench = { ...task, comparing: () => tell('comparing') };
    try {
      tell({ verdict: (await misbehave(task)) ?? (await judge(task, task.folder, bench)) });
    } catch (thrown) {
      tell({ verdict: refusal(thrown) });
    }
  })();
});
process.on('disconnect', () => process.exit());
