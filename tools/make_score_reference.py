#!/usr/bin/env python3
"""Makes tests/data/scores: label images, and their scores by scikit-image and by definitions written down in numpy.

Needs numpy, scipy, scikit-image and tifffile. A label image of one slice may be named, for cells as they lie: the one here is
labels.tif of `unetflow synth --kind cells --size 200 --slices 1 --seed 4`. Without it only the drawn ones are made again.
"""
import json
import sys
from pathlib import Path

import numpy as np
import tifffile
from scipy import ndimage
from scipy.optimize import linear_sum_assignment
from skimage.metrics import variation_of_information

folder = Path(__file__).parent.parent / "tests/data/scores"


def drawn(seed, size, count, gap):
    """Cells nearest to random points, with background where two are almost as near."""
    points = np.random.default_rng(seed).uniform(0, size, (count, 2))
    y, x = np.mgrid[:size, :size]
    distance = np.sort(np.hypot(x[..., None] - points[:, 0], y[..., None] - points[:, 1]), axis=2)
    nearest = np.argmin(np.hypot(x[..., None] - points[:, 0], y[..., None] - points[:, 1]), axis=2) + 1
    return np.where(distance[..., 1] - distance[..., 0] > gap, nearest, 0).astype(np.uint16)


def pairs(truth, prediction):
    """Intersections and unions of all objects, object by object."""
    true_ids, found_ids = np.unique(truth[truth > 0]), np.unique(prediction[prediction > 0])
    shared = np.array([[np.sum((truth == i) & (prediction == j)) for j in found_ids] for i in true_ids])
    union = np.array([[np.sum((truth == i) | (prediction == j)) for j in found_ids] for i in true_ids])
    area = np.array([np.sum(truth == i) for i in true_ids])
    return shared, union, area, len(true_ids), len(found_ids)


def object_scores(truth, prediction):
    shared, union, area, true, found = pairs(truth, prediction)
    jaccard = shared / union
    covered = shared > area[:, None] / 2
    scores = {"seg": float(np.where(covered, jaccard, 0).sum(axis=1).mean()), "ap": {}}
    for percent in range(50, 100, 5):
        rows, columns = linear_sum_assignment(-(jaccard > percent / 100).astype(float))
        hits = int((jaccard[rows, columns] > percent / 100).sum())
        scores["ap"][f"0.{percent}"] = hits / (true + found - hits)
        if percent == 50:
            matched = jaccard[rows, columns][jaccard[rows, columns] > 0.5]
            scores["f1"] = 2 * hits / (true + found)
            scores["pq"] = float(matched.sum() / (hits + (true - hits) / 2 + (found - hits) / 2))
    return scores


def partition_scores(truth, prediction):
    """Pixels of prediction 0 are regions of their own; then scikit-image's definitions hold, with truth 0 left out."""
    alone = prediction.astype(np.int64)
    zero = alone == 0
    alone[zero] = alone.max() + 1 + np.arange(zero.sum())
    inside = truth > 0
    t, p = truth[inside].astype(np.int64), alone[inside]
    split, merge = variation_of_information(t, p)
    table = np.unique(np.stack([t, p]), axis=1, return_counts=True)[1] / t.size
    entropy = lambda q: float(-(q * np.log2(q)).sum())
    of_t, of_p = (np.unique(v, return_counts=True)[1] / v.size for v in (t, p))
    information = entropy(of_t) + entropy(of_p) - entropy(table)
    total = entropy(of_t) + entropy(of_p)
    return {
        "arand": float(1 - 2 * (table**2).sum() / ((of_t**2).sum() + (of_p**2).sum())),
        "v_info": 2 * information / total if total else 1.0,
        "voi_split": float(split),
        "voi_merge": float(merge),
    }


side_by_side = ndimage.generate_binary_structure(2, 1)
by_corner = ndimage.generate_binary_structure(2, 2)


def is_simple(patch):
    """Of 3 x 3 pixels: whether flipping the middle changes no object (4-connected) and no hole (8-connected)."""
    around = patch.copy()
    around[1, 1] = False
    objects = ndimage.label(around, side_by_side)[0]
    touching = set(objects[[0, 1, 1, 2], [1, 0, 2, 1]]) - {0}
    outside = ~patch
    outside[1, 1] = False
    return len(touching) == 1 and ndimage.label(outside, by_corner)[1] == 1


def parted_where_touching(truth):
    inside = truth > 0
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        beside = np.pad(truth, 1)[1 + dy : 1 + dy + truth.shape[0], 1 + dx : 1 + dx + truth.shape[1]]
        inside &= (beside == 0) | (beside == truth)
    return inside


def warping_error(truth, probability, threshold):
    """Jain et al. 2010: warps the truth by simple points, then counts the pixels that would split or merge objects."""
    warped = np.pad(parted_where_touching(truth), 1)
    proposed = np.pad(probability > threshold, 1)
    distance = np.pad(np.abs(probability.astype(np.float64) - threshold), 1)
    left = np.argwhere(warped != proposed)
    left = left[np.argsort(-distance[tuple(left.T)], kind="stable")]
    while True:
        flipped = np.zeros(len(left), bool)
        for i, (y, x) in enumerate(left):
            if is_simple(warped[y - 1 : y + 2, x - 1 : x + 2]):
                warped[y, x] = ~warped[y, x]
                flipped[i] = True
        left = left[~flipped]
        if not flipped.any():
            break
    wrong = 0
    for y, x in left:
        without = warped.copy()
        without[y, x] = False
        objects = ndimage.label(without, side_by_side)[0]
        wrong += len({objects[y - 1, x], objects[y + 1, x], objects[y, x - 1], objects[y, x + 1]} - {0}) > 1
    return wrong / truth.size


def graded(prediction):
    """Probabilities that follow no object."""
    y, x = np.indices(prediction.shape)
    return ((prediction.astype(np.int64) * 37 + x * 7 + y * 13) % 101).astype(np.float32) / np.float32(101)


def warping_scores(truth, prediction):
    return {
        "warping_error": warping_error(truth, (prediction > 0).astype(np.float32), 0.5),
        "warping_error_graded": warping_error(truth, graded(prediction), 0.6),
    }


def write(name, truth, prediction):
    tifffile.imwrite(folder / f"{name}.truth.tif", truth, compression="zlib")
    tifffile.imwrite(folder / f"{name}.prediction.tif", prediction, compression="zlib")
    (folder / f"{name}.json").write_text(
        json.dumps(
            object_scores(truth, prediction) | partition_scores(truth, prediction) | warping_scores(truth, prediction),
            indent=1,
        )
        + "\n"
    )


folder.mkdir(parents=True, exist_ok=True)
write("drawn-shifted", drawn(1, 120, 30, 2), np.roll(drawn(1, 120, 30, 3), (2, -3), (0, 1)))
write("drawn-merged", drawn(2, 100, 25, 2), drawn(2, 100, 25, 2) // 2)
write("drawn-split", drawn(3, 90, 10, 1.5), drawn(4, 90, 40, 1.5))
noise = np.random.default_rng(5)
write("random", noise.integers(0, 6, (40, 50)).astype(np.uint16), noise.integers(0, 5, (40, 50)).astype(np.uint16))
write("nothing-found", drawn(6, 60, 8, 2), np.zeros((60, 60), np.uint16))
if len(sys.argv) > 1:
    cells = np.squeeze(tifffile.imread(sys.argv[1])).astype(np.uint16)
    grown = ndimage.grey_dilation(cells, size=3)
    grown[ndimage.uniform_filter((cells > 0).astype(float), 5) < 0.4] = 0
    write("cells", cells, np.where(grown % 7 == 3, 0, np.roll(grown, 1, 1)))
