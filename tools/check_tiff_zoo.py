#!/usr/bin/env python3
"""Runs `unetflow info` over a folder of odd and broken TIFFs and compares what it says with the folder's manifests.

    check_tiff_zoo.py BINARY [--zoo FOLDER] [--dump DUMP_PAGE] [--verbose]

Checks, per file: no crash; at most 2 seconds and 200 MB; exit code 0 or 65, the latter with one line that names the
file; `ok` and `synth-ok` described as the manifest has them; nothing accepted of which too few bytes are there. With
--dump (the test program tests/dump_page.cpp) the pixels of page 0 are compared with the manifest's hashes too,
and no pixel of a broken file may be read. Needs no package for the descriptions, numpy for the pixels. Exit code 77:
no such folder here.
"""
import argparse
import csv
import hashlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS, MEGABYTES = 2.0, 200
FORMATS = {"1": "u", "2": "i", "3": "f", "4": "u", "5": "c", "6": "c"}
SHORT = {"uint": "u", "bool": "u1", "int": "i", "float": "f"}
# 32-bit floats, in which the reader hands out pixels, cannot hold all values of these.
WIDE = ("uint32", "int32", "uint64", "int64", "float64")
# Broken files that nevertheless hold all bytes of all pages they claim: they may be described. All others are refused.
WHOLE = {
    "ok-baseline.tif", "bps-7.tif", "no-bps.tif", "tags-unsorted.tif", "imagedesc-huge-count.tif", "subifd-self.tif",
    "palette-no-colormap.tif", "fillorder-2-u8.tif", "stripoffset-in-header.tif",
}
# The manifest counts what tifffile lists; libtiff and we find one directory, and the second has no size.
PAGES_DISPUTED = {f"ok/go-fuzz-corpus__{name}.tif" for name in (
    "0cea38__bbbb1726903ce1cb21f0be2eb6f40cc532c70bcb", "7404ac__3b532fef64431b303600723377c79be51ca38270")}
# tifffile undoes a predictor on uncompressed data, libtiff does not: the two disagree, and we go with libtiff.
PIXELS_DISPUTED = {"ok/image-tiff__82453f__hpredict-1c-12b.tiff"}
# Described, but not usable as a stack.
DESCRIBED_ONLY = {"comp-unknown-12345.tif", "comp-ccitt4-8bit.tif", "float-bps8.tif", "ifd-loop-self.tif"}
# Whole by their directories; only decoding the pixels tells.
DAMAGED_PIXELS = ("flip24-", "ifdflip-", "comp-deflate-garbage", "pred3-on-u8")


def run(command, output):
    """Exit code, seconds, megabytes and lines of stderr; stdout goes to the file `output`."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    start = time.monotonic()
    with open(output, "wb") as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, preexec_fn=limit)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        lines = err.read().decode(errors="replace").strip().splitlines()
    return process.returncode, time.monotonic() - start, usage.ru_maxrss / 1024, lines


def expected_synth(row):
    """(pages, height, width, samples, type) from a shape such as 7x97x131 or 97x131x4."""
    shape = [int(n) for n in row["shape"].split("x")]
    name = row["file"]
    pages, samples = 1, 1
    if "rgb" in name or "samples" in name:
        planar = "planar" in name
        samples = shape[0] if planar else shape[-1]
        shape = shape[1:] if planar else shape[:-1]
    elif len(shape) > 2:
        for n in shape[:-2]:
            pages *= n
        shape = shape[-2:]
    kind = re.sub(r"^uint|^bool$|^int|^float", lambda match: SHORT[match[0]], row["dtype"])
    return pages, shape[0], shape[1], samples, kind


def described_wrongly(row, facts):
    """What an `ok` file's description has other than the manifest, in words; empty when nothing."""
    tile = row["tile_or_rps"].split("x")
    layout = facts["layout"]
    height = int(row["height"])
    expected = {
        "pages": (True, int(row["pages"]) in (facts["pages"], facts["directories"]) or row["file"] in PAGES_DISPUTED),
        "width": (facts["width"], int(row["width"])),
        "height": (facts["height"], height),
        "samples": (facts["samples"], int(row["spp"])),
        "type": (facts["type"], FORMATS[row["sampleformat"]] + row["bps"]),
        "planar": (facts["planar"], row["planar"] == "2" and int(row["spp"]) > 1),
        "kind": (layout["kind"], "tiles" if row["tiled"] == "1" else "strips"),
        "big": (facts["bigtiff"], row["bigtiff"] == "1"),
        "byte order": (facts["byte_order"], "big" if row["magic"].startswith("4d4d") else "little"),
    }
    if row["tiled"] == "1":  # the manifest has tiles as width x height
        expected["tile"] = ([layout["width"], layout["height"]], [int(n) for n in tile])
    else:
        expected["strip"] = (layout["height"], min(int(tile[0]), height))
    return [f"{name}: {got}, manifest {want}" for name, (got, want) in expected.items() if got != want]


class Check:
    def __init__(self, options):
        self.options = options
        self.zoo = Path(options.zoo)
        self.failures, self.counts = [], {}
        self.worst_seconds = self.worst_megabytes = 0.0
        self.hashes = {"equal": 0, "refused": 0, "not comparable": 0}
        self.temporary = tempfile.TemporaryDirectory()
        self.output = os.path.join(self.temporary.name, "out")

    def fail(self, name, why):
        self.failures.append(f"{name}: {why}")

    def limits(self, name, code, seconds, megabytes, lines):
        self.worst_seconds = max(self.worst_seconds, seconds)
        self.worst_megabytes = max(self.worst_megabytes, megabytes)
        if code < 0:
            self.fail(name, f"killed by signal {-code}")
        elif code not in (0, 65):
            self.fail(name, f"exit code {code}: {lines[-1:]}")
        if seconds > SECONDS:
            self.fail(name, f"took {seconds:.2f} s")
        if megabytes > MEGABYTES:
            self.fail(name, f"took {megabytes:.0f} MB")
        if code == 65 and (len(lines) != 1 or Path(name).name not in lines[0]):
            self.fail(name, f"a refusal must be one line that names the file: {lines}")

    def describe(self, path):
        """Exit code and JSON of `info`; the limits are checked on the way."""
        name = str(path.relative_to(self.zoo))
        code, seconds, megabytes, lines = run([self.options.binary, "info", str(path), "--json", "-"], self.output)
        self.limits(name, code, seconds, megabytes, lines)
        kind = name.split("/")[0]
        self.counts.setdefault(kind, {}).setdefault(code, 0)
        self.counts[kind][code] += 1
        if self.options.verbose:
            print(name, code, *lines)
        try:
            facts = json.loads(Path(self.output).read_text())
        except ValueError:
            facts = None
        if code == 0 and facts is None:
            self.fail(name, "exit code 0 without JSON")
        return name, code, facts

    def pixels(self, path, wanted, dtype, facts):
        """Page 0 as the reader gives it, against the hash of tifffile's array of type `dtype`."""
        if not self.options.dump:
            return
        import numpy  # here, because the descriptions are checked without it too
        name = str(path.relative_to(self.zoo))
        code, _, megabytes, lines = run([self.options.dump, str(path)], self.output)
        self.limits(name, code, 0, megabytes, lines[-1:])
        if code != 0:
            self.hashes["refused"] += 1
            if facts["stack"] and "NaN" not in lines[-1]:
                self.fail(name, f"described as a stack but not readable: {lines[-1]}")
            return
        pages, height, width, samples = (int(n) for n in lines[0].split()[:4])
        all_pixels = numpy.fromfile(self.output, "<f4")
        if all_pixels.size != pages * height * width * samples:
            self.fail(name, "too few pixels were read")
            return
        if dtype in WIDE:
            self.hashes["not comparable"] += 1
            return
        stack = all_pixels.reshape(pages, height, width, samples)
        pages_wanted = pages if name.startswith("synth-ok/") else 1
        stack = stack[:pages_wanted].astype(dtype)
        if facts["planar"]:
            stack = numpy.moveaxis(stack, 3, 1)
        if hashlib.sha256(numpy.ascontiguousarray(stack).tobytes()).hexdigest()[:16] == wanted:
            self.hashes["equal"] += 1
        elif facts["compression"] in ("jpeg", "lerc", "webp"):
            self.hashes["not comparable"] += 1  # lossy: decoders differ in rounding
        elif name not in PIXELS_DISPUTED:
            what = f"{facts['compression']}, {facts['type']}, {facts['photometric']}"
            self.fail(name, f"page 0 differs from tifffile's ({what})")

    def run(self):
        for row in csv.DictReader(open(self.zoo / "manifest.csv")):
            path = self.zoo / row["file"]
            if not path.exists():
                continue
            name, code, facts = self.describe(path)
            if row["class"] != "ok":
                continue
            if code != 0:
                self.fail(name, f"refused, but it is good: {facts}")
                continue
            for wrong in described_wrongly(row, facts):
                self.fail(name, wrong)
            self.pixels(path, row["page0_sha256_16"], row["page0_dtype"], facts)
        for row in csv.DictReader(open(self.zoo / "synth-manifest.csv")):
            path = self.zoo / row["file"]
            name, code, facts = self.describe(path)
            if name.startswith("synth-ok/"):
                self.synth_ok(path, name, row, code, facts)
            elif code == 0:
                self.accepted(name, facts)
        for path in sorted((self.zoo / "ome-multifile").glob("*.tif*")):
            name, code, facts = self.describe(path)
            if code != 0:
                self.fail(name, "refused, but it is good")

    def synth_ok(self, path, name, row, code, facts):
        if code != 0:
            self.fail(name, f"refused, but it is good: {facts}")
            return
        if "mixed" in name or "2series" in name:
            if facts["stack"]:
                self.fail(name, "pages of different size were taken as a stack")
            return
        wanted = expected_synth(row)
        got = tuple(facts[key] for key in ("pages", "height", "width", "samples", "type"))
        if got != wanted:
            self.fail(name, f"described as {got}, manifest {wanted}")
        self.pixels(path, row["sha256_16"], row["dtype"], facts)

    def accepted(self, name, facts):
        """A broken file that was described: may it be, and are its pixels refused?"""
        base = Path(name).name
        damaged = base.startswith(DAMAGED_PIXELS)
        if base in DESCRIBED_ONLY and facts["stack"]:
            self.fail(name, "must not be usable as a stack")
        elif base not in WHOLE | DESCRIBED_ONLY and not damaged:
            self.fail(name, "accepted although broken or too short")
        if self.options.dump:
            code, _, megabytes, lines = run([self.options.dump, str(self.zoo / name)], self.output)
            self.limits(name, code, 0, megabytes, lines[-1:])
            # Flipped bits in a directory may give another good one; those in deflated pixels never decode.
            if code == 0 and base not in WHOLE and not base.startswith("ifdflip-"):
                self.fail(name, "its pixels were read")

    def report(self):
        for kind, codes in sorted(self.counts.items()):
            print(f"{kind:14} " + ", ".join(f"exit {code}: {count}" for code, count in sorted(codes.items())))
        print(f"at most {self.worst_seconds:.2f} s and {self.worst_megabytes:.0f} MB a file")
        if self.options.dump:
            print("pixels of page 0: " + ", ".join(f"{count} {what}" for what, count in self.hashes.items()))
        for failure in self.failures:
            print("FAILED", failure)
        print(f"{len(self.failures)} failures")
        return 1 if self.failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", help="the unetflow program")
    parser.add_argument("--zoo", default=Path(__file__).resolve().parents[2] / "shared/data/tiff-zoo")
    parser.add_argument("--dump", help="the dump_page test program, to compare pixels")
    parser.add_argument("--verbose", action="store_true", help="one line per file")
    options = parser.parse_args()
    if not Path(options.zoo).is_dir():
        print(f"skipped: {options.zoo} is not here")
        return 77
    check = Check(options)
    check.run()
    return check.report()


if __name__ == "__main__":
    sys.exit(main())
