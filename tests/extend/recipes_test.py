#!/usr/bin/env python3
"""Does what docs/extend.md says, to a copy of the tree: writes its files, makes its changes, runs its blocks of bash.

Arguments: the folder for the copy, unetflow-tune of the build (or nothing). The copy is reduced to a few kernels and to what their tests
need, so that it is built in a minute; all else is as the page has it. Looks at what the commands print. Exit 77 (skipped) without readelf.
"""
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PART = re.compile(r"^\*\*`(?P<name>[^`]+)`\*\*$|^```(?P<language>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
# winograd_filter4 is what src/kernels/kernels.cpp tries an OpenCL device with.
KEPT_KERNELS = {"conv3x3", "conv3x3_winograd4", "winograd_filter4", "leaky_relu"}
KEPT_PARTS = {"base", "kernels"}
TESTS = """
find_package(rapidcheck REQUIRED)
unetflow_stand_in(cuda_on_opencl FAMILY cuda FOR opencl)
add_library(test_main STATIC test_main.cpp temporary_folder.cpp families.cpp)
unetflow_own_code(test_main)
target_link_libraries(test_main PUBLIC rapidcheck unetflow_kernels unetflow_cuda_on_opencl)
target_precompile_headers(test_main PRIVATE <catch2/catch.hpp> <HalideBuffer.h>)
set_source_files_properties(test_main.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS YES SKIP_UNITY_BUILD_INCLUSION YES)
unetflow_tests(kernels KINDS definition halo repeat LINKS unetflow_kernels)
"""


def fail(why):
    sys.exit("recipes: " + why)


def parts_of_page():
    """(file, language, body) of each block; the file that stands in bold last goes with it, and only with code."""
    name = None
    for part in PART.finditer((ROOT / "docs/extend.md").read_text()):
        if part["name"]:
            name = part["name"]
        else:
            yield name, part["language"], part["body"]


def change(file, diff):
    """Makes a change whose old lines have to stand in the file once."""
    text = file.read_text()
    lines = diff.splitlines(keepends=True)
    if any(line[0] not in " +-" for line in lines):
        fail(f"{file.name}: a line of its diff begins with none of ' ', '+', '-'")
    old = "".join(line[1:] for line in lines if line[0] != "+")
    new = "".join(line[1:] for line in lines if line[0] != "-")
    if text.count(old) != 1:
        fail(f"{file}: has these lines {text.count(old)} times, not once:\n{old}")
    file.write_text(text.replace(old, new))


def copy_tree(copy):
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for name in ["CMakeLists.txt", "CMakePresets.json", "cmake", "generators", "schedules", "src", "tune", "tests"]:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("data"))
        else:
            shutil.copy(source, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")


def reduce_tree(copy):
    """Few kernels, src/kernels, and the tests of the page."""
    lists = copy / "CMakeLists.txt"
    kept = []
    for line in lists.read_text().splitlines():
        kernel, part = re.match(r"unetflow_kernel\((\w+)", line), re.match(r"unetflow_part\((\w+)", line)
        if (kernel and kernel[1] not in KEPT_KERNELS) or (part and part[1] not in KEPT_PARTS):
            continue
        if part and part[1] == "kernels":
            kept += [line, "enable_testing()", "add_subdirectory(tests)"]
            break
        kept.append(line)
    lists.write_text("\n".join(kept) + "\n")
    (copy / "tests/CMakeLists.txt").write_text(TESTS)
    for test in (copy / "tests/kernels").glob("*_test.cpp"):
        if test.name not in {"leaky_relu_test.cpp"}:
            test.unlink()


def run(copy, commands):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=copy, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    print(f"{commands}{done.stdout[-2000:]}", flush=True)
    if done.returncode:
        fail(f"exit code {done.returncode}:\n{commands}")
    return done.stdout


def expect(what, found):
    if not found:
        fail(f"expected {what}")


def main():
    if not shutil.which("readelf"):
        sys.exit(77)
    copy, tuner = pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    copy_tree(copy)
    blocks = []
    for name, language, body in parts_of_page():
        if language == "bash":
            blocks.append(body)
        elif language == "diff":
            change(copy / name, body)
        elif language != "sh":
            expect(f"no {name} in the tree, or this is no recipe", not (copy / name).exists())
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(body)
    reduce_tree(copy)
    kernel, target, tune, preset = blocks

    expect("tests that pass", "All tests passed" in run(copy, kernel))
    words = run(copy, target).split()
    expect("objects for AArch64, one for each kernel", words[-4:-1] == [str(len(KEPT_KERNELS)), "Machine:", "AArch64"])
    expect("24 sums in registers", int(words[-1]) >= 24)
    if tuner:
        (copy / "build/release/unetflow-tune").symlink_to(tuner)
        expect("a profile", "# machine: " in run(copy, tune))
    else:
        shutil.copy(copy / "schedules/profiles/byhand.txt", copy / "schedules/profiles/mynode.txt")
    run(copy, preset)
    cache = (copy / "build/mynode/CMakeCache.txt").read_text()
    expect("the preset's profiles", "UNETFLOW_PROFILE:STRING=mynode;byhand" in cache or
           "UNETFLOW_PROFILE:UNINITIALIZED=mynode;byhand" in cache)
    ninja = (copy / "build/mynode/build.ninja").read_text()
    expect("the knobs of byhand.txt in the build of conv3x3_winograd4 for AVX2, or those of mynode.txt",
           tuner or "rows=36" in ninja)
    print("recipes: ok")


main()
