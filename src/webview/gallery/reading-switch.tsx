/** How labels that are numbers are read, and every other way: only the person knows what they count. */
import { exampleWords, readingWords, type LabelReading } from '../../shared/label-reading';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';

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
      <select
        id="label-reading"
        data-testid="label-reading"
        value={reading}
        onChange={({ currentTarget: { value } }) => {
          const chosen = choices.find((one) => one === value);
          if (chosen !== undefined) onRead(chosen);
        }}
      >
        {choices.map((one) => (
          <option key={one} value={one}>
            {`${readingWords[one]}: ${exampleWords(examples[one], classes)}`}
          </option>
        ))}
      </select>
    </div>
  );
}
