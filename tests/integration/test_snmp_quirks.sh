#!/bin/sh
# The snmp probe against agents that misbehave: it ends in time, says why, and takes nothing for granted.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init snmp_quirks

run="$builddir/tests/lib/probe_run"
rec="$srcdir/tests/integration/recordings"
port=$((12000 + $$ % 19000))        # two builds may test side by side
net=127.77.3

# One address for each: number, quirks (none: -)
agents() {
    cat <<'END'
1 -
2 loop:40
3 unordered
4 tooBig-always
5 tooBig:6
6 no-bulk
7 bulk-silent
8 drop-first:2
9 drop-every:3
10 slow:150
11 early-end:30
12 garbage
13 huge-names
14 v1-only
15 escape
16 cap:7
17 wrong-types
18 other-source
19 twice
20 gen-err:3
21 gen-err
22 huge-names:60000
23 cap:12
24 holes:3
25 cap:1
26 early-end:62
27 no-bulk
28 no-next
END
}
set --
for i in $(agents | cut -d' ' -f1); do set -- "$@" "$net.$i:$port=$rec/switch.snmprec"; done
set -- "$net.29:$port=$rec/no-lead.snmprec" "$@"
for q in $(agents | grep -v -- ' -$' | tr ' ' '='); do set -- "--quirk" "$net.${q}" "$@"; done
"$builddir/tests/tools/snmprec_serve" "$@" >"$tap_dir/served" 2>"$tap_dir/served.err" &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
wait_for 20 has "$tap_dir/served" "^ready" || { ok "the agents are served" false; tap_done; exit 1; }

# probe NUMBER key=value...
probe() {
    n=$1
    shift
    "$run" snmp "$@" "host=$net.$n" "port=$port" snmp.version=2c snmp.community=public timeout_ms=300 retries=2 deadline_ms=20000 fast=1 >"$tap_dir/$n" 2>"$tap_dir/$n.err"
}
rows() { grep -c "^row	interfaces" "$tap_dir/$1"; }
ended() { has "$tap_dir/$1" "^exit	0" && has "$tap_dir/$1" "^end"; }
whole() { ended "$1" && equals "$(rows "$1")" 30 && has "$tap_dir/$1" "^table	devices	complete" && has "$tap_dir/$1" "^table	interfaces	complete"; }
state() { ended "$1" && has "$tap_dir/$1" "^table	interfaces	$2"; }
same_rows() { grep "^row	interfaces" "$tap_dir/1" >"$tap_dir/a"; grep "^row	interfaces" "$tap_dir/$1" >"$tap_dir/b"; cmp "$tap_dir/a" "$tap_dir/b"; }

probe 1
ok "a well-behaved agent" whole 1
probe 2
ok "an agent that loops: partial, and it ends" state 2 "(partial|failed)	loop"
probe 3
ok "an agent that is not in order" state 3 "(partial|failed)	loop"
probe 4
ok "tooBig whatever is asked" state 4 "(partial|failed)	size-limit"
probe 5
ok "tooBig for more than six objects: everything comes" whole 5
ok "... and it is the same" same_rows 5
probe 6
ok "an agent that has no GETBULK" whole 6
ok "... is asked with GETNEXT" has "$tap_dir/6" "^asked.*GETNEXT"
probe 7
ok "an agent that is silent to GETBULK" whole 7
probe 8
ok "the first two datagrams are lost" whole 8
probe 9
ok "every third datagram is lost" whole 9
ok "... and it is the same" same_rows 9
probe 10
ok "a slow agent" whole 10
probe 11
ok "an agent that ends early shows fewer interfaces or none" has_not "$tap_dir/11" "^signal"
probe 12
ok "garbage is no crash" ended 12
ok "... and no success" has_not "$tap_dir/12" "^table	(devices|interfaces)	complete"
probe 13
ok "names of 30,000 bytes" state 13 "(complete|partial)"
probe 22
ok "names of 60,000 bytes" ended 22
probe 14
ok "an agent of v1 only is silent to v2c" state 14 "failed	no-answer"
probe 14 snmp.version=1
ok "... and answers v1" state 14 "complete"
ok "... without 64-bit counters, and says so" has "$tap_dir/14" "^row	interfaces.*name=Gi1/0/1	.*counters_64bit=0"
probe 15
ok "hostile texts" state 15 "complete"
no_escape() { has_not "$tap_dir/15" "$(printf '\033')"; }
ok "... are shown without escapes" no_escape
probe 16
ok "an agent that looks at seven objects of a question only" whole 16
ok "... gives the same" same_rows 16
probe 23
ok "an agent that looks at twelve, noticed in the middle of an answer" whole 23
ok "... gives the same" same_rows 23
probe 17
ok "values of wrong types: no facts from them" ended 17
ok "... no speed, no counters, no state" has_not "$tap_dir/17" "^row[[:space:]](devices|interfaces).*(speed_mbps|in_octets|admin_up|oper_up|mac|uptime_s)="
probe 18
ok "answers from another port are not heard" state 18 "failed	no-answer"
probe 19
ok "answers that come twice" whole 19
ok "... change nothing" same_rows 19
probe 20
ok "genErr for more than three objects" whole 20
probe 21
ok "genErr always" state 21 "failed	malformed"

probe 24
ok "objects that are there by name only: no facts from them, and it goes on behind them" state 24 complete
# every column that it shows is the well-behaved agent's
shown() { grep "^row	interfaces" "$tap_dir/$1" | tr '\t' '\n' | grep -E "^(speed_mbps|mtu|mac|if_index)=" | sort -u; }
nothing_new() { shown 1 >"$tap_dir/a"; shown 24 >"$tap_dir/b"; [ -s "$tap_dir/b" ] && [ -z "$(comm -13 "$tap_dir/a" "$tap_dir/b")" ] && [ -n "$(comm -23 "$tap_dir/a" "$tap_dir/b")" ]; }
ok "... what is shown is what the others show, and less" nothing_new
probe 25
ok "an agent that looks at the first object of a question only" whole 25
ok "... gives the same" same_rows 25
probe 26
ok "an agent that ends in the middle of a table" ended 26
indexes() { grep "^row	interfaces" "$tap_dir/$1" | tr '\t' '\n' | grep "^if_index=" | sort -u; }
none_made_up() { indexes 1 >"$tap_dir/a"; indexes 26 >"$tap_dir/b"; [ -s "$tap_dir/b" ] && [ -z "$(comm -13 "$tap_dir/a" "$tap_dir/b")" ]; }
ok "... says nothing that the whole one does not" none_made_up
probe 28
ok "an agent that says noSuchInstance where a column ends" whole 28
ok "... gives the same" same_rows 28
probe 27 snmp.version=1
ok "v1 of an agent without GETBULK" whole 27

# tables and groups without what comes first in them are there all the same
probe 29
row() { grep "^row	$1	" "$tap_dir/29" | grep -F "	$2" | grep -qF "	$3"; }
ok "sensors without their values" row sensors sensor=12 state=nonoperational
ok "a UPS without its battery's state" row ups "model=Holey UPS" charge_percent=87
ok "supplies without their kind" row printer_supplies "description=Black toner" level_percent=40
ok "power supplies without their budget" row poe supply=1 used_watts=115
ok "time servers without their names" row time_sources source=10.20.0.5 stratum=3
ok "what it does not show, it does not have" has "$tap_dir/29" "^table	routes	unsupported"

# limits and deadlines
probe 1 max_rows=5
ok "the job's row limit" state 1 "partial	limit"
probe 10 deadline_ms=400
ok "the job's deadline" has "$tap_dir/10" "^table	(devices|interfaces)	(partial|failed)	timeout"

kill -USR1 $pid
wait_for 10 has "$tap_dir/served" "^end\$"
reads_only() { awk -F '\t' 'NF == 7 && $6 != 0 { bad = 1; print } END { exit bad }' "$tap_dir/served"; }
ok "no agent saw anything but GET, GETNEXT and GETBULK" reads_only
tap_done
