import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** Where Debian has the daemons, which are not on everybody's PATH. */
const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];

const programs = ['slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'sinfo', 'munged'] as const;

/** Absolute path of one of Slurm's programs; undefined where it is not installed. */
export function slurmProgram(name: (typeof programs)[number]): string | undefined {
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/** Which of Slurm's programs are lacking here, in words; undefined where it can run. */
export function slurmLacks(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm runs on Linux only';
  const lacking = programs.filter((name) => slurmProgram(name) === undefined);
  return lacking.length === 0
    ? undefined
    : `there is no ${lacking.join(', ')} (Debian: apt-get install slurmctld slurmd slurm-client munge)`;
}
