/** The processes that explain, as the operating system lists them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Process ids of the workers below one server: its extension hosts carry its folder in their environment. */
export function workerProcesses(dataFolder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(path.join('dist', 'worker.js')))
    .map((line) => Number(line.trim().split(/\s+/)[0]))
    .filter((pid) => isOfServer(pid, dataFolder));
}

/** Whether a process is below this server. */
export function isOfServer(pid: number, dataFolder: string): boolean {
  return environmentOf(pid).includes(`VIT_EXPLAINER_TEST_SERVER=${dataFolder}`);
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
