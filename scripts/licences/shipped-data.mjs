// Data that ship: pictures, weights, lists of classes, formats.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { keptText } from './texts.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const read = (file) => readFileSync(path.join(repository, file), 'utf8').trim();

/** @returns {import('./components.mjs').Component[]} */
export function shippedData() {
  return [
    {
      name: 'Starter model',
      version: '',
      licence: 'MIT',
      about:
        'models/starter, trained for this project. Its README, below, says on which pictures, and under which terms these are.',
      texts: [read('LICENSE'), section(read('models/starter/README.md'), 'Data and licences')],
    },
    {
      name: 'Sample photographs',
      version: '',
      licence: 'CC0-1.0 AND CC-BY-2.0',
      about: 'media/samples. Authors, sources and the licence of each are in its README, below.',
      texts: [read('media/samples/README.md'), keptText('CC0-1.0'), keptText('CC-BY-2.0')],
    },
    {
      name: 'ImageNet class names and WordNet synsets',
      version: '3.0',
      licence: 'LicenseRef-WordNet-3.0',
      about:
        'models/labels: names and synset numbers of 1,000 classes, which ImageNet took from WordNet.',
      texts: [keptText('wordnet')],
    },
    {
      name: 'ONNX file format',
      version: '',
      licence: 'Apache-2.0',
      about:
        'src/engine/onnx/onnx.proto: the part of the format that is read and written here, after the ONNX specification, Copyright (c) ONNX Project Contributors.',
      texts: [keptText('Apache-2.0')],
    },
  ];
}

/** A section of a Markdown file, its heading included. */
function section(markdown, heading) {
  const [text] = new RegExp(`^## ${heading}$[^]*?(?=^## |(?![^]))`, 'm').exec(markdown) ?? [];
  if (text === undefined) throw new Error(`There is no section “${heading}” any more.`);
  return text.trim();
}
