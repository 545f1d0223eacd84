#!/bin/sh
# Installs the Debian packages a target needs (venv, run or test), or names them where it may not.
set -eu

missing() {
    for package in $1; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

case "$1" in
venv)
    if "${PY:-python3}" -c 'import ensurepip' 2>/dev/null; then exit 0; fi
    wanted='python3-venv' ;;
run) wanted='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0' ;;
test) wanted='chromium libatomic1 poppler-utils' ;;
*)
    echo "usage: tools/system.sh venv|run|test" >&2
    exit 2 ;;
esac

needed=$(missing "$wanted")
[ -n "$needed" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    as_root=''
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    echo "Debian packages are missing and only root may install them; run: sudo apt-get install $needed" >&2
    exit 1
fi
echo "Installing Debian packages: $needed"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
# shellcheck disable=SC2086  # a list of packages is meant to be split
$as_root apt-get install -y -qq --no-install-recommends $needed >/dev/null
