/** The results of a gallery's samples: counted as they come, their lines where they take no memory. */
import { DatasetTally } from '../../dataset/dataset-summary';
import { LineStore } from '../../dataset/line-store';
import { ResultLog } from '../../dataset/result-log';
import type { SampleResult } from '../../shared/sample-result';
import type { KeptResults } from './portioned-run';

export class GalleryResults implements KeptResults<SampleResult> {
  readonly tally = new DatasetTally();
  private readonly log = new ResultLog(LineStore.temporary());

  get length(): number {
    return this.log.size;
  }

  push(result: SampleResult): void {
    this.tally.add(result);
    this.log.add(result);
  }

  /** In the order of their names. */
  inOrder(): AsyncGenerator<SampleResult> {
    return this.log.results();
  }

  close(): void {
    this.log.close();
  }
}
