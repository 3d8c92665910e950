/** What the command line says of arguments that do not fit. */
import { describe, expect, it } from 'vitest';
import { readArguments, wholeNumber } from '../../src/cli/arguments';
import { checkTargets } from '../../src/cli/check-targets';

const options = { steps: { type: 'string' }, png: { type: 'boolean' } } as const;

describe('arguments of the command line', () => {
  it.each([[['--steps', '-3']], [['--step', '3']], [['--steps']], [['--png=3']], [['-3']]])(
    'are refused in one line: %j',
    (args) => {
      expect(() => readArguments(args, options)).toThrow(/^[^\n]+$/);
    },
  );

  it('name the whole range of a number', () => {
    expect(wholeNumber('--steps', '64', 2, 64)).toBe(64);
    for (const text of ['1', '65', '2.5', '-3', '', '1e1'])
      expect(() => wholeNumber('--steps', text, 2, 64)).toThrow('a whole number from 2 to 64, not');
    expect(() => wholeNumber('--top-k', '0', 1)).toThrow('a whole number from 1, not');
  });

  it.each(['', '-'])('are refused as the name of a file where it is “%s”', async (file) => {
    await expect(checkTargets({ '--json': file }, [])).rejects.toThrow(
      `--json takes the name of a file, not “${file}”.`,
    );
  });
});
