# shellcheck shell=bash
# ./dev sluice ARGUMENTS...: the command line of Sluice, with the addresses and tokens of the running system
#
# ./dev sluice help (or build/dev/bin/sluice --help) says what it can do.

main() {
    [[ -x $BUILD/bin/sluice ]] || die "$BUILD/bin/sluice does not exist" "run ./dev build"
    if [[ ${1:-} == help ]]; then set -- --help; fi
    with_env "$BUILD/bin/sluice" "$@"
}
