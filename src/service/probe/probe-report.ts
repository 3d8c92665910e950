/** What a probe's answers amount to: figures, every answer, and the evidence for the surest mistakes. */
import { readPicture } from '../../dataset/read-picture';
import { classificationReport } from '../../engine/heads/classification-report';
import { ranking } from '../../engine/outputs/probabilities';
import { Failure } from '../../shared/failure';
import type { ModelDescription } from '../../shared/model';
import type {
  CurvePoint,
  ProbeAnswer,
  ProbeMistake,
  ProbeReport,
  ProbeSample,
  SkippedSample,
} from '../../shared/probe';
import type { Tell } from '../../shared/protocol/calls';
import { explain } from '../explain';
import { scoresOf } from '../scores';
import type { Workroom } from '../workroom';

const method = 'transformer_attribution';

export interface Answered {
  readonly samples: readonly ProbeSample[];
  /** Class indices. */
  readonly labels: Int32Array;
  /** `[samples, classes]`. */
  readonly logits: Float32Array;
}

/** The report without the evidence for its mistakes. @throws Failure `not-finite` */
export function reportOf(
  { samples, labels, logits }: Answered,
  about: {
    readonly probe: string;
    readonly backbone: string;
    readonly root: string;
    readonly classes: readonly string[];
    readonly learningCurve: readonly CurvePoint[];
    readonly skipped: readonly SkippedSample[];
    /** How many of the surest mistakes to list. */
    readonly mistakes: number;
  },
): ProbeReport {
  const count = about.classes.length;
  const figures = classificationReport(logits, labels, count);
  if (!Number.isFinite(figures.loss)) {
    throw new Failure(
      'not-finite',
      'The probe’s answers are not made of numbers: their loss is none.',
      'Train the probe anew.',
    );
  }
  const answers = samples.map(({ name }, row): ProbeAnswer => {
    const own = logits.subarray(row * count, (row + 1) * count);
    const ranked = ranking(own, 'softmax');
    const [best] = scoresOf(ranked.slice(0, 1), own, { labels: about.classes, kind: 'softmax' });
    const truth = labels[row] ?? 0;
    return {
      name,
      truth,
      answer: best?.index ?? 0,
      probability: best?.probability ?? 0,
      truthRank: ranked.indexOf(truth),
    };
  });
  const { probe, backbone, root, classes, learningCurve, skipped } = about;
  return {
    format: 1,
    probe,
    backbone,
    root,
    classes,
    pictures: figures.rows,
    top1: figures.top1,
    top5: figures.top5,
    loss: figures.loss,
    perClass: figures.perClass.map(({ rows, precision, recall }) => ({
      pictures: rows,
      precision: precision ?? null,
      recall: recall ?? null,
    })),
    confusion: figures.confusion,
    learningCurve,
    answers,
    mistakes: answers
      .filter(({ truth, answer }) => truth !== answer)
      .sort((a, b) => b.probability - a.probability || (a.name < b.name ? -1 : 1))
      .slice(0, about.mistakes)
      .map((answer) => ({ ...answer, map: undefined, window: undefined })),
    skipped,
  };
}

/** The report with a heatmap for each listed mistake: why the probe gave the answer that it gave. */
export async function withEvidence(
  report: ProbeReport,
  samples: readonly ProbeSample[],
  model: ModelDescription,
  room: Workroom,
  tell: Tell<'trainProbe'>,
): Promise<ProbeReport> {
  if (report.mistakes.length === 0) return report;
  tell({ kind: 'stage', phrase: 'Explaining the surest mistakes' });
  const paths = new Map(samples.map(({ name, path }) => [name, path]));
  const mistakes: ProbeMistake[] = [];
  for (const mistake of report.mistakes) {
    const { heatmaps, window } = await explain(
      {
        image: {
          kind: 'encoded',
          bytes: await readPicture(paths.get(mistake.name) ?? ''),
          name: mistake.name,
        },
        model,
        method,
        options: {},
        targets: { classes: [mistake.answer] },
        listed: 1,
        stability: false,
      },
      room,
      () => undefined,
    );
    const [heatmap] = heatmaps;
    mistakes.push({
      ...mistake,
      window,
      map: heatmap && {
        rows: heatmap.shape[0],
        columns: heatmap.shape[1],
        values: base64Of(heatmap.values),
      },
    });
    tell({ kind: 'progress', done: mistakes.length, total: report.mistakes.length });
  }
  return { ...report, mistakes };
}

function base64Of(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}
