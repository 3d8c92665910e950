/** What the engine found in the file. */
import { foundInWords } from '../../shared/found-in-words';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { Part } from './part';

export function FoundFacts({ model }: { readonly model: ShownModel }) {
  const { found, labels, comparesPhrases } = model;
  const facts = foundInWords(found, { labels, ...(comparesPhrases && { zeroShot: true }) });
  return (
    <Part id="found" title="Found in the file">
      <dl class="facts">
        {[...facts, ['identity', found.model.sha256] as const].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}
