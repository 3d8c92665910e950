/** Names that several families of Hugging Face's share, relative to the block. */

/** ViT, DeiT, ViTMAE and DINOv2. */
export const nestedAttention = {
  attention: {
    query: 'attention.attention.query',
    key: 'attention.attention.key',
    value: 'attention.attention.value',
  },
  projection: 'attention.output.dense',
} as const;

/** A block of CLIP's and SigLIP's towers. */
export const towerBlock = {
  attentionNorm: 'layer_norm1',
  attention: { query: 'self_attn.q_proj', key: 'self_attn.k_proj', value: 'self_attn.v_proj' },
  projection: 'self_attn.out_proj',
  mlpNorm: 'layer_norm2',
  first: 'mlp.fc1',
  second: 'mlp.fc2',
} as const;
