#!/usr/bin/env bash
# migrate.sh DATABASE_URL FOLDER: applies FOLDER/NNNN_name.sql in order, each once and in a transaction of its own.
#
# Table public.migration holds number, file and digest of what was applied. A file that was edited afterwards, or that
# is gone, is refused: the database would no longer be what the files say.
set -euo pipefail

url=$1 folder=$2
psql=psql
if [[ -x /usr/lib/postgresql/15/bin/psql ]]; then psql=/usr/lib/postgresql/15/bin/psql; fi

sql() { "$psql" -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -d "$url" "$@"; }

die() {
    printf 'migrate: %s\n' "$*" >&2
    exit 1
}

digest_of() { sha256sum <"$1" | cut -c1-64; }

apply() {
    local number=${2%%_*} digest
    digest=$(digest_of "$1")
    sql -1 -f "$1" -c "insert into public.migration (number, file, sha256) values ($((10#$number)), '$2', '$digest')" ||
        die "$2 was not applied; nothing of it stays. Correct it and run this again"
    count=$((count + 1))
}

sql -c "set client_min_messages = warning" -c "create table if not exists public.migration (
    number integer primary key, file text not null, sha256 text not null, at timestamptz not null default now())"

count=0
declare -A applied=() seen=()
while read -r file digest; do applied[$file]=$digest; done < <(sql -c "select file, sha256 from public.migration")

shopt -s nullglob
for path in "$folder"/[0-9][0-9][0-9][0-9]_*.sql; do
    file=${path##*/}
    seen[$file]=1
    if [[ -z ${applied[$file]:-} ]]; then
        apply "$path" "$file"
    elif [[ ${applied[$file]} != "$(digest_of "$path")" ]]; then
        die "$file was edited after it had been applied. Restore it, and put the change into a new file"
    fi
done
for file in "${!applied[@]}"; do
    [[ -n ${seen[$file]:-} ]] || die "$file was applied but is not in $folder. The database is newer than this checkout"
done
((count == 0)) || echo "migrations: $count applied, ${#applied[@]} were there"
