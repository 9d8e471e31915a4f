#!/bin/sh
# Text of snmpwalk tells what the device itself tells: each agent is read live and by net-snmp's own snmpbulkwalk into a file, and both give
# the same rows. Then what people do to such files.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init snmpwalk
command -v snmpbulkwalk >/dev/null || skip_all "net-snmp's snmpbulkwalk is not installed"
run="$builddir/tests/lib/probe_run"
port=$((12000 + $$ % 19000))
community=CANARYcommunity
export MIBS='' SNMPCONFPATH=/nonexistent

# The project's own recordings, and the corpus where it is.
corpus=${PREOP_CORPUS:-$srcdir/../shared/corpus/snmp}
i=0
: >"$tap_dir/list"
: >"$tap_dir/names"
for f in "$srcdir"/contrib/demo.d/snmp/*.snmprec "$srcdir"/tests/integration/recordings/*.snmprec "$corpus"/*.snmprec; do
    [ -r "$f" ] || continue
    [ "$(wc -c <"$f")" -lt 60000 ] || continue          # a walk of a large one takes long
    i=$((i + 1))
    echo "127.77.5.$i:$port=$f" >>"$tap_dir/list"
    echo "127.77.5.$i $(basename "$f" .snmprec)" >>"$tap_dir/names"
done
[ "$i" -gt 0 ] || skip_all "no recordings"
"$builddir/tests/tools/snmprec_serve" --community "$community" --list "$tap_dir/list" >"$tap_dir/served" 2>"$tap_dir/served.err" &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
wait_for 20 has "$tap_dir/served" "^ready $i\$" || { ok "the recordings are served" false; tap_done; exit 1; }

# What a file cannot tell: how old an answer is, and which version of SNMP was spoken.
comparable() {
    grep '^row' "$1" | sed -e 's/	snmp_version=[^	]*//' -e 's/	last_change_s=[^	]*//' -e 's/	up_since=[^	]*//' -e 's/	[a-z_]*_at=[^	]*//g' | LC_ALL=C sort
}
walk() {    # walk ADDRESS OPTIONS... > text
    address=$1
    shift
    snmpbulkwalk -v2c -c "$community" -t 2 -r 3 "$@" "$address:$port" .1
}
file() {    # file FILE KEY=VALUE...: the file probe on it
    name=$1
    shift
    "$run" --evidence "$name" file target=walk file.kind=snmpwalk file.observed=2026-11-02T00:00:00Z "$@"
}
same() {    # same NAME ADDRESS
    "$run" snmp "host=$2" port=$port snmp.version=2c "snmp.community=$community" fast=1 timeout_ms=2000 retries=3 >"$tap_dir/live" 2>&1
    walk "$2" -On >"$tap_dir/$1.walk" 2>"$tap_dir/err" || return 1
    # shellcheck disable=SC2046
    file "$tap_dir/$1.walk" $(sed -n 's/^table	\([a-z_]*\)	.*/table=\1/p' "$tap_dir/live") >"$tap_dir/file" 2>&1
    comparable "$tap_dir/live" >"$tap_dir/live.rows"
    comparable "$tap_dir/file" >"$tap_dir/file.rows"
    cmp -s "$tap_dir/live.rows" "$tap_dir/file.rows" && has "$tap_dir/file" '^exit	0' && [ -s "$tap_dir/file.rows" ]
}
while read -r address name; do
    ok "$name: the file tells what the device tells" same "$name" "$address"
    diff "$tap_dir/live.rows" "$tap_dir/file.rows" 2>/dev/null | cut -c1-200 | head -n 6 | sed 's/^/# /'
done <"$tap_dir/names"

# --- what people do to such files -------------------------------------------------------------------------------------------
switch=$(sed -n 's/ switch$//p' "$tap_dir/names")
tables="table=devices table=interfaces table=neighbors table=ups"
says() {    # says WHAT PATTERN: of the last file read
    ok "$1" has "$tap_dir/file" "$2"
}
# shellcheck disable=SC2086
reads() {   # reads NAME KEY=VALUE...
    name=$1
    shift
    file "$tap_dir/$name" $tables "$@" >"$tap_dir/file" 2>&1
}
comparable_as() {    # the same rows of the tables asked for as from switch.walk
    comparable "$tap_dir/file" >"$tap_dir/file.rows"
    cmp -s "$tap_dir/switch.rows" "$tap_dir/file.rows"
}
reads switch.walk
comparable "$tap_dir/file" >"$tap_dir/switch.rows"
says "a walk to the end of the tree proves what is missing" '^table	neighbors	complete'
[ -z "$switch" ] || walk "$switch" >"$tap_dir/iso.walk" 2>/dev/null
reads iso.walk
ok "without -On, numbers begin with iso" comparable_as
walk "$switch" -OnX >"$tap_dir/x.walk" 2>/dev/null
reads x.walk
ok "indexes in brackets (-OX)" comparable_as
walk "$switch" -One >"$tap_dir/e.walk" 2>/dev/null
reads e.walk
ok "numbers for enumerations (-Oe)" comparable_as
sed 's/$/\r/' "$tap_dir/switch.walk" >"$tap_dir/crlf.walk"
reads crlf.walk
ok "lines that end as on Windows" comparable_as
{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE "$tap_dir/switch.walk"; } >"$tap_dir/utf16.walk"
reads utf16.walk
ok "UTF-16, as PowerShell writes it" comparable_as
{ echo "\$ snmpbulkwalk -v2c -c $community -On $switch .1"; cat "$tap_dir/switch.walk"; } >"$tap_dir/pasted.walk"
reads pasted.walk
ok "a command line above it" comparable_as
ok "the community in it is not read" has_not "$tap_dir/file" CANARY
sort -r "$tap_dir/switch.walk" | grep -v 'No more' >"$tap_dir/shuffled.walk"
reads shuffled.walk
ok "a file in another order" comparable_as

grep -v '^\.1\.3\.6\.1\.2\.1\.\(2\.2\|10\|31\)\|No more' "$tap_dir/switch.walk" >"$tap_dir/part.walk"
reads part.walk
says "a part of the tree: the device is known" '^row	devices'
says "interfaces that are not in it are not known to be none" '^table	interfaces	not-asked	not-in-file'
head -c "$(($(wc -c <"$tap_dir/switch.walk") / 2))" "$tap_dir/switch.walk" >"$tap_dir/cut.walk"
reads cut.walk
says "a file that is cut: partial" '^table	interfaces	partial	bad-file	the file is cut off before the walk.s end'
says "and said" '^note	.*it was cut'
{ head -n 300 "$tap_dir/switch.walk"; echo "Timeout: No Response from $switch"; } >"$tap_dir/timeout.walk"
reads timeout.walk
says "a walk that broke off: partial" '^table	interfaces	partial	no-answer	the walk broke off before its end'
walk "$switch" -OQn >"$tap_dir/q.walk" 2>/dev/null
reads q.walk
says "values without types: what to ask for" '^note	.*values have no type, and were left out; the first is in line 1[.] snmpwalk writes types without -Oq and -OQ'
says "and nothing is complete" '^table	interfaces	partial	bad-file	[0-9]+ lines of the file could not be read'
sed 's/^\.1\.3\.6\.1\.2\.1\.\([0-9]*\)/RFC1213-MIB::x.\1/' "$tap_dir/switch.walk" >"$tap_dir/named.walk"
reads named.walk
says "names for objects: what to ask for" '^note	.*lines name their object .*snmpwalk -On writes numbers'
head -c 100000 /dev/urandom >"$tap_dir/noise.walk"
reads noise.walk
says "noise" '^table	interfaces	failed	bad-file	no line in it is a value of snmpwalk'
reads switch.walk "alias=rv-sw1	sw1"
says "a device that is a target of the site: by its name" '^row	devices	sw1	'
reads switch.walk "alias=10.20.0.2	sw1"
says "and by an address of its own" '^row	interfaces	sw1	'
reads switch.walk "alias=10.20.0.9	sw1"
says "or its own" '^row	devices		'

# --- the whole program ------------------------------------------------------------------------------------------------------
preop=$builddir/preop
export PREOP_DB="$tap_dir/preop.db" PREOP_DATADIR="$srcdir/checklists"
"$preop" init "$tap_dir/site" >/dev/null 2>&1 || { ok "a site" false; tap_done; exit 1; }
sed -i '/^targets:/,$d' "$tap_dir/site/site.yaml"
ok "evidence add takes it" "$preop" -C "$tap_dir/site" evidence add "$tap_dir/switch.walk" --from "Acme IT" --observed 2026-11-02 --as snmpwalk
"$preop" -C "$tap_dir/site" check --offline >"$tap_dir/page" 2>&1
"$preop" -C "$tap_dir/site" facts interfaces --format json >"$tap_dir/facts"
ok "check --offline reads it, as a document of its day" has "$tap_dir/facts" '"method":"document","observed_at":"2026-11-02T'
ok "all of them" equals "$(grep -c '"target":"switch"' "$tap_dir/facts")" "$(grep -c '^row	interfaces' "$tap_dir/switch.rows")"
ok "no community in the store" sh -c "! grep -rqa CANARY '$tap_dir/preop.db'"
"$preop" -C "$tap_dir/site" evidence add "$tap_dir/switch.walk" --from x --observed 2026-11-02 --as snmpwlak >"$tap_dir/page" 2>&1
ok "a kind that is none" has "$tap_dir/page" "snmpwlak"
"$preop" explain --probe file >"$tap_dir/page"
ok "explain names the kind" has "$tap_dir/page" 'as: snmpwalk'

# --- the map of what it told ------------------------------------------------------------------------------------------------
"$preop" -C "$tap_dir/site" report --format dot >"$tap_dir/map.dot"
ok "report --format dot draws the device" has "$tap_dir/map.dot" '^  n0 .id="n0" .*label="switch'
if command -v dot >/dev/null; then
    "$preop" -C "$tap_dir/site" report --format svg -o "$tap_dir/map.svg"
    ok "report --format svg too" has "$tap_dir/map.svg" '^<svg '
    ok "with words for who cannot see it" has "$tap_dir/map.svg" '^<desc>1 device was read'
    ok "and nothing that runs or loads" has_not "$tap_dir/map.svg" '<(script|image|a|foreignObject)[ >]|href'
else
    skip "report --format svg" "Graphviz is not installed"
fi
mkdir "$tap_dir/empty"
echo yesterday >"$tap_dir/kept.svg"
PATH="$tap_dir/empty" "$preop" -C "$tap_dir/site" report --format svg -o "$tap_dir/kept.svg" >"$tap_dir/page" 2>&1
ok "without Graphviz: what to do" has "$tap_dir/page" 'install the package graphviz, or take --format dot'
ok "and yesterday's map is kept" has "$tap_dir/kept.svg" yesterday
PATH="$tap_dir/empty" "$preop" -C "$tap_dir/site" report --format dot >"$tap_dir/map.dot"
ok "dot's language needs no Graphviz" has "$tap_dir/map.dot" '^digraph map'
tap_done
