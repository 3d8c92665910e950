/** How labels that are numbers are read, and every other way: only the person knows what they count. */
import { exampleWords, readingWords, type LabelReading } from '../../shared/label-reading';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import { Select } from '../components/select';

interface Props {
  readonly dataset: GalleryDataset;
  readonly onRead: (reading: LabelReading) => void;
}

export function ReadingSwitch({ dataset: { labelReading, classes, mappingFile }, onRead }: Props) {
  if (labelReading === undefined) return null;
  const { reading, choices, examples } = labelReading;
  return (
    <div class="control label-reading" title={`Kept in ${mappingFile} beside the dataset`}>
      <label for="label-reading">Labels are read as</label>
      <Select
        id="label-reading"
        testId="label-reading"
        chosen={reading}
        offered={choices.map((id) => ({
          id,
          name: `${readingWords[id]}: ${exampleWords(examples[id], classes)}`,
        }))}
        onChoose={({ id }) => onRead(id)}
      />
    </div>
  );
}
