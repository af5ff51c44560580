# shellcheck shell=bash
# One Kafka broker out of jars. KAFKA_LIB and KAFKA_CDS are tools; its data lives in $DATA/kafka.

KAFKA_LIB=$TOOLS/kafka/lib
KAFKA_CDS=$TOOLS/kafka/cds/kafka.jsa

java_program() {
    local found
    for found in /usr/lib/jvm/java-17-openjdk-*/bin/java; do
        [[ -x $found ]] && echo "$found" && return
    done
    die "there is no Java 17" "run ./dev setup"
}

# kafka_command CLASS_AND_ARGUMENTS...: sets KAFKA_COMMAND. The order of the jars is part of the CDS archive's identity.
kafka_command() {
    local jars=("$KAFKA_LIB"/*.jar) IFS=:
    KAFKA_COMMAND=("$(java_program)" -Xms64m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1
        "-XX:${KAFKA_CDS_USE:-SharedArchiveFile}=$KAFKA_CDS" -Xlog:disable -Xlog:all=error:stderr
        "-Dlog4j.configuration=file:$ROOT/dev.d/kafka/log4j.properties" -cp "${jars[*]}" "$@")
}

# kafka_configure DIR PORT CTRL_PORT: writes the properties, and formats the folder if it is new.
kafka_configure() {
    mkdir -p "$1"
    sed "s|CTRL_PORT|$3|g; s|PORT|$2|g; s|LOG_DIRS|$1/log|g" \
        "$ROOT/dev.d/kafka/server.properties" >"$1/server.properties"
    [[ -f $1/log/meta.properties ]] && return
    kafka_command kafka.tools.StorageTool format -t "$(kafka_cluster_id)" -c "$1/server.properties"
    "${KAFKA_COMMAND[@]}" >"$1/format.log" 2>&1 || die "Kafka's folder could not be formatted" "see $1/format.log"
}

kafka_cluster_id() { head -c16 /dev/urandom | base64 | tr '+/' '-_' | tr -d '='; }

kafka_answers() { kcat -b "127.0.0.1:$1" -L -m 1 >/dev/null 2>&1; }
