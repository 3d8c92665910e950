/** How pictures are prepared, in the one line of a panel. */
import { expect, it } from 'vitest';
import type { Preprocessing } from '../../src/shared/preprocessing';
import { preparedAs } from '../../src/store/prepared-as';
import { presetOf } from '../../src/store/presets';

const timm = presetOf('timm').preprocessing(224);
const found = 'from preprocessor_config.json';
const own: Preprocessing = { ...timm, mean: [0.485, 0.456, 0.406], channels: 'bgr' };

it.each<[preprocessing: Preprocessing, guessed: string | undefined, line: string]>([
  [timm, 'timm', 'Prepared as timm ViT, a guess: short side 248, centre 224, mean 0.5'],
  [timm, undefined, 'Prepared as timm ViT: short side 248, centre 224, mean 0.5'],
  [
    presetOf('siglip').preprocessing(384),
    undefined,
    'Prepared as Hugging Face SigLIP, BEiT: squashed to 384, mean 0.5',
  ],
  [
    own,
    undefined,
    `Prepared ${found}: short side 248, centre 224, mean 0.485 0.456 0.406, blue first`,
  ],
  [
    { ...own, resize: { rule: 'contain', size: [200, 300] }, crop: [224, 320] },
    undefined,
    `Prepared ${found}: to fit into 200 × 300, centre 224 × 320, mean 0.485 0.456 0.406, blue first`,
  ],
])('%j', (preprocessing, guessedPreset, line) => {
  const guessed = guessedPreset === undefined ? {} : { guessedPreset };
  expect(preparedAs({ preprocessing, preprocessingSource: found, ...guessed })).toBe(line);
});
