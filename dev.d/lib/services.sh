# shellcheck shell=bash
# The services' settings, the doors' tokens, and what a shell needs to talk to them all.

DOORS=(listener registry console)
TOKENS=(trainer-1 reviewer-1 reviewer-2 operator-1 application-1 auditor-1)
PORT_NAMES=(PORT_KAFKA PORT_KAFKA_CTRL PORT_POSTGRES)

upper() { tr 'a-z-' 'A-Z_' <<<"$1"; }

for name in "${DOORS[@]}" serving-1 serving-2; do PORT_NAMES+=("PORT_$(upper "$name")"); done
for name in "${SERVICES[@]}"; do PORT_NAMES+=("PORT_$(upper "$name")_ADMIN"); done

choose_ports() {
    /usr/bin/python3 -E -s "$ROOT/dev.d/ports.py" "$DATA/ports" "${PORT_NAMES[@]}"
}

load_ports() {
    source "$DATA/ports"
}

# port_of SERVICE [ADMIN]
port_of() {
    local variable
    variable=PORT_$(upper "$1")${2:+_$2}
    echo "${!variable:-}"
}

url_of() { echo "http://127.0.0.1:$(port_of "$@")"; }

# token_variable SUBJECT: SLUICE_TOKEN_TRAINER for trainer-1; reviewers keep their number, because there are two.
token_variable() {
    local name=$1
    [[ $name == reviewer-* ]] || name=${name%-1}
    echo "SLUICE_TOKEN_$(upper "$name")"
}

# Made once. The services see digests only.
make_tokens() {
    [[ -f $DEV_DIR/tokens && -f $DEV_DIR/tokens.json ]] && return
    mkdir -p "$DEV_DIR"
    local subject token rows=()
    (umask 077 && : >"$DEV_DIR/tokens")
    for subject in "${TOKENS[@]}"; do
        token=$(head -c32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=')
        echo "export $(token_variable "$subject")=$token" >>"$DEV_DIR/tokens"
        rows+=("{\"subject\":\"$subject\",\"roles\":[\"${subject%-*}\"],\"sha256\":\"$(printf %s "$token" | sha256sum | cut -c1-64)\"}")
    done
    local IFS=,
    printf '{"tokens":[%s]}\n' "${rows[*]}" | jq . >"$DEV_DIR/tokens.json"
}

# settings_of NAME: sets SETTINGS. A service sees these and nothing of the shell that started it.
settings_of() {
    local room=${1%-[0-9]} instance=1 port
    [[ $1 == *-2 ]] && instance=2
    SETTINGS=(PATH=/usr/bin:/bin HOME=/nonexistent LANG=C.UTF-8 ORT_DISABLE_TELEMETRY=1
        SLUICE_CELL=main "SLUICE_INSTANCE=$instance" SLUICE_BIND=127.0.0.1
        "SLUICE_KAFKA_BROKERS=127.0.0.1:$PORT_KAFKA"
        "SLUICE_ARTIFACTS_DIR=$DATA/artifacts" "SLUICE_TOKENS_FILE=$DEV_DIR/tokens.json"
        "SLUICE_$(upper "$room")_ADMIN_PORT=$(port_of "$1" ADMIN)")
    port=$(port_of "$1")
    if [[ -n $port ]]; then SETTINGS+=("SLUICE_$(upper "$room")_PORT=$port"); fi
    case $room in
    serving) SETTINGS+=("SLUICE_SERVING_NODE=$1" "SLUICE_SERVING_STATE_DIR=$DATA/$1") ;;
    mirror) SETTINGS+=("SLUICE_DATABASE_URL=$(pg_url mirror_writer)") ;;
    esac
}

start_service() {
    local program
    program=$BUILD/bin/sluice-${1%-[0-9]}
    [[ -x $program ]] || die "$program does not exist" "run ./dev build $PRESET"
    settings_of "$1"
    mkdir -p "$DATA/artifacts" "$DATA/$1"
    start "$1" env -i "${SETTINGS[@]}" "$program"
}

is_ready() { curl -fs -m 2 -o /dev/null "$(url_of "$1" ADMIN)/readyz"; }

# write_env: what ". .dev/env" gives to a shell.
write_env() {
    local name
    (
        umask 077
        {
            echo "export SLUICE_KAFKA_BROKERS=127.0.0.1:$PORT_KAFKA"
            for name in "${DOORS[@]}"; do echo "export SLUICE_$(upper "$name")_URL=$(url_of "$name")"; done
            echo "export SLUICE_SERVING_URL=$(url_of serving-1)"
            echo "export SLUICE_SERVING_2_URL=$(url_of serving-2)"
            echo "export SLUICE_DATABASE_URL=$(pg_url mirror_writer)"
            echo "export SLUICE_REVIEWER_DATABASE_URL=$(pg_url reviewer)"
            for name in "${SERVICES[@]}"; do
                echo "export SLUICE_$(upper "${name%-1}")_ADMIN_URL=$(url_of "$name" ADMIN)"
            done
            cat "$DEV_DIR/tokens"
        } >"$DEV_DIR/env.new"
    )
    mv "$DEV_DIR/env.new" "$DEV_DIR/env"
}
