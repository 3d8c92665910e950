/** Where ONNX Runtime computes. */
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
