#!/bin/sh
# What discover makes of real daemons on the loopback of a network namespace: which log-in is shown where, known devices at new addresses, an interruption and going on,
# and devices that lie about their names. What was shown to whom is read from the packets, not from what preop says of itself.
# shellcheck disable=SC2317,SC2086  # functions are called through ok; lists are lists
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
[ "$(id -u)" = 0 ] || skip_all "needs root: sshd, and a network namespace in which packets are read"
PATH=$PATH:/sbin:/usr/sbin
for program in ip ss snmpd sshd ssh-keygen python3; do
    command -v $program >/dev/null || skip_all "$program is not installed"
done
python3 -c 'import jsonschema, yaml' 2>/dev/null || skip_all "python3-jsonschema and python3-yaml are not installed"
if [ -z "${IN_NAMESPACE:-}" ]; then
    unshare -nm true 2>/dev/null || skip_all "network namespaces are not allowed here"
    IN_NAMESPACE=1 exec unshare -nm "$0" "$@"
fi
tap_init discover_found
mount --make-rprivate / && mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/sshd
preop="$builddir/preop"
export PREOP_DATADIR="$srcdir/checklists" PREOP_DB="$tap_dir/db/preop.db"
site="$tap_dir/site"
found="$site/discovered.yaml"
mkdir -m 700 "$tap_dir/db" "$site"
log="$tap_dir/db/log/discover.tsv"
ip link set lo up
printf '00:00:0c Cisco Systems, Inc\n' >"$tap_dir/makers"
pids=
trap 'kill $pids 2>/dev/null; wait' EXIT
trap 'exit 99' HUP INT TERM
start() { "$@" </dev/null >>"$tap_dir/daemons" 2>&1 & last=$!; pids="$pids $last"; }
stop() { kill $1; wait $1 2>/dev/null; }

# All of 127.0.0.0/8 answers, if only to refuse: in these networks only who is brought to life.
for net in 127.60.0.0/24 127.62.0.0/24 127.63.0.0/24; do
    ip route add unreachable $net table local
done
live() { ip route replace local $1/32 dev lo table local; }
dead() { ip route del local $1/32 dev lo table local; }

# --- daemons -------------------------------------------------------------------------------------------------------------------
python3 -u "$srcdir/tests/tools/snmp_watch.py" lo "$tap_dir/shown" >"$tap_dir/watch" 2>&1 &
pids="$pids $!"
wait_for 20 grep -q ready "$tap_dir/watch" || { echo "Bail out! nobody reads the packets"; cat "$tap_dir/watch"; exit 99; }
agent() {     # name, address, lines...: a real snmpd
    name=$1 address=$2
    shift 2
    live $address
    mkdir -p "$tap_dir/$name"
    printf '%s\n' "$@" >"$tap_dir/$name/snmpd.conf"
    start snmpd -f -Lf "$tap_dir/$name/log" -C -c "$tap_dir/$name/snmpd.conf" -p "$tap_dir/$name/pid" --persistentDir="$tap_dir/$name" udp:$address:161
    listens="$listens $address:161"
}
ssh-keygen -q -t ed25519 -N '' -f "$tap_dir/host_ed25519"
ssh-keygen -q -t ecdsa -b 256 -N '' -f "$tap_dir/host_ecdsa"
sshd_at() {      # address
    live $1
    printf 'Port 22\nListenAddress %s\nHostKey %s\nHostKey %s\nPidFile none\n' $1 "$tap_dir/host_ed25519" "$tap_dir/host_ecdsa" >"$tap_dir/sshd_$1"
    start "$(command -v sshd)" -D -E "$tap_dir/sshd.log" -f "$tap_dir/sshd_$1"
    listens="$listens $1:22"
}
is_up() { ss -Hlntu "src $1" | grep -q .; }
all_up() {
    for one in $listens; do
        wait_for 20 is_up $one || { echo "Bail out! nothing listens at $one"; cat "$tap_dir/daemons" "$tap_dir"/*/log; exit 99; }
    done
    listens=
}
listens=

# --- the site ------------------------------------------------------------------------------------------------------------------
put_site() {     # networks, targets (a flow list)
    cat >"$site/site.yaml" <<X
# by hand: "a", 'b'
preop: 1
site: a
name: A
stage: owned
timezone: UTC
authorization:
  - {by: B, role: C, on: 2020-01-01, networks: [$1], methods: [snmp, tcp, ssh, sweep]}
checklists: [core]
targets: $2
# the end, without a last line end
X
    printf '# really' >>"$site/site.yaml"
    cp "$site/site.yaml" "$tap_dir/site.before"
}
put_credentials() { printf '%s\n' "$@" >"$site/credentials.yaml"; chmod 600 "$site/credentials.yaml"; }
p() { "$preop" -C "$site" "$@" >"$tap_dir/out" 2>"$tap_dir/err"; }
discover() { p discover --fast --makers "$tap_dir/makers" "$@"; }
status() { wanted=$1; shift; "$@"; got=$?; [ "$got" = "$wanted" ] || { echo "status $got"; cat "$tap_dir/out" "$tap_dir/err"; return 1; }; }
valid() { python3 "$srcdir/tests/tools/discovered_valid.py" "$srcdir/contrib/schema/discovered.schema.json" "$found"; }
unchanged() { cmp "$tap_dir/site.before" "$site/site.yaml"; }
kept_lines() { python3 - "$tap_dir/site.before" "$site/site.yaml" <<'X'
import sys
before, now = (open(f, "rb").read().split(b"\n") for f in sys.argv[1:])
at = 0
for line in now:                     # what stood there stands there in its order, byte for byte; `targets: []` alone may grow
    if at < len(before) and (line == before[at] or (before[at].startswith(b"targets: [") and line.startswith(b"targets: ["))):
        at += 1
sys.exit(at < len(before) and "not there any more: %r" % before[at])
X
}

# --- log-ins: version 3 first, and each in its networks alone -------------------------------------------------------------------------
user='createUser preop SHA authpass1 AES privpass1'
agent both 127.60.0.2 "$user" 'rouser preop' 'rocommunity inner' 'sysName both'
agent old 127.60.0.3 'rocommunity inner' 'sysName old'
agent outer 127.60.0.130 'rocommunity outer' 'sysName outer'
all_up
put_site 127.60.0.0/24 '[]'
v3='v3: {for: [127.60.0.0/24], snmp: {version: 3, user: preop, level: authPriv, auth: SHA, auth_secret: authpass1, priv: AES, priv_secret: privpass1}}'
put_credentials 'inner: {for: [127.60.0.0/25], snmp: {version: 2c, community: inner}}' 'outer: {for: [127.60.0.128/25], snmp: {version: 2c, community: outer}}' \
    'other: {for: [127.61.0.0/16], snmp: {version: 2c, community: elsewhere}}' 'nowhere: {snmp: {version: 2c, community: unbound}}' "$v3"
ok "a discovery with log-ins of three networks" status 0 discover 127.60.0.0/24
ok "its file is as its schema says" valid
shown() { grep "^$1 " "$tap_dir/shown"; }
ok "who speaks version 3 was shown no community" equals "$(shown 127.60.0.2 | sort -u)" "127.60.0.2 3 -"
ok "and is known with it" has "$found" "name: both, address: 127.60.0.2, .*snmp: v3"
ok "version 3 came before version 2c" equals "$(shown 127.60.0.3 | uniq | head -n 2 | tr '\n' ';')" "127.60.0.3 3 -;127.60.0.3 2c inner;"
ok "and the one that answered is named" has "$found" "name: old, address: 127.60.0.3, .*snmp: inner"
ok "in the other half the other community" has "$found" "name: outer, address: 127.60.0.130, .*snmp: outer"
ok "outside of its network no community was shown" equals "$(awk '$3 == "inner" { split($1, p, "."); if (p[4] >= 128) print } $3 == "outer" { split($1, p, "."); if (p[4] < 128) print }' "$tap_dir/shown")" ""
ok "that of another clinic, and one without for:, were shown to nobody" has_not "$tap_dir/shown" "elsewhere|unbound"

# --- known devices at new addresses ------------------------------------------------------------------------------------------------
live 127.62.0.10
agent engine 127.62.0.11 'exactEngineID 0x80001f8804707265' 'rocommunity public' 'sysName engine'
engine=$last
"$builddir/tests/tools/snmprec_serve" 127.62.0.10:161="$srcdir/tests/integration/recordings/router.snmprec" >"$tap_dir/serve" 2>&1 &
serve=$!
pids="$pids $serve"
sshd_at 127.62.0.12
sshd=$last
all_up
wait_for 20 grep -q ready "$tap_dir/serve"
put_site 127.62.0.0/24 '[{name: edge, address: 127.62.0.10, role: router, snmp: v2}, {name: box, address: 127.62.0.11, role: server, snmp: v2}, {name: host, address: 127.62.0.12, role: server, ssh: admin}]   # mine'
put_credentials 'v2: {for: [127.62.0.0/24], snmp: {version: 2c, community: public}}' 'admin: {ssh: {user: nobody, password: never-shown}}'
ok "a check, so that the store knows them" status 0 p check --target edge --target box
cut -d' ' -f1,2 <"$tap_dir/host_ecdsa.pub" | sed 's/^/127.62.0.12 /' >"$site/known_hosts"           # by its ECDSA key alone; it would rather show Ed25519
chmod 600 "$site/known_hosts"
for one in $engine $serve $sshd; do stop $one; done
for one in 127.62.0.10 127.62.0.11 127.62.0.12; do dead $one; done
live 127.62.0.20
agent engine 127.62.0.21 'exactEngineID 0x80001f8804707265' 'rocommunity public' 'sysName engine'
"$builddir/tests/tools/snmprec_serve" 127.62.0.20:161="$srcdir/tests/integration/recordings/router.snmprec" >"$tap_dir/serve" 2>&1 &
serve=$!
pids="$pids $serve"
sshd_at 127.62.0.22
all_up
wait_for 20 grep -q ready "$tap_dir/serve"
ok "a discovery after they have moved" status 0 discover 127.62.0.0/27
ok "its file is as its schema says" valid
ok "by serial number" has "$found" "\{target: edge, address: 127.62.0.20, was: 127.62.0.10, because: .serial number"
ok "by engine id" has "$found" "\{target: box, address: 127.62.0.21, was: 127.62.0.11, because: .SNMP engine id"
ok "by a host key that it does not show first" has "$found" "\{target: host, address: 127.62.0.22, was: 127.62.0.12, because: .SSH host key"
ok "none is a second target" has "$found" "^targets: \[\]"
ok "their old addresses were asked" has_not "$found" "was not asked in this discovery"
ok "the page counts them" has "$tap_dir/out" "A: 0 new, 3 known, 3 at another address"
ok "and names them" has "$tap_dir/out" "127.62.0.20 +edge, which site.yaml has at 127.62.0.10 "
ok "merging adds nothing" status 0 p discover --merge
ok "site.yaml is byte for byte as it was" unchanged
agent fresh 127.62.0.23 'rocommunity public' 'sysName fresh'
all_up
ok "one more that is new" status 0 discover --merge 127.62.0.0/27
ok "its file is as its schema says" valid
ok "is added" has "$site/site.yaml" "name: fresh, address: 127.62.0.23"
ok "every line that stood there stands there byte for byte" kept_lines
ok "and site.yaml is in order" status 0 p check --dry-run

# --- devices that lie about their names ------------------------------------------------------------------------------------------
python3 - "$tap_dir" <<'X'
import sys
names = {"escape": b"\x1b]0;owned\x07\x1b[2J\x1b[31msw-evil\x9b5n", "lines": b"a\nb: c\r\n- {name: gotcha, address: 10.0.0.1}\xe2\x80\xa8x\xc2\x85y", "yaml": b"\"'}], targets: [{name: x}] #&*!|>%@` ---",
         "bidi": b"\xe2\x80\xaegnp.exe\xe2\x81\xa6\xe2\x80\x8f", "broken": b"\xff\xfe\x00\xc3\x28\xed\xa0\x80", "long": b"n" * 65000, "tag": b"!!python/object/apply:os.system [id]", "known": b"box"}
for i, (which, name) in enumerate(names.items()):
    with open("%s/%s.snmprec" % (sys.argv[1], which), "w") as f:
        f.write("1.3.6.1.2.1.1.1.0|4x|%s\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.32473.1\n1.3.6.1.2.1.1.3.0|67|4711\n1.3.6.1.2.1.1.5.0|4x|%s\n" % (name[:300].hex(), name.hex()))
X
stop $serve
listen="" n=0
for which in escape lines yaml bidi broken long tag known; do
    n=$((n + 1))
    live 127.63.0.$n
    listen="$listen 127.63.0.$n:161=$tap_dir/$which.snmprec"
done
"$builddir/tests/tools/snmprec_serve" --max-size 65000 $listen >"$tap_dir/serve" 2>&1 &
serve=$!
pids="$pids $serve"
wait_for 20 grep -q ready "$tap_dir/serve" || { echo "Bail out! no agents"; cat "$tap_dir/serve"; exit 99; }
put_site 127.63.0.0/28 '[{name: box, address: 127.62.0.11, role: server, snmp: v2}]'
put_credentials 'v2: {for: [127.63.0.0/24], snmp: {version: 2c, community: public}}'
rm -f "$log" "$site/known_hosts"
ok "a discovery of liars" status 0 discover 127.63.0.0/28
safe() { python3 -c 'import sys, unicodedata
text = open(sys.argv[1], "rb").read().decode("utf-8")
bad = sorted({"U+%04X" % ord(c) for c in text if (c not in sys.argv[2] and unicodedata.category(c) == "Cc") or unicodedata.category(c) in ("Zl", "Zp") or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"})
sys.exit("%s: %s" % (sys.argv[1], bad) if bad else 0)' "$1" "$2"; }
nl='
'
tab=$(printf '\t')
ok "its file is as its schema says, and nothing in it is obeyed" valid
ok "nothing on the terminal is obeyed" safe "$tap_dir/out" "$nl"
ok "nor in what is told beside it" safe "$tap_dir/err" "$nl"
ok "nor in the log" safe "$log" "$nl$tab"
ok "each line of the log has its fields" equals "$(grep -v '^#' "$log" | awk -F'\t' '{ print NF }' | sort -u | wc -l)" 1
ok "all of them are there" equals "$(grep -c '^  - {name: .*address: 127.63.0.[1-8], .*snmp: v2' "$found")" 8
names() { python3 -c 'import sys, yaml; print("\n".join(t["name"] for t in yaml.safe_load(open(sys.argv[1]))["targets"]))' "$found"; }
ok "names are plain, and none twice" equals "$(names | grep -c '^[a-z0-9-]*$')/$(names | sort -u | wc -l)" 8/8
ok "nobody takes a name that site.yaml has" has "$found" "name: box-2, address: 127.63.0.8"
ok "no name or comment is longer than a line may be" equals "$(awk 'length > 4000' "$found" | wc -l)" 0
ok "they can be merged" status 0 p discover --merge
ok "every line that stood there stands there byte for byte" kept_lines
ok "site.yaml is safe" safe "$site/site.yaml" "$nl"
ok "and in order, with eight targets more" equals "$(python3 -c 'import sys, yaml; print(len(yaml.safe_load(open(sys.argv[1]))["targets"]))' "$site/site.yaml")" 9

# --- an interruption, and going on -------------------------------------------------------------------------------------------------
sshd_at 127.64.0.1
sshd=$last
agent late 127.64.0.200 'rocommunity public' 'sysName late'
all_up
put_site 127.64.0.0/24 '[]'
put_credentials 'v2: {for: [127.64.0.0/24], snmp: {version: 2c, community: public}}'
rm -f "$log" "$found"
# one address at a time: its eight connections end within the two seconds of grace, however slow the machine is, so that nothing is cut
"$preop" -C "$site" discover --jobs 1 --makers "$tap_dir/makers" 127.64.0.0/24 >"$tap_dir/out" 2>"$tap_dir/err" &
run=$!
contacts() { awk -F'\t' '$3 == "look" && $4 ~ /^[0-9.]+:[0-9]+$/ { print $4 }' "$log"; }       # ADDRESS:PORT of each TCP connection
asked() { [ "$(contacts | wc -l)" -ge 80 ]; }
wait_for 60 asked
kill -INT $run
wait $run
ok "Ctrl-C in the middle" equals $? 4
ok "says how to go on" has "$tap_dir/err" "interrupted; what is known stands in discovered.yaml. Go on with preop discover --resume"
before=$(contacts | wc -l)
ok "it had not asked all" test "$before" -ge 80 -a "$before" -lt 2000
ok "its file is as its schema says" valid
ok "and says that it is not whole" has "$found" "^complete: false"
ok "the server that had answered is in it" has "$found" "address: 127.64.0.1, role: server"
stop $sshd                           # who is asked again would not find it
ok "going on" status 0 discover --resume 127.64.0.0/24
ok "its file is as its schema says" valid
ok "it is whole" has "$found" "^complete: true"
ok "what had answered before is kept" has "$found" "SSH-2.0-OpenSSH"
ok "what had not been asked was" has "$found" "name: late, address: 127.64.0.200, .*snmp: v2"
ok "nobody was connected to twice at one port" equals "$(contacts | sort | uniq -d | head -n 3)" ""
ok "every address was asked" equals "$(contacts | cut -d: -f1 | sort -u | wc -l)" 254
ok "the journal is gone" test ! -e "$site/.discover.journal"
tap_done
