import { describe, expect, it } from 'vitest';
import { cocoBoxes } from '../../src/dataset/annotations/coco-json';
import { boxCoverage } from '../../src/dataset/annotations/box-coverage';
import { vocBoxes } from '../../src/dataset/annotations/voc-xml';

describe('vocBoxes', () => {
  it('reads one or several objects, counting pixels from 0', () => {
    const box = (n: number) =>
      `<object><name>x</name><bndbox><xmin>${String(n)}</xmin><ymin>1</ymin><xmax>10.0</xmax><ymax>4</ymax></bndbox></object>`;
    expect(vocBoxes(`<annotation>${box(1)}</annotation>`, 'a.xml')).toEqual([
      { left: 0, top: 0, width: 10, height: 4 },
    ]);
    expect(vocBoxes(`<annotation>${box(1)}${box(6)}</annotation>`, 'a.xml')).toHaveLength(2);
    expect(vocBoxes('<annotation><folder>x</folder></annotation>', 'a.xml')).toEqual([]);
  });

  it('names the file that is no annotation', () => {
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
    expect(cocoBoxes(json, 'c.json').get('x.jpg')).toEqual([
      { left: 1, top: 2, width: 3, height: 4 },
      { left: 0, top: 0, width: 1, height: 1 },
    ]);
    expect(() => cocoBoxes('{', 'c.json')).toThrow(/c\.json is not a COCO/);
    expect(() => cocoBoxes('{"images":[]}', 'c.json')).toThrow(/annotations/);
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
