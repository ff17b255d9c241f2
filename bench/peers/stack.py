#!/usr/bin/env python3
"""Times the whole job side by side: read a TIFF stack, mirror its border, run the network, write the classes.

    python bench/peers/stack.py --program build/release/unetflow --model em.safetensors --input em.tif

Each turn is a process of its own, from its start to the finished file; the turns rotate, the median over the rounds counts.
A peer takes every slice in one pass, in the smallest window that covers it, and compiles its network once. Prints seconds, slices a
second, and the share of pixels with unetflow's class. Needs tifffile, numpy, safetensors, torch; openvino and onnxruntime if there.
"""
import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

PEERS = ("OpenVINO", "ONNX Runtime", "PyTorch NHWC")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", help="unetflow")
    parser.add_argument("--model", required=True)
    parser.add_argument("--input", required=True, help="a TIFF stack of one channel")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", choices=PEERS, help="be one turn of this peer, write to --output")
    parser.add_argument("--output")
    return parser.parse_args()


def segment_by(peer, options):
    import numpy
    import tifffile
    import torch
    from compare import onnxruntime_inference, openvino_inference, torch_inference
    from safetensors import safe_open
    from safetensors.torch import load_file
    from unet_torch import UNet, padding_for
    torch.set_num_threads(options.threads)
    with safe_open(options.model, "np") as file:
        metadata = file.metadata()
    net = UNet(**{key: int(metadata[key]) for key in ("channels", "classes", "width", "depth")}).eval()
    net.load_state_dict(load_file(options.model))
    low, high = (json.loads(metadata[f"normalisation.{end}"])[0] for end in ("low", "high"))
    stack = tifffile.imread(options.input)
    stack = stack.reshape(-1, *stack.shape[-2:])
    padding = [padding_for(extent, int(metadata["depth"])) for extent in stack.shape[1:]]

    def window(page):
        pixels = (page.astype(numpy.float32) - low) / (high - low)
        image = torch.from_numpy(numpy.pad(pixels, padding, mode="reflect"))[None, None]
        return image.to(memory_format=torch.channels_last) if peer == "PyTorch NHWC" else image

    first = window(stack[0])
    if peer == "OpenVINO":
        infer = openvino_inference(net, first, options.threads)
    elif peer == "ONNX Runtime":
        infer = onnxruntime_inference(torch, net, first, options.threads)
    else:
        infer = torch_inference(torch, net.to(memory_format=torch.channels_last), first)
    classes = [infer(window(page))[0, :, :page.shape[0], :page.shape[1]].argmax(0).astype(numpy.uint8) for page in stack]
    tifffile.imwrite(options.output, numpy.stack(classes), compression="zlib", photometric="minisblack")


def turn(command, output):
    start = time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    options = parse_options()
    if options.peer:
        return segment_by(options.peer, options)
    import tifffile
    packages = {"OpenVINO": "openvino", "ONNX Runtime": "onnxruntime", "PyTorch NHWC": "torch"}
    peers = [peer for peer in PEERS if importlib.util.find_spec(packages[peer])]
    with tempfile.TemporaryDirectory() as folder:
        outputs = {name: os.path.join(folder, name.replace(" ", "-") + ".tif") for name in ("unetflow", *peers)}
        job = ["--model", options.model, "--input", options.input, "--threads", options.threads]
        commands = {"unetflow": [options.program, "segment", *job, "--overwrite", "--output", outputs["unetflow"]]}
        for peer in peers:
            commands[peer] = [sys.executable, "-W", "ignore", __file__, *job, "--peer", peer, "--output", outputs[peer]]
        seconds = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                seconds[name].append(turn(command, outputs[name]))
        medians = {name: statistics.median(values) for name, values in seconds.items()}
        ours = tifffile.imread(outputs["unetflow"])
        best = min(peers, key=medians.get)
        print(f"{ours.shape[0]} slices of {ours.shape[2]} x {ours.shape[1]}, {options.threads} threads")
        for name, median in sorted(medians.items(), key=lambda item: item[1]):
            equal = float((tifffile.imread(outputs[name]) == ours).mean())
            print(f"  {name:<14}{median:8.2f} s{ours.shape[0] / median:8.2f} slices/s"
                  f"{median / medians['unetflow']:8.2f} x unetflow's time, {100 * equal:.4f} % of pixels equal"
                  + (", best peer" if name == best else ""))


if __name__ == "__main__":
    main()
