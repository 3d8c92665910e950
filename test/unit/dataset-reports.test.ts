import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvReport as csvParts } from '../../src/dataset/csv-report';
import { reportLine, reportLines } from '../../src/dataset/jsonl-report';
import { LineStore } from '../../src/dataset/line-store';
import { ResultLog } from '../../src/dataset/result-log';
import { readJsonlReport } from '../read-report';
import { tallied } from '../tallied';
import {
  keepMeaning,
  keepReading,
  readFittingMapping,
  readLabelMapping,
} from '../../src/dataset/label-mapping';
import { mergeReports } from '../../src/dataset/merge-reports';
import { packMap } from '../../src/dataset/pack-map';
import { htmlReport } from '../../src/dataset/report/html-report';
import { reportStyle } from '../../src/dataset/report/report-style';
import { mapPicture } from '../../src/dataset/report/map-picture';
import type { BatchHeader, RunHeader } from '../../src/shared/batch-header';
import { confusionTable } from '../../src/shared/confusion-table';
import type { ExplainedSample, PatchMap, SampleResult } from '../../src/shared/sample-result';
import { squashedTo } from '../fixtures/preprocessing';
import { processorMilliseconds } from '../processor-time';

async function csvReport(...args: Parameters<typeof csvParts>): Promise<string> {
  const parts: string[] = [];
  for await (const part of csvParts(...args)) parts.push(part);
  return parts.join('');
}

const plain = { classSpecific: true, signed: false, pixels: false };

const header: BatchHeader = {
  format: 'vit-explainer-batch',
  version: 1,
  dataset: 'pets <b>',
  samples: 3,
  model: { name: 'Model & co', sha256: 'ab' },
  preprocessing: squashedTo(8),
  output: 'softmax',
  method: 'attention_rollout',
  options: {},
  classes: ['cat, house cat', 'dog "<script>"', 'cow'],
  unmatched: ['mule'],
  skipped: [{ name: 'gone.jpg', reason: 'There is no such file.' }],
  otherFiles: 2,
};

function sample(name: string, truth: number, answer: number): ExplainedSample {
  return {
    ok: true,
    name,
    sha256: `hash of ${name}`,
    label: header.classes[truth],
    truth,
    top: [{ index: answer, probability: 0.75 }],
    truthRank: truth === answer ? 0 : 1,
    loss: truth === answer ? 0.25 : 1.5,
    map: packMap(Float32Array.of(0, 1, 2, 3), 2, 2),
    shares: { border: 1, corners: [0, 1 / 6, 1 / 3, 1 / 2] },
  };
}

const right = sample('a.jpg', 0, 0);
const wrong = sample('=b,"quoted".jpg', 0, 1);
const broken: SampleResult = {
  ok: false,
  name: 'c<i>.jpg',
  code: 'image-unreadable',
  message: 'It ends & is gone.',
};
const results = [wrong, right, broken];

let folder = '';
beforeAll(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'vit-reports-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('JSONL reports', () => {
  it('come back as they were written; a line that was cut off is left out', async () => {
    const file = path.join(folder, 'report.jsonl');
    const whole = [header, right, broken].map(reportLine).join('');
    await writeFile(file, `${whole}${reportLine(wrong).slice(0, 40)}`);
    const report = await readJsonlReport(file);
    expect(report.header).toEqual(header);
    expect(report.results).toEqual([right, broken]);
    const ends: number[] = [];
    for await (const { end } of reportLines(file)) ends.push(end);
    expect(ends).toHaveLength(3);
    expect(ends.at(-1)).toBe(Buffer.byteLength(whole));
  });

  it('are none where the file is missing or not one line is whole', async () => {
    const file = path.join(folder, 'begun.jsonl');
    await expect(readJsonlReport(file)).rejects.toThrow(/there is no such file/);
    await writeFile(file, reportLine(header).slice(0, 30));
    await expect(readJsonlReport(file)).rejects.toThrow(/there is no whole line/);
    await expect(readJsonlReport(file)).rejects.toMatchObject({ code: 'dataset-unusable' });
    expect((await reportLines(file).next()).done).toBe(true);
  });

  it('are read in one go whatever their lines, and refused where one does not end', async () => {
    const file = path.join(folder, 'long.jsonl');
    const long = { ...header, skipped: [{ name: 'x'.repeat(30e6), reason: '' }] };
    await writeFile(file, `${JSON.stringify(long)}\n${reportLine(right)}`);
    const begun = processorMilliseconds();
    expect((await readJsonlReport(file)).results).toEqual([right]);
    await writeFile(file, Buffer.alloc(200e6, ' '));
    await expect(readJsonlReport(file)).rejects.toThrow(/a line in it is longer than 64 MB/);
    expect(processorMilliseconds() - begun).toBeLessThan(5000);
  });

  it('lack nothing that is read of them', async () => {
    const file = path.join(folder, 'lacking.jsonl');
    for (const lacking of ['preprocessing', 'options', 'unmatched', 'skipped', 'classes']) {
      await writeFile(file, `${JSON.stringify({ ...header, [lacking]: undefined })}\n`);
      await expect(readJsonlReport(file)).rejects.toThrow(`“${lacking}” is missing`);
    }
  });

  it('hold numbers where numbers stand', async () => {
    const file = path.join(folder, 'strange.jsonl');
    await writeFile(file, `${reportLine(header)}${JSON.stringify({ ...right, loss: [1, '1'] })}\n`);
    await expect(readJsonlReport(file)).rejects.toThrow(/line 2: “loss” is Array instead of/);
  });

  it('hold a map with a number for each patch, all of one grid', async () => {
    const file = path.join(folder, 'strange.jsonl');
    const { map } = right;
    const spoilt: readonly [string, PatchMap][] = [
      ['cut off', { ...map, values: map.values.slice(0, -4) }],
      ['one byte more', { ...map, values: Buffer.alloc(17).toString('base64') }],
      ['no base64', { ...map, values: map.values.replace('A', '*') }],
      ['half a row', { ...map, rows: 1.5 }],
    ];
    for (const [name, value] of spoilt) {
      await writeFile(file, reportLine(header) + reportLine({ ...right, map: value }));
      await expect(readJsonlReport(file), name).rejects.toThrow(/line 2/);
    }
    const other = { ...wrong, map: { ...map, rows: 1, columns: 4 } };
    await writeFile(file, reportLine(header) + reportLine(right) + reportLine(other));
    await expect(readJsonlReport(file)).rejects.toThrow(
      /line 3: its map has 1 × 4 patches, those before it 2 × 2/,
    );
  });

  it('names the line that is none of its own', async () => {
    const file = path.join(folder, 'strange.jsonl');
    await writeFile(file, `${reportLine(header)}{"ok":true,"name":"x"}\n`);
    await expect(readJsonlReport(file)).rejects.toThrow(/line 2/);
  });
});

describe('a line that cannot be, by its header', () => {
  const values = { ...header, output: 'value' as const };
  it.each<[string, BatchHeader, Partial<ExplainedSample>, RegExp]>([
    ['a class too many', header, { top: [{ index: 3, probability: 0.5 }] }, /no class 3 of 3/],
    ['half a class', header, { top: [{ index: 0.5, probability: 0.5 }] }, /no class 0\.5/],
    ['a truth too many', header, { truth: 7 }, /no class 7/],
    ['more than certain', header, { top: [{ index: 0, probability: 1.5 }] }, /1\.5 is no prob/],
    ['less than nothing', header, { top: [{ index: 0, probability: -0.1 }] }, /-0\.1 is no prob/],
    ['a probability of a value', values, {}, /gives values without probabilities/],
    ['no probability', header, { top: [{ index: 0, value: 3 }] }, /gives logits, softmax/],
  ])('%s', async (_, head, change, message) => {
    const file = path.join(folder, 'impossible.jsonl');
    await writeFile(file, reportLine(head) + reportLine({ ...right, ...change }));
    await expect(readJsonlReport(file)).rejects.toThrow(message);
    await expect(readJsonlReport(file)).rejects.toThrow(/impossible\.jsonl .* line 2/);
  });

  const among = { ...header, among: { of: 'list', classes: [0, 2] } } satisfies BatchHeader;
  it.each<[string, BatchHeader, ExplainedSample['among'], RegExp]>([
    ['an answer among others', among, { top: [{ index: 1, probability: 1 }] }, /class 1 is none/],
    ['a share of more', among, { top: [{ index: 2, probability: 1.5 }] }, /1\.5 is no prob/],
    ['no answer among some', among, undefined, /not taken among some/],
    ['an answer unasked for', header, { top: [] }, /are taken among some classes, unlike/],
  ])('%s', async (_, head, answer, message) => {
    const file = path.join(folder, 'among.jsonl');
    const line = { ...right, ...(answer && { among: answer }) };
    await writeFile(file, reportLine(head) + reportLine(line));
    await expect(readJsonlReport(file)).rejects.toThrow(message);
  });

  it('is none where it is right', async () => {
    const file = path.join(folder, 'possible.jsonl');
    const value = { ...right, top: [{ index: 0, value: -3 }] };
    await writeFile(file, reportLine(values) + reportLine(value));
    expect((await readJsonlReport(file)).results).toEqual([value]);
  });
});

describe('merging', () => {
  const shard = (index: number) => ({ shard: { index, of: 2, program: '1.0.0' } });

  async function fileOf(name: string, ...lines: readonly (RunHeader | SampleResult)[]) {
    const file = path.join(folder, `${name}.jsonl`);
    await writeFile(file, lines.map(reportLine).join(''));
    return file;
  }

  async function merged(...files: readonly string[]) {
    const log = new ResultLog(LineStore.temporary());
    try {
      const { header: shared, listing } = await mergeReports(files, log);
      const all: SampleResult[] = [];
      for await (const result of log.results()) all.push(result);
      return { header: shared, listing, results: all };
    } finally {
      log.close();
    }
  }

  it('gives the same whatever the order of the shards, each sample once', async () => {
    const one = await fileOf('one', header, right, wrong);
    const two = await fileOf('two', header, broken, right);
    const joined = await merged(one, two);
    expect(await merged(two, one)).toEqual(joined);
    expect(joined.results.map(({ name }) => name)).toEqual([wrong.name, right.name, broken.name]);
    expect(joined.header).toEqual(header);
  });

  it('refuses what does not belong together, and says what differs', async () => {
    const one = await fileOf('one', header, right);
    const others = [
      [{ ...header, method: 'gae' }, right, /two.* and .*one.* the method differs/],
      [{ ...header, output: 'sigmoid' }, right, /meaning of the model’s numbers differs/],
      [
        { ...header, among: { of: 'list', classes: [0, 2] } },
        { ...right, among: { top: [] } },
        /the list of classes that answers are taken among differs/,
      ],
      [header, { ...right, loss: 9 }, /something else of a\.jpg/],
    ] as const;
    for (const [otherHeader, result, message] of others)
      await expect(merged(one, await fileOf('two', otherHeader, result))).rejects.toThrow(message);
  });

  it('takes what a shard that has not listed its dataset yet has done, and no whole run like that', async () => {
    const { dataset, model, preprocessing, output, method, options, classes } = header;
    const begun = { format: 'vit-explainer-batch', version: 1 } as const;
    const run = { ...begun, dataset, model, preprocessing, output, method, options, classes };
    const listed = await fileOf('listed', { ...header, ...shard(1) }, right);
    const unlisted = await fileOf('unlisted', { ...run, ...shard(2) }, wrong);
    for (const files of [[listed, unlisted] as const, [unlisted, listed] as const]) {
      const joined = await merged(...files);
      expect(joined.header).toEqual(header);
      expect(joined.results).toEqual([wrong, right]);
    }
    await expect(merged(unlisted)).rejects.toThrow(/ended before it had listed/);
    const other = await fileOf('other', { ...run, method: 'gae', ...shard(2) }, wrong);
    await expect(merged(listed, other)).rejects.toThrow(/the method differs/);
    await expect(merged(listed, await fileOf('whole', run, wrong))).rejects.toThrow(
      /whole.* ended before it had listed/,
    );
  });
});

describe('the CSV report', () => {
  it('quotes, and keeps text from being run as a formula', async () => {
    const [head, first, second, third] = (
      await csvReport({ ...header, made: '2026-11-26' }, results)
    ).split('\r\n');
    expect(head?.split(',').slice(0, 4)).toEqual(['name', 'label', 'truth', 'truth_name']);
    expect(first).toMatch(/^"'=b,""quoted""\.jpg","cat, house cat",0,"cat, house cat",1,/);
    expect(second).toMatch(
      /^a\.jpg,"cat, house cat",0,"cat, house cat",0,"cat, house cat",0\.75,,0,/,
    );
    const common =
      ',attention_rollout,ab,"squashed to 8 × 8, bicubic; 0 … 255 times 1/255; less 0; by 1",2026-11-26';
    expect(third).toMatch(/,It ends & is gone\.,attention_rollout,/);
    for (const row of [first, second, third]) expect(row?.endsWith(common)).toBe(true);
  });

  it('has the answers among some classes, and which classes, where they were asked for', async () => {
    const among = { of: 'dataset', classes: [0, 2] } as const;
    const answer = { top: [{ index: 2, probability: 0.625 }], truthRank: 1, loss: 0.98 };
    const text = await csvReport({ ...header, among }, [{ ...wrong, among: answer }, broken]);
    const [head = '', row = '', last = ''] = text.split('\r\n');
    expect(head).toContain(
      ',sha256,among_answer,among_answer_name,among_probability,among_truth_rank,among_loss,error,',
    );
    expect(head.endsWith(',among_classes,made')).toBe(true);
    expect(row).toContain(',"hash of =b,""quoted"".jpg",2,cow,0.625,1,0.98,,');
    for (const line of [row, last]) expect(line.endsWith(',0 2,')).toBe(true);
    expect(await csvReport(header, [wrong])).not.toContain('among');
  });

  it.each([
    ['-1.5', '-1.5'],
    ['+3', '+3'],
    ['-1.5/i0.png', '-1.5/i0.png'],
    ['-dog.jpg', '-dog.jpg'],
    ['+1+1', "'+1+1"],
    ['-A1', "'-A1"],
    ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
    ['-SUM(A1)', "'-SUM(A1)"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=1', "'=1"],
  ])('writes %s as %s', async (label, cell) => {
    const [, row] = (await csvReport(header, [{ ...right, label }])).split('\r\n');
    expect(row).toContain(`a.jpg,${cell},0,`);
  });
});

describe('the HTML report', () => {
  const html = htmlReport(
    header,
    tallied(results),
    new Map([[wrong.name, Uint8Array.of(1, 2, 3)]]),
    plain,
  );

  it('is well-formed, and escapes every name', () => {
    const parser = new XMLParser({ ignoreAttributes: false, allowBooleanAttributes: true });
    const asXml = html
      .replace('<!doctype html>', '')
      .replaceAll(/<(meta|img|br)([^>]*)>/g, '<$1$2/>')
      .replaceAll(/<style>.*?<\/style>/gs, '');
    const tree: unknown = parser.parse(asXml);
    expect(tree).toHaveProperty('html.body.main.h1', 'pets <b> through Model & co');
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<b>');
    expect(html).not.toContain('<i>');
    expect(html).toContain('dog &quot;&lt;script&gt;&quot;');
  });

  it('has the figures among some classes beside those among all, and names these', () => {
    const among = { of: 'dataset', classes: [0, 2] } as const;
    const lines = [
      { ...right, among: { top: [{ index: 0, probability: 0.75 }], truthRank: 0, loss: 0.25 } },
      { ...wrong, among: { top: [{ index: 0, probability: 0.625 }], truthRank: 0, loss: 0.5 } },
    ];
    const page = htmlReport({ ...header, among }, tallied(lines), new Map(), plain);
    const [, all = '', some = ''] = page.split('<section>');
    expect(all).toContain('<dt>Accuracy</dt><dd>50.0\u00A0%</dd>');
    expect(some).toContain('<h2>Among the dataset’s 2 classes</h2>');
    expect(some).toContain('<dt>Accuracy</dt><dd>100.0\u00A0%</dd>');
    expect(some).toContain('<p>cat, cow</p>');
    expect(page).toContain('Confusion matrix among the dataset’s 2 classes');
    expect(html).not.toContain('mong the dataset');
  });

  it('needs nothing from elsewhere', () => {
    expect(html).not.toMatch(/(src|href)="(?!data:)/);
    expect(html).not.toMatch(/url\(|@import/);
  });

  it('says what there is to say', () => {
    expect(html).toContain('50.0');
    expect(html).toContain(`data:image/jpeg;base64,${Buffer.from([1, 2, 3]).toString('base64')}`);
    expect(html).toContain('cat taken for dog');
    expect(html).toContain('It ends &amp; is gone.');
    expect(html).toContain('There is no such file.');
    expect(html).toContain('mule');
  });

  it('draws and counts what speaks for an answer, and says so where a method tells both', () => {
    const lines = [{ ...wrong, map: packMap(Float32Array.of(-9, 0, 1, 2), 2, 2) }];
    const signed = htmlReport(header, tallied(lines), new Map(), { ...plain, signed: true });
    const forAlone = { values: Float32Array.of(0, 0, 1, 2), shape: [2, 2] } as const;
    expect(signed).toContain(mapPicture(forAlone, plain));
    expect(signed).toContain('Drawn and counted is what speaks for an answer');
    const pixels = htmlReport(header, tallied(lines), new Map(), { ...plain, pixels: true });
    expect(pixels).toContain('Pixels are summed by patch');
    expect(html).not.toMatch(/Drawn and counted|summed by patch/);
  });

  it('claims no evidence for a class of maps that are the same for all', () => {
    expect(html).toContain('where the evidence for the wrong class lies');
    const maps = htmlReport(header, tallied(results), new Map(), {
      ...plain,
      classSpecific: false,
    });
    expect(maps).not.toMatch(/evidence for/i);
    expect(maps).toContain('where the model looks, whatever the class');
  });

  it('says what it was made with, and of which samples', () => {
    const said = { ...header, made: '2026-11-26', options: { preset: 'base' } } as const;
    const made = htmlReport(
      { ...said, chosen: 'wrong answers' },
      tallied([wrong]),
      new Map(),
      plain,
    );
    for (const words of [
      '<td>2026-11-26</td>',
      '<td>ab</td>',
      '<td>squashed to 8 × 8, bicubic; 0 … 255 times 1/255; less 0; by 1</td>',
      '<td>attention_rollout</td>',
      '<td>base</td>',
      'Only samples chosen by the filters of the gallery: wrong answers.',
      '<dd>1 of 3</dd>',
    ])
      expect(made).toContain(words);
    expect(html).not.toContain('Only samples');
  });

  it('tells precision, recall and calibration of what is labelled, and shares beside those of the area', () => {
    // Right: cat as cat; wrong: cat as dog; both by 0.75.
    expect(html).toMatch(
      /<th scope="row">cat<\/th><td>2<\/td><td>1<\/td><td>100\.0.%<\/td><td>50\.0.%/,
    );
    expect(html).toMatch(/Expected calibration error<\/dt><dd>25\.0.%/);
    expect(html).toMatch(/<tr><td>75\.0.%<\/td><td>50\.0.%<\/td><td>2<\/td><\/tr>/);
    expect(html).toMatch(/Outermost ring of patches<\/th><td>100\.0.%<\/td><td>100\.0.%/);
    const unlabelled = htmlReport(header, tallied([broken]), new Map(), plain);
    expect(unlabelled).not.toMatch(/Calibration|Precision/);
  });

  it('is the same whatever the order of the lines', () => {
    const other = htmlReport(
      header,
      tallied([broken, right, wrong]),
      new Map([[wrong.name, Uint8Array.of(1, 2, 3)]]),
      plain,
    );
    expect(other).toBe(html);
  });

  it('speaks of no answers where the model gives values', () => {
    const { truth, truthRank, loss, ...valued } = { ...right, top: [{ index: 0, value: 2 }] };
    expect([truth, truthRank, loss]).toEqual([0, 0, 0.25]);
    const values = htmlReport(
      { ...header, output: 'value', classes: ['age'] },
      tallied([valued]),
      new Map(),
      plain,
    );
    expect(values).toContain('<h2>Where the model looks</h2>');
    expect(values).not.toMatch(/by its answer|when it says/);
    expect(html).toContain('<h2>Where the model looks, by its answer</h2>');
  });
});

describe('the picture of a map', () => {
  it('is a bitmap with the darkest colour at the least value', () => {
    const file = Buffer.from(
      mapPicture({ values: Float32Array.of(0, 1, 2, 3), shape: [2, 2] }, plain).split(',')[1] ?? '',
      'base64',
    );
    expect(file.toString('latin1', 0, 2)).toBe('BM');
    // Rows from below: the first row of the map is the last of the file; blue, green, red.
    expect([...file.subarray(54 + 8, 54 + 11)]).toEqual([0x54, 0x01, 0x44]);
    expect([...file.subarray(54 + 3, 54 + 6)]).toEqual([0x25, 0xe7, 0xfd]);
  });
});

describe('the confusion table', () => {
  it('counts what has no column as other answers', () => {
    const meanMap = { rows: 1, columns: 1, samples: 1, values: [1] };
    const cell = (truth: number, answer: number, count: number) => ({
      truth,
      answer,
      count,
      meanMap,
    });
    const rare = Array.from({ length: 20 }, (_, index) => cell(0, 100 + index, 1));
    const table = confusionTable([cell(0, 0, 5), cell(0, 7, 3), cell(1, 1, 2), ...rare]);
    expect(table.truths).toEqual([0, 1]);
    expect(table.answers.slice(0, 3)).toEqual([0, 1, 7]);
    expect(table.count(0, 7)).toBe(3);
    const listed = table.answers.reduce((sum, answer) => sum + table.count(0, answer), 0);
    expect(listed + table.others(0)).toBe(28);
    expect(table.others(0)).toBeGreaterThan(0);
    expect(table.others(1)).toBe(0);
  });
});

describe('the mapping of labels', () => {
  const classes = ['cat, house cat', 'crane', 'crane', '7'];

  it('is kept by name where the name is enough, and read back', async () => {
    const file = path.join(folder, 'vit-labels.json');
    expect(await readLabelMapping(file, classes)).toEqual({ read: undefined, mapping: {} });
    const mapping = { kitty: 0, bird: 1, machine: 2, seven: 3 };
    for (const [label, index] of Object.entries(mapping))
      await keepMeaning(file, label, index, classes);
    expect((await readLabelMapping(file, classes)).mapping).toEqual(mapping);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
      kitty: 'cat, house cat',
      machine: 2,
    });
  });

  it('keeps what another model’s classes mean, and leaves it out for this one', async () => {
    const file = path.join(folder, 'several-models.json');
    await writeFile(file, '{"kitty": "cat", "villa": "building"}');
    expect((await readFittingMapping(file, classes)).mapping).toEqual({ kitty: 0 });
    await keepMeaning(file, 'kitty', undefined, classes);
    await keepMeaning(file, 'machine', 2, classes);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ villa: 'building', machine: 2 });
    await writeFile(file, '{"kitty": true}');
    await expect(readFittingMapping(file, classes)).rejects.toThrow(/not a mapping/);
  });

  it('keeps how numbers are read beside them, and reads files of either form', async () => {
    const file = path.join(folder, 'numbers.json');
    await keepMeaning(file, 'kitty', 0, classes);
    await keepReading(file, 'text-order');
    await keepMeaning(file, 'bird', 1, classes);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      read: 'text-order',
      labels: { kitty: 'cat, house cat', bird: 1 },
    });
    const kept = { read: 'text-order', mapping: { kitty: 0, bird: 1 } };
    expect(await readLabelMapping(file, classes)).toEqual(kept);
    // A label may be called so, too.
    await writeFile(file, '{"read": "crane", "labels": "7"}');
    expect(await readFittingMapping(file, ['crane', '7'])).toEqual({
      read: undefined,
      mapping: { read: 0, labels: 1 },
    });
    await writeFile(file, '{"read": "backwards", "labels": {}}');
    await expect(readLabelMapping(file, classes)).rejects.toThrow(/not a mapping/);
  });

  it('takes a number for a class number, text for a name, and classes without names by number', async () => {
    const file = path.join(folder, 'numerals.json');
    await writeFile(file, '\uFEFF{"a": 2, "b": "2", "c": "1"}');
    const { mapping } = await readLabelMapping(file, ['0', '2', '10']);
    expect(mapping).toEqual({ a: 2, b: 1, c: 1 });
    const latin = Buffer.from('{"caf\u00e9": "th\u00e9"}', 'latin1');
    await writeFile(file, latin);
    expect((await readLabelMapping(file, ['x', 'thé'])).mapping).toEqual({ café: 1 });
    await writeFile(file, '{"cat": 1}');
    expect((await readFittingMapping(file, ['class 0', 'class 1'])).mapping).toEqual({ cat: 1 });
    await writeFile(file, '{"cat": 2, "dog": -1, "owl": "crane"}');
    const fitting = await readFittingMapping(file, ['crane', 'crane']);
    expect(fitting.mapping).toEqual({});
  });

  it('names a class that the model lacks', async () => {
    const file = path.join(folder, 'other.json');
    await writeFile(file, '{"kitty": "lion"}');
    await expect(readLabelMapping(file, classes)).rejects.toThrow(/“lion”/);
  });
});

describe('the colours of the confusion matrix', () => {
  type Colour = readonly [red: number, green: number, blue: number];

  /** WCAG 2.2, relative luminance. */
  const luminance = (colour: Colour): number => {
    const [red = 0, green = 0, blue = 0] = colour.map((value) => {
      const unit = value / 255;
      return unit <= 0.04045 ? unit / 12.92 : ((unit + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const hex = (text = ''): Colour => {
    const long = text.length === 3 ? text.replaceAll(/./g, '$&$&') : text;
    const value = Number.parseInt(long, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  };

  it.each(['light', 'dark'])('leave the numbers legible in fully coloured cells, %s', (scheme) => {
    const root =
      reportStyle
        .split('\n')
        .find((line) => line.includes(':root') && line.includes('dark)') === (scheme === 'dark')) ??
      '';
    const text = hex(/--text: #(\w+)/.exec(root)?.[1]);
    const back = hex(/--back: #(\w+)/.exec(root)?.[1]);
    for (const name of ['right', 'wrong']) {
      const [, ...parts] = new RegExp(`--${name}: (\\d+) (\\d+) (\\d+)`).exec(root) ?? [];
      const most = Number(
        new RegExp(`var\\(--${name}\\) / calc\\(var\\(--share\\) \\* ([.\\d]+)\\)`).exec(
          reportStyle,
        )?.[1],
      );
      const mixed = parts.map(
        (part, index) => Number(part) * most + (back[index] ?? 0) * (1 - most),
      );
      const [red = NaN, green = NaN, blue = NaN] = mixed;
      const [high = 0, low = 0] = [luminance(text), luminance([red, green, blue])].sort(
        (a, b) => b - a,
      );
      expect((high + 0.05) / (low + 0.05)).toBeGreaterThan(4.5);
    }
  });
});
