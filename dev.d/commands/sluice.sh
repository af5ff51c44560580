# shellcheck shell=bash
# ./dev sluice [--as NAME] ARGUMENTS...: the command line of Sluice, with the addresses of the running system
#
# NAME says whose token it uses: trainer, reviewer-1, reviewer-2, operator, application or auditor. Without it the token
# in SLUICE_TOKEN, and without that the operator's. ./dev sluice help says what the command can do.
#
#   ./dev sluice --as reviewer-1 review approve fraud/1 --comment 'looks right'

main() {
    local token=''
    [[ -x $BUILD/bin/sluice ]] || die "$BUILD/bin/sluice does not exist" "run ./dev build"
    if [[ ${1:-} == help ]]; then exec "$BUILD/bin/sluice" --help; fi
    need_system
    source "$DEV_DIR/env"
    if [[ ${1:-} == --as ]]; then
        token=SLUICE_TOKEN_$(tr 'a-z-' 'A-Z_' <<<"${2:-}")
        [[ -n ${!token:-} ]] || die "there is no token for '${2:-}'" "./dev sluice --help names those that there are"
        export SLUICE_TOKEN=${!token}
        shift 2
    fi
    export SLUICE_TOKEN=${SLUICE_TOKEN:-$SLUICE_TOKEN_OPERATOR}
    exec "$BUILD/bin/sluice" "$@"
}
