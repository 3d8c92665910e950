/** The kind of a node: which backward rule it follows. */
import { EngineError } from '../engine-error';
import type { GraphNode } from '../onnx/graph';
import { operatorOf } from './catalogue';
import type { KindQuery, OpKind } from './operator';

/** @throws EngineError `model-unknown-op` naming operator and node, where there is no rule. */
export function kindOf(
  node: GraphNode,
  around: Omit<KindQuery, 'maker'> & { producer(tensor: string): GraphNode | undefined },
): OpKind {
  const { kind } = operatorOf(node.op);
  const found =
    typeof kind !== 'function'
      ? kind
      : kind(node, {
          isConstant: (tensor) => around.isConstant(tensor),
          isHeld: (tensor) => around.isHeld(tensor),
          shape: (tensor) => around.shape(tensor),
          maker: (tensor) => {
            const producer = around.producer(tensor);
            return producer && operatorOf(producer.op);
          },
        });
  if (found !== undefined && found !== 'none' && found !== 'step') return found;
  throw new EngineError(
    'model-unknown-op',
    `The operator ${node.op} (node “${node.name}”) has no backward rule, so this model's answer cannot be traced back through it.`,
    'Use a method that needs attention alone, or export the model with standard operators.',
  );
}
