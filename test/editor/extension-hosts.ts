/** The processes that extensions run in, as the operating system lists them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isOfServer } from './worker-processes';

/** Process ids of the extension hosts below one server. */
export function extensionHosts(dataFolder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes('--type=extensionHost'))
    .map((line) => Number(line.trim().split(/\s+/)[0]))
    .filter((pid) => isOfServer(pid, dataFolder));
}

export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
