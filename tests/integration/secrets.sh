#!/bin/sh
# No secret leaves: not into the store, a log, a report, a message, an argument list or another process's environment; and no file or
# variable of the caller's surroundings configures a library behind our back.
# shellcheck disable=SC2154,SC2317,SC2086,SC3045 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start secrets

# Every way in which a secret can be given: plain, environment, file, command; and every kind of secret.
printf 'clinic-read\n' >"$tap_dir/community"
printf 'priv-Secret-1\n' >"$site/snmp-priv"
chmod 600 "$tap_dir/community" "$site/snmp-priv"
edit "$site/credentials.yaml" -e "s|auth_secret: {env: CLINIC_SNMP_AUTH}|auth_secret: auth-Secret-1|" -e "s|command: \[printf, clinic-read\]|command: [cat, $tap_dir/community]|" \
    -e "s|key: \([^ ]*\)user_ed25519}|key: \1user_ed25519_sealed, passphrase: {env: CLINIC_KEY}, password: {env: CLINIC_SSH}}|"
cat >>"$site/credentials.yaml" <<YAML
distrust: {ldap: {bind_dn: "cn=audit,dc=clinic,dc=example", secret: {env: CLINIC_LDAP}, tls: {ca: $clinic/directory/other-ca.pem}}}
wrong:   {ldap: {bind_dn: "cn=audit,dc=clinic,dc=example", secret: CANARY-wrong-Secret, tls: {ca: $clinic/directory/ca.pem}}}
wrong-v2: {snmp: {version: 2c, community: CANARY-wrong-community}}
wrong-v3: {snmp: {version: 3, user: preop, level: authPriv, auth: SHA-256, auth_secret: CANARY-wrong-auth, priv: AES, priv_secret: CANARY-wrong-priv}}
broken:  {snmp: {version: 2c, community: {command: [sh, -c, "echo CANARY-said-on-stderr >&2; echo CANARY-said-on-stdout; exit 3"]}}}
unset:   {snmp: {version: 2c, community: {env: CLINIC_NOT_SET}}}
YAML
unset CLINIC_SNMP_AUTH
export CLINIC_KEY=key-Secret-1 CLINIC_SSH=audit-Secret-1
ldaps=$(sed -n 's/^ldaps //p' "$clinic/ldap.ports")
cat >>"$site/site.yaml" <<YAML
  - {name: no-trust, address: "ldaps://$net.31:$ldaps", role: directory, ldap: distrust}
  - {name: no-entry, address: "ldaps://$net.31:$ldaps", role: directory, ldap: wrong}
  - {name: deaf, address: $net.4, role: printer, snmp: {use: wrong-v2, port: 16161, timeout: 200ms, retries: 0}}
  - {name: digest, address: $net.11, role: storage, snmp: {use: wrong-v3, port: 16161, timeout: 500ms, retries: 1}}
  - {name: broken, address: $net.3, role: ups, snmp: {use: broken, port: 16161}}
  - {name: unset, address: $net.3, role: ups, snmp: {use: unset, port: 16161}}
YAML
# What must not be found anywhere: the secrets as they are, in base64 and in hex, a line of the private key, and what must never be read.
{
    for secret in clinic-read auth-Secret-1 priv-Secret-1 key-Secret-1 audit-Secret-1; do
        echo "$secret"
        printf %s "$secret" | base64
        printf %s "$secret" | od -An -tx1 | tr -d ' \n'
        echo
    done
    sed -n 2p "$clinic/hosts/user_ed25519_sealed"
    echo CANARY-
} >"$tap_dir/words"
clean() {        # file or folder...: holds none of them
    ! grep -r -a -F -f "$tap_dir/words" "$@"
}

# --- hostile surroundings -------------------------------------------------------------------------------------------------------
bad=$tap_dir/bad
mkdir -p "$bad/.snmp" "$bad/.ssh"
for name in ldaprc .ldaprc ldap.conf; do
    printf 'TLS_REQCERT never\nTLS_CACERT %s\nURI ldap://%s.200:1\nBASE dc=elsewhere\nTIMEOUT 1\nSIZELIMIT 3\n' "$clinic/directory/other-ca.pem" "$net" >"$bad/$name"
done
cat >"$bad/snmp.conf" <<CONF
defCommunity CANARY-community
dumpPacket yes
doDebugging 1
debugTokens ALL
noTokenWarnings yes
logTimestamp yes
retries 0
timeout 0
defVersion 1
clientaddr $net.99
persistentDir $bad/persist
CONF
cp "$bad/snmp.conf" "$bad/.snmp/snmp.conf"
printf 'openssl_conf = init\n[init]\nproviders = some\n[some]\nnull = none\n[none]\nactivate = 1\n' >"$bad/openssl.cnf"
printf '[libdefaults]\n default_realm = CANARY.EXAMPLE\n' >"$bad/krb5.conf"
printf '[overrides]\ndisabled-version = tls1.3\ndisabled-version = tls1.2\n' >"$bad/gnutls.conf"
printf 'Host *\n ProxyCommand touch %s/proxied\n' "$bad" >"$bad/.ssh/config"
cp "$clinic/known_hosts" "$bad/.ssh/known_hosts"

# All that runs below us, sampled while it runs: arguments and environments.
children_line() { echo "$*"; }
sample() {       # pid of preop
    while kill -0 "$1" 2>/dev/null; do
        ps -e -o pid=,ppid= >"$tap_dir/ps"
        children=$(awk -v p="$1" '$2 == p { print $1 }' "$tap_dir/ps")
        for pid in $1 $children $(awk -v z=" $(children_line $children) " 'index(z, " " $2 " ") { print $1 }' "$tap_dir/ps"); do
            tr '\0' ' ' <"/proc/$pid/cmdline" >>"$tap_dir/cmdlines"
            echo >>"$tap_dir/cmdlines"
            # A child that has not yet become another program is still ourselves.
            cmp -s "/proc/$pid/cmdline" "/proc/$1/cmdline" && continue
            if tr '\0' '\n' <"/proc/$pid/environ" >"$tap_dir/one"; then
                echo "pid $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline")" >>"$tap_dir/environs"
                cat "$tap_dir/one" >>"$tap_dir/environs"
            else
                echo "$pid" >>"$tap_dir/closed"
            fi
        done 2>/dev/null
        sleep 0.02
    done
}
: >"$tap_dir/cmdlines"
: >"$tap_dir/environs"
: >"$tap_dir/closed"
(
    cd "$bad" || exit 99
    HOME=$bad LDAPCONF=$bad/ldap.conf LDAPRC=ldaprc LDAPTLS_REQCERT=never LDAPTLS_CACERT=$clinic/directory/other-ca.pem LDAPSIZELIMIT=3 \
        SNMPCONFPATH=$bad SNMP_PERSISTENT_DIR=$bad/persist MIBS=ALL MIBDIRS=$bad OPENSSL_CONF=$bad/openssl.cnf KRB5_CONFIG=$bad/krb5.conf \
        GNUTLS_SYSTEM_PRIORITY_FILE=$bad/gnutls.conf LIBSSH2_DEBUG=1 \
        "$preop" -C "$site" -v check >"$out" 2>"$err" </dev/null &
    echo $! >"$tap_dir/pid"
    sample $!
    wait $!
    echo $? >"$tap_dir/status"
)
status=$(cat "$tap_dir/status")
ok "a check in hostile surroundings" exits 3
for target in router switch ups printer nas camera ehr-app staff billing; do
    ok "$target is read as ever" state $target '%' complete
done
ok "all accounts, whatever SIZELIMIT says" db_is "SELECT count(*) FROM latest_directory_accounts WHERE target = 'staff' AND login LIKE '%.%'" 300
ok "a certificate of an authority that is not ours is refused, whatever TLS_REQCERT says" state no-trust '%' refused certificate-not-trusted
ok "and no password was shown there" count "$clinic/directory/log" ' BIND dn="cn=audit[^"]*" method' 2
ok "a wrong password is wrong" state no-entry directory_accounts refused wrong-password
ok "a wrong community is met with silence" state deaf '%' failed no-answer
ok "a wrong digest is one" state digest '%' refused wrong-digest
ok "a command that fails" state broken '%' not-asked secret-unavailable
ok "a variable that is not set is named" db_is "SELECT DISTINCT detail FROM all_collection WHERE target = 'unset' AND coalesce(reason, '') <> 'not-watched'" "credential unset: environment variable CLINIC_NOT_SET is not set"
ok "nothing was written beside us" equals "$(find "$bad" -type f | grep -Ev '/(ldap\.conf|\.?ldaprc|snmp\.conf|openssl\.cnf|krb5\.conf|gnutls\.conf|config|known_hosts)$')" ""

# --- where they must not be -----------------------------------------------------------------------------------------------------
ok "argument lists were sampled" test "$(grep -c 'preop-zygote' "$tap_dir/cmdlines")" -ge 10
ok "no secret in an argument list" clean "$tap_dir/cmdlines"
if [ "$(id -u)" = 0 ]; then
    ok "environments of zygote and workers were sampled" test "$(grep -c '^pid .*preop-zygote' "$tap_dir/environs")" -ge 10
    ok "no secret in an environment" clean "$tap_dir/environs"
    ok "nor anything else of the caller's" sh -c "! awk '/^pid/ { z = /preop-zygote/ } z && /^(CLINIC|HOME|LDAP[A-Z]+=|SNMPCONFPATH=.*bad|OPENSSL_CONF=.*bad|GNUTLS|PREOP|SSH)/' '$tap_dir/environs' | grep -v '^LDAPNOINIT=1\$'"
else
    ok "environments of zygote and workers are closed to their own user: they are not dumpable" test "$(wc -l <"$tap_dir/closed")" -ge 5
    ok "what could be read is clean" clean "$tap_dir/environs"
fi
ok "no secret on the page" clean "$out"
ok "nor in the messages, with -v" clean "$err"
ok "nor in the store, the run's log, or anything beside them" clean "$(dirname "$PREOP_DB")"
ok "though it holds the site file" db_is "SELECT count(*) FROM run_input WHERE kind = 'site'" 1
ok "and no credentials file" db_is "SELECT count(*) FROM input WHERE CAST(body AS TEXT) LIKE '%bind_dn%' OR CAST(body AS TEXT) LIKE '%snmp-priv%'" 0
p report --format json
ok "nor in a report in JSON" clean "$out"
p report
ok "nor as text" clean "$out"
for table in devices interfaces hosts directories directory_accounts listening_ports; do
    p facts $table --format csv
    cat "$out" >>"$tap_dir/facts"
done
ok "nor in the facts" clean "$tap_dir/facts"
p check --dry-run
ok "nor in the page to sign" clean "$out" "$err"
p status -v
ok "nor in status" clean "$out" "$err"
p explain --probe ldap
ok "nor in explain" clean "$out"

# --- messages about the file that holds them --------------------------------------------------------------------------------------
cp "$site/credentials.yaml" "$tap_dir/credentials.yaml"
said() {         # words, line of credentials.yaml that is wrong
    { cat "$tap_dir/credentials.yaml"; printf '%s\n' "$2"; } >"$site/credentials.yaml"
    p check --dry-run
    ok "$1: refused" exits 2
    ok "$1: with its place" has "$err" 'credentials\.yaml:[0-9]+:[0-9]+: '
    ok "$1: without its value" clean "$err" "$out"
}
said "a secret that is a list" 'x: {snmp: {version: 2c, community: [CANARY-a, CANARY-b]}}'
said "a secret with an unknown way" 'x: {snmp: {version: 2c, community: {comand: CANARY-a}}}'
said "a secret with two ways" 'x: {snmp: {version: 2c, community: {env: HOME, file: CANARY-a}}}'
said "a short passphrase" 'x: {snmp: {version: 3, user: u, level: authNoPriv, auth: SHA-256, auth_secret: CANARY-}}'
said "an unknown key" 'x: {ldap: {bind_dn: "cn=x", secret: CANARY-a, pasword: CANARY-b}}'
said "a key given twice" 'x: {ldap: {bind_dn: "cn=x", secret: CANARY-a, secret: CANARY-b}}'
said "broken YAML" 'x: {ldap: {bind_dn: "cn=x", secret: "CANARY-a'
said "a secret where a name is expected" 'CANARY a b: {snmp: {version: 2c}}'
cat "$tap_dir/credentials.yaml" >"$site/credentials.yaml"

# --- a process that ends badly ------------------------------------------------------------------------------------------------------
case $(cat /proc/sys/kernel/core_pattern) in
[!/\|]*)
    mkdir -p "$tap_dir/cores"
    (
        cd "$tap_dir/cores" || exit 99
        ulimit -c unlimited 2>/dev/null
        sh -c 'kill -ABRT $$' 2>/dev/null
        ls >"$tap_dir/can"
        rm -f core*
        "$preop" -C "$site" check --target nas --target staff >"$out" 2>"$err" </dev/null &
        pid=$!
        wait_for 5 sh -c "grep -q staff '$(dirname "$PREOP_DB")/log/'2.tsv"
        kill -ABRT $pid
        wait $pid
    ) 2>/dev/null
    if [ -s "$tap_dir/can" ]; then
        ok "a process of ours that is aborted leaves no core" equals "$(ls "$tap_dir/cores")" ""
    else
        skip "a process of ours that is aborted leaves no core" "this system keeps no cores"
    fi
    ;;
*) skip "a process of ours that is aborted leaves no core" "cores are taken by another program here" ;;
esac
tap_done
