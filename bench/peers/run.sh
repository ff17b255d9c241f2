#!/usr/bin/env bash
# unetflow beside PyTorch, OpenVINO and ONNX Runtime: builds unetflow, installs the peers into build/peers, compares.
# Arguments go to compare.py; without any: the paper's network at two widths, one 572 tile.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(torch openvino onnxruntime onnx safetensors numpy tifffile)
bash tools/build.sh unetflow
if [[ ! -f build/peers/complete ]]; then
    python3 -m venv build/peers
    build/peers/bin/python -m pip install --quiet --disable-pip-version-check "${packages[@]}"
    touch build/peers/complete
fi
(($#)) || set -- --width 64 32 --tile 572 --rounds 3
build/peers/bin/python -W ignore bench/peers/compare.py --program build/release/unetflow "$@"
