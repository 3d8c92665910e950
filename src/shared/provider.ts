/** Where ONNX Runtime runs a model. */

export const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;

export type Provider = (typeof providers)[number];

/** What may be asked for; `auto` takes a GPU where one agrees with the CPU, and is sooner. */
export const providerChoices = ['auto', ...providers] as const;
