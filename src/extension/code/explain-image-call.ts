/** One call of `explain_image`: from its input to words, figures and the picture with the map over it. */
import * as vscode from 'vscode';
import { usualLook } from '../../shared/look';
import type { MethodInfo } from '../../shared/explanation';
import type { ModelDescription } from '../../shared/model';
import type { PanelServices } from '../panel/panel-controller';
import { pictureName, readPicture } from '../panel/picture';
import { explainSettings } from '../settings';
import {
  classCountOf,
  methodOf,
  pictureOf,
  targetOf,
  type ExplainImageInput,
} from './explain-image-input';
import { explainedInWords, type Explained } from './explain-image-words';

/** What newer editors have and the oldest supported one does not promise. */
interface ImageParts {
  readonly LanguageModelDataPart?: {
    image?(data: Uint8Array, mime: string): object;
  };
}

export class ExplainImageCall {
  constructor(private readonly services: Pick<PanelServices, 'worker' | 'models'>) {}

  /** @throws Failure whose next step is another call, where that would help */
  async answer(
    input: ExplainImageInput,
    signal: AbortSignal,
  ): Promise<vscode.LanguageModelToolResult> {
    const explained = await this.explain(input, signal);
    const text = new vscode.LanguageModelTextPart(explainedInWords(explained));
    const answer = new vscode.LanguageModelToolResult([text]);
    const sheet = await this.sheet(explained, signal);
    if (sheet !== undefined) answer.content.push(sheet);
    return answer;
  }

  private async explain(input: ExplainImageInput, signal: AbortSignal): Promise<Explained> {
    const { worker, models } = this.services;
    const uri = await pictureOf(input);
    const settings = explainSettings(uri);
    const methods = await worker.methods();
    const asked = methodOf(input, settings, methods);
    const listed = classCountOf(input, settings);
    const image = {
      kind: 'encoded',
      bytes: await readPicture(uri),
      name: pictureName(uri),
    } as const;
    const resolved = await models.resolve(models.chosen.idFor(uri), signal, () => undefined);
    const { model, targets } = targetOf(input, resolved);
    const method = asked ?? (await this.bestMethod(model, methods, signal));
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

  private async bestMethod(
    model: ModelDescription,
    methods: readonly MethodInfo[],
    signal: AbortSignal,
  ): Promise<MethodInfo> {
    const best = await this.services.worker.call('bestMethod', { model }, { signal });
    const method = methods.find(({ id }) => id === best.method);
    if (!method) throw new Error(`the worker has no method “${best.method}”`);
    return method;
  }

  /** The picture with the map over it, where the editor takes pictures from tools. */
  private async sheet(
    { image, result, method }: Explained,
    signal: AbortSignal,
  ): Promise<object | undefined> {
    const { LanguageModelDataPart } = vscode as ImageParts;
    if (LanguageModelDataPart?.image === undefined) return undefined;
    const { png } = await this.services.worker.call(
      'contactSheet',
      { image, result, method, look: usualLook },
      { signal },
    );
    return LanguageModelDataPart.image(png, 'image/png');
  }
}
