# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of training in several ranks have in common. To be sourced; expects $program.

source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d /tmp/unetflow-mpi-XXXXXX)
chmod 755 "$folder"
cd "$folder" || exit
fail() {
    echo "$(basename "$0"): $*" >&2
    tail -n 20 err job.err ./*.log 2>/dev/null >&2
    exit 1
}
finish() {
    local code=$?
    if declare -F slurm_down >/dev/null; then slurm_down || true; fi
    ((code != 0)) || rm -rf "$folder"
}
trap finish EXIT

# shellcheck source=tests/cluster/until.sh
source "$source_folder/until.sh"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1  # a container's only user
export OMPI_MCA_rmaps_base_oversubscribe=1                        # more ranks than cores
export OMPI_MCA_hwloc_base_binding_policy=none                    # not one core for each of two ranks
export OMPI_MCA_btl_vader_single_copy_mechanism=none              # containers forbid it

# Exit 77, or 1 where MPI has to be there.
need_mpi() {
    if command -v mpirun >/dev/null && "$program" --version | grep -q '^MPI: Open MPI'; then return; fi
    echo "skipped: mpirun is missing, or the program was built without MPI; tools/test.sh --full installs it"
    [[ -n ${UNETFLOW_REQUIRE_MPI:-} ]] && exit 1
    exit 77
}

# A stack; $quick: a small network, $options: all that has a state, $long: the same for long enough to be killed, $lasting:
# to be stopped by somebody who has to see it run first, $often: with a checkpoint after each step.
make_data() {
    "$program" synth --output data --kind membranes --size 128 --slices 4 --seed 1 --quiet >/dev/null
    mv data/*.tif .
    quick=(--images images.tif --labels labels.tif --width 4 --depth 2 --tile 60)
    local stateful=(--threads 1 --dropout 0.2 --validation 0.25)
    options=("${quick[@]}" "${stateful[@]}" --steps 12 --validate-every 4)
    long=("${quick[@]}" "${stateful[@]}" --steps 300 --validate-every 100)
    lasting=("${quick[@]}" "${stateful[@]}" --steps 1500 --validate-every 500)
    often=(--checkpoint-every 0.001s --keep-checkpoints 1000)
}

in_ranks() { timeout 120 mpirun -np "$1" "$program" "${@:2}"; }

# same_run A B: what two runs left is the same, but for times.
same_run() {
    cmp "$1.safetensors" "$2.safetensors" || fail "$1 and $2: models differ"
    cmp "$1.validation.png" "$2.validation.png" || fail "$1 and $2: pictures differ"
    diff <(without_times "$1") <(without_times "$2") >&2 || fail "$1 and $2: logs differ"
    [[ -f $2.report.html ]] || fail "$2: no report"
    ! compgen -G "$2.checkpoint-*" || fail "$2: checkpoints are left"
}
without_times() { sed 's/"samples_per_second":[^,}]*//' "$1.safetensors.log.jsonl"; }

# start COMMAND...: in the background; $job is its process. wait_for_end sets $code.
start() {
    timeout 120 "$@" >job.out 2>job.err &
    started=$! job=
    while [[ -z $job ]] && kill -0 $started 2>/dev/null; do job=$(pgrep -P $started || true); done
}
wait_for_end() {
    code=0
    wait "$started" || code=$?
    ((code != 124)) || fail "a job did not end"
}
has_checkpoints() { (($(compgen -G "$1.checkpoint-*.safetensors" | wc -l) >= $2)); }
pid_of_rank() {
    local pid
    for pid in $(pgrep -f "^$program train"); do
        if tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "PMIX_RANK=$1"; then echo "$pid"; fi
    done
}
