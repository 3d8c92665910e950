/** The fields of how pictures are prepared. */
import type { PreparationDraft } from './preparation-draft';
import { ChoiceOf } from './choice-of';
import { TextRow } from './text-row';

interface Props {
  readonly draft: PreparationDraft;
  /** The field that says nothing sound. */
  readonly unsound: keyof PreparationDraft | undefined;
  readonly onDraft: (draft: PreparationDraft) => void;
}

const rules = {
  'shortest-edge': 'the short side, in proportion',
  cover: 'in proportion, to cover',
  contain: 'in proportion, to fit into',
  squash: 'both sides, whatever the shape',
  none: 'not at all',
} satisfies Record<PreparationDraft['rule'], string>;

const filters = {
  bicubic: 'bicubic',
  bilinear: 'bilinear',
  lanczos: 'Lanczos',
  box: 'box',
  hamming: 'Hamming',
  nearest: 'nearest',
} satisfies Record<PreparationDraft['interpolation'], string>;

const roundings = {
  'half-even': 'the even pixel: torchvision, timm, OpenCLIP',
  down: 'the pixel before: Hugging Face',
  'towards-zero': 'the pixel nearer to 0: Hugging Face, fast',
} satisfies Record<PreparationDraft['cropRounding'], string>;

const places = {
  centre: 'in the centre',
  'top-left': 'at the top left',
} satisfies Record<PreparationDraft['place'], string>;

const orders = {
  rgb: 'red first',
  bgr: 'blue first',
} satisfies Record<PreparationDraft['channels'], string>;

const containRoundings = {
  nearest: 'to the nearest pixel',
  down: 'down',
} satisfies Record<PreparationDraft['rounding'], string>;

export function PreparationFields({ draft, unsound, onDraft }: Props) {
  const set = (change: Partial<PreparationDraft>): void => onDraft({ ...draft, ...change });
  const names = channelNames(draft);
  const { rule } = draft;
  return (
    <div class="preparation-fields">
      <ChoiceOf
        id="rule"
        label="Resize"
        words={rules}
        chosen={rule}
        onChoose={(chosen) => set({ rule: chosen })}
      />
      {rule === 'shortest-edge' && (
        <>
          <TextRow
            id="short"
            label="to"
            texts={[draft.short]}
            invalid={unsound === 'short'}
            onInput={([short = '']) => set({ short })}
          />
          <TextRow
            id="longest"
            label="Long side at most"
            placeholder="any"
            texts={[draft.longest]}
            invalid={unsound === 'longest'}
            onInput={([longest = '']) => set({ longest })}
          />
        </>
      )}
      {rule !== 'shortest-edge' && rule !== 'none' && (
        <TextRow
          id="size"
          label="to"
          names={['height', 'width']}
          texts={[draft.height, draft.width]}
          invalid={unsound === 'height' || unsound === 'width'}
          onInput={([height = '', width = '']) => set({ height, width })}
        />
      )}
      {rule === 'contain' && (
        <ChoiceOf
          id="rounding"
          label="Sides are rounded"
          words={containRoundings}
          chosen={draft.rounding}
          onChoose={(rounding) => set({ rounding })}
        />
      )}
      {rule !== 'none' && (
        <ChoiceOf
          id="interpolation"
          label="Filter"
          words={filters}
          chosen={draft.interpolation}
          onChoose={(interpolation) => set({ interpolation })}
        />
      )}
      <TextRow
        id="crop"
        label="Crop"
        names={['height', 'width']}
        texts={[draft.cropHeight, draft.cropWidth]}
        invalid={unsound === 'cropHeight' || unsound === 'cropWidth'}
        onInput={([cropHeight = '', cropWidth = '']) => set({ cropHeight, cropWidth })}
      />
      <TextRow
        id="mean"
        label="Mean"
        names={names}
        texts={draft.mean}
        invalid={unsound === 'mean'}
        onInput={([a = '', b = '', c = '']) => set({ mean: [a, b, c] })}
      />
      <TextRow
        id="std"
        label="Deviation"
        names={names}
        texts={draft.std}
        invalid={unsound === 'std'}
        onInput={([a = '', b = '', c = '']) => set({ std: [a, b, c] })}
      />
      <details open={unsound === 'fill' || unsound === 'rescale' ? true : undefined}>
        <summary>More</summary>
        <div class="preparation-fields">
          <TextRow
            id="rescale"
            label="Levels 0 … 255 times"
            texts={[draft.rescale]}
            invalid={unsound === 'rescale'}
            onInput={([rescale = '']) => set({ rescale })}
          />
          <ChoiceOf
            id="channels"
            label="Channels"
            words={orders}
            chosen={draft.channels}
            onChoose={(channels) => set({ channels })}
          />
          <ChoiceOf
            id="crop-rounding"
            label="A crop at half a pixel begins at"
            words={roundings}
            chosen={draft.cropRounding}
            onChoose={(cropRounding) => set({ cropRounding })}
          />
          <ChoiceOf
            id="place"
            label="A smaller picture lies"
            words={places}
            chosen={draft.place}
            onChoose={(place) => set({ place })}
          />
          <TextRow
            id="fill"
            label="Padding, 0 … 255"
            names={['red', 'green', 'blue']}
            texts={draft.fill}
            invalid={unsound === 'fill'}
            onInput={([a = '', b = '', c = '']) => set({ fill: [a, b, c] })}
          />
        </div>
      </details>
    </div>
  );
}

/** Of the channels that the model sees. */
function channelNames({ channels }: PreparationDraft): readonly string[] {
  return channels === 'rgb' ? ['red', 'green', 'blue'] : ['blue', 'green', 'red'];
}
