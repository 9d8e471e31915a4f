#!/bin/sh
# Every recording of the corpus through a real session: as many interfaces, addresses, components and neighbours as the recording has, and how
# many questions it took.
# The corpus lies beside the project, not in it: PREOP_CORPUS names it (a folder with truth.tsv), else ../shared/corpus/snmp.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init snmp_corpus

corpus=${PREOP_CORPUS:-$srcdir/../shared/corpus/snmp}
[ -r "$corpus/truth.tsv" ] || skip_all "the corpus of recordings is not here (PREOP_CORPUS names it)"
run="$builddir/tests/lib/probe_run"
port=$((12000 + $$ % 19000))        # two builds may test side by side

i=0
: >"$tap_dir/list"
for f in "$corpus"/*.snmprec; do
    i=$((i + 1))
    echo "127.77.2.$i:$port=$f" >>"$tap_dir/list"
done
"$builddir/tests/tools/snmprec_serve" --list "$tap_dir/list" >"$tap_dir/served" 2>"$tap_dir/served.err" &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
wait_for 20 has "$tap_dir/served" "^ready $i\$" || { ok "the recordings are served" false; tap_done; exit 1; }

# field FILE NAME: that column of truth.tsv
field() {
    awk -F '\t' -v file="$1" -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i } $1 == file { print $c }' "$corpus/truth.tsv"
}
# counted FILE TABLE COLUMN PATTERN: as many rows of TABLE that match PATTERN as truth.tsv's COLUMN says; none: unsupported or complete
counted() {
    found=$(grep -Ec "^row	$2	.*$4" "$tap_dir/$1.out")
    states="complete"
    [ "$found" = 0 ] && states="(complete|unsupported)"
    [ "$2 $3" = "neighbors n_cdp" ] && [ "$(field "$1" n_lldp_unique)" != 0 ] && states="complete"
    equals "$2 $3 $found" "$2 $3 $(field "$1" "$3")" && has "$tap_dir/$1.out" "^table	$2	$states"
}
# guests FILE: rows of its ARP table on interfaces that are called so, which are counted (client_counts) and not kept; and behind them, how many rows of its
# forwarding tables are of the same hardware addresses
guests() {
    awk -F '|' 'BEGIN { for (i = 0; i < 256; i++) number[sprintf("%02X", i)] = i }
        { n = split($1, a, ".") }
        (index($1, "1.3.6.1.2.1.31.1.1.1.1.") == 1 || index($1, "1.3.6.1.2.1.31.1.1.1.18.") == 1 || index($1, "1.3.6.1.2.1.2.2.1.2.") == 1) && tolower($3) ~ /guest/ { guest[a[n]] = 1 }
        index($1, "1.3.6.1.2.1.4.22.1.2.") == 1 {
            arp[$1] = a[n-4]
            for (k = 1; k < 12; k += 2)
                mac[$1] = mac[$1] "." number[toupper(substr($3, k, 2))]
        }
        index($1, "1.3.6.1.2.1.17.7.1.2.2.1.2.") == 1 || index($1, "1.3.6.1.2.1.17.4.3.1.2.") == 1 {
            forwarded["." a[n-5] "." a[n-4] "." a[n-3] "." a[n-2] "." a[n-1] "." a[n]] = 1
        }
        END { for (i in arp) if (arp[i] in guest) { there++; both += mac[i] in forwarded } print there + 0, both + 0 }' "$corpus/$1"
}
clients() { sed -n 's/^row	client_counts	.*	clients=\([0-9]*\).*/\1/p' "$tap_dir/$1.out" | awk '{ n += $1 } END { print n + 0 }'; }
knows() {    # knows FILE: all of its ARP rows, guests' aside
    of_guests=$(guests "$1")
    equals "arp $(grep -Ec '^row	arp	.*	address=[0-9.]*(	|$)' "$tap_dir/$1.out") and $(clients "$1") guests" "arp $(($(field "$1" n_arp) - ${of_guests% *})) and ${of_guests% *} guests" &&
        has "$tap_dir/$1.out" "^table	arp	(complete|unsupported)"
}
# twice FILE: hardware addresses that stand in BRIDGE-MIB's table and in Q-BRIDGE-MIB's; they are one row, and n_fdb counts them in both
twice() {
    awk -F '|' '{ n = split($1, a, "."); mac = a[n-5] "." a[n-4] "." a[n-3] "." a[n-2] "." a[n-1] "." a[n] }
        index($1, "1.3.6.1.2.1.17.7.1.2.2.1.2.") == 1 { q[mac] = 1 }
        index($1, "1.3.6.1.2.1.17.4.3.1.2.") == 1 { d[mac] = 1 }
        END { for (m in d) both += m in q; print both + 0 }' "$corpus/$1"
}
forwards() {
    of_guests=$(guests "$1")
    equals "mac_addresses $(grep -c '^row	mac_addresses' "$tap_dir/$1.out")" "mac_addresses $(($(field "$1" n_fdb) - $(twice "$1") - ${of_guests#* }))"
}
reads() {   # reads FILE ADDRESS
    "$run" snmp "host=$2" port=$port snmp.version=2c snmp.community=public fast=1 timeout_ms=2000 retries=2 >"$tap_dir/$1.out" 2>&1
    rows=$(grep -c "^row	interfaces" "$tap_dir/$1.out")
    expected=$(field "$1" n_if)
    questions=$(grep -c "^asked" "$tap_dir/$1.out")
    echo "# $1: $rows interfaces, $questions questions"
    state="^table	interfaces	complete"
    [ "$expected" = 0 ] && state="^table	interfaces	failed	empty"
    equals "$rows" "$expected" && has "$tap_dir/$1.out" "$state" && has "$tap_dir/$1.out" "^table	devices	complete" && has "$tap_dir/$1.out" "^exit	0" &&
        counted "$1" addresses n_ipv4 "	address=[0-9.]*(	|\$)" && counted "$1" components n_entity "" &&
        counted "$1" neighbors n_lldp_unique "protocol=lldp" && counted "$1" neighbors n_cdp "protocol=cdp" &&
        knows "$1" && forwards "$1"
}
while IFS='=' read -r where file; do
    name=${file##*/}
    ok "$name" reads "$name" "${where%:*}"
    grep "^# $name" "$tap_dir/last"
done <"$tap_dir/list"
tap_done
