#!/bin/sh
# What file servers and remote desktops tell anyone before a log-on: the net probe in a real locked worker against Samba's smbd, xrdp and
# servers that mean no good; and through the whole engine that each needs its own permission.
# shellcheck disable=SC2154 # srcdir and builddir come from make
# shellcheck disable=SC2317 # functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "$srcdir/tests/lib/daemon.sh"
tap_init greetings
probe_run=$builddir/tests/lib/probe_run
hostile_server=$builddir/tests/tools/tcp_hostile
ip=127.77.6.1
out=$tap_dir/out
stop() { daemon_stop "$tap_dir/server.pid"; }
trap 'stop; rm -f "$tap_dir"/*.key' EXIT
trap 'exit 99' HUP INT TERM
PATH=$PATH:/usr/sbin:/sbin

look() { "$probe_run" net "$@" host=$ip port="$port" fast=1 deadline_ms=20000 >"$out" 2>"$tap_dir/err"; }
says() {     # COLUMN=VALUE...: each stands in the row
    for column; do
        tr '\t' '\n' <"$out" | grep -Fxq -- "$column" || { echo "not in the row: $column"; cat "$out"; return 1; }
    done
}
silent_on() { for column; do has_not "$out" "	$column=" || return 1; done; }
outcome() { has "$out" "^table	$1	$2"; }
free_port() { "$hostile_server" $ip silent >"$tap_dir/free" & pid=$!; wait_for 10 grep -q '^[0-9]' "$tap_dir/free"; kill $pid; wait $pid 2>/dev/null; port=$(head -n 1 "$tap_dir/free"); }
misbehave() {
    stop
    daemon_start "$tap_dir/server.pid" "$hostile_server" $ip "$1" >"$tap_dir/server" 2>&1
    wait_for 10 grep -q '^[0-9]' "$tap_dir/server" || { echo "Bail out! tcp_hostile does not start"; exit 99; }
    port=$(head -n 1 "$tap_dir/server")
}
listens() { grep -q ":$(printf %04X "$port") 00000000:0000 0A" /proc/net/tcp; }

# --- Samba --------------------------------------------------------------------------------------------------------------------
# samba OPTION...: smbd with these lines in its configuration; sets port
samba() {
    stop
    free_port
    rm -rf "$tap_dir/smb" && mkdir -p "$tap_dir/smb"
    {
        cat <<CONF
[global]
workgroup = CLINIC
netbios name = FILES1
server role = standalone server
interfaces = $ip/8
bind interfaces only = yes
smb ports = $port
disable netbios = yes
disable spoolss = yes
load printers = no
log file = $tap_dir/smb/log
CONF
        for folder in private lock state cache pid ncalrpc; do
            mkdir "$tap_dir/smb/$folder"
        done
        printf '%s\n' "private dir = $tap_dir/smb/private" "lock directory = $tap_dir/smb/lock" "state directory = $tap_dir/smb/state" \
            "cache directory = $tap_dir/smb/cache" "pid directory = $tap_dir/smb/pid" "ncalrpc dir = $tap_dir/smb/ncalrpc" "$@"
    } >"$tap_dir/smb/smb.conf"
    daemon_start "$tap_dir/server.pid" smbd --foreground -s "$tap_dir/smb/smb.conf" </dev/null >"$tap_dir/smbd" 2>&1
    wait_for 20 listens || { echo "Bail out! smbd does not start: $(head -c 500 "$tap_dir/smbd")"; exit 99; }
}
if command -v smbd >/dev/null && [ "$(id -u)" = 0 ]; then
    samba "server signing = mandatory" "server min protocol = NT1"
    look net.use=smb
    ok "Samba: complete" outcome smb_servers 'complete	none	$'
    ok "where it was met" says host=$ip port="$port" address=$ip reachable=1
    ok "it takes the newest dialect" says smb2=1 dialect=3.1.1
    ok "signing, as it was set up" says signing_enabled=1 signing_required=1
    ok "SMB 1, as it was set up" says smb1_accepted=1
    ok "its name" says computer_name=FILES1 domain_name=FILES1
    ok "known as Samba" says software=samba
    ok "and never called a build of Windows" silent_on os_version os_build
    ok "its clock is this machine's" sh -c "tr '\t' '\n' <'$out' | awk -F= '\$1 == \"clock_offset_s\" { seen = 1; bad = \$2 > 2 || \$2 < -2 } END { exit !seen || bad }'"
    ok "five questions, and no more" equals "$(grep -c '^asked' "$out")" 5
    ok "nobody tried to log on" sh -c "! grep -rqi 'auth.*fail\|NT_STATUS_LOGON_FAILURE\|check_ntlm_password' '$tap_dir/smb/log'*"
    samba "server signing = disabled" "server min protocol = SMB2_02" "server max protocol = SMB2_10"
    look net.use=smb
    ok "an older dialect" says dialect=2.1 smb2=1
    ok "signing is not demanded" says signing_required=0
    ok "SMB 1 is refused" says smb1_accepted=0
    samba "server min protocol = NT1" "server max protocol = NT1"
    look net.use=smb
    ok "SMB 1 alone" says smb2=0 smb1_accepted=1 'dialect=NT LM 0.12'
    ok "without names" silent_on computer_name server_guid
else
    skip "Samba" "smbd is not installed, or this is not root"
fi
stop
free_port
look net.use=smb
ok "a closed port: a row, refused" says reachable=0
ok "complete: that is the answer" outcome smb_servers complete
ok "nothing is said of SMB" silent_on smb2 smb1_accepted dialect

# --- xrdp ---------------------------------------------------------------------------------------------------------------------
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tap_dir/desk.key" -out "$tap_dir/desk.pem" -days 30 -subj /CN=desk1.clinic.example >"$tap_dir/openssl.log" 2>&1
desktop() {  # SECURITY_LAYER
    stop
    free_port
    cat >"$tap_dir/xrdp.ini" <<INI
[Globals]
ini_version=1
fork=true
port=tcp://$ip:$port
security_layer=$1
crypt_level=high
certificate=$tap_dir/desk.pem
key_file=$tap_dir/desk.key
ssl_protocols=TLSv1.2
[Logging]
LogFile=$tap_dir/xrdp.log
LogLevel=INFO
EnableSyslog=false
[Xorg]
name=Xorg
lib=libxup.so
username=ask
password=ask
ip=127.0.0.1
port=-1
code=20
INI
    daemon_start "$tap_dir/server.pid" xrdp -n -c "$tap_dir/xrdp.ini" </dev/null >"$tap_dir/xrdp" 2>&1
    wait_for 20 listens || { echo "Bail out! xrdp does not start: $(tail -c 500 "$tap_dir/xrdp")"; exit 99; }
}
if command -v xrdp >/dev/null && [ "$(id -u)" = 0 ] && [ ! -e /run/xrdp.pid ] && [ ! -e /var/run/xrdp.pid ]; then
    desktop negotiate
    look net.use=rdp
    ok "xrdp: complete" outcome rdp_servers 'complete	none	$'
    ok "it takes TLS of all, and less than that" says rdp=1 security=tls standard_accepted=1 tls_accepted=1 nla_offered=0 nla_required=0
    ok "its certificate" says certificate_subject=CN=desk1.clinic.example certificate_self_signed=1 certificate_key=RSA certificate_key_bits=2048 tls_version=TLSv1.2
    ok "until when it is valid" has "$out" '	certificate_not_after_at=20[0-9-]*T[0-9:]*Z'
    desktop tls
    look net.use=rdp
    ok "TLS demanded: nothing less is taken" says security=tls standard_accepted=0 tls_accepted=1 nla_required=0
    desktop rdp
    look net.use=rdp
    ok "its own encryption alone" says security=standard standard_accepted=1 tls_accepted=0 nla_required=0
    ok "and no certificate" silent_on certificate_subject tls_version
else
    skip "xrdp" "xrdp is not installed, or this is not root, or one runs"
fi
stop

# --- ill-behaved --------------------------------------------------------------------------------------------------------------
hostile() {  # USE TABLE MODE PATTERN
    misbehave "$3"
    look net.use="$1" timeout_ms=700
    ok "$1 and a server that is $3: $4" outcome "$2" "$4"
    ok "it ended in order" has "$out" '^exit	0$'
}
hostile smb smb_servers silent 'partial	no-answer'
hostile rdp rdp_servers silent 'partial	no-answer'
for mode in close reset banner drip http garbage endless records; do
    hostile smb smb_servers $mode 'partial	malformed'
    hostile rdp rdp_servers $mode complete
    ok "rdp and $mode: it is no RDP" says rdp=0
done
port=9100
look net.use=smb
ok "a printer's port is never opened" sh -c "grep -q '^table	smb_servers	not-asked	do-not-touch' '$out' && ! grep -q '^asked' '$out'"

# --- the whole engine ---------------------------------------------------------------------------------------------------------
misbehave silent
site=$tap_dir/site
mkdir "$site" && chmod 700 "$site"
write() {    # METHODS
    cat >"$site/site.yaml" <<YAML
preop: 1
site: greetings
name: Greetings
stage: diligence
timezone: UTC
authorization:
  - {by: A. Example, role: COO, on: 2020-01-01, networks: [127.77.6.0/24], never: [127.77.6.128/25], methods: [$1]}
checklists: [none.yaml]
targets:
  - {name: files1, address: $ip, role: server, net: [{use: smb, port: $port, timeout: 300ms}, {use: rdp, port: $port, timeout: 300ms}]}
  - {name: infusion, address: 127.77.6.200, role: server, net: [smb, rdp]}
YAML
}
cat >"$site/none.yaml" <<YAML
checklist: none
version: 1
title: Nothing
checks: []
YAML
p() { "$builddir/preop" -C "$site" --db "$tap_dir/preop.db" "$@" >"$out" 2>&1; }
write "smb, rdp"
p check --dry-run
ok "a dry run names both tables" sh -c "grep -q 'files1 .*smb_servers' '$out' && grep -q 'files1 .*rdp_servers' '$out'"
ok "and what is never touched" equals "$(grep -c 'infusion .*not to be touched' "$out")" 2
write smb
p check --fast
ok "without the method rdp only smb is asked" sh -c "sqlite3 '$tap_dir/preop.db' \"select fact_table, state, reason from collection join target on target.id = target_id where target.name = 'files1' and collection.id > (select max(id) - 4 from collection) order by 1\" | tr '\n' ' ' | grep -Fxq 'rdp_servers|not-asked|not-permitted smb_servers|partial|no-answer '"
write tls
p check --fast
ok "net: tls permits neither" sh -c "! sqlite3 '$tap_dir/preop.db' \"select state from collection where id > (select max(id) - 4 from collection)\" | grep -qv not-asked"
p explain --probe net
ok "explain says what is sent" sh -c "grep -q 'NT LM 0.12' '$out' && grep -q 'method rdp' '$out' && grep -q 'no log-on is tried' '$out'"
tap_done
