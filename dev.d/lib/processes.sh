# shellcheck shell=bash
# Processes of a running system. The supervisor (dev.d/supervisor.py) is the parent of them all and writes
# run/<name>.pid as "<pid> <start time>": a pid alone may by now belong to somebody else.

STORES=(kafka postgres)
SERVICES=(listener registry evaluator approver deployer serving-1 serving-2 monitor mirror console)

# started_at PID: the start time in clock ticks since boot; false for no process or a dead one.
started_at() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # The name in parentheses may hold spaces; what follows it does not.
    read -ra stat <<<"${stat##*) }"
    [[ ${stat[0]} != Z ]] && echo "${stat[19]}"
}

# pid_of NAME: its pid, if it is the process that was started under this name.
pid_of() {
    local pid started
    { read -r pid started <"$RUN/$1.pid"; } 2>/dev/null || return 1
    [[ $(started_at "$pid") == "$started" ]] && echo "$pid"
}

runs() { pid_of "$1" >/dev/null; }
ended() { ! runs "$1"; }

something_runs() {
    local name
    for name in supervisor "${STORES[@]}" "${SERVICES[@]}"; do
        if runs "$name"; then return 0; fi
    done
    return 1
}

# start_supervisor: in a session of its own, so that Ctrl-C in this terminal does not reach it.
start_supervisor() {
    runs supervisor && return
    rm -rf "$RUN" "$LOG/previous" && mkdir -p "$RUN" "$LOG/previous"
    find "$LOG" -maxdepth 1 -name '*.log' -exec mv -t "$LOG/previous" {} +
    setsid /usr/bin/python3 -E -s "$ROOT/dev.d/supervisor.py" "$RUN" "$LOG" \
        </dev/null >"$LOG/supervisor.log" 2>&1 9>&- &
    disown
    waits_for 10 runs supervisor || die "the supervisor did not start" "see $LOG/supervisor.log"
}

# start NAME COMMAND...: asks the supervisor for it. What is up already stays as it is.
start() {
    local name=$1
    shift
    runs "$name" && return
    rm -f "$RUN/$name.exit" "$RUN/$name.pid"
    printf '#!/bin/bash\nexec' >"$RUN/$name.new"
    printf ' %q' "$@" >>"$RUN/$name.new"
    mv "$RUN/$name.new" "$RUN/$name.start"
    kill -USR1 "$(pid_of supervisor)"
}

# wait_ready NAME SECONDS COMMAND...: until the command says so; dies with the log's end if the process does.
wait_ready() {
    local name=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@"; do
        [[ ! -f $RUN/$name.exit ]] || no_start "$name" "ended ($(<"$RUN/$name.exit"))"
        ((SECONDS < deadline)) || no_start "$name" "was not ready in time"
        sleep 0.03
    done
}

no_start() {
    warn "--- the end of $LOG/$1.log:"
    tail -n 15 "$LOG/$1.log" >&2 || true
    die "$1 $2" "the whole log is $LOG/$1.log"
}

# stop_all: through the supervisor, or by pid if somebody killed it.
stop_all() {
    local name pid
    if pid=$(pid_of supervisor); then
        kill -TERM "$pid"
        waits_for 60 ended supervisor || kill -KILL "$pid"
    fi
    for name in "${SERVICES[@]}" "${STORES[@]}"; do stop_orphan "$name"; done
    rm -rf "$RUN" "$DEV_DIR/env"
}

stop_orphan() {
    local pid signal=TERM
    [[ $1 == postgres ]] && signal=INT
    pid=$(pid_of "$1") || return 0
    kill "-$signal" "$pid"
    kill -CONT "$pid"
    waits_for 10 ended "$1" || kill -KILL "$pid"
    waits_for 5 ended "$1" || die "$1 (pid $pid) does not end" "look at it with ps -fp $pid"
}
