#!/usr/bin/env bash
# Configures and builds the release preset: everything, or the targets named.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/setup.sh
[[ -f build/release/build.ninja ]] || .venv/bin/cmake --preset release >/dev/null
.venv/bin/cmake --build --preset release ${1:+--target "$@"}
