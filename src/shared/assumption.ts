/** What neither the weights nor the files beside them decide: taken for a reason, and changeable. */
import * as v from 'valibot';
import type { Data } from './schema';

export const assumptionSchema = v.object({
  subject: v.picklist([
    'preprocessing',
    'input size',
    'attention heads',
    'patch grid',
    'activation',
    'LayerNorm epsilon',
    'readout',
    'weights',
    'classes',
    'output',
  ]),
  /** What was taken, in a person's words: `12`, `exact GELU`, `timm: short side 248, centre 224`. */
  value: v.string(),
  /** What it rests on, as a clause: `heads of 64 channels are the custom`. */
  reason: v.string(),
  /** The field of the manifest that says it otherwise, as `architecture.heads`. */
  field: v.string(),
  /** What was taken as that field would state it; absent where no such value says it. */
  setting: v.exactOptional(v.union([v.string(), v.number(), v.array(v.number())])),
});

export type Assumption = Data<typeof assumptionSchema>;
