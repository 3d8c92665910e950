/** The papers behind more than one method. */
import type { MethodInfo } from '../../shared/explanation';

type Paper = MethodInfo['paper'];

export const beyondAttention: Paper = {
  title: 'Transformer Interpretability Beyond Attention Visualization',
  authors: 'Chefer, Gur, Wolf',
  year: 2021,
  url: 'https://arxiv.org/abs/2012.09838',
};

export const quantifyingFlow: Paper = {
  title: 'Quantifying Attention Flow in Transformers',
  authors: 'Abnar, Zuidema',
  year: 2020,
  url: 'https://arxiv.org/abs/2005.00928',
};

export const attnlrpPaper: Paper = {
  title: 'AttnLRP: Attention-Aware Layer-Wise Relevance Propagation for Transformers',
  authors: 'Achtibat et al.',
  year: 2024,
  url: 'https://arxiv.org/abs/2402.05602',
};

export const gradCam: Paper = {
  title: 'Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization',
  authors: 'Selvaraju et al.',
  year: 2017,
  url: 'https://arxiv.org/abs/1610.02391',
};
