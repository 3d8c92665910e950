/**
 * A real Slurm of its own, with this machine as its one node: daemons of the user who runs the test, on
 * ports of the loopback that are free, with all their files in one folder. Nothing of the machine's is
 * touched.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { slurmProgram } from './slurm-lacks';

type Program = Parameters<typeof slurmProgram>[0];

export class Slurm {
  private constructor(
    private readonly folder: string,
    /** Every command with what it said is added to it. */
    private readonly log: string,
  ) {}

  private noted = '';

  /** @param folder empty, with a short path: a socket lies in it */
  static async start(folder: string, log: string): Promise<Slurm> {
    const slurm = new Slurm(folder, log);
    mkdirSync(path.dirname(log), { recursive: true });
    writeFileSync(log, '');
    for (const part of ['state', 'spool']) mkdirSync(path.join(folder, part));
    writeFileSync(slurm.at('munge.key'), randomBytes(1024), { mode: 0o600 });
    writeFileSync(slurm.at('slurm.conf'), slurm.configuration(await freePort(), await freePort()));
    try {
      slurm.run('munged', [
        ...[`--key-file=${slurm.at('munge.key')}`, `--socket=${slurm.at('munge.socket')}`],
        ...[`--pid-file=${slurm.at('munged.pid')}`, `--log-file=${slurm.at('munged.log')}`],
        `--seed-file=${slurm.at('munged.seed')}`,
      ]);
      slurm.run('slurmctld', ['-f', slurm.at('slurm.conf'), '-L', slurm.at('slurmctld.log')]);
      slurm.run('slurmd', ['-f', slurm.at('slurm.conf'), '-L', slurm.at('slurmd.log')]);
      await until(() => slurm.run('sinfo', ['--noheader', '--format=%T']).includes('idle'));
    } catch (error) {
      slurm.note(readFileSync(slurm.at('slurmctld.log'), 'utf8'));
      await slurm.stop();
      throw error;
    }
    return slurm;
  }

  /** Runs one of Slurm's programs. @returns what it printed */
  run(
    program: Program,
    args: readonly string[],
    {
      folder = this.folder,
      ...environment
    }: { folder?: string; [variable: string]: string | undefined } = {},
  ): string {
    const { status, stdout, stderr, error } = spawnSync(slurmProgram(program) ?? program, args, {
      cwd: folder,
      env: { ...process.env, ...environment, SLURM_CONF: this.at('slurm.conf') },
      encoding: 'utf8',
    });
    this.note(`$ ${[program, ...args].join(' ')}\n${stdout}${stderr}`);
    if (status === 0) return stdout;
    throw new Error(`${program} failed: ${error?.message ?? stderr}`);
  }

  /** Adds to the log what it does not say already. */
  note(text: string): void {
    if (text === this.noted) return;
    this.noted = text;
    appendFileSync(this.log, text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Until none of the job's tasks waits or runs any more. */
  async ended(job: string): Promise<void> {
    const tasks = ['--noheader', '--format=%i %T', `--jobs=${job}`];
    await until(() => this.run('squeue', tasks) === '');
  }

  async stop(): Promise<void> {
    for (const name of ['slurmd', 'slurmctld', 'munged']) await endProcess(this.at(`${name}.pid`));
  }

  private at(name: string): string {
    return path.join(this.folder, name);
  }

  private configuration(controllerPort: number, nodePort: number): string {
    const host = os.hostname();
    const { username } = os.userInfo();
    return `
ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=${username}
SlurmdUser=${username}
AuthType=auth/munge
AuthInfo=socket=${this.at('munge.socket')}
StateSaveLocation=${this.at('state')}
SlurmdSpoolDir=${this.at('spool')}
SlurmctldPidFile=${this.at('slurmctld.pid')}
SlurmdPidFile=${this.at('slurmd.pid')}
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
# Four tasks run at once, however few processors there are.
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MailProg=/bin/true
NodeName=${host} NodeAddr=127.0.0.1 CPUs=16 RealMemory=65536 State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
  }
}

export async function until(holds: () => boolean, seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** By its own id; it may have ended or never begun. */
async function endProcess(pidFile: string): Promise<void> {
  try {
    const id = Number(readFileSync(pidFile, 'utf8'));
    process.kill(id, 'SIGTERM');
    for (let tries = 0; tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.kill(id, 0);
    }
    process.kill(id, 'SIGKILL');
  } catch {
    return;
  }
}
