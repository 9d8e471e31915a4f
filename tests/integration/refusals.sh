#!/bin/sh
# Every way to be turned away, in the whole program: each has words of its own, exit status 3, and nothing else suffers. A refused
# password is shown once, and never again until told so.
# shellcheck disable=SC2154,SC2317 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start refusals
log=$clinic/directory/log
sshd_log=$clinic/hosts/openssh.log
users=$("$srcdir/tests/lib/ssh_host" users "$clinic/hosts")
ssh_port=$(cat "$clinic/openssh.port")
ldap=$(sed -n 's/^ldap //p' "$clinic/ldap.ports")
ldaps=$(sed -n 's/^ldaps //p' "$clinic/ldap.ports")
cp "$site/site.yaml" "$tap_dir/site.yaml"
cp "$site/credentials.yaml" "$tap_dir/credentials.yaml"

binds() { grep -c ' BIND dn="cn=audit[^"]*" method=' "$log"; }
# The site with these targets only.
targets() {
    sed '/^targets:/q' "$tap_dir/site.yaml" >"$site/site.yaml"
    cat >>"$site/site.yaml"
}
details() {      # target, pattern: in its detail or the words for its reason
    db "SELECT coalesce(detail, '') FROM all_collection WHERE run = (SELECT max(id) FROM run) AND target = '$1'" >"$tap_dir/detail"
    has "$tap_dir/detail" "$2"
}

# --- a wrong LDAP password -------------------------------------------------------------------------------------------------------
targets <<YAML
  - {name: staff, address: "ldap://$net.31:$ldap", role: directory, ldap: reader}
  - {name: second, address: "ldaps://$net.31:$ldaps", role: directory, ldap: reader}
  - {name: third, address: "ldaps://$net.31:$ldaps", role: directory, ldap: reader}
  - {name: ups, address: $net.3, role: ups, snmp: {use: gear-v2, port: 16161}}
YAML
CLINIC_LDAP=not-the-Secret
p check --fast
ok "a wrong LDAP password: done, but not all of it" exits 3
ok "was shown to one server once" equals "$(binds)" 1
ok "slapd refused it" count "$log" 'tag=97 err=49' 1
ok "one directory says wrong password" db_is "SELECT count(*) FROM all_collection WHERE reason = 'wrong-password' AND state = 'refused' AND fact_table = 'directory_accounts'" 1
ok "the others were not asked with it" db_is "SELECT count(*) FROM all_collection WHERE reason = 'credential-ended' AND state = 'not-asked' AND fact_table = 'directory_accounts'" 2
ok "and say where it was refused" has "$(db "SELECT detail FROM all_collection WHERE reason = 'credential-ended'" >"$tap_dir/why"; echo "$tap_dir/why")" 'credential reader: it was refused at (staff|second|third) in this run'
ok "everything else went on" state ups '%' complete
ok "the page names the credential's end and what to do" has "$out" 'retry-credential'
p check --fast
ok "the next run shows it to nobody" equals "$(binds)" 1
ok "says so" state staff '%' not-asked credential-ended
ok "since when and where" details staff 'credential reader: refused by (staff|second|third) at 20'
ok "and exits 3: there is something to mend" exits 3
p check --fast --retry-credential redaer
ok "a credential that is not there cannot be retried" exits 2
ok "the nearest is named" has "$err" 'reader'
p check --fast --retry-credential reader
ok "told to, it is shown once more" equals "$(binds)" 2
ok "and is refused once more" db_is "SELECT count(*) FROM all_collection WHERE run = 3 AND reason = 'wrong-password' AND fact_table = 'directory_accounts'" 1
export CLINIC_LDAP=audit-Secret-1
p check --fast
ok "mended, but nobody said so: still nobody sees it" equals "$(binds)" 2
p check --fast --retry-credential reader
ok "mended and told so: every directory is read" exits 0
ok "with every account" state staff directory_accounts complete
p check --fast
ok "and the next run needs no such word" exits 0

# --- SNMP -------------------------------------------------------------------------------------------------------------------------
targets <<YAML
  - {name: router, address: $net.1, role: firewall, snmp: {use: gear-v2, port: 16161}}
  - {name: nas, address: $net.11, role: storage, snmp: {use: gear-v3, port: 16161}}
  - {name: community, address: $net.2, role: switch, snmp: {use: bad-community, port: 16161, timeout: 300ms, retries: 0}}
  - {name: closed, address: $net.77, role: switch, snmp: {use: gear-v2, port: 16161, timeout: 300ms, retries: 1}}
  - {name: user, address: $net.11, role: storage, snmp: {use: bad-user, port: 16161, timeout: 500ms}}
  - {name: digest, address: $net.11, role: storage, snmp: {use: bad-digest, port: 16161, timeout: 500ms}}
  - {name: hash, address: $net.11, role: storage, snmp: {use: bad-hash, port: 16161, timeout: 500ms}}
  - {name: priv, address: $net.11, role: storage, snmp: {use: bad-priv, port: 16161, timeout: 500ms}}
  - {name: level, address: $net.11, role: storage, snmp: {use: no-priv, port: 16161, timeout: 500ms}}
YAML
cat >>"$site/credentials.yaml" <<YAML
bad-community: {snmp: {version: 2c, community: not-the-community}}
bad-user: {snmp: {version: 3, user: stranger, level: authPriv, auth: SHA-256, auth_secret: auth-Secret-1, priv: AES, priv_secret: priv-Secret-1}}
bad-digest: {snmp: {version: 3, user: preop, level: authPriv, auth: SHA-256, auth_secret: not-the-Secret, priv: AES, priv_secret: priv-Secret-1}}
bad-hash: {snmp: {version: 3, user: preop, level: authPriv, auth: SHA-512, auth_secret: auth-Secret-1, priv: AES, priv_secret: priv-Secret-1}}
bad-priv: {snmp: {version: 3, user: preop, level: authPriv, auth: SHA-256, auth_secret: auth-Secret-1, priv: AES, priv_secret: not-the-Secret}}
no-priv: {snmp: {version: 3, user: preop, level: authNoPriv, auth: SHA-256, auth_secret: auth-Secret-1}}
YAML
p check --fast
ok "SNMP refusals: exit status 3" exits 3
ok "those that are right are read" state nas '%' complete
ok "and the router" state router '%' complete
ok "a wrong community is silence" state community '%' failed no-answer
ok "for which the page knows both causes" has "$out" 'community'
ok "nobody listens" state closed '%' failed connection-refused
ok "an SNMPv3 user that it does not know" state user '%' refused unknown-user
ok "a wrong secret" state digest '%' refused wrong-digest
ok "a wrong hash" state hash '%' refused wrong-digest
ok "a wrong encryption secret" state priv '%' refused decryption-error
ok "a login without the encryption that it demands" state level '%' refused access-denied
ok "the page says each in words" sh -c "for w in 'no answer' 'connection refused' 'SNMPv3 user unknown' 'SNMPv3 wrong digest' 'SNMPv3 decryption failed'; do grep -q \"\$w\" '$out' || { echo \"\$w\"; exit 1; }; done"
ok "and how many were not read" has "$out" '7 of 9 targets could not be read \(exit 3\)'
p report --format json
valid_report "the report in JSON is as its schema says" "$out"
ok "each refusal in it has its words and what to do" json "$out" '[.collections[] | select(.state != "complete")] | length > 8 and all((.reason | length > 3) and (.action | length > 10))'

# --- nobody answers at all ----------------------------------------------------------------------------------------------------------
targets <<YAML
  - {name: a, address: $net.1, role: firewall, snmp: {use: bad-community, port: 16161, timeout: 200ms, retries: 0}}
  - {name: b, address: $net.2, role: switch, snmp: {use: bad-community, port: 16161, timeout: 200ms, retries: 0}}
  - {name: c, address: $net.3, role: ups, snmp: {use: bad-community, port: 16161, timeout: 200ms, retries: 0}}
  - {name: d, address: $net.4, role: printer, snmp: {use: bad-community, port: 16161, timeout: 200ms, retries: 0}}
YAML
p check --fast
ok "nobody answers: exit status 3" exits 3
ok "it is the port that cannot see the clinic" db_is "SELECT DISTINCT state, reason FROM all_collection WHERE run = (SELECT max(id) FROM run) AND coalesce(reason, '') NOT IN ('not-watched', 'not-answered')" "failed|no-view-of-clinic"
ok "said on the page" has "$out" 'cannot see'
ok "once, not for each target" sh -c "test \$(grep -c 'cannot see' '$out') -le 3"

# --- SSH: who answers --------------------------------------------------------------------------------------------------------------
targets <<YAML
  - {name: ehr-app, address: "$net.21:$ssh_port", role: server, criticality: clinical, ssh: admin}
  - {name: ups, address: $net.3, role: ups, snmp: {use: gear-v2, port: 16161}}
YAML
logins() { grep -c '^Accepted' "$sshd_log"; }
before=$(logins)
fingerprint=$(ssh-keygen -lf "$clinic/hosts/host_ed25519.pub" | cut -d' ' -f2)
rm "$site/known_hosts"
p check --fast
ok "an unknown host key: exit status 3" exits 3
ok "and its name" state ehr-app '%' refused host-key-unknown
ok "what to do stands on the page" has "$out" 'preop trust'
p trust ehr-app
ok "trust shows the whole fingerprint" has "$out" "$(printf '%s' "$fingerprint" | sed 's/[+]/[+]/g')"
ok "as unknown" has "$out" 'ehr-app .*ssh-ed25519, unknown'
ok "and records nothing by itself" test ! -s "$site/known_hosts"
ok "nobody logged in for that" equals "$(logins)" "$before"
p trust --yes ehr-app
ok "trust --yes records it" exits 0
ok "as OpenSSH would" has "$site/known_hosts" "^\[$net\.21\]:$ssh_port ssh-ed25519 AAAA"
ok "in a private file" equals "$(stat -c %a "$site/known_hosts")" 600
p check --fast
ok "then the host is read" state ehr-app '%' complete
ok "exit status 0" exits 0
p trust --yes ehr-app
ok "trust again: it is known" has "$out" 'ssh-ed25519, known'
ok "and stands there once" count "$site/known_hosts" . 1

echo "[$net.21]:$ssh_port $(cut -d' ' -f1,2 "$clinic/hosts/stranger.pub")" >"$site/known_hosts"
before=$(logins)
p check --fast
ok "a changed host key: exit status 3" exits 3
ok "and its name" state ehr-app '%' refused host-key-changed
ok "nobody logged in" equals "$(logins)" "$before"
p check --fast --accept-new
ok "--accept-new does not accept a changed key" state ehr-app '%' refused host-key-changed
p trust --yes ehr-app
ok "nor does trust --yes" exits 2
ok "it says that it differs" has "$err" 'differs from the recorded one'
ok "and leaves what is recorded" has "$site/known_hosts" "$(cut -d' ' -f2 "$clinic/hosts/stranger.pub" | cut -c1-60 | sed 's/[+]/[+]/g')"
p trust --yes --replace ehr-app
ok "trust --replace records the new one" exits 0
ok "in the old one's place" count "$site/known_hosts" . 1
p check --fast
ok "and the host is read" state ehr-app '%' complete

echo "@revoked [$net.21]:$ssh_port $(cut -d' ' -f1,2 "$clinic/hosts/host_ed25519.pub")" >"$site/known_hosts"
before=$(logins)
p check --fast
ok "a revoked host key" state ehr-app '%' refused host-key-revoked
ok "exit status 3" exits 3
p check --fast --accept-new
ok "is not accepted as new" state ehr-app '%' refused host-key-revoked
p trust --yes --replace ehr-app
ok "nor recorded by trust" has_not "$site/known_hosts" "^\[$net\.21\]:$ssh_port $(cut -d' ' -f1,2 "$clinic/hosts/host_ed25519.pub" | cut -c1-60 | sed 's/[+]/[+]/g')" 
ok "nobody logged in" equals "$(logins)" "$before"

# --- SSH: who we are ---------------------------------------------------------------------------------------------------------------
cp "$clinic/known_hosts" "$site/known_hosts"
sed "s|user_ed25519}|stranger}|" "$tap_dir/credentials.yaml" >"$site/credentials.yaml"
p check --fast
ok "a key that it does not take" state ehr-app '%' refused key-refused
ok "exit status 3" exits 3
if [ "$users" = all ]; then
    "$srcdir/tests/lib/ssh_host" stop "$clinic/hosts" openssh
    ssh_port=$("$srcdir/tests/lib/ssh_host" start "$clinic/hosts" openssh "$net.21" "PasswordAuthentication yes")
    cp "$clinic/hosts/known_hosts" "$site/known_hosts"
    targets <<YAML
  - {name: ehr-app, address: "$net.21:$ssh_port", role: server, criticality: clinical, ssh: admin}
  - {name: again, address: "$net.21:$ssh_port", role: server, criticality: clinical, ssh: admin}
YAML
    sed "s|key: [^}]*}|password: {env: CLINIC_SSH}}|" "$tap_dir/credentials.yaml" >"$site/credentials.yaml"
    export CLINIC_SSH=not-the-Secret
    p check --fast
    ok "a wrong SSH password" db_is "SELECT count(*) FROM all_collection WHERE run = (SELECT max(id) FROM run) AND reason = 'wrong-password' AND fact_table = 'hosts'" 1
    ok "was shown once" count "$sshd_log" '^Failed password' 1
    CLINIC_SSH=audit-Secret-1
    p check --fast
    ok "and its credential has ended" state ehr-app '%' not-asked credential-ended
    ok "nobody was asked" count "$sshd_log" '^(Failed|Accepted) password' 1
    rm "$site/known_hosts"
    p check --fast --accept-new --retry-credential admin
    ok "--accept-new shows no password to a host that nobody has seen" count "$sshd_log" '^(Failed|Accepted) password' 1
    ok "exit status 3" exits 3
    ok "but records its key" has "$site/known_hosts" "^\[$net\.21\]:$ssh_port ssh-ed25519 "
    p check --fast --retry-credential admin
    ok "which opens the way for the next run" state ehr-app '%' complete
else
    skip "SSH passwords" "need users of our own: root and a mount namespace"
fi
cat "$tap_dir/credentials.yaml" >"$site/credentials.yaml"
targets <<YAML
  - {name: ehr-app, address: "$net.21:$ssh_port", role: server, criticality: clinical, ssh: admin}
YAML
rm -f "$site/known_hosts"
p check --fast --accept-new
ok "--accept-new with a key: the host is read" state ehr-app '%' complete
ok "its key is recorded" has "$site/known_hosts" "^\[$net\.21\]:$ssh_port ssh-ed25519 "
ok "and listed as unseen" has "$out" 'ACCEPTED UNSEEN'
ok "with its fingerprint" sh -c "tr -d ' \n' <'$out' | grep -qF '$fingerprint'"
p check --fast
ok "the next run knows it" sh -c "! grep -q 'UNSEEN' '$out'"

# --- certificates, and nobody there --------------------------------------------------------------------------------------------------
targets <<YAML
  - {name: staff, address: "ldap://$net.31:$ldap", role: directory, ldap: reader}
  - {name: start-tls, address: "ldap://$net.31:$ldap", role: directory, ldap: distrust}
  - {name: ldaps, address: "ldaps://$net.31:$ldaps", role: directory, ldap: distrust}
  - {name: gone, address: "ldaps://$net.31:1", role: directory, ldap: reader}
  - {name: gone-ssh, address: "$net.21:1", role: server, ssh: admin}
YAML
echo "distrust: {ldap: {bind_dn: \"cn=audit,dc=clinic,dc=example\", secret: {env: CLINIC_LDAP}, tls: {ca: $clinic/directory/other-ca.pem}}}" >>"$site/credentials.yaml"
before=$(binds)
p check --fast
ok "certificates: exit status 3" exits 3
ok "a certificate that is not trusted, over StartTLS" state start-tls '%' refused certificate-not-trusted
ok "and over LDAPS" state ldaps '%' refused certificate-not-trusted
ok "nobody there saw a password" equals "$(binds)" "$((before + 1))"
ok "the certificate is named, so that it can be asked about" details ldaps 'SHA-256 [0-9a-f]{64}'
ok "nobody listens: ldap" state gone '%' failed connection-refused
ok "nobody listens: ssh" state gone-ssh '%' failed connection-refused
ok "the good one is read" state staff '%' complete
tap_done
