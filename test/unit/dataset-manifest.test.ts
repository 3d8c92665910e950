/** Manifests as spreadsheets, scripts and people write them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSamples } from '../../src/dataset/list-samples';
import { failureData } from '../../src/shared/failure';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'vit-manifest-'));
  await mkdir(path.join(root, 'data', 'in'), { recursive: true });
  for (const name of ['a.jpg', 'b, c.jpg', 'say "d".jpg', 'in/e.png', '../above.jpg'])
    await writeFile(path.join(root, 'data', name), name);
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function manifest(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(root, 'data', name);
  await writeFile(file, content);
  return file;
}

/** Name and label of each sample. */
async function read(name: string, content: string | Uint8Array) {
  const { samples } = await listSamples(await manifest(name, content));
  return samples.map((sample) => [sample.name, sample.label]);
}

const both = [
  ['a.jpg', 'cat'],
  ['b, c.jpg', 'tabby, tabby cat'],
];

describe('a manifest', () => {
  it.each([
    ['commas', 'list.csv', 'path,label\na.jpg,cat\n"b, c.jpg","tabby, tabby cat"\n'],
    [
      'semicolons, commas left bare',
      'list.csv',
      'path;label\na.jpg;cat\nb, c.jpg;tabby, tabby cat',
    ],
    ['tabs', 'list.tsv', 'path\tlabel\na.jpg\tcat\nb, c.jpg\ttabby, tabby cat\n'],
    ['tabs in a .csv', 'list.csv', 'path\tlabel\na.jpg\tcat\nb, c.jpg\ttabby, tabby cat\n'],
    ['a byte order mark', 'list.csv', '\uFEFFpath,label\na.jpg,cat\n"b, c.jpg","tabby, tabby cat"'],
    ['CRLF', 'list.csv', 'path,label\r\na.jpg,cat\r\n"b, c.jpg","tabby, tabby cat"\r\n'],
    ['CR alone', 'list.csv', 'path,label\ra.jpg,cat\r"b, c.jpg","tabby, tabby cat"\r'],
    ['quoted column names', 'list.csv', '"Path","Label"\na.jpg,cat\n"b, c.jpg","tabby, tabby cat"'],
    [
      'blanks and empty lines',
      'list.csv',
      '\npath , label\n\n a.jpg , cat\n\n"b, c.jpg" , "tabby, tabby cat"\n\n',
    ],
    [
      'a comma in an unquoted column name',
      'list.tsv',
      'path\tlabel\tx,y,z\na.jpg\tcat\t1\nb, c.jpg\ttabby, tabby cat\t2',
    ],
    [
      'JSONL',
      'list.jsonl',
      '{"path":"a.jpg","label":"cat"}\n{"path":"b, c.jpg","label":"tabby, tabby cat"}',
    ],
    [
      'JSONL with a mark and CRLF',
      'list.ndjson',
      '\uFEFF{"path":"a.jpg","label":"cat"}\r\n{"path":"b, c.jpg","label":"tabby, tabby cat"}\r\n',
    ],
  ])('is read with %s', async (_, name, content) => {
    expect(await read(name, content)).toEqual(both);
  });

  it('is read in UTF-16, as spreadsheets save “Unicode text”', async () => {
    const text = Buffer.from('\uFEFFpath\tlabel\r\na.jpg\t猫\r\n', 'utf16le');
    expect(await read('list.csv', text)).toEqual([['a.jpg', '猫']]);
    expect(await read('list.tsv', text.swap16())).toEqual([['a.jpg', '猫']]);
  });

  it('is read in Windows-1252, as spreadsheets save plain CSV', async () => {
    const text = Buffer.from('path;label\r\na.jpg;chat âgé\r\n', 'latin1');
    expect(await read('list.csv', text)).toEqual([['a.jpg', 'chat âgé']]);
  });

  it('may have quotation marks and line breaks in quoted fields', async () => {
    const csv = 'path,label\n"say ""d"".jpg","a ""dog""\nin two lines"\n';
    expect(await read('list.csv', csv)).toEqual([['say "d".jpg', 'a "dog"\nin two lines']]);
  });

  it('may end its rows early and have quotation marks within fields', async () => {
    const csv = 'path,label,note\na.jpg,cat\nin/e.png\n"b, c.jpg",12" dog,\n';
    expect(await read('list.csv', csv)).toEqual([
      ['a.jpg', 'cat'],
      ['in/e.png', undefined],
      ['b, c.jpg', '12" dog'],
    ]);
  });

  it('is not a JSON document, and that is said', async () => {
    const coco = '{"images":[{"id":1,"file_name":"a.jpg"}],\n"annotations":[]}';
    await expect(read('coco.json', coco)).rejects.toThrow(/coco\.json is one JSON document/);
    expect(await read('one.jsonl', '{"path":"a.jpg","box":[1,2]}')).toEqual([['a.jpg', undefined]]);
  });

  it('names pictures from its own folder, from above, absolutely, and with backslashes', async () => {
    const absolute = path.join(root, 'data', 'a.jpg');
    const csv = `path\n./in/../a.jpg\nin\\e.png\n../above.jpg\n${absolute}\n~/no such picture.jpg\n`;
    const { samples, skipped } = await listSamples(await manifest('list.csv', csv));
    const fromHome = path.relative(path.join(root, 'data'), homedir());
    expect(samples.map(({ name }) => name)).toEqual([
      'a.jpg',
      'in/e.png',
      '../above.jpg',
      [...fromHome.split(path.sep), 'no such picture.jpg'].join('/'),
    ]);
    expect(samples[2]?.path).toBe(path.join(root, 'above.jpg'));
    expect(samples[3]?.path).toBe(path.join(homedir(), 'no such picture.jpg'));
    expect(skipped.map(({ name }) => name)).toEqual(['a.jpg']);
  });

  it('may tell labels and parts in some of its rows only', async () => {
    const rows = [
      { image: 'a.jpg', label: null, split: 'training' },
      { image: 'in/e.png', label: 7, split: 'validation', boxes: [1, 2] },
      { image: 'b, c.jpg', label: ' cat ', split: 'elsewhere' },
    ];
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const { samples } = await listSamples(await manifest('list.jsonl', text));
    expect(samples.map(({ label, split }) => [label, split])).toEqual([
      [undefined, 'train'],
      ['7', 'val'],
      ['cat', undefined],
    ]);
  });

  it.each([
    [
      'no path column',
      'list.csv',
      'id,label\n1,cat\n',
      /no column with picture paths; its columns are id, label\. Name the column one of path, file,/,
    ],
    [
      'no header',
      'list.csv',
      'a.jpg,cat\n"b, c.jpg",dog\n',
      /list\.csv begins with a picture where the names of its columns should stand\. Put a first row/,
    ],
    ['no header, one column', 'list.csv', 'a.jpg\nin/e.png\n', /begins with a picture/],
    ['nothing', 'list.csv', '', /list\.csv has no rows\. Name the column/],
    ['a header alone', 'list.csv', 'path,label\n', /list\.csv has no rows\./],
    [
      'a field too many',
      'list.csv',
      'path,label\na.jpg,cat\na.jpg,tabby, cat\n',
      /list\.csv could not be read as a manifest: .*line 3\. Give a CSV/,
    ],
    [
      'an open quotation mark',
      'list.csv',
      'path,label\n"a.jpg,cat\n',
      /could not be read as a manifest: Quote Not Closed/,
    ],
    [
      'a broken line',
      'list.jsonl',
      '{"path":"a.jpg"}\n{"path":\n',
      /list\.jsonl could not be read as a manifest: line 2 is not a JSON object\./,
    ],
    ['a JSON array', 'list.jsonl', '["a.jpg"]\n', /line 1 is not a JSON object/],
    [
      'no picture that exists',
      'list.csv',
      'path\nx.jpg\ny.jpg\n',
      /names no picture that exists \(2 rows looked at\)\. Paths are taken relative to the folder of the manifest/,
    ],
    [
      'a picture in its place',
      'photo.jpg',
      'JFIF',
      /photo\.jpg is one picture, not a folder or a manifest/,
    ],
  ])('is refused in a sentence: %s', async (_, name, content, sentence) => {
    const listed = listSamples(await manifest(name, content));
    const failure = failureData(await listed.catch((error: unknown) => error));
    expect(failure.code).toBe('dataset-unusable');
    expect(`${failure.message} ${failure.nextStep}`).toMatch(sentence);
  });
});

describe('the labels of a table', () => {
  /** The label of each of its rows, and what is said of them. */
  async function labels(header: string, ...rows: readonly string[]) {
    const names = ['a.jpg', 'in/e.png', '../above.jpg', 'say ""d"".jpg'];
    const lines = rows.map((row, index) => `"${names[index] ?? ''}"${row === '' ? '' : ','}${row}`);
    const file = await manifest('list.csv', [`path,${header}`, ...lines].join('\n'));
    const { samples, notices } = await listSamples(file);
    return { labels: samples.map(({ label }) => label), said: notices.join(' ') };
  }

  it.each([
    [
      'names before numbers',
      'label,label_name',
      ['0,dog', '1,bee'],
      ['dog', 'bee'],
      /“label_name”; “label” is left/,
    ],
    [
      'names in any spelling',
      'Label,Class Name',
      ['0,dog', '1,bee'],
      ['dog', 'bee'],
      /“Class Name”/,
    ],
    [
      'names in one word',
      'label,categoryName',
      ['0,dog', '1,bee'],
      ['dog', 'bee'],
      /“categoryName”/,
    ],
    ['label_text', 'label,label_text', ['0,dog', '1,bee'], ['dog', 'bee'], /“label_text”/],
    [
      'words before numbers',
      'label,class',
      ['0,dog', '1,bee'],
      ['dog', 'bee'],
      /“class”; “label” is left/,
    ],
    [
      'words before numbers, whatever is called how',
      'class_name,label',
      ['0,dog', '1,bee'],
      ['dog', 'bee'],
      /“label”/,
    ],
    [
      'the first of several columns of words',
      'y,target,label',
      ['a,b,dog', 'a,b,bee'],
      ['dog', 'bee'],
      /“target”, “y” are left/,
    ],
    [
      'numbers where there is nothing else',
      'target,y',
      ['0,7', '"1",8'],
      ['0', '1'],
      /“target”; “y” is left/,
    ],
    ['columns that hold something', 'label_name,label', [',0', ',1'], ['0', '1'], /^$/],
    ['numbers as tables write them', 'label', ['3.0', '-1'], ['3.0', '-1'], /^$/],
    ['a list of one', 'label', [`"['dog']"`, '"[3]"'], ['dog', '3'], /^$/],
    [
      'lists of several as they are',
      'label',
      [`"['dog', 'bee']"`, 'dog'],
      ["['dog', 'bee']", 'dog'],
      /Rows of list\.csv with several labels at once, or an empty list: 1\./,
    ],
    ['brackets that are no list', 'label', ['[unknown]', 'dog'], ['[unknown]', 'dog'], /^$/],
    [
      'one column a class',
      'dog,bee,owl',
      ['1,0,0', '0,0,1'],
      ['dog', 'owl'],
      /columns of 0 and 1: “dog”, “bee”, “owl”\.$/,
    ],
    [
      'one column a class, in floats',
      'MEL,NV',
      ['1.0,0.0', '0.0,1.0'],
      ['MEL', 'NV'],
      /“MEL”, “NV”/,
    ],
    [
      'one column a class, in words',
      'MEL,NV,age',
      ['True,False,40', 'False,True,50'],
      ['MEL', 'NV'],
      /“MEL”, “NV”\.$/,
    ],
    [
      'no label of several 1',
      'dog,bee',
      ['1,0', '1,1', '0,0'],
      ['dog', undefined, undefined],
      /and so without a label: 2\./,
    ],
    [
      'no labels of attributes',
      'big,red',
      ['1,1', '1,1', '0,1'],
      [undefined, undefined, undefined],
      /most rows have several 1/,
    ],
    [
      'no label of a single flag',
      'is_dog',
      ['1', '0'],
      [undefined, undefined],
      /No column of list\.csv is known to hold labels; “is_dog” is left/,
    ],
    [
      'no label of other columns',
      'width,note',
      ['10,x', '20,y'],
      [undefined, undefined],
      /“width”, “note” are left aside\. Name the one/,
    ],
    [
      'nothing where there is only a path and a part',
      'split',
      ['train', 'val'],
      [undefined, undefined],
      /^$/,
    ],
  ] as const)('are %s', async (_, header, rows, expected, said) => {
    const found = await labels(header, ...rows);
    expect(found.labels).toEqual(expected);
    expect(found.said).toMatch(said);
  });

  it('come from the metadata of Hugging Face’s imagefolder, lists and all', async () => {
    const lines = [
      { file_name: 'a.jpg', label: ['cat'] },
      { file_name: 'in/e.png', label: ['cat', 'dog'] },
      { file_name: '../above.jpg', label: 2, objects: { bbox: [[1, 2, 3, 4]] } },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    const { samples, notices } = await listSamples(await manifest('metadata.jsonl', text));
    expect(samples.map(({ label }) => label)).toEqual(['cat', '["cat","dog"]', '2']);
    expect(notices).toEqual([expect.stringMatching(/^Rows of metadata\.jsonl with several/)]);
  });

  it('may name pictures whose accents are put together otherwise on the disk', async () => {
    await writeFile(path.join(root, 'data', 'cafe\u0301.jpg'), '');
    expect(await read('list.csv', 'path,label\ncaf\u00e9.jpg,cat\n')).toEqual([
      ['cafe\u0301.jpg', 'cat'],
    ]);
  });
});
