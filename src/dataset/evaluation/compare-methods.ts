/** The figures of one method over all pictures, and of two methods on the same ones. */
import {
  figuresOf,
  isControl,
  type EvaluatedPicture,
  type MetricFigures,
  type MetricId,
} from '../../shared/evaluation';

/** One order of the patches over all pictures that have it, by the picture's name. */
export type Measured = ReadonlyMap<string, MetricFigures>;

/** @param id a method, or a control */
export function measuredOf(pictures: readonly EvaluatedPicture[], id: string): Measured {
  return new Map(
    pictures.flatMap(({ name, maps, controls }) => {
      if (isControl(id)) return [[name, controls[id]] as const];
      const measured = maps[id];
      return measured === undefined ? [] : [[name, figuresOf(measured)] as const];
    }),
  );
}

/** A less B, on the pictures that have both figures. */
export function differencesOf(a: Measured, b: Measured, metric: MetricId): number[] {
  return [...a].flatMap(([name, figures]) => {
    const one = figures[metric];
    const other = b.get(name)?.[metric];
    return one === undefined || other === undefined ? [] : [one - other];
  });
}
