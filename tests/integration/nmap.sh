#!/bin/sh
# XML of nmap as evidence: what a scan met becomes arp and listening_ports, as a document of the scan's day; what is nmap's opinion, a script's
# output or a value of an option stays out; and files that mean harm end their own reading only.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init nmap
corpus=$srcdir/tests/fuzz/corpus/nmap
preop=$builddir/preop
export PREOP_DB="$tap_dir/preop.db" PREOP_DATADIR="$srcdir/checklists"

file() {    # file NAME KEY=VALUE...: the file probe on it
    name=$1
    shift
    "$builddir/tests/lib/probe_run" --evidence "$name" file target=scan file.kind=nmap file.observed=2026-11-20T00:00:00Z table=arp table=listening_ports "$@" >"$tap_dir/file" 2>&1
}
says() {
    ok "$1" has "$tap_dir/file" "$2"
}
tab=$(printf '\t')
file "$corpus/scan.xml" "alias=10.20.0.2${tab}sw1"
says "the worker ends in order, locked" '^exit	0'
says "an address and its hardware address" '^row	arp		.*address=10[.]20[.]0[.]2	mac=00:1a:2b:3c:4d:5e	type=dynamic'
says "an open port, at the target whose address it is" '^row	listening_ports	sw1	protocol=tcp	port=22	address=10[.]20[.]0[.]2	loopback_only=0'
says "UDP only where it answered" '^row	listening_ports	sw1	protocol=udp	port=161'
says "hosts that are no target stay with the file" '^row	listening_ports		protocol=tcp	port=445	address=fd00:20::4'
ok "ports that gave no certain answer are none" equals "$(grep -c '^row	listening_ports' "$tap_dir/file")" 4
says "and are said" '^table	listening_ports	partial	not-in-file	the scan tried every TCP port, but not every UDP port'
ok "nothing of opinions, scripts, values of options or people" has_not "$tap_dir/file" 'CANARY|jane|OpenSSH|Acme'
file "$corpus/ping.xml"
says "a scan that tried no port says so" '^table	listening_ports	not-asked	not-in-file	the scan tried no port'
says "and one without hardware addresses" '^table	arp	not-asked	not-in-file	no hardware address in it'
file "$corpus/cut.xml"
says "a file that was cut is partial" '^table	arp	partial	bad-file	the file is cut off'
says "with what came before" '^row	listening_ports		protocol=tcp	port=22'
file "$corpus/laughs.xml"
says "entities are refused" '^table	arp	failed	bad-file	.*nmap (writes|declares) none'
file "$corpus/external.xml"
says "external ones too" '^table	arp	failed	bad-file	.*nmap (writes|declares) none'
ok "and no file is read" has_not "$tap_dir/file" 'root:|^row'
file "$corpus/not-nmap.xml"
says "XML of another program" '^table	arp	failed	bad-file	XML, but not nmap.s'
file "$corpus/text.txt"
says "what to ask for" '^table	arp	failed	bad-file	not XML: ask for the file that nmap writes with -oX'
{ printf '\377\376'; iconv -f UTF-8 -t UTF-16LE "$corpus/scan.xml"; } >"$tap_dir/utf16.xml"
file "$tap_dir/utf16.xml"
says "UTF-16, as PowerShell writes it" '^row	arp		.*mac=00:1a:2b:3c:4d:5e'

# --- what nmap itself writes ------------------------------------------------------------------------------------------------
if command -v nmap >/dev/null && nmap -n -sT -p 1-3 -oX "$tap_dir/own.xml" 127.77.9.1 >/dev/null 2>&1; then
    file "$tap_dir/own.xml"
    says "nmap's own file is read" '^note	.*ports tried: tcp 1-3; hosts up 1'
else
    skip "nmap's own file is read" "nmap is not installed"
fi

# --- the whole program ------------------------------------------------------------------------------------------------------
"$preop" init "$tap_dir/site" >/dev/null 2>&1 || { ok "a site" false; tap_done; exit 1; }
sed -i '/^targets:/,$d' "$tap_dir/site/site.yaml"
ok "evidence add takes it" "$preop" -C "$tap_dir/site" evidence add "$corpus/scan.xml" --from "Acme IT" --observed 2026-11-20 --as nmap
"$preop" -C "$tap_dir/site" check --offline >"$tap_dir/page" 2>&1
"$preop" -C "$tap_dir/site" facts listening_ports --format json >"$tap_dir/facts"
ok "its ports are facts: a document, of the scan's own day" has "$tap_dir/facts" '"method":"document","observed_at":"2026-11-02T'
ok "no value of an option is in the store" sh -c "! grep -rqa CANARY '$tap_dir/preop.db'"
"$preop" explain --probe file >"$tap_dir/page"
ok "explain names the kind" has "$tap_dir/page" 'as: nmap'
tap_done
