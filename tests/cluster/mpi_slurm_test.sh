#!/usr/bin/env bash
# `unetflow train` in several ranks of a Slurm with two nodes, by srun and by examples/slurm/train.sbatch, against one process:
# the same bytes, a rank killed, a job stopped and requeued. Arguments: the program. Exit 77 (skipped) where there is no Slurm
# or no MPI.
set -euo pipefail
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cluster/slurm.sh
source "$here/slurm.sh"
# shellcheck source=tests/cluster/ranks.sh
source "$here/ranks.sh"
need_slurm
need_mpi
export OMPI_MCA_btl=tcp,self  # two nodes on one machine would take each other's shared memory
make_data
slurm_up "$folder/slurm" 2
in_step() { timeout 120 srun --mpi=pmix --nodes=2 --ntasks="$1" "$program" "${@:2}"; }

# --- the same bytes ---
for ranks in 2 3; do
    for batch in $ranks 6; do
        "$program" train "${options[@]}" --batch "$batch" --model "one-$batch.safetensors" --overwrite
        in_step $ranks train "${options[@]}" --batch "$batch" --model "in-$ranks-$batch.safetensors"
        same_run "one-$batch" "in-$ranks-$batch"
    done
done
code=0
in_step 2 train "${options[@]}" --batch 3 --model bad.safetensors 2>err || code=$?
((code == 64)) || fail "a batch that ranks cannot share: code $code"
(($(grep -c '^unetflow: ' err) == 1)) || fail "not one line about a batch that ranks cannot share"
# shellcheck disable=SC2016
timeout 120 srun --mpi=none --nodes=2 --ntasks=2 bash -c 'exec "$0" train "$@" --model "alone-$SLURM_PROCID.safetensors"' \
    "$program" "${options[@]}" --batch 2 2>err
(($(grep -c 'note: srun started 2 tasks without MPI' err) == 1)) || fail "no note about tasks without MPI"
cmp alone-1.safetensors in-2-2.safetensors || fail "a task without MPI"
echo "mpi in slurm: 2 and 3 ranks on two nodes gave the model, the picture and the losses of one process"

# --- a rank that dies ends the others: at once with --kill-on-bad-exit, else when it is missed ---
"$program" train "${long[@]}" --batch 6 --model whole.safetensors
die() {
    start srun --mpi=pmix "$@" --nodes=2 --ntasks=2 "$program" train "${long[@]}" "${often[@]}" --batch 6 \
        --model killed.safetensors
    until_true 60 "training begins" grep -q '^train: .* steps/s' job.err
    kill -KILL "$(pid_of_rank 1)"
    wait_for_end
    ((code != 0)) || fail "a rank was killed, and the job ended well"
}
die --kill-on-bad-exit=1
die --kill-on-bad-exit=0
grep -q 'goes on after' job.err || fail "the killed run began anew"
(($(grep -c '^unetflow: rank 1 has not been heard of' job.err) == 1)) || fail "the lost rank was not missed"
in_step 3 train "${long[@]}" --batch 6 --model killed.safetensors
same_run whole killed
echo "mpi in slurm: a rank that was killed ended the others, and the run went on to the same bytes"

# --- the example: a signal as before a time limit, then preemption; each time it is queued again and goes on ---
export UNETFLOW=$program
submitted=$(sbatch --parsable --cpus-per-task=1 --mem=500 --time=10 --output=job.log "$here/../../examples/slurm/train.sbatch" \
    "${long[@]}" "${often[@]}" --batch 6 --model job.safetensors)
field() { scontrol show job "$submitted" | grep -o "\b$1=[^ ]*" | head -1 | cut -d= -f2; }
# Slurm waits two minutes before it starts a job again, in which its last step has gone; so the test has to see to that.
was_requeued() { (($(field Restarts) >= $1)) && ! pgrep -f "slurmstepd: \[$submitted\." >/dev/null; }
goes_on() {
    scontrol update JobId="$submitted" StartTime=now 2>/dev/null || true
    sleep 0.5
    (($(grep -c 'goes on after step' job.log) >= $1))
}
is_signalled() {
    local pending
    pending=$(awk '/^ShdPnd/ {print $2}' "/proc/$(pid_of_rank 0)/status" 2>/dev/null) || return 0  # gone already
    ((16#${pending:-4000} & 0x4200))  # SIGTERM, SIGUSR1
}
# Halts the ranks while they train, so that they are not done before COMMAND has stopped them, however fast this machine is.
stopped_by() {
    local pids
    pids="$(pid_of_rank 0) $(pid_of_rank 1)"
    # shellcheck disable=SC2086
    kill -STOP $pids
    "$@"
    until_true 60 "rank 0 gets a signal" is_signalled
    # shellcheck disable=SC2086
    kill -CONT $pids 2>/dev/null || true
}
until_true 60 "the job trains" has_checkpoints job 1
stopped_by scancel --signal=USR1 --batch "$submitted"
until_true 60 "the job is queued again" was_requeued 1
until_true 120 "the job goes on" goes_on 1
stopped_by sbatch --partition=urgent --nodelist=n1 --exclusive --output=urgent.log --wrap 'sleep 1'
until_true 60 "the job is queued again" was_requeued 2
until_true 120 "the job goes on" goes_on 2
until_true 120 "the end of the job" test -f job.report.html
until_true 30 "the end of the job" bash -c "! squeue -h -j $submitted 2>/dev/null | grep -q ."
same_run whole job
(($(grep -c 'stopped by a signal after step' job.log) == 2)) || fail "not two lines about signals"
echo "mpi in slurm: the example was stopped by a signal and by preemption, and went on to the same bytes"
