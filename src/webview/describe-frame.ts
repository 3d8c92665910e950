import { formatStrength } from '../shared/format-number';
import type { Frame } from '../shared/filmstrip';

/** What a person hears or reads of a sample. */
export function describeFrame(frame: Frame): string {
  return `${frame.name}: ${describeAnswer(frame)}`;
}

export function describeAnswer({ answer, verdict, truth, ...strength }: Frame): string {
  if (verdict === 'unreadable') return `not readable: ${answer}`;
  const said = formatStrength(strength);
  const share = said === '' ? '' : `, ${said}`;
  const judged = {
    right: ', right',
    wrong: `, wrong: it is ${truth ?? 'another class'}`,
    unknown: '',
  }[verdict];
  return `${answer}${share}${judged}`;
}
