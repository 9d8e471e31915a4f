#!/bin/sh
# The ldap probe, in a real locked worker, against OpenLDAP's slapd and against a server that means no good.
set -u
: "${srcdir:?run by make check}" "${builddir:?}"
probe_run=$builddir/tests/lib/probe_run
work=$builddir/tests/integration/ldap.work
ip=127.77.3.1
n=0

ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - $1"; [ -f out ] && cut -c1-300 out | tail -n 15 | sed 's/^/# /'; }
# check WORDS COMMAND...: the test passes when the command does
check() { words=$1; shift; if "$@" >/dev/null 2>&1; then ok "$words"; else not_ok "$words"; fi; }
has() { grep -q -- "$1" out; }
has_not() { ! grep -q -- "$1" out; }
rows() { [ "$(grep -c "^row	$1" out)" -eq "$2" ]; }
state() { grep -q "^table	$1	$2	${3:-}" out; }      # table state reason[<tab>detail pattern]
ended() { grep -q '^end$' out && grep -q '^exit	0$' out; }
logged() { grep -c -- "$1" "$work/d/log" || true; }

if ! { [ -x /usr/sbin/slapd ] || [ -x /usr/libexec/slapd ] || command -v slapd >/dev/null; } || ! command -v openssl >/dev/null; then
    echo "1..0 # SKIP slapd or openssl is not installed"
    exit 0
fi

rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 99
pids=
finish() {
    for p in $pids; do kill "$p" 2>/dev/null; done
    for d in d e o; do "$srcdir/tests/lib/directory" stop "$work/$d"; done
    cd "$builddir" && if [ -z "${KEEP:-}" ]; then rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 99' HUP INT TERM

"$srcdir/tests/lib/directory" start "$work/d" $ip 1200 >ports || { echo "1..0 # SKIP slapd does not start here"; exit 0; }
ldap=$(sed -n 's/^ldap //p' ports)
ldaps=$(sed -n 's/^ldaps //p' ports)

# run KEY=VALUE...: as the auditor, unless told otherwise (the first of a key counts)
run() {
    "$probe_run" ldap "$@" host="$ip" tls.ca@d/ca.pem ldap.bind_dn=cn=audit,dc=clinic,dc=example require_sandbox="$sandbox" >out 2>err
}
sandbox=1
"$probe_run" ldap host="$ip" port="$ldap" scheme=ldap+plain require_sandbox=1 table=directories >out 2>/dev/null
state directories not-asked sandbox && sandbox=0          # a build for sanitizers, whose memory is not ours to judge
audit() { run ldap.bind=simple ldap.secret=audit-Secret-1 "$@"; }
# without the authority and the other defaults of run
bare() { "$probe_run" ldap host="$ip" port="$ldaps" scheme=ldaps ldap.bind_dn=cn=audit,dc=clinic,dc=example ldap.bind=simple ldap.secret=audit-Secret-1 "$@" >out 2>err; }

# --- three ways in ---------------------------------------------------------------------------------------------------------
audit scheme=ldaps port="$ldaps"
check "ldaps: the worker ends in order" ended
check "ldaps: every account, over three pages" rows directory_accounts 1203
check "ldaps: complete" state directory_accounts complete none
check "ldaps: the directory" has '^row	directories		naming_context=dc=clinic,dc=example	product=openldap	protocol_version=3	.*start_tls=1	tls_version=TLSv1.3	tls_used=1	certificate_not_after=20..-..-..T..:..:..Z	anonymous_read=0	paged_results=1$'
check "ldaps: the certificate is shown" has "^peer	tls-certificate	$ip:$ldaps	EC/ECDSA-256	trusted	30"
check "pages follow each other" [ "$(grep -c '(next page)' out)" -eq 2 ]
check "each question is in the run's log" [ "$(grep -c '^asked' out)" -eq 8 ]
check "a person, decoded" has 'id=00000000-0000-4000-8000-000000000001	dn=uid=user00001,ou=people,dc=clinic,dc=example	login=user00001	mail=user00001@clinic.example	display_name=Ben Adler	kind=user	enabled=1	locked=0	created_at=2024-01-02T03:04:05Z	last_logon_at=2026-01-05T12:00:00Z	password_set_at=2025-03-01T08:00:00Z	password_must_change=0	uid_number=10001$'
check "shadow values" has 'login=user00003	.*password_never_expires=0	password_must_change=1	expires_at=2027-01-01T00:00:00Z	'
check "locked for ever" has 'login=user00050	.*enabled=0	locked=1	'
check "a service" has 'login=fax	kind=service	'
check "nothing private came along" has_not CANARY
check "no question names the secret" has_not audit-Secret

audit scheme=ldap port="$ldap"
check "StartTLS: every account" rows directory_accounts 1203
check "StartTLS: encrypted" has 'tls_version=TLSv1.3	tls_used=1'
audit scheme=ldap+plain port="$ldap"
check "plain, when asked for by name" rows directory_accounts 1203
check "plain: said so" has 'tls_used=0'
check "plain: shows no certificate" has_not '^peer'
audit port="$ldap" timeout_ms=500
check "an address without a scheme is not met in the clear" state directories failed

audit scheme=ldap port="$ldap" table=directories
check "the directory alone needs no login" has_not 'asked.*BIND'
check "and is complete" state directories complete none

run scheme=ldaps port="$ldaps" ldap.bind=external ldap.client_cert@d/client.pem ldap.client_key@d/client.key
check "SASL EXTERNAL: every account" rows directory_accounts 1203
check "SASL EXTERNAL: seen by the server" [ "$(logged 'mech=EXTERNAL')" -ge 1 ]
run scheme=ldaps port="$ldaps" ldap.bind=external
check "SASL EXTERNAL without a certificate" state directory_accounts not-asked secret-unavailable

# --- refusals --------------------------------------------------------------------------------------------------------------
run scheme=ldaps port="$ldaps" ldap.bind=simple ldap.secret=CANARY-wrong
check "wrong password: refused" state directory_accounts refused wrong-password
check "wrong password: what anybody may read is there" state directories complete none
check "wrong password: tried exactly once" [ "$(logged 'tag=97 err=49')" -eq 1 ]
check "wrong password: not shown" has_not CANARY
run scheme=ldaps port="$ldaps" ldap.bind=simple ldap.secret=
check "an empty secret is never sent" state directory_accounts not-asked secret-unavailable
run scheme=ldaps port="$ldaps" ldap.bind=anonymous
check "anonymous: shown nothing" state directory_accounts failed empty
run scheme=ldaps port="$ldaps" ldap.bind=simple ldap.bind_dn=nobody@clinic.example ldap.secret=x
check "a login that is no DN" state directory_accounts refused
run scheme=ldaps port="$ldaps" ldap.bind=simple ldap.bind_dn=cn=small,dc=clinic,dc=example ldap.secret=audit-Secret-1
check "a size limit makes it partial" state directory_accounts partial size-limit
check "what came before the limit is kept" rows directory_accounts 50
audit scheme=ldaps port="$ldaps" max_rows=100
check "more than a job may read" state directory_accounts partial limit
audit scheme=ldaps port="$ldaps" ldap.base=ou=services,dc=clinic,dc=example
check "below another base" rows directory_accounts 1
audit scheme=ldaps port="$ldaps" ldap.base=ou=none,dc=clinic,dc=example
check "a base that is not there" state directory_accounts failed empty

# --- certificates ----------------------------------------------------------------------------------------------------------
before=$(logged ' BIND ')
bare tls.ca@d/other-ca.pem
check "unknown authority: refused" state directory_accounts refused 'certificate-not-trusted	.*authority that is not trusted here.*CN=ldap.clinic.example.*SHA-256 [0-9a-f]\{64\}'
check "unknown authority: the certificate is shown for trust" has '^peer	.*	not trusted	30'
bare 
check "the system's authorities do not know it either" state directory_accounts refused
printf 'TLS_REQCERT never\nTLS_CACERT %s/d/ca.pem\nURI ldap://127.77.3.9\n' "$work" >ldaprc
LDAPTLS_REQCERT=never LDAPCONF=$work/ldaprc LDAPRC=ldaprc bare tls.ca@d/other-ca.pem
check "a hostile ldaprc and environment change nothing" state directory_accounts refused certificate-not-trusted
rm -f ldaprc
audit scheme=ldaps port="$ldaps" tls.name=dc1.clinic.example
check "another name: refused, both names said" state directory_accounts refused "certificate-not-trusted	.*made out to ldap.clinic.example, localhost, $ip, not to dc1.clinic.example"
audit scheme=ldap port="$ldap" tls.name=dc1.clinic.example
check "another name over StartTLS" state directory_accounts refused certificate-not-trusted
check "no password was shown to any of them" [ "$(logged ' BIND ')" -eq $((before + 0)) ]
audit scheme=ldaps port="$ldaps" tls.name=LDAP.clinic.example
check "the expected name may be another than the address" state directory_accounts complete none
run scheme=ldaps port="$ldaps" mode=trust
check "trust: the certificate" has '^peer	tls-certificate	.*	trusted	30'
check "trust: asks nothing" [ "$(grep -c '^asked' out)" -eq 2 ]
run scheme=ldap+plain port="$ldap" mode=trust
check "trust: plain has none" state directories refused no-tls
audit scheme=ldaps port="$ldap" timeout_ms=500
check "TLS to a port that speaks none" state directory_accounts failed
bare tls.ca@"$srcdir/tests/integration/ldap.sh"
check "authorities that are no certificates" state directory_accounts not-asked secret-unavailable

mkdir -p e o
cp -r d/*.pem d/*.key e/
cp -r d/*.pem d/*.key o/
DIRECTORY_CERTIFICATE=expired "$srcdir/tests/lib/directory" start "$work/e" 127.77.3.2 3 >ports.e
ip=127.77.3.2 audit scheme=ldaps port="$(sed -n 's/^ldaps //p' ports.e)" tls.name=ldap.clinic.example
check "expired: said with its day" state directory_accounts refused 'certificate-not-trusted	.*expired (its own validity ends on 2021-01-01)'
DIRECTORY_CERTIFICATE=other-name "$srcdir/tests/lib/directory" start "$work/o" 127.77.3.3 3 >ports.o
ip=127.77.3.3 audit scheme=ldaps port="$(sed -n 's/^ldaps //p' ports.o)"
check "an address that is not in the certificate" state directory_accounts refused 'certificate-not-trusted	.*made out to mail.clinic.example, not to 127.77.3.3'

# --- what the server saw ---------------------------------------------------------------------------------------------------
sed -n 's/.* op=[0-9]* \([A-Z]*\).*/\1/p' d/log | sort | uniq -c >operations
check "the server saw reads only" [ -z "$(awk '{print $2}' operations | grep -v -x -e BIND -e SRCH -e SEARCH -e RESULT -e UNBIND -e EXT -e STARTTLS)" ]
check "no extended operation but StartTLS" [ "$(logged ' EXT oid=')" -eq "$(logged ' EXT oid=1.3.6.1.4.1.1466.20037')" ]
check "no attribute but those of the lists" [ -z "$(grep -i 'SRCH attr=' d/log | grep -i -e userPassword -e description -e ' info' -e comment -e '\*' -e ' +')" ]

# --- constant memory -------------------------------------------------------------------------------------------------------
"$srcdir/tests/lib/directory" stop "$work/e"
"$srcdir/tests/lib/directory" start "$work/e" 127.77.3.2 5000 >ports.e
big=$(sed -n 's/^ldaps //p' ports.e)
memory() {
    "$probe_run" --memory ldap host="$1" port="$2" scheme=ldaps tls.ca@d/ca.pem tls.name=ldap.clinic.example \
        ldap.bind=simple ldap.bind_dn=cn=audit,dc=clinic,dc=example ldap.secret=audit-Secret-1 >out
    sed -n 's/^memory	//p' out
}
"$srcdir/tests/lib/directory" stop "$work/o"
one_kib=$(memory 127.77.3.1 "$ldaps")
big_kib=$(memory 127.77.3.2 "$big")
check "5,000 accounts" rows directory_accounts 5003
echo "# memory in KiB: 1,200 accounts $one_kib, 5,000 accounts $big_kib"
check "5,000 accounts take no more memory than 1,200" [ $sandbox -eq 0 -o "$big_kib" -le $((one_kib + 512)) ]

# --- servers that mean no good ---------------------------------------------------------------------------------------------
# hostile MODE STATE-PATTERN: the worker ends in order, within its deadline, small, with that outcome
hostile() {
    rm -f port.h
    "$builddir/tests/tools/ldap_hostile" 127.77.3.9 "$1" >port.h &
    hostile_pid=$!
    pids=$hostile_pid
    i=0
    while [ ! -s port.h ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
    "$probe_run" --memory ldap host=127.77.3.9 port="$(cat port.h)" scheme="${3:-ldap+plain}" tls.ca@d/ca.pem timeout_ms=700 deadline_ms=2500 \
        ldap.bind=simple ldap.bind_dn=cn=x ldap.secret=CANARY-hostile max_rows="${4:-20000}" >out 2>err
    kill $hostile_pid 2>/dev/null
    wait $hostile_pid 2>/dev/null
    check "hostile $1: ends in order" ended
    check "hostile $1: small" [ $sandbox -eq 0 -o "$(sed -n 's/^memory	//p' out)" -lt 65536 ]
    check "hostile $1: $2" grep -q -- "^table	directory_accounts	$2" out
    check "hostile $1: nothing private" has_not CANARY
}
hostile silent 'failed	no-answer'
hostile close 'failed	connection-lost'
hostile garbage 'failed'
hostile endless-garbage 'failed'
hostile truncated 'failed	connection-lost'
hostile huge-length 'failed'
hostile deep 'failed'
hostile drip 'failed'
hostile endless-entries 'partial	limit' ldap+plain 5000
hostile endless-at-once 'failed	malformed'
hostile endless-pages 'partial' ldap+plain 200
hostile empty-pages 'failed	loop'
hostile no-cookie 'partial	malformed'
hostile referral 'failed	command-failed'
hostile endless-references 'failed	malformed'
hostile wrong-id 'failed	no-answer'
hostile wrong-kind 'failed'
hostile error-no 'failed	command-failed'
hostile refuse-tls 'refused	no-tls' ldap
hostile tls-garbage 'failed' ldap
hostile garbage 'failed' ldaps
hostile silent 'failed	no-answer' ldaps
echo "1..$n"
