/** Reading flags: strict, with a sentence for what does not fit. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { providerChoices } from '../shared/provider';
import { UsageError } from './command';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Flags and positional arguments.
 *
 * @throws UsageError for a flag that does not exist or lacks its value
 */
export function readArguments<const Given extends Options>(
  args: readonly string[],
  options: Given,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node.js takes some messages over several lines.
    const line = message.replace(/\s*\n\s*/g, ' ');
    throw new UsageError(line.replace(/\. To specify a positional.*$/, '.'));
  }
}

/** @throws UsageError */
export function wholeNumber(flag: string, text: string, least: number, most = Infinity): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const range = most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`${flag} takes a whole number ${range}, not “${text}”.`);
}

/** @throws UsageError */
export function oneOf<const Choice extends string>(
  flag: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === text);
  if (choice === undefined)
    throw new UsageError(`${flag} takes ${choices.join(', ')}, not “${text}”.`);
  return choice;
}

/** The flags of every command that runs a model. */
export const runOptions = {
  model: { type: 'string', short: 'm', default: 'starter' },
  threads: { type: 'string', default: '0' },
  provider: { type: 'string', default: 'cpu' },
} as const satisfies Options;

export const runHelp = `  -m, --model ID|FILE      a model of \`vit-explain models\`, or a file: .onnx, .safetensors, .pth, .pt, .ckpt, .bin
                           (default: starter)
      --threads N          processor threads; 0 lets ONNX Runtime choose (default: 0)
      --provider NAME      ${providerChoices.join(', ')} (default: cpu)`;

/** @throws UsageError */
export function runSettings(values: { threads: string; provider: string }) {
  return {
    threads: wholeNumber('--threads', values.threads, 0),
    provider: oneOf('--provider', values.provider, providerChoices),
  };
}
