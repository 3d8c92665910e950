/** Where the picture stands in its folder, and the way to the others. */
import type { Way } from '../../shared/filmstrip';
import type { PageAction } from '../panel-state';
import { WalkButtons } from './walk-buttons';

interface Props {
  readonly folder: Way;
  readonly act: (action: PageAction) => void;
}

export function FolderBar({ folder, act }: Props) {
  const { at, total, title } = folder;
  return (
    <section class="filmstrip" data-testid="folder" aria-label={`Pictures of ${title}`}>
      <div class="filmstrip-bar">
        <WalkButtons way={folder} of="picture" act={act} />
        <p class="filmstrip-place" role="status" data-testid="walk-place">
          <strong>{at === undefined ? `– of ${total}` : `${at + 1} of ${total}`}</strong>{' '}
          <span class="quiet">{`pictures of ${title}`}</span>
        </p>
      </div>
    </section>
  );
}
