/** Words of files that are looked up in tables of ours, and are names that every object has. */
import { describe, expect, it } from 'vitest';
import { guessPreprocessing } from '../../src/store/guess-preprocessing';
import { processorNamed, processorOfModel } from '../../src/store/preprocessing/image-processors';

describe.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s', (word) => {
  it('is no kind of model', () => {
    const guess = guessPreprocessing(
      'model.onnx',
      { names: '', input: [224, 224] },
      { modelType: word },
    );
    expect(guess.preset).toBe('timm');
    expect(processorOfModel(word)).toBeUndefined();
  });

  it('is no image processor', () => {
    for (const ending of ['ImageProcessor', 'ImageProcessorFast'])
      expect(processorNamed(`${word}${ending}`).defaults).toBeUndefined();
  });
});
