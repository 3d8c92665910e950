/** Entry of `vit-explain`. The commands are loaded when it runs, so that it can say why they cannot be. */
import { inspect } from 'node:util';
import { inTerminal, notLoaded, saysNotLoaded, thisMachine } from '../service/native-libraries';
import '../service/without-telemetry';
import { provideCaptionFont } from './caption-font';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-code';
import { terminal } from './terminal';

provideCaptionFont();
// A reader that stops early (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.output);
});
// Progress that nobody reads any more (`2>&1 | head`) is no reason to stop the work.
process.stderr.on('error', () => undefined);

void import('./run')
  .then(({ run }) => run(process.argv.slice(2)), cannotLoad)
  .then((code) => {
    process.exitCode = code;
  });

function cannotLoad(thrown: unknown): ExitCode {
  const output = inspect(thrown);
  if (!saysNotLoaded(output)) throw thrown;
  const { code, message, nextStep } = notLoaded(thisMachine(), output, inTerminal);
  for (const line of [`vit-explain: ${message}`, `  ${nextStep}`, ...output.split('\n')])
    terminal.progress(line);
  return exitCodeOf(code);
}
