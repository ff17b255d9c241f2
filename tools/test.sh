#!/usr/bin/env bash
# Sets up, builds and runs all tests. --full is for the long ones; there are none yet, so it runs the same.
set -euo pipefail
cd "$(dirname "$0")/.."

for option in "$@"; do
    [[ $option == --full ]] || { echo "test.sh: there is no option $option; only --full" >&2; exit 64; }
done
bash tools/build.sh
export UNETFLOW_REQUIRE_OPENCL=1  # setup installed a device
exec .venv/bin/ctest --preset release
