#!/bin/sh
# net: dns in a real locked worker against nsd, which serves zones of every quality, a registry made of files, and servers that mean no good;
# and through the whole engine: a domain needs no permission, a resolver that is named does.
# shellcheck disable=SC2154 # srcdir and builddir come from make
# shellcheck disable=SC2317 # functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "$srcdir/tests/lib/daemon.sh"
tap_init domains
PATH=$PATH:/usr/sbin:/sbin
command -v nsd >/dev/null || skip_all "nsd is not installed"
probe_run=$builddir/tests/lib/probe_run
hostile_server=$builddir/tests/tools/tcp_hostile
ip=127.77.7.1
out=$tap_dir/out
trap 'daemon_stop "$tap_dir/nsd.pid"; daemon_stop "$tap_dir/whois.pid"' EXIT
trap 'exit 99' HUP INT TERM

# --- a resolver ---------------------------------------------------------------------------------------------------------------
long=$(printf '%0.sx' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50)
long=$long$long$long$long
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null | openssl pkey -pubout -outform DER 2>/dev/null | openssl base64 -A >"$tap_dir/key"
cut -c1-200 "$tap_dir/key" >"$tap_dir/key1"
cut -c201- "$tap_dir/key" >"$tap_dir/key2"
mkdir "$tap_dir/zones"
zone() { # NAME: records from stdin
    { printf '%s\n' "\$TTL 300" "@ SOA ns1 hostmaster 1 3600 600 86400 300"; cat; } >"$tap_dir/zones/$1"
}
zone example <<'Z'
@ NS ns1
ns1 A 127.77.7.1
clinic NS ns1.clinic
clinic NS ns2.clinic
clinic DS 12345 8 2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
ns1.clinic A 192.0.2.1
bare NS ns1
Z
zone clinic.example <<Z
@ NS ns2
@ NS ns1
ns1 A 192.0.2.1
ns1 AAAA 2001:db8::1
ns2 A 198.51.100.1
@ MX 20 backup
@ MX 10 mail
mail A 192.0.2.25
@ TXT "v=spf1 mx include:_spf.mail.example include:_spf.news.example ~all"
@ TXT "some-verification=1"
@ CAA 0 issue "ca.example"
_dmarc TXT "v=DMARC1; p=quarantine; pct=50; rua=mailto:dmarc@clinic.example"
_mta-sts TXT "v=STSv1; id=1"
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@clinic.example"
selector1._domainkey TXT "v=DKIM1; k=rsa; p=$(cat "$tap_dir/key1")" "$(cat "$tap_dir/key2")"
old._domainkey TXT "v=DKIM1; p="
portal CNAME www.host.example.
Z
zone mail.example <<'Z'
@ NS ns1.clinic.example.
_spf TXT "v=spf1 a:out.mail.example include:_two.mail.example -all"
_two TXT "v=spf1 ip4:192.0.2.0/24 -all"
Z
zone news.example <<'Z'
@ NS ns1.clinic.example.
_spf TXT "v=spf1 exists:x.news.example -all"
Z
zone bare.example <<Z
@ NS ns1.example.
@ MX 0 .
@ TXT "v=spf1 -all"
@ TXT "v=spf1 +all"
@ TXT "$long"
@ TXT "$long"
@ TXT "$long"
@ TXT "$long"
@ TXT "$long"
@ TXT "$long"
@ TXT "$long"
Z
zone deep.example <<'Z'
@ NS ns1.example.
@ MX 10 gone.deep.example.
@ TXT "v=spf1 include:a.deep.example include:b.deep.example include:c.deep.example redirect=d.deep.example"
a TXT "v=spf1 mx a ptr exists:x.example -all"
b TXT "v=spf1 mx a ptr -all"
c TXT "v=spf1 -all"
d TXT "v=spf1 -all"
_dmarc TXT "v=DMARC1; p=reject; sp=none"
sub TXT "v=spf1 include:nowhere.deep.example -all"
Z
free_port() { "$hostile_server" $ip silent >"$tap_dir/free" & free=$!; wait_for 10 grep -q '^[0-9]' "$tap_dir/free"; kill $free; wait $free 2>/dev/null; port=$(head -n 1 "$tap_dir/free"); }
free_port
dns_port=$port
{
    printf '%s\n' "server:" " ip-address: $ip@$dns_port" " username: \"\"" " chroot: \"\"" " zonesdir: \"$tap_dir/zones\"" " pidfile: \"$tap_dir/nsd.own\"" " database: \"\"" \
        " xfrdfile: \"$tap_dir/xfrd\"" " zonelistfile: \"$tap_dir/zonelist\"" " xfrdir: \"$tap_dir\"" " server-count: 1" " rrl-ratelimit: 0" "remote-control:" " control-enable: no"
    for name in example clinic.example mail.example news.example bare.example deep.example; do
        printf '%s\n' "zone:" " name: $name" " zonefile: $name"
    done
} >"$tap_dir/nsd.conf"
daemon_start "$tap_dir/nsd.pid" nsd -d -c "$tap_dir/nsd.conf" </dev/null >"$tap_dir/nsd.log" 2>&1
wait_for 20 grep -q 'nsd started' "$tap_dir/nsd.log" || { echo "Bail out! nsd does not start: $(head -c 800 "$tap_dir/nsd.log")"; exit 99; }

# --- a registry ---------------------------------------------------------------------------------------------------------------
whois() {    # MODE: sets whois_port
    daemon_stop "$tap_dir/whois.pid"
    daemon_start "$tap_dir/whois.pid" "$hostile_server" $ip "$1" >"$tap_dir/whois" 2>&1
    wait_for 10 grep -q '^[0-9]' "$tap_dir/whois" || { echo "Bail out! tcp_hostile does not start"; exit 99; }
    whois_port=$(head -n 1 "$tap_dir/whois")
}
cat >"$tap_dir/known.txt" <<'W'
   Domain Name: CLINIC.EXAMPLE
   Registrar: Example Registrar, Inc.
   Creation Date: 2004-08-13T04:00:00Z
   Registry Expiry Date: 2031-08-13T04:00:00Z
   Domain Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited
W
echo 'No match for domain "NOWHERE.EXAMPLE".' >"$tap_dir/none.txt"
look() {     # DOMAIN KEY=VALUE...
    domain=$1
    shift
    "$probe_run" net "$@" net.use=dns host="$domain" dns.resolver=$ip dns.resolver_port="$dns_port" whois.host=$ip whois.port="$whois_port" timeout_ms=1000 fast=1 deadline_ms=30000 \
        >"$out" 2>"$tap_dir/err"
}
says() {     # TABLE COLUMN=VALUE...: each stands in one row of the table
    table=$1
    shift
    for column; do
        grep "^row	$table	" "$out" | tr '\t' '\n' | grep -Fxq -- "$column" || { echo "not in a row of $table: $column"; cat "$out"; return 1; }
    done
}
outcome() { has "$out" "^table	$1	$2"; }

whois "file:$tap_dir/known.txt"
look clinic.example dns.selector=old dns.selector=lost
ok "a domain: complete" outcome domains 'complete	none	$'
ok "it exists" says domains domain=clinic.example domain_exists=1 resolver=$ip
ok "its name servers" says domains "name_servers=ns1.clinic.example, ns2.clinic.example" name_server_count=2 name_servers_unresolved=0 name_server_networks=2
ok "its mail servers, one without an address" says domains "mx=10 mail.clinic.example, 20 backup.clinic.example" mx_count=2 mx_none_wanted=0 mx_unresolved=1 mx_addresses=192.0.2.25
ok "its senders" says domains spf_count=1 spf_valid=1 spf_all=~all "spf_includes=_spf.mail.example, _spf.news.example"
ok "every look-up is counted: mx, three includes, a, exists" says domains spf_lookups=6
ok "its policy on forged mail" says domains dmarc_count=1 dmarc_valid=1 dmarc_policy=quarantine dmarc_subdomain_policy=quarantine dmarc_percent=50 dmarc_domain=clinic.example
ok "where reports go" says domains dmarc_reports=mailto:dmarc@clinic.example tls_reports=mailto:tls@clinic.example
ok "who may issue certificates" says domains "caa=issue ca.example" caa_count=1
ok "DNSSEC and MTA-STS" says domains dnssec=1 mta_sts=1
ok "a key of a common name" sh -c "grep '^row	dkim_keys.*selector=selector1	' '$out' | grep -q 'declared=0	key_found=1	valid=1	revoked=0	testing=0	key_type=RSA	key_bits=2048'"
ok "a key that was withdrawn" sh -c "grep '^row	dkim_keys.*selector=old	' '$out' | grep -q 'declared=1	key_found=1	valid=1	revoked=1'"
ok "a key that is named and missing" sh -c "grep '^row	dkim_keys.*selector=lost	' '$out' | grep -q 'declared=1	key_found=0'"
ok "common names that are missing are no rows" equals "$(grep -c '^row	dkim_keys' "$out")" 3
ok "the registry" says domain_registrations registered=1 "registrar=Example Registrar, Inc." expires_at=2031-08-13T04:00:00Z created_at=2004-08-13T04:00:00Z transfer_locked=1
ok "nobody but resolver and registry was asked" sh -c "! grep '^asked' '$out' | grep -qv '^asked	$ip:\($dns_port\|$whois_port\)	\|^asked	the resolver	$ip'"
look bare.example
ok "a long answer comes over TCP" says domains spf_count=2
ok "two SPF records are an error" says domains spf_valid=0 "spf_problem=bare.example: it has several SPF records"
ok "it takes no mail" says domains mx_none_wanted=1 mx_count=0 mx=0\ .
ok "no policy on forged mail, no authorities, no DNSSEC" says domains dmarc_count=0 caa_count=0 dnssec=0 mta_sts=0
look deep.example
ok "more than ten look-ups" says domains spf_lookups=11 spf_valid=0
ok "all, by the redirect" says domains spf_all=-all
look sub.deep.example
ok "an include of nothing" says domains spf_valid=0 "spf_problem=nowhere.deep.example: it is taken over, and has no SPF record"
ok "the policy of the domain above it" says domains dmarc_domain=deep.example dmarc_policy=none
ok "a name inside a domain has no name servers" says domains name_server_count=0
whois "file:$tap_dir/none.txt"
look nowhere.example
ok "a domain that is not there" says domains domain_exists=0
ok "and free for anybody" says domain_registrations registered=0
look clinic.example
ok "the registry does not know what the DNS knows: not a fact" outcome domain_registrations 'failed	malformed	.*registered'
ok "the domain's own facts stand" outcome domains complete
look clinic.test
ok "a resolver that refuses: failed, and said so" outcome domains 'failed	access-denied	SOA clinic.test: the resolver refused'
ok "the keys with it" outcome dkim_keys 'failed	access-denied'

# --- ill-behaved ----------------------------------------------------------------------------------------------------------------
for mode in silent close reset garbage endless drip; do
    whois $mode
    look clinic.example
    ok "a registry that is $mode spoils its own table only" sh -c "grep -q '^table	domain_registrations	failed' '$out' && grep -q '^table	domains	complete' '$out' && grep -q '^exit	0' '$out'"
done
whois close
look clinic.example whois.port=9100
ok "a printer's port is never opened" sh -c "! grep -q '^asked.*:9100' '$out'"
look clinic.example permit=+127.77.8.0/24
ok "a resolver that nobody permitted" sh -c "grep -q '^table	domains	not-asked	not-permitted' '$out' && ! grep -q '^asked' '$out'"
daemon_stop "$tap_dir/nsd.pid"
look clinic.example
ok "nobody listens: failed" outcome domains 'failed	connection-refused'

# --- the whole engine -------------------------------------------------------------------------------------------------------------
site=$tap_dir/site
mkdir "$site" && chmod 700 "$site"
write() {    # METHODS NET
    cat >"$site/site.yaml" <<YAML
preop: 1
site: domains
name: Domains
stage: diligence
timezone: UTC
authorization:
  - {by: A. Example, role: COO, on: 2020-01-01, networks: [$ip/32], methods: [$1]}
checklists: [none.yaml]
targets:
  - {name: mail-domain, address: clinic.example, role: domain, net: $2}
YAML
}
printf '%s\n' 'checklist: none' 'version: 1' 'title: Nothing' 'checks: []' >"$site/none.yaml"
p() { "$builddir/preop" -C "$site" --db "$tap_dir/preop.db" "$@" >"$out" 2>&1; }
write person dns
p check --dry-run
ok "without any method a domain may be asked about" has "$out" 'mail-domain .*domains, dkim_keys'
write person "{use: dns, resolver: $ip}"
p check --dry-run
ok "but not a resolver that is named" has "$out" 'mail-domain .*not permitted'
write dns "{use: dns, resolver: $ip, selectors: [s1], whois: $ip}"
p check --dry-run
ok "with the method dns it is asked" has "$out" 'mail-domain .*domains, dkim_keys'
write dns "{use: dns, port: 53, tries: 3}"
p check --dry-run
ok "keys of other uses are refused" equals $? 2
p explain --probe net
ok "explain names the questions" sh -c "grep -q '_domainkey' '$out' && grep -q 'WHOIS' '$out'"
tap_done
