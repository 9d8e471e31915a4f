#!/bin/sh
# A whole check: how long `preop check --fast` takes over many targets, against what it cannot beat: the slowest target alone, and
# the processor time of client and servers over the machine's cores. Everything runs on this machine, on loopback addresses: sshd's key exchanges
# are most of it. BENCH_SSH and BENCH_SNMP say how many targets of each kind (beside one directory).
# shellcheck disable=SC2317,SC2013 # stop() is called by the trap; pids are words
set -eu
: "${srcdir:?run by make bench}" "${builddir:?}"
# Our parent takes in what the servers leave behind (the shells of sshd's sessions), so that none of their time is lost.
[ -n "${BENCH_REAPED:-}" ] || BENCH_REAPED=yes exec "$builddir/tests/bench/subreaper" sh "$0"
# shellcheck source=tests/bench/measure.sh
. "$srcdir/tests/bench/measure.sh"
limit=1.5
n_ssh=${BENCH_SSH:-48} n_snmp=${BENCH_SNMP:-200} tries=3
preop=$builddir/preop
dir=$builddir/tests/bench/bench_check.dir
rm -rf "$dir"
mkdir -p "$dir"
dir=$(cd "$dir" && pwd -P)
sum=$(printf '%s' "$dir" | cksum | cut -d' ' -f1)
net=127.$((64 + sum % 128)).$((sum / 128 % 250 + 1))
gear=127.$((64 + sum % 128)).$((sum / 128 % 250 + 2))
umask 077

skip() { echo "check: wall time over many targets: skipped: $*"; exit 0; }
for program in sshd slapd ssh-keygen openssl; do
    PATH=$PATH:/usr/sbin:/usr/local/sbin command -v $program >/dev/null || skip "$program is not installed"
done
[ -x "$builddir/tests/tools/snmprec_serve" ] || skip "tests/tools/snmprec_serve is not built"

stop() {
    status=$?
    trap '' HUP INT TERM
    "$srcdir/tests/lib/ssh_host" stop "$dir/hosts" openssh || :
    "$srcdir/tests/lib/directory" stop "$dir/directory" || :
    [ ! -f "$dir/gear.pid" ] || kill "$(cat "$dir/gear.pid")" 2>/dev/null || :
    exit "$status"
}
[ -n "${BENCH_KEEP:-}" ] || trap stop EXIT
trap 'exit 99' HUP INT TERM

# --- the servers ---------------------------------------------------------------------------------------------------------------

"$srcdir/tests/lib/ssh_host" keys "$dir/hosts"
user=audit
[ "$("$srcdir/tests/lib/ssh_host" users "$dir/hosts")" = all ] || user=$(id -un)
set -- "$net.1"
i=2
while [ $i -le 12 ]; do
    set -- "$@" "ListenAddress $net.$i"
    i=$((i + 1))
done
ssh_port=$("$srcdir/tests/lib/ssh_host" start "$dir/hosts" openssh "$@")
ldap_port=$("$srcdir/tests/lib/directory" start "$dir/directory" "$net.200" 300 | sed -n 's/^ldap //p')
i=1
while [ $i -le "$n_snmp" ]; do
    echo "$gear.$i:16161=$srcdir/contrib/demo.d/recordings/switch.snmprec"
    i=$((i + 1))
done >"$dir/gear.list"
"$builddir/tests/tools/snmprec_serve" --community clinic-read --list "$dir/gear.list" >"$dir/gear.out" 2>"$dir/gear.err" </dev/null &
echo $! >"$dir/gear.pid"
i=0
until grep -q '^ready' "$dir/gear.out"; do
    i=$((i + 1))
    [ $i -lt 200 ] || { cat "$dir/gear.err" >&2; exit 1; }
    sleep 0.05
done

# --- the sites -----------------------------------------------------------------------------------------------------------------

# one sshd listens at 12 addresses; more targets than that share them
ssh_target() { echo "  - {name: host$1, address: \"$net.$((($1 - 1) % 12 + 1)):$ssh_port\", role: server, ssh: admin}"; }
snmp_target() { echo "  - {name: sw$1, address: $gear.$1, role: switch, snmp: {use: gear, port: 16161}}"; }
ldap_target() { echo "  - {name: staff, address: \"ldap://$net.200:$ldap_port\", role: directory, ldap: reader}"; }
all_targets() {
    ldap_target
    i=1
    while [ $i -le "$n_ssh" ]; do ssh_target $i; i=$((i + 1)); done
    i=1
    while [ $i -le "$n_snmp" ]; do snmp_target $i; i=$((i + 1)); done
}
make_site() {    # name; targets on stdin
    mkdir -p "$dir/$1"
    {
        printf 'preop: 1\nsite: %s\nname: Bench\nstage: owned\ntimezone: UTC\nauthorization: owner\nchecklists: [core, network, hosts, identity]\ntargets:\n' "$1"
        cat
    } >"$dir/$1/site.yaml"
    cat >"$dir/$1/credentials.yaml" <<YAML
gear:   {for: [$gear.0/24], snmp: {version: 2c, community: {env: BENCH_COMMUNITY}}}
admin:  {ssh: {user: $user, key: $dir/hosts/user_ed25519}}
reader: {ldap: {bind_dn: "cn=audit,dc=clinic,dc=example", secret: {env: BENCH_LDAP}, tls: {ca: $dir/directory/ca.pem}}}
YAML
    key=$(cut -d' ' -f1,2 "$dir/hosts/host_ed25519.pub")
    i=1
    while [ $i -le 12 ]; do echo "[$net.$i]:$ssh_port $key"; i=$((i + 1)); done >"$dir/$1/known_hosts"
}
all_targets | make_site all
ssh_target 1 | make_site one-ssh
snmp_target 1 | make_site one-snmp
ldap_target | make_site one-ldap
BENCH_COMMUNITY=clinic-read BENCH_LDAP=audit-Secret-1 PREOP_DATADIR=$srcdir/checklists
export BENCH_COMMUNITY BENCH_LDAP PREOP_DATADIR

# --- measuring -----------------------------------------------------------------------------------------------------------------

# Processor time of the servers so far, in ticks: their own and that of children they waited for, and what our parent took in.
server_ticks() {
    {
        for file in "$dir/gear.pid" "$dir/hosts/openssh.pid" "$dir/directory/pid"; do
            sed 's/.*) //' "/proc/$(cat "$file")/stat" | cut -d' ' -f12-15 | tr ' ' +
        done
        sed 's/.*) //' "/proc/$PPID/stat" | cut -d' ' -f14,15 | tr ' ' +
    } | paste -sd+ -
}
# What still runs of the sessions: children of sshd, and orphans beside the script and the daemons.
sessions() {
    {
        cat "/proc/$(cat "$dir/hosts/openssh.pid")/task/"*/children
        tr ' ' '\n' <"/proc/$PPID/task/$PPID/children" | grep -vxF -e "$$" -f "$dir/hosts/openssh.pid" -f "$dir/directory/pid"
    } 2>/dev/null | wc -w
}
# check NAME: one check of a site into a store of its own; sets wall, client and server (ms)
check() {
    rm -rf "$dir/store"
    ticks=$(($(server_ticks)))
    times >"$dir/times"
    before=$(child_ms "$dir/times")
    start=$(date +%s%N)
    "$preop" -C "$dir/$1" --db "$dir/store/preop.db" check --fast -q -o "$dir/out" 2>"$dir/err" || { cat "$dir/err" "$dir/out" >&2 2>/dev/null; echo "check: not every target could be read" >&2; exit 1; }
    wall=$((($(date +%s%N) - start) / 1000000))
    times >"$dir/times"
    client=$(($(child_ms "$dir/times") - before))
    i=0
    while [ "$(sessions)" != 0 ] && [ $i -lt 100 ]; do sleep 0.02; i=$((i + 1)); done
    server=$((($(($(server_ticks))) - ticks) * 1000 / $(getconf CLK_TCK)))
}
# best NAME: the fastest of some tries, with what it took
best() {
    best_wall=
    try=0
    while [ $try -lt $tries ]; do
        try=$((try + 1))
        check "$1"
        if [ -z "$best_wall" ] || [ "$wall" -lt "$best_wall" ]; then
            best_wall=$wall best_client=$client best_server=$server
        fi
    done
}

# peak KIND LIMIT: the most private dirty memory that was met in a worker while it read its target, in MiB. Only root may look.
peak() {
    most=0
    try=0
    while [ $try -lt 5 ]; do
        try=$((try + 1))
        rm -rf "$dir/store"
        "$preop" -C "$dir/one-$1" --db "$dir/store/preop.db" check --fast -q -o "$dir/out" 2>"$dir/err" &
        client_pid=$!
        while kill -0 $client_pid 2>/dev/null; do
            for zygote in $(cat "/proc/$client_pid/task/$client_pid/children" 2>/dev/null); do
                for worker in $(cat "/proc/$zygote/task/$zygote/children" 2>/dev/null); do
                    kib=$(awk '/^Private_Dirty/ { print $2 }' "/proc/$worker/smaps_rollup" 2>/dev/null) || kib=
                    [ "${kib:-0}" -le "$most" ] || most=$kib
                done
            done
        done
        wait $client_pid
    done
    [ "$most" -gt 0 ] || { echo "check: memory of a worker over $1: not met"; return 0; }
    awk -v kib="$most" -v kind="$1" -v limit="$2" 'BEGIN { printf "check: most private dirty memory met in a worker over %s: %.2f MiB  <= %d  %s\n", kind, kib / 1024, limit, kib <= limit * 1024 ? "ok" : "MISSED"; exit kib > limit * 1024 }'
}

failed=0
if [ "$(id -u)" = 0 ]; then
    peak snmp 4 || failed=1
    peak ssh 4 || failed=1
    peak ldap 24 || failed=1
else
    echo "check: memory of workers: skipped: only root may look into them"
fi
alone=0
for kind in ssh snmp ldap; do
    best one-$kind
    echo "check: one $kind target alone: $best_wall ms (processor: client $best_client ms, server $best_server ms)"
    [ "$best_wall" -le $alone ] || { alone=$best_wall; slowest=$kind; }
done
best all
cores=$(nproc)
awk -v wall="$best_wall" -v alone="$alone" -v slowest="$slowest" -v client="$best_client" -v server="$best_server" -v cores="$cores" -v limit=$limit -v targets="$((n_ssh + n_snmp + 1))" \
    -v kinds="$n_ssh ssh, $n_snmp snmp, 1 ldap" 'BEGIN {
    work = (client + server) / cores; bound = work > alone ? work : alone
    printf "check: %d targets (%s): wall %d ms\n", targets, kinds, wall
    printf "check: the slowest alone (%s) %d ms; processor time (client %d + server %d ms) / %d cores = %d ms\n", slowest, alone, client, server, cores, work
    printf "check: wall over the larger of the two: %.2f  <= %.2f  %s\n", wall / bound, limit, wall <= limit * bound ? "ok" : "MISSED"
    exit wall > limit * bound
}' || failed=1
exit $failed
