# shellcheck shell=bash
# ./dev kcat ARGUMENTS...: kcat on the running Kafka
#
#   ./dev kcat -C -t sluice.ledger -o beginning -e -q     every fact, oldest first
#   ./dev kcat -L                                         topics and partitions

main() {
    need_system
    source "$DEV_DIR/env"
    exec kcat -b "$SLUICE_KAFKA_BROKERS" "$@"
}
