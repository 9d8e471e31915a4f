# Sourced by tests that type preop in a site folder which they write themselves: TAP, and the last command's output in the files out and err.
# shellcheck shell=sh
set -u
src=$(cd "$srcdir" && pwd)
build=$(cd "${builddir:?}" && pwd)
preop=$build/preop
PREOP_DATADIR=$src/checklists
export PREOP_DATADIR
n=0

ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - $1"; cut -c1-200 out err 2>/dev/null | tail -n 20 | sed 's/^/# /'; }
check() { words=$1; shift; if "$@" >/dev/null 2>&1; then ok "$words"; else not_ok "$words"; fi; }
has() { grep -qF -- "$1" out; }
has_not() { ! has "$1"; }
says() { grep -qF -- "$1" err; }
# status WANTED ARGUMENTS...: runs preop; out, err
status() { want=$1; shift; "$preop" --db s.db "$@" >out 2>err; [ $? -eq "$want" ]; }

# folder_init NAME: an empty site folder to be in, gone at the end unless KEEP is set
folder_init() {
    work=$build/tests/integration/$1.work
    rm -rf "$work"
    mkdir -p "$work/evidence" "$work/checklists"
    chmod 700 "$work"
    cd "$work" || exit 99
    trap 'cd "$build" && if [ -z "${KEEP:-}" ]; then rm -rf "$work"; fi' EXIT
}
