/** What a shape rule may look at: one node and what is known of its inputs. */
import { EngineError } from '../engine-error';
import type { Constant } from '../onnx/constant';
import type { GraphNode } from '../onnx/graph';
import { toNumbers } from '../onnx/tensor-bytes';
import { formerAttribute, type Argument, type Arguments } from './arguments';
import type { Dims } from './axes';

/** A node that may not be in the graph yet. */
export interface NewNode extends Pick<GraphNode, 'op' | 'inputs' | 'attributes'> {
  readonly outputCount: number;
  /** For messages; new nodes have none. */
  readonly name?: string;
}

/** The tensors that exist already. */
export interface KnownTensors {
  shape(name: string): Dims | undefined;
  constant(name: string): Constant | undefined;
}

/** Shapes of a node's outputs; what it throws is an error of the query. */
export type ShapeRule = (query: ShapeQuery) => Dims[];

export class ShapeQuery {
  constructor(
    readonly node: NewNode,
    private readonly places: Arguments,
    private readonly known: KnownTensors,
  ) {}

  get attributes(): NewNode['attributes'] {
    return this.node.attributes;
  }

  /** Shape of an input that must be there. */
  input(index: number): Dims {
    const name = this.node.inputs[index];
    if (name === undefined || name === '') throw this.mismatch(`input ${index} is missing`);
    const dims = this.known.shape(name);
    if (!dims) throw this.unknown(`its input ${index} has no known shape`);
    return dims;
  }

  /** Shapes of all inputs. */
  operands(): Dims[] {
    return this.node.inputs.map((_, i) => this.input(i));
  }

  /** Integers from an input, or from the attribute of older opsets; undefined where they are left out. */
  integers(argument: Argument): readonly number[] | undefined {
    const place = this.places[argument];
    return (
      (place === undefined ? undefined : this.integersAt(place)) ??
      formerAttribute(this.node, argument)
    );
  }

  /** Integers of an input; undefined where it is left out. */
  integersAt(index: number): readonly number[] | undefined {
    const name = this.node.inputs[index];
    if (name === undefined || name === '') return undefined;
    const constant = this.known.constant(name);
    if (!constant || constant.type === 'float32')
      throw this.unknown(`its input ${index} depends on the picture`);
    return toNumbers(constant);
  }

  /** Floats of an input; undefined where it is left out or computed. */
  floatsAt(index: number): readonly number[] | undefined {
    const constant = this.known.constant(this.node.inputs[index] ?? '');
    return constant?.type === 'float32' ? toNumbers(constant) : undefined;
  }

  /** The operands do not fit: the model is damaged, or was given a size that it cannot take. */
  mismatch(why: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `The parts of the model do not fit each other at ${this.inWords()}: ${why}.`,
      'Check the input size; if the model has one size only, leave it as it is.',
    );
  }

  /** The shape is not known before the model runs, or not at all. */
  unknown(why: string): EngineError {
    return new EngineError(
      'model-unknown-op',
      `The model uses ${this.inWords()}, which cannot be explained: ${why}.`,
      'Choose a Vision Transformer image classifier, or export it with another exporter or opset.',
    );
  }

  private inWords(): string {
    const { op, inputs, name: nodeName = '' } = this.node;
    const shapes = inputs.map((name) => {
      const dims = this.known.shape(name);
      if (dims) return `[${dims.join(', ')}]`;
      return name === '' ? '(none)' : '(unknown)';
    });
    const place = nodeName === '' ? '' : ` (“${nodeName}”)`;
    return `${op}(${shapes.join(', ')})${place}`;
  }
}
