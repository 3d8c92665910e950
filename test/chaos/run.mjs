// npm run chaos: bundles it beside the programs that it starts, and runs it.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { bundleWithPrograms } from '../bundle-with-programs.mjs';

const program = await bundleWithPrograms('test/chaos/run-chaos.ts', 'chaos');
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
