#!/usr/bin/env python3
"""Trains the same network on the same samples from the same start in unetflow and in PyTorch, and compares the losses.

    python tools/train_pytorch.py --program build/release/unetflow --images em.tif --labels em-labels.tif --steps 50

unetflow dumps its samples (--dump-samples); PyTorch reads them, with the same weights in the loss, the same optimiser and
constant learning rate, and both memory formats. Prints each loss of the first steps, the largest differences, and the seconds a
step takes. exit 1 when the losses of the first 50 steps differ by more than 1e-3, and by more than twice what PyTorch's two formats
differ by. Options behind -- go to both runs of `unetflow train`. Needs torch, safetensors, numpy, tifffile.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import tifffile
import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from check_pytorch import load_network  # noqa: E402

COMPARED, TOLERANCE = 50, 1e-3
MOMENTUM = 0.99


def train_unetflow(arguments, folder, options, steps):
    """Losses of all steps, the seconds of the run, and the weights before the first of them."""
    common = [arguments.program, "train", "--images", arguments.images, "--labels", arguments.labels, "--quiet"]
    common += ["--width", str(arguments.width), "--tile", str(arguments.tile), "--seed", str(arguments.seed)]
    common += ["--validation", "0", "--schedule", "constant", "--warm-up", "0"]
    common += ["--optimiser", arguments.optimiser, "--momentum", str(MOMENTUM), *options]
    start, trained = folder / "start.safetensors", folder / "trained.safetensors"
    subprocess.run([*common, "--model", start, "--steps", "1", "--learning-rate", "0"], check=True, stdout=subprocess.DEVNULL)
    begin = time.perf_counter()
    subprocess.run([*common, "--model", trained, "--steps", str(steps), "--learning-rate", str(arguments.learning_rate),
                    "--dump-samples", folder / "samples"], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin
    log = pathlib.Path(f"{trained}.log.jsonl").read_text().splitlines()
    return [json.loads(line)["loss"] for line in log], seconds, start


def read_sample(folder, index):
    image, labels, weights = (tifffile.imread(folder / f"sample-{index:06}.{what}.tif") for what in ("image", "labels", "weights"))
    image = image if image.ndim == 3 else image[None]
    return torch.from_numpy(image)[None], torch.from_numpy(labels.astype(numpy.int64))[None], torch.from_numpy(weights)[None]


def train_pytorch(arguments, start, samples, memory_format):
    net, _ = load_network(arguments.network, start)
    net = net.train().to(memory_format=memory_format)
    if arguments.optimiser == "sgd":
        optimiser = torch.optim.SGD(net.parameters(), lr=arguments.learning_rate, momentum=MOMENTUM)
    else:
        optimiser = torch.optim.Adam(net.parameters(), lr=arguments.learning_rate)
    losses, seconds = [], 0.0
    for index in range(arguments.steps):
        image, labels, weights = read_sample(samples, index)
        begin = time.perf_counter()
        scores = net(image.to(memory_format=memory_format))
        pixels = torch.nn.functional.cross_entropy(scores, labels.clamp(max=scores.shape[1] - 1), reduction="none")
        loss = (pixels * weights).sum() / weights.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        seconds += time.perf_counter() - begin
        losses.append(loss.item())
    return losses, seconds


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
    parser.add_argument("options", nargs="*", help="for `unetflow train`, behind --")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        ours, seconds, start = train_unetflow(arguments, folder, arguments.options, arguments.steps)
        theirs = {}
        for name, layout in (("NCHW", torch.contiguous_format), ("NHWC", torch.channels_last)):
            theirs[name], spent = train_pytorch(arguments, start, folder / "samples", layout)
            print(f"PyTorch {name}: {spent / arguments.steps:.3f} s a step")
    print(f"unetflow: {seconds / arguments.steps:.3f} s a step, with start, samples and their dump")
    ours = ours[: arguments.steps]
    if len(ours) < arguments.steps:
        sys.exit("train_pytorch: the log has fewer lines than steps; compare at most 500 steps")
    for step in range(0, len(ours), max(1, len(ours) // 10)):
        print(f"step {step + 1:4}: unetflow {ours[step]:.6f}, NCHW {theirs['NCHW'][step]:.6f}, NHWC {theirs['NHWC'][step]:.6f}")
    first = slice(0, COMPARED)
    spread = numpy.abs(numpy.subtract(theirs["NCHW"][first], theirs["NHWC"][first])).max()
    apart = min(numpy.abs(numpy.subtract(ours[first], other[first])).max() for other in theirs.values())
    print(f"first {len(ours[first])} steps: {apart:.2e} from PyTorch, whose two formats are {spread:.2e} apart")
    return int(apart > max(TOLERANCE, 2 * spread))


if __name__ == "__main__":
    sys.exit(main())
