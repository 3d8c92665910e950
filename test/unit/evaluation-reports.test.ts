/** The reports of an evaluation, and how many threads measure at once. */
import { describe, expect, it } from 'vitest';
import { evaluationHtml } from '../../src/dataset/evaluation/evaluation-html';
import {
  evaluationCsv,
  evaluationJson,
  evaluationMarkdown,
} from '../../src/dataset/evaluation/evaluation-texts';
import { summariseEvaluation } from '../../src/dataset/evaluation/summarise-evaluation';
import { evaluationPlan } from '../../src/service/evaluate/evaluation-plan';
import { evaluatedPicture, evaluationHeader, measuredMap } from '../fixtures/evaluation/records';

const records = ['<b>one</b>', 'two, "quoted"', 'three'].map((name, i) =>
  evaluatedPicture(name, { gae: measuredMap(0.4 + i / 10), attention: measuredMap(0.1) }),
);
const report = { header: evaluationHeader, records, costs: { gae: 2.345, attention: 1 } };
const summary = summariseEvaluation(records, 'attention');

describe('the reports of an evaluation', () => {
  it('as a page let nothing of a name be markup, and draw a curve a method', () => {
    const page = { ...report, summary, methods: [], thumbnails: new Map(), made: new Date(0) };
    const html = evaluationHtml(page);
    expect(html).not.toContain('<b>one');
    expect(html).toContain('&lt;b&gt;one');
    expect(html.match(/<svg class="faith"/g)).toHaveLength(2);
    expect(html).toContain('Made 1970-01-01');
    expect(html).not.toMatch(/NaN|undefined|\[object/);
  });

  it('as Markdown have a row a method and control, costs among them', () => {
    const lines = evaluationMarkdown(report, summary).split('\n');
    const rows = lines.filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 + 4);
    expect(rows[2]).toMatch(/^\| `gae` \| 0\.500 ± 0\.058 \| \+0\.400 \| /);
    expect(rows[2]).toMatch(/\| 2\.3 \|$/);
    expect(rows.map((row) => row.split('|').length)).toEqual(
      Array(6).fill(rows[0]?.split('|').length),
    );
  });

  it('as JSON are the same with costs and without, but for them', () => {
    const { costs, ...rest } = JSON.parse(evaluationJson(report, summary)) as Record<
      string,
      unknown
    >;
    expect(costs).toEqual(report.costs);
    const without = evaluationJson({ ...report, costs: undefined }, summary);
    expect(JSON.parse(without)).toEqual(rest);
    expect(rest.shares).toEqual([0, 0.5, 1]);
  });

  it('show what became of shuffled weights only where that was measured, of methods only', () => {
    const measured = { ...report, randomised: { gae: [0.9, 0.5, 0.2, -0.0123], attention: [1] } };
    const page = { summary, methods: [], thumbnails: new Map(), made: new Date(0) };
    expect(evaluationMarkdown(measured, summary)).toMatch(/`gae`.*\| −0\.012 \| 2\.3 \|/);
    expect(evaluationHtml({ ...measured, ...page })).toContain('<th scope="col">Randomised</th>');
    expect(evaluationHtml({ ...report, ...page })).not.toContain('Randomised');
    expect(JSON.parse(evaluationJson(measured, summary))).toMatchObject({
      randomised: measured.randomised,
    });
  });

  it('as CSV have a row a picture and method, quoted where they must be', () => {
    const lines = evaluationCsv(report).trim().split('\r\n');
    expect(lines).toHaveLength(1 + 3 * 4);
    expect(
      lines.filter((line) => line.startsWith('"two, ""quoted""",cat,0,cat,0.9,')),
    ).toHaveLength(4);
  });
});

describe('how many pictures are measured at once', () => {
  const model = { bytes: 2 ** 20, provider: 'cpu' } as const;
  it('as many as there are cores, where every thread can hold all methods', () => {
    expect(evaluationPlan(model, 9, 2, 88 * 2 ** 20)).toEqual({ threads: 2, keptMethods: 9 });
  });
  it('fewer where memory is short, and at last one with as many methods as fit', () => {
    expect(evaluationPlan(model, 9, 4, 88 * 2 ** 20).threads).toBe(2);
    expect(evaluationPlan(model, 9, 4, 24 * 2 ** 20)).toEqual({ threads: 1, keptMethods: 4 });
    expect(evaluationPlan(model, 9, 4, 2 ** 20)).toEqual({ threads: 1, keptMethods: 2 });
  });
  it('one on a GPU, which is not shared out', () => {
    expect(evaluationPlan({ ...model, provider: 'webgpu' }, 1, 8, 2 ** 40).threads).toBe(1);
  });
});
