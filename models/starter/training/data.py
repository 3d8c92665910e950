"""Training batches: single pictures, pairs side by side, and objects pasted on a plain ground.

Everything is one kind of step: a canvas gets up to two layers, each a rectangle `src` of a picture
(perhaps mirrored) drawn into a rectangle `dst` of the canvas. The teacher's feature maps are cut
and placed by the same rectangles, and every patch learns which object it lies on.
"""
import os

import numpy as np
import torch
import torch.nn.functional as F

from classes import LABELS

MEAN, STD = 0.5, 0.25


class Data:
    def __init__(self, folder, part, device="cpu"):
        d = np.load(f"{folder}/{part}.npz")
        self.x = torch.from_numpy(d["x"]).permute(0, 3, 1, 2).contiguous().to(device)
        self.y = torch.from_numpy(d["y"]).long().to(device)
        self.box = torch.from_numpy(d["box"]).to(device)
        self.source = d["source"]
        self.device = device
        f = f"{folder}/{part}.feat.npy"
        self.feat = np.load(f, mmap_mode="r") if os.path.exists(f) else None

    def __len__(self):
        return len(self.y)


def rand(n, lo, hi):
    return torch.rand(n) * (hi - lo) + lo


def crops(n, lo, hi):
    """Random resized crops as x0 y0 x1 y1."""
    area, r = rand(n, lo, hi), rand(n, -0.25, 0.25).exp()
    w, h = (area * r).sqrt().clamp(max=1), (area / r).sqrt().clamp(max=1)
    x, y = torch.rand(n) * (1 - w), torch.rand(n) * (1 - h)
    return torch.stack([x, y, x + w, y + h], 1)


def around(box, aspect, slack):
    """A rectangle of the picture round `box` with the given width / height, kept inside."""
    cx, cy = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    w, h = (box[:, 2] - box[:, 0]) * slack, (box[:, 3] - box[:, 1]) * slack
    w, h = torch.maximum(w, h * aspect).clamp(min=0.3), torch.maximum(h, w / aspect).clamp(min=0.3)
    k = torch.minimum(torch.ones_like(w), 1 / torch.maximum(w, h))
    w, h = w * k, h * k
    x = (cx - w / 2).clamp(min=0).minimum(1 - w)
    y = (cy - h / 2).clamp(min=0).minimum(1 - h)
    return torch.stack([x, y, x + w, y + h], 1)


def grid_of(src, dst, flip, n):
    """Where each of n x n canvas cells lies in the picture, and whether it lies in dst."""
    u = (torch.arange(n, device=src.device) + 0.5) / n
    fx = (u[None] - dst[:, 0:1]) / (dst[:, 2:3] - dst[:, 0:1])
    fy = (u[None] - dst[:, 1:2]) / (dst[:, 3:4] - dst[:, 1:2])
    inx, iny = (fx >= 0) & (fx <= 1), (fy >= 0) & (fy <= 1)
    fx = torch.where(flip[:, None], 1 - fx, fx)
    sx = src[:, 0:1] + fx * (src[:, 2:3] - src[:, 0:1])
    sy = src[:, 1:2] + fy * (src[:, 3:4] - src[:, 1:2])
    g = torch.stack([sx[:, None, :].expand(-1, n, -1), sy[:, :, None].expand(-1, -1, n)], -1)
    return g, inx[:, None, :] & iny[:, :, None]


def grounds(data, n, size):
    """Blurred pictures, flat colours and white."""
    b = data.x[torch.randint(len(data), (n,))].float() / 255
    b = F.interpolate(F.adaptive_avg_pool2d(b, 4), (size, size), mode="bilinear", align_corners=False)
    kind = torch.rand(n)
    b[kind < 0.25] = torch.rand(int((kind < 0.25).sum()), 3, 1, 1, device=b.device)
    b[kind < 0.12] = 1.0
    return (b + torch.randn_like(b) * 0.02).clamp(0, 1)


def batch(data, idx, size, grid, mix, lo):
    """mix: share of two-object canvases; lo: smallest area of a crop of a single picture."""
    n, dev = len(idx), data.device
    kind = torch.rand(n)
    split, paste = kind < mix * 0.4, (kind >= mix * 0.4) & (kind < mix)
    two = split | (paste & (torch.rand(n) < 0.75))
    other = idx[torch.randperm(n)]
    pair = torch.stack([idx, other])
    box = data.box.cpu()[pair]
    src = torch.stack([crops(n, lo, 1.0), crops(n, lo, 1.0)])
    dst = torch.tensor([0.0, 0, 1, 1]).repeat(2, n, 1)
    # side by side or one above the other, cut on a random line
    cut, vert = rand(n, 0.36, 0.64), torch.rand(n) < 0.65
    for i in range(2):
        a, b = (torch.zeros(n), cut) if i == 0 else (cut, torch.ones(n))
        d = torch.where(vert[:, None], torch.stack([a, torch.zeros(n), b, torch.ones(n)], 1),
                        torch.stack([torch.zeros(n), a, torch.ones(n), b], 1))
        dst[i][split] = d[split]
    # pasted: each object somewhere in its own half
    side = torch.rand(n) < 0.5
    for i in range(2):
        b = box[i]
        asp = ((b[:, 2] - b[:, 0]) / (b[:, 3] - b[:, 1]).clamp(min=0.05)).clamp(0.6, 1.7)
        s = rand(n, 0.36, 0.56)
        w, h = (s * asp.sqrt()).clamp(max=0.62), (s / asp.sqrt()).clamp(max=0.9)
        lone = ~two
        w, h = torch.where(lone, w * 1.35, w), torch.where(lone, (h * 1.35).clamp(max=1), h)
        half = side if i == 0 else ~side
        free = torch.where(lone, 1 - w, (0.5 - w + 0.08).clamp(min=0))
        x = torch.rand(n) * free + torch.where(half & ~lone, (1 - w - free).clamp(min=0), torch.zeros(n))
        y = torch.rand(n) * (1 - h)
        dst[i][paste] = torch.stack([x, y, x + w, y + h], 1)[paste]
    for i in range(2):
        asp = (dst[i][:, 2] - dst[i][:, 0]) / (dst[i][:, 3] - dst[i][:, 1])
        a = around(box[i], asp, torch.where(paste, rand(n, 1.0, 1.15), rand(n, 1.0, 1.6)))
        m = split | paste
        src[i][m] = a[m]
    flip = torch.rand(2, n) < 0.5
    multi = torch.nonzero(split | paste).flatten()
    pair, src, dst, flip, box, two = (t.to(dev) for t in (pair, src, dst, flip, box, two))
    y = data.y[pair]

    img = torch.empty(n, 3, size, size, device=dev)
    ss = size * 2
    big = grounds(data, len(multi), ss)
    none = len(LABELS)
    tok = torch.full((n, grid, grid), none, device=dev)
    use_feat = data.feat is not None
    feat = torch.zeros(n, data.feat.shape[2] if use_feat else 1, grid, grid, device=dev)
    seen = torch.zeros(n, grid, grid, dtype=torch.bool, device=dev)
    cls = None
    for i in range(2):
        sel = torch.arange(n, device=dev) if i == 0 else torch.nonzero(two).flatten()
        s, d, f, k = src[i][sel], dst[i][sel], flip[i][sel], pair[i][sel]
        if i == 0:
            g, _ = grid_of(s, d, f, size)
            img = F.grid_sample(data.x[k].float() / 255, g * 2 - 1, mode="bilinear", padding_mode="border", align_corners=False)
        ms = multi.to(dev) if i == 0 else torch.nonzero(two).flatten()
        if len(ms):
            g, m = grid_of(src[i][ms], dst[i][ms], flip[i][ms], ss)
            o = F.grid_sample(data.x[pair[i][ms]].float() / 255, g * 2 - 1, mode="bilinear", padding_mode="border", align_corners=False)
            # half of the pasted objects are cut round, so that the ground comes up to them
            u = (torch.arange(ss, device=dev) + 0.5) / ss
            q = dst[i][ms]
            ex = (2 * u[None] - q[:, 0:1] - q[:, 2:3]) / (q[:, 2:3] - q[:, 0:1])
            ey = (2 * u[None] - q[:, 1:2] - q[:, 3:4]) / (q[:, 3:4] - q[:, 1:2])
            oval = paste.to(dev)[ms] & (torch.rand(len(ms), device=dev) < 0.5)
            m = m & (~oval[:, None, None] | (ex[:, None, :] ** 2 + ey[:, :, None] ** 2 < 1.1))
            row = torch.searchsorted(multi.to(dev), ms)
            big[row] = torch.where(m[:, None], o, big[row])
        g, m = grid_of(s, d, f, grid)
        b = box[i][sel]
        inside = m & (g[..., 0] >= b[:, None, None, 0]) & (g[..., 0] <= b[:, None, None, 2]) \
            & (g[..., 1] >= b[:, None, None, 1]) & (g[..., 1] <= b[:, None, None, 3])
        t = torch.where(m, torch.full_like(tok[sel], none), tok[sel])
        tok[sel] = torch.where(inside, y[i][sel][:, None, None].expand_as(t), t)
        seen[sel] |= m
        if use_feat:
            raw = torch.from_numpy(data.feat[k.cpu().numpy()]).to(dev).float()
            if i == 0:
                cls = raw[:, 0]
            gs = int((raw.shape[1] - 1) ** 0.5)
            fm = raw[:, 1:].reshape(len(k), gs, gs, -1).permute(0, 3, 1, 2)
            o = F.grid_sample(fm, g * 2 - 1, mode="bilinear", padding_mode="border", align_corners=False)
            feat[sel] = torch.where(m[:, None], o, feat[sel])
    if len(multi):
        img[multi.to(dev)] = F.avg_pool2d(big, 2)
    # light and contrast
    img = img * rand(n, 0.8, 1.2).to(dev)[:, None, None, None]
    mean = img.mean((1, 2, 3), keepdim=True)
    img = ((img - mean) * rand(n, 0.8, 1.2).to(dev)[:, None, None, None] + mean).clamp(0, 1)
    target = F.one_hot(y[0], none).float()
    target[two] = (target[two] + F.one_hot(y[1][two], none).float()) / 2
    single = torch.ones(n, dtype=torch.bool, device=dev)
    single[multi.to(dev)] = False
    return dict(img=(img - MEAN) / STD, target=target, tok=tok.flatten(1), seen=seen.flatten(1),
                feat=feat.flatten(2).transpose(1, 2) if use_feat else None, cls=cls, single=single)
