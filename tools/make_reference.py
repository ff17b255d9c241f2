#!/usr/bin/env python3
"""Makes tests/data/net: small networks with what PyTorch says they do, for tests/net/reference_test.cpp.

    python tools/make_reference.py        (needs torch, safetensors, numpy)

Each case is two files. NAME.model.safetensors is a model file: the starting weights. NAME.reference.safetensors holds

    sample.S.image [H, W, channels]   sample.S.labels, sample.S.weights [h, w]   S = 0, 1, 2; label 255 is ignored
    logits, probabilities [h, w, classes]   of sample 0 with the starting weights
    loss [3]                                of sample S before step S
    gradient.TENSOR                         of sample 0's loss with the starting weights
    trained.TENSOR                          after three steps of SGD with momentum, on samples 0, 1, 2

Weights and samples are float32 numbers; all that follows from them is computed in float64 and rounded once, so that a
difference to it is the rounding of the program under test alone. Seeds are chosen so that no activation lies within
rounding of a kink (ReLU at 0, two equal maxima), where a gradient would depend on the last bit, and so that every
tensor has a gradient in every step. Run again, it writes the same tensors; Python's writer orders metadata by chance.
"""
import json
import pathlib
import sys

import numpy
import torch
from safetensors.torch import save_file

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench" / "peers"))
from unet_torch import UNet, margin, weighted_loss  # noqa: E402

STEPS = 3
LEARNING_RATE, MOMENTUM = 0.01, 0.99
IGNORED = 255
KINK_DISTANCE = 4e-6  # some 30 roundings of a float32 near 1
LIVE_GRADIENT = 1e-3  # the largest element of each tensor's gradient is above it

# Sides are valid inputs, of which depth 2 leaves 56 -> 16 and 44 -> 4 pixels, depth 1 leaves 38 -> 22.
CASES = {
    "max": dict(channels=1, classes=2, width=4, depth=2, pooling="max", side=56),
    "average": dict(channels=3, classes=3, width=5, depth=2, pooling="average", side=44),
    "wide": dict(channels=2, classes=4, width=8, depth=1, pooling="max", side=38),
}


class Kinks:
    """Watches a network's passes for the smallest distance of an activation to a kink."""

    def __init__(self, net):
        self.distance = float("inf")
        for name, module in net.named_modules():
            if name.endswith(("conv1", "conv2")):
                module.register_forward_hook(self.watch_relu)
        if net.pool is torch.nn.functional.max_pool2d:
            for block in net.encoder:
                block.register_forward_hook(self.watch_maximum)

    def watch_relu(self, module, inputs, output):
        self.distance = min(self.distance, output.abs().min().item())

    def watch_maximum(self, module, inputs, output):
        windows = torch.nn.functional.unfold(output.flatten(0, 1)[:, None], 2, stride=2)
        first, second = windows.topk(2, dim=1).values.unbind(1)
        gaps = (first - second)[first > 0]  # where all are 0, ReLU lets no gradient through
        self.distance = min(self.distance, gaps.min().item())


def make_weights(net, random):
    """He initialisation; biases small and not 0, so that an error in them shows."""
    weights = {}
    for name, tensor in net.state_dict().items():
        shape = tuple(tensor.shape)
        fan_in = shape[0] if ".up." in name else int(numpy.prod(shape[1:]))
        deviation = 0.05 if name.endswith("bias") else (2 / fan_in) ** 0.5
        weights[name] = torch.from_numpy(random.normal(0, deviation, shape).astype(numpy.float32))
    return weights


def make_sample(case, random):
    side, output = case["side"], case["side"] - margin(case["depth"])
    image = random.normal(0.5, 0.5, (side, side, case["channels"])).astype(numpy.float32)
    labels = random.integers(0, case["classes"], (output, output))
    labels[random.random((output, output)) < 0.1] = IGNORED  # with their weights left in place: they must not count
    weights = random.uniform(0, 4, (output, output)).astype(numpy.float32)
    sample = {"image": image, "labels": labels, "weights": weights}
    return {name: torch.from_numpy(values) for name, values in sample.items()}


def train(net, samples):
    """Three steps of SGD: the first one's scores, the gradients and losses of all."""
    optimiser = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)
    gradients, losses = [], []
    for sample in samples:
        optimiser.zero_grad()
        scores = net(sample["image"].double().permute(2, 0, 1)[None])
        loss = weighted_loss(scores, sample["labels"][None], sample["weights"].double()[None], IGNORED)
        loss.backward()
        if not losses:
            first_scores = scores.detach()[0]
        gradients.append({name: parameter.grad.clone() for name, parameter in net.named_parameters()})
        optimiser.step()
        losses.append(loss.item())
    return first_scores, gradients, losses


def reference_of(case, seed):
    """The starting weights, the reference tensors, and whether the seed is a good one (see above)."""
    random = numpy.random.default_rng(seed)
    net = UNet(**{key: value for key, value in case.items() if key != "side"}).double()
    weights = make_weights(net, random)
    samples = [make_sample(case, random) for _ in range(STEPS)]
    net.load_state_dict(weights)
    kinks = Kinks(net)
    scores, gradients, losses = train(net, samples)

    tensors = {f"sample.{s}.{key}": value for s, sample in enumerate(samples) for key, value in sample.items()}
    tensors["logits"] = scores.permute(1, 2, 0)
    tensors["probabilities"] = scores.softmax(0).permute(1, 2, 0)
    tensors["loss"] = torch.tensor(losses)
    tensors |= {f"gradient.{name}": value for name, value in gradients[0].items()}
    tensors |= {f"trained.{name}": value for name, value in net.state_dict().items()}
    live = all(tensor.abs().max() > LIVE_GRADIENT for step in gradients for tensor in step.values())
    rounded = {name: value.detach().float().contiguous() for name, value in tensors.items()}
    return weights, rounded, live and kinks.distance > KINK_DISTANCE


def model_metadata(case, seed):
    low = [float(numpy.float32(0.1 * k)) for k in range(case["channels"])]
    high = [float(numpy.float32(0.1 * k + 1 / 3)) for k in range(case["channels"])]
    numbers = {key: str(case[key]) for key in ("channels", "classes", "width", "depth", "pooling")}
    return numbers | {
        "format": "unetflow.1",
        "normalisation.low": json.dumps(low),
        "normalisation.high": json.dumps(high),
        "class_names": json.dumps([f"class {c}" for c in range(case["classes"])]),
        "provenance.made by": "tools/make_reference.py",
        "provenance.seed": str(seed),
    }


def main():
    folder = ROOT / "tests" / "data" / "net"
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in CASES.items():
        seed = 0
        while not (result := reference_of(case, seed))[2]:
            seed += 1
        weights, tensors, _ = result
        model, reference = (folder / f"{name}.{kind}.safetensors" for kind in ("model", "reference"))
        save_file(weights, model, model_metadata(case, seed))
        settings = {"learning_rate": str(LEARNING_RATE), "momentum": str(MOMENTUM), "torch": torch.__version__}
        save_file(tensors, reference, settings)
        model.chmod(0o644), reference.chmod(0o644)  # the writer makes them private
        print(f"{name}: seed {seed}, losses {tensors['loss'].tolist()}")


if __name__ == "__main__":
    main()
