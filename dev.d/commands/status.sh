# shellcheck shell=bash
# ./dev status: a table of processes, their state and their addresses
#
# Exit code 0 if everything that was started is ready, 3 if something is not, 4 if nothing runs.

use processes kafka postgres services

main() {
    (($# == 0)) || refuse_unknown "$1"
    something_runs || {
        say "nothing runs in $DEV_DIR (./dev up)"
        exit 4
    }
    load_ports
    local name all_ready=0
    row PROCESS PID STATE ADDRESS ADMIN
    for name in "${STORES[@]}" "${SERVICES[@]}"; do report "$name"; done
    exit "$all_ready"
}

row() { printf '%-12s %-8s %-20s %-44s %s\n' "$@"; }

report() {
    local state
    state=$(state_of "$1")
    [[ $state == ready || $state == "not started" ]] || all_ready=3
    row "$1" "$(pid_of "$1" || echo -)" "$state" "$(address_of "$1")" "$(admin_of "$1")"
}

state_of() {
    if ! runs "$1"; then
        if [[ -f $RUN/$1.exit ]]; then echo "ended ($(<"$RUN/$1.exit"))"; else echo "not started"; fi
    elif answers "$1"; then
        echo ready
    else
        echo "not ready"
    fi
}

answers() {
    case $1 in
    kafka) kafka_answers "$PORT_KAFKA" ;;
    postgres) pg_answers ;;
    *) is_ready "$1" ;;
    esac
}

address_of() {
    case $1 in
    kafka) echo "127.0.0.1:$PORT_KAFKA" ;;
    postgres) pg_url reviewer ;;
    *) if [[ -n $(port_of "$1") ]]; then url_of "$1"; else echo -; fi ;;
    esac
}

admin_of() {
    case $1 in
    kafka | postgres) echo - ;;
    *) url_of "$1" ADMIN ;;
    esac
}
