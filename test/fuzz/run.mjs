// npm run fuzz: bundles it, and the process that it ends at its limits, beside the programs that these start.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { bundleWithPrograms } from '../bundle-with-programs.mjs';

await bundleWithPrograms('test/fuzz/child.ts', 'fuzz');
const program = await bundleWithPrograms('test/fuzz/run-fuzz.ts', 'fuzz');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
