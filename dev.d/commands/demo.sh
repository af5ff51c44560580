# shellcheck shell=bash
# ./dev demo [--keep]: the whole story, from a training job's completion to served traffic and back
#
# Builds, brings everything up on an empty ledger, runs examples/fraud/demo.py and brings everything down.
# --keep leaves it running. What ran in this folder before is stopped; its data is moved to .dev/set-aside/, unless
# it is an earlier demo's, which is removed.

use processes postgres

main() {
    local keep=
    case ${1:-} in
    --keep) keep=1 ;;
    ?*) refuse_unknown "$1" ;;
    esac
    local story=$ROOT/examples/fraud/demo.py
    [[ -f $story ]] || die "$story is not in this checkout" "take a checkout that has it"
    "$ROOT/dev" build
    begin_empty
    trap finish EXIT
    trap 'exit 143' TERM HUP
    "$ROOT/dev" up
    touch "$DATA/demo"
    (with_env "$PYTHON" -u "$story")
    if [[ -n $keep ]]; then
        trap - EXIT
        say "everything goes on running: . $DEV_DIR/env, ./dev status, ./dev down"
    fi
}

finish() {
    local code=$?
    trap '' INT TERM HUP
    "$ROOT/dev" down
    exit "$code"
}

begin_empty() {
    local aside
    if something_runs; then "$ROOT/dev" down; fi
    if [[ -f $DATA/demo ]]; then
        remove_data "$DATA"
    elif [[ -d $DATA ]]; then
        aside=$DEV_DIR/set-aside/$(date -u +%Y%m%dT%H%M%SZ)
        mkdir -p "$DEV_DIR/set-aside"
        mv "$DATA" "$aside"
        say "the demo begins with an empty ledger; what was there is now $aside"
    fi
}
