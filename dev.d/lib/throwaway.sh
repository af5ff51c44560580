# shellcheck shell=bash
# Systems for one run of tests: in a folder of their own, with the tools of this one, gone when the command ends.

THROWAWAY=

# throwaway_up NAME...: as ./dev up NAME..., elsewhere.
throwaway_up() {
    THROWAWAY=$(mktemp -d "${TMPDIR:-/tmp}/sluice-test.XXXXXX")
    chmod 755 "$THROWAWAY"
    trap throwaway_down EXIT
    trap 'exit 143' TERM HUP
    if ! SLUICE_DEV_DIR=$THROWAWAY "$ROOT/dev" up "$@" >"$THROWAWAY/up.log" 2>&1; then
        cat "$THROWAWAY/up.log" >&2
        return 1
    fi
}

throwaway_down() {
    [[ -n $THROWAWAY ]] || return 0
    SLUICE_DEV_DIR=$THROWAWAY "$ROOT/dev" clean >/dev/null
    rm -rf "$THROWAWAY"
    THROWAWAY=
}

# throwaway_env: for a subshell, what tests against real stores read.
throwaway_env() {
    source "$THROWAWAY/data/ports"
    export SLUICE_TEST_KAFKA_BROKERS=127.0.0.1:$PORT_KAFKA
    export SLUICE_TEST_DATABASE_URL=postgresql://sluice@127.0.0.1:$PORT_POSTGRES/sluice
}
