# Sourced by tests of the whole program, after tap.sh: a demo clinic of one's own below builddir, and the program as a user calls it.
# shellcheck shell=sh disable=SC2034,SC2154 # variables are for the tests; srcdir and builddir come from make
#
# clinic_start NAME makes the clinic and sets: clinic (its folder), site, net (127.X.Y), out and err (of the last call of p).
# It is stopped when the test ends, however that is.
: "${srcdir:?run by make check}" "${builddir:?}"
clinic_tool=$srcdir/contrib/demo.d/clinic
preop=$builddir/preop

clinic_need() {  # program...: skips everything where one is missing
    for program; do
        PATH=$PATH:/usr/sbin:/usr/local/sbin:/usr/libexec command -v "$program" >/dev/null || skip_all "$program is not installed"
    done
}

clinic_stop() {
    [ ! -d "$clinic" ] || "$clinic_tool" stop "$clinic"
}

# Called at the end of the test; a test that starts more defines at_end.
clinic_finish() {
    status_at_end=$?
    trap '' HUP INT TERM
    if command -v at_end >/dev/null; then at_end; fi
    clinic_stop
    exit $status_at_end
}

clinic_start() { # name
    tap_init "$1"
    clinic_need snmpd slapd sshd ssh-keygen openssl jq sqlite3
    tap_dir=$(cd "$tap_dir" && pwd -P)
    clinic=$tap_dir/c
    site=$clinic/site
    out=$tap_dir/out
    err=$tap_dir/err
    mkdir -p "$clinic"
    trap clinic_finish EXIT
    trap 'exit 99' HUP INT TERM
    if [ "$("$srcdir/tests/lib/ssh_host" users "$clinic/hosts")" = own ]; then
        case $(getent passwd "$(id -un)" | cut -d: -f7) in
        */nologin | */false) skip_all "$(id -un) has no login shell, and users cannot be made up here" ;;
        esac
    fi
    "$clinic_tool" start "$clinic" "$builddir" >"$tap_dir/start.log" 2>&1 || { sed 's/^/# /' "$tap_dir/start.log"; echo "Bail out! the clinic does not start"; exit 99; }
    net=$(cat "$clinic/net")
    # shellcheck disable=SC1091 # written by the clinic
    . "$clinic/env"
    unset PREOP_CONFIG XDG_DATA_HOME SSH_AUTH_SOCK NO_COLOR
    TERM=dumb
    export TERM
}

# p ARGS...: the program in the site's folder, with --fast left to the test; sets status
p() {
    "$preop" -C "$site" "$@" >"$out" 2>"$err" </dev/null
    status=$?
}

# exits STATUS: of the last p
exits() {
    [ "$status" = "$1" ] || { echo "exit status $status, expected $1"; head -c 1500 "$err"; head -c 1500 "$out"; return 1; }
}

db() {           # sql: what the store says
    sqlite3 -readonly "$PREOP_DB" "$1"
}

db_is() {        # sql, expected
    equals "$(db "$1" 2>&1)" "$2"
}

# state TARGET TABLE STATE [REASON]: of the newest run, whatever state it is in. With several tables, complete leaves out those that a device says it lacks.
state() {
    db_is "SELECT DISTINCT state, coalesce(reason, '') FROM all_collection WHERE run = (SELECT max(id) FROM run) AND target = '$1' AND fact_table LIKE '$2'
        AND NOT (state = 'unsupported' AND '$2' = '%' AND '$3' = 'complete') AND NOT (reason IS 'not-watched' AND '$2' = '%')" "$3|${4:-}"
}

json() {         # file, expression: jq finds it true
    jq -e "$2" "$1" >/dev/null || { echo "not so: $2"; jq -c . "$1" | head -c 1500; return 1; }
}

validates() {    # file: a report in JSON is as its schema says
    python3 -c 'import json, sys, jsonschema
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])), format_checker=jsonschema.FormatChecker())' "$1" "$srcdir/contrib/schema/report.schema.json" 2>&1
}
valid_report() { # words, file
    if python3 -c 'import jsonschema' 2>/dev/null; then ok "$1" validates "$2"; else skip "$1" "python3-jsonschema is not installed"; fi
}

count() {        # file, pattern, how many lines
    equals "$(grep -Ec -- "$2" "$1")" "$3"
}

# gear ADDRESS: what the recording there was asked so far: datagrams, get, getnext, getbulk, other, refused
gear() {
    gear_before=$(grep -c '^end$' "$clinic/gear.out")
    kill -USR1 "$(cat "$clinic/gear.pid")"
    wait_for 5 sh -c "test \$(grep -c '^end\$' '$clinic/gear.out') -gt $gear_before"
    grep "^$1:" "$clinic/gear.out" | tail -n 1 | cut -f2- | tr '\t' ' '
}

# asked_log: every question of the newest run: time, target, probe, to, question
asked_log() {
    echo "$(dirname "$PREOP_DB")/log/$(db 'SELECT max(id) FROM run').tsv"
}

# edit FILE SED-EXPRESSION...: changes a file of the site's in place, keeping its mode
edit() {
    edit_file=$1
    shift
    sed "$@" "$edit_file" >"$tap_dir/edited" && cat "$tap_dir/edited" >"$edit_file"
}

# serve FILE COMMAND...: a daemon of the clinic's, started anew; FILE is its pid file, by which the clinic stops it
serve() {
    (
        # shellcheck disable=SC1091 # beside us
        . "$srcdir/tests/lib/daemon.sh"
        daemon_stop "$1"
        daemon_start "$@"
    )
}

# gear_again OPTION...: the recordings served anew by the test tool with these options ("--quirk", "$net.1=slow:300")
gear_again() {
    gear_dir=$srcdir/contrib/demo.d/recordings
    serve "$clinic/gear.pid" "$builddir/tests/tools/snmprec_serve" --community clinic-read "$@" "$net.1:16161=$gear_dir/router.snmprec" "$net.2:16161=$gear_dir/switch.snmprec" \
        "$net.3:16161=$gear_dir/ups.snmprec" "$net.4:16161=$gear_dir/printer.snmprec" >"$clinic/gear.out" 2>"$clinic/gear.err" </dev/null
    wait_for 10 grep -q '^ready' "$clinic/gear.out" || { echo "Bail out! the recordings are not served"; exit 99; }
}
