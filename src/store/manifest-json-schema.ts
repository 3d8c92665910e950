/** The check of manifests as a JSON schema, by which editors complete, explain and mark a `*.vit.json`. */
import type { GenericSchema } from 'valibot';
import { manifestSchema } from '../shared/manifest';
import { manifestDescriptions } from './manifest-descriptions';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What is looked at of valibot's schemas and actions. */
interface Node {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly wrapped?: Node;
  readonly options?: readonly unknown[];
  readonly items?: readonly Node[];
  readonly item?: Node;
  readonly literal?: unknown;
  readonly requirement?: unknown;
  readonly pipe?: readonly Node[];
}

export function manifestJsonSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Manifest of a model for ViT Explainer',
    ...schemaOf(manifestSchema, ''),
  };
}

/**
 * @param path of the field, its parts divided by dots
 * @throws Error for what it does not know: a rule that it left out would be missed by nobody
 */
function schemaOf(schema: GenericSchema | Node, path: string): JsonSchema {
  const node = schema as Node;
  const description = manifestDescriptions[path];
  const described = description === undefined ? {} : { description };
  const rules = actionsOf(node).flatMap((action) => Object.entries(rule(action)));
  return { ...bare(node, path), ...Object.fromEntries(rules), ...described };
}

function bare(node: Node, path: string): JsonSchema {
  switch (node.type) {
    case 'strict_object':
      return objectOf(node.entries ?? {}, path);
    case 'exact_optional':
      return schemaOf(wrappedIn(node), path);
    case 'literal':
      return { const: node.literal };
    case 'picklist':
      return { enum: node.options };
    case 'string':
    case 'number':
      return { type: node.type };
    case 'array':
      return { type: 'array', items: node.item && schemaOf(node.item, `${path}[]`) };
    case 'strict_tuple': {
      const items = (node.items ?? []).map((item) => schemaOf(item, `${path}[]`));
      return { type: 'array', items, minItems: items.length, maxItems: items.length };
    }
    case 'union':
    case 'variant':
      return { anyOf: (node.options as readonly Node[]).map((one) => schemaOf(one, path)) };
    default:
      throw new Error(`“${path}” is a ${node.type}, which has no counterpart here yet.`);
  }
}

function objectOf(entries: Readonly<Record<string, Node>>, path: string): JsonSchema {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const names = Object.keys(entries);
  return {
    type: 'object',
    additionalProperties: false,
    required: names.filter((name) => entries[name]?.type !== 'exact_optional'),
    properties: Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, schemaOf(entry, at(name))]),
    ),
  };
}

function wrappedIn({ wrapped, type }: Node): Node {
  if (wrapped === undefined) throw new Error(`A ${type} without a schema in it.`);
  return wrapped;
}

/** What a schema is checked for beyond its type, which stands first. */
function actionsOf({ pipe }: Node): readonly Node[] {
  return pipe?.slice(1) ?? [];
}

function rule({ type, requirement }: Node): JsonSchema {
  switch (type) {
    case 'integer':
      return { type: 'integer' };
    case 'min_value':
      return { minimum: requirement };
    case 'max_value':
      return { maximum: requirement };
    case 'gt_value':
      return { exclusiveMinimum: requirement };
    case 'non_empty':
      return { minLength: 1 };
    // A number of JSON is finite; which of two numbers is larger, the check says when it reads the file.
    case 'finite':
    case 'check':
      return {};
    default:
      throw new Error(`The rule ${type} has no counterpart here yet.`);
  }
}
