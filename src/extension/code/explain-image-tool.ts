/** `explain_image`: the evidence for a class as an assistant can read it, in words and figures. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExplainSettings } from '../settings';
import type { Heatmap, MethodInfo } from '../../shared/explanation';
import { summariseEvidence } from '../../shared/evidence-summary';
import { Failure, failureData } from '../../shared/failure';
import { findClass } from '../../shared/find-class';
import { formatLogit, formatShare } from '../../shared/format-number';
import { describeMassGrid, massGrid } from '../../shared/mass-grid';
import type { ModelDescription } from '../../shared/model';
import type { ExplainResult, ImageSource } from '../../shared/worker-protocol';
import type { PanelServices } from '../panel/panel-controller';
import { pictureName, readPicture } from '../panel/picture';
import { defaultModelId, explainSettings } from '../settings';

/** As the manifest's `inputSchema` describes it; what an assistant sends is checked all the same. */
export interface ExplainImageInput {
  readonly path: string;
  readonly method?: string;
  readonly target?: string | number;
  readonly topK?: number;
}

export const explainImageTool = 'explain_image';

const mostClassesNamed = 100;

/** What newer editors have and the oldest supported one does not promise. */
interface ImageParts {
  readonly LanguageModelDataPart?: {
    image?(data: Uint8Array, mime: string): object;
  };
}

interface Explained {
  readonly image: ImageSource;
  readonly model: ModelDescription;
  readonly method: MethodInfo;
  readonly result: ExplainResult;
}

/** Undefined in an editor that knows no such tools. */
export function registerExplainImageTool(services: PanelServices): vscode.Disposable | undefined {
  const { lm } = vscode as { readonly lm?: Partial<typeof vscode.lm> };
  return lm?.registerTool?.(explainImageTool, new ExplainImageTool(services));
}

class ExplainImageTool implements vscode.LanguageModelTool<ExplainImageInput> {
  constructor(private readonly services: PanelServices) {}

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<ExplainImageInput>): vscode.PreparedToolInvocation {
    const file = typeof input.path === 'string' ? input.path : '';
    const message = new vscode.MarkdownString('Read the picture ');
    message.appendCodeblock(file, 'text');
    message.appendMarkdown(
      'and run the Vision Transformer of your settings on it, on this machine?',
    );
    return {
      invocationMessage: `Explaining ${path.basename(file)} with ViT`,
      confirmationMessages: { title: 'Explain Image with ViT', message },
    };
  }

  /** @throws Error whose message says what to call the tool with instead, where that would help */
  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<ExplainImageInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const explained = await this.#explain(input, abort.signal);
      const text = new vscode.LanguageModelTextPart(describe(explained));
      const answer = new vscode.LanguageModelToolResult([text]);
      const sheet = await this.#sheet(explained, abort.signal);
      if (sheet !== undefined) answer.content.push(sheet);
      return answer;
    } catch (error) {
      const { code, message, nextStep, detail } = failureData(error);
      if (code === 'cancelled' && token.isCancellationRequested)
        throw new vscode.CancellationError();
      this.services.log.error(`${explainImageTool}: ${message}`, detail ?? '');
      throw new Error(`${message} ${nextStep}`, { cause: error });
    } finally {
      listener.dispose();
    }
  }

  async #explain(input: ExplainImageInput, signal: AbortSignal): Promise<Explained> {
    const { worker, models } = this.services;
    const uri = pictureOf(input);
    const settings = explainSettings(uri);
    const methods = await worker.methods();
    const method = methodOf(input, settings, methods);
    const listed = topKOf(input, settings);
    const image = {
      kind: 'encoded',
      bytes: await readPicture(uri),
      name: pictureName(uri),
    } as const;
    const model = await models.resolve(defaultModelId(uri), signal, () => undefined);
    const target =
      input.target === undefined || input.target === '' ? undefined : `${input.target}`;
    const targets =
      target === undefined ? { topK: 1 } : { classes: [classOf(target, model.labels)] };
    const result = await worker.call(
      'explain',
      {
        image,
        model,
        method: method.id,
        options: { preset: settings.preset },
        targets,
        listed,
        stability: false,
      },
      { signal },
    );
    return { image, model, method, result };
  }

  /** The picture with the map over it, where the editor takes pictures from tools. */
  async #sheet(
    { image, result, method }: Explained,
    signal: AbortSignal,
  ): Promise<object | undefined> {
    const { LanguageModelDataPart } = vscode as ImageParts;
    if (LanguageModelDataPart?.image === undefined) return undefined;
    const { png } = await this.services.worker.call(
      'contactSheet',
      { image, result, signed: method.signed },
      { signal },
    );
    return LanguageModelDataPart.image(png, 'image/png');
  }
}

/** @throws Failure `image-unreadable` */
function pictureOf({ path: file }: ExplainImageInput): vscode.Uri {
  if (typeof file === 'string' && /^[a-z][a-z0-9+.-]+:\/\//i.test(file)) {
    return vscode.Uri.parse(file);
  }
  if (typeof file === 'string' && path.isAbsolute(file)) return vscode.Uri.file(file);
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath) ?? [];
  throw new Failure(
    'image-unreadable',
    `“path” has to be the absolute path of a picture; it is ${JSON.stringify(file)}.`,
    folders.length === 0
      ? 'Call the tool again with the absolute path.'
      : `Call the tool again with the absolute path; the workspace is in ${folders.join(', ')}.`,
  );
}

/** @throws Failure `method-not-applicable` */
function methodOf(
  { method }: ExplainImageInput,
  settings: ExplainSettings,
  methods: readonly MethodInfo[],
): MethodInfo {
  const wanted = method === undefined || method === '' ? settings.method : method;
  const info = methods.find(({ id }) => id === wanted);
  if (info !== undefined) return info;
  throw new Failure(
    'method-not-applicable',
    `There is no method “${wanted}”.`,
    `Call the tool again with one of ${methods.map(({ id }) => id).join(', ')}, or without “method”.`,
  );
}

/** @throws Failure `class-unknown`, with all classes where they are few */
function classOf(target: string, labels: readonly string[]): number {
  try {
    return findClass(target, labels);
  } catch (error) {
    const { code, message, nextStep } = failureData(error);
    if (code !== 'class-unknown' || labels.length === 0) throw error;
    throw new Failure(
      code,
      message,
      labels.length > mostClassesNamed
        ? nextStep
        : `Call the tool again with one of: ${labels.join('; ')}; or without “target”.`,
      { cause: error },
    );
  }
}

/** @throws Failure `setting-invalid` */
function topKOf({ topK }: ExplainImageInput, settings: ExplainSettings): number {
  if (topK === undefined) return settings.topK;
  if (Number.isInteger(topK) && topK >= 1 && topK <= 20) return topK;
  throw new Failure(
    'setting-invalid',
    `“topK” is ${JSON.stringify(topK)}.`,
    'Call the tool again with a whole number from 1 to 20.',
  );
}

function describe({ image, model, method, result }: Explained): string {
  const { topK, heatmaps, scores, window, notices } = result;
  const { imageWidth, imageHeight, left, top, width, height } = window;
  const whole = width >= imageWidth && height >= imageHeight;
  const seen = whole
    ? 'the whole picture'
    : `the part from x ${Math.round(left)} to ${Math.round(left + width)} and y ${Math.round(top)} to ${Math.round(top + height)}, in pixels`;
  const classes = topK.map(
    ({ index, label, probability, logit }, at) =>
      `${at + 1}. ${label} (class ${index}): ${formatShare(probability)}, logit ${formatLogit(logit)}`,
  );
  const evidence = heatmaps.flatMap((heatmap, at) => [
    '',
    ...describeMap(heatmap, scores[at]?.probability, method, whole),
  ]);
  return [
    `${image.name}: ${imageWidth} × ${imageHeight} pixels. The model ${model.name} saw ${seen}.`,
    `Most probable classes of ${model.labels.length > 0 ? model.labels.length : 'the model'}:`,
    ...classes,
    ...evidence,
    '',
    `Method: ${method.name} (${method.id}). ${method.sentence}`,
    `What it cannot tell: ${method.misleads}`,
    ...notices,
  ].join('\n');
}

function describeMap(
  heatmap: Heatmap,
  probability: number | undefined,
  { classSpecific, signed }: MethodInfo,
  wholePicture: boolean,
): readonly string[] {
  const grid = massGrid(heatmap);
  const subject = classSpecific
    ? `the evidence for “${heatmap.label}” (class ${heatmap.index}${probability === undefined ? '' : `, ${formatShare(probability)}`})`
    : 'the attention, which is the same for every class,';
  return [
    `Where ${subject} lies, in shares of a 3 × 3 grid over what the model saw:`,
    describeMassGrid(grid),
    `As rows of numbers: ${JSON.stringify(grid.map((row) => row.map((share) => Number(share.toFixed(3)))))}`,
    summariseEvidence(heatmap, { classSpecific, signed, wholePicture }),
  ];
}
