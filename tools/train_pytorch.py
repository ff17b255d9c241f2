#!/usr/bin/env python3
"""Trains the same network on the same samples from the same start in unetflow and in PyTorch, and compares the losses.

    python tools/train_pytorch.py --program build/release/unetflow --images em.tif --labels em-labels.tif --steps 50

unetflow dumps its samples (--dump-samples); PyTorch reads them, with the same weights in the loss, the same optimiser and
learning rates, and both memory formats or those of --formats. Prints losses (means between lines of unetflow's log), their largest
differences, and the seconds a step takes, on both sides without reading or writing dumped samples. exit 1 when the losses of the
first 50 steps differ by more than 1e-3, and by more than twice what PyTorch's two formats differ by if both are there.
--keep FOLDER: there the models stay, unetflow.safetensors, NCHW.safetensors and NHWC.safetensors, for `unetflow segment`. Options
behind -- go to all runs of `unetflow train`. Needs torch, safetensors, numpy, tifffile.
"""
import argparse
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import numpy
import tifffile
import torch
from safetensors.torch import save_file

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from check_pytorch import load_network  # noqa: E402

COMPARED, TOLERANCE = 50, 1e-3
MOMENTUM, WARM_UP = 0.99, 50
FORMATS = {"NCHW": torch.contiguous_format, "NHWC": torch.channels_last}


def train_unetflow(arguments, folder, options, steps):
    """Losses of the logged steps, the seconds of the run, the weights before the first step and behind the last."""
    common = [arguments.program, "train", "--images", arguments.images, "--labels", arguments.labels, "--quiet"]
    common += ["--width", str(arguments.width), "--tile", str(arguments.tile), "--seed", str(arguments.seed)]
    common += ["--validation", "0", "--schedule", arguments.schedule, "--warm-up", str(warm_up(arguments)), "--overwrite"]
    common += ["--optimiser", arguments.optimiser, "--momentum", str(MOMENTUM), *options]
    start, trained = folder / "start.safetensors", folder / "trained.safetensors"
    subprocess.run([*common, "--model", start, "--steps", "1", "--learning-rate", "0"], check=True, stdout=subprocess.DEVNULL)
    run = [*common, "--model", trained, "--steps", str(steps), "--learning-rate", str(arguments.learning_rate)]
    subprocess.run([*run, "--dump-samples", folder / "samples"], check=True, stdout=subprocess.DEVNULL)
    begin = time.perf_counter()
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin
    log = [json.loads(line) for line in pathlib.Path(f"{trained}.log.jsonl").read_text().splitlines()]
    return {line["step"]: line["loss"] for line in log}, seconds, start, trained


def warm_up(arguments):
    return 0 if arguments.schedule == "constant" else min(WARM_UP, arguments.steps // 10)


def learning_rate(arguments, step):
    """As pipeline/learning_rate.cpp."""
    rise = warm_up(arguments)
    if step < rise:
        return arguments.learning_rate * (step + 1) / rise
    if arguments.schedule == "constant":
        return arguments.learning_rate
    return arguments.learning_rate * (1 + math.cos(math.pi * (step - rise) / max(arguments.steps - rise, 1))) / 2


def read_sample(folder, index):
    image, labels, weights = (tifffile.imread(folder / f"sample-{index:06}.{what}.tif") for what in ("image", "labels", "weights"))
    image = image if image.ndim == 3 else image[None]
    return torch.from_numpy(image)[None], torch.from_numpy(labels.astype(numpy.int64))[None], torch.from_numpy(weights)[None]


def train_pytorch(arguments, start, samples, memory_format):
    net, metadata = load_network(arguments.network, start)
    net = net.train().to(memory_format=memory_format)
    if arguments.optimiser == "sgd":
        optimiser = torch.optim.SGD(net.parameters(), lr=arguments.learning_rate, momentum=MOMENTUM)
    else:
        optimiser = torch.optim.Adam(net.parameters(), lr=arguments.learning_rate)
    losses, seconds = [], 0.0
    for index in range(arguments.steps):
        image, labels, weights = read_sample(samples, index)
        begin = time.perf_counter()
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(arguments, index)
        scores = net(image.to(memory_format=memory_format))
        pixels = torch.nn.functional.cross_entropy(scores, labels.clamp(max=scores.shape[1] - 1), reduction="none")
        loss = (pixels * weights).sum() / weights.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        seconds += time.perf_counter() - begin
        losses.append(loss.item())
    weights = {key: value.contiguous() for key, value in net.state_dict().items()}
    return losses, seconds, lambda file: save_file(weights, file, metadata)


def means_between(losses, steps):
    """Of each step's loss, as unetflow's log has them: since the line before."""
    return [numpy.mean(losses[begin:end]) for begin, end in zip([0, *steps], steps)]


def compare(ours, theirs):
    """Whether the first losses are close enough; prints some of all."""
    steps = sorted(ours)
    logged = {"unetflow": [ours[step] for step in steps], **{name: means_between(losses, steps) for name, losses in theirs.items()}}
    for line in range(0, len(steps), max(1, len(steps) // 10)):
        print(f"step {steps[line]:4}: " + ", ".join(f"{name} {losses[line]:.6f}" for name, losses in logged.items()))
    first = slice(0, sum(step <= COMPARED for step in steps))
    if not steps[first]:
        sys.exit(f"train_pytorch: the log has no line of the first {COMPARED} steps; compare fewer steps")
    formats = [losses[first] for name, losses in logged.items() if name in theirs]
    spread = numpy.abs(numpy.subtract(formats[0], formats[-1])).max()
    apart = min(numpy.abs(numpy.subtract(logged["unetflow"][first], losses)).max() for losses in formats)
    print(f"first {steps[first][-1]} steps: {apart:.2e} from PyTorch, whose formats are {spread:.2e} apart")
    return apart <= max(TOLERANCE, 2 * spread)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "images", "labels"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--network", default=ROOT / "bench" / "peers" / "unet_torch.py")
    parser.add_argument("--steps", type=int, default=COMPARED)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--tile", type=int, default=316)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--optimiser", choices=("adam", "sgd"), default="adam")
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--schedule", choices=("constant", "cosine"), default="constant")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("options", nargs="*", help="for `unetflow train`, behind --")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ours, seconds, start, trained = train_unetflow(arguments, folder, arguments.options, arguments.steps)
        if arguments.keep:
            arguments.keep.mkdir(exist_ok=True)
            shutil.copy(trained, arguments.keep / "unetflow.safetensors")
        theirs = {}
        for name in arguments.formats:
            theirs[name], spent, save = train_pytorch(arguments, start, folder / "samples", FORMATS[name])
            print(f"PyTorch {name}: {spent:.1f} s, {spent / arguments.steps:.3f} a step; {spent / seconds:.2f} x unetflow's", flush=True)
            if arguments.keep:
                save(arguments.keep / f"{name}.safetensors")
    print(f"unetflow: {seconds:.1f} s, {seconds / arguments.steps:.3f} a step, with start and samples")
    return int(not compare(ours, theirs))


if __name__ == "__main__":
    sys.exit(main())
