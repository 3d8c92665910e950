import { describe, expect, it } from 'vitest';
import { noticesOf } from '../../src/service/scores';

describe('what has to be known to read percentages', () => {
  it('says of classes judged apart what a label counts for, where there are labels', () => {
    const [picture = ''] = noticesOf('sigmoid', 3, 'picture');
    const [dataset = ''] = noticesOf('sigmoid', 3, 'dataset');
    expect(picture).toMatch(/do not add up to 100\.$/);
    expect(dataset).toMatch(/do not add up to 100; a label counts as right where/);
    expect(noticesOf('sigmoid', 1, 'dataset')).toEqual([]);
  });

  it('says that probabilities are those of the model', () => {
    expect(noticesOf('probability', 3, 'picture').join()).toMatch(/gives the probabilities itself/);
    expect(noticesOf('softmax', 3, 'picture')).toEqual([]);
  });
});
