/** Which method a model is explained by where nobody names one. */
import { describe, expect, it } from 'vitest';
import { methods } from '../../src/engine/methods/catalogue';
import { bestFirst, chooseMethod, defaultMethod } from '../../src/shared/method-choice';

const nameOf = (id: string) => `<${id}>`;

describe('chooseMethod', () => {
  it('knows methods of the catalogue alone', () => {
    const ids = methods.map(({ info }) => info.id);
    expect(bestFirst.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('takes the usual one without a word where it can run', () => {
    expect(chooseMethod(undefined, () => undefined, nameOf)).toEqual({ method: defaultMethod });
  });

  it('takes the most faithful of those that can run, and says why', () => {
    const cannot = new Map([
      ['libra_fullgrad', 'a root is left over'],
      ['attnlrp_blocks', 'a root is left over'],
    ]);
    expect(chooseMethod(undefined, (id) => cannot.get(id), nameOf)).toEqual({
      method: 'gae',
      reason:
        '<libra_fullgrad> cannot run on this model: a root is left over. So <gae> is shown, the most faithful of the methods that can.',
    });
  });

  it('stays with the usual one where none can run, whose error is told then', () => {
    expect(chooseMethod(undefined, () => 'no', nameOf)).toEqual({ method: defaultMethod });
  });

  it('follows the manifest', () => {
    expect(chooseMethod('gradcam', () => 'no', nameOf)).toEqual({ method: 'gradcam' });
  });
});
