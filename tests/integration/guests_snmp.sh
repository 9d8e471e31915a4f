#!/bin/sh
# Guests and patients that network gear names (ARP, forwarding tables, neighbours) are counted and not kept: asked live, read from the text of a walk, and
# found by discover. The store's own files are searched, and an employee's address in them shows that the search finds what is there.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init guests_snmp
ip=$(command -v ip || ls /sbin/ip /usr/sbin/ip 2>/dev/null | head -1)
if [ -z "${IN_NAMESPACE:-}" ] && [ -n "$ip" ] && unshare -rnm true 2>/dev/null; then
    IN_NAMESPACE=1 exec unshare -rnm "$0" "$@"
fi
preop=$builddir/preop
export PREOP_DATADIR="$srcdir/checklists" MIBS='' SNMPCONFPATH=/nonexistent
net=127.77.9
port=$((12000 + $$ % 19000))
if [ -n "${IN_NAMESPACE:-}" ]; then
    "$ip" link set lo up
    port=161
fi
"$builddir/tests/tools/snmprec_serve" --community public "$net.1:$port=$srcdir/tests/integration/recordings/guests.snmprec" >"$tap_dir/served" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
wait_for 20 grep -q ready "$tap_dir/served" || { ok "the recording is served" false; tap_done; exit 1; }
cd "$tap_dir" || exit 99
mkdir -m 700 site site/evidence

# Guests' hardware addresses, a guest's computer's name, addresses in 10.20.3.0/24 but the router's own, as text and as bytes that a store could keep.
hidden='CANARY|de:ad:be:ef|de-ad-be-ef|deadbeef|dead:be|222[.]173[.]190[.]239|10[.]20[.]3[.]1[0-9]|10[.]20[.]5[.]15'
# Searches the store's files and the log of questions, in which the index of a row of ARP or of a forwarding table would be an address.
kept() { grep -raliE -- "$1" "$PREOP_DB" "$PREOP_DB-wal" "$tap_dir/log" 2>/dev/null | grep -q .; }
not_kept() { ! kept "$1"; }
site() {    # site TARGET GUESTS: a site with this target, and guest_networks: with these; its own store
    export PREOP_DB="$tap_dir/$3.db"
    {
        printf 'preop: 1\nsite: riverside\nname: Riverside\nstage: owned\ntimezone: UTC\nauthorization: owner\nchecklists: [core]\n'
        [ -z "$2" ] || printf 'guest_networks: %s\n' "$2"
        printf 'targets:\n  - {%s}\n' "$1"
    } >site/site.yaml
    printf 'v2: {for: [%s.0/24], snmp: {version: 2c, community: public}}\n' "$net" >site/credentials.yaml
    chmod 600 site/credentials.yaml
    rm -rf log
    "$preop" -C site check --fast >page 2>&1
    for t in arp mac_addresses neighbors client_counts addresses interfaces; do "$preop" -C site facts "$t" --format json >"$t" 2>&1; done
}
employees() {    # what is the clinic's own is there all the same
    has arp '"address":"10.20.0.51".*"mac":"00:11:22:33:44:07"' && has mac_addresses '"mac":"00:11:22:33:44:07"' && has neighbors '"sys_name":"EXAM-1"' && kept 00:11:22:33:44:07 && kept 10[.]20[.]0[.]51
}
# Each hardware address once, wherever it stands: three from ARP and by its routed interface's VLAN, and a phone that is also in the clinic's own network.
counted() { has client_counts '"network":"10.20.3.0/24","clients":4' && has client_counts '"network":"Riverside Guest","clients":1' && has client_counts '"network":"Visitors","clients":1'; }
live="name: rv-l3, address: $net.1, role: router, snmp: {use: v2, port: $port}"

# --- the site file says nothing: what the names say -----------------------------------------------------------------------------
site "$live" "" untold
ok "without the site file's word, networks that are called so are counted" has client_counts '"network":"Riverside Guest","clients":1'
ok "and nobody of them is kept" not_kept 'de:ad:be:ef:00:0[45]'
ok "of the others nothing tells, and the search finds them" kept 'de:ad:be:ef:00:01'
ok "a router's own addresses are no guest's" has arp '"address":"10.20.3.254"'

# --- it does, and the device is asked ---------------------------------------------------------------------------------------------
site "$live" "[10.20.3.0/24]" live
ok "employees are facts" employees
ok "guests are counted" counted
ok "nothing of a guest is in the store" not_kept "$hidden"
ok "a phone of both networks is kept in the clinic's own only" equals "$(cat arp mac_addresses | grep -o '"mac":"00:11:22:33:44:61"' | wc -l)" 2
ok "the router's own addresses and interfaces stay" sh -c "grep -q 10.20.3.254 arp && grep -q 10.20.3.254 addresses && grep -q Vlan30 interfaces"
"$preop" -C site report --format json >page 2>&1
ok "nor in the report" has_not page "$hidden"
site "$live" "[]" none
ok "a site without such networks says so, and keeps all but what is called so" kept 'de:ad:be:ef:00:01'
site "$live" "[20]" number
ok "a VLAN's number is a network, too" has client_counts '"network":"VLAN 20","clients":1'
ok "and who is in it is not kept in the forwarding table" has_not mac_addresses 'de:ad:be:ef:00:01'

# --- the text of a walk -------------------------------------------------------------------------------------------------------------
if command -v snmpbulkwalk >/dev/null; then
    snmpbulkwalk -v2c -c public -On "$net.1:$port" .1 >site/evidence/walk.txt
    ok "the walk has guests" has site/evidence/walk.txt 'DE AD BE EF'
    site 'name: rv-l3, file: evidence/walk.txt, as: snmpwalk' "[10.20.3.0/24]" walk
    ok "read from a file, employees are facts" employees
    ok "guests are counted" counted
    ok "nothing of a guest is in the store" not_kept "$hidden"
fi

# --- discover -------------------------------------------------------------------------------------------------------------------------
if [ -n "${IN_NAMESPACE:-}" ] && [ -r /usr/share/ieee-data/oui.csv ]; then
    site "$live" "[10.20.3.0/24, $net.64/26]" discover
    "$preop" -C site discover --dry-run 10.20.0.0/21 "$net.0/24" >page 2>&1
    ok "a discovery says first whom it leaves out" has page 'guests and patients \(10.20.3.0/24'
    "$preop" -C site discover --fast "$net.0/30" "$net.64/30" 10.20.0.48/30 10.20.3.8/29 >page 2>&1
    ok "it finds employees" has site/discovered.yaml '10.20.0.51'
    ok "and writes no guest down" has_not site/discovered.yaml "$hidden"
    ok "nor anywhere else" not_kept "$hidden"
    ok "nor on its page" has_not page "$hidden"
    ok "but it has a log" test -s log/discover.tsv
    ok "it asked nobody there" sh -c "! grep -E '10[.]20[.]3[.]|$net[.]6[4-9][^0-9]' log/discover.tsv"
    ok "but others" sh -c "grep -qE '$net[.]2[^0-9]' log/discover.tsv"
    "$preop" -C site discover 10.20.3.0/25 >page 2>&1
    ok "of guests alone there is nothing to find" has page 'only guests and patients are in what is to be looked at'
fi
tap_done
