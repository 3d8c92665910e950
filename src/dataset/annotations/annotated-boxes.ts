import type { Annotation } from '../../shared/annotation';

/** The boxes of one picture, and how large it was when they were drawn. */
export type AnnotatedBoxes = Omit<Extract<Annotation, { kind: 'boxes' }>, 'kind'>;
