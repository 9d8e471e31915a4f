#!/bin/sh
# The snmp probe against a real snmpd: versions, every digest and encryption, and what each refusal is called. snmpd's own log
# must show reads only.
# shellcheck disable=SC2317  # functions are called through ok
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init snmp

snmpd=$(command -v snmpd || ls /usr/sbin/snmpd 2>/dev/null) || skip_all "snmpd is not installed (Debian: snmpd)"
run="$builddir/tests/lib/probe_run"
addr=127.77.1.1
port=$((12000 + $$ % 19000))        # two builds may test side by side
secret=correct-horse-7
priv_secret=battery-staple-8

auths="MD5 SHA-1 SHA-224 SHA-256 SHA-384 SHA-512"
privs="DES AES-128 AES-192 AES-256 AES-192-C AES-256-C"

conf() {
    echo "agentaddress udp:$addr:$port"
    echo "exactEngineID 0x80001f880470726f6f66"       # of the same engine after a restart, as gear has it
    echo "rocommunity opensesame-17"
    echo "sysName clinic-gw"
    echo "sysLocation closet 2"
    echo "sysContact it@example.org"
    echo "sysServices 72"
    for a in $auths; do
        echo "createUser auth$a $a \"$secret\""
        echo "rouser auth$a auth"
        for p in $privs; do
            echo "createUser $a$p $a \"$secret\" $p \"$priv_secret\""
            echo "rouser $a$p priv"
        done
    done
    echo "createUser nobody9"
    echo "rouser nobody9 noauth"
    echo "createUser same SHA-256 \"$secret\" AES \"$secret\""
    echo "rouser same priv"
    # one that may read the system group only
    echo "createUser narrow SHA-256 \"$secret\" AES \"$priv_secret\""
    echo "view sysonly included .1.3.6.1.2.1.1"
    echo "rouser narrow priv -V sysonly"
    # one known without any right to read
    echo "createUser barred SHA-256 \"$secret\" AES \"$priv_secret\""
}
conf >"$tap_dir/snmpd.conf"
chmod 600 "$tap_dir/snmpd.conf"

mkdir -p "$tap_dir/persist"
SNMP_PERSISTENT_DIR="$tap_dir/persist" SNMPCONFPATH="$tap_dir:$tap_dir/persist" MIBS="" \
    "$snmpd" -f -Lf "$tap_dir/snmpd.log" -d >"$tap_dir/snmpd.out" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT

# probe NAME key=value... (the first of a key counts): runs it into $tap_dir/NAME
probe() {
    out="$tap_dir/$1"
    shift
    "$run" snmp "$@" "host=$addr" "port=$port" timeout_ms=1500 retries=2 fast=1 >"$out" 2>"$out.err"
}
answers() {
    "$run" snmp host=$addr port=$port timeout_ms=200 retries=0 fast=1 snmp.version=2c snmp.community=opensesame-17 table=devices | grep -q "devices.complete"
}
if ! wait_for 20 answers; then
    sed 's/^/# /' "$tap_dir/snmpd.log" "$tap_dir/snmpd.out" | tail -20
    ok "snmpd answers" false
    tap_done
    exit 1
fi

# --- versions ---------------------------------------------------------------------------------------------------------------
whole() {   # whole NAME
    has "$tap_dir/$1" "^table	devices	complete	none" && has "$tap_dir/$1" "^table	interfaces	complete	none" &&
        has "$tap_dir/$1" "^row	devices.*sys_name=clinic-gw.*location=closet 2" && has "$tap_dir/$1" "^row	interfaces.*name=lo	" && has "$tap_dir/$1" "^exit	0"
}
for v in 1 2c; do
    probe "v$v" snmp.version=$v snmp.community=opensesame-17
    ok "v$v reads both tables" whole "v$v"
done
ok "v1 never sends GETBULK" has_not "$tap_dir/v1" "^asked.*GETBULK"
ok "v2c sends GETBULK" has "$tap_dir/v2c" "^asked.*GETBULK"
ok "questions are reads only" has_not "$tap_dir/v2c" "^asked	[^	]*	(SET|TRAP|INFORM)"
loopback() {
    has "$tap_dir/v2c" "^row	interfaces.*name=lo	.*type=24	type_name=softwareLoopback.*admin_up=1	oper_up=1	oper_status=up	mtu=65536.*counters_64bit=1"
}
ok "the loopback interface has its facts" loopback
ok "uptime and start are told" has "$tap_dir/v2c" "^row	devices.*uptime_s=[0-9]+.*booted_at=20[0-9-]+T[0-9:]+Z"
ok "the engine id is told" has "$tap_dir/v2c" "^row	devices.*engine_id=80001f88"

# --- SNMPv3 -----------------------------------------------------------------------------------------------------------------
v3() {  # v3 NAME USER LEVEL [more]
    name=$1 user=$2 level=$3
    shift 3
    probe "$name" snmp.version=3 "snmp.user=$user" "snmp.level=$level" "$@"
}
v3 noauth nobody9 noAuthNoPriv
ok "v3 noAuthNoPriv" whole noauth
for a in $auths; do
    v3 "auth$a" "auth$a" authNoPriv "snmp.auth=$a" "snmp.auth_secret=$secret"
    ok "v3 authNoPriv $a" whole "auth$a"
    for p in $privs; do
        v3 "$a$p" "$a$p" authPriv "snmp.auth=$a" "snmp.auth_secret=$secret" "snmp.priv=$p" "snmp.priv_secret=$priv_secret" table=devices
        ok "v3 authPriv $a $p" has "$tap_dir/$a$p" "^table	devices	complete	none"
    done
done
full="snmp.auth=SHA-256 snmp.auth_secret=$secret snmp.priv=AES-128 snmp.priv_secret=$priv_secret"
# shellcheck disable=SC2086
v3 same same authPriv snmp.auth=SHA-256 "snmp.auth_secret=$secret" snmp.priv=AES "snmp.priv_secret=$secret"
ok "v3 with one password for both" whole same
ok "v3: one discovery comes first" has "$tap_dir/same" "^asked.*SNMPv3 engine discovery"
ok "v3: the version is told" has "$tap_dir/same" "^row	devices.*snmp_version=3"

# --- refusals ---------------------------------------------------------------------------------------------------------------
fails() {   # fails NAME STATE REASON
    has "$tap_dir/$1" "^table	devices	$2	$3" && has "$tap_dir/$1" "^table	interfaces	$2	$3" && has "$tap_dir/$1" "^exit	0" && has_not "$tap_dir/$1" "^row"
}
probe community snmp.version=2c snmp.community=wrong-19 timeout_ms=200 retries=1
ok "a wrong community is silence" fails community failed no-answer
ok "a dead agent is asked twice, not more" equals "$(grep -c "^asked" "$tap_dir/community")" 2
probe refused snmp.version=2c snmp.community=x "port=$((port + 1))" timeout_ms=1000
ok "a closed port is refused" fails refused failed connection-refused
# shellcheck disable=SC2086
v3 stranger stranger authPriv $full
ok "an unknown user" fails stranger refused unknown-user
v3 wrongauth SHA-256AES-128 authPriv snmp.auth=SHA-256 snmp.auth_secret=wrong-password-20 snmp.priv=AES-128 "snmp.priv_secret=$priv_secret"
ok "a wrong authentication password" fails wrongauth refused wrong-digest
v3 wrongdigest SHA-256AES-128 authPriv snmp.auth=SHA-512 "snmp.auth_secret=$secret" snmp.priv=AES-128 "snmp.priv_secret=$priv_secret"
ok "the wrong digest" fails wrongdigest refused wrong-digest
v3 wrongpriv SHA-256AES-128 authPriv snmp.auth=SHA-256 "snmp.auth_secret=$secret" snmp.priv=AES-128 snmp.priv_secret=wrong-password-21 timeout_ms=300 retries=1
ok "a wrong privacy password" fails wrongpriv refused decryption-error
v3 lowlevel SHA-256AES-128 noAuthNoPriv
ok "too low a level" has "$tap_dir/lowlevel" "^table	devices	refused	access-denied"
v3 nopriv authSHA-256 authPriv snmp.auth=SHA-256 "snmp.auth_secret=$secret" snmp.priv=AES-128 "snmp.priv_secret=$priv_secret"
ok "a level that the user does not have" has "$tap_dir/nopriv" "^table	devices	refused	access-denied"
# shellcheck disable=SC2086
v3 barred barred authPriv $full
ok "a user without rights" fails barred refused access-denied
# shellcheck disable=SC2086
v3 context SHA-256AES-128 authPriv $full snmp.context=nowhere timeout_ms=300 retries=1
ok "an unknown context is not a success" has_not "$tap_dir/context" "complete"
# shellcheck disable=SC2086
v3 narrow narrow authPriv $full
ok "a view of the system group: the device is told" has "$tap_dir/narrow" "^table	devices	complete"
ok "a view of the system group: no interfaces is a failure" has "$tap_dir/narrow" "^table	interfaces	failed	empty"
v3 short SHA-256AES-128 authPriv snmp.auth=SHA-256 snmp.auth_secret=short snmp.priv=AES-128 "snmp.priv_secret=$priv_secret"
ok "a password that is too short is never sent" has_not "$tap_dir/short" "^asked"
probe outside snmp.version=2c snmp.community=opensesame-17 permit=-127.77.0.0/16 permit=+127.0.0.0/8
ok "what may not be touched is not asked" fails outside not-asked do-not-touch
ok "what may not be touched gets no packet" has_not "$tap_dir/outside" "^asked"

# --- the agent restarts: its clock is new, for who comes afterwards and for a watch that goes on ----------------------------------------
"$run" snmp "host=$addr" "port=$port" timeout_ms=400 retries=1 fast=1 snmp.version=3 snmp.user=SHA-256AES-128 snmp.level=authPriv snmp.auth=SHA-256 "snmp.auth_secret=$secret" \
    snmp.priv=AES-128 "snmp.priv_secret=$priv_secret" table=interface_load sample_ms=110000 every_ms=1000 >"$tap_dir/watch" 2>"$tap_dir/watch.err" &
watch=$!
twice() { [ "$(grep -c '^asked.*GET 1\.3\.6\.1\.2\.1\.1\.3\.0 ' "$tap_dir/watch")" -ge 2 ]; }
wait_for 10 twice
kill $pid
wait $pid 2>/dev/null
boots() { sed -n 's/^engineBoots //p' "$tap_dir/persist/snmpd.conf"; }
boots_then=$(boots)
SNMP_PERSISTENT_DIR="$tap_dir/persist" SNMPCONFPATH="$tap_dir:$tap_dir/persist" MIBS="" \
    "$snmpd" -f -Lf "$tap_dir/snmpd2.log" -d >"$tap_dir/snmpd2.out" 2>&1 &
pid=$!
wait_for 20 answers
# shellcheck disable=SC2086
v3 again SHA-256AES-128 authPriv $full
ok "after a restart of the agent" whole again
ok "... which counts one boot more, as gear does (RFC 3414, 2.3)" equals "$(boots)" "$((boots_then + 1))"
before=$(grep -c '^asked.*GET 1' "$tap_dir/watch")
more() { [ "$(grep -c '^asked.*GET 1' "$tap_dir/watch")" -ge $((before + 6)) ]; }
wait_for 30 more
kill -USR1 $watch
wait $watch
ok "a watch over a restart goes on" more
ok "... with rates before and after" has "$tap_dir/watch" "^row	interface_load.*name=lo	.*	samples=[2-9][0-9]*	"
ok "... and void where the counters began anew" has "$tap_dir/watch" "^row	interface_load.*	void_samples=[1-9][0-9]*	"

# --- nothing but reads, no secret anywhere -----------------------------------------------------------------------------------------
probe v2c_last snmp.version=2c snmp.community=opensesame-17
kill $pid
wait $pid 2>/dev/null
# -d dumps every datagram in hex; a PDU's tag follows the community in v1 and v2c. A3 is SET.
pdus() {
    sed -n '/^Received/,/^$/p' "$tap_dir/snmpd.log" "$tap_dir/snmpd2.log" | awk '/^Received/ { if (m != "") print m; m = "" } /^[0-9]+:/ { s = $0; sub(/^[0-9]+: */, "", s); m = m substr(s, 1, 50) } END { print m }' |
        tr -d ' ' | grep -Eo "6F70656E736573616D652D3137A[0-9]" | sed 's/.*A/A/' | sort | uniq -c | tr -s ' ' | sed 's/^ //' >"$tap_dir/pdus"
    has "$tap_dir/pdus" "A0" && has "$tap_dir/pdus" "A1" && has "$tap_dir/pdus" "A5" && has_not "$tap_dir/pdus" "A[2346789]"
}
ok "snmpd's log shows GET, GETNEXT and GETBULK only" pdus
# shellcheck disable=SC2010
silent() {
    for f in "$tap_dir"/*; do
        case "$f" in *snmpd* | */persist | */last) continue ;; esac
        if grep -lE "opensesame-17|$secret|$priv_secret|wrong-(password-2|19)" "$f"; then return 1; fi
    done
}
ok "no secret in anything that the worker said" silent
tap_done
