/** How much a pickle may do and make: a few bytes of it can stand for gigabytes of memory. */
import type { PickleErrors } from './pickle-errors';

/** Far beyond what is saved beside weights, and done within seconds. */
const mostSteps = 1e7;
/** Lists, dictionaries, tuples and the like, and what is remembered: each takes up to 300 bytes of memory. */
const mostObjects = 3e6;

/** Both methods throw EngineError `model-unreadable` for what is too much. */
export class PickleBudget {
  private steps = 0;
  private objects = 0;

  constructor(private readonly errors: PickleErrors) {}

  step(count = 1): void {
    this.steps += count;
    if (this.steps > mostSteps) throw this.errors.tooMuch(`takes more than ${mostSteps} steps`);
  }

  make(): void {
    this.objects += 1;
    if (this.objects > mostObjects)
      throw this.errors.tooMuch(`makes more than ${mostObjects} objects`);
  }
}
