# To be sourced; expects a function `fail`.

# until_true SECONDS WHAT COMMAND...: waits for the command to succeed.
until_true() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < end)) || fail "$what: not in time"
        sleep 0.05
    done
}
