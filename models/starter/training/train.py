"""Trains the starter model; run it again with the same --out to go on from the last checkpoint.

    python train.py --data work --out work/run --minutes 105

The schedule follows the training time spent (--minutes), so that the run ends on time on any machine;
--images N ends it after N pictures instead, whichever the machine. The model sees a random 36 % of the
patches for two thirds of the run, then 60 %, and all of them for the last eighth. Classes are drawn by the
square root of their number of pictures. With work/*.feat.npy (see teacher.py) the patches also learn to
predict the teacher's features; without, that term is left out.
"""
import argparse
import copy
import json
import math
import os
import time

import torch
import torch.nn.functional as F
from torch import nn

from classes import LABELS
from data import MEAN, STD, Data, batch
from vit import ViT, mimetic_init

CONFIG = dict(size=72, patch=6, dim=192, depth=6, heads=6, ratio=4, classes=len(LABELS))


class Student(nn.Module):
    """The model and two heads that only the training uses."""

    def __init__(self):
        super().__init__()
        self.vit = ViT(**CONFIG)
        mimetic_init(self.vit)
        d = CONFIG["dim"]
        self.to_teacher = nn.Linear(d, 192)
        self.token_head = nn.Linear(d, len(LABELS) + 1)


@torch.no_grad()
def accuracy(vit, data, n=None, bs=250):
    vit.eval()
    s = torch.from_numpy(data.source == 0).nonzero().flatten()
    if n:
        s = s[:: max(1, len(s) // n)]
    right = 0
    for i in range(0, len(s), bs):
        k = s[i:i + bs].to(data.device)
        with torch.autocast(data.device, torch.bfloat16):
            o = vit((data.x[k].float() / 255 - MEAN) / STD)
        right += (o.argmax(1) == data.y[k]).sum().item()
    vit.train()
    return right / len(s)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default="work")
    p.add_argument("--out", default="work/run")
    p.add_argument("--minutes", type=float, default=105)
    p.add_argument("--images", type=int, default=0)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--lr", type=float, default=1.5e-3)
    p.add_argument("--warmup", type=int, default=150)
    p.add_argument("--init", help="start from another run's checkpoint where the shapes agree")
    p.add_argument("--wd", type=float, default=0.05)
    p.add_argument("--mix", type=float, default=0.35)
    p.add_argument("--feat", type=float, default=1.5)
    p.add_argument("--token", type=float, default=0.3)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.manual_seed(a.seed)
    dev = "cuda" if torch.cuda.is_available() else "cpu"
    if dev == "cpu":
        torch.set_num_threads(a.threads)
    train, val = Data(a.data, "train", dev), Data(a.data, "val", dev)
    net = Student().to(dev)
    ema = copy.deepcopy(net.vit).eval()
    before = 0
    if a.init:
        old = torch.load(a.init, map_location=dev, weights_only=False)
        before, old = old["st"]["images"] + old["st"].get("before", 0), old["net"]
        own = net.state_dict()
        net.load_state_dict({k: old[k] if old[k].shape == v.shape else v for k, v in own.items()})
        ema.load_state_dict(net.vit.state_dict())
    blocks = [q for q in net.vit.blocks.parameters() if q.ndim == 2]
    ids = {id(q) for q in blocks}
    rest = [q for q in net.parameters() if id(q) not in ids]
    opts = [torch.optim.Muon(blocks, lr=a.lr, weight_decay=0.1, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW([dict(params=[q for q in rest if q.ndim > 1], weight_decay=a.wd),
                               dict(params=[q for q in rest if q.ndim <= 1], weight_decay=0)],
                              lr=a.lr, betas=(0.9, 0.98))]
    st = dict(step=0, images=0, seconds=0.0, before=before)
    ck = f"{a.out}/last.pt"
    if os.path.exists(ck):
        c = torch.load(ck, map_location=dev, weights_only=False)
        net.load_state_dict(c["net"]), ema.load_state_dict(c["ema"]), [o.load_state_dict(v) for o, v in zip(opts, c["opt"])]
        st = c["st"]
        torch.manual_seed(a.seed + st["step"])
        print("resumed", st, flush=True)

    def save(path=ck):
        torch.save(dict(net=net.state_dict(), ema=ema.state_dict(), opt=[o.state_dict() for o in opts], st=st, config=CONFIG, counts=counts), path + ".new")
        os.replace(path + ".new", path)

    counts = torch.bincount(train.y.cpu(), minlength=len(LABELS))
    grid, saved, log = net.vit.grid, time.time(), {}
    t = time.time()
    y = train.y.cpu()
    weight = counts.float().rsqrt()[y]
    while True:
        prog = st["images"] / a.images if a.images else st["seconds"] / 60 / a.minutes
        if prog >= 1:
            break
        lr = a.lr * min(1, st["step"] / a.warmup) * (0.5 + 0.5 * math.cos(math.pi * prog) + 0.002)
        for o in opts:
            for gp in o.param_groups:
                gp["lr"] = lr
        idx = torch.multinomial(weight, a.batch)
        b = batch(train, idx, CONFIG["size"], grid, a.mix, 0.45 if prog < 0.85 else 0.6)
        keep = None
        share = 0.36 if prog < 0.68 else 0.6 if prog < 0.87 else 1
        if share < 1:
            keep = torch.rand(a.batch, grid * grid, device=dev).argsort(1)[:, :int(grid * grid * share)]
            b["tok"], b["seen"] = b["tok"].gather(1, keep), b["seen"].gather(1, keep)
            if b["feat"] is not None:
                b["feat"] = b["feat"].gather(1, keep[..., None].expand(-1, -1, b["feat"].shape[2]))
        with torch.autocast(dev, torch.bfloat16):
            tok = net.vit.tokens(b["img"], keep)
            logits = net.vit.head(tok[:, 0])
            tlog = net.token_head(tok[:, 1:])
            pred = net.to_teacher(tok) if b["feat"] is not None else None
        loss_c = F.cross_entropy(logits.float(), b["target"], label_smoothing=0.05)
        loss_t = F.cross_entropy(tlog.float().flatten(0, 1), b["tok"].flatten())
        loss = loss_c + a.token * loss_t
        loss_f = torch.zeros(())
        if pred is not None:
            pred = pred.float()
            e = F.smooth_l1_loss(pred[:, 1:], b["feat"], reduction="none").mean(-1)
            loss_f = 0.6 * (e * b["seen"]).sum() / b["seen"].sum()
            s = b["single"]
            loss_f = loss_f + 0.7 * F.smooth_l1_loss(pred[s, 0], b["cls"][s])
            loss = loss + a.feat * (1 - 0.75 * prog) * loss_f
        net.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        for o in opts:
            o.step()
        k = min(0.9985, (1 + st["step"]) / (10 + st["step"]))
        with torch.no_grad():
            for e, q in zip(ema.parameters(), net.vit.parameters()):
                e.lerp_(q, 1 - k)
        st["step"] += 1
        st["images"] += a.batch
        now = time.time()
        st["seconds"] += now - t
        t = now
        for n, v in (("c", loss_c), ("t", loss_t), ("f", loss_f)):
            log.setdefault(n, []).append(v.item())
        if st["step"] % 50 == 0:
            r = dict(step=st["step"], images=st["images"], minutes=round(st["seconds"] / 60, 2), lr=round(lr, 6),
                     **{n: round(sum(v) / len(v), 4) for n, v in log.items()})
            log = {}
            if st["step"] % 400 == 0:
                r["val"] = round(accuracy(ema, val, 1400), 4)
            print(json.dumps(r), flush=True)
            if now - saved > 120:
                save()
                saved = now
            t = time.time()
    save()
    print(json.dumps(dict(done=st, val=accuracy(ema, val))), flush=True)


if __name__ == "__main__":
    main()
