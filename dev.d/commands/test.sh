# shellcheck shell=bash
# ./dev test [FILTER]: build, run every test, end with "N passed, N failed"
#
# FILTER is the name of a test program (rules, sim, ...) or a part of a test's name (with * : . - it is a GoogleTest
# filter). Runs the C++ tests, then the Python tests under tests/, those in tests/acceptance against a system that is
# brought up for them. Kafka and Postgres for the tests are throwaway ones.
#
#   ./dev test sim --seeds N --seed S    the simulation only: N seeds beginning with S
#   SLUICE_PRESET=asan ./dev test        with another build
#
# Exit code 0 if nothing failed and something ran. All output is kept in .dev/test/.

use throwaway

main() {
    local filter=''
    while (($#)); do
        case $1 in
        --seeds) export SLUICE_SIM_SEEDS=${2:?--seeds needs a number} && shift ;;
        --seed) export SLUICE_SIM_SEED=${2:?--seed needs a number} && shift ;;
        --*) refuse_unknown "$1" ;;
        *) filter=$1 ;;
        esac
        shift
    done
    "$ROOT/dev" build
    RESULTS=$DEV_DIR/test
    rm -rf "$RESULTS" && mkdir -p "$RESULTS"
    export SLUICE_BUILD_DIR=$BUILD
    cd "$ROOT"
    run_programs "$filter"
    run_python "$filter"
    throwaway_down
    "$PYTHON" "$ROOT/dev.d/results.py" "$RESULTS"
}

# gtest_filter FILTER: empty stands for all.
gtest_filter() {
    case $1 in
    '' | *[:*.-]*) echo "${1:-*}" ;;
    *) echo "*$1*" ;;
    esac
}

# The programs of this checkout; the folder may still hold one whose source is gone.
test_programs() { ctest --test-dir "$BUILD" -N | sed -n 's/^ *Test *#[0-9]*: //p'; }

# is_program FILTER: whether it names a test program, with or without the _test at its end.
is_program() { test_programs | grep -x "${1%_test}_test" >/dev/null; }

run_programs() {
    local programs=() program filter
    filter=$(gtest_filter "$1")
    mapfile -t programs < <(test_programs)
    if is_program "$1"; then programs=("${1%_test}_test") filter='*'; fi
    for program in "${programs[@]/#/$BUILD/tests/}"; do
        "$program" "--gtest_filter=$filter" --gtest_list_tests | grep '^ ' >/dev/null || continue
        [[ -n $THROWAWAY || $program == */sim_test ]] || throwaway_up kafka postgres
        run_program "$program" "$filter"
    done
}

# A program that crashes leaves no result, and is counted by its exit code.
run_program() {
    local name=${1##*/} code=0
    (
        [[ -z $THROWAWAY ]] || throwaway_env
        timeout --kill-after=10 900 "$1" "--gtest_filter=$2" "--gtest_output=json:$RESULTS/$name.json"
    ) >"$RESULTS/$name.log" 2>&1 || code=$?
    echo "$code" >"$RESULTS/$name.code"
    say "  $([[ $code == 0 ]] && echo ok || echo FAILED)  $name"
}

pytest_in() { "$PYTHON" -m pytest -q -p no:cacheprovider --rootdir "$ROOT" -c /dev/null "$@"; }

run_python() {
    local pick=(-k "$1")
    if is_program "$1"; then return; fi
    [[ -n $1 ]] || pick=()
    if python_matches "${pick[@]}" --ignore=tests/acceptance tests; then
        [[ -n $THROWAWAY ]] || throwaway_up kafka postgres
        (throwaway_env && python_suite python "${pick[@]}" --ignore=tests/acceptance tests)
    fi
    if [[ -d tests/acceptance ]] && python_matches "${pick[@]}" tests/acceptance; then
        throwaway_down
        throwaway_up
        (
            source "$THROWAWAY/env"
            export SLUICE_DEV_DIR=$THROWAWAY
            python_suite acceptance "${pick[@]}" tests/acceptance
        )
    fi
}

# What cannot even be collected matches too, so that its failure is seen.
python_matches() {
    local code=0
    pytest_in "$@" --collect-only >/dev/null 2>&1 || code=$?
    ((code != 5))
}

python_suite() {
    local name=$1 code=0
    shift
    pytest_in "$@" "--junitxml=$RESULTS/$name.xml" >"$RESULTS/$name.log" 2>&1 || code=$?
    echo "$code" >"$RESULTS/$name.code"
    say "  $([[ $code == 0 ]] && echo ok || echo FAILED)  $name"
}
