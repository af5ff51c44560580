# shellcheck shell=bash
# Debian packages: which are missing, and installing them without letting a server of theirs start.

wanted_packages() { sed '/^#/d; s/^[^:]*://' "$ROOT/dev.d/setup/packages.txt" | xargs -n1; }

purpose_of() {
    awk -F: -v package="$1" '{n = split($2, names, " "); for (i = 1; i <= n; i++) if (names[i] == package) print $1}' \
        "$ROOT/dev.d/setup/packages.txt"
}

missing_packages() {
    comm -23 <(wanted_packages | sort) \
        <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/ installed$//p' | sort)
}

install_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null || die "this is not Debian" "on other systems, see docker-compose.yml"
    mapfile -t missing < <(missing_packages)
    ((${#missing[@]})) || return 0
    for package in "${missing[@]}"; do say "setup: Debian package $package, for $(purpose_of "$package")"; done
    as_root bash "$ROOT/dev.d/setup/apt_install.sh" "${missing[@]}" ||
        die "the packages could not be installed" "read what apt says above, then run ./dev setup again"
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "installing packages needs root, and there is no sudo" "run ./dev setup once as root"
    fi
}
