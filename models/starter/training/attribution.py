"""`transformer_attribution` (Chefer et al. 2021) for ViT, as a reference for the evaluation.

Relevance with alpha 1, beta 0 down to every attention matrix, times the gradient of the class, rolled out.
"""
import torch


def div(a, b):
    return torch.where(b == 0, torch.zeros_like(a), a / (b + 1e-9))


def linear_rule(lin, x, r):
    w = lin.weight
    wp, wn, xp, xn = w.clamp(min=0), w.clamp(max=0), x.clamp(min=0), x.clamp(max=0)
    s = div(r, xp @ wp.T + xn @ wn.T)
    return xp * (s @ wp) + xn * (s @ wn)


def matmul_rule(a, b, r):
    s = div(r, a @ b)
    return a * (s @ b.transpose(-2, -1)) / 2, b * (a.transpose(-2, -1) @ s) / 2


def add_rule(a, b, r):
    s = div(r, a + b)
    ra, rb = a * s, b * s
    t = lambda v: v.flatten(1).sum(1)[:, None, None]
    sa, sb, sr = t(ra), t(rb), t(r)
    n = sa.abs() + sb.abs()
    return ra * div(div(sa.abs(), n) * sr, sa), rb * div(div(sb.abs(), n) * sr, sb)


def attribute(m, x, target, start_layer=0):
    """Maps [b, grid, grid] and logits; target: class number of each picture of the batch."""
    x = m.patch_embed(x)
    x = torch.cat([m.cls_token.expand(x.shape[0], -1, -1), x], 1) + m.pos_embed
    x = x.detach().requires_grad_(True)
    b, n, d = x.shape
    kept = []
    for blk in m.blocks:
        at = blk.attn
        n1 = blk.norm1(x)
        q, k, v = at.qkv(n1).reshape(b, n, 3, at.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        a = (q @ k.transpose(-2, -1) * at.scale).softmax(-1)
        a.retain_grad()
        o = (a @ v).transpose(1, 2).reshape(b, n, d)
        x1_in, y1 = x, at.proj(o)
        x = x + y1
        n2 = blk.norm2(x)
        h = blk.mlp.act(blk.mlp.fc1(n2))
        x2_in, y2 = x, blk.mlp.fc2(h)
        x = x + y2
        kept.append((x1_in, n1, q, k, v, a, o, y1, x2_in, n2, h, y2))
    cls = m.norm(x)[:, 0]
    logits = m.head(cls)
    logits.gather(1, target[:, None]).sum().backward()
    with torch.no_grad():
        one = torch.zeros_like(logits).scatter_(1, target[:, None], 1.0)
        r = torch.zeros_like(x)
        r[:, 0] = linear_rule(m.head, cls, one)
        maps = []
        for blk, (x1, n1, q, k, v, a, o, y1, x2, n2, h, y2) in zip(reversed(m.blocks), reversed(kept)):
            at = blk.attn
            ra, rb = add_rule(x2, y2, r)
            r = ra + linear_rule(blk.mlp.fc1, n2, linear_rule(blk.mlp.fc2, h, rb))
            ra, rb = add_rule(x1, y1, r)
            ro = linear_rule(at.proj, o, rb).reshape(b, n, at.heads, -1).transpose(1, 2)
            r_a, r_v = matmul_rule(a, v, ro)
            maps.append((a.grad * r_a).mean(1).clamp(min=0))
            r_q, r_kt = matmul_rule(q, k.transpose(-2, -1), r_a)
            rqkv = torch.stack([r_q, r_kt.transpose(-2, -1), r_v]).permute(1, 3, 0, 2, 4).reshape(b, n, 3 * d)
            r = ra + linear_rule(at.qkv, n1, rqkv)
        eye = torch.eye(n)
        out = eye.expand(b, n, n)
        for c in list(reversed(maps))[start_layer:]:
            c = c + eye
            out = (c / c.sum(-1, keepdim=True)) @ out
        g = int((n - 1) ** 0.5)
    return out[:, 0, 1:].reshape(b, g, g), logits.detach()
