"""Decodes every picture once into uint8 arrays of SIZE x SIZE pixels.

    python prepare.py --tiny DIR/tiny-imagenet-200 --nette DIR/imagenette --out work

Writes work/{train,val}.npz: x [n,S,S,3], y (class), fine (number of the picture's own id),
box [n,4] (x0 y0 x1 y1 of the object as fractions of the picture; the whole picture if unknown),
and for val `source` (0 Tiny-ImageNet, 1 Imagenette).
"""
import argparse
import io
import os
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from PIL import Image

from classes import LABELS, nette_to_class, tiny_to_class

SIZE = 72


def load(path):
    """The deployed preprocessing: short side to SIZE, bicubic, centre crop."""
    im = Image.open(path).convert("RGB")
    w, h = im.size
    s = SIZE / min(w, h)
    im = im.resize((max(SIZE, round(w * s)), max(SIZE, round(h * s))), Image.BICUBIC)
    l, t = (im.width - SIZE) // 2, (im.height - SIZE) // 2
    return np.asarray(im.crop((l, t, l + SIZE, t + SIZE)))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--tiny", required=True)
    p.add_argument("--nette", required=True)
    p.add_argument("--out", default="work")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    tiny, nette = tiny_to_class(), nette_to_class()
    fine = {w: i for i, w in enumerate(list(tiny) + [w for w in nette if w not in tiny])}
    sets = {"train": [], "val": []}
    for w, y in tiny.items():
        with open(f"{a.tiny}/train/{w}/{w}_boxes.txt") as f:
            for line in f:
                name, *b = line.split()
                sets["train"].append((f"{a.tiny}/train/{w}/images/{name}", y, fine[w], [int(v) / 64 for v in b], 0))
    with open(f"{a.tiny}/val/val_annotations.txt") as f:
        for line in f:
            name, w, *b = line.split()
            if w in tiny:
                sets["val"].append((f"{a.tiny}/val/images/{name}", tiny[w], fine[w], [int(v) / 64 for v in b], 0))
    for part in ("train", "val"):
        for w, y in nette.items():
            d = f"{a.nette}/{part}/{w}"
            for name in sorted(os.listdir(d)):
                sets[part].append((f"{d}/{name}", y, fine[w], [0, 0, 1, 1], 1))
    for part, rows in sets.items():
        with ProcessPoolExecutor(2) as ex:
            x = np.stack(list(ex.map(load, [r[0] for r in rows], chunksize=256)))
        np.savez(f"{a.out}/{part}.npz", x=x, y=np.array([r[1] for r in rows]), fine=np.array([r[2] for r in rows]),
                 box=np.array([r[3] for r in rows], dtype=np.float32), source=np.array([r[4] for r in rows]))
        print(part, x.shape, {LABELS[i]: int(n) for i, n in enumerate(np.bincount([r[1] for r in rows]))})


if __name__ == "__main__":
    main()
