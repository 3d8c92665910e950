// npm run bench:batch, npm run bench:probe, npm run bench:accuracy: benches that work through
// pictures. Bundles one beside the programs that it starts, and runs it with the rest of the arguments.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { bundleWithPrograms } from '../bundle-with-programs.mjs';

const [name, ...rest] = process.argv.slice(2);
const bench = await bundleWithPrograms(`test/bench/${name}.bench.ts`, 'bench');
process.exit(spawnSync(process.execPath, [bench, ...rest], { stdio: 'inherit' }).status ?? 1);
