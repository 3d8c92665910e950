/** What each field of a manifest says, in a sentence, for whoever writes one by hand. */
export const manifestDescriptions: Readonly<Record<string, string>> = {
  $schema: 'The schema that an editor checks this file by.',
  format: 'The version of this format: 1.',
  name: 'What the model is called wherever it is listed.',
  preprocessing:
    'How a picture becomes the input of the model; the wrong one costs accuracy silently.',
  'preprocessing.alpha':
    'What becomes of transparency: “drop” (the colours stored under it are seen), or the colour that it is laid over.',
  'preprocessing.window':
    'Which numbers become black and white in pictures of more than 8 bits a channel.',
  'preprocessing.window.low': 'The number that becomes black.',
  'preprocessing.window.high': 'The number that becomes white.',
  'preprocessing.window.lowPercent': 'The percentile of the picture’s own that becomes black.',
  'preprocessing.window.highPercent': 'The percentile of the picture’s own that becomes white.',
  'preprocessing.window.centre': 'The number in the middle of the window, as DICOM has it.',
  'preprocessing.window.width': 'How many numbers the window holds, as DICOM has it.',
  'preprocessing.resize': 'From the picture’s size to the one that is cropped or padded.',
  'preprocessing.resize.rule':
    '“shortest-edge”: the short side becomes `size`; “cover”, “contain”: in proportion, to cover or fit into `size`; “squash”: both sides become `size`; “none”: as large as it is.',
  'preprocessing.resize.size':
    'In pixels: one number for the short side, else [height, width]; for “squash” that of the crop where it is left out.',
  'preprocessing.resize.longest': 'No long side becomes longer than that, in pixels.',
  'preprocessing.resize.rounding': 'How both sides are rounded to whole pixels.',
  'preprocessing.interpolation': 'The filter of resizing, antialiased as in Pillow.',
  'preprocessing.crop':
    '[height, width] that the model sees, in pixels: the centre is cut out, what is missing is padded.',
  'preprocessing.cropRounding':
    'Where a crop begins that would begin at half a pixel: “half-even” (torchvision, timm, OpenCLIP), “down” (Hugging Face) or “towards-zero” (its fast processors).',
  'preprocessing.fill': 'Colour of the padding, 0 … 255 each; black where it is left out.',
  'preprocessing.place': 'Where a picture smaller than the crop lies in it.',
  'preprocessing.channels': 'The order of the channels that the model sees.',
  'preprocessing.rescale':
    'Factor from levels 0 … 255 to the range that mean and std are given in; usually 1/255.',
  'preprocessing.mean': 'Subtracted from each channel that the model sees, in its order.',
  'preprocessing.std': 'Each channel that the model sees is divided by it, in its order.',
  architecture: 'Of a checkpoint: what its weights do not tell.',
  'architecture.weights':
    'Which of several models in the file, by the keys that lead to it: “state_dict_ema”, “teacher.backbone”.',
  'architecture.heads': 'Attention heads of every block.',
  'architecture.grid': '[rows, columns] of patches that the positions were trained for.',
  'architecture.activation': 'Of the MLPs; “gelu” is the exact one.',
  'architecture.readout': 'What of the last block’s tokens the head reads.',
  'architecture.normEpsilon': 'Added to the variance in every LayerNorm.',
  pictures:
    'What the numbers of a picture become before all that; goes before what `preprocessing` says of it.',
  'pictures.alpha':
    'What becomes of transparency: “drop” (the colours stored under it are seen), or the colour that it is laid over.',
  'pictures.window':
    'Which numbers become black and white in pictures of more than 8 bits a channel.',
  'pictures.window.low': 'The number that becomes black.',
  'pictures.window.high': 'The number that becomes white.',
  'pictures.window.lowPercent': 'The percentile of the picture’s own that becomes black.',
  'pictures.window.highPercent': 'The percentile of the picture’s own that becomes white.',
  'pictures.window.centre': 'The number in the middle of the window, as DICOM has it.',
  'pictures.window.width': 'How many numbers the window holds, as DICOM has it.',
  labels: 'The names of the classes in their order, “imagenet-1k”, or a file beside this one.',
  output:
    'What the model’s numbers mean: logits of classes that exclude each other (“softmax”), or that are judged each on its own (“sigmoid”), one logit for two classes (“binary”), probabilities, or values of a regression.',
  method: 'The id of the method that the model is explained by where nobody names one.',
  zeroShot: 'Of a CLIP’s picture encoder: what turns phrases into classes.',
  'zeroShot.textModel': 'The text encoder, an ONNX file, relative to this one.',
  'zeroShot.tokenizer': 'Its `tokenizer.json`, relative to this file.',
  'zeroShot.logitScale': 'What cosines are multiplied by: exp of the trained `logit_scale`.',
};
