# shellcheck shell=bash
# ./dev clean [--all]: stop everything and remove its data: ledger, database, artifacts, logs, tokens
#
# --all also removes the builds and the tools that setup fetched. Debian packages stay.

use processes postgres

main() {
    case ${1:-} in
    '' | --all) ;;
    *) refuse_unknown "$1" ;;
    esac
    hold_lock "$DEV_DIR"
    stop_all
    remove_data "$DATA" "$DEV_DIR"/set-aside/*
    rm -rf "$LOG" "$DEV_DIR"/{env,tokens,tokens.json,set-aside,test}
    if [[ ${1:-} == --all ]]; then
        rm -rf "$ROOT/build" "$ROOT/compile_commands.json"
        rm -rf "$TOOLS/kafka" "$TOOLS/onnxruntime" "$TOOLS/venv"
    fi
    say "clean"
}
