# shellcheck shell=bash
# ./dev up [NAME...]: bring the system up in the background; returns when all of it is ready
#
# Without names everything: Kafka, Postgres, the nine services (two serving nodes), and the policy of examples/fraud.
# With names only these, and Kafka and Postgres: listener registry evaluator approver deployer serving-1 serving-2
# monitor mirror console; `./dev up kafka postgres` starts no service at all.
# What runs already stays as it is, so this also starts again what has died. A failure or Ctrl-C stops everything.
#
# Writes .dev/env (addresses and tokens; `. .dev/env`) and .dev/log/NAME.log. Ports are free ones, kept as long as
# the data. How each process was started can be read in .dev/run/NAME.sh.

use processes kafka postgres services

main() {
    local wanted=() name
    for name in "$@"; do
        [[ " ${STORES[*]} ${SERVICES[*]} " == *" $name "* ]] || refuse_unknown "$name"
        [[ " ${STORES[*]} " == *" $name "* ]] || wanted+=("$name")
    done
    (($#)) || wanted=("${SERVICES[@]}")
    "$ROOT/dev" setup --quiet
    if ((${#wanted[@]})); then "$ROOT/dev" build; fi
    hold_lock "$DEV_DIR"
    trap leave_nothing EXIT
    trap 'exit 143' TERM HUP
    bring_up_stores
    bring_up_services "${wanted[@]}"
    (($#)) || publish_example
    "$ROOT/dev" status || true
    trap - EXIT
    printf '\naddresses and tokens for a shell:  . %s\n' "$DEV_DIR/env"
}

leave_nothing() {
    trap '' INT TERM HUP
    warn "dev up did not finish: stopping what it started"
    stop_all
}

bring_up_stores() {
    if ! runs supervisor && something_runs; then stop_all; fi
    mkdir -p "$DATA" "$LOG"
    runs supervisor || choose_ports
    load_ports
    start_supervisor
    pg_create
    pg_start
    kafka_configure "$DATA/kafka" "$PORT_KAFKA" "$PORT_KAFKA_CTRL"
    kafka_command kafka.Kafka "$DATA/kafka/server.properties"
    start kafka "${KAFKA_COMMAND[@]}"
    wait_ready postgres 30 pg_answers
    pg_migrate
    wait_ready kafka 60 kafka_answers "$PORT_KAFKA"
    write_env
}

pg_migrate() {
    local url
    url=$(pg_url sluice)
    if ! "$PG_BIN/psql" -X -q -d "$url" -c '' 2>/dev/null; then
        "$PG_BIN/psql" -X -q -d "${url%/*}/postgres" -c 'create database sluice'
    fi
    "$ROOT/dev.d/migrate.sh" "$url" "$ROOT/migrations" ||
        die "the database is not what migrations/ says" "if its data may go, ./dev clean and ./dev up make a new one"
}

bring_up_services() {
    (($#)) || return 0
    local name
    SLUICE_KAFKA_BROKERS=127.0.0.1:$PORT_KAFKA "$BUILD/bin/sluice-topics" create >"$LOG/topics.log"
    for name in "$@"; do start_service "$name"; done
    for name in "$@"; do wait_ready "$name" 60 is_ready "$name"; done
}

publish_example() {
    local script=$ROOT/examples/fraud/publish.py
    if [[ ! -f $script ]]; then
        say "examples/fraud/publish.py is not in this checkout: no policy is published"
        return
    fi
    (with_env "$PYTHON" "$script") || die "the policy of examples/fraud could not be published" "read what is said above"
}
