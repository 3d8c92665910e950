/** The figures of a probe, in lines. */
import { counted } from '../shared/counted';
import { percent } from '../shared/format-number';
import type { ProbeReport } from '../shared/probe';
import type { ProbeOutcome } from '../shared/protocol/probe';
import type { Tell } from '../shared/protocol/calls';
import { listener } from '../shared/protocol/listener';
import type { Terminal } from './command';

/** So many rows are listed of what can be long. */
const mostShown = 10;
/** Between two lines of progress, in milliseconds. */
const betweenLines = 2000;

/** Prints stages as they begin, and the count of pictures every two seconds. */
export function progressOf(terminal: Terminal): Tell<'trainProbe'> {
  let last = performance.now();
  return listener({
    stage: ({ phrase }) => {
      terminal.progress(`${phrase} …`);
    },
    progress: ({ done, total }) => {
      if (performance.now() - last < betweenLines && done < total) return;
      last = performance.now();
      terminal.progress(`  ${done} of ${total}`);
    },
  });
}

/** Accuracy, classes, the surest mistakes, and what was left out. */
export function printReport({ report, features }: ProbeOutcome, terminal: Terminal): void {
  const rate = features.computed / Math.max(features.seconds, 1e-3);
  terminal.result(
    `top-1 ${percent(report.top1)}${report.classes.length > 5 ? `, top-5 ${percent(report.top5)}` : ''}, loss ${report.loss.toFixed(4)} on ${counted(report.pictures, 'picture', 'pictures')} of ${report.classes.length} classes`,
  );
  terminal.result(
    `features: ${features.computed} computed${features.computed > 0 ? ` (${rate.toFixed(1)} a second)` : ''}, ${features.cached} from the cache`,
  );
  classLines(report).forEach(terminal.result);
  if (report.learningCurve.length > 0) {
    const points = report.learningCurve.map(({ rows, top1 }) => `${rows}: ${percent(top1)}`);
    terminal.result(`learning curve (pictures: top-1)  ${points.join('  ')}`);
  }
  listed(
    'surest mistakes',
    report.mistakes.map(
      ({ name, truth, answer, probability }) =>
        `${name}: ${report.classes[answer] ?? answer} (${percent(probability)}), is ${report.classes[truth] ?? truth}`,
    ),
    terminal,
  );
  listed(
    'left out',
    report.skipped.map(({ name, reason }) => `${name}: ${reason}`),
    terminal,
  );
}

function classLines({ classes, perClass }: ProbeReport): string[] {
  const shown = perClass
    .map((figures, index) => ({ ...figures, name: classes[index] ?? '' }))
    .sort((a, b) => (a.recall ?? 1) - (b.recall ?? 1))
    .slice(0, mostShown);
  const share = (value: number | null) => (value === null ? '–' : percent(value)).padStart(8);
  const more = classes.length > shown.length ? `, the ${shown.length} with the lowest recall` : '';
  return [
    `classes (precision, recall, pictures)${more}`,
    ...shown.map(
      ({ name, precision, recall, pictures }) =>
        `  ${share(precision)} ${share(recall)} ${String(pictures).padStart(6)}  ${name}`,
    ),
  ];
}

function listed(title: string, lines: readonly string[], terminal: Terminal): void {
  if (lines.length === 0) return;
  terminal.result(title);
  lines.slice(0, mostShown).forEach((line) => {
    terminal.result(`  ${line}`);
  });
  if (lines.length > mostShown) terminal.result(`  … and ${lines.length - mostShown} more`);
}
