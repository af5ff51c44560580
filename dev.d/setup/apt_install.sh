#!/usr/bin/env bash
# apt_install.sh PACKAGE...: installs them (as root) and lets none start a server or make a database cluster.
#
# What it puts in place for that is taken away again; a policy that the machine has already is left alone.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
made=()

tidy_up() { rm -f "${made[@]}"; }
trap tidy_up EXIT
trap 'exit 130' INT TERM

if [[ ! -e $policy ]]; then
    made+=("$policy")
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi
if [[ ! -e $clusters/sluice.conf ]]; then
    made+=("$clusters/sluice.conf")
    mkdir -p "$clusters"
    echo 'create_main_cluster = false' >"$clusters/sluice.conf"
fi

# What apt says is worth reading only when it fails.
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
{ apt-get update -qq && apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
}
rm -f "$log"
