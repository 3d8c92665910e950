/** The names of classes in all the forms that they are written down in, and what labels mean. */
import { buildVit } from '../../fixtures/build-vit';
import { gradientPicture } from '../../process/scene';
import { byteEdits } from '../edits/bytes';
import { jsonEdits } from '../edits/json';
import { textEdits } from '../edits/text';
import type { Base, Edit } from '../input';

const names = ['tench', 'goldfish', 'great white shark', 'hen', 'brambling'];

const ofJson: readonly Edit[] = [...jsonEdits, ...jsonEdits, ...textEdits, ...byteEdits];
const ofText: readonly Edit[] = [...textEdits, ...byteEdits];

export async function labels(): Promise<readonly Base[]> {
  const { bytes } = buildVit({ blocks: 1 });
  const beside = (name: string, content: unknown): Base => ({
    ...{ name, changed: name, ask: 'model', path: 'model.onnx' },
    edits: typeof content === 'string' ? ofText : ofJson,
    files: {
      'model.onnx': bytes,
      [name]: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    },
  });
  const byIndex = Object.fromEntries(names.map((name, index) => [index, name]));
  const byName = Object.fromEntries(names.map((name, index) => [name, index]));
  const png = new Uint8Array(await gradientPicture(40, 30).png().toBuffer());
  const meanings = (value: unknown): Base => ({
    ...{ name: 'vit-labels.json', changed: 'vit-labels.json', edits: ofJson, ask: 'dataset' },
    path: 'samples.csv',
    files: {
      'samples.csv': Buffer.from('path,label\na.png,cat\nb.png,7\n'),
      ...{ 'a.png': png, 'b.png': png },
      'vit-labels.json': Buffer.from(JSON.stringify(value)),
    },
  });
  return [
    beside('labels.json', names),
    beside('labels.json', byIndex),
    beside('class_to_idx.json', byName),
    beside('labels.json', { classes: names.map((name, id) => ({ id, name })) }),
    beside(
      'imagenet_class_index.json',
      Object.fromEntries(names.map((name, at) => [at, [`n0${at}`, name]])),
    ),
    beside('labels.txt', names.join('\n')),
    beside('classes.txt', names.map((name, index) => `${index}: ${name}`).join('\n')),
    beside('model.labels.txt', names.map((name, index) => `'${name}',${index}`).join('\r\n')),
    meanings({ cat: 'dog', 7: 2 }),
    meanings({ read: 'numbers', labels: { cat: 'cow' } }),
  ];
}
