# shellcheck shell=bash
# ./dev setup [--quiet]: install what is missing, and say what and why
#
# Needs Debian 12 with apt, and root or sudo if a Debian package is missing. Everything else goes into .dev/:
#   .dev/kafka/lib      Kafka's broker as jars (Maven), and a class archive that makes it start in a second
#   .dev/onnxruntime    ONNX Runtime for C++
#   .dev/venv           Python packages for the example and the tests (wheels only)
#   .dev/tokens         bearer tokens for the doors; the services see only digests of them
# Each is made once and again when what it was made from changes. --quiet says nothing where nothing is missing.

use processes kafka postgres services packages

main() {
    local quiet=
    case ${1:-} in
    --quiet) quiet=1 ;;
    ?*) refuse_unknown "$1" ;;
    esac
    hold_lock "$TOOLS/setup"
    install_packages
    mkdir -p "$TOOLS"
    once "$TOOLS/kafka/lib" "Kafka's jars" fetch_kafka "$ROOT/dev.d/kafka/pom.xml"
    once "$TOOLS/kafka/cds" "Kafka's class archive" archive_kafka "$ROOT/dev.d/kafka/pom.xml"
    once "$TOOLS/onnxruntime" "ONNX Runtime" "$ROOT/dev.d/setup/fetch_onnxruntime.sh" \
        "$ROOT/dev.d/setup/fetch_onnxruntime.sh"
    once "$TOOLS/venv" "Python packages" make_venv "$ROOT/dev.d/setup/requirements.txt" \
        "$ROOT/examples/fraud/requirements.txt"
    make_tokens
    [[ -n $quiet ]] || say "everything is there: ./dev build, ./dev up, ./dev demo or ./dev test"
}

# once FOLDER WHAT COMMAND SOURCE...: runs COMMAND FOLDER unless FOLDER was made here from the same SOURCEs.
once() {
    local made_from
    made_from="$1 $(cat "${@:4}" | sha256sum)"
    [[ -f $1/.made-from && $(<"$1/.made-from") == "$made_from" ]] && return
    say "setup: $2 into $1"
    rm -rf "$1"
    "$3" "$1" || die "$2 could not be fetched or made" "read what is said above; with the network back, run ./dev setup again"
    echo "$made_from" >"$1/.made-from"
}

# Copies the jars that pom.xml names, and all that they need.
fetch_kafka() {
    rm -rf "${KAFKA_CDS%/*}"
    mkdir -p "$1"
    # Maven resets the terminal's colour even where it has used none.
    mvn -q -B -ntp -f "$ROOT/dev.d/kafka/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
        "-DoutputDirectory=$1" 2>&1 | sed 's/\x1b\[[0-9;]*m//g'
}

# A broker runs once in a folder of its own and writes the classes that it loaded when it is told to stop.
archive_kafka() {
    local pid ports=()
    mkdir -p "$1/data"
    /usr/bin/python3 -E -s "$ROOT/dev.d/ports.py" "$1/ports" broker controller
    mapfile -t ports < <(cut -d= -f2 "$1/ports")
    kafka_configure "$1/data" "${ports[@]}" || return
    KAFKA_CDS_USE=ArchiveClassesAtExit kafka_command kafka.Kafka "$1/data/server.properties"
    "${KAFKA_COMMAND[@]}" >"$1/kafka.log" 2>&1 9>&- &
    pid=$!
    # shellcheck disable=SC2064
    trap "kill -KILL $pid 2>/dev/null || true" EXIT
    waits_for 60 kafka_answers "${ports[0]}" || return
    kill "$pid"
    wait "$pid" || true
    trap - EXIT
    rm -rf "$1/data"
    [[ -s $KAFKA_CDS ]]
}

make_venv() {
    /usr/bin/python3 -m venv "$1" &&
        "$1/bin/python" -m pip install -q --disable-pip-version-check --only-binary :all: \
            -r "$ROOT/dev.d/setup/requirements.txt"
}
