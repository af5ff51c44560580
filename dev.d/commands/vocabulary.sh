# shellcheck shell=bash
# ./dev vocabulary write|check: schemas, examples, asyncapi.yaml and docs/event-flow.md from the types
#
# write brings those files up to date after a change in events/ or in a service's decider.hpp; check says which of them
# differ, as ./dev test does too. A schema that was released is never edited: a changed fact gets a new version.

main() {
    case ${1:-} in
    write | check) ;;
    *) die "say write or check" "./dev vocabulary --help says what they do" ;;
    esac
    "$ROOT/dev" build
    "$BUILD/bin/sluice-vocabulary" "$1" "$ROOT"
}
