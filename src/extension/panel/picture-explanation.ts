/** What is asked about the picture of a panel, from the choices through the model to the maps. */
import type * as vscode from 'vscode';
import { Failure, failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import { bestForModel, defaultMethod } from '../../shared/method-choice';
import type { ModelDescription } from '../../shared/model';
import { amongClasses } from '../../shared/panel/among-classes';
import { askedClasses } from '../../shared/panel/asked-classes';
import type { MapTarget } from '../../shared/panel/measured';
import type { PanelFact } from '../../shared/panel/panel-facts';
import type { PanelChoices } from '../../shared/panel/panel-model';
import { hasAllMaps, isOf, recall } from '../../shared/panel/remembered';
import type { PictureWindow } from '../../shared/picture-reading';
import type { ExplainResult } from '../../shared/protocol/explain';
import { readManifest, writeManifest } from '../../store/manifest';
import { Requests } from '../page/requests';
import { explainSettings } from '../settings';
import { ClassMaps, type PanelRequest, type Question, type Wanted } from './class-maps';
import { openPicture, type OpeningServices } from './open-picture';
import type { PanelChannel } from './panel-channel';
import type { ShownPicture } from './shown-picture';

export class PictureExplanation implements vscode.Disposable {
  private readonly requests: Requests<PanelFact>;
  private readonly maps: ClassMaps;
  /** The model that answers; it may be another one than was chosen meanwhile. */
  private model: ModelDescription | undefined;

  constructor(
    private readonly picture: ShownPicture,
    private readonly channel: PanelChannel,
    private readonly services: OpeningServices,
    private readonly log: (failure: FailureData) => void,
  ) {
    this.requests = new Requests((fact) => channel.learn(fact), log);
    this.maps = new ClassMaps(services.worker, picture, channel);
  }

  get onDidChangeBusy(): vscode.Event<void> {
    return this.requests.onDidChangeBusy;
  }

  get busy(): boolean {
    return this.requests.busy;
  }

  /**
   * What the chosen model and method said of the picture.
   * @throws Failure while there is nothing
   */
  get result(): ExplainResult {
    const { remembered, modelId, method } = this.channel.state;
    const result = recall(remembered, modelId, method);
    if (result === undefined)
      throw new Failure('internal', 'There is nothing to save yet.', 'Wait for the first map.');
    return result;
  }

  /** The picture alone, where it is drawn as it is: it is explained when the person stays at it. */
  async showPicture(): Promise<void> {
    await this.requests.run('Opening the picture', async (request) => {
      const picture = await this.picture.drawnAtOnce();
      if (picture !== undefined) request.tell({ kind: 'drawn', picture });
    });
  }

  /** From nothing to the evidence: picture, choices, model, maps. */
  async begin(): Promise<void> {
    await this.requests.run('Opening the picture', async (request) => {
      const { uri } = this.picture;
      const settings = explainSettings(uri);
      const { picture, channel, services } = this;
      const { method: before } = channel.state;
      const modelByDefault = channel.state.modelByDefault || channel.state.modelId === undefined;
      const modelId =
        (modelByDefault ? undefined : channel.state.modelId) ?? services.models.chosen.idFor(uri);
      const methodByDefault = channel.state.methodByDefault || before === undefined;
      const named = methodByDefault ? settings.method : before;
      const isModels = named === bestForModel;
      const method = isModels ? (before ?? defaultMethod) : named;
      const { colourMap } = settings;
      const settled = { kind: 'settled', modelByDefault, methodByDefault, colourMap } as const;
      const settle = (id: string, by: string): void => {
        const modelIsSetting = services.models.chosen.isSetting(id, uri);
        request.tell({ ...settled, modelId: id, modelIsSetting, method: by });
      };
      settle(modelId, method);
      const model = await openPicture(request, picture, modelId, channel.state, services);
      request.check();
      this.model = model;
      if (model !== undefined) await this.maps.opened(model);
      let question = this.question();
      if (question === undefined) {
        request.tell({ kind: 'activity', activity: { kind: 'idle' } });
        return;
      }
      if (isModels) {
        const best = await this.bestMethod(request, question.model);
        settle(question.model.id, best);
        question = this.question() ?? question;
      }
      await this.maps.trace(request, question);
      void this.learnAvailability(request, question.model);
      void this.learnModels(question.model);
    });
  }

  private async bestMethod(request: PanelRequest, model: ModelDescription): Promise<string> {
    const { method } = await this.services.worker.call(
      'bestMethod',
      { model },
      {
        signal: request.signal,
        onEvent: ({ phrase }) => {
          request.tell({ kind: 'activity', activity: { kind: 'busy', phrase } });
        },
      },
    );
    request.check();
    return method;
  }

  /** Where all maps of the chosen method are there already, they are shown. */
  async methodChosen(): Promise<void> {
    const question = this.question();
    if (question === undefined || !hasAllMaps(this.channel.state)) return this.askForMaps();
    this.requests.drop();
    if (await this.maps.wasReplaced(question.model)) await this.begin();
  }

  /** Those of the chosen classes that are missing. */
  async askForMaps(): Promise<void> {
    await this.ask((...asked) => this.maps.trace(...asked));
  }

  /** More than the maps, of the chosen model and method. */
  async measure(wanted: Wanted): Promise<void> {
    await this.ask(async (...asked) => {
      await this.maps.explain(...asked, wanted);
    });
  }

  /** A map by the chosen model and method. */
  async measureFaithfulness(target: MapTarget): Promise<void> {
    await this.ask((...asked) => this.maps.measure(...asked, target));
  }

  /** Read otherwise, or asked about other phrases: that is another model. */
  async beginWithAnotherModel(): Promise<void> {
    this.model = undefined;
    await this.begin();
  }

  /** For all pictures of the model, in every panel. */
  async keepWindow(window: PictureWindow): Promise<void> {
    const { modelId } = this.channel.state;
    if (modelId === undefined) return this.begin();
    await this.requests.run('Reading the picture anew', async (request) => {
      // The one that is open may be on its way out: what is kept is kept for the chosen one.
      const model = await this.services.models.resolve(modelId, request.signal, () => undefined);
      const { pictures } = (await readManifest(model.path)) ?? {};
      await writeManifest(model.path, { pictures: { ...pictures, window } });
      // Every panel of it begins anew, this one too.
      this.services.models.descriptionChanged(model.id);
    });
  }

  /** Of the model that answers; undefined while none is open. */
  get modelFile(): string | undefined {
    return this.model?.path;
  }

  /**
   * A picture is to come, with what was chosen for this one unless it says otherwise.
   * @param isOther whether it is another one
   */
  leave(choices: Partial<PanelChoices>, isOther: boolean): void {
    this.requests.drop();
    this.channel.learn({ kind: 'moved', isOther, choices });
    // It may read pictures through the window of the one before; it is opened again.
    if (isOther) this.model = undefined;
  }

  /** A model came, went, or is prepared differently: what it said about the picture no longer holds. */
  async modelChanged(modelId: string): Promise<void> {
    const { model } = this;
    // Who watches files tells late: what is under way may rest on the change already.
    const isBegun = this.busy && model?.id === modelId;
    if (isBegun && !(await this.maps.wasReplaced(model))) return;
    this.channel.learn({ kind: 'outdated', modelId });
    if (this.channel.state.modelId === modelId) await this.beginWithAnotherModel();
  }

  cancel(): void {
    this.requests.cancel();
  }

  dispose(): void {
    this.requests.dispose();
  }

  /** Asks the model that is open; where none is, or its files were replaced, there is everything to begin with. */
  private async ask(
    work: (request: PanelRequest, question: Question) => Promise<void>,
  ): Promise<void> {
    const question = this.question();
    if (question === undefined) return this.begin();
    const { activity } = this.channel.state;
    const phrase = activity.kind === 'busy' ? activity.phrase : 'Explaining';
    return this.requests.run(phrase, async (request) => {
      const wasReplaced = await this.maps.wasReplaced(question.model);
      request.check();
      await (wasReplaced ? this.begin() : work(request, question));
    });
  }

  /** What is chosen, as a question to the model that is open; undefined where that, or the picture in sight, is another one. */
  private question(): Question | undefined {
    const model = this.model;
    const { state } = this.channel;
    const { method, modelId, opened, chosenClass, methods, ...panel } = state;
    if (model === undefined || method === undefined || model.id !== modelId) return undefined;
    // Another one was chosen in between: what is known of this one has to be told again.
    if (opened === undefined) return undefined;
    // Its file changed, and that version is still to be drawn: never a map of it over the one before.
    if (!this.picture.isDrawnAs(panel.picture)) return undefined;
    const oneMapForAll = methods.find(({ id }) => id === method)?.classSpecific === false;
    const isThere = isOf(panel.contrasted, panel.contrast);
    const contrast = oneMapForAll || isThere ? undefined : panel.contrast;
    const asked = askedClasses(state);
    const { classes: among } = amongClasses(state);
    const { change } = panel;
    return { model, method, oneMapForAll, chosenClass, asked, among, contrast, change };
  }

  /** Also those that the workspace has to be searched for. */
  private async learnModels(model: ModelDescription): Promise<void> {
    try {
      const models = await this.services.models.listAround([model]);
      this.channel.learn({ kind: 'listed', models, methods: this.channel.state.methods });
    } catch (error) {
      this.log(failureData(error));
    }
  }

  /** Which methods cannot run on this model, also when the request is done. */
  private async learnAvailability(
    { signal }: PanelRequest,
    model: ModelDescription,
  ): Promise<void> {
    try {
      const { methods } = await this.services.worker.call('inspect', { model }, { signal });
      this.channel.learn({ kind: 'available', modelId: model.id, availability: methods });
    } catch (error) {
      // The panel goes without: choosing such a method says why it cannot run.
      this.log(failureData(error));
    }
  }
}
