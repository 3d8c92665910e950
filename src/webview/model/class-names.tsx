/** The classes of the model, to be searched, and where their names are from. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { counted } from '../../shared/counted';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { searchClasses } from '../search-classes';
import { Part } from './part';

interface Props {
  readonly model: ShownModel;
  readonly say: (message: FromModelPage) => void;
  /** What else there is to say of them. */
  readonly children: ComponentChildren;
}

export function ClassNames({ model, say, children }: Props) {
  const { labels, found, comparesPhrases, fixed } = model;
  if (comparesPhrases) {
    return (
      <Part id="classes" title="Classes">
        <p>Its classes are the phrases that a picture is compared with.</p>
      </Part>
    );
  }
  return (
    <Part id="classes" title="Classes">
      {labels.length === 0 ? (
        <p>
          No names were found for its {counted(found.classes, 'class', 'classes')}: they go by
          number.
        </p>
      ) : (
        <FoundNames labels={labels} classes={found.classes} />
      )}
      {fixed === undefined && (
        <div class="buttons" role="group" aria-label="Names of the classes">
          <button
            type="button"
            class="secondary"
            data-testid="choose-labels"
            onClick={() => say({ kind: 'chooseLabels' })}
          >
            Names from a file…
          </button>
          {found.classes === 1000 && (
            <button
              type="button"
              class="secondary"
              onClick={() => say({ kind: 'state', changes: { labels: 'imagenet-1k' } })}
            >
              Those of ImageNet-1k
            </button>
          )}
        </div>
      )}
      {children}
    </Part>
  );
}

const mostListed = 200;

interface FoundProps {
  readonly labels: readonly string[];
  /** How many the model has. */
  readonly classes: number;
}

function FoundNames({ labels, classes }: FoundProps) {
  const [typed, setTyped] = useState('');
  const matches = searchClasses(labels, typed, labels.length);
  const listed = matches.slice(0, mostListed);
  return (
    <>
      {labels.length !== classes && (
        <p class="problem" data-testid="labels-mismatch">
          The model has {counted(classes, 'class', 'classes')}, and{' '}
          {counted(labels.length, 'name was', 'names were')} found, so classes are shown by number.
        </p>
      )}
      <input
        type="text"
        data-testid="find-class"
        aria-label="Find a class by name or number"
        placeholder="Find a class by name or number"
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <p class="quiet" role="status" data-testid="class-count">
        {inWords(matches.length, labels.length, listed.length)}
      </p>
      <ol class="class-names" tabIndex={0} aria-label="Classes by number">
        {listed.map(({ index, label }) => (
          <li key={index} data-testid="class-name">
            <span class="class-number">{index}</span> {label}
          </li>
        ))}
      </ol>
    </>
  );
}

function inWords(matching: number, all: number, listed: number): string {
  const count =
    matching === all ? counted(all, 'class', 'classes') : `${matching} of ${all} classes`;
  return matching === listed ? count : `${count}, the first ${listed} are listed`;
}
