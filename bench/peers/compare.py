#!/usr/bin/env python3
"""Times unetflow, PyTorch, OpenVINO and ONNX Runtime side by side: one inference of one tile, one training step.

    python bench/peers/compare.py --program build/release/unetflow --width 16 64 --tile 572 --threads 2

All have the same weights, float32, batch 1, the same threads. They take turns (A B C A B C ...), so that a machine
that gets slower or busier does so for all. A turn's first pass is thrown away; of those that fit into three seconds,
one at least, the median is the turn's, and the median over the rounds counts.
Before, all segment the same picture, and the largest difference of their probabilities to unetflow's is printed.
A peer that is not installed is left out. Results go to stdout, the rest to stderr.

    python bench/peers/compare.py --program build/release/unetflow --width 64 --tile 572 --device cuda

does so on a GPU, where the peer is PyTorch with cuDNN: float32 without TF32, float32 with TF32, and float16.
"""
import argparse
import functools
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

TURN_SECONDS = 3  # of passes that count: a single one of 0.2 s right after the first was up to 1.2 times as slow
REST_SECONDS = 0.3  # between turns: thread pools stop spinning, the clock recovers
TOLERANCE = 1e-3  # of a probability: who differs by more does not run the same network
COARSE_TOLERANCE = 5e-2  # the same of products in TF32 or float16, which have 10 bits


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="unetflow")
    parser.add_argument("--width", type=int, nargs="+", default=[64])
    parser.add_argument("--tile", type=int, nargs="+", default=[572])
    parser.add_argument("--threads", type=int, nargs="+", default=[len(os.sched_getaffinity(0))])
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--skip-training", action="store_true")
    parser.add_argument("--skip-compile", action="store_true", help="without torch.compile, which needs minutes to start")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="where the peers compute")
    parser.add_argument("--unetflow-device", help="its --device (default: the same)")
    parser.add_argument("--json", help="results as JSON; - is stdout")
    return parser.parse_args()


def passes_in_turn(seconds):
    return max(1, round(TURN_SECONDS / seconds))


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def timed(work):
    """Median seconds of a turn's passes, after one that does not count."""
    first = seconds_of(work)
    return statistics.median(seconds_of(work) for _ in range(passes_in_turn(first)))


class Unetflow:
    """One turn is one run of `unetflow bench`, which throws its first pass away too."""

    def __init__(self, options, width, tile, threads):
        self.command = [options.program, "bench", "--width", width, "--depth", options.depth, "--tile", tile]
        self.command += ["--threads", threads, "--json", "-"]
        self.device = ["--device", options.unetflow_device or options.device]
        self.tile = tile
        self.passes = {}  # in a turn, by what is timed

    def bench(self, key, *more):
        """What one run of the program gives as `key`; the first turn begins with a short run that tells how many passes fit."""
        if key not in self.passes:
            self.passes[key] = passes_in_turn(self.run("--repeat", 1, *more)[key])
        return self.run("--repeat", self.passes[key], *more)[key]

    def run(self, *more):
        command = [str(word) for word in (*self.command, *self.device, *more)]
        result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        if result["tile"] != self.tile:
            sys.exit(f"tile {self.tile}: no valid input of this network, unetflow took {result['tile']}; give that")
        return result

    def probabilities(self, net, page):
        """[classes, H, W] of a page [H, W], whose margins unetflow mirrors, under the weights of a PyTorch network."""
        import tifffile
        from safetensors.torch import save_file
        metadata = {"format": "unetflow.1", "channels": "1", "classes": "2", "pooling": "max", "normalisation.low": "[0]",
                    "normalisation.high": "[1]", "class_names": '["a", "b"]'}
        metadata |= {"width": str(self.command[3]), "depth": str(self.command[5])}
        with tempfile.TemporaryDirectory() as folder:
            model, image, output = (os.path.join(folder, name) for name in ("m.safetensors", "page.tif", "out.tif"))
            save_file(net.state_dict(), model, metadata)
            tifffile.imwrite(image, page)
            command = [self.command[0], "segment", "--model", model, "--input", image, "--output", output, "--tile",
                       str(self.tile), "--emit", "probabilities", "--probability-type", "f32", "--quiet", *self.device]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            return tifffile.imread(output).reshape(2, *page.shape)

    def inference(self):
        return self.bench("inference_seconds", "--skip-training")

    def training(self):
        return self.bench("training_step_seconds")


# Each gives a function that segments `image`, or another of its size, into scores [N, classes, H, W].
def torch_inference(torch, net, image):
    def run(pixels=image):
        with torch.inference_mode():
            return net(pixels).numpy()
    return run


def torch_training(torch, net, image):
    from unet_torch import weighted_loss
    optimiser = torch.optim.SGD(net.parameters(), lr=1e-6, momentum=0.99)
    with torch.no_grad():
        side = net(image).shape[-1]
    labels, weights = torch.randint(0, 2, (1, side, side)), torch.ones(1, side, side)

    def run():
        optimiser.zero_grad(set_to_none=True)
        weighted_loss(net(image), labels, weights).backward()
        optimiser.step()
    return run


def openvino_inference(net, image, threads):
    import openvino
    model = openvino.convert_model(net, example_input=image)
    model.reshape(list(image.shape))
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    request = openvino.Core().compile_model(model, "CPU", settings).create_infer_request()

    def run(pixels=image):
        request.infer([pixels.numpy()])
        return request.get_output_tensor().data
    return run


def onnxruntime_inference(torch, net, image, threads):
    import onnxruntime
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "unet.onnx")
        torch.onnx.export(net, (image,), path, dynamo=False, input_names=["image"])
        session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    return lambda pixels=image: session.run(None, {"image": pixels.numpy()})[0]


class Precision:
    """How PyTorch multiplies on a GPU."""

    def __init__(self, torch, tf32=False, half=False):
        self.torch, self.tf32, self.half = torch, tf32, half

    def choose(self):
        self.torch.backends.cuda.matmul.allow_tf32 = self.torch.backends.cudnn.allow_tf32 = self.tf32

    def type(self):
        return self.torch.float16 if self.half else self.torch.float32


# As unetflow's, these times include the copies in and out; `cpu` and `item` wait for the GPU.
def gpu_inference(torch, net, image, precision):
    net = net.to(precision.type())

    def run(pixels=image):
        precision.choose()
        with torch.inference_mode():
            return net(pixels.to("cuda", precision.type())).float().cpu().numpy()
    return run


def gpu_training(torch, net, image, precision):
    from unet_torch import weighted_loss
    optimiser = torch.optim.SGD(net.parameters(), lr=1e-6, momentum=0.99)
    scaler = torch.amp.GradScaler("cuda", enabled=precision.half)
    with torch.no_grad():
        side = net(image.cuda()).shape[-1]
    labels, weights = torch.randint(0, 2, (1, side, side)), torch.ones(1, side, side)

    def run():
        precision.choose()
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cuda", torch.float16, enabled=precision.half):
            scores = net(image.cuda())
        loss = weighted_loss(scores.float(), labels.cuda(), weights.cuda())
        scaler.scale(loss).backward()
        scaler.step(optimiser)
        scaler.update()
        torch.cuda.synchronize()
        return loss.item()
    return run


def gpu_peers_of(options, net, image):
    """The same as peers_of, of PyTorch with cuDNN on the GPU."""
    import torch
    from unet_torch import UNet
    torch.backends.cudnn.benchmark = True
    inference, training = {}, {}
    precisions = {"float32": Precision(torch), "TF32": Precision(torch, tf32=True),
                  "float16": Precision(torch, tf32=True, half=True)}
    layouts = {"NCHW": torch.contiguous_format, "NHWC": torch.channels_last}
    for (name, precision), (words, layout) in itertools.product(precisions.items(), layouts.items()):
        def own():
            copy = UNet(width=net.head.in_channels, depth=options.depth)
            copy.load_state_dict(net.state_dict())
            return copy.cuda().to(memory_format=layout)
        own_image = image.to(memory_format=layout)
        inference[f"{name} {words}"] = gpu_inference(torch, own().eval(), own_image, precision)
        training[f"{name} {words}"] = gpu_training(torch, own(), own_image, precision)
    return inference, training


def check_device(device):
    """Stops, with one line, where PyTorch has no such device: nothing is measured then."""
    if device == "cpu":
        return
    try:
        import torch
    except ImportError:
        sys.exit("compare: --device cuda needs PyTorch with CUDA, which is not installed; nothing was measured")
    if not torch.cuda.is_available():
        sys.exit("compare: PyTorch finds no CUDA device here; nothing was measured")
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}, cuDNN {torch.backends.cudnn.version()}",
          file=sys.stderr)


def mirrored_page(torch, net, tile):
    """A random page, and the network's input of `tile` x `tile` that mirrors it at its border."""
    import numpy
    with torch.inference_mode():
        side = net(torch.zeros(1, 1, tile, tile)).shape[-1]
    page = torch.rand(side, side).numpy()
    return page, torch.from_numpy(numpy.pad(page, (tile - side) // 2, mode="reflect"))[None, None]


def peers_of(options, net, image, threads):
    """Work of each peer, by name: (inference, training)."""
    import torch
    from unet_torch import UNet
    torch.set_num_threads(threads)
    torch.compiler.reset()  # it compiles a function for 8 networks at most
    inference, training = {}, {}
    makers = {"OpenVINO": lambda: openvino_inference(net, image, threads),
              "ONNX Runtime": lambda: onnxruntime_inference(torch, net, image, threads)}
    layouts = {"PyTorch NCHW": torch.contiguous_format, "PyTorch NHWC": torch.channels_last}
    for compiled in [False] if options.skip_compile else [False, True]:
        for name, layout in layouts.items():
            own = UNet(width=net.head.in_channels, depth=options.depth)
            own.load_state_dict(net.state_dict())
            own, own_image = own.to(memory_format=layout), image.to(memory_format=layout)
            if compiled:
                name, own = name.replace("PyTorch", "compiled"), torch.compile(own)
            inference[name] = torch_inference(torch, own, own_image)
            training[name] = torch_training(torch, own, own_image)
    for name, maker in makers.items():
        try:
            inference[name] = maker()
        except ImportError as missing:
            print(f"{name} is left out: {missing}", file=sys.stderr)
    return inference, training


def softmax(scores):
    import numpy
    power = numpy.exp(scores - scores.max(0, keepdims=True))
    return power / power.sum(0, keepdims=True)


def differences_of(inference, ours):
    """Largest difference of each peer's probabilities to `ours` [classes, H, W], by name."""
    differences = {name: float(abs(softmax(run()[0]) - ours).max()) for name, run in inference.items()}
    for name, difference in differences.items():
        tolerance = COARSE_TOLERANCE if name.startswith(("TF32", "float16")) else TOLERANCE
        if not difference <= tolerance:
            sys.exit(f"{name}: probabilities differ from unetflow's by {difference}; it does not run the same network")
    return differences


def take_turns(rounds, turns):
    """Median seconds by name; every round lets each have its turn."""
    seconds = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            time.sleep(REST_SECONDS)
            seconds[name].append(turn())
    return {name: statistics.median(values) for name, values in seconds.items()}


def report(title, medians, differences):
    lines = [title]
    best_peer = min((name for name in medians if name != "unetflow"), key=medians.get)
    for name, seconds in sorted(medians.items(), key=lambda item: item[1]):
        ratio = seconds / medians["unetflow"]
        difference = f", probabilities differ by {differences[name]:.0e}" if name in differences else ""
        remark = ", best peer" if name == best_peer else ""
        lines.append(f"  {name:<14}{seconds:9.4f} s{ratio:8.2f} x unetflow's time{difference}{remark}")
    return "\n".join(lines)


def compare(options, width, tile, threads):
    import torch
    from unet_torch import UNet
    torch.manual_seed(0)
    ours, net = Unetflow(options, width, tile, threads), UNet(width=width, depth=options.depth).eval()
    page, image = mirrored_page(torch, net, tile)
    on_gpu = options.device == "cuda"
    inference, training = gpu_peers_of(options, net, image) if on_gpu else peers_of(options, net, image, threads)
    differences = differences_of(inference, ours.probabilities(net, page))
    where = torch.cuda.get_device_name() if on_gpu else f"{threads} threads"
    title = f"width {width}, depth {options.depth}, tile {tile}, {where}"
    result = {"width": width, "depth": options.depth, "tile": tile, "threads": threads, "differences": differences}
    if on_gpu:
        result["device"] = where
    table = sys.stderr if options.json == "-" else sys.stdout
    tasks = {"inference": (inference, differences)} | ({} if options.skip_training else {"training": (training, {})})
    for task, (peers, remarks) in tasks.items():
        turns = {"unetflow": getattr(ours, task)}
        turns |= {name: functools.partial(timed, work) for name, work in peers.items()}
        result[task] = take_turns(options.rounds, turns)
        print(report(f"{task}: {title}", result[task], remarks), file=table, flush=True)
    return result


def main():
    options = parse_options()
    check_device(options.device)
    results = [compare(options, width, tile, threads)
               for width in options.width for tile in options.tile for threads in options.threads]
    if options.json == "-":
        print(json.dumps(results, indent=2))
    elif options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=2)


if __name__ == "__main__":
    main()
