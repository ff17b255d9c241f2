"""What the tests of other programs' readers share: files that `unetflow` writes, and how they are judged."""
import subprocess
import sys

try:
    import numpy
    import tifffile
except ImportError as missing:
    print(f"skipped: {missing}; tools/setup.sh installs it")
    sys.exit(77)

PAGES, HEIGHT, WIDTH, CLASSES = 2, 1127, 1301, 3
LEVELS = [(1127, 1301), (564, 651), (282, 326)]
NM = {"x": 4.0, "y": 6.0, "z": 50.0}
VOXEL = {f"PhysicalSize{axis.upper()}{end}": value for axis, size in NM.items() for end, value in (("", size), ("Unit", "nm"))}
NAMES = ["0", "1", "2"]  # what training calls classes that are labelled by number


def expect(found, wanted, what):
    if found != wanted:
        sys.exit(f"{what}: {found!r}, not {wanted!r}")


def run(*arguments):
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True)
    if done.returncode:
        sys.exit(f"{arguments} ended with {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def images_and_model(unetflow, folder):
    """A stack of blobs, written by tifffile with its voxel size, and a model that has seen it for a few steps."""
    random = numpy.random.default_rng(1)
    coarse = random.integers(0, 200, (PAGES, HEIGHT // 9 + 1, WIDTH // 9 + 1))
    image = coarse.repeat(9, 1).repeat(9, 2)[:, :HEIGHT, :WIDTH] + random.integers(0, 56, (PAGES, HEIGHT, WIDTH))
    tifffile.imwrite(folder / "images.ome.tif", image.astype("uint8"), metadata={"axes": "ZYX", **VOXEL})
    tifffile.imwrite(folder / "labels.tif", (image // 86).astype("uint8"), photometric="minisblack")
    run(unetflow, "train", "--images", folder / "images.ome.tif", "--labels", folder / "labels.tif", "--model",
        folder / "model.safetensors", "--width", 4, "--depth", 1, "--tile", 60, "--steps", 20, "--quiet")


def segment(unetflow, folder, name, *options):
    run(unetflow, "segment", "--model", folder / "model.safetensors", "--input", folder / "images.ome.tif", "--output",
        folder / name, "--quiet", *options)
