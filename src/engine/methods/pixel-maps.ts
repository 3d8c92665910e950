/** Methods that reach the pixels: a walk to the image, times the image, summed over channels. */
import type { MethodInfo } from '../../shared/explanation';
import type { RuleSet } from '../backward/rule-sets';
import { classAxisPlaceholder } from '../backward/tape';
import type { Attribution } from './attribution';
import type { Method } from './method';
import { attnlrpPaper, beyondAttention } from './papers';
import { noBetterThanCentre } from './measured';

/** Σ over channels of a `[K, 1, C, H, W]`, as `[K, H, W]`. */
function overChannels(attribution: Attribution, name: string): string {
  const { inputSize } = attribution.structure;
  return attribution.tape.reshape(attribution.tape.sum(name, [2]), [
    classAxisPlaceholder,
    ...inputSize,
  ]);
}

/**
 * Input times gradient under a rule set. Where the graph itself normalises, the input is counted from what it
 * normalises to 0, so that the map is that of the same model normalised outside.
 */
function inputTimesGradient(attribution: Attribution, set: RuleSet): string {
  const { tape, structure } = attribution;
  const { pixels, grey } = structure;
  const gradient = attribution.cotangent(attribution.walk(set, [pixels]), pixels);
  const isZero = grey.every((value) => value === 0);
  const image = attribution.pixels();
  const fromGrey = isZero ? image : tape.sub(image, tape.floats(grey, [1, 3, 1, 1]));
  return overChannels(attribution, tape.mul(gradient, fromGrey));
}

const shared = { classSpecific: true, pixels: true } satisfies Partial<MethodInfo>;

/** Relevance down to the pixels. */
export const full: Method = {
  info: {
    ...shared,
    id: 'full',
    name: 'Full LRP',
    sentence: 'Relevance of every pixel for the class.',
    paper: beyondAttention,
    cost: 3.5,
    misleads: 'Speckled and numerically delicate.',
    caution: noBetterThanCentre,
    signed: true,
  },
  magnifiesRounding: true,
  record(attribution) {
    const { pixels } = attribution.structure;
    const relevance = attribution.cotangent(attribution.walk('relevance', [pixels]), pixels);
    return overChannels(attribution, relevance);
  },
};

export const attnlrp: Method = {
  info: {
    ...shared,
    id: 'attnlrp',
    name: 'AttnLRP',
    sentence:
      'What each pixel adds to or takes from the class’s score, by rules made for attention.',
    paper: attnlrpPaper,
    cost: 2.1,
    misleads: 'Single pixels are noisy: read regions, not dots.',
    signed: true,
  },
  record: (attribution) => inputTimesGradient(attribution, 'attnlrp'),
};

const ixgPaper = {
  title:
    'Not Just a Black Box: Learning Important Features Through Propagating Activation Differences',
  authors: 'Shrikumar et al.',
  year: 2016,
  url: 'https://arxiv.org/abs/1605.01713',
};

export const inputTimesGradientMethod: Method = {
  info: {
    ...shared,
    id: 'input_x_gradient',
    name: 'Input × gradient',
    sentence: 'Each pixel times the slope of the class’s score at that pixel.',
    paper: ixgPaper,
    cost: 2.1,
    misleads: 'Gradients of a ViT are shattered: neighbouring pixels differ by chance.',
    caution: noBetterThanCentre,
    signed: true,
  },
  record: (attribution) => inputTimesGradient(attribution, 'gradient'),
};

/** Points along the way from grey to the image, each the middle of its step. */
const steps = 16;

export const integratedGradients: Method = {
  info: {
    ...shared,
    id: 'integrated_gradients',
    name: 'Integrated gradients',
    sentence: 'Input × gradient averaged along the way from a plain grey image to this one.',
    paper: {
      title: 'Axiomatic Attribution for Deep Networks',
      authors: 'Sundararajan, Taly, Yan',
      year: 2017,
      url: 'https://arxiv.org/abs/1703.01365',
    },
    cost: 2.1 * steps,
    misleads: 'Pixels of the grey that the path starts from can get no credit.',
    signed: true,
  },
  promise: 'answer-above-grey',
  images: (pixels, grey) => {
    const plane = pixels.length / 3;
    return Array.from({ length: steps }, (_, i) =>
      pixels.map((value, at) => {
        const from = grey[Math.floor(at / plane)] ?? 0;
        return from + ((value - from) * (i + 0.5)) / steps;
      }),
    );
  },
  record: (attribution) => inputTimesGradient(attribution, 'gradient'),
};
