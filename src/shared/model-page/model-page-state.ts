/** What is known of a model file and how it is prepared: one state, held by the extension, shown by its page. */
import type { Activity } from '../activity';
import type { MethodInfo } from '../explanation';
import type { FailureData } from '../failure-data';
import type { Manifest } from '../manifest';
import type { Preprocessing } from '../preprocessing';
import type { Inspection } from '../protocol/explain';
import type { Trial, TrialSubject } from './trial';

export interface ModelFile {
  readonly name: string;
  readonly folder: string;
  /** Undefined until it is known. */
  readonly bytes: number | undefined;
  /** The manifest beside it, or where it would be. */
  readonly manifest: { readonly name: string; readonly exists: boolean };
}

/** A family's way of preparing pictures, for the input of this model. */
export interface OfferedPreset {
  readonly id: string;
  readonly name: string;
  /** One sentence for whoever has to choose. */
  readonly sentence: string;
  readonly preprocessing: Preprocessing;
}

/** A file that was read, and turned out to be a model. */
export interface ShownModel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'onnx' | 'checkpoint' | 'probe';
  readonly preprocessing: Preprocessing;
  /** Where the preprocessing was found, or why it was guessed. */
  readonly preprocessingSource: string;
  /** Names of its classes by index; empty where it has none. */
  readonly labels: readonly string[];
  /** Whether its classes are the phrases that a picture is compared with. */
  readonly comparesPhrases: boolean;
  /** What its manifest states. */
  readonly stated: Manifest;
  /** Why nothing can be stated of it; undefined where it can. */
  readonly fixed: string | undefined;
  readonly presets: readonly OfferedPreset[];
  readonly found: Inspection;
  readonly methods: readonly MethodInfo[];
}

export interface ModelPageState {
  readonly file: ModelFile;
  /** Whether the workspace's models may be opened. */
  readonly isTrusted: boolean;
  /** Undefined until the file is read. */
  readonly model: ShownModel | undefined;
  /** The pictures that the page was opened from. */
  readonly offered: TrialSubject | undefined;
  readonly trial: Trial | undefined;
  /** How the reading goes. */
  readonly activity: Activity;
  /** Why what was stated last could not be written; undefined where it was. */
  readonly notKept: FailureData | undefined;
}

export function freshModelPage(file: ModelFile, isTrusted: boolean): ModelPageState {
  return {
    file,
    isTrusted,
    model: undefined,
    offered: undefined,
    trial: undefined,
    activity: { kind: 'waiting' },
    notKept: undefined,
  };
}
