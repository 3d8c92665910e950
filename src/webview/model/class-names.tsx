/** The classes of the model, to be searched. */
import { useState } from 'preact/hooks';
import { counted } from '../../shared/counted';
import { searchClasses } from '../search-classes';
import { Part } from './part';

interface Props {
  readonly labels: readonly string[];
  /** How many the model has. */
  readonly classes: number;
}

const mostListed = 200;

export function ClassNames({ labels, classes }: Props) {
  const [typed, setTyped] = useState('');
  const matches = searchClasses(labels, typed, labels.length);
  const listed = matches.slice(0, mostListed);
  return (
    <Part id="classes" title="Classes">
      {labels.length === 0 ? (
        <p>
          No names were found for its {counted(classes, 'class', 'classes')}: they go by number.
        </p>
      ) : (
        <>
          {labels.length !== classes && (
            <p class="problem" data-testid="labels-mismatch">
              The model has {counted(classes, 'class', 'classes')}, and{' '}
              {counted(labels.length, 'name was', 'names were')} found, so classes are shown by
              number.
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
      )}
    </Part>
  );
}

function inWords(matching: number, all: number, listed: number): string {
  const count =
    matching === all ? counted(all, 'class', 'classes') : `${matching} of ${all} classes`;
  return matching === listed ? count : `${count}, the first ${listed} are listed`;
}
