/** `vit-explain`: finds the command, turns whatever it throws into a sentence and an exit code. */
import { version } from '../../package.json';
import { ownValue } from '../shared/own-value';
import { failureDataOf } from '../service/failure-data-of';
import { batchCommand } from './batch';
import { cacheCommand } from './cache';
import { cacheLimit, keepCacheLimit } from './cache-limit';
import { UsageError, type Command } from './command';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-code';
import { evaluateCommand } from './evaluate';
import { explainCommand } from './explain';
import { inspectCommand } from './inspect';
import { mergeCommand } from './merge';
import { modelsCommand } from './models';
import { probeCommand } from './probe';
import { shardsCommand } from './shards';
import { terminal } from './terminal';

const commands: Readonly<Record<string, Command>> = {
  explain: explainCommand,
  batch: batchCommand,
  evaluate: evaluateCommand,
  shards: shardsCommand,
  merge: mergeCommand,
  inspect: inspectCommand,
  models: modelsCommand,
  probe: probeCommand,
  cache: cacheCommand,
};

const help = `vit-explain ${version}: why did this Vision Transformer say that?

${Object.entries(commands)
  .map(([name, { summary }]) => `  vit-explain ${name.padEnd(8)} ${summary}`)
  .join('\n')}

  vit-explain COMMAND --help    everything about one command
  vit-explain --version
`;

/** @param args the command line after the program's name */
export async function run(args: readonly string[]): Promise<ExitCode> {
  try {
    return await obey(args);
  } catch (thrown) {
    return tell(thrown, args);
  }
}

async function obey([name, ...args]: readonly string[]): Promise<ExitCode> {
  if (name === '--version') {
    terminal.result(version);
    return exitCodes.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help);
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const command = ownValue(commands, name);
  if (!command) throw new UsageError(`There is no command “${name}”.`);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(command.help);
    return exitCodes.done;
  }
  if (command.fillsCache !== true) return command.run(args, terminal);
  const limit = cacheLimit();
  try {
    return await command.run(args, terminal);
  } finally {
    await keepCacheLimit(limit, terminal);
  }
}

function tell(thrown: unknown, args: readonly string[]): ExitCode {
  if (thrown instanceof UsageError) {
    const command = args[0] !== undefined && Object.hasOwn(commands, args[0]) ? `${args[0]} ` : '';
    terminal.progress(`vit-explain: ${thrown.message}`);
    terminal.progress(`  See vit-explain ${command}--help.`);
    return exitCodes.usage;
  }
  const failure = failureDataOf(thrown);
  terminal.progress(`vit-explain: ${failure.message}`);
  terminal.progress(`  ${failure.nextStep}`);
  if (failure.code === 'internal' && failure.detail !== undefined)
    failure.detail.split('\n').forEach(terminal.progress);
  return exitCodeOf(failure.code);
}
