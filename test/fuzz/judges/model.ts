/** A picture explained by a model: its scores are those of plain ONNX Runtime, its map is finite. */
import path from 'node:path';
import { onnxFileOf } from '../../../src/service/models/onnx-file';
import { explain } from '../../../src/service/explain';
import { inspect } from '../../../src/service/inspect';
import { Workroom } from '../../../src/service/workroom';
import type { ModelDescription } from '../../../src/shared/model';
import { withPhrases } from '../../../src/shared/phrases';
import type { ExplainResult, ImageSource } from '../../../src/shared/protocol/explain';
import { resolveModel } from '../../../src/store/resolve-model';
import type { Bench } from './judge';
import { plainAnswer } from './plain-runtime';
import { isAmong } from './same-answer';
import { fault, refusal, type Verdict } from './verdict';

const silent = () => undefined;

export async function judgeModel(file: string, bench: Bench): Promise<Verdict> {
  const room = new Workroom({
    ...{ threads: 1, provider: 'cpu', cacheFolder: bench.cacheFolder, sessionBytes: 0 },
  });
  try {
    const image: ImageSource = { kind: 'encoded', bytes: bench.picture, name: 'picture.png' };
    let model: ModelDescription;
    let result: ExplainResult;
    try {
      const described = await resolveModel(file, { starterFolder: path.dirname(file) });
      model = described.zeroShot ? withPhrases(described, ['a cat', 'a dog']) : described;
      result = await explain(
        {
          ...{ image, model, options: {}, stability: false, listed: Infinity },
          ...{ method: 'transformer_attribution', targets: { topK: 1 } },
        },
        room,
        silent,
      );
      await inspect({ model }, room, silent);
    } catch (thrown) {
      return refusal(thrown);
    }
    return (await faultIn(result)) ?? (await compared(model, result, room, image, bench));
  } finally {
    await room.close();
  }
}

function faultIn({ heatmaps, topK }: ExplainResult): Promise<Verdict | undefined> {
  const numbers = heatmaps.flatMap(({ values }) => [...values]);
  const scores = topK.map(({ logit, value, probability }) => logit ?? value ?? probability ?? NaN);
  if (numbers.length === 0) return Promise.resolve(fault('an answer without a map'));
  return Promise.resolve(
    [...numbers, ...scores].every(Number.isFinite)
      ? undefined
      : fault('an answer that is not finite'),
  );
}

async function compared(
  model: ModelDescription,
  result: ExplainResult,
  room: Workroom,
  image: ImageSource,
  { cacheFolder, comparing }: Bench,
): Promise<Verdict> {
  comparing();
  const { input } = await room.inputs.prepare(image, model.preprocessing);
  const size = [input.shape[2], input.shape[3]] as const;
  // Open still; nobody asks it any more.
  await (await room.models.open(model, size, silent)).explainer.release();
  if (model.zeroShot || model.backbone) return { kind: 'answered', compared: false };
  const onnx = await onnxFileOf(model, cacheFolder, size, silent);
  const plain = await plainAnswer(onnx.path, input);
  await onnx.dispose();
  switch (plain.kind) {
    case 'other':
      return { kind: 'answered', compared: false };
    case 'refused':
      return fault('an answer where ONNX Runtime has none', plain.why);
    case 'outputs':
      if (isAmong(result.topK, plain.outputs)) return { kind: 'answered', compared: true };
      return fault(
        'another answer than ONNX Runtime',
        `${JSON.stringify(result.topK)}\nnot among\n${plain.outputs.map((one) => one.join()).join('\n')}`,
      );
  }
}
