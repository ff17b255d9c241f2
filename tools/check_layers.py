"""Fails where a file includes what its layer must not, or a test lacks its kind (docs/design.md, "The house").

    schedules -> generators                         at build time
    pipeline -> src -> ahead-of-time headers        at run time
    base <- {stack, tile, kernels} <- {sample, net} <- {score, label, report}    inside src; siblings never meet
    tune -> pipeline, and Halide's compiler         unetflow-tune

tests/ and bench/ see everything.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODE = {".h", ".cpp", ".in"}
KINDS = {"definition", "gradient", "halo", "seam", "repeat", "error", "house"}

RANK = {"base": 0, "stack": 1, "tile": 1, "kernels": 1, "sample": 2, "net": 2, "score": 3, "label": 3, "report": 3}

# What an include begins with, and which folders or files may have it.
ONLY_IN = {
    "Halide.h": ("generators/", "schedules/", "tune/jit_kernel.cpp"),
    "HalideBuffer.h": ("src/kernels/",),
    "HalideRuntime": ("src/kernels/",),
    "generated/kernel_table.h": ("src/kernels/",),
    "generated/kernel_names.h": ("tune/",),
    "generated/": ("src/", "pipeline/", "tune/"),
    "tiffio": ("src/stack/",),
    "tbb/flow_graph.h": ("pipeline/",),
    "boost/": ("pipeline/options.cpp",),
    "CL/": ("src/kernels/opencl_driver.cpp",),
    "mpi.h": ("pipeline/mpi_collective.cpp",),
    "generators/": ("generators/", "schedules/"),
    "schedules/": ("schedules/",),
    "src/": ("src/", "pipeline/", "tune/"),
    "pipeline/": ("pipeline/", "tune/"),
    "tune/": ("tune/",),
    "tests/": (),
    "bench/": (),
}


def may_include(path, header):
    """Whether the file `path` may include `header`, by the table and by the ranks inside src."""
    for beginning, places in ONLY_IN.items():
        if header.startswith(beginning):
            if not path.startswith(places):
                return False
            break
    if path.startswith("src/") and header.startswith("src/"):
        part, other = path.split("/")[1], header.split("/")[1]
        if part not in RANK or other not in RANK:
            return False
        return part == other or RANK[other] < RANK[part]
    return True


def include_faults(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not found:
            continue
        quoted, header = found[1] == '"', found[2]
        if not may_include(path, header):
            yield f"{path}:{number}: must not include {header}"
        if quoted and not header.startswith(tuple(b for b in ONLY_IN if b.endswith("/"))):
            yield f"{path}:{number}: {header} is not a path from the repository root"
        if header == "tbb/flow_graph.h" and "flow::graph" not in text:
            yield f"{path}:{number}: holds no graph, and must not include {header}"


def test_faults(path, text):
    for found in re.finditer(r'^\s*(?:\w+_)?TEST_CASE(?:_METHOD)?\s*\((.*?)\)\s*\{', text, re.S | re.M):
        number = text.count("\n", 0, found.start(1)) + 1
        kinds = KINDS & set(re.findall(r"\[([\w-]+)\]", found[1]))
        if len(kinds) != 1:
            yield f"{path}:{number}: a test has exactly one kind of {', '.join(sorted(KINDS))}; this has {len(kinds)}"


def code(*folders):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in CODE and path.is_file():
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def faults():
    for path, text in code("generators", "schedules", "src", "pipeline", "tune"):
        yield from include_faults(path, text)
    for path, text in code("tests"):
        yield from test_faults(path, text)


if __name__ == "__main__":
    found = list(faults())
    print("\n".join(found) or "layers: ok")
    sys.exit(bool(found))
