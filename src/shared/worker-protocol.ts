/**
 * The typed protocol between whoever asks (extension, command line) and the worker process.
 * The interfaces are the protocol: a call's parameters, its result, and the events on the way.
 */
import type {
  ClassScore,
  Grid,
  Heatmap,
  InputWindow,
  MethodAvailability,
  MethodInfo,
  MethodOptions,
  Preset,
  Stability,
  Targets,
} from './explanation';
import type { Annotation } from './annotation';
import type { Assumption } from './assumption';
import type { FailureData } from './failure-data';
import type { ModelDescription } from './model';
import type { OutputKind } from './output-kind';
import type { PictureLevels, PictureReading } from './picture-reading';
import type { RemarkSentence } from './picture-remark';
import type { Provider, ProviderChoice } from './provider';
import type { ProbeReport, ProbeSample, SkippedSample } from './probe';
import type { SampleResult } from './sample-result';

/** Where and how the worker runs; sent once at its start. */
export interface WorkerSettings {
  /** 0: let ONNX Runtime choose. */
  readonly threads: number;
  readonly provider: ProviderChoice;
  /** Folder for canonical graphs; a cache that cannot be written is reported, never fatal. */
  readonly cacheFolder: string;
  /** The process ends itself after so many idle seconds; 0: never. */
  readonly idleSeconds: number;
  /** Sessions are dropped, least recently used first, above so many bytes. */
  readonly sessionBytes: number;
}

/** Where the picture comes from: encoded bytes (any `workspace.fs` scheme), or an already preprocessed tensor. */
export type ImageSource =
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array; readonly name: string }
  | {
      readonly kind: 'tensor';
      /** `[1, 3, H, W]`, float32. */
      readonly values: Float32Array;
      readonly shape: readonly [1, 3, number, number];
      readonly name: string;
    };

export interface ExplainParams {
  readonly image: ImageSource;
  readonly model: ModelDescription;
  readonly method: string;
  readonly options: MethodOptions;
  readonly targets: Targets;
  /** How many classes `topK` of the result lists. */
  readonly listed: number;
  /** Also measure how stable the map is (costs a second run). */
  readonly stability: boolean;
}

export interface Milliseconds {
  readonly decode: number;
  readonly open: number;
  readonly forward: number;
  readonly explain: number;
  readonly total: number;
}

export interface ExplainResult {
  readonly modelId: string;
  readonly modelSha256: string;
  readonly method: string;
  readonly preset: Preset;
  /** What the model's numbers mean. */
  readonly output: OutputKind;
  readonly grid: Grid;
  readonly window: InputWindow;
  /** What the model's manifest says of reading pictures, where it does. */
  readonly reading?: PictureReading;
  /** Of a picture of more than 8 bits a channel. */
  readonly levels?: PictureLevels;
  readonly topK: readonly ClassScore[];
  readonly heatmaps: readonly Heatmap[];
  /** How strongly the model answered each explained class, in the order of `heatmaps`. */
  readonly scores: readonly ClassScore[];
  readonly stability: Stability | undefined;
  readonly provider: Provider;
  /** What the answer rests on without anything that says it. */
  readonly assumed: readonly Assumption[];
  /** Sentences the person should see, e.g. a provider that fell back to the CPU. */
  readonly notices: readonly string[];
  /** How the picture was read, as far as that is not a matter of course. */
  readonly remarks: readonly RemarkSentence[];
  readonly milliseconds: Milliseconds;
}

/** What the engine found in a model. */
export interface Inspection {
  readonly model: { readonly id: string; readonly sha256: string };
  readonly input: { readonly height: number; readonly width: number; readonly channels: number };
  readonly blocks: number;
  readonly heads: number;
  readonly dim: number;
  readonly tokens: number;
  readonly prefixTokens: number;
  readonly patch: readonly [height: number, width: number];
  readonly grid: Grid;
  readonly classes: number;
  /** `CLS token`, `mean of the patches`, … in words. */
  readonly readout: string;
  readonly head: string;
  /** What its numbers mean. */
  readonly output: OutputKind;
  /** What neither the weights nor the files beside them decide. */
  readonly assumed: readonly Assumption[];
  readonly methods: readonly MethodAvailability[];
}

/** A sample of a dataset, its label already matched to a class. */
export interface BatchSample {
  readonly path: string;
  readonly name: string;
  readonly label?: string | undefined;
  readonly truth?: number | undefined;
  readonly annotation?: Annotation | undefined;
}

export interface BatchParams {
  readonly model: ModelDescription;
  readonly method: string;
  readonly options: MethodOptions;
  /** None: open the model only. */
  readonly samples: readonly BatchSample[];
  /** Of the model that earlier samples of this run were answered by: it must be the same. */
  readonly modelSha256?: string;
  /** Where to keep small JPEGs of what the model sees, by SHA-256 of the file, and their longest side. */
  readonly thumbnails?: { readonly folder: string; readonly side: number } | undefined;
}

export interface BatchResult {
  readonly modelSha256: string;
  readonly classes: number;
  /** Class names by index; empty when the model has none that fit. */
  readonly labels: readonly string[];
  /** Whether the model gives the probability of one class alone: the first name is made from the second. */
  readonly oneSideNamed: boolean;
  /** What the model's numbers mean. */
  readonly output: OutputKind;
  readonly grid: Grid;
  readonly assumed: readonly Assumption[];
  readonly notices: readonly string[];
}

/** What a linear probe is to be trained on, and where it goes. */
export interface TrainProbeParams {
  readonly samples: readonly ProbeSample[];
  /** What was passed over when the dataset was listed. */
  readonly skipped: readonly SkippedSample[];
  /** The folder that the samples' names are relative to. */
  readonly root: string;
  /** The model whose readout is the probe's input; a head of its own is left aside. */
  readonly backbone: ModelDescription;
  readonly name: string;
  /** Absolute path of `NAME.probe.safetensors`; an older one is replaced. */
  readonly head: string;
  readonly seed: number;
  /** Share of every class held out, where the dataset has no parts of its own; between 0 and 1. */
  readonly validationShare: number;
  /** How many of the surest mistakes are shown with a heatmap. */
  readonly explained: number;
}

export interface EvaluateProbeParams {
  readonly samples: readonly ProbeSample[];
  readonly skipped: readonly SkippedSample[];
  readonly root: string;
  /** A probe: its description has a backbone. */
  readonly model: ModelDescription;
  readonly explained: number;
}

export interface ProbeOutcome {
  readonly report: ProbeReport;
  /** Features that were computed now, and those found in the cache. */
  readonly features: {
    readonly computed: number;
    readonly cached: number;
    readonly seconds: number;
  };
  readonly trainingSeconds: number;
  /** What neither the backbone's weights nor the files beside it decide. */
  readonly assumed: readonly Assumption[];
  /** Sentences for the person. */
  readonly notices: readonly string[];
}

/** A picture that is to be decoded for looking at. */
export interface PictureParams {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly maxSide: number;
  /** As the model that sees it is to read it. */
  readonly reading?: PictureReading;
}

/** Call name → parameters and result. */
export interface WorkerCalls {
  /** The methods the engine has, in the order to offer them. */
  methods: { params: Record<string, never>; result: readonly MethodInfo[] };
  /** Explain one image. Events: `stage`, then `classified`, then each heatmap's result in the reply. */
  explain: { params: ExplainParams; result: ExplainResult };
  /** What the engine finds in a model. */
  inspect: { params: { readonly model: ModelDescription }; result: Inspection };
  /** Explain the samples of a dataset, best class each. Events: `stage`, then a `sample` each, in order. */
  batch: { params: BatchParams; result: BatchResult };
  /** A picture as PNG, as a model sees it where a browser would draw it otherwise; at most `maxSide` pixels on its long side. */
  picture: {
    params: PictureParams;
    result: { readonly png: Uint8Array; readonly width: number; readonly height: number };
  };
  /** A small JPEG of a picture, at most `maxSide` pixels on its long side, and the picture's own size. */
  thumbnail: {
    params: PictureParams;
    result: { readonly jpeg: Uint8Array; readonly width: number; readonly height: number };
  };
  /** What the model saw, and the evidence for each explained class over it, as one PNG. */
  contactSheet: {
    params: {
      readonly image: ImageSource;
      readonly result: ExplainResult;
      /** Whether the method's values have a sign. */
      readonly signed: boolean;
    };
    result: { readonly png: Uint8Array };
  };
  /** Train a linear probe and write its files. Events: `stage`, `progress`. */
  trainProbe: { params: TrainProbeParams; result: ProbeOutcome };
  /** Measure a linear probe. Events: `stage`, `progress`. */
  evaluateProbe: { params: EvaluateProbeParams; result: ProbeOutcome };
}

export type CallName = keyof WorkerCalls;

/** What a running call tells on the way. */
export type WorkerEvent =
  /** A step of the work began: a short phrase for the progress line. */
  | { readonly kind: 'stage'; readonly phrase: string }
  /** A sample of a batch is done. */
  | { readonly kind: 'sample'; readonly result: SampleResult }
  /** So many of the pictures are done. */
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  /** The logits are there: the panel can list classes before any heatmap exists. */
  | {
      readonly kind: 'classified';
      readonly topK: readonly ClassScore[];
      readonly window: InputWindow;
    };

/** Everything a client sends. */
export type ToWorker =
  | { readonly kind: 'settings'; readonly settings: WorkerSettings }
  | {
      [Name in CallName]: {
        readonly kind: 'call';
        readonly id: number;
        readonly name: Name;
        readonly params: WorkerCalls[Name]['params'];
      };
    }[CallName];

/** Everything the worker sends. */
export type FromWorker =
  | { readonly kind: 'event'; readonly id: number; readonly event: WorkerEvent }
  | {
      readonly kind: 'result';
      readonly id: number;
      readonly result: WorkerCalls[CallName]['result'];
    }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: FailureData };
