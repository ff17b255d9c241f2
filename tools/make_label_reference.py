#!/usr/bin/env python3
"""Makes tests/data/labels: probabilities, the objects that scikit-image finds in them, and what it measures of those.

Needs numpy, scipy, scikit-image and tifffile: python3 -m venv /tmp/skimage && /tmp/skimage/bin/pip install scikit-image tifffile
(made with scikit-image 0.26.0).

    make_label_reference.py                          makes the files
    make_label_reference.py --check UNETFLOW FILE... compares the program with scikit-image on label images of any size: their
                                                     foreground, and probabilities whose order is that of a smoothed distance

Watersheds agree where they are defined alike. Both flood the likeliest pixel first, and of equal ones that which was found first. But
scikit-image begins with the pixels of seeds by their values, and equal ones in any order, `label` by their places: so here the values
of seeds follow their places. And it finds neighbours in another order, so no two pixels outside of seeds are equally likely.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import tifffile
from scipy import ndimage
from skimage.measure import label, regionprops
from skimage.segmentation import watershed

folder = Path(__file__).parent.parent / "tests/data/labels"
voxel = (2.0, 0.25, 0.5)  # z, y, x in micrometres


def by_slices(pages, find, *more):
    """Objects of each slice by itself, numbered on."""
    found, before = [], 0
    for arguments in zip(pages, *more):
        objects = find(*arguments).astype(np.int64)
        found.append(np.where(objects > 0, objects + before, 0))
        before += objects.max()
    return np.stack(found)


def numbered(objects):
    """In the order of their first pixels."""
    ids, first, inverse = np.unique(objects, return_index=True, return_inverse=True)
    number = np.zeros(len(ids), np.int64)
    order = np.argsort(first)
    order = order[ids[order] > 0]
    number[order] = 1 + np.arange(len(order))
    return number[inverse].reshape(objects.shape)


def without_small(objects, smallest):
    return np.where(np.bincount(objects.ravel())[objects] >= smallest, objects, 0)


def components(foreground, volume, corners, smallest=1):
    connectivity = foreground.ndim - (not volume) if corners else 1
    find = lambda mask: label(mask, connectivity=connectivity)
    objects = find(foreground) if volume else by_slices(foreground, find)
    return numbered(without_small(objects, smallest))


def parted(p, threshold, seed, volume, corners, smallest=1):
    """Seeds of `smallest` pixels; pieces without one are objects, too."""
    pieces = components(p > threshold, volume, corners, smallest)
    seeds = components(p > seed, volume, corners, smallest)
    seeded = np.zeros(pieces.max() + 1, bool)
    seeded[np.unique(pieces[seeds > 0])] = True
    markers = np.where(seeds > 0, seeds, np.where(seeded[pieces], 0, pieces + seeds.max()) * (pieces > 0))
    places = np.arange(p.size).reshape(p.shape) / p.size
    landscape = np.where(markers > 0, places - 3, -p)
    connectivity = p.ndim - (not volume) if corners else 1
    find = lambda l, m, inside: watershed(l, m, mask=inside, connectivity=connectivity)
    if volume:
        objects = find(landscape, markers, pieces > 0)
    else:
        objects = np.stack([find(l, m, q > 0) for l, m, q in zip(landscape, markers, pieces)])
    return numbered(without_small(objects, smallest))


def distinct(field, highest):
    """Values from 0 to `highest` in the same order, no two of them equal."""
    rank = np.empty(field.size, np.int64)
    rank[np.argsort(field.ravel(), kind="stable")] = np.arange(field.size)
    return (rank * (highest / (field.size - 1))).reshape(field.shape)


def measured(objects, volume):
    """The lines of the table that `label --csv` writes."""
    lines = []
    pixel, unit = regionprops(objects), regionprops(objects, spacing=voxel)
    for of_pixels, of_units in zip(pixel, unit):
        z, y, x, z_end, y_end, x_end = of_pixels.bbox
        cz, cy, cx = of_pixels.centroid
        uz, uy, ux = of_units.centroid
        size = int(of_pixels.area)
        if volume:
            line = [of_pixels.label, size, x, y, z, x_end - x, y_end - y, z_end - z, cx, cy, cz, of_units.area, ux, uy, uz]
        else:
            line = [of_pixels.label, z, size, x, y, x_end - x, y_end - y, cx, cy, of_units.area / voxel[0], ux, uy]
        lines.append([round(float(v), 7) for v in line])
    return lines


def noise(pages, height, width):
    """Bytes that follow from their places, as the test in tests/pipeline/label_reference_test.cpp computes them."""
    z, y, x = np.indices((pages, height, width), dtype=np.uint32)
    h = x * np.uint32(73856093) ^ y * np.uint32(19349663) ^ z * np.uint32(83492791)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0x5BD1E995)
    return ((h ^ (h >> np.uint32(15))) >> np.uint32(8)).astype(np.uint8)


def checksum(objects):
    place = 1 + np.arange(objects.size, dtype=np.uint64)
    return int((place * objects.ravel().astype(np.uint64)).sum(dtype=np.uint64))


def make():
    folder.mkdir(parents=True, exist_ok=True)
    field = ndimage.gaussian_filter(np.random.default_rng(1).normal(size=(5, 60, 70)), (0.7, 1.5, 1.5))
    p16 = np.round(distinct(field, 65535)).astype(np.uint16)
    both = np.stack([65535 - p16, p16], axis=1)
    sizes = {"PhysicalSizeX": voxel[2], "PhysicalSizeY": voxel[1], "PhysicalSizeZ": voxel[0]}
    units = {f"PhysicalSize{axis}Unit": "µm" for axis in "XYZ"}
    tifffile.imwrite(folder / "probabilities.ome.tif", both, ome=True, compression="zlib", photometric="minisblack",
                     metadata={"axes": "ZCYX"} | sizes | units)
    tifffile.imwrite(folder / "probabilities.imagej.tif", both, imagej=True, resolution=(1 / voxel[2], 1 / voxel[1]),
                     metadata={"axes": "ZCYX", "spacing": voxel[0], "unit": "um"})
    p = (p16 / 65535).astype(np.float32).astype(np.float64)
    cases = []
    for volume in (False, True):
        for corners in (False, True):
            for method, smallest in (("components", 1), ("components", 9), ("watershed", 1), ("watershed", 4)):
                options = ["--method", method, "--threshold", "0.6", "--min-size", str(smallest)]
                options += ["--volume"] if volume else []
                options += ["--connectivity", ("26" if volume else "8") if corners else ("6" if volume else "4")]
                if method == "watershed":
                    options += ["--seed", "0.8"]
                    objects = parted(p, 0.6, 0.8, volume, corners, smallest)
                else:
                    objects = components(p > 0.6, volume, corners, smallest)
                name = f"{method}{'-volume' if volume else ''}{'-corners' if corners else ''}-{smallest}.tif"
                tifffile.imwrite(folder / name, objects.astype(np.uint16), compression="zlib")
                cases.append({"labels": name, "options": options, "objects": measured(objects, volume)})
    many = []
    foreground = noise(20, 300, 400) < 40
    for volume in (False, True):
        for corners in (False, True):
            objects = components(foreground, volume, corners)
            connectivity = ("26" if volume else "8") if corners else ("6" if volume else "4")
            many.append({"options": ["--connectivity", connectivity] + (["--volume"] if volume else []),
                         "count": int(objects.max()), "checksum": checksum(objects)})
    z, y, x = np.indices((28, 1203, 400))
    balls = (z % 4 < 3) & (y % 12 < 3) & (x % 4 < 3) & (y < 1200) | (y == 1201)
    objects = components(balls, True, False)
    (folder / "cases.json").write_text(
        json.dumps({"cases": cases, "many": many, "balls": {"count": int(objects.max()), "checksum": checksum(objects)}}).replace('{"labels"', '\n{"labels"').replace('{"options"', '\n{"options"')
        + "\n"
    )


def found_by(program, image, options):
    with tempfile.TemporaryDirectory() as place:
        axes = "ZCYX" if image.ndim == 4 else "ZYX"
        tifffile.imwrite(f"{place}/in.tif", image, ome=True, photometric="minisblack", metadata={"axes": axes})
        subprocess.run([program, "label", "--quiet", "--input", f"{place}/in.tif", "--output", f"{place}/out.tif"] + options,
                       check=True, stdout=subprocess.DEVNULL)
        return tifffile.imread(f"{place}/out.tif").reshape(image.shape[0], *image.shape[-2:])


def likely(foreground):
    """Probabilities of pixels by how deep they lie, no two equal."""
    depth = np.stack([ndimage.distance_transform_edt(page) for page in foreground])
    return distinct(ndimage.gaussian_filter(depth, (0, 2, 2)), 1).astype(np.float32)


def check(program, files):
    equal = True
    for file in files:
        truth = np.squeeze(tifffile.imread(file))
        truth = truth.reshape(-1, *truth.shape[-2:])
        mask = (truth > 0).astype(np.uint8)
        p = likely(mask)
        threshold = float(np.quantile(p, 1 - mask.mean() * 0.9))
        seed = float(np.quantile(p, 1 - mask.mean() * 0.3))
        for volume in (False, True):
            for corners in (False, True):
                more = ["--connectivity", ("26" if volume else "8") if corners else ("6" if volume else "4")]
                more += ["--volume"] if volume else []
                expected = components(mask > 0, volume, corners)
                same = np.array_equal(found_by(program, mask, more), expected)
                pieces = parted(p.astype(np.float64), threshold, seed, volume, corners, 3)
                more += ["--method", "watershed", "--threshold", repr(threshold), "--seed", repr(seed), "--min-size", "3"]
                same_parts = np.array_equal(found_by(program, np.stack([1 - p, p], axis=1), more), pieces)
                equal &= same and same_parts
                print(f"{Path(file).name} {mask.shape} {' '.join(more[:2])}{' volume' if volume else ''}: "
                      f"{expected.max()} components {'equal' if same else 'DIFFER'}, "
                      f"{pieces.max()} of a watershed {'equal' if same_parts else 'DIFFER'}")
    return equal


if sys.argv[1:2] == ["--check"]:
    sys.exit(0 if check(sys.argv[2], sys.argv[3:]) else 1)
make()
