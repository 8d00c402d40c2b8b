# Sourced by ./run and ./test: makes the private environment .venv ready and sets $python to its interpreter.
# usage: . requirements/environment.sh; environment ROOT runtime|dev

MINIMUM="3.11"

say() { printf '%s\n' "$*" >&2; }

# The tools of the dev lock contain the run-time ones, so ./run is content with either.
ready() {
    stamp=$(cat "$1/.venv/.stamp" 2>/dev/null) || return 1
    "$1/.venv/bin/python" -c '' 2>/dev/null || return 1
    [ "$stamp" = "dev $(cksum <"$1/requirements/dev.lock")" ] && return 0
    [ "$2" = runtime ] && [ "$stamp" = "runtime $(cksum <"$1/requirements/runtime.lock")" ]
}

new_enough() {
    "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${TRIMTAB_PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
        found=$(command -v "$name" 2>/dev/null) && new_enough "$found" && return 0
    done
    say "Trimtab needs Python $MINIMUM or newer, and found none as ${TRIMTAB_PYTHON:-python3 or python3.N}."
    say "Install it (Debian, Ubuntu: apt-get install python3 python3-venv python3-pip; macOS: brew install python),"
    say "or name one: TRIMTAB_PYTHON=/path/to/python3 $0"
    return 1
}

environment() {
    python="$1/.venv/bin/python"
    ready "$1" "$2" && return 0
    find_python || exit 1
    "$found" "$1/requirements/install.py" "$2" || exit 1
    printf '%s %s' "$2" "$(cksum <"$1/requirements/$2.lock")" >"$1/.venv/.stamp"
}
