# shellcheck shell=bash
# ./dev sluice ARGUMENTS...: the command line of Sluice, with the addresses and tokens of the running system
#
# It asks with the token that the command needs; --as reviewer-2 and the like choose another. ./dev sluice help says
# what the command can do.
#
#   ./dev sluice review approve fraud/1 --comment 'looks right' --as reviewer-2

main() {
    [[ -x $BUILD/bin/sluice ]] || die "$BUILD/bin/sluice does not exist" "run ./dev build"
    if [[ ${1:-} == help ]]; then exec "$BUILD/bin/sluice" --help; fi
    need_system
    source "$DEV_DIR/env"
    exec "$BUILD/bin/sluice" "$@"
}
