#!/bin/sh
# A /22 with few hosts, as `discover --fast` finds it: 1,022 addresses in a network namespace, a handful of real daemons, and silence at all others. BENCH_LIMIT_MS is the
# longest wall time that is accepted ("well under a minute").
# shellcheck disable=SC2317 # functions are called by traps
set -eu
: "${srcdir:?run by make bench}" "${builddir:?}"
# shellcheck source=tests/bench/measure.sh
. "$srcdir/tests/bench/measure.sh"
limit=${BENCH_LIMIT_MS:-30000}
dir=$builddir/tests/bench/bench_discover.dir
PATH=$PATH:/sbin:/usr/sbin

skip() { echo "discover: a /22 with --fast: skipped: $*"; exit 0; }
for program in ip ss snmpd; do
    command -v $program >/dev/null || skip "$program is not installed"
done
if [ -z "${IN_NAMESPACE:-}" ]; then
    # without root, a namespace of users as well; sshd does not run in one
    enter="unshare -nm"
    [ "$(id -u)" = 0 ] || enter="unshare -rnm"
    $enter true 2>/dev/null || skip "network namespaces are not allowed here"
    [ "$(id -u)" != 0 ] || IS_ROOT=1
    export IS_ROOT="${IS_ROOT:-}"
    IN_NAMESPACE=1 exec $enter /bin/sh "$0"
fi
rm -rf "$dir"
mkdir -p "$dir/site" "$dir/db"
dir=$(cd "$dir" && pwd -P)
chmod 700 "$dir" "$dir/db" "$dir/site"
umask 077
end_with_us

# --- 127.65.0.0/22: what is sent into the cable "dead" is lost -------------------------------------------------------------------------
ip link set lo up
{ ip link add dead type veth peer name pit && ip link set dead arp off up && ip link set pit up && ip route add unicast 127.65.0.0/22 dev dead src 127.0.0.1 table local &&
    echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet; } 2>"$dir/net" || skip "such a network cannot be made here: $(cat "$dir/net")"
n=0
for at in 127.65.0.1 127.65.0.20 127.65.1.7 127.65.2.200 127.65.3.3; do
    n=$((n + 1))
    ip route add local $at/32 dev lo table local
    mkdir "$dir/agent$n"
    printf 'rocommunity public\nsysName bench-%s\n' $n >"$dir/agent$n/snmpd.conf"
    snmpd -f -Lf "$dir/agent$n/log" -C -c "$dir/agent$n/snmpd.conf" -p "$dir/agent$n/pid" --persistentDir="$dir/agent$n" udp:$at:161 </dev/null >/dev/null 2>&1 &
    pids="$pids $!"
done
if [ -n "$IS_ROOT" ] && command -v sshd >/dev/null; then
    mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/sshd
    ssh-keygen -q -t ed25519 -N '' -f "$dir/host_key"
    ip route add local 127.65.1.100/32 dev lo table local
    printf 'Port 22\nListenAddress 127.65.1.100\nHostKey %s\nPidFile none\n' "$dir/host_key" >"$dir/sshd_config"
    "$(command -v sshd)" -D -E "$dir/sshd.log" -f "$dir/sshd_config" </dev/null >/dev/null 2>&1 &
    pids="$pids $!"
    n=$((n + 1))
fi
tries=0
until [ "$(ss -Hlntu 'src 127.65.0.0/22' | wc -l)" -eq $n ]; do
    tries=$((tries + 1))
    [ $tries -lt 400 ] || { echo "discover: the daemons do not begin to listen" >&2; exit 1; }
    sleep 0.05
done

printf 'preop: 1\nsite: bench\nname: Bench\nstage: owned\ntimezone: UTC\nauthorization: owner\nchecklists: [core]\ntargets: []\n' >"$dir/site/site.yaml"
echo 'gear: {for: [127.65.0.0/22], snmp: {version: 2c, community: public}}' >"$dir/site/credentials.yaml"
echo '00:00:0c Cisco Systems, Inc' >"$dir/makers"
times >"$dir/times"
before=$(child_ms "$dir/times")
start=$(now_ms)
PREOP_DATADIR=$srcdir/checklists "$builddir/preop" -C "$dir/site" --db "$dir/db/preop.db" discover --fast --makers "$dir/makers" 127.65.0.0/22 >"$dir/out" 2>"$dir/err" || { cat "$dir/out" "$dir/err" >&2; exit 1; }
wall=$(($(now_ms) - start))
times >"$dir/times"
work=$(($(child_ms "$dir/times") - before))
there=$(grep -c '^  - {name: .*address: 127.65' "$dir/site/discovered.yaml" || :)
asked=$(awk -F'\t' '$3 == "look" && $4 ~ /^127[.]65[.]/ { print $2 }' "$dir/db/log/discover.tsv" | sort -u | wc -l)
# who is not found, or not asked, costs nothing: then the time means nothing
[ "$there" -eq $n ] && [ "$asked" -eq 1022 ] || { echo "discover: $there of $n hosts found, $asked of 1022 addresses asked  MISSED"; exit 1; }
awk -v wall="$wall" -v limit="$limit" -v n=$n -v work="$work" -v cores="$(nproc)" -v q="$(grep -vc '^#' "$dir/db/log/discover.tsv")" 'BEGIN {
    printf "discover: 1,022 addresses, %d of them alive, --fast: %d questions, processor time %.1f s / %d cores = %.1f s\n", n, q, work / 1000, cores, work / 1000 / cores
    printf "discover: wall %.1f s over %.0f s: %.2f  <= 1.00  %s\n", wall / 1000, limit / 1000, wall / limit, wall <= limit ? "ok" : "MISSED"
    exit wall > limit }'
