/** A smooth convex function of many variables: its value and gradient at a point. */
export type Objective = (point: Float64Array) => Promise<{ value: number; gradient: Float64Array }>;

export interface LbfgsOptions {
  /** Stop when no component of the gradient is larger. */
  readonly tolerance: number;
  /**
   * Relative precision of the values. Stop too when the expected gain, half of the slope along a
   * quasi-Newton direction, is smaller: a line search would only compare rounding. By default 0.
   */
  readonly precision?: number;
  readonly iterations: number;
  /** Called after every step; throwing stops the minimisation. */
  readonly onStep?: (iteration: number, value: number) => void;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** How many past steps describe the curvature (Nocedal & Wright recommend 3 to 20). */
const memory = 10;
/** Sufficient decrease, Armijo's condition (Nocedal & Wright, eq. 3.4). */
const decrease = 1e-4;

/**
 * Limited-memory BFGS by the two-loop recursion (Nocedal & Wright, Numerical Optimization, 2nd ed.,
 * algorithms 7.4 and 7.5) with a backtracking line search. For convex functions the curvature
 * condition sᵀy > 0 holds of itself; where rounding breaks it, the pair is left out.
 */
export async function lbfgs(
  objective: Objective,
  start: Float64Array,
  options: LbfgsOptions,
): Promise<Minimum> {
  let point = start;
  let { value, gradient } = await objective(point);
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];

  for (let iteration = 0; iteration < options.iterations; iteration++) {
    if (largest(gradient) <= options.tolerance)
      return { point, value, iterations: iteration, converged: true };
    const direction = descentDirection(gradient, steps);
    const slope = dot(gradient, direction);
    if (steps.length > 0 && -slope / 2 <= (options.precision ?? 0) * Math.abs(value))
      return { point, value, iterations: iteration, converged: true };
    // The first step has no curvature to scale it: start with a unit length.
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let next = along(point, direction, length);
    let found = await objective(next);
    while (!(found.value <= value + decrease * length * slope)) {
      length /= 2;
      if (length < 1e-10) {
        // Rounding leaves nothing to gain in this direction.
        return { point, value, iterations: iteration, converged: false };
      }
      next = along(point, direction, length);
      found = await objective(next);
    }
    const s = difference(next, point);
    const y = difference(found.gradient, gradient);
    const curvature = dot(s, y);
    if (curvature > 1e-12 * dot(y, y)) {
      steps.push({ s, y, rho: 1 / curvature });
      if (steps.length > memory) steps.shift();
    }
    point = next;
    ({ value, gradient } = found);
    options.onStep?.(iteration + 1, value);
  }
  return { point, value, iterations: options.iterations, converged: false };
}

/** −H·g with the inverse Hessian H implied by the remembered steps. */
function descentDirection(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const direction = gradient.map((g) => -g);
  const weights: number[] = [];
  for (const { s, y, rho } of steps.toReversed()) {
    const weight = rho * dot(s, direction);
    weights.push(weight);
    addScaled(direction, y, -weight);
  }
  const latest = steps.at(-1);
  if (latest !== undefined) {
    const scale = 1 / (latest.rho * dot(latest.y, latest.y));
    direction.forEach((d, index) => (direction[index] = d * scale));
  }
  for (const { s, y, rho } of steps)
    addScaled(direction, s, (weights.pop() ?? 0) - rho * dot(y, direction));
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function addScaled(target: Float64Array, other: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + scale * (other[i] ?? 0);
}

function along(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  const moved = point.slice();
  addScaled(moved, direction, length);
  return moved;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value - (b[index] ?? 0));
}

function largest(values: Float64Array): number {
  let top = 0;
  for (const value of values) top = Math.max(top, Math.abs(value));
  return top;
}
