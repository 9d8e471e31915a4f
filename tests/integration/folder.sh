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
has_flat() { tr -s '\n ' '  ' <out | grep -qF -- "$1"; }     # in words that a line's end may part
says() { grep -qF -- "$1" err; }
# status WANTED ARGUMENTS...: runs preop; out, err
status() { want=$1; shift; "$preop" --db s.db "$@" >out 2>err; [ $? -eq "$want" ]; }

# valid WHAT SCHEMA: one point, whether the JSON in out is as contrib/schema/SCHEMA.schema.json says
valid() {
    if python3 -c 'import jsonschema' 2>/dev/null; then
        check "$1" python3 -c "
import json, jsonschema
jsonschema.Draft202012Validator(json.load(open('$src/contrib/schema/$2.schema.json'))).validate(json.load(open('out')))"
    else
        n=$((n + 1)); echo "ok $n - $1 # SKIP python3-jsonschema is needed"
    fi
}

# folder_init NAME: an empty site folder to be in, gone at the end unless KEEP is set
folder_init() {
    work=$build/tests/integration/$1.work
    rm -rf "$work"
    mkdir -p "$work/evidence" "$work/checklists"
    chmod 700 "$work"
    cd "$work" || exit 99
    trap 'cd "$build" && if [ -z "${KEEP:-}" ]; then rm -rf "$work"; fi' EXIT
}
