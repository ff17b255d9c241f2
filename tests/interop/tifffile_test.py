#!/usr/bin/env python3
"""What `unetflow` writes, as tifffile reads it: axes, names, sizes, levels, pixels; and channels that tifffile writes.

    tifffile_test.py UNETFLOW DUMP_PAGE

DUMP_PAGE is the test program tests/dump_page.cpp: the pixels as our own reader has them. Where libtiff's tiffinfo is
installed, it has to read every directory without a word on stderr. Exit code 77: no numpy or tifffile here.
"""
import logging
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from written_files import CLASSES, LEVELS, NAMES, NM, PAGES, VOXEL, expect, images_and_model, numpy, run, segment, tifffile

UNETFLOW, DUMP_PAGE = sys.argv[1:3]
DTYPES = {"u8": "uint8", "u16": "uint16", "f32": "float32"}


def expect_equal(found, wanted, what):
    expect((found.shape, found.dtype), (wanted.shape, wanted.dtype), what)
    if not numpy.array_equal(found, wanted):
        sys.exit(f"{what}: {numpy.count_nonzero(found != wanted)} of {found.size} pixels differ")


def own_reader(path, *how):
    """[page, 1, y, x] in float32, as StackReader reads it: a page for each channel. With --slices: [z, c, y, x]."""
    done = subprocess.run([DUMP_PAGE, *how, str(path)], capture_output=True, check=True)
    pages, height, width, samples = map(int, done.stderr.split()[:4])
    return numpy.moveaxis(numpy.frombuffer(done.stdout, numpy.float32).reshape(pages, height, width, samples), 3, 1)


def squares(planes):
    """The up to four pixels that each pixel of the next level stands for, and which of them are there: two arrays
    [4, ..., y, x], row by row."""
    height, width = planes.shape[-2:]
    padding = [(0, 0)] * (planes.ndim - 2) + [(0, height % 2), (0, width % 2)]
    padded, inside = numpy.pad(planes, padding), numpy.pad(numpy.ones(planes.shape, bool), padding)
    quarters = [(y, x) for y in (0, 1) for x in (0, 1)]
    return tuple(numpy.stack([array[..., y::2, x::2] for y, x in quarters]) for array in (padded, inside))


def mean_of_squares(planes):
    values, inside = squares(planes)
    if planes.dtype.kind == "f":
        sums = (values[0] + values[1]) + (values[2] + values[3])  # what is not there counts 0
        return sums / inside.sum(axis=0).astype(planes.dtype)
    sums, count = values.astype("uint64").sum(axis=0), inside.sum(axis=0).astype("uint64")
    return ((2 * sums + count) // (2 * count)).astype(planes.dtype)


def most_frequent_of_squares(planes):
    values, inside = squares(planes)
    equal = sum(((values == values[i]) & inside & inside[i]).astype(int) for i in range(4))
    return numpy.take_along_axis(values, equal.argmax(axis=0)[None], axis=0)[0]  # the first of the most frequent


def check_directories(file, name, levels):
    expect((file.is_bigtiff, file.byteorder), (True, "<"), name)
    for page in file.pages:
        for directory in [page, *(page.pages or [])]:
            expect(directory.tile, (512, 512), f"{name} tile")
            expect(directory.predictor, 1, f"{name} predictor")
            expect(directory.samplesperpixel, 1, f"{name} samples")
        expect(len(page.subifds or ()), levels - 1, f"{name} subdirectories")
        centimetres = [10_000_000 / NM[axis] for axis in "xy"]
        expect([round(1e6 * n / d / c) for (n, d), c in zip((page.tags["XResolution"].value, page.tags["YResolution"].value),
                                                           centimetres)], [1_000_000] * 2, f"{name} resolution")


def check_metadata(file, name, channels, facts):
    ome = tifffile.xml2dict(file.ome_metadata)["OME"]
    pixels = ome["Image"]["Pixels"]
    expect({key: pixels[key] for key in VOXEL}, VOXEL, f"{name} physical sizes")
    found = pixels["Channel"] if isinstance(pixels["Channel"], list) else [pixels["Channel"]]
    expect([str(channel["Name"]) for channel in found], channels, f"{name} names of channels")
    if not facts:
        return
    entries = ome["StructuredAnnotations"]["MapAnnotation"]["Value"]["M"]
    expect([entry["K"] for entry in entries], sorted(facts), f"{name} metadata")


def check_output(path, axes, dtype, channels, reduce, levels=LEVELS, facts=("classes", "emit", "input", "model",
                                                                           "normalisation", "unetflow")):
    with tifffile.TiffFile(path) as file:
        check_directories(file, path.name, len(levels))
        check_metadata(file, path.name, channels, facts)
        expect((file.is_ome, len(file.series)), (True, 1), path.name)
        series = file.series[0]
        expect((series.axes, str(series.dtype)), (axes, dtype), f"{path.name} axes and type")
        outer = (PAGES, CLASSES) if "C" in axes else (PAGES,)
        expect([level.shape for level in series.levels], [outer + size for size in levels], f"{path.name} levels")
        pixels = [level.asarray() for level in series.levels]
    own = own_reader(path)
    expect_equal(pixels[0].reshape(own.shape).astype(numpy.float32), own, f"{path.name} pixels")
    for level in range(1, len(pixels)):
        expect_equal(pixels[level], reduce(pixels[level - 1]), f"{path.name} level {level}")
    if shutil.which("tiffinfo"):
        told = subprocess.run(["tiffinfo", path], capture_output=True)
        expect((told.returncode, told.stderr), (0, b""), f"{path.name} tiffinfo")
        expect(told.stdout.count(b"Tile Width: 512"), len(pixels) * numpy.prod(outer), f"{path.name} tiffinfo directories")
    return pixels[0]


def check_segmentations(folder):
    segment(UNETFLOW, folder, "plain.tif", "--emit", "classes,probabilities")
    classes = check_output(folder / "plain.classes.tif", "ZYX", "uint8", ["classes"], None, LEVELS[:1])
    probabilities = check_output(folder / "plain.probabilities.tif", "ZCYX", "uint8", NAMES, None, LEVELS[:1])
    if len(numpy.unique(classes)) < 2:
        sys.exit("the model knows one class only, which tests nothing")
    for layout in ("bands", "preallocated"):
        for type_name, dtype in DTYPES.items():
            stem = f"{layout}-{type_name}"
            segment(UNETFLOW, folder, f"{stem}.tif", "--emit", "classes,probabilities", "--probability-type", type_name,
                    "--output-layout", layout, "--pyramid")
            found = check_output(folder / f"{stem}.classes.tif", "ZYX", "uint8", ["classes"], most_frequent_of_squares)
            expect_equal(found, classes, f"{stem} classes, with and without levels")
            found = check_output(folder / f"{stem}.probabilities.tif", "ZCYX", dtype, NAMES, mean_of_squares)
            if type_name == "u8":
                expect_equal(found, probabilities, f"{stem} probabilities, with and without levels")


def check_objects(folder):
    run(UNETFLOW, "label", "--input", folder / "bands-u8.probabilities.tif", "--output", folder / "objects.tif", "--quiet",
        "--min-size", 100, "--pyramid")
    check_output(folder / "objects.tif", "ZYX", "uint16", ["objects"], most_frequent_of_squares, facts=())


def check_channels_of_others(folder):
    """Channels that tifffile puts into directories of their own, in any order of planes, are channels."""
    pixels = numpy.random.default_rng(2).integers(0, 256, (PAGES, 3, 40, 50), "uint8")  # [z, c, y, x]
    for options in ({"ome": True}, {"imagej": True}):
        for axes in ("ZCYX", "CZYX") if "ome" in options else ("ZCYX",):
            path = folder / ("channels.ome.tif" if "ome" in options else "channels.tif")
            tifffile.imwrite(path, pixels if axes == "ZCYX" else pixels.swapaxes(0, 1), photometric="minisblack",
                             metadata={"axes": axes}, **options)
            expect_equal(own_reader(path, "--slices"), pixels.astype(numpy.float32), axes)


def main():
    complaints = []
    handler = logging.Handler()
    handler.emit = lambda record: complaints.append(record.getMessage())
    logging.getLogger("tifffile").addHandler(handler)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images_and_model(UNETFLOW, folder)
        check_segmentations(folder)
        check_objects(folder)
        check_channels_of_others(folder)
    expect(complaints, [], "what tifffile complained about")
    print("tifffile reads what is written")


if __name__ == "__main__":
    main()
