#!/bin/sh
# The snmp probe over recordings of real devices (PREOP_CORPUS, else ../shared/corpus/snmp): how many questions it asks and how long it takes at
# 20 ms of added latency, against snmpbulkwalk over the same subtrees, device by device; and 500 devices in one check, against what no program
# can beat. BENCH_LAGGED says how many devices are timed (0: all; snmpbulkwalk takes its time), BENCH_DEVICES how many the check reads.
# shellcheck disable=SC2317,SC2086 # end_pids() is called by the trap; subtrees are words
set -eu
: "${srcdir:?run by make bench}" "${builddir:?}"
# shellcheck source=tests/bench/measure.sh
. "$srcdir/tests/bench/measure.sh"
corpus=${PREOP_CORPUS:-$srcdir/../shared/corpus/snmp}
lagged=${BENCH_LAGGED:-8} devices=${BENCH_DEVICES:-500} lag_ms=20 share=0.25 limit=1.5
dir=$builddir/tests/bench/bench_snmp.dir
rm -rf "$dir"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd -P)
sum=$(printf '%s' "$dir" | cksum | cut -d' ' -f1)
net=127.$((64 + sum % 128))
port=16161 lag_port=16162
umask 077

skip() { echo "snmp: $*"; exit 0; }
command -v snmpbulkwalk >/dev/null || skip "questions and time against snmpbulkwalk: skipped: snmpbulkwalk is not installed"
set -- "$corpus"/*.snmprec
[ -r "$1" ] || skip "questions and time against snmpbulkwalk: skipped: no recordings at $corpus (PREOP_CORPUS names them)"

end_with_us
wait_line() { # file, pattern
    tries=0
    until grep -q "$2" "$1"; do
        tries=$((tries + 1))
        [ $tries -lt 400 ] || { cat "$1" >&2; exit 1; }
        sleep 0.05
    done
}

# --- one device at a time: questions -------------------------------------------------------------------------------------------

n=0
for f in "$@"; do
    n=$((n + 1))
    echo "$net.1.$n:$port=$f"
done >"$dir/list"
"$builddir/tests/tools/snmprec_serve" --list "$dir/list" >"$dir/served" 2>"$dir/served.err" </dev/null &
server=$!
pids="$pids $server"
wait_line "$dir/served" "^ready $n\$"

# datagrams ADDRESS: how many it has got so far
datagrams() {
    : >"$dir/served.now"
    before=$(grep -c '^end$' "$dir/served" || :)
    kill -USR1 $server
    tries=0
    until [ "$(grep -c '^end$' "$dir/served" || :)" -gt "$before" ] || [ $tries -gt 400 ]; do
        tries=$((tries + 1))
        sleep 0.01
    done
    awk -F '\t' -v at="$1:$port" '$1 == at { n = $2 } END { print n + 0 }' "$dir/served"
}
# what the probe reads, as subtrees: the tables of the columns that it names, and the system group
subtrees=$("$builddir/preop" explain --probe snmp | sed -n 's/^  \(1\.[0-9.]*\).*/\1/p' |
    awk -F . '$NF == 0 { if (index($0, "1.3.6.1.2.1.1.") == 1) print "1.3.6.1.2.1.1"; else print; next } { sub(/\.[0-9]+$/, ""); print }' | sort -u)
probe() { # host, port
    "$builddir/tests/lib/probe_run" snmp "host=$1" "port=$2" snmp.version=2c snmp.community=public fast=1 timeout_ms=4000 >"$dir/probe.out" 2>&1
}
walk() { # host, port
    for tree in $subtrees; do
        snmpbulkwalk -v2c -c public -On -m '' -M '' -t 4 "$1:$2" "$tree" >>"$dir/walk.out" 2>&1 || :
    done
}

failed=0
i=0
: >"$dir/questions"
for f in "$@"; do
    i=$((i + 1))
    a=$(datagrams "$net.1.$i")
    probe "$net.1.$i" $port
    b=$(datagrams "$net.1.$i")
    walk "$net.1.$i" $port
    c=$(datagrams "$net.1.$i")
    echo "$((b - a)) $((c - b)) $i $(basename "$f" .snmprec)" >>"$dir/questions"
done
awk -v share=$share -v n_trees="$(echo "$subtrees" | wc -w)" '{ r = $1 / $2; ours += $1; theirs += $2; if (r > share) { over++; printf "snmp: %s: %d questions against %d of snmpbulkwalk\n", $4, $1, $2 } if (r > worst) { worst = r; who = $4 } }
    END { printf "snmp: questions over %d devices, %d subtrees: %d against %d of snmpbulkwalk: %.3f; the worst device (%s) %.3f  <= %.2f  %s\n", NR, n_trees, ours, theirs, ours / theirs, who, worst, share, over ? "MISSED" : "ok"; exit over > 0 }' "$dir/questions" || failed=1

# --- one device at a time: time at 20 ms ------------------------------------------------------------------------------------------

step=1
[ "$lagged" = 0 ] || step=$(((n + lagged - 1) / lagged))
: >"$dir/lagged"
i=1
while [ $i -le $n ]; do
    "$builddir/tests/tools/netlag" --udp --listen "$net.2.$i:$lag_port" --to "$net.1.$i:$port" --delay-ms $((lag_ms / 2)) >"$dir/lag.out" 2>&1 </dev/null &
    lag=$!
    pids="$pids $lag"
    wait_line "$dir/lag.out" .
    t0=$(now_ms)
    probe "$net.2.$i" $lag_port
    t1=$(now_ms)
    walk "$net.2.$i" $lag_port
    t2=$(now_ms)
    kill $lag 2>/dev/null || :
    wait $lag 2>/dev/null || :
    echo "$((t1 - t0)) $((t2 - t1)) $(sed -n "${i}s/.*\\///;${i}s/\\.snmprec//p" "$dir/list")" >>"$dir/lagged"
    i=$((i + step))
done
awk -v share=$share -v ms=$lag_ms '{ r = $1 / $2; ours += $1; theirs += $2; if (r > share) { over++; printf "snmp: %s: %d ms against %d ms\n", $3, $1, $2 } if (r > worst) { worst = r; who = $3 } }
    END { printf "snmp: time at %d ms more over %d devices: %d ms against %d ms of snmpbulkwalk: %.3f; the worst device (%s) %.3f  <= %.2f  %s\n", ms, NR, ours, theirs, ours / theirs, who, worst, share, over ? "MISSED" : "ok"; exit over > 0 }' "$dir/lagged" || failed=1
kill $server
wait $server 2>/dev/null || :

# --- many devices in one check ---------------------------------------------------------------------------------------------------

# Every answer comes 20 ms later; recordings are served again and again until there are enough.
i=0
: >"$dir/many.list"
: >"$dir/targets"
while [ $i -lt "$devices" ]; do
    for f in "$@"; do
        [ $i -lt "$devices" ] || break
        i=$((i + 1))
        at=$net.$((3 + i / 250)).$((i % 250 + 1))
        echo "$at:$port=$f" >>"$dir/many.list"
        echo "  - {name: d$i, address: $at, role: switch, snmp: {use: gear, port: $port, timeout: 4s}}" >>"$dir/targets"
    done
done
"$builddir/tests/tools/snmprec_serve" --delay $lag_ms --list "$dir/many.list" >"$dir/many.out" 2>"$dir/many.err" </dev/null &
server=$!
pids="$pids $server"
wait_line "$dir/many.out" "^ready $devices\$"
make_site() { # name; targets on stdin
    mkdir -p "$dir/$1"
    { printf 'preop: 1\nsite: %s\nname: Bench\nstage: owned\ntimezone: UTC\nauthorization: owner\nchecklists: [core, network]\ntargets:\n' "$1"; cat; } >"$dir/$1/site.yaml"
    echo "gear: {for: [$net.0.0/16], snmp: {version: 2c, community: public}}" >"$dir/$1/credentials.yaml"
}
PREOP_DATADIR=$srcdir/checklists
TMPDIR=$dir
export PREOP_DATADIR TMPDIR
# check NAME: one check into a store of its own; sets wall, client, server_ms
check() {
    rm -rf "$dir/store"
    ticks=$(cpu_ms $server)
    times >"$dir/times"
    before=$(child_ms "$dir/times")
    start=$(now_ms)
    status=0
    "$builddir/preop" -C "$dir/$1" --db "$dir/store/preop.db" check --fast -q -o "$dir/out" >"$dir/err" 2>&1 || status=$?
    wall=$(($(now_ms) - start))
    [ $status = 0 ] || [ $status = 3 ] || { cat "$dir/err" >&2; exit 1; }         # some recordings have no interfaces: 3
    times >"$dir/times"
    client=$(($(child_ms "$dir/times") - before))
    server_ms=$(($(cpu_ms $server) - ticks))
}
make_site all <"$dir/targets"
# the slowest device alone: found with the probe, measured with a whole check
i=0
: >"$dir/alone"
for f in "$@"; do
    i=$((i + 1))
    [ $i -le "$devices" ] || break
    t0=$(now_ms)
    probe "$net.3.$((i + 1))" $port
    echo "$(($(now_ms) - t0)) $i" >>"$dir/alone"
done
slowest=$(sort -rn "$dir/alone" | head -n 1 | cut -d' ' -f2)
sed -n "${slowest}p" "$dir/targets" | make_site one
alone=
for try in 1 2 3; do
    check one
    [ -n "$alone" ] && [ "$alone" -le "$wall" ] || alone=$wall
done
best=
for try in 1 2; do
    check all
    [ -n "$best" ] && [ "$best" -le "$wall" ] || best=$wall best_client=$client best_server=$server_ms
done
: "$try"
awk -v wall="$best" -v alone="$alone" -v client="$best_client" -v server="$best_server" -v cores="$(nproc)" -v limit=$limit -v n="$devices" -v ms=$lag_ms 'BEGIN {
    work = (client + server) / cores; bound = work > alone ? work : alone
    printf "snmp: %d devices at %d ms, --fast: wall %d ms; the slowest alone %d ms; processor time (client %d + server %d ms) / %d cores = %d ms\n", n, ms, wall, alone, client, server, cores, work
    printf "snmp: wall over the larger of the two: %.2f  <= %.2f  %s\n", wall / bound, limit, wall <= limit * bound ? "ok" : "MISSED"
    exit wall > limit * bound }' || failed=1
exit $failed
