/** Endings of the weights that can be explained. */
export const weightEndings: readonly string[] = ['.onnx', '.safetensors', '.pth', '.pt'];
