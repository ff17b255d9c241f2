#!/usr/bin/env bash
# `unetflow train` in several ranks under mpirun, against one process: models, checkpoints, logs; ranks that are killed, stopped
# or fail. Arguments: the program. Exit 77 (skipped) where there is no MPI.
set -euo pipefail
program=$(realpath "$1")
# shellcheck source=tests/cluster/ranks.sh
source "$(dirname "$0")/ranks.sh"
need_mpi
make_data

# What every failure has: a code, and one line of ours.
fails() {
    local code=$1 words=$2 found=0
    shift 2
    "$@" >out 2>err || found=$?
    ((found == code)) || fail "exit code $found, not $code: $*"
    (($(grep -c '^unetflow: ' err) == 1)) || fail "not one line: $*"
    grep -q "^unetflow: .*$words" err || fail "the line lacks '$words': $*"
}

# --- the same bytes ---
for batch in 2 3 6; do
    "$program" train "${options[@]}" --batch $batch --model "one-$batch.safetensors"
    for ranks in 2 3; do
        ((batch % ranks == 0)) || continue
        in_ranks $ranks train "${options[@]}" --batch $batch --model "in-$ranks-$batch.safetensors"
        same_run "one-$batch" "in-$ranks-$batch"
    done
done
in_ranks 2 train "${options[@]}" --batch 2 --model one-2.safetensors >out 2>err
[[ $(cat out) == one-2.safetensors ]] && grep -q 'complete already' err || fail "a run that is complete was not taken as such"
in_ranks 2 train "${options[@]}" --batch 2 --memory-saver --optimiser sgd --clip-gradient 1 --model saver.safetensors
"$program" train "${options[@]}" --batch 2 --optimiser sgd --clip-gradient 1 --model sgd.safetensors
same_run sgd saver
# Without validation, which would end a run of many steps early: on a fast machine this network soon predicts one class.
in_ranks 2 train "${quick[@]}" --threads 1 --validation 0 --batch 2 --time-limit 2s --model limited.safetensors
echo "mpi: 2 and 3 ranks gave the model, the picture and the losses of one process, with 1, 2 and 3 samples a rank and step"

# --- on a device: the process by itself first, which compiles the kernels ---
export POCL_CACHE_DIR=$folder/pocl
if "$program" bench --device opencl --width 1 --depth 0 --tile 5 --repeat 1 --skip-training >/dev/null 2>&1; then
    on_device=("${quick[@]}" --threads 1 --dropout 0.2 --validation 0.25 --steps 4 --validate-every 2 --batch 2 --clip-gradient 1)
    "$program" train "${on_device[@]}" --device opencl --model one-device.safetensors
    in_ranks 2 train "${on_device[@]}" --device opencl:0,0 --model two-devices.safetensors
    same_run one-device two-devices
    echo "mpi: two ranks on a device gave the model of one process there"
elif [[ -n ${UNETFLOW_REQUIRE_OPENCL:-} ]]; then fail "no OpenCL device"; fi

# --- killed: the checkpoints are those of one process, and any number of ranks goes on from them ---
"$program" train "${long[@]}" --batch 6 --model whole.safetensors
start "$program" train "${long[@]}" "${often[@]}" --batch 6 --model one.safetensors
until_true 60 "checkpoints" has_checkpoints one 5
kill -KILL "$job"
wait_for_end
start mpirun -np 3 "$program" train "${long[@]}" "${often[@]}" --batch 6 --model many.safetensors
until_true 60 "checkpoints" has_checkpoints many 5
peak=$(awk '/^VmHWM/ {print int($2 / 1000)}' "/proc/$(pid_of_rank 0)/status")
predicted=$(grep -o '[0-9]* MB of memory' job.err | cut -d' ' -f1)
((0 < peak && peak <= predicted)) || fail "a rank took $peak MB; $predicted were predicted"
kill -KILL "$(pid_of_rank 1)"
wait_for_end
((code != 0)) || fail "a rank was killed, and the job ended well"
compared=0
for file in many.checkpoint-*.safetensors; do
    [[ -f ${file/many/one} ]] || continue
    cmp "$file" "${file/many/one}" || fail "checkpoints differ"
    compared=$((compared + 1))
done
((compared >= 3)) || fail "only $compared checkpoints to compare"
in_ranks 2 train "${long[@]}" --batch 6 --model many.safetensors 2>err
grep -q 'goes on after step' err || fail "the killed run began anew"
in_ranks 3 train "${long[@]}" --batch 6 --model one.safetensors
same_run whole many
same_run whole one
echo "mpi: a rank killed, $compared checkpoints as of one process, and 2 ranks went on from those of 3, 3 from those of 1"

# --- stopped: a signal to any rank stops all; mpirun passes a SIGTERM on, and ends with a code of its own ---
stop_run() {
    local ranks=$1 signal=$2 rank=$3
    start mpirun -np "$ranks" "$program" train "${lasting[@]}" --batch 6 --model stopped.safetensors
    until_true 60 "training begins" grep -q '^train: 1 of\|^train: .* steps/s' job.err
    kill "-$signal" "$(if [[ $rank == mpirun ]]; then echo "$job"; else pid_of_rank "$rank"; fi)"
    wait_for_end
    (($(grep -c '^unetflow: ' job.err) == 1)) || fail "not one line about the signal"
    grep -q '^unetflow: stopped by a signal after step' job.err || fail "no line about the signal"
}
stop_run 2 USR1 0
((code == 75)) || fail "stopped by SIGUSR1 with code $code"
stop_run 3 TERM 2
((code == 75)) || fail "stopped by SIGTERM with code $code"
grep -q 'goes on after' job.err || fail "the stopped run began anew"
stop_run 2 TERM mpirun
((code != 0)) || fail "mpirun was stopped, and ended well"
"$program" train "${lasting[@]}" --batch 6 --model stopped.safetensors
"$program" train "${lasting[@]}" --batch 6 --model unstopped.safetensors
same_run unstopped stopped
echo "mpi: a signal to one rank or to mpirun stopped all, and the run went on to the same bytes"

# --- failures ---
fails 64 'a multiple of 2' in_ranks 2 train "${options[@]}" --batch 3 --model bad.safetensors
fails 64 'leave mpirun' in_ranks 2 train "${options[@]}" --batch 2 --preview 2 --model bad.safetensors
fails 64 'works in one process' in_ranks 2 info images.tif
fails 64 'there is no option' in_ranks 3 train --stepz 3
fails 66 'nothing.tif' in_ranks 3 train "${options[@]}" --images nothing.tif --batch 3 --model bad.safetensors
fails 65 'not a number any more' in_ranks 2 train "${quick[@]}" --steps 300 --batch 2 --learning-rate 1e6 --optimiser sgd \
    --validation 0 --model bad.safetensors
# shellcheck disable=SC2016
by_rank() { timeout 120 mpirun -np 3 bash -c "$1"' exec "$0" "$@"' "$program" "${@:2}"; }
# shellcheck disable=SC2016
fails 65 'rank 2 has other images' by_rank '((OMPI_COMM_WORLD_RANK < 2)) || set -- "$@" --seed 9;' train "${options[@]}" \
    --batch 3 --model bad.safetensors
mkdir elsewhere
# shellcheck disable=SC2016
fails 66 'no such file' by_rank '((OMPI_COMM_WORLD_RANK != 1)) || cd elsewhere;' train "${options[@]}" --batch 3 \
    --model bad.safetensors
mkdir gone
start mpirun -np 3 "$program" train "${long[@]}" "${often[@]}" --batch 6 --model gone/model.safetensors
until_true 60 "a checkpoint" has_checkpoints gone/model 1
mv gone lost  # not rm, while files come into it
wait_for_end
((code == 73 || code == 74)) || fail "rank 0 could not write, and the job ended with $code"
(($(grep -c '^unetflow: ' job.err) == 1)) || fail "not one line when rank 0 could not write"
[[ ! -e bad.safetensors ]] || fail "a run that failed left a model"
echo "mpi: wrong lines, bad inputs, unequal ranks, a loss without a value, a lost folder: one line and its code each time"

# --- threads, and shards that are each a process of its own ---
in_ranks 2 train "${quick[@]}" --steps 1 --batch 2 --validation 0 --model threads.safetensors 2>err
processors=$(nproc)
grep -q "^2 ranks of $((processors / 2 > 0 ? processors / 2 : 1)) thread" err || fail "threads of a rank: $(grep ranks err)"
"$program" segment --model one-2.safetensors --input images.tif --output whole.tif --quiet
# shellcheck disable=SC2016
timeout 120 mpirun -np 2 bash -c 'exec "$0" segment --model one-2.safetensors --input images.tif --output part-%s.tif --quiet \
    --shard "$OMPI_COMM_WORLD_RANK/2"' "$program"
"$program" merge --output merged.tif part-*.tif --quiet
cmp merged.tif whole.tif || fail "shards under mpirun"
echo "mpi: ranks share the processors of a node; shards under mpirun work for themselves"
