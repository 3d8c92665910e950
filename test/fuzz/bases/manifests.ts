/** What stands beside models, and what datasets are made of. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildVit } from '../../fixtures/build-vit';
import { gradientPicture } from '../../process/scene';
import { byteEdits } from '../edits/bytes';
import { jsonEdits } from '../edits/json';
import { xmlEdits } from '../edits/snippets';
import { textEdits } from '../edits/text';
import type { Base, Edit, Files } from '../input';
import { reportHeader, reportText } from './report-lines';

const ofJson: readonly Edit[] = [...jsonEdits, ...jsonEdits, ...textEdits, ...byteEdits];
const ofText: readonly Edit[] = [...textEdits, ...textEdits, ...byteEdits];

export async function manifests(fixtures: string): Promise<readonly Base[]> {
  const png = new Uint8Array(await gradientPicture(40, 30).png().toBuffer());
  return [
    ...besideModel(),
    ...(await besideClip(path.join(fixtures, 'clip'))),
    ...tables(png),
    ...annotated(png),
    ...Array<Base>(2).fill({
      ...{ name: 'report', files: { 'report.jsonl': Buffer.from(reportText) }, ask: 'report' },
      ...{ changed: 'report.jsonl', path: 'report.jsonl', edits: [...ofText, ...eachLine] },
    }),
  ];
}

/** Of a file with one JSON value a line. */
const eachLine: readonly Edit[] = jsonEdits.map((edit) => (bytes, random) => {
  const lines = bytes.toString('utf8').split('\n');
  const at = Math.floor(random() * lines.length);
  const changed = Buffer.from(edit(Buffer.from(lines[at] ?? ''), random)).toString('utf8');
  return Buffer.from(lines.with(at, changed).join('\n'));
});

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function besideModel(): Base[] {
  const { bytes } = buildVit({ blocks: 1 });
  const open = buildVit({ blocks: 1, dynamicBatch: true, probabilities: true }).bytes;
  const base = (name: string, text: Uint8Array, more: Files = {}): Base => ({
    ...{ name, changed: name, edits: ofJson, ask: 'model', path: 'model.onnx' },
    files: { 'model.onnx': more['model.onnx'] ?? bytes, ...more, [name]: text },
  });
  const manifest = {
    ...{ format: 1, name: 'my model', preprocessing: reportHeader.preprocessing },
    ...{ labels: ['a', 'b', 'c', 'd', 'e'], output: 'softmax' },
    pictures: { alpha: 'white', window: { centre: 40, width: 400 } },
    architecture: { heads: 2 },
  };
  const huggingFace = {
    ...{ model_type: 'vit', image_size: 12, hidden_size: 16, num_attention_heads: 2 },
    id2label: { 0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e' },
    label2id: { a: 0, b: 1, c: 2, d: 3, e: 4 },
  };
  const processor = {
    ...{
      image_processor_type: 'ViTImageProcessor',
      do_resize: true,
      do_normalize: true,
      resample: 3,
    },
    ...{
      size: { height: 8, width: 12 },
      crop_size: { height: 8, width: 12 },
      do_center_crop: true,
    },
    ...{ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], rescale_factor: 1 / 255 },
  };
  const timm = {
    ...{
      architecture: 'vit_tiny_patch16_224',
      num_classes: 5,
      label_names: ['a', 'b', 'c', 'd', 'e'],
    },
    pretrained_cfg: {
      ...{ tag: 'augreg_in21k', input_size: [3, 8, 12], interpolation: 'bicubic', crop_pct: 0.9 },
      ...{ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], crop_mode: 'center', num_classes: 5 },
    },
  };
  const openClip = {
    model_cfg: { embed_dim: 16, vision_cfg: { image_size: 12, patch_size: 4 } },
    preprocess_cfg: {
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      interpolation: 'bicubic',
      resize_mode: 'shortest',
    },
  };
  return [
    base('model.vit.json', json(manifest)),
    base('model.vit.json', json({ ...manifest, output: 'probability' }), { 'model.onnx': open }),
    base('config.json', json(huggingFace)),
    base('config.json', json(timm)),
    base('preprocessor_config.json', json(processor), { 'config.json': json(huggingFace) }),
    base('open_clip_config.json', json(openClip)),
  ];
}

async function besideClip(folder: string): Promise<Base[]> {
  const names = ['onnx/vision_model.onnx', 'onnx/text_model.onnx', 'tokenizer.json', 'config.json'];
  const all = [...names, 'preprocessor_config.json'];
  const files = Object.fromEntries(
    await Promise.all(
      all.map(async (name) => [name, await readFile(path.join(folder, name))] as const),
    ),
  );
  const base = (changed: string): Base => {
    return {
      name: changed,
      files,
      changed,
      edits: ofJson,
      ask: 'model',
      path: 'onnx/vision_model.onnx',
    };
  };
  return [base('tokenizer.json'), base('preprocessor_config.json')];
}

function tables(png: Uint8Array): Base[] {
  const rows = [
    ['path', 'label', 'split'],
    ['a/1.png', 'cat', 'train'],
    ['a/2.png', 'dog', 'val'],
    ['b/3.png', 'cow', ''],
  ];
  const pictures = { 'a/1.png': png, 'a/2.png': png, 'b/3.png': png };
  const base = (changed: string, text: string, edits = ofText): Base => ({
    ...{ name: changed, changed, edits, ask: 'dataset', path: changed },
    files: { ...pictures, [changed]: Buffer.from(text) },
  });
  const [header = [], ...others] = rows;
  const objects = others.map((row) =>
    JSON.stringify({
      ...Object.fromEntries(header.map((name, at) => [name, row[at]])),
      score: 0.5,
      tags: ['x', 1],
    }),
  );
  return [
    base('samples.csv', rows.map((row) => row.join()).join('\n')),
    base('samples.tsv', rows.map((row) => row.join('\t')).join('\r\n')),
    base('samples.jsonl', objects.join('\n'), [...ofText, ...eachLine]),
  ];
}

function annotated(png: Uint8Array): Base[] {
  const table = {
    'samples.csv': Buffer.from('path,label\na.png,cat\nb.png,dog\n'),
    'a.png': png,
    'b.png': png,
  };
  const base = (changed: string, bytes: Uint8Array, edits: readonly Edit[]): Base => ({
    ...{ name: changed, changed, edits, ask: 'dataset', path: 'samples.csv' },
    files: { ...table, [changed]: bytes },
  });
  const coco = {
    images: [
      { id: 1, file_name: 'a.png', width: 40, height: 30 },
      { id: 2, file_name: 'b.png', width: 80, height: 60 },
    ],
    annotations: [
      {
        id: 1,
        image_id: 1,
        category_id: 1,
        bbox: [1, 2, 30, 20],
        iscrowd: 0,
        segmentation: [[1, 2, 3, 4]],
      },
      { id: 2, image_id: 2, category_id: 1, bbox: [10, 2.5, 30, 20] },
      { id: 3, image_id: 2, category_id: 2, bbox: [0, 0, 8, 9] },
    ],
    categories: [{ id: 1, name: 'cat' }],
  };
  const voc = `<annotation>
  <filename>a.png</filename>
  <size><width>40</width><height>30</height><depth>3</depth></size>
  <object><name>cat</name><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>30</xmax><ymax>20</ymax></bndbox></object>
  <object><name>dog</name><bndbox><xmin>5</xmin><ymin>3</ymin><xmax>9</xmax><ymax>28</ymax></bndbox></object>
</annotation>
`;
  return [
    base('coco.json', json(coco), ofJson),
    base('annotations/a.xml', Buffer.from(voc), [...xmlEdits, ...xmlEdits, ...ofText]),
    base('annotations/a.png', png, byteEdits),
  ];
}
