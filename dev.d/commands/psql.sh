# shellcheck shell=bash
# ./dev psql [ROLE] [ARGUMENTS...]: psql on the mirror's database
#
# ROLE is reviewer (default, reads only), mirror_writer or sluice (owner). Arguments go to psql:
#   ./dev psql reviewer -c 'select * from reviewer.serving_now'

use postgres

main() {
    local role=reviewer
    if [[ ${1:-} == [a-z]* ]]; then
        role=$1
        shift
    fi
    need_system
    source "$DATA/ports"
    exec "$PG_BIN/psql" -d "$(pg_url "$role")" "$@"
}
