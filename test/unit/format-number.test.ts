/** Figures as a person reads them: a minus sign only before something. */
import { expect, it } from 'vitest';
import { formatAgreement } from '../../src/shared/compare/agreement';
import {
  formatDecimals,
  formatDifference,
  formatFigures,
  formatLogit,
  formatThousandths,
} from '../../src/shared/format-number';

const rounded = [
  ['formatLogit', formatLogit],
  ['formatThousandths', formatThousandths],
  ['formatDifference', formatDifference],
  ['formatAgreement', formatAgreement],
  ['formatDecimals', (value: number) => formatDecimals(value, 2)],
  ['formatFigures', (value: number) => formatFigures([value, 0.5]).join(' ')],
] as const;

it.each(rounded)('%s has no minus sign before a zero', (_, format) => {
  for (const value of [-0, -1e-17, -0.0004, -0.004, -0.0049])
    expect(format(value)).not.toMatch(/[-−]0(\.0+)?(\s|$)/);
});

it.each(rounded)('%s has a true minus sign before all else', (_, format) => {
  for (const value of [-0.006, -0.25, -12.5]) expect(format(value)).toMatch(/^−\d/);
});

it('says which way a difference goes', () => {
  expect([0.11, -0.014, 0, -0.0002].map(formatDifference)).toEqual([
    '+0.110',
    '−0.014',
    '+0.000',
    '+0.000',
  ]);
});
