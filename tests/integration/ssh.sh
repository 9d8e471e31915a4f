#!/bin/sh
# The ssh probe, in a real locked worker, against OpenSSH's sshd, dropbear and servers that mean no good. The servers' own logs
# say what was asked of them. Passwords, other shells and dropbear need root and a mount namespace, where users can be made up.
# shellcheck disable=SC2154 # srcdir and builddir come from make
. "${srcdir:-.}/tests/integration/tap.sh"
tap_init ssh
probe_run=$builddir/tests/lib/probe_run
host=$srcdir/tests/lib/ssh_host
hostile=$builddir/tests/tools/ssh_hostile
ip=127.77.2.1
d=$tap_dir/d
out=$tap_dir/out
log=$d/openssh.log
pids=

for program in sshd ssh-keygen; do
    PATH=$PATH:/usr/sbin command -v $program >/dev/null || skip_all "$program is not installed"
done
cleanup() {
    for p in $pids; do kill "$p" 2>/dev/null; done
    "$host" stop "$d" openssh
    "$host" stop "$d" dropbear
}
trap cleanup EXIT
trap 'exit 99' HUP INT TERM
mkdir -p "$d"
users=$("$host" users "$d")
if [ "$users" = all ]; then user=audit; else user=$(id -un); fi
case $users:$(getent passwd "$user" | cut -d: -f7) in own:*/nologin | own:*/false) skip_all "$user has no login shell, and users cannot be made up here" ;; esac

# start [LINE...]: an OpenSSH server with these lines in its configuration; sets port
start() {
    "$host" stop "$d" openssh
    port=$("$host" start "$d" openssh $ip "$@") || { echo "Bail out! sshd does not start"; exit 99; }
}
start_dropbear() {
    "$host" stop "$d" dropbear
    port=$("$host" start "$d" dropbear $ip "$@") || { echo "Bail out! dropbear does not start"; exit 99; }
}
# run KEY=VALUE...: the first of a key counts
run() {
    "$probe_run" ssh "$@" host=$ip port="$port" ssh.user="$user" deadline_ms=20000 >"$out" 2>"$tap_dir/err"
}
known() { run "$@" ssh.known_hosts@"$d/known_hosts"; }
keyed() { known "$@" ssh.key@"$d/user_ed25519"; }
complete() { has "$out" '^table	hosts	complete	none	$' && has "$out" '^exit	0$'; }
refused() { has "$out" "^table	hosts	refused	$1	" && has "$out" '^table	filesystems	refused' && has_not "$out" '^row' && has "$out" '^exit	0$'; }
failed() { has "$out" "^table	hosts	failed	$1	" && has_not "$out" '^row' && has "$out" '^exit	0$'; }
# A server's log may come a moment after its answer.
seen() { [ "$(grep -Ec -- "$2" "$1")" -ge "$3" ]; }
count() { wait_for 5 seen "$@"; equals "$(grep -Ec -- "$2" "$1")" "$3"; }

# --- one login, one script --------------------------------------------------------------------------------------------------
start
keyed
ok "a host: every table is complete" sh -c "grep -q '^table	hosts	complete' '$out' && grep -q '^table	filesystems	complete' '$out' && grep -q '^table	listening_ports	complete' '$out'"
ok "its name, system, kernel and architecture are those of this machine" has "$out" "name=$(uname -n | tr '[:upper:]' '[:lower:]' | sed 's/\..*//').*	os_name=.*	kernel=$(uname -r)	architecture=$(uname -m)"
ok "its memory" has "$out" "memory_bytes=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) * 1024))"
ok "the machine's id does not leave the worker" has_not "$out" "$(cat /etc/machine-id 2>/dev/null || echo none-here)"
ok "its root file system" has "$out" '^row	filesystems		mount=/	.*size_bytes=[1-9][0-9]*	used_bytes=[1-9]'
ok "the port that it was read through" has "$out" "^row	listening_ports		protocol=tcp	port=$port	address=$ip	any_address=0	loopback_only=1"
ok "the server saw one login" count "$log" '^Accepted publickey' 1
ok "and one command" count "$log" '^Starting session: command' 1
ok "no other session, subsystem or forwarding" count "$log" 'Starting session|subsystem|forward|direct-tcpip|sftp' 1
ok "the server's log holds no refusal" count "$log" '^Failed|Invalid|error' 0
ok "each question is in the run's log" count "$out" '^asked' 5
ok "the host key is reported" has "$out" "^peer	ssh-hostkey	\[$ip\]:$port	ssh-ed25519	known	"
keyed table=hosts
ok "one table alone" count "$out" '^(row|table)	' 2

# --- keys -------------------------------------------------------------------------------------------------------------------
for kind in ed25519 ecdsa rsa; do
    known ssh.key@"$d/user_$kind" table=hosts
    ok "a key: $kind" complete
    known ssh.key@"$d/user_${kind}_sealed" ssh.passphrase=key-Secret-1 table=hosts
    ok "a key with a passphrase: $kind" complete
    ok "the passphrase is nowhere in what the worker says" has_not "$out" 'key-Secret'
done
ok "an RSA key is used with SHA-2" has "$out" 'asked.*with a key \(rsa-sha2-512\)'
asked=$(grep -c '^Connection from' "$log")
known ssh.key@"$d/user_ed25519_sealed" ssh.passphrase=wrong
ok "a wrong passphrase" has "$out" '^table	hosts	not-asked	secret-unavailable	the passphrase does not open the key$'
known ssh.key@"$d/user_ed25519_sealed"
ok "no passphrase" has "$out" '^table	hosts	not-asked	secret-unavailable	.*has no passphrase'
ok "neither asked the server anything" count "$log" '^Connection from' "$asked"
known ssh.key@"$d/stranger"
ok "a key that opens nothing" refused key-refused
run ssh.known_hosts@"$d/known_hosts"
ok "no key and no password" refused no-auth-method
keyed ssh.user=
ok "no user" has "$out" '^table	hosts	not-asked	no-credential'

# --- an agent, through the whole engine: only the parent talks to it -------------------------------------------------------------
site=$tap_dir/site
mkdir "$site" && chmod 700 "$site"
cat >"$site/site.yaml" <<YAML
preop: 1
site: agent
name: Agent
stage: owned
timezone: UTC
authorization: owner
checklists: [none.yaml]
targets:
  - {name: box, address: $ip, role: server, ssh: {use: admin, port: $port}}
YAML
cat >"$site/none.yaml" <<YAML
checklist: none
version: 1
title: One check
checks:
  - {id: HST-NAME-01, title: It has a name, domain: hosts, severity: low, facts: hosts, pass: name IS NOT NULL, null_ok: this is the question, show: [name], why: To name it.,
     impact: {clinician-efficiency: low}, fix: Name it., effort_days: [0, 1], cost: [0, 0], lead_days: [0, 0], owner: it-infrastructure, horizon: now}
YAML
(umask 077; echo "admin: {ssh: {user: $user, agent: true}}" >"$site/credentials.yaml")
cp "$d/known_hosts" "$site/known_hosts"
# agent KEY: an agent with this key alone
agent() {
    eval "$(ssh-agent -s -a "$tap_dir/agent.$1")" >/dev/null
    pids="$pids $SSH_AGENT_PID"
    ssh-add -q "$d/$1" 2>/dev/null
    "$builddir/preop" -C "$site" --db "$tap_dir/preop.db" check >"$out" 2>&1
    "$builddir/preop" -C "$site" --db "$tap_dir/preop.db" facts hosts --format csv >>"$out" 2>&1
    kill "$SSH_AGENT_PID"
    unset SSH_AUTH_SOCK SSH_AGENT_PID
}
for kind in ed25519 ecdsa rsa; do
    opened=$(grep -c '^Accepted publickey' "$log")
    agent user_$kind
    ok "agent: $kind" count "$log" '^Accepted publickey' $((opened + 1))
    ok "agent: $kind: the host was read" has "$out" "^box,.*$(uname -r)"
done
agent stranger
ok "agent: a key that opens nothing" has "$out" 'does not take our key|takes none of the keys'

# --- host keys --------------------------------------------------------------------------------------------------------------
opened=$(grep -c '^Accepted' "$log")
run ssh.key@"$d/user_ed25519" ssh.password=audit-Secret-1
ok "an unknown host key" refused host-key-unknown
sed "s/ssh-ed25519 .*/$(cut -d' ' -f1,2 "$d/stranger.pub" | sed 's|/|\\/|g')/" "$d/known_hosts" | grep ed25519 >"$tap_dir/changed"
run ssh.known_hosts@"$tap_dir/changed" ssh.key@"$d/user_ed25519"
ok "a changed host key" refused host-key-changed
ok "and it is shown" has "$out" "^peer	ssh-hostkey	\[$ip\]:$port	ssh-ed25519	changed	"
(cat "$d/known_hosts"; echo "@revoked * $(cut -d' ' -f1,2 "$d/host_ed25519.pub")") >"$tap_dir/revoked"
run ssh.known_hosts@"$tap_dir/revoked" ssh.key@"$d/user_ed25519"
ok "a revoked host key" refused host-key-revoked
echo "@cert-authority * $(cut -d' ' -f1,2 "$d/host_ed25519.pub")" >"$tap_dir/authority"
run ssh.known_hosts@"$tap_dir/authority" ssh.key@"$d/user_ed25519"
ok "a certificate authority is not a host key" refused host-key-unknown
ok "none of them was logged in to" count "$log" '^Accepted' "$opened"
cp "$d/known_hosts" "$tap_dir/hashed" && ssh-keygen -q -H -f "$tap_dir/hashed" >/dev/null 2>&1
run ssh.known_hosts@"$tap_dir/hashed" ssh.key@"$d/user_ed25519" table=hosts
ok "hashed names" complete
ok "are hashed" has_not "$tap_dir/hashed" "$ip"
for kind in ecdsa ed25519; do
    grep "$kind" "$d/known_hosts" >"$tap_dir/one"
    run ssh.known_hosts@"$tap_dir/one" ssh.key@"$d/user_ed25519" table=hosts
    ok "known by its $kind key alone" complete
    ok "and asked for that one" has "$out" "^peer	.*$kind.*	known	"
done
echo "$ip $(cut -d' ' -f1,2 "$d/host_ecdsa.pub")" >"$tap_dir/plain"
run ssh.known_hosts@"$tap_dir/plain" ssh.key@"$d/user_ed25519" table=hosts
ok "its plain name vouches for its key on another port" complete
grep rsa "$d/known_hosts" >"$tap_dir/one"
run ssh.known_hosts@"$tap_dir/one" ssh.key@"$d/user_ed25519" table=hosts
ok "known by its RSA key alone: read, or told that it cannot be" has "$out" '^table	hosts	(complete|failed	only-rsa-host-key)	'

run mode=trust
ok "trust shows an unknown key" has "$out" "^peer	ssh-hostkey	\[$ip\]:$port	ssh-ed25519	unknown	"
ok "trust asks nothing more" count "$out" '^asked' 2
run mode=trust ssh.known_hosts@"$tap_dir/changed"
ok "trust shows a changed key" has "$out" "^peer	.*	changed	"
grep ecdsa "$d/known_hosts" >"$tap_dir/one"
run mode=trust ssh.known_hosts@"$tap_dir/one"
ok "trust confirms a known key" has "$out" "^peer	.*ecdsa.*	known	"
run ssh.accept=new ssh.key@"$d/user_ed25519" table=hosts
ok "accept new: the key opens" complete
ok "accept new: the host key is reported as unknown" has "$out" '^peer	.*	unknown	'
run ssh.accept=new ssh.known_hosts@"$tap_dir/changed" ssh.key@"$d/user_ed25519"
ok "accept new does not accept a changed key" refused host-key-changed

# --- algorithms -------------------------------------------------------------------------------------------------------------
SSH_HOST_KEYS=rsa start "HostKeyAlgorithms rsa-sha2-512,rsa-sha2-256"
run ssh.accept=new ssh.key@"$d/user_ed25519" table=hosts
ok "only an RSA host key: read, or told why not" has "$out" '^table	hosts	(complete|failed	only-rsa-host-key)	'
SSH_HOST_KEYS=ecdsa start
grep ed25519 "$d/known_hosts" >"$tap_dir/one"
run ssh.known_hosts@"$tap_dir/one" ssh.key@"$d/user_ed25519"
ok "the known key is no longer offered" refused host-key-changed
start "Ciphers chacha20-poly1305@openssh.com"
keyed
ok "no common cipher" failed no-common-algorithm
ok "and which there are" has "$out" 'ciphers: .* offers only chacha20-poly1305@openssh.com$'
start "KexAlgorithms sntrup761x25519-sha512@openssh.com"
keyed
ok "no common key exchange" failed no-common-algorithm

# --- what runs no script ----------------------------------------------------------------------------------------------------
start "ForceCommand echo This is a file server."
keyed
ok "a forced command" failed command-failed
ok "and what it said" has "$out" 'It said: This is a file server\.$'
start "ForceCommand exec sleep 30"
keyed deadline_ms=3000
ok "a forced command that hangs is ended by the deadline" failed timeout
start "ForceCommand yes"
keyed
ok "a forced command that never ends its output" failed command-failed
start "MaxSessions 0"
keyed
ok "no session allowed" failed command-failed
start "Banner $srcdir/tests/integration/ssh.sh"
keyed table=hosts
ok "a long banner" complete
start "MaxAuthTries 1"
known ssh.key@"$d/stranger"
ok "the server hangs up on a refused key" refused key-refused

# --- servers that mean no good ----------------------------------------------------------------------------------------------
# bad MODE STATE REASON: within two seconds of its timeout or deadline
bad() {
    "$hostile" "$1" $ip >"$tap_dir/port" 2>/dev/null &
    pids="$pids $!"
    wait_for 5 test -s "$tap_dir/port"
    port=$(cat "$tap_dir/port")
    : >"$tap_dir/port"
    begun=$(date +%s)
    run timeout_ms=1000 deadline_ms=4000 ssh.accept=new ssh.key@"$d/user_ed25519"
    ok "a server that is $1: $3" "$2" "$3"
    ok "and it is left in time" test $(($(date +%s) - begun)) -le 7
}
bad silent failed no-answer
bad half failed no-answer
bad close failed connection-lost
bad http failed malformed
ok "what it said is shown, made safe" has "$out" 'does not speak SSH; it said: HTTP/1.0 400 Bad Request$'
bad endless failed malformed
bad lines failed malformed
bad drip failed '(timeout|malformed)'
bad garbage failed '(malformed|connection-lost)'
bad ignore failed '(malformed|connection-lost)'
bad ssh1 failed no-common-algorithm
port=1
run ssh.key@"$d/user_ed25519"
ok "nobody listens" failed connection-refused

# --- the rest needs users of its own ----------------------------------------------------------------------------------------
if [ "$users" != all ]; then
    skip "passwords, shells, dropbear" "needs root and a mount namespace, to make up users"
    tap_done
    exit
fi
secret=audit-Secret-1

start "PasswordAuthentication yes"
known ssh.password=$secret table=hosts
ok "a password" complete
ok "the password is nowhere in what the worker says" has_not "$out" "$secret"
known ssh.password=not-the-secret
ok "a wrong password" refused wrong-password
ok "was tried exactly once" count "$log" '^Failed password' 1
known ssh.key@"$d/stranger" ssh.password=$secret table=hosts
ok "key refused, password accepted" complete
run ssh.accept=new ssh.key@"$d/stranger" ssh.password=$secret
ok "accept new: a password is not shown" refused key-refused
ok "and it says so" has "$out" 'no password is shown to a host whose key is new'
ok "and was not" count "$log" '^(Failed|Accepted) password' 3
for kind in noisy cshell fishy; do
    shell=$(sed -n "s/^$kind:.*://p" "$d/passwd")
    case $shell in /mnt/*) ;; *) [ -x "$shell" ] || { skip "login shell $shell" "not installed"; continue; } ;; esac
    keyed ssh.user=$kind table=hosts
    ok "login shell $shell" complete
done
keyed ssh.user=nologin
ok "an account without a shell" failed command-failed
keyed ssh.user=nobody-of-this-name
ok "an unknown user" refused key-refused

if [ -f /etc/pam.d/sshd ]; then
    start "UsePAM yes" "KbdInteractiveAuthentication yes"
    known ssh.password=$secret table=hosts
    ok "keyboard-interactive" complete
    known ssh.password=not-the-secret
    ok "keyboard-interactive with a wrong password" refused wrong-password
    ok "which was tried exactly once" count "$log" '^Failed keyboard-interactive' 1
    known ssh.user=expired ssh.password=$secret
    ok "an expired password is not changed" refused access-denied
    ok "and not called wrong" has "$out" 'has expired and must be changed by its owner'
    start "UsePAM yes" "KbdInteractiveAuthentication yes" "PasswordAuthentication yes"
    known ssh.password=not-the-secret
    ok "both ways offered, a wrong password" refused wrong-password
    ok "is tried by one of them only" count "$log" '^Failed (password|keyboard)' 1
else
    skip "keyboard-interactive" "sshd has no PAM configuration here"
fi
start "PasswordAuthentication yes" "AuthenticationMethods publickey,password"
keyed ssh.password=$secret table=hosts
ok "key and password, both asked for" complete
keyed
ok "key and password asked for, but only a key" refused key-refused

for shell in busybox bash mksh ksh; do
    file=$(command -v $shell) || { skip "$shell as /bin/sh" "not installed"; continue; }
    SSH_HOST_SH=$file start
    keyed
    ok "$shell as /bin/sh: every table complete" count "$out" '^table	.*	complete	' 3
    ok "$shell as /bin/sh: the same row" has "$out" "^row	hosts		name=.*	kernel=$(uname -r)	architecture=$(uname -m)	.*memory_bytes=[1-9]"
done
"$host" stop "$d" openssh

if PATH=$PATH:/usr/sbin command -v dropbear >/dev/null; then
    log=$d/dropbear.log
    start_dropbear
    for kind in ed25519 ecdsa rsa; do
        run ssh.known_hosts@"$d/known_hosts.dropbear" ssh.key@"$d/user_$kind"
        ok "dropbear: a key: $kind" complete
    done
    ok "dropbear: one login each" count "$log" 'Pubkey auth succeeded' 3
    run ssh.known_hosts@"$d/known_hosts" ssh.key@"$d/user_ed25519"
    ok "dropbear: a changed host key" refused host-key-changed
    run ssh.known_hosts@"$d/known_hosts.dropbear" ssh.key@"$d/stranger"
    ok "dropbear: a key that opens nothing" refused key-refused
    run ssh.known_hosts@"$d/known_hosts.dropbear" ssh.password=$secret table=hosts
    ok "dropbear: a password" complete
    run ssh.known_hosts@"$d/known_hosts.dropbear" ssh.password=not-the-secret
    ok "dropbear: a wrong password" refused wrong-password
    ok "dropbear: which was tried exactly once" count "$log" 'Bad password attempt' 1
    start_dropbear -c 'echo A kiosk.'
    run ssh.known_hosts@"$d/known_hosts.dropbear" ssh.key@"$d/user_ed25519"
    ok "dropbear: a forced command" failed command-failed
else
    skip "dropbear" "not installed"
fi
tap_done
