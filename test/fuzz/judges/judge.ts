/** Who judges what, in the process that can be ended. */
import path from 'node:path';
import type { Question } from '../input';
import { judgeDataset, judgeReport } from './dataset';
import { judgeModel } from './model';
import { judgePicture, judgeTensor } from './picture';
import type { Verdict } from './verdict';

/** What every input of a process is judged with. */
export interface Bench {
  readonly cacheFolder: string;
  /** PNG. */
  readonly picture: Uint8Array;
  /** Told when our own work is done and only the comparison is left. */
  readonly comparing: () => void;
}

const judges: Readonly<Record<Question['ask'], (file: string, bench: Bench) => Promise<Verdict>>> =
  {
    model: judgeModel,
    picture: judgePicture,
    tensor: judgeTensor,
    dataset: judgeDataset,
    report: judgeReport,
  };

export function judge(
  { ask, path: file }: Question,
  folder: string,
  bench: Bench,
): Promise<Verdict> {
  return judges[ask](path.join(folder, file), bench);
}
