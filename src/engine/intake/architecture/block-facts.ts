/** What no tensor shows of a block: heads, activation, the LayerNorms' epsilon. Manifest, then config, then custom. */
import { customaryHeads, headsOfTimm } from './customary-heads';
import type { ArchitectureFacts } from './facts';
import type { ModelConfig } from './model-config';
import type { Activation } from '../../../shared/architecture';
import { EngineError } from '../../engine-error';

export interface BlockFacts {
  readonly heads: number;
  readonly activation: Activation;
  /** Of every LayerNorm. */
  readonly epsilon: number;
}

/** What a family does where nothing says otherwise. */
export interface BlockHabits {
  readonly activation: Activation;
  readonly epsilon: number;
  /** Whose habits these are, for a person: `timm’s ViTs`. */
  readonly whose: string;
}

/**
 * @param dim width of the tokens
 * @param habits what the family does where nothing says otherwise
 * @throws EngineError `model-unreadable` where nothing tells the heads, or what is stated cannot be
 */
export function blockFacts(dim: number, facts: ArchitectureFacts, habits: BlockHabits): BlockFacts {
  return {
    heads: headsOf(dim, facts),
    activation: activationOf(facts, habits),
    epsilon: epsilonOf(facts, habits),
  };
}

/** A wrong number of heads gives wrong maps without any other sign. */
function headsOf(dim: number, facts: ArchitectureFacts): number {
  const { stated, config } = facts;
  const configured = configuredHeads(dim, config);
  const heads = stated.heads ?? configured;
  if (heads !== undefined) {
    if (Number.isInteger(heads) && heads > 0 && dim % heads === 0) return heads;
    const origin = stated.heads === undefined ? config.origin : 'The manifest';
    throw unknownHeads(
      `${origin} says ${heads} attention heads for “${facts.fileName}”, which don't divide its width ${dim}.`,
    );
  }
  const customary = customaryHeads(dim);
  if (customary) {
    const { heads: usual, reason } = customary;
    const why = config.misread(...headFields, 'head_width') ?? 'no file says otherwise';
    facts.assume('attention heads', 'heads', usual, String(usual), `${reason}, and ${why}`);
    return usual;
  }
  throw unknownHeads(
    `How many attention heads “${facts.fileName}” has can't be told from its weights (width ${dim}), and nothing else says it (${config.origin}).`,
  );
}

const headFields = ['num_attention_heads', 'num_heads'] as const;

/** What is stated and not understood is not what a class leaves out. */
function configuredHeads(dim: number, config: ModelConfig): number | undefined {
  const heads = config.number(...headFields);
  if (heads !== undefined || config.misread(...headFields) !== undefined) return heads;
  if (config.isOpenClip) {
    const width = config.number('head_width');
    return config.misread('head_width') === undefined ? dim / (width ?? 64) : undefined;
  }
  if (config.timmName !== undefined) return headsOfTimm(config.timmName, dim);
  // transformers leaves defaults of its classes out of nested configs; all of them have 12 heads.
  return config.describesFamily && dim === 768 ? 12 : undefined;
}

function unknownHeads(message: string): EngineError {
  return new EngineError(
    'model-unreadable',
    message,
    'State "architecture": {"heads": …} in its manifest, or put a config.json with "num_attention_heads" beside the checkpoint.',
  );
}

function activationOf(facts: ArchitectureFacts, { activation, whose }: BlockHabits): Activation {
  const { stated, config } = facts;
  if (stated.activation !== undefined) return stated.activation;
  const name = config.text('hidden_act', 'act_layer');
  if (name !== undefined) {
    const known = activations.get(name.toLowerCase().replace(/^.*\./, ''));
    if (known) return known;
    throw new EngineError(
      'model-unreadable',
      `${config.origin} names the activation “${name}”, which is not known here.`,
      'Export the model to ONNX; any ViT in ONNX is explained as it is.',
    );
  }
  const quick = config.flag('quick_gelu');
  const odd = config.misread('hidden_act', 'act_layer', 'quick_gelu');
  if (odd === undefined) {
    if (quick === true || config.timmName?.includes('quickgelu')) return 'quick-gelu';
    if (config.isOpenClip) return 'gelu';
  }
  if (odd !== undefined || !config.describesFamily) {
    const reason = since(whose, odd);
    facts.assume('activation', 'activation', activation, inWords[activation], reason);
  }
  return activation;
}

function epsilonOf(facts: ArchitectureFacts, { epsilon, whose }: BlockHabits): number {
  const { stated, config } = facts;
  const said = stated.normEpsilon ?? config.number('layer_norm_eps', 'norm_eps');
  if (said !== undefined) return said;
  const odd = config.misread('layer_norm_eps', 'norm_eps');
  if (odd !== undefined || !config.describesFamily) {
    const reason = since(whose, odd);
    facts.assume('LayerNorm epsilon', 'normEpsilon', epsilon, String(epsilon), reason);
  }
  return epsilon;
}

function since(whose: string, odd: string | undefined): string {
  return `${whose} have it${odd === undefined ? '' : `, and ${odd}`}`;
}

const activations: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['gelu', 'gelu'],
  ['gelu_new', 'gelu-tanh'],
  ['gelu_tanh', 'gelu-tanh'],
  ['gelu_pytorch_tanh', 'gelu-tanh'],
  ['quick_gelu', 'quick-gelu'],
  ['quickgelu', 'quick-gelu'],
  ['relu', 'relu'],
]);

const inWords: Record<Activation, string> = {
  gelu: 'exact GELU',
  'gelu-tanh': 'GELU in its tanh form',
  'quick-gelu': 'quick GELU',
  relu: 'ReLU',
};
