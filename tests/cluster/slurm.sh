# A private Slurm of several nodes on this machine, all of it in one folder; for root. To be sourced.
#
#   slurm_up FOLDER NODES     starts munged, slurmctld and a slurmd for each node n1, n2, ...; exports SLURM_CONF
#   slurm_down                ends what slurm_up started
#   need_slurm                exit 77, or 1 where Slurm has to be there
#   slurm_test NAME           needs Slurm; goes to a fresh $folder that is removed, with Slurm down, when the test succeeds
#   fail WORDS                ends such a test

slurm_pids=()
export PATH=$PATH:/usr/sbin

need_slurm() {
    local command
    for command in slurmctld slurmd munged sbatch; do
        if command -v "$command" >/dev/null && ((EUID == 0)); then continue; fi
        echo "skipped: $command is missing, or this is not root; tools/test.sh --full installs Slurm"
        [[ -z ${UNETFLOW_REQUIRE_SLURM:-} ]] && exit 77
        exit 1
    done
}

slurm_test() {
    slurm_test_name=$1
    need_slurm
    folder=$(mktemp -d /tmp/unetflow-slurm-XXXXXX)
    chmod 755 "$folder"
    trap slurm_finish EXIT
    cd "$folder"
}

slurm_finish() {
    local code=$?
    ((code == 0)) || tail -n 20 "$folder"/*.log 2>/dev/null || true
    slurm_down || true
    ((code != 0)) || rm -rf "$folder"
}

fail() {
    echo "$slurm_test_name: $*" >&2
    squeue || true
    exit 1
}

slurm_up() {
    slurm_folder=$1
    local nodes=$2 port=$((20000 + $$ % 20000)) i
    slurm_pids=()
    mkdir -p "$slurm_folder"/{munge,state,spool,log,run}
    chmod 755 "$slurm_folder" "$slurm_folder/munge"
    (umask 077 && head -c 128 /dev/urandom >"$slurm_folder/munge/key")
    slurm_start munged munged --foreground --key-file="$slurm_folder/munge/key" --socket="$slurm_folder/munge/socket" \
        --pid-file="$slurm_folder/run/munged.pid" --log-file="$slurm_folder/log/munged.log" \
        --seed-file="$slurm_folder/munge/seed" --num-threads=2
    for ((i = 0; i < 100; i++)); do [[ -S $slurm_folder/munge/socket ]] && break; sleep 0.05; done

    export SLURM_CONF=$slurm_folder/slurm.conf
    slurm_configuration "$nodes" "$port" >"$SLURM_CONF"
    slurm_start slurmctld slurmctld -D -f "$SLURM_CONF"
    for ((i = 1; i <= nodes; i++)); do
        mkdir -p "$slurm_folder"/{spool,tmp}/"n$i"
        slurm_start "n$i" slurmd -D -N "n$i" -f "$SLURM_CONF"
    done
    for ((i = 0; i < 300; i++)); do
        [[ $(sinfo -h -N -p batch -t idle -o %N 2>/dev/null | wc -l) == "$nodes" ]] && return
        sleep 0.1
    done
    echo "slurm_up: not all of $nodes nodes are idle; see $slurm_folder/log" >&2
    return 1
}

# slurm_start NAME COMMAND...: in the background; its number goes to run/NAME.
slurm_start() {
    local name=$1
    shift
    setsid "$@" </dev/null >"$slurm_folder/log/$name.out" 2>&1 &
    slurm_pids+=($!)
    disown
    echo $! >"$slurm_folder/run/$name"
}

# Preemption requeues; a lost node is noticed after 10 s.
slurm_configuration() {
    local nodes=$1 port=$2 host i
    host=$(hostname -s)
    cat <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$slurm_folder/munge/socket
CredType=cred/munge
StateSaveLocation=$slurm_folder/state
SlurmdSpoolDir=$slurm_folder/spool/%n
TmpFS=$slurm_folder/tmp/%n
SlurmctldPidFile=$slurm_folder/run/slurmctld.pid
SlurmdPidFile=$slurm_folder/run/slurmd-%n.pid
SlurmctldLogFile=$slurm_folder/log/slurmctld.log
SlurmdLogFile=$slurm_folder/log/slurmd-%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=2
PriorityType=priority/basic
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
KillWait=5
SlurmctldTimeout=10
SlurmdTimeout=10
MailProg=/bin/true
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
END
    for ((i = 1; i <= nodes; i++)); do
        echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + i)) CPUs=4 RealMemory=4096 State=UNKNOWN"
    done
    echo "PartitionName=batch Nodes=n[1-$nodes] Default=YES DefaultTime=10 PriorityTier=1 PreemptMode=REQUEUE GraceTime=5"
    echo "PartitionName=urgent Nodes=n[1-$nodes] DefaultTime=10 PriorityTier=10 PreemptMode=OFF"
}

slurm_down() {
    local i
    timeout 10 scancel --user=root 2>/dev/null
    for ((i = 0; i < 50; i++)); do [[ -z $(timeout 5 squeue -h -t RUNNING,COMPLETING 2>/dev/null) ]] && break; sleep 0.1; done
    for ((i = ${#slurm_pids[@]} - 1; i >= 0; i--)); do
        kill "${slurm_pids[i]}" 2>/dev/null
        while kill -0 "${slurm_pids[i]}" 2>/dev/null; do sleep 0.1; done
    done
}
