/** What was measured of a dataset's pictures, kept on the disk: a comparison goes on where it stopped. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { evaluationLine, readUnfinishedEvaluation } from '../../dataset/evaluation/evaluation-file';
import { methodsOf } from '../../dataset/evaluation/merge-evaluations';
import { readPicture } from '../../dataset/read-picture';
import type { EvaluationHeader, PictureRecord } from '../../shared/evaluation';
import type { EvaluatedSample } from '../../shared/protocol/evaluate';

/** The file of one comparison; more pictures of the same dataset go on in it. */
export function recordsFile(folder: string, root: string, header: EvaluationHeader): string {
  const { model, preprocessing, output, options, classes, evaluated, measuring } = header;
  const measured = [model.sha256, preprocessing, output, options, classes];
  const key = createHash('sha256')
    .update(JSON.stringify([root, evaluated, measuring, measured]))
    .digest('hex');
  return path.join(folder, 'results', `${key}.jsonl`);
}

export class KeptRecords {
  /** Each line after the one before it. */
  private writing = Promise.resolve();
  private isUnwritable = false;

  /** @param onUnwritable told once, when nothing more can be kept */
  constructor(
    private readonly file: string,
    private readonly header: EvaluationHeader,
    private readonly onUnwritable: (reason: unknown) => void,
  ) {}

  /** The records that still hold: of the same bytes, with all the methods. */
  async read(samples: readonly EvaluatedSample[]): Promise<readonly PictureRecord[]> {
    const kept = await this.readFile();
    const holding: PictureRecord[] = [];
    for (const { path: picture, name, label, methods } of samples) {
      const record = kept.get(name);
      if (record?.ok !== true || record.label !== label) continue;
      const measured = methodsOf(record);
      if (!methods.every((method) => measured.includes(method))) continue;
      if ((await sha256Of(picture)) === record.sha256) holding.push(record);
    }
    return holding;
  }

  add(record: PictureRecord): void {
    this.write(() => appendFile(this.file, evaluationLine(record)));
  }

  private async readFile(): Promise<ReadonlyMap<string, PictureRecord>> {
    const { file, header } = this;
    try {
      const found = await readUnfinishedEvaluation(file);
      if (found !== undefined) {
        this.write(() => truncate(file, found.end));
        return found.records;
      }
    } catch {
      // Damaged: begun anew.
    }
    this.write(async () => {
      await mkdir(path.dirname(file), { recursive: true });
      await rm(file, { force: true });
      await appendFile(file, evaluationLine(header));
    });
    return new Map();
  }

  private write(step: () => Promise<void>): void {
    this.writing = this.writing.then(async () => {
      if (this.isUnwritable) return;
      try {
        await step();
      } catch (reason) {
        this.isUnwritable = true;
        this.onUnwritable(reason);
      }
    });
  }
}

async function sha256Of(file: string): Promise<string | undefined> {
  try {
    const bytes = await readPicture(file);
    return createHash('sha256').update(bytes).digest('hex');
  } catch {
    return undefined;
  }
}
