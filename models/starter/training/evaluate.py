"""Measures a checkpoint and writes accuracy.json.

    python evaluate.py --checkpoint work/run/last.pt --data work --out ../accuracy.json \
        [--photos DIR/imagenet-sample-images] [--stamps /usr/share/tuxpaint/stamps] [--samples ../../../media/samples]

  - top-1 per class on the validation photos of Tiny-ImageNet and of Imagenette (never trained on)
  - top-1 on those of the 1,000 sample photographs of ImageNet that show one of the classes
  - two cut-outs on one ground: share of the maps (transformer_attribution, for each of the two classes)
    whose highest patch lies on the right object
  - two validation photos side by side: share of the maps whose highest patch lies in the right half
  - top-1 of the bundled sample photographs

With --card FILE the figures also replace the text between the two `figures` comments of the model card.
"""
import argparse
import json
import os
import random

import numpy as np
import torch
from PIL import Image, ImageOps

from attribution import attribute
from classes import LABELS as ALL, SHIPPED as LABELS, wide_to_class
from data import MEAN, STD, Data
from export import load
from prepare import SIZE, load as pixels

SIDE = 432  # composites are drawn at this size and then go through the deployed preprocessing


SHIP = np.array([LABELS.index(l) if l in LABELS else -1 for l in ALL])


def tensor(x):
    return (torch.from_numpy(np.array(x)).permute(0, 3, 1, 2).float() / 255 - MEAN) / STD


@torch.inference_mode()
def predict(m, x, bs=100):
    return torch.cat([m(x[i:i + bs]).softmax(1) for i in range(0, len(x), bs)])


def shrink(im):
    return np.asarray(im.convert("RGB").resize((SIZE, SIZE), Image.BICUBIC, reducing_gap=None))


def cutouts(folder, listing):
    out = []
    for line in open(listing):
        if line.startswith("#") or not line.strip():
            continue
        label, files = line.rstrip("\n").split("\t")
        if label not in LABELS:
            continue
        for f in files.split():
            path = os.path.join(folder, f)
            im = Image.open(path).convert("RGBA")
            out.append((LABELS.index(label), im.crop(im.getchannel("A").getbbox()), f))
    return out


def ground(rng):
    """A soft two-colour ground, or white."""
    if rng.random() < 0.25:
        return Image.new("RGB", (SIDE, SIDE), "white")
    c = np.array([[[rng.randint(90, 235) for _ in range(3)] for _ in range(2)] for _ in range(2)], np.uint8)
    return Image.fromarray(c).resize((SIDE, SIDE), Image.BICUBIC)


def composites(cut, n, rng):
    """Pictures of two cut-outs of different classes, with the share of each patch that each one covers."""
    xs, ys, cover, names = [], [], [], []
    while len(xs) < n:
        a, b = rng.choice(cut), rng.choice(cut)
        if a[0] == b[0]:
            continue
        im, masks = ground(rng), []
        tilt = rng.random() < 0.3  # one above the other
        for k, (_, c, _) in enumerate((a, b)):
            w, h = (SIDE * 0.9, SIDE * 0.46) if tilt else (SIDE * 0.46, SIDE * 0.9)
            s = min(w / c.width, h / c.height) * rng.uniform(0.85, 1)
            c = c.resize((max(8, int(c.width * s)), max(8, int(c.height * s))), Image.LANCZOS)
            if rng.random() < 0.5:
                c = ImageOps.mirror(c)
            half = SIDE // 2
            x = rng.randint(0, (SIDE if tilt else half) - c.width) + (half if k and not tilt else 0)
            y = rng.randint(0, (half if tilt else SIDE) - c.height) + (half if k and tilt else 0)
            im.paste(c, (x, y), c)
            mask = Image.new("L", (SIDE, SIDE))
            mask.paste(c.getchannel("A"), (x, y))
            masks.append(np.asarray(mask) > 127)
        xs.append(shrink(im))
        ys.append((a[0], b[0]))
        names.append((a[2], b[2]))
        cover.append(masks)
    return tensor(np.stack(xs)), ys, cover, names


def peaks(maps, side):
    g = maps.shape[1]
    k = maps.flatten(1).argmax(1)
    return [(int(v) // g * side // g, int(v) % g * side // g, side // g) for v in k]


def maps_of(m, x, y, bs=20):
    return torch.cat([attribute(m, x[i:i + bs], torch.tensor(y[i:i + bs]))[0] for i in range(0, len(x), bs)])


def ratio(hits):
    return dict(hits=int(sum(hits)), of=len(hits), share=round(sum(hits) / max(1, len(hits)), 4))


def card(res, path):
    """The figures as Markdown, between the card's markers."""
    pc = lambda v: f"{100 * v:.1f} %"
    t, n = res["tinyImagenetVal"], res["imagenetteVal"]
    rows = ["| measured on | result |", "|---|---|",
            f"| Tiny-ImageNet validation, {t['photos']} photos of these classes: top-1 | **{pc(t['top1'])}** |",
            f"| the same: top-3 | {pc(t['top3'])} |",
            f"| the same: mean over the classes | {pc(t['meanOfClasses'])} |",
            f"| Imagenette validation, {n['photos']} photos (dog, fish, building, bus or truck): top-1 | {pc(n['top1'])} |"]
    if "imagenetSamplePhotos" in res:
        v = res["imagenetSamplePhotos"]
        rows.append(f"| ImageNet sample photographs of these classes, {v['photos']} at full size, many of kinds never "
                    f"trained on: top-1 | {pc(v['top1'])} |")
    if "twoCutOuts" in res:
        v = res["twoCutOuts"]
        r, w = v["peakOnRightObject"], v["peakOnRightObjectWhereBothAreRecognisedAlone"]
        rows += [f"| two cut-outs on one ground, {r['of']} maps: peak on the right object | **{pc(r['share'])}** "
                 f"(by chance {pc(v['byChance'])}) |",
                 f"| the same, where the model knows both cut-outs alone ({w['of']} maps; it knows "
                 f"{v['cutOutsRecognisedAlone']} of {v['cutOuts']}) | {pc(w['share'])} |"]
    v = res["twoPhotosSideBySide"]["peakInRightHalf"]
    rows.append(f"| two validation photos side by side, {v['of']} maps: peak in the right half | {pc(v['share'])} "
                "(by chance 50 %) |")
    rows += ["", "Per class, on photographs that were never trained on:", "",
             "| class | Tiny-ImageNet validation | mostly mistaken for | ImageNet sample photographs |", "|---|---|---|---|"]
    wide = res.get("imagenetSamplePhotos", {}).get("perClass", {})
    for l, q in t["perClass"].items():
        w = wide.get(l)
        rows.append(f"| {l} | {pc(q['top1'])} of {q['photos']} | {q['mostlyMistakenFor'] or ''} | "
                    f"{pc(w['top1']) + ' of ' + str(w['photos']) if w else ''} |")
    a, b = "<!-- figures -->", "<!-- /figures -->"
    s = open(path).read()
    i, j = s.index(a) + len(a), s.index(b)
    with open(path, "w", newline="\n") as f:
        f.write(s[:i] + "\n" + "\n".join(rows) + "\n" + s[j:])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--data")
    p.add_argument("--photos")
    p.add_argument("--stamps")
    p.add_argument("--samples")
    p.add_argument("--pairs", type=int, default=200)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--out")
    p.add_argument("--card")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    m, c = load(a.checkpoint)
    res = dict(trainedPictures=c["st"]["images"] + c["st"].get("before", 0))
    rng = random.Random(7)
    if a.data:
        d = Data(a.data, "val")
        k = SHIP[d.y.numpy()] >= 0
        d.x, d.y, d.box, d.source = d.x[k], d.y[k], d.box[k], d.source[k]
        prob = predict(m, (d.x.float() / 255 - MEAN) / STD)
        top, y = prob.argmax(1).numpy(), SHIP[d.y.numpy()]
        for s, name in ((0, "tinyImagenetVal"), (1, "imagenetteVal")):
            k = d.source == s
            per = {}
            for i, l in enumerate(LABELS):
                q = k & (y == i)
                if q.any():
                    wrong = np.bincount(top[q & (top != i)], minlength=len(LABELS))
                    per[l] = dict(photos=int(q.sum()), top1=round(float((top[q] == i).mean()), 4),
                                  mostlyMistakenFor=LABELS[wrong.argmax()] if wrong.any() else None)
            res[name] = dict(photos=int(k.sum()), top1=round(float((top[k] == y[k]).mean()), 4),
                             top3=round(float((prob.topk(3).indices.numpy() == y[:, None]).any(1)[k].mean()), 4),
                             meanOfClasses=round(float(np.mean([v["top1"] for v in per.values()])), 4), perClass=per)
        # two photos side by side: the object's box fills each half
        idx = [i for i in range(len(y)) if d.source[i] == 0]
        xs, ys = [], []
        while len(xs) < a.pairs // 2:
            i, j = rng.choice(idx), rng.choice(idx)
            if y[i] == y[j]:
                continue
            im = Image.new("RGB", (SIDE, SIDE))
            for k, n in enumerate((i, j)):
                b = d.box[n].numpy() * SIZE
                half = Image.fromarray(d.x[n].permute(1, 2, 0).numpy())
                cx = min(max((b[0] + b[2]) / 2, SIZE / 4), SIZE * 3 / 4)
                half = half.crop((int(cx - SIZE / 4), 0, int(cx + SIZE / 4), SIZE))
                im.paste(half.resize((SIDE // 2, SIDE), Image.BICUBIC), (k * SIDE // 2, 0))
            xs.append(shrink(im))
            ys.append((int(y[i]), int(y[j])))
        x = tensor(np.stack(xs))
        hits = []
        for k in range(2):
            for (_, px, s) in peaks(maps_of(m, x, [v[k] for v in ys]), SIDE):
                hits.append((px + s // 2 >= SIDE // 2) == bool(k))
        res["twoPhotosSideBySide"] = dict(peakInRightHalf=ratio(hits))
    if a.photos:
        files = sorted(f for f in os.listdir(a.photos) if f[:1] == "n" and f.upper().endswith("JPEG"))
        to = wide_to_class([f.split("_")[0] for f in files])
        keep = [(f, SHIP[t]) for f, t in zip(files, to) if t >= 0 and SHIP[t] >= 0]
        x = tensor(np.stack([pixels(os.path.join(a.photos, f)) for f, _ in keep]))
        top, y = predict(m, x).argmax(1).numpy(), np.array([t for _, t in keep])
        res["imagenetSamplePhotos"] = dict(photos=len(y), top1=round(float((top == y).mean()), 4), perClass={
            l: dict(photos=int((y == i).sum()), top1=round(float((top[y == i] == i).mean()), 4))
            for i, l in enumerate(LABELS) if (y == i).any()})
    if a.stamps:
        here = os.path.dirname(os.path.abspath(__file__))
        cut = cutouts(a.stamps, os.path.join(here, "stamps.txt"))
        alone = []
        for y, im, name in cut:
            s = SIDE * 0.85 / max(im.size)
            im = im.resize((max(8, int(im.width * s)), max(8, int(im.height * s))), Image.LANCZOS)
            bg = Image.new("RGB", (SIDE, SIDE), (200, 205, 200))
            bg.paste(im, ((SIDE - im.width) // 2, (SIDE - im.height) // 2), im)
            alone.append(shrink(bg))
        top = predict(m, tensor(np.stack(alone))).argmax(1).tolist()
        known = {n for (y, _, n), t in zip(cut, top) if y == t}
        x, ys, cover, names = composites(cut, a.pairs, rng)
        right, strict, both, chance = [], [], [], []
        for k in range(2):
            for i, (py, px, s) in enumerate(peaks(maps_of(m, x, [v[k] for v in ys]), SIDE)):
                mine, other = (cover[i][o][py:py + s, px:px + s].sum() for o in (k, 1 - k))
                right.append(bool(mine > other))
                strict.append(bool(cover[i][k][py + s // 2, px + s // 2]))
                if all(n in known for n in names[i]):
                    both.append(bool(mine > other))
                chance.append(float(np.mean([
                    cover[i][k][r:r + s, q:q + s].sum() > cover[i][1 - k][r:r + s, q:q + s].sum()
                    for r in range(0, SIDE, s) for q in range(0, SIDE, s)])))
        res["twoCutOuts"] = dict(
            pictures=len(ys), cutOuts=len(cut), cutOutsRecognisedAlone=len(known),
            peakOnRightObject=ratio(right), peakPatchCentreOnRightObject=ratio(strict),
            peakOnRightObjectWhereBothAreRecognisedAlone=ratio(both), byChance=round(float(np.mean(chance)), 4))
    if a.samples:
        res["samples"] = {}
        for f in sorted(os.listdir(a.samples)):
            if f.lower().endswith((".jpg", ".png")):
                q = predict(m, tensor(pixels(os.path.join(a.samples, f))[None]))[0]
                v, k = q.topk(3)
                res["samples"][f] = [dict(label=LABELS[j], probability=round(float(w), 4)) for w, j in zip(v, k)]
    text = json.dumps(res, indent=2)
    print(text)
    if a.out:
        with open(a.out, "w", newline="\n") as f:
            f.write(text + "\n")
    if a.card:
        card(res, a.card)


if __name__ == "__main__":
    main()
