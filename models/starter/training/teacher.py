"""Optional: one pass of a larger ViT over the prepared pictures, kept for distillation.

    python teacher.py --weights vit_tiny_patch16_224.pt --wnids wnids.txt --data work

`weights` is a timm state dict of ViT-Ti/16 (ImageNet-1k), `wnids` the thousand ids in its order.
Writes work/{train,val}.teacher.npz: feat (fp16 [n,145,192]: CLS and the 12 x 12 patches, whitened per
dimension) and prob (fp16 [n, classes + 1]: its probabilities summed into our classes, the rest last).
"""
import argparse
import time

import numpy as np
import torch
import torch.nn.functional as F

from classes import LABELS, wide_to_class
from vit import ViT

PX = 192  # 12 x 12 patches of 16 pixels: the student's grid


def load_teacher(path):
    sd = torch.load(path, map_location="cpu")
    m = ViT(PX, 16, 192, 12, 3, 4, 1000)
    pos = sd["pos_embed"]
    g = int((pos.shape[1] - 1) ** 0.5)
    grid = pos[:, 1:].reshape(1, g, g, -1).permute(0, 3, 1, 2)
    grid = F.interpolate(grid, (m.grid, m.grid), mode="bicubic", align_corners=False)
    sd["pos_embed"] = torch.cat([pos[:, :1], grid.flatten(2).transpose(1, 2)], 1)
    m.load_state_dict(sd)
    return m.eval()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--weights", required=True)
    p.add_argument("--wnids", required=True)
    p.add_argument("--data", default="work")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    dev = "cuda" if torch.cuda.is_available() else "cpu"
    m = load_teacher(a.weights).to(dev)
    to = wide_to_class(open(a.wnids).read().split())
    sums = torch.zeros(1000, len(LABELS) + 1, device=dev)
    for k, c in enumerate(to):
        sums[k, c] = 1  # -1: the last column
    stats = None
    for part in ("val", "train"):
        d = np.load(f"{a.data}/{part}.npz")
        x, y = d["x"], d["y"]
        feat = np.lib.format.open_memmap(f"{a.data}/{part}.feat.npy", "w+", np.float16, (len(x), 145, 192))
        prob = np.zeros((len(x), len(LABELS) + 1), np.float16)
        t0 = time.time()
        with torch.inference_mode(), torch.autocast(dev, torch.bfloat16):
            for i in range(0, len(x), a.batch):
                b = torch.from_numpy(x[i:i + a.batch]).to(dev).permute(0, 3, 1, 2).float() / 127.5 - 1
                b = F.interpolate(b, (PX, PX), mode="bicubic", align_corners=False).clamp(-1, 1)
                t = m.tokens(b)
                prob[i:i + len(b)] = (m.head(t[:, 0]).float().softmax(-1) @ sums).float().cpu().numpy()
                t = t.float()
                if stats is None:
                    stats = (t.mean((0, 1)), t.std((0, 1)))
                feat[i:i + len(b)] = ((t - stats[0]) / stats[1]).cpu().numpy()
                if i // a.batch % 50 == 0:
                    print(part, i, f"{(i + len(b)) / (time.time() - t0):.0f}/s", flush=True)
        np.save(f"{a.data}/{part}.prob.npy", prob)
        if part == "val":
            top = prob[:, :-1].argmax(1)
            print("teacher's accuracy", (top == y)[d["source"] == 0].mean(), flush=True)
            for c, l in enumerate(LABELS):
                s = y == c
                wrong = np.bincount(top[s & (top != c)], minlength=len(LABELS))
                print(f"{l:16s} {(top[s] == c).mean():.3f}", [(LABELS[j], int(wrong[j])) for j in wrong.argsort()[::-1][:3]])


if __name__ == "__main__":
    main()
