#!/usr/bin/env python3
"""Writes the TIFFs in tests/data/tiff, and the table of what they hold, with tifffile: code that is not libtiff's.

Needs numpy, tifffile and imagecodecs. Run it only to add cases; its output is checked in.

A pixel's value is scale * ((37 * (7 page + 3 sample + 1) + 11 y + 5 x + x y) mod modulus) + offset, so that the tests
can compute it anew. The table's columns:
file pages height width samples type modulus scale offset voxel_x voxel_y voxel_z unit
"""
from pathlib import Path

import numpy
import tifffile

FOLDER = Path(__file__).resolve().parents[1] / "tests/data/tiff"
HEIGHT, WIDTH = 21, 37
# Our name: numpy's name, modulus, scale, offset. Scales and offsets reach the ends of each type and stay exact in it.
TYPES = {
    "u8": ("uint8", 256, 1, 0),
    "i8": ("int8", 256, 1, -128),
    "u16": ("uint16", 251, 261, 3),
    "i16": ("int16", 251, 261, -32768),
    "u32": ("uint32", 251, 17111423, 5),
    "i32": ("int32", 251, 17111423, -2147483648),
    "u64": ("uint64", 251, 17111423, 5),
    "i64": ("int64", 251, 17111423, -2147483648),
    "f16": ("float16", 251, 0.125, -9),
    "f32": ("float32", 251, 0.125, -9),
    "f64": ("float64", 251, 0.125, -9),
}
rows = []


def pixels(name, pages=1, samples=1, height=HEIGHT, width=WIDTH, modulus=None):
    """[page, y, x, sample] of type `name`."""
    dtype, own_modulus, scale, offset = TYPES[name]
    page, y, x, s = numpy.ogrid[:pages, :height, :width, :samples]
    n = (37 * (7 * page + 3 * s + 1) + 11 * y + 5 * x + x * y) % (modulus or own_modulus)
    if numpy.dtype(dtype).kind == "f":
        return (n * scale + offset).astype(dtype)
    return (n.astype("int64") * scale + offset).astype(dtype)


def note(file, name, pages=1, samples=1, height=HEIGHT, width=WIDTH, modulus=None, voxel=(0, 0, 0, "-")):
    _, own_modulus, scale, offset = TYPES[name]
    shown = "f32" if name == "f16" else name
    rows.append((file, pages, height, width, samples, shown, modulus or own_modulus, scale, offset, *voxel))


def case(file, name, pages=1, samples=1, planar=False, height=HEIGHT, width=WIDTH, modulus=None, voxel=(0, 0, 0, "-"),
         writer=None, **options):
    data = pixels(name, pages, samples, height, width, modulus)
    data = numpy.moveaxis(data, 3, 1) if planar else data
    if samples == 1:
        data = data[..., 0] if not planar else data[:, 0]
    if samples > 1:
        options["planarconfig"] = "separate" if planar else "contig"
    options.setdefault("photometric", "minisblack")
    options.setdefault("metadata", None)
    with tifffile.TiffWriter(FOLDER / file, **(writer or {})) as tiff:
        for page in data:
            tiff.write(page, **options)
    note(file, name, pages, samples, height, width, modulus, voxel)


def types_and_byte_orders():
    for name in TYPES:
        case(f"{name}-le.tif", name, rowsperstrip=8)
        case(f"{name}-be.tif", name, rowsperstrip=8, writer={"byteorder": ">"})
    case("u16-be-tiles.tif", "u16", tile=(16, 16), writer={"byteorder": ">"})
    case("f32-be-big-deflate.tif", "f32", compression="deflate", writer={"byteorder": ">", "bigtiff": True})


def codecs():
    for codec in ("lzw", "deflate", "packbits", "lzma", "zstd"):
        case(f"u8-{codec}-strips.tif", "u8", compression=codec, rowsperstrip=5)
        case(f"u16-{codec}-tiles.tif", "u16", compression=codec, tile=(16, 16))
    case("u8-old-deflate.tif", "u8", compression=32946)
    for codec in ("lzw", "deflate", "zstd"):
        case(f"u16-{codec}-horizontal.tif", "u16", compression=codec, predictor=2)
        case(f"f32-{codec}-float.tif", "f32", compression=codec, predictor=3, tile=(16, 32))
    case("u32-lzw-horizontal-be.tif", "u32", compression="lzw", predictor=2, writer={"byteorder": ">"})
    case("f32-lerc.tif", "f32", compression="lerc", height=64, width=64)
    case("rgb-webp-lossless.tif", "u8", samples=3, compression="webp", compressionargs={"lossless": True},
         photometric="rgb")


def layouts():
    case("one-strip.tif", "u16", rowsperstrip=HEIGHT)
    case("one-row-strips-big.tif", "u8", rowsperstrip=1, writer={"bigtiff": True})
    case("tile-larger-than-page.tif", "u8", tile=(64, 128))
    case("one-pixel.tif", "u16", height=1, width=1)
    case("one-row.tif", "u8", height=1, width=300)
    case("one-column.tif", "u8", height=300, width=1)
    case("two-samples-interleaved.tif", "u16", samples=2, rowsperstrip=4)
    case("three-planes-strips.tif", "u8", samples=3, planar=True, rowsperstrip=4, photometric="rgb")
    case("three-planes-tiles-deflate.tif", "f32", samples=3, planar=True, tile=(16, 16), compression="deflate")
    case("five-interleaved-tiles-be.tif", "u16", samples=5, tile=(16, 16), writer={"byteorder": ">"})
    case("seven-pages.tif", "u8", pages=7, compression="deflate")
    case("seven-pages-big-planes.tif", "u16", pages=7, samples=2, planar=True, writer={"bigtiff": True})


def unusual_samples():
    case("min-is-white.tif", "u8", photometric="miniswhite")
    case("palette.tif", "u8", photometric="palette", colormap=numpy.zeros((3, 256), "uint16"))
    for bits in (2, 4, 12, 14):
        name = "u8" if bits <= 8 else "u16"
        data = pixels("u8", modulus=2 ** min(bits, 8))[0, :, :, 0].astype("uint8" if bits <= 8 else "uint16")
        tifffile.imwrite(FOLDER / f"u{bits}.tif", data, photometric="minisblack", metadata=None, bitspersample=bits,
                         rowsperstrip=4)
        rows.append((f"u{bits}.tif", 1, HEIGHT, WIDTH, 1, name, 2 ** min(bits, 8), 1, 0, 0, 0, 0, "-"))
    bits = pixels("u8", modulus=2)[0, :, :, 0].astype(bool)
    tifffile.imwrite(FOLDER / "u1.tif", bits, photometric="minisblack", metadata=None, rowsperstrip=4)
    note("u1.tif", "u8", modulus=2)
    tifffile.imwrite(FOLDER / "u1-lzw-tiles.tif", bits, photometric="minisblack", metadata=None, compression="lzw",
                     tile=(16, 16))
    note("u1-lzw-tiles.tif", "u8", modulus=2)


def metadata():
    microscope = (0.25, 0.5, 2, "µm")
    stack = pixels("u16", pages=12)[..., 0].reshape(2, 3, 2, HEIGHT, WIDTH)
    spacing = {"spacing": 2, "unit": "um", "axes": "TZCYX"}
    for file, truncate in (("imagej-hyperstack.tif", False), ("imagej-one-directory.tif", True)):
        tifffile.imwrite(FOLDER / file, stack, imagej=True, resolution=(4, 2), metadata=spacing,
                         truncate=truncate)
        note(file, "u16", pages=12, voxel=microscope)
    tifffile.imwrite(FOLDER / "imagej-one-directory-be.tif", stack.astype(">u2"), imagej=True, byteorder=">",
                     resolution=(4, 2), metadata=spacing, truncate=True)
    note("imagej-one-directory-be.tif", "u16", pages=12, voxel=microscope)

    planes = pixels("u8", pages=4)[..., 0]
    sizes = {"axes": "ZYX",
             "PhysicalSizeX": 4, "PhysicalSizeXUnit": "nm", "PhysicalSizeY": 4, "PhysicalSizeYUnit": "nm",
             "PhysicalSizeZ": 0.05, "PhysicalSizeZUnit": "µm"}
    tifffile.imwrite(FOLDER / "stack.ome.tif", planes, ome=True, metadata=sizes, compression="deflate")
    note("stack.ome.tif", "u8", pages=4, voxel=(4, 4, 50, "nm"))
    with tifffile.TiffWriter(FOLDER / "pyramid.ome.tif", ome=True) as tiff:
        tiff.write(planes, subifds=1, metadata=sizes, photometric="minisblack")
        tiff.write(planes[:, ::2, ::2], subfiletype=1, photometric="minisblack")
    note("pyramid.ome.tif", "u8", pages=4, voxel=(4, 4, 50, "nm"))

    with tifffile.TiffWriter(FOLDER / "thumbnail-first.tif") as tiff:
        tiff.write(planes[0, ::4, ::4], subfiletype=1, photometric="minisblack", metadata=None)
        for plane in planes[:2]:
            tiff.write(plane, photometric="minisblack", metadata=None)
    note("thumbnail-first.tif", "u8", pages=2)
    case("resolution-cm.tif", "u8", resolution=(20000, 40000), resolutionunit="CENTIMETER", voxel=(0.5, 0.25, 0, "µm"))
    case("resolution-72-dpi.tif", "u8", resolution=(72, 72), resolutionunit="INCH")


def series():
    """Images of an OME-TIFF, and planes in another order than that of the file; see tests/stack/image_stack_test.cpp."""
    planes = pixels("u8", pages=6)[..., 0]
    order = [4, 0, 5, 2, 1, 3]  # of the planes in the file
    data = "".join(f'<TiffData FirstZ="{plane % 3}" FirstC="{plane // 3}" IFD="{order.index(plane)}"/>'
                   for plane in range(6))
    xml = ('<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
           '<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="37" SizeY="21" '
           f'SizeZ="3" SizeC="2" SizeT="1">{data}</Pixels></Image></OME>')
    with tifffile.TiffWriter(FOLDER / "out-of-order.ome.tif") as tiff:
        for plane in order:
            tiff.write(planes[plane], photometric="minisblack", metadata=None, description=xml if plane == 4 else None)
    note("out-of-order.ome.tif", "u8", pages=6)

    with tifffile.TiffWriter(FOLDER / "two-series.ome.tif", ome=True) as tiff:
        tiff.write(planes[:4], photometric="minisblack", metadata={"axes": "ZYX"})
        tiff.write(planes[4:6, :10, :12], photometric="minisblack", metadata={"axes": "CYX"})
    with tifffile.TiffWriter(FOLDER / "two-sizes.tif") as tiff:
        for plane in (planes[0], planes[1, :10, :12], planes[2]):
            tiff.write(plane, photometric="minisblack", metadata=None)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for make in (types_and_byte_orders, codecs, layouts, unusual_samples, metadata, series):
        make()
    with open(FOLDER / "cases.txt", "w", encoding="utf-8") as table:
        for row in rows:
            print(*row, file=table)
    total = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(rows)} cases, {total} bytes")


if __name__ == "__main__":
    main()
