/** A name that says which process something belongs to, so that others know when it is left over. */
import os from 'node:os';

/** Number of the process, since when (milliseconds since 1970), its machine. */
const written = /^(\d+)-(\d+)@(.*)$/;
/** A process of another machine cannot be asked whether it lives; its mark counts for so long. */
const trustedMs = 2 * 24 * 3600 * 1000;
/** A machine sets its clock right some time after its start. */
const clockIsSetMs = 10 * 60_000;

/** @param since from when on this process is concerned; milliseconds since 1970 */
export function processMark(since = Date.now()): string {
  return `${process.pid}-${since}@${thisMachine()}`;
}

/**
 * What a mark says.
 * @returns undefined for a text that is none
 */
export function readProcessMark(
  mark: string,
): { readonly since: number; readonly lives: boolean } | undefined {
  const [, pid, began, machine] = written.exec(mark) ?? [];
  if (machine === undefined) return undefined;
  const since = Number(began);
  return { since, lives: lives(Number(pid), machine, since) };
}

function lives(pid: number, machine: string, since: number): boolean {
  const now = Date.now();
  if (machine !== thisMachine()) return since > now - trustedMs;
  // Numbers of processes begin anew with the machine.
  if (since < now - os.uptime() * 1000 - clockIsSetMs) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It may be there and belong to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function thisMachine(): string {
  return encodeURIComponent(os.hostname());
}
