import { EngineError } from '../engine-error';

/** The error for a graph that is not the kind of model that can be explained. */
export function notAVit(missing: string, nextStep?: string): EngineError {
  return new EngineError(
    'model-not-a-vit',
    `This model is not a Vision Transformer classifier that can be explained: ${missing}`,
    nextStep ??
      'Choose a plain ViT, DeiT, CLIP, DINOv2 or similar image classifier in ONNX format; ' +
        'convolutional, windowed and detection models cannot be explained.',
  );
}
