/**
 *     npm run fuzz -- --seed N --count N [--kind graphs,pictures]
 *     npm run fuzz -- --again test-results/fuzz/KIND-SEED-NUMBER
 *
 * COUNT spoilt files, of each kind as many (`fuzz.ts`); one closing line of figures, and exit code 1
 * where any of them failed; after Ctrl+C those of what was tried by then. What failed is kept, and
 * tried again by the second form.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz, shrinking } from './fuzz';
import { readKept } from './keep';
import { kindNames, type Kind } from './kinds';
import { limits } from './limits';
import { Trials } from './trials';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '600' },
    kind: { type: 'string', default: kindNames.join() },
    again: { type: 'string' },
  },
});
const program = path.join(__dirname, 'child.js');
const repository = path.resolve(__dirname, '../..');

async function tryAgain(folder: string): Promise<boolean> {
  const trials = await Trials.begin(program, limits);
  try {
    const { verdict, seconds, bytes } = await trials.try(await readKept(folder));
    console.log(verdict);
    console.log(`${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(0)} MB`);
    return verdict.kind !== 'fault';
  } finally {
    await trials.end();
  }
}

async function tryMany(): Promise<boolean> {
  const chosen = values.kind.split(',');
  const unknown = chosen.find((name) => !kindNames.includes(name as Kind));
  if (unknown !== undefined) throw new Error(`no kind “${unknown}”: ${kindNames.join(', ')}`);
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  const outcome = await fuzz({
    ...{ program, limits, shrinking, kinds: chosen as Kind[], seed: Number(values.seed) },
    ...{ count: Number(values.count), fixtures: path.join(repository, 'test/fixtures') },
    results: path.join(repository, 'test-results/fuzz'),
    onFault: console.error,
    signal: ending.signal,
  });
  const { tried, answered, compared, refused, faults, failed, slowest, mostBytes } = outcome;
  const count = Object.values(tried).reduce((sum, one) => sum + one, 0);
  const each = Object.entries(tried).map(([kind, number]) => `${number} × ${kind}`);
  console.log(
    `fuzz, seed ${values.seed}: ${each.join(', ')} (${count}); ${answered} answered ` +
      `(${compared} compared with ONNX Runtime), ${refused} refused, ${failed} failed ` +
      `(${faults.length} kinds); at most ${slowest.toFixed(1)} s and ` +
      `${(mostBytes / 1e6).toFixed(0)} MB, ${outcome.seconds.toFixed(0)} s in all`,
  );
  return failed === 0;
}

void (async () => {
  const isFine = await (values.again === undefined ? tryMany() : tryAgain(values.again));
  process.exitCode = isFine ? 0 : 1;
})();
