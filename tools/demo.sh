#!/usr/bin/env bash
# From nothing to a segmentation: sets up, builds, draws two stacks of synthetic membranes, trains on one for about a minute,
# segments the other, scores it, and draws a picture. Everything lies in demo/. A second run keeps the trained model.
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/build.sh unetflow
unetflow=build/release/unetflow
mkdir -p demo

[[ -f demo/train/labels.tif ]] || $unetflow synth --output demo/train --kind membranes --slices 20 --seed 1 --overwrite
[[ -f demo/unseen/labels.tif ]] || $unetflow synth --output demo/unseen --kind membranes --slices 4 --seed 2 --overwrite
[[ -f demo/membranes.safetensors ]] ||
    $unetflow train --images demo/train/images.tif --labels demo/train/labels.tif --model demo/membranes.safetensors \
        --width 16 --depth 3 --tile 252 --time-limit 60s

$unetflow segment --model demo/membranes.safetensors --input demo/unseen/images.tif --output demo/result.tif --overwrite
echo
$unetflow evaluate --prediction demo/result.tif --truth demo/unseen/labels.tif
$unetflow picture --image demo/unseen/images.tif --truth demo/unseen/labels.tif --prediction demo/result.tif \
    --output demo/picture.png >/dev/null
echo
echo "Class maps: demo/result.tif    Picture (input, truth, prediction, difference): demo/picture.png"
echo "The training on a page: demo/membranes.report.html"
