#!/bin/sh
# discover over a cable of its own: two network namespaces, real daemons at the other end, and somebody there who writes down every packet. What must never
# get one is held against that, not against what preop says of itself. Needs root, for namespaces and hardware addresses.
# shellcheck disable=SC2317,SC2086  # functions are called through ok; lists are lists
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
[ "$(id -u)" = 0 ] || skip_all "needs root: a cable between two network namespaces"
PATH=$PATH:/sbin:/usr/sbin
for program in ip ss setpriv snmpd snmpget sshd slapd nsd python3; do
    command -v $program >/dev/null || skip_all "$program is not installed"
done
if [ -z "${ON_CABLE:-}" ]; then
    unshare -nm sh -c 'ip link add near type veth peer name far && ip link add link far name side type macvlan mode bridge' 2>/dev/null || skip_all "veth and macvlan interfaces cannot be made here"
    ON_CABLE=1 exec unshare -nm "$0" "$@"
fi
tap_init discover_link
mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/sshd
preop="$builddir/preop"
export PREOP_DATADIR="$srcdir/checklists" PREOP_DB="$tap_dir/db/preop.db"
mkdir -m 700 "$tap_dir/db" "$tap_dir/site"
site="$tap_dir/site"
found="$site/discovered.yaml"
log="$tap_dir/link"
printf '00:00:0c Cisco Systems, Inc\n00:80:a3 Lantronix\n00:16:3e Xensource, Inc.\n' >"$tap_dir/makers"

# --- the cable: 10.9.0.0/24. 10.9.0.1 is the gateway, 10.9.0.3 a server with everything; the others answer ARP alone -----------------------
unshare -n sleep 300 >/dev/null 2>&1 &
far=$!
pids=$far
trap 'kill $pids 2>/dev/null; wait' EXIT
trap 'exit 99' HUP INT TERM
own=$(readlink /proc/self/ns/net)
elsewhere() { [ "$(readlink /proc/$far/ns/net)" != "$own" ]; }
wait_for 5 elsewhere
at() { nsenter -t $far -n "$@"; }
start() { nsenter -t $far -n "$@" </dev/null >>"$tap_dir/daemons" 2>&1 & pids="$pids $!"; }     # without a shell between, so that it can be ended
ip link add near type veth peer name far netns $far
ip link set lo up
ip addr add 10.9.0.2/24 dev near
ip link set near address 02:00:00:00:00:02 up
sysctl -qw net.ipv6.conf.all.disable_ipv6=1
at sh -c 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.default.arp_ignore=1 net.ipv4.icmp_ratelimit=0
    ip link set lo up; ip link set far address 00:00:0c:00:00:01 up; ip addr add 10.9.0.1/24 dev far
    ip link add link far name side address 00:16:3e:00:00:03 type macvlan mode bridge; ip link set side up; ip addr add 10.9.0.3/32 dev side'
ip route add default via 10.9.0.1

# denied by its maker, by never (address, hardware address, name); of no registered maker; one whose maker is known
denied=10.9.0.9 never=10.9.0.10 never_mac=10.9.0.11 unknown=10.9.0.12 known=10.9.0.13
start python3 "$srcdir/tests/tools/link_watch.py" far "$log" $denied=00:80:a3:00:00:09 $never=00:00:0c:00:00:10 $never_mac=00:00:0c:00:00:11 \
    $unknown=52:54:00:00:00:12 $known=00:00:0c:00:00:13

printf 'rocommunity clinic 10.9.0.0/24\nsysName server-3.clinic.example\nsysServices 72\n' >"$tap_dir/snmpd.conf"
start snmpd -f -d -Lf "$tap_dir/snmpd.log" -C -c "$tap_dir/snmpd.conf" -p "$tap_dir/snmpd.pid" --persistentDir="$tap_dir" udp:10.9.0.3:161
ssh-keygen -q -t ed25519 -N '' -f "$tap_dir/host_key"
printf 'Port 22\nListenAddress 10.9.0.3\nHostKey %s\nPidFile none\n' "$tap_dir/host_key" >"$tap_dir/sshd_config"
start "$(command -v sshd)" -D -E "$tap_dir/sshd.log" -f "$tap_dir/sshd_config"
mkdir "$tap_dir/tree"
printf 'include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\npidfile %s/slapd.pid\ndatabase mdb\nsuffix "dc=clinic,dc=example"\ndirectory %s/tree\n' "$tap_dir" "$tap_dir" >"$tap_dir/slapd.conf"
start slapd -d 0 -h ldap://10.9.0.3:389 -f "$tap_dir/slapd.conf"
mkdir "$tap_dir/zones"
printf '$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A 10.9.0.3\nserver-3 A 10.9.0.3\n_ldap._tcp SRV 0 0 389 server-3\n_ldap._tcp SRV 1 0 389 dc-13\ndc-13 A 10.9.0.13\n' >"$tap_dir/zones/clinic"
printf '$TTL 60\n@ SOA ns.clinic.example. hostmaster.clinic.example. 1 60 60 60 60\n@ NS ns.clinic.example.\n3 PTR server-3.clinic.example.\n13 PTR printer-13.clinic.example.\n9 PTR pump-9.clinic.example.\n' >"$tap_dir/zones/back"
printf '%s\n' "server:" " ip-address: 10.9.0.3" " username: \"\"" " chroot: \"\"" " zonesdir: \"$tap_dir/zones\"" " pidfile: \"\"" " database: \"\"" " zonelistfile: \"$tap_dir/zones/list\"" \
    " xfrdfile: \"$tap_dir/zones/xfrd\"" " xfrdir: \"$tap_dir/zones\"" "remote-control:" " control-enable: no" "zone:" " name: clinic.example" " zonefile: clinic" "zone:" " name: 0.9.10.in-addr.arpa" " zonefile: back" >"$tap_dir/nsd.conf"
start nsd -d -c "$tap_dir/nsd.conf"
printf 'nameserver 10.9.0.3\nsearch clinic.example\n' >"$tap_dir/resolv.conf"
mount --bind "$tap_dir/resolv.conf" /etc/resolv.conf
listens() { at ss -Hlnt "src $1" | grep -q LISTEN || at ss -Hlnu "src $1" | grep -q UNCONN; }
for port in 161 22 389 53; do
    wait_for 10 listens 10.9.0.3:$port || { echo "Bail out! nothing listens at port $port"; cat "$tap_dir/daemons" "$tap_dir"/*.log; exit 99; }
done
wait_for 10 grep -q ready "$tap_dir/daemons" || { echo "Bail out! nobody watches the cable"; cat "$tap_dir/daemons"; exit 99; }

# --- the site -------------------------------------------------------------------------------------------------------------
targets="[]" names=
put_site() {     # methods, networks; and $targets, $names under never:
    cat >"$site/site.yaml" <<X
preop: 1
site: a
name: A
stage: owned
timezone: UTC
never: [$never, 10.9.2.5, "00:00:0c:00:00:11"$names]
authorization:
  - {by: B, role: C, on: 2020-01-01, networks: [$2], methods: [$1]}
checklists: [core]
targets: $targets
X
}
cat >"$site/credentials.yaml" <<'X'
v2: {for: [10.9.0.0/24], snmp: {version: 2c, community: clinic}}
elsewhere: {for: [10.77.0.0/16], snmp: {version: 2c, community: other-clinic}}
X
chmod 600 "$site/credentials.yaml"

begin() { : >"$log.seen"; wc -l <"$log" >"$log.from"; ip neigh flush dev near; }
# What arrived since begin(); the last word is said by a packet of our own, so that nothing is still under way.
mark=0
gather() {
    mark=$((mark + 1))
    python3 -c 'import socket, sys; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x" * int(sys.argv[1]), ("10.9.0.1", 7))' $mark
    wait_for 10 grep -q "^udp 10.9.0.1 7 $mark\$" "$log"
    tail -n +$(($(cat "$log.from") + 1)) "$log" | grep -Ev '^(udp 10.9.0.1 7 |arp 10.9.0.1$|udp 10.9.0.3 53 )' >"$log.seen"       # the mark, the way to it, and questions to the resolver
}
discover() { begin; timeout 60 "$preop" -C "$site" discover --interface near --fast --makers "$tap_dir/makers" "$@" >"$tap_dir/out" 2>"$tap_dir/err"; got=$?; gather; return $got; }
status() { wanted=$1; shift; "$@"; got=$?; [ "$got" = "$wanted" ] || { echo "status $got"; cat "$tap_dir/out" "$tap_dir/err"; return 1; }; }
got() { grep -E "^(tcp|udp|other) $1 " "$log.seen"; }        # packets, ARP aside
nothing() { ! got "$1"; }
forbidden() { ! grep -E '^(tcp|udp) [0-9.]+ (104|515|631|2575|910[0-7]|11112) ' "$log.seen"; }
logged() {      # each packet that begins a conversation, with address and port, has its line in the log
    grep -E '^(tcp [0-9.]+ [0-9]+ S|udp [0-9.]+ [0-9]+ [0-9]+)$' "$log.seen" | while read -r kind address port rest; do
        grep -Eq "	$address(:$port)?(/udp)?	" "$tap_dir/db/log/discover.tsv" || { echo "not logged: $kind $address $port $rest"; return 1; }
    done
}

# --- without sweep: only whose maker a table names -------------------------------------------------------------------------------
put_site snmp,tcp,ssh,ldap 10.9.0.0/24
learn() { for pair in "$@"; do ip neigh replace ${pair%=*} lladdr ${pair#*=} dev near nud stale; done; }
with_table() { learn 10.9.0.3=00:16:3e:00:00:03 $denied=00:80:a3:00:00:09 $never=00:00:0c:00:00:10 $never_mac=00:00:0c:00:00:11 $unknown=52:54:00:00:00:12; discover "$@"; }
begin() { : >"$log.seen"; wc -l <"$log" >"$log.from"; }
ip neigh flush dev near
ok "a discovery without sweep" status 0 with_table 10.9.0.0/24
ok "the server whose maker is known was asked" got 10.9.0.3
for one in $denied $never $never_mac $unknown $known 10.9.0.200; do
    ok "$one got nothing" nothing $one
done
ok "no forbidden port was opened" forbidden
ok "every packet's address and time stand in the log" logged
ok "the server was known by SNMP" has "$found" "name: server-3, address: 10.9.0.3, .*snmp: v2"
ok "its SSH greeting and its open ports were read" has "$found" "# .*server-3.*open: 22 53 389, SSH-2.0-OpenSSH"
ok "its directory was read: a role" has "$found" "name: server-3, address: 10.9.0.3, role: directory"
ok "DNS names it as a server of the directory" has "$found" "# .*server-3.*seen by .*DNS: _ldap._tcp.clinic.example"
ok "and one more, which is not asked for that" has "$found" "address: $known, .*seen_by: \[.*DNS: _ldap._tcp.clinic.example"
ok "its name stands in DNS" has "$found" "in DNS server-3\.clinic\.example"
ok "a denied device has its name from DNS, which is no packet to it" has "$found" "address: $denied, .*name: \"pump-9.clinic.example\""
ok "a credential is shown inside its networks alone" has_not "$tap_dir/snmpd.log" other-clinic
ok "what is denied is listed, with why" has "$found" "address: $denied, mac: .*why: .*Lantronix"
ok "and what has no maker, with why" has "$found" "address: $unknown, .*its hardware address names no maker, and its network is not permitted with the method sweep"

# --- sweep, with ARP ----------------------------------------------------------------------------------------------------------
put_site snmp,tcp,ssh,ldap,sweep 10.9.0.0/24
rm -f "$found"
ip neigh flush dev near
ok "a dry run of a sweep" status 0 discover --dry-run 10.9.0.0/24
ok "sends nothing" equals "$(wc -l <"$log.seen")" 0
ok "and says how it begins" has "$tap_dir/out" "on our own link. Each is asked for by ARP first"
ok "a sweep" status 0 discover 10.9.0.0/24
for one in 10.9.0.3 $known $unknown; do
    ok "$one was asked" got $one
done
for one in $denied $never $never_mac 10.9.0.200; do
    ok "$one got nothing" nothing $one
done
ok "what is excluded by its address was not even asked for" has_not "$log.seen" "^arp $never\$"
ok "nobody at an address gets two questions by ARP" equals "$(grep -c '^arp 10.9.0.200$' "$log.seen")" 2
ok "no forbidden port was opened" forbidden
ok "every packet's address and time stand in the log" logged
ok "the denied one is listed with its maker, and without a packet" has "$found" "address: $denied, mac: .*maker: .?Lantronix.?, name: .*, why: .?serial-to-network module \(Lantronix\), used inside analysers, monitors and pumps.?, seen_by"

# --- sweep, where ARP may not be sent -----------------------------------------------------------------------------------------
unprivileged() { begin; setpriv --bounding-set=-net_raw --inh-caps=-net_raw timeout 60 "$preop" -C "$site" discover --interface near --fast --makers "$tap_dir/makers" "$@" >"$tap_dir/out" 2>"$tap_dir/err"; got=$?; gather; return $got; }
rm -f "$found"
ip neigh flush dev near
ok "a dry run without the right to ARP" status 0 unprivileged --dry-run 10.9.0.0/28
ok "says that none is asked" sh -c "tr -s ' \n' ' ' <'$tap_dir/out' | grep -q 'may not ask by ARP whose they are .* none of these is asked. Run preop as root, give it the right (setcap cap_net_raw+ep FILE), or name'"
ok "a sweep without the right to ARP: some could not be asked" status 3 unprivileged 10.9.0.0/28
ok "nobody got a packet but the gateway, whose hardware address this computer has" equals "$(grep -E '^(tcp|udp|other)' "$log.seen" | grep -vc ' 10.9.0.1 ')" 0
ok "the page says so, and what to do" sh -c "tr -s ' \n' ' ' <'$tap_dir/out' | grep -Eq '1[0-9] addresses were not asked: on our own link makers are read by ARP .* Run preop as root, give it the right'"
ok "so does the file" has "$found" "^  - .*1[0-9] addresses were not asked: on our own link makers are read by ARP"
targets="[{name: printer, address: $known, role: switch, snmp: v2}, {name: mistake, address: $denied, role: switch, snmp: v2}]"
put_site snmp,tcp,ssh,ldap,sweep 10.9.0.0/24
ip neigh flush dev near
ok "gear that site.yaml names, without the right to ARP" status 3 unprivileged 10.9.0.0/28
ok "is asked, once its maker was read" sh -c "grep -q '^udp $known 9 0' '$log.seen' && grep -q '^udp $known 161 ' '$log.seen'"
ok "a denied device that was named by mistake got one empty datagram, and nothing after it" equals "$(got $denied)" "udp $denied 9 0"
ok "that one datagram is not hidden" has "$found" "address: $denied, .*one empty datagram reached it before its maker was known"
ok "nobody else got a packet" equals "$(grep -E '^(tcp|udp|other)' "$log.seen" | grep -Evc "^(tcp|udp) ($known|$denied) ")" 0
targets="[]"
ok "no forbidden port was opened" forbidden
ok "every packet's address and time stand in the log" logged

# --- names under never: ---------------------------------------------------------------------------------------------------------
names=', "printer-*"'
put_site snmp,tcp,ssh,ldap,sweep 10.9.0.0/24
rm -f "$found"
ip neigh flush dev near
ok "names under never: a sweep" status 0 discover 10.9.0.0/28
ok "who has such a name got nothing" nothing $known
ok "and is listed with it" has "$found" "address: $known, .*name: .?printer-13.clinic.example.?, why: .*'printer-\*' under never:"
ok "who has another name was asked" got 10.9.0.3
ok "so was who has none, because the resolver says so" got $unknown
printf 'nameserver 10.9.0.1\nsearch clinic.example\n' >"$tap_dir/resolv.conf"       # nobody answers there
ok "without a resolver" status 3 discover 10.9.0.0/28
ok "nobody got a packet" equals "$(grep -E '^(tcp|udp|other)' "$log.seen" | grep -vc '^udp 10.9.0.1 53 ')" 0
ok "the page says why, and what to do" sh -c "tr -s ' \n' ' ' <'$tap_dir/out' | grep -q 'not asked: never: has names (printer-\*), and the resolver does not answer, .* say --without-names'"
ok "the file says it too" has "$found" "^  - .*not asked: never: has names"
targets="[{name: server, address: 10.9.0.3, role: switch, snmp: v2}]"
put_site snmp,tcp,ssh,ldap,sweep 10.9.0.0/24
ok "what site.yaml names is known without a resolver" status 3 discover 10.9.0.0/28
ok "and was asked" got 10.9.0.3
ok "nobody else was" equals "$(grep -E '^(tcp|udp|other)' "$log.seen" | grep -Evc '^(tcp|udp) (10.9.0.3|10.9.0.1 53) ')" 0
targets="[]"
put_site snmp,tcp,ssh,ldap,sweep 10.9.0.0/24
ok "or when it is said that none of them is there" status 0 discover --without-names 10.9.0.0/28
ok "they were asked" sh -c "grep -q '^tcp $known ' '$log.seen' && grep -q '^tcp $unknown ' '$log.seen'"
ok "the denied still got nothing" nothing $denied
names=
printf 'nameserver 10.9.0.3\nsearch clinic.example\n' >"$tap_dir/resolv.conf"

# --- behind a router that tells nothing ---------------------------------------------------------------------------------------
put_site snmp,tcp,ssh,ldap,sweep 10.9.2.0/28
rm -f "$found"
ok "a dry run over a router" status 0 discover --dry-run 10.9.2.0/28
ok "says that makers cannot be known" has "$tap_dir/out" "13 behind a router"
ok "a sweep over a router" status 0 discover 10.9.2.0/28
for one in 10.9.2.1 10.9.2.14; do
    ok "$one got one connection, and nothing after it" equals "$(got $one)" "tcp $one 443 S"
done
ok "all 13 did, and nobody else" equals "$(grep -c '^tcp 10.9.2' "$log.seen")/$(grep -Ec '^(tcp|udp|other)' "$log.seen")" 13/13
ok "the excluded one got nothing" nothing 10.9.2.5
ok "every packet's address and time stand in the log" logged
# --- behind a router that tells: its tables are read once more when packets went through it -----------------------------------------
unshare -n sleep 300 >/dev/null 2>&1 &
behind=$!
pids="$pids $behind"
apart() { [ "$(readlink /proc/$behind/ns/net)" != "$own" ] && [ "$(readlink /proc/$behind/ns/net)" != "$(readlink /proc/$far/ns/net)" ]; }
wait_for 5 apart
at sh -c "ip link add back type veth peer name hosts netns $behind; ip link set back address 00:00:0c:00:00:02 up; ip addr add 10.9.5.1/24 dev back; sysctl -qw net.ipv4.ip_forward=1"
nsenter -t $behind -n sh -c 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1; ip link set lo up; ip link set hosts up'
nsenter -t $behind -n python3 "$srcdir/tests/tools/link_watch.py" hosts "$tap_dir/link.behind" 10.9.5.10=00:16:3e:00:00:10 10.9.5.20=00:80:a3:00:00:20 </dev/null >"$tap_dir/behind.out" 2>&1 &
pids="$pids $!"
mkdir "$tap_dir/router"
printf 'rocommunity clinic 10.9.0.0/24\nsysName router.clinic.example\nsysServices 4\n' >"$tap_dir/router.conf"
start snmpd -f -Lf "$tap_dir/router.log" -C -c "$tap_dir/router.conf" -p "$tap_dir/router/pid" --persistentDir="$tap_dir/router" udp:10.9.0.1:161
tells() { snmpget -v2c -c clinic -On -t 1 -r 0 10.9.0.1 1.3.6.1.2.1.1.5.0 >/dev/null 2>&1; }
wait_for 30 tells                # it takes its port long before it answers
wait_for 10 grep -q ready "$tap_dir/behind.out"
targets="[{name: gateway, address: 10.9.0.1, role: router, snmp: v2}]"
put_site snmp,tcp,ssh,ldap,sweep '10.9.0.0/24, 10.9.5.0/27'
rm -f "$found"
ok "a sweep over a router that tells, itself outside of what is swept" status 0 discover 10.9.5.0/27
behind() { grep -E "^(tcp|udp|other) $1 " "$tap_dir/link.behind"; }
ok "who is of an allowed maker was met at all ports, once that was known" sh -c "[ \$(grep -E '^tcp 10.9.5.10 [0-9]+ S' '$tap_dir/link.behind' | sort -u | wc -l) -ge 4 ]"
ok "a denied device got one connection, and nothing after its maker was known" equals "$(behind 10.9.5.20 | sort -u)" "tcp 10.9.5.20 443 S"
ok "it is listed as never touched, with that one connection" has "$found" "address: 10.9.5.20, .*Lantronix.*one TCP connection was made to it before its maker was known.*ARP of gateway"
ok "who nobody knows got one connection at most" equals "$(grep -E '^(tcp|udp|other) ' "$tap_dir/link.behind" | grep -vc ' 10.9.5.10 \| 10.9.5.20 ')" 0
targets="[]"
tap_done
