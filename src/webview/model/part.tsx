/** One part of the page, with its heading. */
import type { ComponentChildren } from 'preact';

interface Props {
  /** Of the part in the page, and for tests. */
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Part({ id, title, children }: Props) {
  return (
    <section class="part" id={id} data-testid={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}
