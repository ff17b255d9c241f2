#!/usr/bin/env bash
# Segments a stack in an array of N tasks and joins the shards when all are done.
#
#   submit.sh N OUTPUT [options of `unetflow segment` but --output and --shard]
#   submit.sh 100 em-classes.tif --model em.safetensors --input em.tif --max-ram 3G
#
# Options for sbatch in $SBATCH_OPTIONS: SBATCH_OPTIONS='--partition=long --cpus-per-task=8'
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tasks=$1 output=$2
shift 2
if [[ " $* " == *" --emit "*[a-z],[a-z]* || " $* " == *" preallocated "* ]]; then
    echo "submit.sh: one compressed output at a time; use segment.sbatch and merge.sbatch for others" >&2
    exit 64
fi
parts=$output.parts
mkdir -p "$parts"

array=$(sbatch --parsable ${SBATCH_OPTIONS:-} --array="0-$((tasks - 1))" "$here/segment.sbatch" \
    "$@" --output "$parts/%s.tif")
# afterok, and no RequeueExit in slurm.conf: with it a task that is requeued counts as failed, and the merge is cancelled.
merge=$(sbatch --parsable ${SBATCH_OPTIONS:-} --dependency="afterok:$array" --kill-on-invalid-dep=yes \
    "$here/merge.sbatch" --output "$output" "$parts")
echo "array $array, then merge $merge"
