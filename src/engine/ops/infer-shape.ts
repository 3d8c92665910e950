/** Static shapes of a node's outputs, from the shapes of its inputs. */
import type { Dims } from './axes';
import { operatorOf } from './catalogue';
import { ShapeQuery, type KnownTensors, type NewNode } from './shape-query';

/**
 * Shapes of a node's outputs.
 * @throws EngineError `model-unknown-op` if there is no rule for the operator or the shape depends on
 * computed values; `model-unreadable` if the operands do not fit each other.
 */
export function inferShapes(node: NewNode, known: KnownTensors): Dims[] {
  const { shape, integers } = operatorOf(node.op);
  return shape(new ShapeQuery(node, integers, known));
}
