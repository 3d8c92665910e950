"""A plain Vision Transformer with timm's names: CLS token, learned positions, pre-norm, exact GELU."""
import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    fused = True  # training only; the export writes the softmax out

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        if self.fused:
            x = F.scaled_dot_product_attention(q, k, v)
        else:
            attn = ((q * self.scale) @ k.transpose(-2, -1)).softmax(dim=-1)
            self.attn = attn
            x = attn @ v
        return self.proj(x.transpose(1, 2).reshape(b, n, d))


class Mlp(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, dim, heads, ratio):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, heads)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Mlp(dim, dim * ratio)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, dim, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class ViT(nn.Module):
    def __init__(self, size=72, patch=6, dim=192, depth=6, heads=6, ratio=4, classes=39):
        super().__init__()
        self.grid = size // patch
        self.patch_embed = PatchEmbed(dim, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.grid ** 2, dim))
        self.blocks = nn.ModuleList(Block(dim, heads, ratio) for _ in range(depth))
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.head = nn.Linear(dim, classes)

    def tokens(self, x, keep=None):
        """Final normed tokens; keep [b,k] names the patches to look at (training only)."""
        x = self.patch_embed(x) + self.pos_embed[:, 1:]
        if keep is not None:
            x = x.gather(1, keep[..., None].expand(-1, -1, x.shape[2]))
        x = torch.cat([(self.cls_token + self.pos_embed[:, :1]).expand(x.shape[0], -1, -1), x], 1)
        for blk in self.blocks:
            x = blk(x)
        return self.norm(x)

    def forward(self, x):
        return self.head(self.tokens(x)[:, 0])


def sincos(grid, dim):
    y, x = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    f = 100.0 ** (-torch.arange(dim // 4) / (dim // 4))
    a = [g.flatten()[:, None] * f for g in (x, y)]
    return torch.cat([a[0].sin(), a[0].cos(), a[1].sin(), a[1].cos()], 1)


def mimetic_init(model):
    """Attention that starts near the identity and values near its opposite (Trockman & Kolter 2023)."""
    for m in model.modules():
        if isinstance(m, nn.Linear):
            nn.init.trunc_normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)
    nn.init.trunc_normal_(model.cls_token, std=0.02)
    w = model.patch_embed.proj.weight
    nn.init.normal_(w, std=w[0].numel() ** -0.5)
    with torch.no_grad():
        dim = model.cls_token.shape[-1]
        model.pos_embed[0, 1:] = sincos(model.grid, dim) * 0.5
        for blk in model.blocks:
            at, h = blk.attn, dim // blk.attn.heads
            for i in range(at.heads):
                z = 0.7 * torch.randn(dim, dim) / dim ** 0.5 + 0.7 * torch.eye(dim)
                u, s, v = torch.linalg.svd(z)
                r = s[:h].sqrt()
                at.qkv.weight[i * h:(i + 1) * h] = (u[:, :h] * r).T
                at.qkv.weight[dim + i * h:dim + (i + 1) * h] = v[:h] * r[:, None]
            z = 0.4 * torch.randn(dim, dim) / dim ** 0.5 - 0.4 * torch.eye(dim)
            u, s, v = torch.linalg.svd(z)
            at.qkv.weight[2 * dim:] = s.sqrt()[:, None] * v
            at.proj.weight.copy_(u * s.sqrt())
