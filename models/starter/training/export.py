"""Writes the model of a checkpoint to ONNX and checks it where onnxruntime is there.

    python export.py --checkpoint work/run/last.pt --out ..
"""
import argparse
import hashlib
import json
import os

import torch

from classes import LABELS, SHIPPED
from data import MEAN, STD
from vit import Attention, ViT


def load(path, average=False):
    """The last weights of a run, or their running average (better in the midst of a run than at its end)."""
    c = torch.load(path, map_location="cpu", weights_only=False)
    m = ViT(**c["config"])
    m.load_state_dict(c["ema"] if average else {k[4:]: v for k, v in c["net"].items() if k.startswith("vit.")})
    # training drew the classes by the square root of their pictures: half a log count brings the shares back
    keep = [LABELS.index(l) for l in SHIPPED]
    head = torch.nn.Linear(m.head.in_features, len(keep))
    with torch.no_grad():
        shift = c["counts"].float().log() / 2
        head.weight.copy_(m.head.weight[keep])
        head.bias.copy_((m.head.bias + shift - shift.mean())[keep])
    m.head = head
    return m.eval(), c


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--out", default="..")
    a = p.parse_args()
    m, c = load(a.checkpoint)
    Attention.fused = False
    size = c["config"]["size"]
    path = f"{a.out}/model.onnx"
    x = torch.randn(2, 3, size, size)
    torch.onnx.export(m, x, path, input_names=["pixel_values"], output_names=["logits"], opset_version=17,
                      dynamic_axes={"pixel_values": {0: "batch"}, "logits": {0: "batch"}}, dynamo=False)

    def dump(name, v):
        with open(f"{a.out}/{name}", "w", newline="\n") as f:
            json.dump(v, f, indent=2)
            f.write("\n")

    dump("labels.json", SHIPPED)
    dump("preprocessor_config.json", dict(
        do_resize=True, size=dict(shortest_edge=size), resample=3, do_center_crop=True,
        crop_size=dict(height=size, width=size), do_rescale=True, rescale_factor=1 / 255, do_normalize=True,
        image_mean=[MEAN] * 3, image_std=[STD] * 3, image_processor_type="CLIPImageProcessor"))
    with open(path, "rb") as f:
        data = f.read()
    k = c["config"]
    dump("model.json", dict(
        id="starter", name="Starter ViT", architecture="vit", sha256=hashlib.sha256(data).hexdigest(), bytes=len(data),
        input=dict(name="pixel_values", size=size), patch=k["patch"], grid=size // k["patch"], blocks=k["depth"],
        dim=k["dim"], heads=k["heads"], classes=len(SHIPPED), parameters=sum(q.numel() for q in m.parameters()),
        trainedPictures=c["st"]["images"] + c["st"].get("before", 0)))
    print(path, len(data), "bytes")
    try:
        import numpy as np
        import onnxruntime as ort
    except ImportError:
        # without onnxruntime: inputs and outputs for a check elsewhere
        torch.manual_seed(0)
        x = torch.randn(3, 3, size, size)
        with torch.no_grad():
            y = m(x)
        os.makedirs("work", exist_ok=True)
        with open("work/onnx-check.json", "w") as f:
            json.dump(dict(x=x.flatten().tolist(), shape=list(x.shape), logits=y.flatten().tolist()), f)
        print("no onnxruntime: inputs and logits for a check are in work/onnx-check.json")
        return
    with torch.no_grad():
        y = m(x).numpy()
    z = ort.InferenceSession(path).run(None, {"pixel_values": x.numpy()})[0]
    print("largest difference from PyTorch", float(np.abs(y - z).max()))


if __name__ == "__main__":
    main()
