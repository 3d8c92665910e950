/** The results of a gallery's samples: counted as they come, their lines where they take no memory. */
import { DatasetTally } from '../../dataset/dataset-summary';
import { LineStore } from '../../dataset/line-store';
import { NameTable } from '../../dataset/name-list';
import { ResultLog } from '../../dataset/result-log';
import type { ExplainedSample, SampleResult } from '../../shared/sample-result';
import type { KeptResults } from './portioned-run';

export class GalleryResults implements KeptResults<SampleResult> {
  readonly tally = new DatasetTally();
  private readonly log = new ResultLog(LineStore.temporary());
  private readonly names = new NameTable();

  get length(): number {
    return this.log.size;
  }

  push(result: SampleResult): void {
    this.names.add(result.name);
    this.tally.add(result);
    this.log.add(result);
  }

  /** Of a sample that was explained. */
  explained(name: string): ExplainedSample | undefined {
    const place = this.names.indexOf(name);
    const result = place < 0 ? undefined : this.log.result(place);
    return result?.ok === true ? result : undefined;
  }

  /** In the order of their names. */
  inOrder(): AsyncGenerator<SampleResult> {
    return this.log.results();
  }

  close(): void {
    this.log.close();
  }
}
