# shellcheck shell=bash
# A private Postgres cluster on the loopback. Trust is for tests on one machine: whoever can reach the port is anybody.

PG_BIN=/usr/lib/postgresql/15/bin
PG_RUN=()

# Postgres refuses to run as root; setpriv becomes the server, where runuser would stay above it.
if ((EUID == 0)); then PG_RUN=(setpriv --reuid=postgres --regid=postgres --init-groups); fi

# pg_home: the cluster's folder. Its user must be able to walk there, which it cannot below a home of mode 700.
pg_home() {
    if [[ ! -f $DATA/pg.path ]]; then
        local home=$DATA/pg
        if ! (cd / && "${PG_RUN[@]}" test -x "$DATA"); then home=$(mktemp -d /var/tmp/sluice-pg.XXXXXX)/pg; fi
        chmod 755 "$(dirname "$home")"
        echo "$home" >"$DATA/pg.path"
    fi
    cat "$DATA/pg.path"
}

pg_create() {
    local home
    home=$(pg_home)
    [[ -f $home/PG_VERSION ]] && return
    rm -rf "$home" && mkdir -m 700 "$home"
    if ((EUID == 0)); then chown postgres:postgres "$home"; fi
    (cd / && "${PG_RUN[@]}" "$PG_BIN/initdb" -D "$home" -U sluice -A trust --no-locale -E UTF8 --no-sync) \
        >"$LOG/initdb.log" 2>&1 || die "initdb failed" "see $LOG/initdb.log"
}

# Settings are arguments, so a data folder that moves or gets another port needs no editing.
pg_start() {
    start postgres "${PG_RUN[@]}" "$PG_BIN/postgres" -D "$(pg_home)" -c "port=$PORT_POSTGRES" \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=256MB -c max_connections=50 \
        -c max_wal_size=2GB -c jit=off
}

pg_url() { echo "postgresql://$1@127.0.0.1:$PORT_POSTGRES/sluice"; }

pg_answers() { "$PG_BIN/pg_isready" -q -h 127.0.0.1 -p "$PORT_POSTGRES"; }

# remove_data DIR...: such folders as $DATA, and the clusters of theirs that stand elsewhere.
remove_data() {
    local dir home
    for dir in "$@"; do
        if [[ -f $dir/pg.path ]]; then
            home=$(<"$dir/pg.path")
            [[ $home != /var/tmp/sluice-pg.*/pg ]] || rm -rf "${home%/pg}"
        fi
        rm -rf "$dir"
    done
}
