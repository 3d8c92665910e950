/** What a person should know of the dataset: in few lines, so that the tiles stay in sight. */
import { useState } from 'preact/hooks';
import type { Tile } from '../../shared/gallery/tile';
import { Notices } from '../components/notices';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';

interface Props {
  readonly dataset: GalleryDataset;
  readonly tiles: readonly Tile[];
}

/** More than these are folded away. */
const plainly = 2;
/** A dataset that was scaled after it was annotated has a doubt for every picture. */
const mostRows = 100;

export function GalleryNotices({ dataset, tiles }: Props) {
  const notices = sentencesOf(dataset);
  const doubts = tiles.flatMap((tile) =>
    tile.ok && tile.doubt !== undefined ? [{ name: tile.name, doubt: tile.doubt }] : [],
  );
  if (notices.length === 0 && doubts.length === 0) return null;
  return (
    <section class="gallery-notices" aria-label="Notices">
      {notices.length > plainly ? (
        <details data-testid="folded-notices">
          <summary>{`${notices.length} notices`}</summary>
          <Notices notices={notices} />
        </details>
      ) : (
        <Notices notices={notices} />
      )}
      {doubts.length > 0 && <Doubts doubts={doubts} />}
    </section>
  );
}

function sentencesOf({ notices, skipped }: GalleryDataset): readonly string[] {
  const [first] = skipped;
  if (first === undefined) return notices;
  const more = skipped.length > 1 ? ` And ${skipped.length - 1} more.` : '';
  return [...notices, `Left out: ${first.name}. ${first.reason}${more}`];
}

function Doubts({ doubts }: { readonly doubts: readonly { name: string; doubt: string }[] }) {
  const [open, setOpen] = useState(false);
  return (
    <details data-testid="doubts" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {doubts.length === 1
          ? '1 doubt about annotations'
          : `${doubts.length} doubts about annotations`}
      </summary>
      <p class="quiet">
        How much evidence lies outside the objects may be wrong, or is left out, for these.
      </p>
      {open && (
        <ul class="doubts" tabIndex={0} aria-label="Doubts">
          {doubts.slice(0, mostRows).map(({ name, doubt }) => (
            <li key={name}>
              <span>{name}:</span> <span class="quiet">{doubt}</span>
            </li>
          ))}
          {doubts.length > mostRows && (
            <li class="quiet">{`And ${doubts.length - mostRows} more.`}</li>
          )}
        </ul>
      )}
    </details>
  );
}
