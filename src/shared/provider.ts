/** Where ONNX Runtime runs a model. */
import * as v from 'valibot';

const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;

export type Provider = (typeof providers)[number];

export const providerSchema = v.picklist(providers);

/** What may be asked for; `auto` takes a GPU where one agrees with the CPU, and is sooner. */
export const providerChoices = ['auto', ...providers] as const;

export type ProviderChoice = (typeof providerChoices)[number];
