#!/bin/sh
# interface_load against agents whose counters move: rates are right, what may be wrong is void, and a watch that is cut short keeps what it saw.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init snmp_load

run="$builddir/tests/lib/probe_run"
rec="$srcdir/tests/integration/recordings"
port=$((12000 + $$ % 19000))
net=127.77.4

# 1: 10 Mb/s both ways; 2: restarts without a word; 3: silent for two seconds; 4: other names; 5: caps the question; 6: v1 only; 7: tooBig; 8: nobody;
# 9: no GETBULK; 10: nothing moves, not even the clock
set --
for i in 1 2 3 4 5 6 7 9 10; do set -- "$@" "$net.$i:$port=$rec/switch.snmprec"; done
for i in 1 2 3 4 5 6 7 9; do set -- --quirk "$net.$i=moving:1250000" "$@"; done
"$builddir/tests/tools/snmprec_serve" --quirk "$net.2=restart:3" --quirk "$net.3=silent-after:2" --quirk "$net.4=renamed:3" --quirk "$net.5=cap:7" --quirk "$net.6=v1-only" \
    --quirk "$net.7=tooBig:6" --quirk "$net.9=no-bulk" "$@" >"$tap_dir/served" 2>"$tap_dir/served.err" &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
wait_for 20 has "$tap_dir/served" "^ready" || { ok "the agents are served" false; tap_done; exit 1; }

# watch NUMBER [option...] key=value...: 6 s, a look every second
watch() {
    n=$1
    shift
    "$run" "$@" snmp "host=$net.$n" "port=$port" snmp.community=public timeout_ms=300 retries=1 fast=1 table=interface_load sample_ms=6000 every_ms=1000 \
        clinic_hours=1 "open=0 99999999999" snmp.version=2c >"$tap_dir/$n" 2>"$tap_dir/$n.err"
}
port_row() { grep "^row	interface_load.*name=Gi1/0/1	" "$tap_dir/$1" | tail -n 1; }
# value NUMBER COLUMN
value() { port_row "$1" | tr '\t' '\n' | sed -n "s/^$2=//p"; }
between() { [ -n "$1" ] && awk -v v="$1" -v a="$2" -v b="$3" 'BEGIN { exit !(v >= a && v <= b) }'; }
state() { has "$tap_dir/$1" "^exit	0" && has "$tap_dir/$1" "^table	interface_load	$2"; }

for i in 2 3 4 5 7 9 10; do
    watch "$i" &
    eval "w$i=\$!"
done
watch 1
for i in 2 3 4 5 7 9 10; do eval "wait \$w$i"; done

ok "a watch is complete" state 1 complete
ok "six pairs of reads" equals "$(value 1 samples)/$(value 1 void_samples)" 6/0
ok "... over six seconds" equals "$(value 1 covered_s)" 6
ok "10 Mb/s are 10 Mb/s" between "$(value 1 in_mbps_median)" 9.5 10.5
ok "... and one percent of 1 Gb/s" between "$(value 1 busier_percent_p95)" 0.9 1.2
ok "... worst and 95th percentile are the largest of six" equals "$(value 1 out_mbps_p95)" "$(value 1 out_mbps_max)"
ok "packets of three kinds" between "$(value 1 in_packets)" 15000000 30000000
ok "errors for each million packets" between "$(value 1 in_errors_per_million)" 300000 1000000
ok "the clinic is open" equals "$(value 1 in_clinic_hours)" 1
down=$(sed -n 's/^1\.3\.6\.1\.2\.1\.2\.2\.1\.8\.\([0-9]*\)|2|2$/\1/p' "$rec/switch.snmprec" | head -n 1)
ok "a port that is down has no row" has_not "$tap_dir/1" "^row.*if_index=${down:-none in the recording, which names=}	"
clock_in_each() { awk '/^asked.*GET 1/ { n++; if ($0 !~ /GET 1\.3\.6\.1\.2\.1\.1\.3\.0 /) bad = 1 } END { exit bad || n == 0 }' "$tap_dir/1"; }
ok "every question about counters has sysUpTime in it" clock_in_each

ok "a restart without a word: one void pair" equals "$(value 2 void_samples)" 1
ok "... the others are right" between "$(value 2 in_mbps_max)" 9 11
ok "... and what was counted from end to end is unknown" equals "$(value 2 in_errors)/$(value 2 in_packets)" /
ok "silence in between: complete" state 3 complete
ok "... the gap is one longer sample" equals "$(value 3 covered_s)" 6
ok "... so there are fewer" between "$(value 3 samples)" 2 5
ok "... and no wrong rate" between "$(value 3 in_mbps_max)" 9 11
ok "an index that is another port: void" between "$(value 4 void_samples)" 2 4
ok "... and no wrong rate" between "$(value 4 in_mbps_max)" 9 11
ok "an agent that answers seven objects of a question" between "$(value 5 in_mbps_median)" 9 11
ok "... all of the watch" state 5 complete
ok "tooBig for more than six" between "$(value 7 in_mbps_median)" 9 11
ok "no GETBULK" between "$(value 9 in_mbps_median)" 9 11
ok "a clock that stands still gives no rate" equals "$(value 10 samples)/$(value 10 in_mbps_median)" 0/
ok "... but the row says so" equals "$(value 10 void_samples)" 6

v1() { "$run" snmp "host=$net.6" "port=$port" snmp.version=1 snmp.community=public timeout_ms=300 fast=1 table=interface_load sample_ms=2000 every_ms=1000 >"$tap_dir/6" 2>&1; }
v1
ok "v1: 32-bit counters of 1 Gb/s, seconds apart" between "$(value 6 in_mbps_median)" 9 11
ok "... and says that they are 32 bits wide" equals "$(value 6 counters_64bit)" 0
watch 8
ok "nobody there" state 8 "failed	connection-refused"
watch 1 --hang-up 2500
ok "ended early: what was seen is kept" equals "$(value 1 samples)" 2
ok "... and it is a part" state 1 "partial	timeout"
early() { "$run" snmp "host=$net.1" "port=$port" snmp.version=2c snmp.community=public fast=1 table=interface_load sample_ms=60000 every_ms=1000 deadline_ms=3000 "$@" >"$tap_dir/1" 2>&1; }
early permitted_ms=3000
ok "the permitted hours end: partial, with that reason" state 1 "partial	not-permitted"
ok "... and nothing was sent after them" equals "$(value 1 samples)" 2
early
ok "the job's deadline" state 1 "partial	timeout"

kill -USR1 $pid
wait_for 10 has "$tap_dir/served" "^end\$"
reads_only() { awk -F '\t' 'NF == 7 && $6 != 0 { bad = 1; print } END { exit bad }' "$tap_dir/served"; }
ok "no agent saw anything but GET, GETNEXT and GETBULK" reads_only
tap_done
