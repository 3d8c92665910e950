/** Why did the worker process end? What can be told from outside, as a sentence. */
import { Failure } from '../shared/failure';
import { notLoaded, saysNotLoaded, thisMachine } from '../service/native-libraries';

/**
 * @param how the signal or the exit code that ended it, or a clause
 * @param output the last of what it wrote; for the log
 */
export function deathOf(how: string | number | null, output: string): Failure {
  if (saysNotLoaded(output)) return notLoaded(thisMachine(), output);
  const [why, nextStep] = explained(how, output);
  return new Failure(
    'worker-died',
    `The process that runs the model ended unexpectedly: ${why}.`,
    nextStep,
    output === '' ? undefined : { cause: output },
  );
}

const tryAgain = 'Try again: it is started anew. If it ends again, open the log and report it.';
const lessMemory =
  'Close other programs or choose a smaller model, then try again: it is started anew.';

function explained(how: string | number | null, output: string): [why: string, nextStep: string] {
  if (/heap out of memory|bad_alloc|Failed to allocate/i.test(output))
    return ['it ran out of memory', lessMemory];
  switch (how) {
    case 'SIGKILL':
      return [
        'it was killed from outside (SIGKILL), most often by the system because memory ran out',
        lessMemory,
      ];
    case 'SIGSEGV':
    case 'SIGBUS':
    case 'SIGILL':
    case 'SIGABRT':
      return [`native code crashed (${how})`, tryAgain];
    case null:
      return ['its cause is not known', tryAgain];
    default:
      return typeof how === 'number'
        ? [`it exited with code ${how}`, tryAgain]
        : [how.startsWith('SIG') ? `it was ended by ${how}` : how, tryAgain];
  }
}
