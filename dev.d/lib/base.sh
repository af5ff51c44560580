# shellcheck shell=bash
# Places and words that every command shares. Expects ROOT; sets the rest.

DEV_DIR=${SLUICE_DEV_DIR:-$ROOT/.dev}
[[ $DEV_DIR == /* ]] || DEV_DIR=$PWD/$DEV_DIR
# A throwaway system, as ./dev test makes them, borrows the tools of the one that it was started from.
TOOLS=${SLUICE_DEV_TOOLS_DIR:-$DEV_DIR}
PRESET=${SLUICE_PRESET:-dev}
BUILD=$ROOT/build/$PRESET
DATA=$DEV_DIR/data
RUN=$DEV_DIR/run
LOG=$DEV_DIR/log
PYTHON=$TOOLS/venv/bin/python
export SLUICE_DEV_DIR=$DEV_DIR SLUICE_DEV_TOOLS_DIR=$TOOLS SLUICE_PRESET=$PRESET

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

# die WHAT ADVICE
die() {
    warn "dev: $1${2:+. $2}"
    exit 1
}

# The comment that a file begins with is its help.
help_of() { sed -n '/^#!/d;/^# shellcheck/d;/^#/!q;s/^# \{0,1\}//p' "$1"; }

# refuse_unknown ARGUMENT: for commands that know all their arguments.
refuse_unknown() { die "'$1' is not understood here" "--help says what is"; }

# use NAME...: reads dev.d/lib/NAME.sh.
use() {
    local name
    for name in "$@"; do source "$ROOT/dev.d/lib/$name.sh"; done
}

# hold_lock FOLDER: until this command ends, no other one that changes this folder goes on.
hold_lock() {
    mkdir -p "$1"
    exec 9>"$1/lock"
    flock -n 9 || {
        say "waiting for another ./dev that is at work in $1"
        flock 9
    }
}

# waits_for SECONDS COMMAND...: true as soon as the command is.
waits_for() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.03
    done
}

need_system() { [[ -f $DEV_DIR/env ]] || die "no system was brought up in $DEV_DIR" "run ./dev up"; }

# with_env COMMAND...: in place of this shell, with the addresses and tokens of the running system.
with_env() {
    need_system
    source "$DEV_DIR/env"
    export SLUICE_CLI=$BUILD/bin/sluice
    exec "$@"
}
