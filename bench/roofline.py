#!/usr/bin/env python3
"""Draws the layers of `unetflow bench --json` runs under the roofs of their machine, as SVG.

    unetflow bench --width 32 --json w32.json
    python3 bench/roofline.py --output roofline.svg w32.json
"""
import argparse
import json
import math
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 520, 70, 20, 40, 60
COLOURS = ("#1b6ca8", "#d1495b", "#2a9d8f", "#8d6a9f")


class LogAxis:
    """Maps values between low and high to pixels between begin and end."""

    def __init__(self, low, high, begin, end):
        self.low, self.high, self.begin, self.end = low, high, begin, end

    def __call__(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.begin + share * (self.end - self.begin)

    def ticks(self):
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        values = [factor * 10.0 ** decade for decade in decades for factor in (1, 2, 5)]
        return [value for value in values if self.low <= value <= self.high]


def points_of(run):
    """(name, operations per byte, GFLOP/s) of every layer that multiplies."""
    for layer in run["layers"]:
        if "gflops" in layer:
            operations = layer["gflops"] * 1e9 * layer["seconds"]
            yield layer["name"], operations / layer["bytes_moved"], layer["gflops"]


def text(x, y, words, anchor="middle", colour="#333", size=12, turn=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}"{turn}>'
            f"{escape(words)}</text>")


def line(x1, y1, x2, y2, colour, width=1.0, dash=""):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"'
            f'{f""" stroke-dasharray="{dash}" """ if dash else ""}/>')


def grid(x, y):
    for value in x.ticks():
        yield line(x(value), TOP, x(value), HEIGHT - BOTTOM, "#e6e6e6")
        yield text(x(value), HEIGHT - BOTTOM + 18, f"{value:g}")
    for value in y.ticks():
        yield line(LEFT, y(value), WIDTH - RIGHT, y(value), "#e6e6e6")
        yield text(LEFT - 8, y(value) + 4, f"{value:g}", "end")
    yield text((LEFT + WIDTH) / 2, HEIGHT - 16, "operations per byte moved (of the definition; activations and filters once)")
    yield text(20, HEIGHT / 2, "GFLOP/s", turn=f' transform="rotate(-90 20 {HEIGHT / 2})"')


def roofs(x, y, peak, bandwidth, winograd=4):
    """The machine's, and what F(4x4, 3x3) can reach with a quarter of the multiplications."""
    for height, words, dash in ((peak, f"multiply-add peak, {peak:.0f} GFLOP/s", ""),
                                (winograd * peak, "the same with F(4x4, 3x3)", "6 4")):
        ridge = height / bandwidth
        yield line(x(max(x.low, y.low / bandwidth)), y(max(y.low, x.low * bandwidth)), x(ridge), y(height), "#555", 1.5, dash)
        yield line(x(ridge), y(height), x(x.high), y(height), "#555", 1.5, dash)
        yield text(x(x.high) - 4, y(height) - 6, words, "end", "#555")
    yield text(x(2.5 * x.low) + 12, y(2.5 * x.low * bandwidth) + 10, f"memory, {bandwidth:.0f} GB/s", "start", "#555")


def layers(x, y, runs):
    for index, run in enumerate(runs):
        colour = COLOURS[index % len(COLOURS)]
        for name, intensity, gflops in points_of(run):
            mark = (f'<path d="M{x(intensity) - 4:.1f} {y(gflops) + 4:.1f}h8l-4 -8z" fill="{colour}"' if ".up" in name else
                    f'<circle cx="{x(intensity):.1f}" cy="{y(gflops):.1f}" r="4" fill="{colour}"')
            yield f"{mark} fill-opacity=\"0.8\"><title>{escape(name)}: {gflops:.0f} GFLOP/s</title></{'path' if '.up' in name else 'circle'}>"
            if name in ("head", "encoder.0.conv1"):
                yield text(x(intensity) + 8, y(gflops) + 4, name, "start", colour, 11)
        yield text(LEFT + 10 + 110 * index, TOP - 14, f"width {run['width']}", "start", colour, 13)
    yield text(WIDTH - RIGHT, TOP - 14, "circles: convolutions; triangles: up-convolutions", "end", "#555")


def picture(runs):
    points = [point for run in runs for point in points_of(run)]
    peak = max(run["fma_peak_gflops"] for run in runs)
    bandwidth = max(run["memory_peak_gbs"] for run in runs)
    x = LogAxis(min(p[1] for p in points) / 1.6, max(p[1] for p in points) * 1.6, LEFT, WIDTH - RIGHT)
    y = LogAxis(min(p[2] for p in points) / 1.6, 4 * peak * 1.4, HEIGHT - BOTTOM, TOP)
    parts = [*grid(x, y), *roofs(x, y, peak, bandwidth), *layers(x, y, runs)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="sans-serif">\n<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", help="files that `unetflow bench --json` wrote, on one machine")
    parser.add_argument("--output", required=True, help="the picture, .svg")
    arguments = parser.parse_args()
    runs = []
    for name in arguments.runs:
        with open(name, encoding="utf-8") as file:
            runs.append(json.load(file))
    with open(arguments.output, "w", encoding="utf-8") as file:
        file.write(picture(runs))


if __name__ == "__main__":
    main()
