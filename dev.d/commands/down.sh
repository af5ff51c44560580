# shellcheck shell=bash
# ./dev down: stop everything; the data stays for the next up
#
# Stops exactly the processes that this folder's `up` started, told apart by pid and start time.

use processes

main() {
    (($# == 0)) || refuse_unknown "$1"
    hold_lock "$DEV_DIR"
    if something_runs; then
        stop_all
        say "stopped; the data stays in $DATA"
    else
        say "nothing runs in $DEV_DIR"
    fi
}
