import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cocoBoxes } from '../../src/dataset/annotations/coco-json';
import { boxCoverage } from '../../src/dataset/annotations/box-coverage';
import { findAnnotations } from '../../src/dataset/annotations/find-annotations';
import { listSources } from '../../src/dataset/list-sources';
import { prepareBatch } from '../../src/dataset/prepare-batch';
import type { ModelDescription } from '../../src/shared/model';
import { vocBoxes } from '../../src/dataset/annotations/voc-xml';

const model: ModelDescription = {
  id: 'file:/a.onnx',
  name: 'a',
  path: '/a.onnx',
  preprocessing: {
    resize: { rule: 'squash', size: [2, 2] },
    interpolation: 'bilinear',
    crop: [2, 2],
    rescale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  preprocessingSource: '',
  assumed: [],
  labels: [],
};

describe('vocBoxes', () => {
  it('reads one or several objects, counting pixels from 0', () => {
    const box = (n: number) =>
      `<object><name>x</name><bndbox><xmin>${String(n)}</xmin><ymin>1</ymin><xmax>10.0</xmax><ymax>4</ymax></bndbox></object>`;
    expect(vocBoxes(`<annotation>${box(1)}</annotation>`, 'a.xml')).toEqual({
      boxes: [{ left: 0, top: 0, width: 10, height: 4 }],
    });
    expect(vocBoxes(`<annotation>${box(1)}${box(6)}</annotation>`, 'a.xml').boxes).toHaveLength(2);
    expect(vocBoxes('<annotation><folder>x</folder></annotation>', 'a.xml').boxes).toEqual([]);
  });

  it.each([
    ['the size that is stated', '1', '1', '10', '4', '<width>40</width><height>30</height>'],
    ['corners in another order', '10', '4', '1', '1', '<width>40</width><height>30</height>'],
    ['a size of 0, which is none', '1', '1', '10', '4', '<width>0</width><height>0</height>'],
    ['half a size', '1', '1', '10', '4', '<width>40</width>'],
    ['fractions, which are edges', '0.0', '0', '10', '4', ''],
  ])('reads %s', (_, xmin, ymin, xmax, ymax, size) => {
    const corners = `<ymax>${ymax}</ymax><xmin>${xmin}</xmin><xmax>${xmax}</xmax><ymin>${ymin}</ymin>`;
    const { boxes, frame } = vocBoxes(
      `<annotation><size>${size}<depth>3</depth></size><object><truncated>1</truncated><difficult>1</difficult><bndbox>${corners}</bndbox></object></annotation>`,
      'a.xml',
    );
    expect(boxes).toEqual([{ left: 0, top: 0, width: 10, height: 4 }]);
    expect(frame).toEqual(size.includes('30') ? { width: 40, height: 30 } : undefined);
  });

  it('names the file that is no annotation', () => {
    expect(() => vocBoxes('<a>'.repeat(1000), 'deep.xml')).toThrow(
      /deep\.xml is not a Pascal VOC annotation: it cannot be read as XML/,
    );
    expect(() => vocBoxes('<html/>', 'page.xml')).toThrow(/page\.xml is not a Pascal VOC/);
    expect(() =>
      vocBoxes(
        '<annotation><object><bndbox><xmin>a</xmin></bndbox></object></annotation>',
        'b.xml',
      ),
    ).toThrow(/b\.xml/);
  });
});

describe('cocoBoxes', () => {
  it('groups boxes by file name', () => {
    const json = JSON.stringify({
      images: [{ id: 7, file_name: 'x.jpg' }],
      annotations: [
        { image_id: 7, bbox: [1, 2, 3, 4] },
        { image_id: 7, bbox: [0, 0, 1, 1] },
        { image_id: 8, bbox: [0, 0, 1, 1] },
      ],
    });
    expect(cocoBoxes(json, 'c.json').byName.get('x.jpg')).toEqual({
      boxes: [
        { left: 1, top: 2, width: 3, height: 4 },
        { left: 0, top: 0, width: 1, height: 1 },
      ],
    });
    expect(cocoBoxes(json, 'c.json').notices).toEqual([
      'Image ids that c.json annotates without listing them: 1.',
    ]);
    expect(() => cocoBoxes('{', 'c.json')).toThrow(/c\.json is not a COCO/);
    expect(() => cocoBoxes('{"images":[]}', 'c.json')).toThrow(/annotations/);
  });
});

describe('cocoBoxes of other programs', () => {
  it('takes names for numbers, and file names as Windows writes them', () => {
    const json = JSON.stringify({
      images: [
        { id: 'one', file_name: '.\\a\\x.jpg' },
        { id: '2', file_name: './b/y.jpg' },
      ],
      annotations: [
        { image_id: 'one', bbox: [1, 2, 3, 4] },
        { image_id: '2', bbox: [0, 0, 1, 1] },
      ],
    });
    expect([...cocoBoxes(json, 'c.json').byName.keys()]).toEqual(['a/x.jpg', 'b/y.jpg']);
  });

  it('takes the size that is stated, numbers as text, and ids of either kind', () => {
    const json = JSON.stringify({
      images: [
        { id: 1, file_name: 'cafe\u0301.jpg', width: '40', height: 30 },
        { id: 2, file_name: 'b.jpg', width: 0, height: null },
      ],
      annotations: [
        { image_id: '1', bbox: ['1', 2, 3, 4] },
        { image_id: 2, bbox: [0, 0, 5, 5], iscrowd: 1, segmentation: { counts: [], size: [1, 1] } },
        { image_id: 2, bbox: [] },
        { image_id: 2, bbox: [1, 1, 0, 0] },
        { image_id: 2 },
      ],
    });
    const { byName, notices } = cocoBoxes(json, 'c.json');
    expect(byName.get('caf\u00e9.jpg')).toEqual({
      boxes: [{ left: 1, top: 2, width: 3, height: 4 }],
      frame: { width: 40, height: 30 },
    });
    expect(byName.get('b.jpg')).toEqual({ boxes: [{ left: 0, top: 0, width: 5, height: 5 }] });
    expect(notices).toEqual(['Annotations in c.json without a box, left out: 3.']);
  });

  it('takes fractions up to 1 for shares of the picture, and says so', () => {
    const shares = (...bbox: number[]) =>
      cocoBoxes(
        JSON.stringify({
          images: [{ id: 1, file_name: 'a.jpg', width: 40, height: 30 }],
          annotations: [{ image_id: 1, bbox }],
        }),
        'c.json',
      );
    expect(shares(0, 0.25, 0.5, 0.75).byName.get('a.jpg')?.frame).toEqual({ width: 1, height: 1 });
    expect(shares(0, 0.25, 0.5, 0.75).notices[0]).toMatch(/shares of the pictures/);
    expect(shares(0, 0, 1, 1).notices).toEqual([]);
    expect(shares(0.5, 0.5, 12.25, 1).notices).toEqual([]);
  });

  it('says what is wrong once, however often it is', () => {
    const annotations = Array.from({ length: 1000 }, () => ({ image_id: 1 }));
    const json = JSON.stringify({ images: [], annotations });
    const message = (() => {
      try {
        cocoBoxes(json, 'c.json');
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
      return '';
    })();
    expect(message).toMatch(/bbox/);
    expect(message.length).toBeLessThan(300);
  });
});

describe('boxCoverage', () => {
  const window = { left: 10, top: 0, width: 40, height: 40 };

  it('gives the covered share of each patch, in the window of the crop', () => {
    const one = boxCoverage([{ left: 0, top: 10, width: 35, height: 20 }], window, 2, 2);
    expect([...one]).toEqual([0.5, 0.125, 0.5, 0.125]);
  });

  it('counts overlapping boxes once', () => {
    const box = { left: 10, top: 0, width: 20, height: 20 };
    expect([...boxCoverage([box, box], window, 2, 2)]).toEqual([1, 0, 0, 0]);
  });
});

describe('findAnnotations', () => {
  let root = '';
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'annotations-'))));
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const put = (name: string, text: string): string => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  /** A COCO file in which the box of each picture begins at the number given. */
  const coco = (name: string, lefts: Readonly<Record<string, number>>): string =>
    put(
      name,
      JSON.stringify({
        images: Object.keys(lefts).map((file_name, id) => ({ id, file_name })),
        annotations: Object.values(lefts).map((left, id) => ({
          image_id: id,
          bbox: [left, 0, 1, 1],
        })),
      }),
    );
  const voc = (name: string, left: number): string =>
    put(
      name,
      `<annotation><object><bndbox><xmin>${left + 1}</xmin><ymin>1</ymin><xmax>${left + 1}</xmax><ymax>1</ymax></bndbox></object></annotation>`,
    );
  /** Where the box of each picture begins; the file for masks. */
  const found = async (sources: readonly string[], ...names: string[]) => {
    const samples = names.map((name) => ({
      path: path.join(root, name),
      name,
      label: undefined,
      split: undefined,
    }));
    const { annotationOf } = await findAnnotations(sources, samples);
    const annotations = await Promise.all(samples.map(annotationOf));
    return annotations.map((one) =>
      one?.kind === 'mask' ? path.relative(root, one.path) : one?.boxes[0]?.left,
    );
  };

  it('takes XML beside the pictures where no source is given, and only there', async () => {
    voc('a/1.xml', 5);
    put('a/2.xml', '<html/>');
    expect(await found([], 'a/1.jpg', 'a/2.jpg')).toEqual([5, undefined]);
    const other = coco('other.json', { 'x.jpg': 1 });
    expect(await found([other], 'a/1.jpg', 'a/2.jpg')).toEqual([undefined, undefined]);
  });

  it('lets the first source that knows a picture say where its object is', async () => {
    const corrected = coco('corrected.json', { '2.jpg': 7 });
    const first = coco('first.json', { 'a/1.jpg': 1, 'a/2.jpg': 2 });
    const marks = path.dirname(voc('marks/1.xml', 8));
    put('marks/a/3.png', '');
    const names = ['a/1.jpg', 'a/2.jpg', 'a/3.jpg', 'a/4.jpg'];
    const masked = path.join('marks', 'a', '3.png');
    expect(await found([corrected, first, marks], ...names)).toEqual([1, 7, masked, undefined]);
    expect(await found([marks, first, corrected], ...names)).toEqual([8, 2, masked, undefined]);
  });

  it('knows a picture by the longest part of its name, whatever folders are put before it', async () => {
    const boxes = coco('boxes.json', { 'cat/1.jpg': 1, 'dog/1.jpg': 2, '1.jpg': 3 });
    expect(await found([boxes], 'val/cat/1.jpg', 'val/dog/1.jpg', 'val/cow/1.jpg')).toEqual([
      1, 2, 3,
    ]);
    voc('marks/dog/1.xml', 4);
    const marks = path.dirname(voc('marks/1.xml', 5));
    expect(await found([marks], 'val/cat/1.jpg', 'val/dog/1.jpg')).toEqual([5, 4]);
  });

  it('knows a picture by folders above the one that was chosen', async () => {
    const folder = path.basename(root);
    const boxes = coco('boxes.json', { [`${folder}/cat/1.jpg`]: 1, 'other/cat/2.jpg': 2 });
    expect(await found([boxes], 'cat/1.jpg', 'cat/2.jpg')).toEqual([1, undefined]);
  });

  it('takes a name that pictures share for those nearest to the annotations', async () => {
    const names = ['a/images/1.jpg', 'b/images/1.jpg', 'b/2.jpg'];
    const ofA = coco('a/boxes/all.json', { '1.jpg': 1, '2.jpg': 9 });
    const ofB = coco('b/boxes/all.json', { '1.jpg': 2 });
    expect(await found([ofA, ofB], ...names)).toEqual([1, 2, 9]);
    expect(await found([ofB, ofA], ...names)).toEqual([1, 2, 9]);
    expect(await found([ofB], ...names)).toEqual([undefined, 2, undefined]);
    // Far from all of them it may mean any.
    const far = path.dirname(voc('c/marks/1.xml', 3));
    expect(await found([far], ...names)).toEqual([3, 3, undefined]);
    // A whole name means that picture.
    const whole = coco('whole.json', { '1.jpg': 4 });
    expect(await found([whole], '1.jpg', 'a/1.jpg')).toEqual([4, undefined]);
  });

  it('counts no file that was used among those that are no pictures', async () => {
    for (const name of ['a/1.jpg', 'a/2.jpg']) put(name, '');
    voc('a/1.xml', 5);
    put('a/2.xml', '<html/>');
    put('vit-labels.json', '{}');
    put('notes.txt', '');
    const boxes = coco('boxes.json', { '1.jpg': 1 });
    const notices = async (annotations: readonly string[], mappingFile?: string) => {
      const batch = await prepareBatch({
        source: root,
        list: await listSources([root]),
        model,
        opened: {
          modelSha256: '',
          classes: 2,
          labels: ['a', 'b'],
          output: 'softmax',
          oneSideNamed: false,
        },
        method: 'attention_rollout',
        options: {},
        annotations,
        mappingFile,
      });
      const { header, notices: said } = await batch.whole();
      return [header.otherFiles, said[0]];
    };
    // The page is no annotation, and nobody said that the other file is one.
    const unused = '1 .json, 1 .txt and 1 .xml are not read as pictures.';
    expect(await notices([])).toEqual([3, unused]);
    expect(await notices([boxes])).toEqual([3, '1 .txt and 2 .xml are not read as pictures.']);
    rmSync(path.join(root, 'a/2.xml'));
    rmSync(boxes);
    const folder = await notices([root], put('meanings.json', '{}'));
    expect(folder).toEqual([1, '1 .txt is not read as a picture.']);
  });

  it('names what cannot be read', async () => {
    const good = coco('good.json', { '1.jpg': 1 });
    await expect(found([good, path.join(root, 'gone')], '1.jpg')).rejects.toThrow(
      /no annotations at .*gone/,
    );
    put('marks/1.xml', '<html/>');
    await expect(found([path.join(root, 'marks')], '1.jpg')).rejects.toThrow(/1\.xml is not/);
  });
});
