#!/usr/bin/env bash
# examples/slurm/tune.sbatch for two types of node, of which one loses its job in the middle. Argument: unetflow-tune. Exit 77
# (skipped) where there is no Slurm.
set -euo pipefail
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cluster/slurm.sh
source "$here/slurm.sh"
# shellcheck source=tests/cluster/until.sh
source "$here/until.sh"
slurm_test tune_test

slurm_up "$folder/slurm" 2
export UNETFLOW_TUNE=$program
tune_on() {
    local node=$1 kernel=$2
    sbatch --parsable --nodelist="$node" "$here/../../examples/slurm/tune.sbatch" --width 16 --depth 1 --tile 92 --skip-training \
        --minutes 5 --kernels "$kernel" --output "$folder/$node.txt" >"$node.job"
}
tune_on n1 conv3x3_winograd4
tune_on n2 max_pool2x2
has_trial() { grep -q '"gain"' n1.txt.findings.json 2>/dev/null; }
until_true 120 "a trial on n1" has_trial
kill -STOP "$(pgrep -f "$program .*$folder/n1.txt")"  # so that it is not done before its misfortune comes
scontrol requeue "$(cat n1.job)"
until_true 60 "n1's job is queued again" bash -c "scontrol show job $(cat n1.job) | grep -q Restarts=1"
for node in n1 n2; do
    both() { scontrol update JobId="$(cat n1.job)" StartTime=now 2>/dev/null || true; sleep 0.5; [[ -f $node.txt ]]; }
    until_true 240 "the profile of $node" both
    grep -q '^# machine: ' $node.txt || fail "$node.txt names no machine"
done
grep -q 'goes on after' unetflow-tune-"$(cat n1.job)".log || fail "the job of n1 began anew"
echo "slurm: a profile of each of two nodes, one after its job was queued again"
