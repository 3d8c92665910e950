/** What a model answers where its pictures are prepared in this way or that. */
import { lossOf, ranking } from '../engine/outputs/probabilities';
import type { OutputKind } from '../shared/output-kind';
import { failureData } from '../shared/failure';
import type { Params, Result, Tell } from '../shared/protocol/calls';
import type { PictureToTry, TriedPicture } from '../shared/protocol/preparations';
import { openForDataset, type DatasetModel } from './batch/open-for-dataset';
import { readSample } from './batch/read-sample';
import { decodeImage } from './pictures/decode';
import { preprocess } from './pictures/preprocess';
import { scoresOf } from './scores';
import { stagesTo } from './stages';
import type { Workroom } from './workroom';

const listed = 3;
/** What is the picture's own fault; anything else ends the work. */
const ofThePicture = new Set(['image-unreadable', 'image-too-large']);

/**
 * Each picture is decoded once, and then prepared in every way.
 *
 * @param tell receives a `tried` for each picture, in order, whether it could be read or not
 * @throws Failure, EngineError when the model cannot be used at all
 */
export async function tryPreparations(
  { model, preparations, pictures }: Params<'tryPreparations'>,
  room: Workroom,
  tell: Tell<'tryPreparations'>,
): Promise<Result<'tryPreparations'>> {
  const opened = await openForDataset(model, room, stagesTo(tell));
  let answered = 0;
  for (const one of pictures) {
    const picture = await tried(one, preparations, opened, model);
    if (picture.ok) answered += 1;
    tell({ kind: 'tried', picture });
  }
  return { answered };
}

async function tried(
  { name, source, truth }: PictureToTry,
  preparations: Params<'tryPreparations'>['preparations'],
  { explainer, labels }: DatasetModel,
  { preprocessing, zeroShot }: Params<'tryPreparations'>['model'],
): Promise<TriedPicture> {
  const { kind } = explainer.output;
  try {
    const bytes = source.kind === 'file' ? await readSample(source.path) : source.bytes;
    const decoded = await decodeImage(bytes, name, preprocessing);
    const answers = [];
    for (const preparation of preparations) {
      const { values } = preprocess(decoded, preparation);
      const { logits } = await explainer.classify(values);
      const ranked = ranking(logits, kind);
      const scored = { labels, kind, logitScale: zeroShot?.logitScale };
      const top = scoresOf(ranked.slice(0, listed), logits, scored);
      answers.push({ top, ...(truth !== undefined && judged(truth, ranked, logits, kind)) });
    }
    return { ok: true, name, answers };
  } catch (error) {
    const { code, message } = failureData(error);
    if (!ofThePicture.has(code)) throw error;
    return { ok: false, name, code, message };
  }
}

function judged(truth: number, ranked: readonly number[], logits: Float32Array, kind: OutputKind) {
  const loss = lossOf(logits, truth, kind);
  return { truthRank: ranked.indexOf(truth), ...(loss !== undefined && { loss }) };
}
