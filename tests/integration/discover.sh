#!/bin/sh
# discover over the loopback of a network namespace, with recorded agents: dry run, finds, merge. What was not asked is read from its own log of questions,
# and from the count of datagrams of the excluded agent. Loopback has no hardware addresses: the deny-list by maker, ARP, and every packet are discover_link.sh's.
# shellcheck disable=SC2317,SC2086  # functions are called through ok; lists are lists
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init discover
ip=$(command -v ip || ls /sbin/ip /usr/sbin/ip 2>/dev/null | head -1)
[ -n "$ip" ] || skip_all "ip is not installed (Debian: iproute2)"
[ -r /usr/share/ieee-data/oui.csv ] || skip_all "the registry of makers is not installed (Debian: ieee-data)"
if [ -z "${IN_NAMESPACE:-}" ]; then
    unshare -rnm true 2>/dev/null || skip_all "network namespaces are not allowed here"
    IN_NAMESPACE=1 exec unshare -rnm "$0" "$@"
fi
echo "ok 1 - a network namespace"
tap_n=1
preop="$builddir/preop"
export PREOP_DATADIR="$srcdir/checklists" PREOP_DB="$tap_dir/db/preop.db"
mkdir -m 700 "$tap_dir/db" "$tap_dir/site"
"$ip" link set lo up

cat >"$tap_dir/site/site.yaml" <<'X'
# by hand
preop: 1
site: a
name: A
stage: owned
timezone: UTC
never: [127.50.0.9]
authorization:
  - {by: B, role: C, on: 2020-01-01, networks: [127.50.0.0/24], methods: [snmp, tcp, ssh, ldap, sweep]}
checklists: [core]
targets:   # mine
  - {name: sw0, address: 127.50.0.2, role: switch, snmp: v2}    # first

# the end
X
cp "$tap_dir/site/site.yaml" "$tap_dir/site.before"
cat >"$tap_dir/site/credentials.yaml" <<'X'
v2: {for: [127.50.0.0/24], snmp: {version: 2c, community: public}}
X
chmod 600 "$tap_dir/site/credentials.yaml"
printf '00:00:0c Cisco Systems, Inc\n00:80:a3 Lantronix\n' >"$tap_dir/makers"

"$builddir/tests/tools/snmprec_serve" 127.50.0.2:161="$srcdir/tests/integration/recordings/switch.snmprec" 127.50.0.3:161="$srcdir/tests/integration/recordings/ups.snmprec" \
    127.50.0.9:161="$srcdir/tests/integration/recordings/router.snmprec" >"$tap_dir/serve" 2>&1 &
serve=$!
trap 'kill $serve 2>/dev/null' EXIT
wait_for 20 grep -q ready "$tap_dir/serve"

run() { "$preop" -C "$tap_dir/site" discover "$@" >"$tap_dir/out" 2>"$tap_dir/err"; }
status() { wanted=$1; shift; run "$@"; got=$?; [ "$got" = "$wanted" ] || { echo "status $got"; cat "$tap_dir/out" "$tap_dir/err"; return 1; }; }

ok "without a table of makers nothing is sent" status 2 --makers /nonexistent 127.50.0.0/28
ok "a dry run" status 0 --dry-run --makers "$tap_dir/makers" 127.50.0.0/28
ok "says what is never opened" has "$tap_dir/out" "9100 to 9107"
ok "and sends nothing" test ! -e "$tap_dir/db/log/discover.tsv"
ok "a discovery" status 0 --fast --makers "$tap_dir/makers" 127.50.0.0/28
found="$tap_dir/site/discovered.yaml"
ok "the file is private" equals "$(stat -c %a "$found")" 600
ok "the UPS was found, with its credential" has "$found" "address: 127.50.0.3,.*snmp: v2"
ok "what is excluded got nothing" has_not "$tap_dir/db/log/discover.tsv" "127\.50\.0\.9"
ok "no port that is never opened" has_not "$tap_dir/db/log/discover.tsv" ":(104|515|631|2575|910[0-7]|11112)	"
ok "every question has its time" has "$tap_dir/db/log/discover.tsv" "^20[0-9-]+T[0-9:.]+Z	127\.50\.0\.3	snmp	127\.50\.0\.3:161/udp	GET"
kill -TERM $serve
wait $serve
ok "the excluded agent heard no datagram" has "$tap_dir/serve" "^127\.50\.0\.9:161[^0-9]+0[^0-9]"
ok "merging" status 0 --merge
ok "what stood there stands there still" sh -c "diff '$tap_dir/site.before' '$tap_dir/site/site.yaml' | grep -q '^>' && ! diff '$tap_dir/site.before' '$tap_dir/site/site.yaml' | grep '^<'"
ok "the new target is in it" has "$tap_dir/site/site.yaml" "address: 127.50.0.3"
cp "$tap_dir/site/site.yaml" "$tap_dir/site.merged"
ok "merging again adds nothing" status 0 --merge
ok "and changes nothing" cmp "$tap_dir/site.merged" "$tap_dir/site/site.yaml"
ok "the journal is gone" test ! -e "$tap_dir/site/.discover.journal"

# more than one discovery sweeps is refused as a whole, not cut
sed 's|127.50.0.0/24\], methods|127.0.0.0/8], methods|' "$tap_dir/site.before" >"$tap_dir/site/site.yaml"
rm -f "$tap_dir/db/log/discover.tsv" "$found"
ok "too wide a network for a sweep is refused" status 2 --makers "$tap_dir/makers"
ok "with how many addresses, and what to do" has "$tap_dir/err" "16777216 addresses may be swept there \(127.0.0.0/8 alone has 16777216\); one discovery sweeps 16384 at most. Nothing was sent. Name smaller networks"
ok "so is its dry run" status 2 --dry-run --makers "$tap_dir/makers"
ok "nothing was sent" test ! -e "$tap_dir/db/log/discover.tsv" -a ! -e "$found"
cp "$tap_dir/site.merged" "$tap_dir/site/site.yaml"
ok "nothing to resume" status 2 --resume --makers "$tap_dir/makers" 127.50.0.0/28
tap_done
