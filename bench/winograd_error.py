#!/usr/bin/env python3
"""What Winograd's F(m x m, 3 x 3) does to a trained model's probabilities, before anyone writes the kernel.

    python bench/winograd_error.py --model em.safetensors --image em.tif --slice 3 --side 320

Runs the network in single precision with other choices of m for the first convolutions of each level, and prints how far its
probabilities are from the network in double precision and from PyTorch's in single precision. `blocks` sums the products of so many
input channels at a time, then the sums. Takes about a second a choice and 100 x 100 pixels. Needs torch, safetensors, numpy, tifffile.
"""
import argparse
import pathlib
import sys

import numpy
import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "bench" / "peers")]
import check_pytorch  # noqa: E402

# 4 and 6 as in generators/winograd.h; those of 3 round least of the pairs tried.
POINTS = {3: [0, 3 / 4, -3 / 4, 2], 4: [0, 5 / 8, -5 / 8, 3 / 2, -3 / 2], 6: [0, 1 / 2, -1 / 2, 1, -1, 2, -2]}


def transforms(outputs):
    """A^T, G and B^T of F(outputs, 3), in double precision; G with its scales."""
    points = numpy.array(POINTS[outputs])
    output, filters, inputs = numpy.zeros((outputs, outputs + 2)), numpy.zeros((outputs + 2, 3)), numpy.zeros((outputs + 2, outputs + 2))
    output[:, :-1] = points[None] ** numpy.arange(outputs)[:, None]
    output[-1, -1] = filters[-1, -1] = 1
    for row, point in enumerate(points):
        others = points[points != point]
        filters[row] = point ** numpy.arange(3) / numpy.prod(point - others)
        inputs[row, :-1] = numpy.poly(others)[::-1]
    inputs[-1] = numpy.poly(points)[::-1]
    return [torch.from_numpy(matrix) for matrix in (output, filters, inputs)]


def products(filters, tiles, blocks):
    """[points, C, tiles] = sum over k of filters [points, C, K] * tiles [points, K, tiles], one k after the other."""
    total = None
    for first in range(0, filters.shape[2], blocks):
        part = torch.zeros(filters.shape[0], filters.shape[1], tiles.shape[2])
        for k in range(first, min(filters.shape[2], first + blocks)):
            part.addcmul_(filters[:, :, k:k + 1], tiles[:, k:k + 1])
        total = part if total is None else total + part
    return total


def convolution(image, weight, bias, outputs, blocks):
    """conv3x3 of [1, K, H, W] by F(outputs x outputs, 3 x 3)."""
    out, filters, inputs = transforms(outputs)
    points, (height, width) = outputs + 2, (side - 2 for side in image.shape[2:])
    down, across = -(-height // outputs), -(-width // outputs)
    padded = torch.nn.functional.pad(image, (0, across * outputs - width, 0, down * outputs - height))
    tiles = padded[0].unfold(1, points, outputs).unfold(2, points, outputs)  # [K, down, across, points, points]
    tiles = torch.einsum("ij,kabjl->ilkab", inputs.float(), torch.einsum("ij,kablj->kabli", inputs.float(), tiles))
    turned = torch.einsum("ij,ckjl->ckil", filters, torch.einsum("ij,cklj->ckli", filters, weight.double())).float()
    turned = turned.permute(2, 3, 0, 1).reshape(points * points, *weight.shape[:2])
    sums = products(turned, tiles.reshape(points * points, weight.shape[1], down * across), blocks)
    sums = sums.reshape(points, points, -1, down, across)
    pixels = torch.einsum("jq,iqcab->caibj", out.float(), torch.einsum("ip,pqcab->iqcab", out.float(), sums))
    pixels = pixels.reshape(-1, down * outputs, across * outputs)[None, :, :height, :width]
    return pixels + bias[:, None, None]


def probabilities(net, image, depth, choice):
    """With choice(name, level) = (m, blocks) for each 3x3 convolution; None: PyTorch's own."""
    changed = []
    for name, module in net.named_modules():
        if not isinstance(module, torch.nn.Conv2d) or module.kernel_size != (3, 3):
            continue
        how = choice(name, depth if name.startswith("bottom") else int(name.split(".")[1]))
        if how:
            module.forward = lambda pixels, m=module, how=how: convolution(pixels, m.weight, m.bias, *how)
            changed.append(module)
    result = check_pytorch.probabilities_by_torch(net, image, depth, torch.float32)
    for module in changed:
        del module.forward
    return result


def choice_of(outputs, blocks, levels):
    """F(outputs) for the first convolutions of `levels`, F(3) for those of other levels; F(4) for all second ones and at level 0."""
    def choose(name, level):
        if name == "encoder.0.conv1":
            return None
        if level == 0 or name.endswith("conv2"):
            return 4, sys.maxsize
        return (outputs, blocks) if level in levels else (3, sys.maxsize)
    return choose


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--image", required=True, help="a TIFF stack")
    parser.add_argument("--slice", type=int, default=0, help="counted from 0")
    parser.add_argument("--side", type=int, default=320, help="pixels of the slice's corner that is segmented")
    options = parser.parse_args()

    net, metadata = check_pytorch.load_network(ROOT / "bench/peers/unet_torch.py", options.model)
    depth = int(metadata["depth"])
    image = check_pytorch.normalise(check_pytorch.read_slice(options.image, options.slice), metadata)
    image = image[:options.side, :options.side]
    exact = check_pytorch.probabilities_by_torch(net, image, depth, torch.float64)
    theirs = check_pytorch.probabilities_by_torch(net, image, depth, torch.float32)
    all_levels = range(1, depth + 1)
    choices = {"m = 3": choice_of(3, sys.maxsize, []), "m = 6": choice_of(6, sys.maxsize, all_levels)}
    choices |= {f"m = 6, blocks {blocks}": choice_of(6, blocks, all_levels) for blocks in (32, 64, 128)}
    choices |= {f"m = 6 at level {level}": choice_of(6, sys.maxsize, [level]) for level in all_levels}
    difference = check_pytorch.largest_difference
    print(f"PyTorch: {difference(theirs, exact):.1e} from double precision")
    for name, choice in choices.items():
        found = probabilities(net, image, depth, choice)
        print(f"{name:<20} {difference(found, exact):.1e} from double precision, {difference(found, theirs):.1e} from PyTorch", flush=True)


if __name__ == "__main__":
    main()
