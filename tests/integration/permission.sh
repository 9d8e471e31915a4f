#!/bin/sh
# Permission comes before every packet: what is not allowed by address, method, hour, date, or by a credential's own networks reaches
# no server, and the collection says why. The servers' logs and counters are the witnesses.
# shellcheck disable=SC2154,SC2317 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start permission
cp "$site/site.yaml" "$tap_dir/site.yaml"
cp "$site/credentials.yaml" "$tap_dir/credentials.yaml"

# A fifth recording stands where nobody may go: it must never hear a packet.
recordings=$srcdir/contrib/demo.d/recordings
"$builddir/tests/tools/snmprec_serve" --community clinic-read "$net.200:16161=$recordings/ups.snmprec" "$net.201:16161=$recordings/ups.snmprec" \
    >"$tap_dir/forbidden.out" 2>&1 </dev/null &
forbidden=$!
at_end() { kill $forbidden 2>/dev/null; }
wait_for 5 grep -q '^ready' "$tap_dir/forbidden.out"
heard() {        # that it heard nothing
    before=$(grep -c '^end$' "$tap_dir/forbidden.out")
    kill -USR1 $forbidden
    wait_for 5 sh -c "test \$(grep -c '^end\$' '$tap_dir/forbidden.out') -gt $before"
    grep "^$1:" "$tap_dir/forbidden.out" | tail -n 1 | cut -f2
}

restore() {
    cat "$tap_dir/site.yaml" >"$site/site.yaml"
    cat "$tap_dir/credentials.yaml" >"$site/credentials.yaml"
}
# What every server heard so far, in one line.
witness() {
    printf '%s|%s|%s|%s|%s|%s|%s|%s|%s' "$(gear "$net.1")" "$(gear "$net.2")" "$(gear "$net.3")" "$(gear "$net.4")" "$(grep -c Received "$clinic/nas/log")" \
        "$(grep -c Received "$clinic/camera/log")" "$(grep -c 'Connection from' "$clinic/hosts/openssh.log")" "$(grep -c 'ACCEPT from' "$clinic/directory/log")" "$(heard "$net.200")"
}
# nobody WORDS: a check after which no server has heard more than before
nobody() {
    was=$(witness)
    p check --fast
    ok "$1: the check is done" exits 0
    ok "$1: no server heard anything" equals "$(witness)" "$was"
    ok "$1: no question is in the run's log" sh -c "! grep -v '^#' '$(asked_log)'"
    ok "$1: nothing was asked" db_is "SELECT DISTINCT state FROM all_collection WHERE run = (SELECT max(id) FROM run)" not-asked
}
detail() {       # target, pattern
    db "SELECT detail FROM all_collection WHERE run = (SELECT max(id) FROM run) AND target = '$1'" >"$tap_dir/detail"
    has "$tap_dir/detail" "$2"
}

# --- nobody, or not any more, or not yet, or not now ---------------------------------------------------------------------------
edit "$site/site.yaml" '/^authorization:/,/stop_contact/d'
nobody "no authorization"
ok "and it says so" detail router 'nobody has allowed anything yet'
ok "on the page" has "$out" 'site.yaml has no authorization|^Permission +none'
p check --fast --format json
valid_report "a report of nothing is as its schema says" "$out"
ok "and proves nothing" json "$out" '(.score.low == 0 or .score.low == null) and ([.gates[].verdict] | all(. == "UNPROVEN")) and .score.seen.measured == 0'

restore
edit "$site/site.yaml" "s/until: [0-9-]*/until: $(date -u -d '-2 days' +%F)/"
nobody "after its last day"
ok "and it says when it ended" detail switch 'the permission of A\. Example \(COO\) ended on'
ok "as not permitted" state staff '%' not-asked not-permitted

restore
edit "$site/site.yaml" "s/on: [0-9-]*, until/on: $(date -u -d '+2 days' +%F), until/"
nobody "before its first day"
ok "and it says when it begins" detail switch 'the permission of A\. Example \(COO\) begins on'

restore
weekday=$(TZ=America/Chicago date -d '+72 hours' +%a)
edit "$site/site.yaml" "s/stop_contact/hours: [\"$weekday 10:00-10:30\"], stop_contact/"
nobody "outside its hours"
ok "and it says which they are" detail switch "outside the hours that A\. Example \(COO\) allowed: $weekday 10:00-10:30"

restore
edit "$site/site.yaml" 's/methods: \[[a-z, ]*\]/methods: [file, person]/'
nobody "without any method"
ok "and it says which is missing" detail staff 'ldap is not among the methods that A\. Example'

# --- some of it ----------------------------------------------------------------------------------------------------------------
restore
ssh_before=$(grep -c 'Connection from' "$clinic/hosts/openssh.log")
ldap_before=$(grep -c 'ACCEPT from' "$clinic/directory/log")
ups_before=$(gear "$net.3")
edit "$site/site.yaml" -e "s|networks: \[[^]]*\]|networks: [$net.0/30, $net.12/32, $net.21/32, $net.31/32]|" -e 's/methods: \[[a-z, ]*\]/methods: [snmp, file]/' \
    -e "s|^targets:|targets:\n  - {name: mapped, address: \"::ffff:$net.200\", role: ups, snmp: {use: gear-v2, port: 16161}}\n  - {name: named, address: localhost, role: ups, snmp: {use: gear-any, port: 16161}}|"
edit "$site/credentials.yaml" -e "s|^gear-v2: {for: \[[^]]*\]|gear-v2: {for: [$net.0/29]|"
echo "gear-any: {snmp: {version: 2c, community: any-Community-1}}" >>"$site/credentials.yaml"
p check --fast
ok "some of it is permitted" state router '%' complete
ok "a method that is not permitted" detail ehr-app 'ssh is not among the methods'
ok "did not reach sshd" equals "$(grep -c 'Connection from' "$clinic/hosts/openssh.log")" "$ssh_before"
ok "nor slapd" equals "$(grep -c 'ACCEPT from' "$clinic/directory/log")" "$ldap_before"
ok "an address outside the networks" detail printer "$net\.4 is not in the networks that A\. Example"
ok "as not permitted" state printer '%' not-asked not-permitted
ok "a prefix ends where it says" sh -c "test '$(gear "$net.4" | cut -d' ' -f1)' = 0"
ok "and includes its last address" sh -c "test '$(gear "$net.3")' != '$ups_before'"
ok "a credential is not shown outside its networks" detail camera "credential gear-v2 is for $net\.0/29 only"
ok "as not permitted" state camera '%' not-asked not-permitted
ok "and was not" has_not "$clinic/camera/log" 'Received'
ok "an address that is never touched" state mri '%' not-asked do-not-touch
ok "nor when it is written as an IPv6 address" state mapped '%' not-asked do-not-touch
ok "nobody there heard anything" equals "$(heard "$net.200")" 0
ok "a name that leads outside the networks" state named '%' not-asked not-permitted
ok "is told with the address that it has" detail named 'localhost \((127\.[0-9.]*|::1)\) is outside the permitted networks'

# --- never is stronger than anything --------------------------------------------------------------------------------------------
restore
edit "$site/site.yaml" -e '/^authorization:/,/stop_contact/d' -e "s|^integration:|authorization: owner\nnever: [$net.200/32]\nintegration:|" \
    -e "s|^targets:|targets:\n  - {name: other, address: $net.201, role: ups, snmp: {use: gear-v2, port: 16161}}|"
p check --fast --target router --target mri --target other
ok "our own site: allowed" state router '%' complete
ok "and so is its neighbour" state other '%' complete
ok "but not what is never touched" state mri '%' not-asked do-not-touch
ok "which heard nothing" equals "$(heard "$net.200")" 0
ok "while its neighbour did" test "$(heard "$net.201")" -gt 2

restore
known=$(grep -c 'Connection from' "$clinic/hosts/openssh.log")
edit "$site/site.yaml" -e 's/methods: \[[a-z, ]*\]/methods: [snmp, file]/'
p trust ehr-app
ok "trust asks for permission too" equals "$(grep -c 'Connection from' "$clinic/hosts/openssh.log")" "$known"
ok "and says so" has "$out" '^ehr-app +not permitted: ssh is not among the methods'
ok "exit status 3" exits 3

tap_done
