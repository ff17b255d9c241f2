#!/usr/bin/env python3
"""Compares unetflow's probabilities with PyTorch's, for a trained model and one slice of a TIFF.

    python tools/check_pytorch.py --program build/release/unetflow --model em.safetensors --image em.tif --slice 3

Prints the largest difference, and how far each is from the network in double precision, which has no rounding errors to speak of;
exit 1 when unetflow is more than 1e-5 from either. Needs torch, safetensors, numpy, tifffile.
`--network` names another file with a class UNet(channels, classes, width, depth) whose state dict has the same names.
"""
import argparse
import importlib.util
import inspect
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import tifffile
import torch
from safetensors import safe_open
from safetensors.torch import load_file

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "peers"))
from unet_torch import padding_for  # noqa: E402

TOLERANCE = 1e-5


def load_network(source, model):
    """The class UNet of `source` with the weights and the architecture of `model`; its metadata beside it."""
    spec = importlib.util.spec_from_file_location("network", source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with safe_open(model, "np") as file:
        metadata = file.metadata()
    architecture = {key: int(metadata[key]) for key in ("channels", "classes", "width", "depth")}
    if "pooling" in inspect.signature(module.UNet).parameters:
        architecture["pooling"] = metadata["pooling"]
    elif metadata["pooling"] != "max":
        sys.exit(f"{model}: pools by {metadata['pooling']}, {source} by maximum only; leave --network out")
    net = module.UNet(**architecture)
    net.load_state_dict(load_file(model))
    return net.eval(), metadata


def read_slice(path, index):
    """[H, W, channels] as float32."""
    with tifffile.TiffFile(path) as file:
        axes, shape = file.series[0].axes, file.series[0].shape
        if "C" in axes and file.pages[0].samplesperpixel == 1:  # a page for each channel
            channels = shape[axes.index("C")]
            slices = len(file.pages) // channels
            inside = axes.index("C") == axes.index("Y") - 1
            pages = [index * channels + c if inside else index + c * slices for c in range(channels)]
            return numpy.stack([file.pages[number].asarray().astype(numpy.float32) for number in pages], axis=-1)
        page = file.pages[index]
        pixels = page.asarray().astype(numpy.float32)
        if page.samplesperpixel > 1 and page.planarconfig == tifffile.PLANARCONFIG.SEPARATE:
            pixels = numpy.moveaxis(pixels, 0, -1)
    return pixels.reshape(pixels.shape[0], pixels.shape[1], -1)


def percentiles_of(pixels):
    """0.5 and 99.5 of each channel of a page [H, W, channels]: the smallest value that so many are not above."""
    ordered = numpy.sort(pixels.reshape(-1, pixels.shape[2]), axis=0)
    low, high = (ordered[(len(ordered) * share + 999) // 1000 - 1] for share in (5, 995))
    if not (low < high).all():
        sys.exit("a page whose percentiles 0.5 and 99.5 are one value is not compared")
    return low, high


def normalise(pixels, metadata):
    """A whole page [H, W, channels] as the network takes it."""
    if metadata.get("normalisation.by") == "page":
        low, high = percentiles_of(pixels)
    else:
        low, high = (numpy.array(json.loads(metadata[f"normalisation.{end}"]), numpy.float32) for end in ("low", "high"))
    return (pixels - low) / (high - low)


def probabilities_by_torch(net, image, depth, dtype):
    """[classes, H, W] of the whole slice in one pass."""
    height, width = image.shape[:2]
    padded = numpy.pad(image, (padding_for(height, depth), padding_for(width, depth), (0, 0)), mode="reflect")
    with torch.inference_mode():
        scores = net.to(dtype)(torch.from_numpy(padded).to(dtype).permute(2, 0, 1)[None])[0]
    return scores.softmax(0)[:, :height, :width].numpy()


def probabilities_by_unetflow(program, model, image, index, classes):
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "probabilities.tif"
        command = [program, "segment", "--model", model, "--input", image, "--output", output, "--quiet"]
        command += ["--emit", "probabilities", "--probability-type", "f32", "--z", f"{index}:{index + 1}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        pixels = tifffile.imread(output)
    return pixels.reshape(classes, *pixels.shape[-2:])


def largest_difference(a, b):
    return float(numpy.abs(a - b).max())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="unetflow")
    parser.add_argument("--model", required=True)
    parser.add_argument("--image", required=True, help="a TIFF stack")
    parser.add_argument("--slice", type=int, default=0, help="counted from 0")
    parser.add_argument("--network", default=ROOT / "bench/peers/unet_torch.py", help="Python file with class UNet")
    options = parser.parse_args()

    net, metadata = load_network(options.network, options.model)
    image = normalise(read_slice(options.image, options.slice), metadata)
    theirs = probabilities_by_torch(net, image, int(metadata["depth"]), torch.float32)
    exact = probabilities_by_torch(net, image, int(metadata["depth"]), torch.float64)
    classes = int(metadata["classes"])
    ours = probabilities_by_unetflow(options.program, options.model, options.image, options.slice, classes)
    if ours.shape != exact.shape:
        sys.exit(f"{options.image}: unetflow gives {ours.shape}, PyTorch {exact.shape}")
    difference, error = largest_difference(ours, theirs), largest_difference(ours, exact)
    print(f"largest difference of {ours.size} probabilities: {difference:.2e} (at most {TOLERANCE:.0e})")
    print(f"from double precision: unetflow {error:.2e}, PyTorch {largest_difference(theirs, exact):.2e}")
    return max(difference, error) > TOLERANCE or not numpy.isfinite(ours).all()


if __name__ == "__main__":
    sys.exit(main())
