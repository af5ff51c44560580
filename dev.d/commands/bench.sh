# shellcheck shell=bash
# ./dev bench [NAME...]: measure, with the release build
#
# Builds preset release and runs its benchmark programs (build/release/bench/NAME), all or those named, one after
# the other, each beside a Kafka and a Postgres of its own. Close other programs first: the clock sees them too.

use throwaway

main() {
    export SLUICE_PRESET=release
    local bench=$ROOT/build/release/bench programs=() name
    [[ -d $ROOT/tests/bench ]] || die "this checkout has no benchmarks" "they are programs of tests/bench"
    "$ROOT/dev" build release
    programs=("$@")
    (($#)) || mapfile -t programs < <(find "$bench" -maxdepth 1 -type f -executable -printf '%f\n' 2>/dev/null | sort)
    ((${#programs[@]})) || die "there are no benchmarks in $bench" "they are programs of tests/bench"
    for name in "${programs[@]}"; do
        [[ -x $bench/$name ]] || die "there is no benchmark '$name'" "there are: $(cd "$bench" && echo *)"
    done
    for name in "${programs[@]}"; do measure "$bench/$name"; done
}

measure() {
    say "--- ${1##*/}"
    throwaway_up kafka postgres
    (throwaway_env && "$1")
    throwaway_down
}
