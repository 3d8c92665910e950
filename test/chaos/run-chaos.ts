/**
 *     npm run chaos -- --seed N --count N
 *
 * COUNT interruptions of requests at work, and as many of the other kinds as the seed draws, through the
 * real client and worker (`chaos.ts`); one closing line of figures, and exit code 1 where anything failed.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chaos, interruptions } from './chaos';
import { faultsOf } from './faults';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' } },
});
const worker = path.join(__dirname, 'main.js');

void (async () => {
  const outcome = await chaos(worker, Number(values.seed), Number(values.count));
  const { done, answers, failures, wrongMaps, orphans, bytes, seconds } = outcome;
  const faults = faultsOf(outcome);
  faults.forEach((fault) => {
    console.error(fault);
  });
  const megabytes = bytes.map((one) => (one / 1e6).toFixed(1)).join(' → ');
  console.log(
    `chaos, seed ${values.seed}: ${interruptions.map((kind) => `${done[kind]} × ${kind}`).join(', ')} ` +
      `(${done.cancel + done.replace + done.kill} in flight); ${answers} answers, ` +
      `${failures.length} failures, ${wrongMaps.length} wrong maps, ${orphans.length} orphans, ` +
      `parent's memory ${megabytes} MB, ${seconds.toFixed(0)} s`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
})();
