# shellcheck shell=bash
# ./dev logs [NAME] [-f]: what the processes said; -f goes on as they say more
#
# NAME is a process as ./dev status lists it, or supervisor. Without one, the last lines of each.
# The logs of the run before are in .dev/log/previous/.

main() {
    local name='' follow=()
    while (($#)); do
        case $1 in
        -f) follow=(-F) ;;
        -*) refuse_unknown "$1" ;;
        *) name=$1 ;;
        esac
        shift
    done
    compgen -G "$LOG/*.log" >/dev/null || die "there are no logs in $LOG" "run ./dev up"
    if [[ -n $name ]]; then
        [[ -f $LOG/$name.log ]] || die "there is no log of '$name'" "there are: $(cd "$LOG" && echo *.log)"
        exec tail -n +1 "${follow[@]}" "$LOG/$name.log"
    fi
    exec tail -n 10 "${follow[@]}" "$LOG"/*.log
}
