#!/bin/sh
# The net probe, in a real locked worker, against OpenSSL's s_server and servers that mean no good: what it says of reachability, encryption
# and certificates, and that it sends nothing else. One part goes through the whole engine.
# shellcheck disable=SC2154 # srcdir and builddir come from make
# shellcheck disable=SC2317 # functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "$srcdir/tests/lib/daemon.sh"
tap_init net
command -v openssl >/dev/null || skip_all "openssl is not installed"
probe_run=$builddir/tests/lib/probe_run
hostile_server=$builddir/tests/tools/tcp_hostile
ip=127.77.4.1
out=$tap_dir/out
day=86400
trap 'stop; rm -f "$tap_dir"/*.key' EXIT
trap 'exit 99' HUP INT TERM

# --- certificates -----------------------------------------------------------------------------------------------------------
stamp() { date -u -d "@$(($(date +%s) + $1))" +%Y%m%d%H%M%SZ; }
log=$tap_dir/openssl.log
root() {     # NAME SUBJECT
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$tap_dir/$1.key" -out "$tap_dir/$1.pem" -days 30 -subj "$2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign >>"$log" 2>&1
}
mkdir "$tap_dir/issued"
: >"$tap_dir/issued/index"
echo 1000 >"$tap_dir/issued/serial"
cat >"$tap_dir/issued/ca.conf" <<CONF
[ca]
default_ca = a
[a]
dir = $tap_dir/issued
database = $tap_dir/issued/index
serial = $tap_dir/issued/serial
new_certs_dir = $tap_dir/issued
policy = any
unique_subject = no
[any]
commonName = supplied
CONF
# issue NAME SUBJECT EXTENSIONS FROM TO [ISSUER [DIGEST [KEY OPTIONS...]]]: seconds from now
issue() {
    name=$1 subject=$2 extensions=$3 from=$(stamp "$4") to=$(stamp "$5") issuer=${6:-ca} digest=${7:-sha256}
    shift 5
    [ $# -lt 2 ] && shift $# || shift 2
    [ $# -gt 0 ] || set -- -newkey ec -pkeyopt ec_paramgen_curve:P-256
    printf '%b\n' "$extensions" >"$tap_dir/$name.ext"
    { openssl req -new "$@" -nodes -keyout "$tap_dir/$name.key" -out "$tap_dir/$name.csr" -subj "$subject" &&
        openssl ca -batch -config "$tap_dir/issued/ca.conf" -cert "$tap_dir/$issuer.pem" -keyfile "$tap_dir/$issuer.key" -in "$tap_dir/$name.csr" \
            -out "$tap_dir/$name.pem" -notext -startdate "$from" -enddate "$to" -md "$digest" -extfile "$tap_dir/$name.ext"; } >>"$log" 2>&1
}
names="extendedKeyUsage=serverAuth\nsubjectAltName=DNS:portal.clinic.example,DNS:*.apps.clinic.example,IP:$ip"
root ca "/CN=Clinic Test Root"
issue good "/CN=portal.clinic.example" "$names" -$day $((90 * day))
issue soon "/CN=portal.clinic.example" "$names" -$day $((12 * day))
issue expired "/CN=portal.clinic.example" "$names" $((-30 * day)) $((-2 * day))
issue early "/CN=portal.clinic.example" "$names" $((2 * day)) $((30 * day))
issue subject-only "/CN=portal.clinic.example" "extendedKeyUsage=serverAuth" -$day $((90 * day))
issue weak "/CN=portal.clinic.example" "$names" -$day $((90 * day)) ca sha1 -newkey rsa:1024
issue client "/CN=portal.clinic.example" "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:portal.clinic.example" -$day $((90 * day))
issue between "/CN=Clinic Issuing" "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign" -$day $((90 * day))
issue below "/CN=portal.clinic.example" "$names" -$day $((90 * day)) between
issue stale "/CN=Clinic Issuing" "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign" $((-30 * day)) $((-2 * day))
issue below-stale "/CN=portal.clinic.example" "$names" -$day $((90 * day)) stale
issue odd '/CN=\1B[31mred\00x' "$names" -$day $((90 * day))
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tap_dir/self.key" -out "$tap_dir/self.pem" -days 30 -subj /CN=portal.clinic.example \
    -addext subjectAltName=DNS:portal.clinic.example >>"$log" 2>&1

# --- servers ----------------------------------------------------------------------------------------------------------------
stop() { daemon_stop "$tap_dir/server.pid"; }
mkfifo "$tap_dir/stdin"              # s_server ends where its standard input ends
# serve NAME [OPTION...]: s_server with that certificate; sets port
serve() {
    stop
    name=$1
    shift
    # shellcheck disable=SC2016
    daemon_start "$tap_dir/server.pid" sh -c 'stdin=$1; shift; exec "$@" 0<>"$stdin"' sh "$tap_dir/stdin" openssl s_server -accept "$ip:0" -cert "$tap_dir/$name.pem" -key "$tap_dir/$name.key" "$@" >"$tap_dir/server" 2>&1
    wait_for 10 grep -q '^ACCEPT ' "$tap_dir/server" || { echo "Bail out! s_server does not start: $(head -c 500 "$tap_dir/server")"; exit 99; }
    port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$tap_dir/server" | head -n 1)
}
# misbehave MODE: sets port
misbehave() {
    stop
    daemon_start "$tap_dir/server.pid" "$hostile_server" $ip "$1" >"$tap_dir/server" 2>&1
    wait_for 10 grep -q '^[0-9]' "$tap_dir/server" || { echo "Bail out! tcp_hostile does not start"; exit 99; }
    port=$(head -n 1 "$tap_dir/server")
}
# look KEY=VALUE...: the first of a key counts
look() {
    "$probe_run" net "$@" host=$ip port="$port" net.use=tls tls.name=portal.clinic.example net.ca@"$tap_dir/ca.pem" net.tries=3 fast=1 deadline_ms=20000 \
        >"$out" 2>"$tap_dir/err"
}
says() {     # COLUMN=VALUE...: each stands in the row
    for column; do
        tr '\t' '\n' <"$out" | grep -Fxq -- "$column" || { echo "not in the row: $column"; cat "$out"; return 1; }
    done
}
silent_on() { has_not "$out" "	$1="; }
complete() { has "$out" '^table	endpoints	complete	none	$' && has "$out" '^exit	0$'; }
above() {    # COLUMN LEAST MOST
    sed -n "s/^row.*	$1=\([0-9.e+-]*\).*/\1/p" "$out" | awk -v least="$2" -v most="$3" 'NF == 1 && $1 + 0 >= least && $1 + 0 <= most { ok = 1 } END { exit !ok }' ||
        { echo "$1 is not between $2 and $3"; cat "$out"; return 1; }
}

serve good
look net.tries=5
ok "an endpoint: complete" complete
ok "where it was met" says host=$ip port="$port" address=$ip
ok "each connection stands" says reachable=1 attempts=5 connected=5 refused=0 lost_percent=0
ok "its time, on this machine" above connect_ms_median 0.001 900
ok "p95 is not below the median" sh -c "sed 's/\t/\n/g' '$out' | awk -F= '{ v[\$1] = \$2 } END { exit !(v[\"connect_ms_p95\"] + 0 >= v[\"connect_ms_median\"] + 0 && v[\"connect_ms_jitter\"] + 0 >= 0) }'"
ok "TLS 1.3 is chosen" says tls=1 tls_version=TLSv1.3 tls_cipher=TLS_AES_256_GCM_SHA384
ok "older than 1.2 is refused" says tls_legacy_accepted=0
ok "the certificate" says certificate_subject=CN=portal.clinic.example "certificate_issuer=CN=Clinic Test Root" \
    "certificate_names=portal.clinic.example, *.apps.clinic.example, $ip" certificate_key=EC certificate_key_bits=256 certificate_security_bits=128 certificate_signature=SHA256
ok "trusted, and of that name" says certificate_trusted=1 certificate_name_matches=1 certificate_self_signed=0
ok "its last day, as openssl reads it" says "certificate_not_after_at=$(date -u -d "$(openssl x509 -in "$tap_dir/good.pem" -noout -enddate | sed 's/.*=//')" +%Y-%m-%dT%H:%M:%SZ)"
ok "its fingerprint, as openssl reads it" says "certificate_sha256=$(openssl x509 -in "$tap_dir/good.pem" -noout -fingerprint -sha256 | sed 's/.*=//; s/://g' | tr 'A-F' 'a-f')"
ok "an address needs no resolver" silent_on resolve_ms
ok "each question is in the run's log" equals "$(grep -c '^asked' "$out")" 9
ok "seven connections, two greetings" equals "$(grep -c '^asked.*TCP connection' "$out") $(grep -c '^asked.*TLS handshake' "$out")" "7 2"
ok "no data of ours arrived" has_not "$tap_dir/server" 'Q$|GET|HELO'
look tls.name=x.apps.clinic.example
ok "a wildcard name" says certificate_name_matches=1
look tls.name=y.x.apps.clinic.example
ok "a wildcard stands for one part" says certificate_name_matches=0 certificate_trusted=1
look tls.name=$ip
ok "an address in the certificate" says certificate_name_matches=1
look tls.name=127.77.4.2
ok "another address" says certificate_name_matches=0
look net.ca@"$tap_dir/self.pem"
ok "without its authority it is not trusted" says certificate_trusted=0 certificate_name_matches=1
look net.ca=nonsense
ok "a file of authorities without one" has "$out" '^table	endpoints	failed	bad-file	.*holds no certificate'
look net.use=tcp
ok "net: tcp looks at nothing further" sh -c "grep -q 'connected=3' '$out' && ! grep -q 'tls=\|certificate_\|handshake' '$out' && grep -q '^table.*complete' '$out'"
look net.in_clinic_hours=0
ok "outside the clinic's hours" says in_clinic_hours=0
look mode=trust
ok "trust asks nothing" has_not "$out" '^asked'

for row in "soon 1 1 0" "expired 1 1 0" "early 1 1 0" "subject-only 1 0 0" "self 0 1 1" "client 0 1 0"; do
    # shellcheck disable=SC2086
    set -- $row
    serve "$1"
    look
    ok "$1: trusted $2, name $3, self-signed $4" says certificate_trusted="$2" certificate_name_matches="$3" certificate_self_signed="$4" tls=1
    ok "$1: complete, with its dates" sh -c "grep -q '^table	endpoints	complete' '$out' && grep -q 'certificate_not_before_at=2.*certificate_not_after_at=2' '$out'"
done
ok "client: why" has "$out" 'certificate_problem=it is not meant for servers'
serve weak -cipher DEFAULT@SECLEVEL=0
look
ok "weak: its key and digest" says certificate_key=RSA certificate_key_bits=1024 certificate_security_bits=80 certificate_signature=SHA1 certificate_trusted=1
serve below
look
ok "a certificate in between that is not sent" says certificate_trusted=0 certificate_chain_length=1
serve below -cert_chain "$tap_dir/between.pem"
look
ok "and that is sent" says certificate_trusted=1 certificate_chain_length=2
serve below-stale -cert_chain "$tap_dir/stale.pem"
look
ok "an authority in between that has expired" says certificate_trusted=0 'certificate_problem=an authority in its chain has expired'
serve odd
look
ok "a hostile name cannot reach a terminal" sh -c "grep -q 'certificate_subject=' '$out' && ! grep -q \"\$(printf '\033')\" '$out'"

# --- versions ---------------------------------------------------------------------------------------------------------------
serve good -tls1_2
look
ok "TLS 1.2 alone" says tls_version=TLSv1.2 tls_legacy_accepted=0
ok "its cipher by the standard's name" has "$out" 'tls_cipher=TLS_ECDHE_'
for version in tls1 tls1_1; do
    if serve good "-$version" -cipher DEFAULT@SECLEVEL=0 && look && grep -q 'tls_version' "$out"; then
        ok "$version alone: seen" has "$out" 'tls_version=TLSv1(\.1)?	.*tls_legacy_accepted=1'
    else
        skip "$version alone" "this OpenSSL does not serve it"
    fi
done
cat >"$tap_dir/old.conf" <<CONF
openssl_conf = a
[a]
ssl_conf = b
[b]
system_default = c
[c]
MinProtocol = TLSv1
CipherString = DEFAULT@SECLEVEL=0
CONF
OPENSSL_CONF=$tap_dir/old.conf serve good
look
ok "old versions beside new ones" says tls_version=TLSv1.3 tls_legacy_accepted=1
serve good -Verify 1 -verify_return_error -tls1_2
look
ok "a certificate of ours is demanded: what it showed stands" says tls=1 certificate_subject=CN=portal.clinic.example
ok "and why there is no encryption" has "$out" 'tls_problem='

# --- no TLS, no answer ------------------------------------------------------------------------------------------------------
stop
look
ok "a closed port: a row, refused" says reachable=0 connected=0 refused=3 attempts=3 lost_percent=0
ok "complete: that is the answer" complete
ok "nothing is said of TLS" silent_on tls
# hostile MODE PATTERN-OF-THE-OUTCOME
hostile() {
    misbehave "$1"
    look timeout_ms=1000 deadline_ms=15000
    ok "$1: $2" has "$out" "^table	endpoints	$2"
    ok "$1: the connections are facts" says reachable=1 connected=3
}
hostile silent 'partial	no-answer'
ok "silent: TLS is not known" silent_on tls
hostile half 'partial	no-answer'
hostile drip '(partial	no-answer|complete)'
hostile close 'partial	connection-lost'
hostile reset 'partial	connection-lost'
for mode in banner http garbage endless records; do
    hostile $mode complete
    ok "$mode: it is not TLS" says tls=0 'tls_problem=it answered with something that is not TLS'
done
port=9104
look
ok "a printer's port is never opened" has "$out" '^table	endpoints	not-asked	do-not-touch	port 9104 is never opened'
ok "not even asked" has_not "$out" '^asked'
serve good
look permit=+127.77.5.0/24
ok "an address that nobody permitted" has "$out" '^table	endpoints	not-asked	not-permitted'
look host=localhost permit=+127.77.4.0/24
ok "a name is held against the permission by its address" has "$out" '^table	endpoints	not-asked	not-permitted	localhost \('
ok "no connection was made" has_not "$out" '^asked.*TCP'
look host=localhost permit=+127.0.0.0/8 permit=+::1/128
ok "a name: how long the resolver took" above resolve_ms 0.0001 5000

if [ "$(id -u)" = 0 ] && unshare -nm true 2>/dev/null; then
    # nobody listens at the only resolver of this namespace
    echo 'nameserver 127.0.0.53' >"$tap_dir/resolv.conf"
    silent='ip link set lo up; mount --bind "$1/resolv.conf" /etc/resolv.conf; exec "$2" net host="$3" port=443 net.use=tcp fast=1 deadline_ms=20000'
    RES_OPTIONS='timeout:1 attempts:1' unshare -nm sh -c "$silent" silent "$tap_dir" "$probe_run" ehr.clinic.test >"$out" 2>"$tap_dir/err"
    ok "a resolver that is silent does not make a name unknown" has "$out" '^table	endpoints	failed	no-answer	the resolver gave no answer about ehr.clinic.test'
else
    skip "a resolver that is silent does not make a name unknown" "needs root and a network namespace"
fi
look net.use=tcp host=ehr..clinic.test
ok "a name that cannot be is not in DNS" has "$out" '^table	endpoints	failed	name-not-found'

# --- losses and delays --------------------------------------------------------------------------------------------------------
misbehave full
look net.use=tcp timeout_ms=300
ok "greetings that are all lost: failed, no row" sh -c "grep -q '^table	endpoints	failed	no-answer' '$out' && ! grep -q '^row' '$out'"
ok "after three it is left alone" equals "$(grep -c '^asked' "$out")" 3
misbehave full
look net.use=tcp net.tries=4 timeout_ms=15000 &
looking=$!
hex=$(printf ':%04X 02' "$port")
wait_for 10 grep -q "$hex" /proc/net/tcp      # SYN_SENT: the greeting is out, and lost
kill -USR1 "$(cat "$tap_dir/server.pid")"
wait $looking
ok "one greeting of four was lost and repeated" says attempts=4 connected=4 lost_percent=25
ok "its time is not among the round trips" above connect_ms_p95 0 900
serve good
daemon_start "$tap_dir/lag.pid" "$builddir/tests/tools/netlag" --listen $ip:0 --to "$ip:$port" --delay-ms 60 >"$tap_dir/lag" 2>&1
wait_for 10 grep -q '^listening' "$tap_dir/lag"
port=$(sed -n 's/^listening .*://p' "$tap_dir/lag")
look
daemon_stop "$tap_dir/lag.pid"
ok "60 ms each way stand in the handshake's time" above tls_handshake_ms 119 3000
ok "and change nothing else" says tls_version=TLSv1.3 certificate_trusted=1

# --- the whole engine ---------------------------------------------------------------------------------------------------------
serve soon
site=$tap_dir/site
mkdir "$site" && chmod 700 "$site"
cp "$tap_dir/ca.pem" "$site/clinic-ca.pem"
# write METHODS ADDRESS NET
write() {
    cat >"$site/site.yaml" <<YAML
preop: 1
site: net
name: Net
stage: owned
timezone: UTC
clinic_hours: ["daily 00:00-24:00"]
authorization:
  - {by: A. Example, role: COO, on: 2020-01-01, networks: [127.77.4.0/24], never: [127.77.4.128/25], methods: [$1]}
checklists: [none.yaml]
targets:
  - {name: portal, address: "$2", role: endpoint, net: $3}
YAML
}
cat >"$site/none.yaml" <<YAML
checklist: none
version: 1
title: One check
checks:
  - {id: NET-TLS-01, title: It speaks TLS, domain: hosts, severity: low, facts: endpoints, pass: tls, show: [tls_version], why: To see it.,
     impact: {clinician-efficiency: low}, fix: Switch it on., effort_days: [0, 1], cost: [0, 0], lead_days: [0, 0], owner: it-infrastructure, horizon: now}
YAML
check() { "$builddir/preop" -C "$site" --db "$tap_dir/preop.db" check --fast >"$out" 2>&1; }
fact() { "$builddir/preop" -C "$site" --db "$tap_dir/preop.db" facts endpoints --format json >"$tap_dir/facts" 2>&1; grep -Eq -- "$1" "$tap_dir/facts" || { cat "$tap_dir/facts" "$out"; return 1; }; }
write tls "$ip:$port" "{use: tls, name: portal.clinic.example, ca: clinic-ca.pem, tries: 4}"
check
ok "check with net: tls" equals $? 0
ok "attempts as the site file says" fact '"attempts": *4'
ok "trusted by the site's own authority" fact '"certificate_trusted": *true'
ok "in the clinic's hours" fact '"in_clinic_hours": *true'
write "snmp, ssh" "$ip:$port" tls
check
ok "without the method tls nothing is asked" sh -c "grep -qi 'not permitted' '$out' && ! grep -q 'NET-TLS-01.*pass' '$out'"
write tls "127.77.4.200:$port" tcp
check
ok "what is never touched is not touched by it either" grep -qi 'not to be touched' "$out"
write tls "$ip:9100" tcp
check
ok "the site file may not name a printer's port" equals $? 2
"$builddir/preop" explain --probe net >"$out" 2>&1
ok "explain says what is sent" sh -c "grep -q '11112' '$out' && grep -q 'No data is ever sent' '$out'"
tap_done
