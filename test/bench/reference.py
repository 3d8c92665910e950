"""Times the original PyTorch code of transformer_attribution, for `npm run bench:engine`.

    python test/bench/reference.py CHECKOUT [--threads N] [--rounds N]

CHECKOUT is a checkout of mxz2013/ViT-explainability-approximated-LRP; its own classes are imported
from there and run as its main.py runs them, on a ViT-B/16 with random weights. Python needs what
they import: torch, torchvision, timm, einops and numpy. The last line printed is JSON: wall and
processor time in milliseconds, medians over the rounds.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

ONE = [3]
FIVE = [3, 1, 4, 0, 2]

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("checkout", type=Path)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=7)
options = parser.parse_args()

if not (options.checkout / "baselines" / "ViT" / "ViT_LRP.py").is_file():
    sys.exit(
        f"{options.checkout} is no checkout of the original: it has no baselines/ViT/ViT_LRP.py. "
        "Clone mxz2013/ViT-explainability-approximated-LRP and give its folder with --checkout."
    )
sys.path.insert(0, str(options.checkout))
try:
    import torch
    from baselines.ViT.ViT_explanation_generator import LRP
    from baselines.ViT.ViT_LRP import vit_base_patch16_224
except ModuleNotFoundError as error:
    sys.exit(
        f"{sys.executable} lacks the module {error.name}. The original needs torch, torchvision, "
        "timm, einops and numpy: install them there, or give another Python with --reference."
    )
except Exception as error:  # such as a torchvision built for another torch
    sys.exit(
        f"The original could not be imported by {sys.executable}: {error}. "
        "Check that torch, torchvision and timm there fit one another."
    )


def spent(work):
    """Wall and processor time of something, all threads together, in milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


def medians(rounds):
    wall, cpu = zip(*rounds)
    return {"wall": statistics.median(wall), "cpu": statistics.median(cpu)}


torch.set_num_threads(options.threads)
torch.manual_seed(0)
model = vit_base_patch16_224(pretrained=False).eval()
generator = LRP(model)
image = torch.randn(1, 3, 224, 224)


def explain(classes):
    # One forward, backward and relevance run per class: the original takes one class at a time.
    for index in classes:
        generator.generate_LRP(image, index=index, method="transformer_attribution").detach()


# The original's forward run records for autograd: its hooks refuse to run without.
works = {
    "plain": lambda: model(image),
    "one": lambda: explain(ONE),
    "five": lambda: explain(FIVE),
}
times = {name: [] for name in works}
for turn in range(options.rounds + 1):
    for name, work in works.items():
        taken = spent(work)
        # The first round allocates.
        if turn > 0:
            times[name].append(taken)
result = {name: medians(rounds) for name, rounds in times.items()}
print(json.dumps({"torch": torch.__version__, **result}))
