/** What is asked and what is known in a panel: one model, held by the extension, shown by the page. */
import type { Activity } from '../activity';
import { amongAll, type AmongChoice } from '../among';
import type { Assumption } from '../assumption';
import type {
  ClassScore,
  Grid,
  InputWindow,
  MethodAvailability,
  MethodInfo,
  Heatmap,
} from '../explanation';
import type { Filmstrip, Way } from '../filmstrip';
import type { ModelListing } from '../model';
import type { PictureChange } from '../picture-change';
import type { PictureLevels, PictureWindow } from '../picture-reading';
import type { ExplainResult } from '../protocol/explain';
import type { MeasuredMap } from './measured';

/** The picture as the page draws it. */
export interface DrawnPicture {
  readonly uri: string;
  readonly fileName: string;
  /** Where it lies, and which version of the file it is, in words; empty at the root of the workspace. */
  readonly place: string;
  /** A data or webview URI; another one for another version of the file, or another way of reading it. */
  readonly imageSrc: string;
}

/** What is known of the chosen model. */
export interface OpenedModel {
  /** Names of its classes by index; empty where it has none. */
  readonly labels: readonly string[];
  /** Whether its classes are the phrases that a picture is compared with. */
  readonly comparesPhrases: boolean;
  /** In one line, how pictures are prepared for it. */
  readonly prepared: string;
  /** Height and width that it sees, in pixels. */
  readonly input: Grid;
  /** Whether its manifest can keep how its pictures are read. */
  readonly keepsWindow: boolean;
  /** Which methods cannot run on it, and why, as far as that is known. */
  readonly availability: readonly MethodAvailability[];
}

/** What it says of the picture. */
export interface Classified {
  readonly topK: readonly ClassScore[];
  /** The classes that these are the best of; undefined: all. */
  readonly among?: readonly number[];
  readonly window: InputWindow;
}

/** Two classes by number, the one held against the other. */
export interface Contrast {
  readonly index: number;
  readonly against: number;
}

/** The class that the dataset says a picture is of: its number and name with the dataset's model. */
export interface PictureLabel {
  readonly index: number;
  /** Left out where that model has no names. */
  readonly name?: string;
}

/** What a person chose to ask. */
export interface PanelChoices {
  /** Undefined until the settings were asked. */
  readonly modelId: string | undefined;
  /** Whether nobody named it: it is the setting's, and that of another picture may be another. */
  readonly modelByDefault: boolean;
  readonly method: string | undefined;
  /** Whether nobody named it: it is the setting's, or the best of the model, and another of another model. */
  readonly methodByDefault: boolean;
  /** For models that compare the picture with phrases. */
  readonly phrases: readonly string[];
  /** Which numbers of this picture are black and white; undefined: as the model or the file says. */
  readonly chosenWindow: PictureWindow | undefined;
  /** What is covered of this picture, and how it is fitted; undefined: as the picture and the model are. */
  readonly change: PictureChange | undefined;
  /** What the dataset says the picture is, where it comes from one. */
  readonly label: PictureLabel | undefined;
  /** The classes that the labels of its dataset stand for, where it comes from one. */
  readonly datasetClasses: readonly PictureLabel[];
  /** Which classes the answers are taken among, also on the next pictures. */
  readonly among: AmongChoice;
  /** The class whose map is looked at, also on the next pictures; undefined: the most probable one. */
  readonly chosenClass: number | undefined;
  /** Classes that were asked for besides the most probable ones. */
  readonly extraClasses: readonly number[];
  /** Why the one class and not the other, where that is asked. */
  readonly contrast: Contrast | undefined;
}

/** What the page is told. */
export interface PanelState extends PanelChoices {
  /** Undefined until there is one to draw. */
  readonly picture: DrawnPicture | undefined;
  /** Whether another picture is to take its place. */
  readonly isLeft: boolean;
  readonly models: readonly ModelListing[];
  /** Whether the chosen model is the setting's, as far as that is known. */
  readonly modelIsSetting: boolean;
  readonly methods: readonly MethodInfo[];
  /** The setting for methods without a sign; empty until it is known. */
  readonly colourMap: string;
  readonly opened: OpenedModel | undefined;
  readonly classified: Classified | undefined;
  /** The maps of the chosen method on the chosen model; never those of another. */
  readonly explained: ExplainResult | undefined;
  /** The map of the contrast that is asked for, by the chosen method on the chosen model. */
  readonly contrasted: Heatmap | undefined;
  /** How faithful maps of this picture are, of whichever model, method and class it was asked. */
  readonly measured: readonly MeasuredMap[];
  /** How the picture's numbers became black to white, also while it is read anew. */
  readonly levels: PictureLevels | undefined;
  /** What the chosen model rests on without anything that says it, as far as it has answered. */
  readonly assumed: readonly Assumption[];
  readonly activity: Activity;
  /** The samples to walk through, where a gallery opened the panel. */
  readonly filmstrip: Filmstrip | undefined;
  /** The pictures of its folder, where no gallery opened the panel. */
  readonly folder: Way | undefined;
  /** The gallery that the panel belongs to; after a reload also before that is there again. */
  readonly gallery: string | undefined;
  /** Whether the next picture that is opened takes the place of this one; undefined where that is not to choose. */
  readonly isPreview: boolean | undefined;
}

export interface PanelModel extends PanelState {
  /** All that the models answered about this picture; only in the extension. */
  readonly remembered: readonly ExplainResult[];
}

const nothingTold: PanelState = {
  picture: undefined,
  isLeft: false,
  modelId: undefined,
  modelByDefault: false,
  method: undefined,
  methodByDefault: false,
  phrases: [],
  chosenWindow: undefined,
  change: undefined,
  label: undefined,
  datasetClasses: [],
  among: amongAll,
  chosenClass: undefined,
  extraClasses: [],
  contrast: undefined,
  models: [],
  modelIsSetting: true,
  methods: [],
  colourMap: '',
  opened: undefined,
  classified: undefined,
  explained: undefined,
  contrasted: undefined,
  measured: [],
  levels: undefined,
  assumed: [],
  activity: { kind: 'waiting' },
  filmstrip: undefined,
  folder: undefined,
  gallery: undefined,
  isPreview: undefined,
};

/** All that the page is told. */
export const panelParts = Object.keys(nothingTold) as readonly (keyof PanelState)[];

/** A panel before anything is known. */
export const emptyPanel: PanelModel = { ...nothingTold, remembered: [] };

/** The pictures to walk through: a gallery's samples, or those of the folder; undefined where there is no other. */
export function wayOf({ filmstrip, folder }: PanelState): Way | undefined {
  if (filmstrip !== undefined) return filmstrip;
  const isAlone = folder === undefined || (folder.total < 2 && folder.at !== undefined);
  return isAlone ? undefined : folder;
}

/** What the picture is compared with; undefined for models that compare nothing. */
export function phrasesInUse({ opened, phrases }: PanelState): readonly string[] | undefined {
  return opened?.comparesPhrases === true ? phrases : undefined;
}
