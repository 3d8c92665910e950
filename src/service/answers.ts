/** Everything that can be asked, and who answers it: a forgotten call does not compile. */
import type { CallName, Params, Result, Tell } from '../shared/protocol/calls';
import { batch } from './batch/batch';
import { open } from './batch/open';
import { bestMethod } from './best-method';
import { costs } from './evaluate/costs';
import { evaluate } from './evaluate/evaluate';
import { explain } from './explain';
import { faithfulness } from './faithfulness';
import { inspect } from './inspect';
import { methods } from './methods';
import { contactSheet } from './pictures/contact-sheet';
import { picture } from './pictures/picture';
import { seenJpeg } from './pictures/seen-picture';
import { thumbnail } from './pictures/thumbnail';
import { evaluateProbe } from './probe/evaluate-probe';
import { trainProbe } from './probe/train-probe';
import { tryPreparations } from './try-preparations';
import type { Workroom } from './workroom';

type Answers = {
  readonly [Name in CallName]: (
    params: Params<Name>,
    room: Workroom,
    tell: Tell<Name>,
  ) => Promise<Result<Name>>;
};

export const answers: Answers = {
  methods,
  bestMethod,
  explain,
  faithfulness,
  evaluate,
  costs,
  inspect,
  tryPreparations,
  open,
  batch,
  picture,
  thumbnail,
  seenPicture: async ({ bytes, name, preprocessing, maxSide }) => ({
    jpeg: await seenJpeg(bytes, name, preprocessing, maxSide),
  }),
  contactSheet,
  trainProbe,
  evaluateProbe,
};
