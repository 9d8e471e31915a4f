# Sourced by tests in shell: TAP, and waiting for conditions. tap_init DIR makes an empty folder below builddir for the test.
# shellcheck shell=sh
tap_n=0
tap_failed=0

tap_init() {
    tap_dir="${builddir:?}/tests/integration/$1.dir"
    rm -rf "$tap_dir"
    mkdir -p "$tap_dir"
    chmod 700 "$tap_dir"
}

# ok WHAT COMMAND...: one point, passed when the command does; its output is shown when not
ok() {
    tap_what=$1
    shift
    tap_n=$((tap_n + 1))
    if "$@" >"$tap_dir/last" 2>&1; then
        echo "ok $tap_n - $tap_what"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_n - $tap_what"
        echo "# $*"
        { head -c 4000 "$tap_dir/last"; echo; } | sed 's/^/# /'
    fi
}

skip() {
    tap_n=$((tap_n + 1))
    echo "ok $tap_n - $1 # SKIP $2"
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

tap_done() {
    echo "1..$tap_n"
    [ "$tap_failed" = 0 ]
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
    tap_tries=$(($1 * 20))
    shift
    while [ "$tap_tries" -gt 0 ]; do
        if "$@" >/dev/null 2>&1; then
            return 0
        fi
        tap_tries=$((tap_tries - 1))
        sleep 0.05
    done
    return 1
}

has() {      # has FILE PATTERN
    grep -Eq -- "$2" "$1" || { echo "not in $1: $2"; head -c 3000 "$1"; return 1; }
}

has_not() {
    ! grep -E -- "$2" "$1"
}

equals() {
    [ "$1" = "$2" ] || { echo "got: $1"; echo "expected: $2"; return 1; }
}
