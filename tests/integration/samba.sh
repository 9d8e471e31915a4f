#!/bin/sh
# The ldap probe against Active Directory as Samba serves it: provisioned here, on an address of its own.
# Domain controllers serve the standard ports only, so this needs root.
set -u
: "${srcdir:?run by make check}" "${builddir:?}"
probe_run=$builddir/tests/lib/probe_run
work=$builddir/tests/integration/samba.work
ip=127.78.$(($$ % 250)).$(($$ / 250 % 250 + 1))        # runs side by side must not meet: the ports are fixed
n=0

skip() { echo "1..0 # SKIP $1"; exit 0; }
ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - $1"; [ -f out ] && cut -c1-300 out | tail -n 15 | sed 's/^/# /'; }
check() { words=$1; shift; if "$@" >/dev/null 2>&1; then ok "$words"; else not_ok "$words"; fi; }
has() { grep -q -- "$1" out; }
has_not() { ! grep -q -- "$1" out; }
state() { grep -q "^table	$1	$2	${3:-}" out; }

[ "$(id -u)" -eq 0 ] || skip "needs root: a domain controller serves port 389 only"
{ command -v samba && command -v samba-tool; } >/dev/null || skip "Samba's domain controller is not installed (Debian: samba-ad-dc, samba-ad-provision)"

rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 99
samba_pid=
finish() {
    [ -n "$samba_pid" ] && kill "$samba_pid" && wait "$samba_pid"
    cd "$builddir" && if [ -z "${KEEP:-}" ]; then rm -rf "$work"; fi
}
trap finish EXIT
trap 'exit 99' HUP INT TERM

samba-tool domain provision --realm=CLINIC.EXAMPLE --domain=CLINIC --server-role=dc --dns-backend=NONE --adminpass='Adm1n-Secret-1' \
    --targetdir="$work/ad" >provision.log 2>&1 || skip "provisioning failed here: $(tail -n 1 provision.log)"
tool() { samba-tool "$@" -s "$work/ad/etc/smb.conf"; }
{
    tool user create audit 'Audit-Secret-1' -H "$work/ad/private/sam.ldb"
    tool user create ana 'CANARY-Secret-1' --given-name=Ana --surname=Adler --mail-address=ana@clinic.example --description=CANARY-text -H "$work/ad/private/sam.ldb"
    tool user setexpiry ana --days=30 -H "$work/ad/private/sam.ldb"
    tool user create ben 'CANARY-Secret-1' --must-change-at-next-login -H "$work/ad/private/sam.ldb"
    tool user create svcsql 'CANARY-Secret-1' -H "$work/ad/private/sam.ldb"
    tool user setexpiry svcsql --noexpiry -H "$work/ad/private/sam.ldb"
    tool spn add MSSQLSvc/db.clinic.example svcsql
    tool user create old 'CANARY-Secret-1' -H "$work/ad/private/sam.ldb"
    tool user disable old -H "$work/ad/private/sam.ldb"
} >users.log 2>&1
samba -F -s "$work/ad/etc/smb.conf" --option="server services=ldap" --option="interfaces=$ip/8" --option="bind interfaces only=yes" \
    --option="log file=$work/samba.log" --option="pid directory=$work/ad" -M single >samba.out 2>&1 &
samba_pid=$!

run() { "$probe_run" ldap "$@" host=$ip tls.ca@ad/private/tls/ca.pem tls.name="$name" ldap.bind=simple ldap.bind_dn=audit@clinic.example ldap.secret=Audit-Secret-1 >out 2>err; }
i=0
name=none
while [ $i -lt 150 ]; do     # until it serves: its certificate is made at the first start
    [ -s ad/private/tls/cert.pem ] && name=$(openssl x509 -in ad/private/tls/cert.pem -noout -subject -nameopt multiline | sed -n 's/.*commonName *= //p')
    run scheme=ldaps port=636 table=directories
    state directories complete && break
    kill -0 $samba_pid 2>/dev/null || break
    sleep 0.2
    i=$((i + 1))
done

run scheme=ldaps port=636
check "the directory" has '^row	directories		naming_context=DC=clinic,DC=example	product=samba-ad	vendor_name=Samba Team .*domain_level=[0-9]*	.*sasl_mechanisms=.*GSSAPI.*tls_used=1	.*anonymous_read=0	clock_offset_s=-\{0,1\}[0-9]	paged_results=1$'
check "the accounts are complete" state directory_accounts complete none
check "a person" has '	login=ana	upn=ana@clinic.example	mail=ana@clinic.example	display_name=Ana Adler	kind=user	enabled=1	locked=0	created_at=.*	password_set_at=.*	password_never_expires=0	password_not_required=0	password_must_change=0	expires_at=20.*	has_spn=0	preauth_not_required=0	des_only=0	trusted_for_delegation=0	admin_count=0	sid=S-1-5-21-[0-9]*-[0-9]*-[0-9]*-[0-9]*$'
check "one id each, in the usual form" [ "$(grep -c '^row	directory_accounts		id=[0-9a-f]\{8\}-[0-9a-f]\{4\}-[0-9a-f]\{4\}-[0-9a-f]\{4\}-[0-9a-f]\{12\}	' out)" -eq "$(grep -c '^row	directory_accounts' out)" ]
check "must change his password" has '	login=ben	.*	password_must_change=1	'
check "a service" has '	login=svcsql	.*	kind=service	.*	password_never_expires=1	.*	has_spn=1	'
check "a disabled account" has '	login=old	.*	enabled=0	'
check "the administrator" has '	login=Administrator	.*	admin_count=1	sid=S-1-5-21-.*-500$'
check "the guest: off, and nothing to change" has '	login=Guest	kind=user	enabled=0	.*	password_not_required=1	password_must_change=0	'
check "our own logon is known" has '	login=audit	.*	last_logon_at=20'
check "the reference to another partition is not followed" has '^note	directory_accounts	references to other directories that were not followed: [0-9]'
check "nothing private came along" has_not CANARY
run scheme=ldap port=389
check "StartTLS" state directory_accounts complete none
check "StartTLS is known from our own" has '	start_tls=1	'
run scheme=ldap+plain port=389
check "plain: it demands more" state directory_accounts refused stronger-auth
run scheme=ldaps port=636 ldap.secret=CANARY-wrong
check "wrong password, in words" state directory_accounts refused 'wrong-password	login: wrong password (49: '
run scheme=ldaps port=636 ldap.bind_dn=old@clinic.example ldap.secret=CANARY-Secret-1
check "disabled, in words" state directory_accounts refused 'wrong-password	login: the account is disabled (49: '
run scheme=ldaps port=636 ldap.bind_dn=ben@clinic.example ldap.secret=CANARY-Secret-1
check "must change, in words" state directory_accounts refused 'wrong-password	login: the password must be changed first (49: '
run scheme=ldaps port=636 ldap.bind=anonymous
check "anonymous: told to log in" state directory_accounts refused access-denied
run scheme=ldaps port=636 tls.name=dc1.clinic.example
check "another name" state directory_accounts refused certificate-not-trusted
echo "1..$n"
