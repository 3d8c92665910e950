/** What the command line says of arguments that do not fit. */
import { describe, expect, it } from 'vitest';
import { readArguments, wholeNumber } from '../../src/cli/arguments';
import { changeAsked } from '../../src/cli/picture-change';
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

  it('say how a picture is changed, with the mean colour where nothing else is said', () => {
    expect(changeAsked({})).toBeUndefined();
    expect(changeAsked({ cover: ['1,2,30,40', '0,0,5,6:blur'], fit: 'pad' })).toEqual({
      covered: [
        { left: 1, top: 2, width: 30, height: 40, fill: 'mean' },
        { left: 0, top: 0, width: 5, height: 6, fill: 'blur' },
      ],
      fit: 'pad',
    });
    const window = { left: 9, top: 8, width: 7, height: 6 };
    expect(changeAsked({ fit: '9,8,7,6' })).toEqual({ covered: [], fit: window });
  });

  it.each([
    { cover: ['1,2,3'] },
    { cover: ['1,2,3,4:mean:blur'] },
    { cover: ['1,2,3,4:'] },
    { cover: ['1,2,0,4'] },
    { cover: ['-1,2,3,4'] },
    { cover: ['1,2,3,4.5'] },
    { cover: ['1,2,3,4:red'] },
    { cover: [''] },
    { cover: Array.from({ length: 101 }, () => '1,2,3,4') },
    { fit: '1,2,3' },
    { fit: 'stretch' },
  ])('are refused where they cover or fit nothing: %j', (values) => {
    expect(() => changeAsked(values)).toThrow(/^--(cover|fit) (takes|may)/);
  });

  it.each(['', '-'])('are refused as the name of a file where it is “%s”', async (file) => {
    await expect(checkTargets({ '--json': file }, [])).rejects.toThrow(
      `--json takes the name of a file, not “${file}”.`,
    );
  });
});
