/** What is asked about the picture of a panel, from the choices through the model to the maps. */
import type * as vscode from 'vscode';
import { Failure, failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import type { ModelDescription } from '../../shared/model';
import type { PictureWindow } from '../../shared/picture-reading';
import type { ExplainResult } from '../../shared/protocol/explain';
import { readManifest, writeManifest } from '../../store/manifest';
import { openManifest } from '../models/open-manifest';
import { defaultModelId, explainSettings } from '../settings';
import { ClassMaps, type Question } from './class-maps';
import { openPicture, type OpeningServices } from './open-picture';
import { nextChoices, type PanelChoices } from './panel-choices';
import type { PanelMailbox } from './panel-mailbox';
import { PanelRequests, type PanelRequest } from './panel-requests';
import { explainedMessage } from './panel-words';
import type { ShownPicture } from './shown-picture';

export class PictureExplanation implements vscode.Disposable {
  private readonly requests: PanelRequests;
  private readonly maps: ClassMaps;
  private choices: PanelChoices;
  /** The model that answers; it may be another one than was chosen meanwhile. */
  private model: ModelDescription | undefined;

  constructor(
    private readonly picture: ShownPicture,
    choices: PanelChoices,
    private readonly services: OpeningServices,
    private readonly mailbox: PanelMailbox,
    private readonly log: (failure: FailureData) => void,
  ) {
    this.choices = choices;
    this.requests = new PanelRequests(mailbox, log);
    this.maps = new ClassMaps(services.worker);
  }

  get onDidChangeBusy(): vscode.Event<void> {
    return this.requests.onDidChangeBusy;
  }

  get busy(): boolean {
    return this.requests.busy;
  }

  /**
   * What the panel shows by the model and the method that are chosen.
   * @throws Failure while there is nothing
   */
  get result(): ExplainResult {
    const { method = '' } = this.choices;
    const result = this.model && this.maps.known({ model: this.model, method });
    if (result === undefined)
      throw new Failure('internal', 'There is nothing to save yet.', 'Wait for the first map.');
    return result;
  }

  /** From nothing to the evidence: picture, choices, model, maps. */
  async begin(): Promise<void> {
    await this.requests.run('Opening the picture', async (request) => {
      const { uri } = this.picture;
      const settings = explainSettings(uri);
      const { modelId = defaultModelId(uri), method = settings.method } = this.choices;
      this.choices = { ...this.choices, modelId, method };
      const { phrases = [], chosenWindow } = this.choices;
      const { colourMap } = settings;
      const decided = { modelId, method, phrases, colourMap, chosenWindow };
      const opened = await openPicture(request, this.picture, decided, this.services, this.mailbox);
      request.check();
      this.model = opened.model;
      if (opened.model !== undefined) await this.maps.wasReplaced(opened.model);
      this.choices = { ...this.choices, modelId: opened.modelId };
      const question = this.question();
      if (question === undefined) {
        request.tell({ kind: 'awaitingPhrases' });
        return;
      }
      await this.maps.trace(request, question);
      void this.showAvailability(request, question.model);
    });
  }

  async chooseModel(modelId: string): Promise<void> {
    this.choices = { ...this.choices, modelId, extraClasses: [] };
    await this.begin();
  }

  async chooseMethod(method: string): Promise<void> {
    this.choices = { ...this.choices, method };
    const { shown } = this.mailbox;
    // The panel chose it, but a picture that was on its way then came with the method before.
    if (shown !== undefined) this.mailbox.post({ ...shown, method });
    const question = this.question();
    const known = question && this.maps.complete(question);
    if (question !== undefined && known !== undefined) {
      this.requests.drop();
      this.mailbox.post(explainedMessage(question.model, known));
      if (await this.maps.wasReplaced(question.model)) await this.begin();
      return;
    }
    await this.ask('Explaining', (...asked) => this.maps.trace(...asked));
  }

  async explainClass(index: number): Promise<void> {
    const extraClasses = [...new Set([...(this.choices.extraClasses ?? []), index])];
    this.choices = { ...this.choices, extraClasses };
    const label = this.model?.labels[index] ?? `class ${index}`;
    await this.ask(`Explaining ${label}`, (...asked) => this.maps.trace(...asked));
  }

  /** Other phrases are another head: what the model said about the ones before no longer holds. */
  async usePhrases(phrases: readonly string[]): Promise<void> {
    const { modelId } = this.choices;
    this.choices = { ...this.choices, phrases: [...phrases], extraClasses: [] };
    if (modelId !== undefined) this.maps.forget(modelId);
    await this.begin();
  }

  /** Through another window the picture is another one, for every model. */
  async useWindow(chosenWindow: PictureWindow | undefined): Promise<void> {
    this.choices = { ...this.choices, chosenWindow };
    this.maps.clear();
    this.model = undefined;
    await this.begin();
  }

  /** For all pictures of the model, in every panel. */
  async keepWindow(window: PictureWindow): Promise<void> {
    const model = this.model;
    if (model === undefined) return this.begin();
    await this.requests.run('Reading the picture anew', async (request) => {
      const { pictures } = (await readManifest(model.path)) ?? {};
      await writeManifest(model.path, { pictures: { ...pictures, window } });
      this.services.models.descriptionChanged(model.id);
      request.check();
      await this.useWindow(undefined);
    });
  }

  async measureStability(): Promise<void> {
    await this.ask('Measuring how stable the map is', (...asked) =>
      this.maps.measureStability(...asked),
    );
  }

  /** Opens the manifest of the chosen model, where what was assumed of it can be stated. */
  async changeAssumptions(): Promise<void> {
    const { assumed } = this.result;
    if (this.model !== undefined) await openManifest(this.model, assumed);
  }

  /**
   * A picture is to come, with what was chosen for this one unless it says otherwise.
   * @param isOther whether it is another one
   */
  leave(choices: PanelChoices, isOther: boolean): void {
    this.requests.drop();
    this.choices = nextChoices(this.choices, choices, isOther);
    if (!isOther) return;
    this.maps.clear();
    // It may read pictures through the window of the one before; it is opened again.
    this.model = undefined;
  }

  /** What was computed no longer holds: the picture or the way of computing is another one. */
  forget(): void {
    this.maps.clear();
  }

  /** A model came, went, or is prepared differently: what it said about the picture no longer holds. */
  modelChanged(modelId: string): void {
    this.maps.forget(modelId);
    if (this.choices.modelId === modelId && !this.busy) void this.begin();
  }

  cancel(): void {
    this.requests.cancel();
  }

  dispose(): void {
    this.requests.dispose();
  }

  /** Asks the model that is open; where none is, or its files were replaced, there is everything to begin with. */
  private async ask(
    phrase: string,
    work: (request: PanelRequest, question: Question) => Promise<void>,
  ): Promise<void> {
    const question = this.question();
    if (question === undefined) return this.begin();
    return this.requests.run(phrase, async (request) => {
      const wasReplaced = await this.maps.wasReplaced(question.model);
      request.check();
      await (wasReplaced ? this.begin() : work(request, question));
    });
  }

  /** What is chosen, as a question to the model that is open; undefined where that is not the chosen one. */
  private question(): Question | undefined {
    const model = this.model;
    const { method, modelId, extraClasses = [] } = this.choices;
    if (model === undefined || method === undefined || model.id !== modelId) return undefined;
    const info = this.mailbox.shown?.methods.find(({ id }) => id === method);
    const oneMapForAll = info?.classSpecific === false;
    return { picture: this.picture.uri, model, method, oneMapForAll, extraClasses };
  }

  /** Tells the panel which methods cannot run on this model, also when the request is done. */
  private async showAvailability({ signal }: PanelRequest, model: ModelDescription): Promise<void> {
    try {
      const { methods } = await this.services.worker.call('inspect', { model }, { signal });
      const { shown } = this.mailbox;
      if (shown?.modelId === model.id) this.mailbox.post({ ...shown, availability: methods });
    } catch (error) {
      // The panel goes without: choosing such a method says why it cannot run.
      this.log(failureData(error));
    }
  }
}
