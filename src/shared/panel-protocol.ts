/** The typed protocol between the extension host and the panel (the webview). */
import type { Assumption } from './assumption';
import type {
  ClassScore,
  Grid,
  Heatmap,
  InputWindow,
  MethodAvailability,
  MethodInfo,
  Preset,
  Stability,
} from './explanation';
import type { FailureData } from './failure-data';
import type { Filmstrip, FrameRange } from './filmstrip';
import type { ModelListing } from './model';
import type { PictureLevels, PictureWindow } from './picture-reading';

/** How the person looks at a map; kept in the webview's own state and restored after a reload. */
export interface ViewState {
  readonly classIndex: number | undefined;
  /** 0 … 1. */
  readonly opacity: number;
  /** For methods without a sign. */
  readonly colourMap: string;
  /** For signed methods; left out: the first diverging one. */
  readonly divergingColourMap?: string;
  readonly drawing: 'smooth' | 'patches';
  readonly showOriginal: boolean;
  readonly otsu: boolean;
  /** How much the picture is enlarged; 1: all of it fits. */
  readonly zoom: number;
}

/** What the panel needs to be revived after a reload. */
export interface PanelState {
  readonly uri: string;
  readonly modelId: string;
  readonly method: string;
  readonly extraClasses: readonly number[];
  /** Of a model that compares the picture with phrases. */
  readonly phrases?: readonly string[];
  /** Which numbers of this picture are black and white, as the person chose here. */
  readonly chosenWindow?: PictureWindow;
  /** The gallery whose samples it walks through. */
  readonly gallery?: string;
  readonly view: ViewState;
}

/** Extension → panel. Hidden webviews drop messages: each one is a whole state, so the last one wins. */
export type ToPanel =
  /** The picture to show (a data or webview URI) and what can be chosen. */
  | {
      readonly kind: 'show';
      readonly uri: string;
      readonly fileName: string;
      readonly imageSrc: string;
      readonly models: readonly ModelListing[];
      readonly methods: readonly MethodInfo[];
      readonly modelId: string;
      readonly method: string;
      readonly labels: readonly string[];
      /** What the picture is compared with; present (maybe empty) for models that compare phrases. */
      readonly phrases?: readonly string[] | undefined;
      /** Which numbers are black and white, where that was chosen in this panel for this picture. */
      readonly chosenWindow?: PictureWindow | undefined;
      readonly colourMap: string;
      /** Which methods cannot run on this model, and why, where that is known. */
      readonly availability?: readonly MethodAvailability[];
    }
  /** A request is under way. */
  | { readonly kind: 'busy'; readonly phrase: string }
  /** The logits are there. */
  | {
      readonly kind: 'classified';
      /** Whose answer it is; the panel leaves out what a model gave that is no longer chosen. */
      readonly modelId?: string;
      readonly phrases?: readonly string[] | undefined;
      readonly topK: readonly ClassScore[];
      readonly window: InputWindow;
    }
  /** The maps are there. */
  | {
      readonly kind: 'explained';
      readonly method: string;
      readonly preset: Preset;
      readonly modelId: string;
      readonly phrases?: readonly string[] | undefined;
      readonly grid: Grid;
      readonly window: InputWindow;
      readonly topK: readonly ClassScore[];
      readonly heatmaps: readonly Heatmap[];
      readonly stability: Stability | undefined;
      /** Of a picture of more than 8 bits a channel. */
      readonly levels?: PictureLevels | undefined;
      /** Whether the model's manifest can keep how its pictures are read. */
      readonly keepsWindow?: boolean;
      /** What the answer rests on without anything that says it. */
      readonly assumed: readonly Assumption[];
      readonly notices: readonly string[];
      /** Sentences about how the picture was read. */
      readonly remarks: readonly string[];
      readonly milliseconds: number;
    }
  /** It did not work. */
  | { readonly kind: 'failed'; readonly failure: FailureData }
  /** The person cancelled. */
  | { readonly kind: 'cancelled' }
  /** The model compares the picture with phrases, and there are none yet. */
  | { readonly kind: 'awaitingPhrases' }
  /** The samples to walk through; without them the gallery is gone, or there was none. */
  | { readonly kind: 'filmstrip'; readonly filmstrip: Filmstrip | undefined };

/** Panel → extension. */
export type FromPanel =
  /** The panel has loaded; with the state it kept, if any. */
  | { readonly kind: 'ready'; readonly state: PanelState | undefined }
  | { readonly kind: 'chooseMethod'; readonly method: string }
  | { readonly kind: 'chooseModel'; readonly modelId: string }
  /** Explain this class too (picked by name or number). */
  | { readonly kind: 'explainClass'; readonly index: number }
  /** Compare the picture with these phrases, all of them. */
  | { readonly kind: 'usePhrases'; readonly phrases: readonly string[] }
  /** Read this picture of more than 8 bits through this window; without one, as the model or its file says. */
  | { readonly kind: 'useWindow'; readonly window?: PictureWindow | undefined }
  /** Read all pictures of the model through this window: its manifest keeps it. */
  | { readonly kind: 'keepWindow'; readonly window: PictureWindow }
  /** Show the sample before or after this one. */
  | { readonly kind: 'step'; readonly by: 1 | -1 }
  /** Show the sample at this place, which has this name where it is known. */
  | { readonly kind: 'walk'; readonly place: number; readonly name?: string }
  /** These samples of the filmstrip are in sight. */
  | { readonly kind: 'lookAtFrames'; readonly range: FrameRange }
  /** Show or hide the filmstrip's pictures, here and from now on. */
  | { readonly kind: 'showFilmstrip'; readonly shown: boolean }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'retry' }
  | { readonly kind: 'openLog' }
  | { readonly kind: 'openSettings' }
  | { readonly kind: 'manageModels' }
  /** State otherwise what was assumed of the model. */
  | { readonly kind: 'changeAssumptions' }
  | { readonly kind: 'measureStability' }
  /** Save what the panel drew, or the raw figures. */
  | {
      readonly kind: 'save';
      readonly format: 'png' | 'json' | 'npy';
      readonly classIndex: number;
      /** The composed picture for `png`. */
      readonly png?: Uint8Array;
    }
  /** A short message for the person (e.g. the clipboard was refused). */
  | { readonly kind: 'notify'; readonly message: string };
