#!/usr/bin/env bash
# Sets up, builds and runs all tests. --full: the long ones too, with a Slurm of its own, Open MPI, Bio-Formats, ImageJ,
# Chromium and ptxas.
set -euo pipefail
cd "$(dirname "$0")/.."

long=(--label-exclude full)
for option in "$@"; do
    [[ $option == --full ]] || { echo "test.sh: there is no option $option; only --full" >&2; exit 64; }
    long=()
    bash tools/setup.sh --full
    [[ ! -f build/release/build.ninja ]] || .venv/bin/cmake --preset release >/dev/null  # MPI may be new
    ((EUID != 0)) || export UNETFLOW_REQUIRE_SLURM=1
    export UNETFLOW_REQUIRE_MPI=1
    export UNETFLOW_REQUIRE_BIOFORMATS=1
    export UNETFLOW_REQUIRE_CHROMIUM=1
    export UNETFLOW_REQUIRE_PTXAS=1
done
bash tools/build.sh
export UNETFLOW_REQUIRE_OPENCL=1  # setup installed a device
exec .venv/bin/ctest --preset release "${long[@]}"
