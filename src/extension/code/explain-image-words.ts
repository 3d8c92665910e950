/** An explanation as an assistant can read it: classes, shares of a coarse grid, and what they cannot tell. */
import { subjectOf } from '../../shared/class-name';
import type { ClassScore, Grid, Heatmap, MethodInfo } from '../../shared/explanation';
import { summariseEvidence } from '../../shared/evidence-summary';
import { formatLogit, formatThousandths, formatStrength } from '../../shared/format-number';
import { harmless } from '../../shared/harmless';
import { usualLook } from '../../shared/look';
import { describeMassGrid, massGrid } from '../../shared/mass-grid';
import type { ModelDescription } from '../../shared/model';
import { noticesAndRemarks } from '../../shared/picture-remark';
import type { ExplainResult, ImageSource } from '../../shared/protocol/explain';
import { shownInWords } from '../../shared/shown-in-words';
import { shownMap } from '../../shared/shown-map';

export interface Explained {
  readonly image: ImageSource;
  readonly model: ModelDescription;
  readonly method: MethodInfo;
  readonly result: ExplainResult;
}

export function explainedInWords({ image, model, method, result }: Explained): string {
  const { topK, heatmaps, scores, grid, window } = result;
  const { imageWidth, imageHeight, left, top, width, height } = window;
  const whole = width >= imageWidth && height >= imageHeight;
  const seen = whole
    ? 'the whole picture'
    : `the part from x ${Math.round(left)} to ${Math.round(left + width)} and y ${Math.round(top)} to ${Math.round(top + height)}, in pixels`;
  const classes = topK.map(
    (score, at) => `${at + 1}. ${score.label} (class ${score.index}): ${strengthOf(score)}`,
  );
  const evidence = heatmaps.flatMap((heatmap, at) => [
    '',
    ...describeMap(heatmap, grid, formatStrength(scores[at] ?? {}), method, whole),
  ]);
  return (
    [
      `${image.name}: ${imageWidth} × ${imageHeight} pixels. The model ${model.name} saw ${seen}.`,
      result.output === 'value' && model.phrases === undefined
        ? 'The model gives values without probabilities:'
        : `Most probable classes of ${model.labels.length > 0 ? model.labels.length : 'the model'}:`,
      ...classes,
      ...evidence,
      '',
      `Method: ${method.name} (${method.id}). ${method.sentence}`,
      `What it cannot tell: ${method.misleads}`,
      ...(method.caution === undefined ? [] : [method.caution]),
      ...noticesAndRemarks(result),
    ]
      // A name of others begins no line of its own.
      .map(harmless)
      .join('\n')
      .replaceAll('\u00A0', ' ')
  );
}

/** As far as it has them: a probability or a value, then the similarity of a phrase or the logit. */
function strengthOf({ probability, value, logit, similarity }: ClassScore): string {
  const behind =
    similarity !== undefined
      ? `similarity ${formatThousandths(similarity)}`
      : logit === undefined
        ? ''
        : `logit ${formatLogit(logit)}`;
  return [formatStrength({ probability, value }), behind].filter((part) => part !== '').join(', ');
}

function describeMap(
  heatmap: Heatmap,
  patches: Grid,
  strength: string,
  method: MethodInfo,
  wholePicture: boolean,
): readonly string[] {
  const { classSpecific, signed } = method;
  const shown = shownMap(heatmap, method, patches, usualLook);
  // What is told is what the picture beside it shows.
  const map = { ...heatmap, values: shown.raw, shape: shown.shape };
  const grid = massGrid(map);
  const subject = classSpecific
    ? `the evidence for ${subjectOf(heatmap)} (class ${heatmap.index}${strength === '' ? '' : `, ${strength}`})`
    : 'the attention, which is the same for every class,';
  return [
    `Where ${subject} lies, in shares of a 3 × 3 grid over what the model saw:`,
    ...describeMassGrid(grid).split('\n'),
    `As rows of numbers: ${JSON.stringify(grid.map((row) => row.map((share) => Number(share.toFixed(3)))))}`,
    [summariseEvidence(map, { classSpecific, signed, wholePicture }), shownInWords(shown, method)]
      .filter((words) => words !== '')
      .join(' '),
  ];
}
