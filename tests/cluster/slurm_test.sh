#!/usr/bin/env bash
# A job array of `unetflow segment` with a task that is preempted, one at its time limit and one whose node is lost, and the
# merge behind it, against a run without shards. Arguments: the program. Exit 77 (skipped) where there is no Slurm.
set -euo pipefail
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cluster/slurm.sh
source "$here/slurm.sh"
# shellcheck source=tests/cluster/until.sh
source "$here/until.sh"
slurm_test slurm_test

show() { scontrol show job "${array}_$1"; }
field() { show "$1" | grep -o "\b$2=[^ ]*" | head -1 | cut -d= -f2; }
is_running() { [[ $(field "$1" JobState) == RUNNING ]]; }
has_band() { (($(cat "out.tif.parts/$1.tif.journal" 2>/dev/null | wc -l) > 1)); }
was_requeued() { (($(field "$1" Restarts) > 0)); }
# The program of a task, and whether a SIGTERM waits for it.
pid_of() {
    local pid
    for pid in $(pgrep -f "$program segment"); do
        if tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "SLURM_ARRAY_TASK_ID=$1"; then echo "$pid"; fi
    done
}
was_signalled() {
    local pending
    pending=$(awk '/^ShdPnd/ {print $2}' "/proc/$(pid_of "$1")/status" 2>/dev/null) || return 0  # gone already
    ((16#${pending:-4000} & 0x4000))
}
start_now() { scontrol update JobId="${array}_$1" StartTime=now 2>/dev/null || true; }

"$program" synth --output data --kind membranes --size 512 --slices 2 --seed 1 --quiet >/dev/null
images=()
for ((i = 0; i < 60; i++)); do images+=(data/images.tif); done
printf '%s\n' "${images[@]}" >many.txt
"$program" train --images data/images.tif --labels data/labels.tif --model model.safetensors --width 16 --depth 3 --tile 252 \
    --steps 1 --validation 0 --quiet >/dev/null
options=(--model model.safetensors --input @many.txt --tile 380)
"$program" segment "${options[@]}" --output whole.tif --quiet >/dev/null

slurm_up "$folder/slurm" 3
export UNETFLOW=$program
export SBATCH_OPTIONS='--cpus-per-task=4 --mem=1000 --time=10 --signal=B:USR1@50'
"$here/../../examples/slurm/submit.sh" 3 out.tif "${options[@]}" --threads 1 | tee submitted
array=$(grep -o 'array [0-9]*' submitted | cut -d' ' -f2) merge=$(grep -o 'merge [0-9]*' submitted | cut -d' ' -f2)
for task in 0 1 2; do until_true 60 "task $task begins" is_running "$task"; done
# Halted, so that none is done before its misfortune comes, however fast this machine is.
for task in 0 1 2; do
    until_true 60 "task $task finishes a band" has_band "$task"
    kill -STOP "$(pid_of "$task")"
done

# Task 0 is preempted by an urgent job that wants its whole node.
sbatch --parsable --partition=urgent --nodelist="$(field 0 NodeList)" --exclusive --output=urgent.log --wrap 'sleep 2' >/dev/null
# Task 2, whose job has the number of the array, reaches its time limit: the signal comes 50 s before it.
scontrol update JobId="${array}_2" TimeLimit=1
# The node of task 1 is lost.
lost=$(field 1 NodeList)
pkill -KILL -f "slurmstepd: \[$(field 1 JobId)\." || true
for pid in $(pid_of 1); do kill -KILL "$pid"; done  # halted as it was, it may have gone with the step
kill -KILL "$(cat "$folder/slurm/run/$lost")"

for task in 0 2; do
    until_true 90 "task $task gets a signal" was_signalled "$task"
    for pid in $(pid_of "$task"); do kill -CONT "$pid"; done
done
for task in 0 1 2; do until_true 120 "task $task is queued again" was_requeued "$task"; done
merged() { [[ -f out.tif ]]; }
go_on() {
    local task
    for task in 0 1 2; do start_now "$task"; done
    sleep 1
    merged
}
until_true 100 "the merge" go_on
until_true 30 "the end of the merge" bash -c "! squeue -h -j $merge -t RUNNING,PENDING 2>/dev/null | grep -q ."

for task in 0 1 2; do
    [[ $(field "$task" Restarts) == 1 ]] || fail "task $task began $(field "$task" Restarts) times anew, not once"
done
cmp out.tif whole.tif || fail "the merged file differs from that of one run"
for task in 0 1 2; do
    grep -q 'goes on after' unetflow-*_"$task".log || fail "task $task began anew"
done
echo "slurm: preempted, at its time limit and on a lost node, three shards gave the bytes of one run"
