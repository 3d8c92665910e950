/** Which classes the answers of a gallery are taken among. */
import { datasetClassesInWords, usableClasses, type AmongChoice } from '../../shared/among';
import { readClassList } from '../../shared/class-list';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import { AmongField } from '../components/among-field';

interface Props {
  readonly dataset: GalleryDataset;
  readonly choice: AmongChoice;
  readonly onChoose: (choice: AmongChoice) => void;
}

export function AmongClasses({ dataset, choice, onChoose }: Props) {
  const { classes, labelledClasses, among, whyAll } = dataset;
  // As long as not all labels are known, nobody knows how many classes they stand for.
  const ofDataset =
    labelledClasses === undefined
      ? 'the dataset’s classes'
      : datasetClassesInWords(labelledClasses < classes.length ? labelledClasses : 0);
  return (
    <div class="gallery-among">
      <AmongField
        choice={choice}
        all={classes.length}
        ofDataset={ofDataset}
        problems={whyAll === undefined || choice.of === 'all' ? [] : [whyAll]}
        check={(text) => usableClasses(readClassList(text, classes), classes).problems}
        onChoose={onChoose}
      />
      {choice.of !== 'all' && among !== undefined && (
        <p class="quiet">Maps are those of the best answers among all.</p>
      )}
    </div>
  );
}
