#!/bin/sh
# The whole program as a user meets it, on the demo clinic: prepare, ask, judge, read, compare, verify. And what the servers'
# own logs say of it afterwards: nothing but reads.
# shellcheck disable=SC2154,SC2317,SC2016 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start whole
users=$("$srcdir/tests/lib/ssh_host" users "$clinic/hosts")

nothing_was_asked() {
    for i in 1 2 3 4; do equals "$(gear "$net.$i")" "0 0 0 0 0 0" || return 1; done
    has_not "$clinic/nas/log" 'Received' && has_not "$clinic/camera/log" 'Received' &&
        has_not "$clinic/hosts/openssh.log" 'Connection from' && has_not "$clinic/directory/log" 'conn='
}

# --- prepare ----------------------------------------------------------------------------------------------------------------
"$preop" init "$tap_dir/new-clinic" >"$out" 2>"$err"
status=$?
ok "init makes a folder" exits 0
ok "and says what comes next" has "$out" 'preop -C .*/new-clinic check --dry-run'
ok "its credentials are private" equals "$(stat -c %a "$tap_dir/new-clinic/credentials.yaml")" 600
"$preop" -C "$tap_dir/new-clinic" check --dry-run --db "$tap_dir/none/preop.db" >"$out" 2>"$err"
status=$?
ok "what init made is a site, of whom nobody is asked anything" exits 0
"$preop" init "$tap_dir/new-clinic" >"$out" 2>"$err"
status=$?
ok "init overwrites nothing" exits 2
"$preop" init "$tap_dir/second" --like "$site" >"$out" 2>"$err"
status=$?
ok "init --like another site" exits 0
ok "takes its lists and owners" has "$tap_dir/second/site.yaml" 'Network operations'
ok "but neither targets nor permission" has_not "$tap_dir/second/site.yaml" "^[^#]*$net"

p check --dry-run
ok "a dry run" exits 0
ok "says that nothing was sent" has "$out" 'Nothing has been sent'
ok "who would be asked as whom for what" has "$out" "router +$net\.1 +snmp +as gear-v2: devices, interfaces"
ok "what is never touched" has "$out" "Never +$net\.128/25"
ok "and who can stop it" has "$out" 'call \+1 555 0100'
ok "it sent nothing to anybody" nothing_was_asked
ok "and made no store" test ! -e "$PREOP_DB"
p status
ok "status before the first run" has "$out" 'none yet: preop check'
p report
ok "a report before the first run is refused with words" has "$err" 'no store|no run'
ok "and exit status 2" exits 2

p evidence add "$clinic/assets-before.csv" --from "IT contractor" --observed "$(date -u -d '-2 days' +%F)" --covers "all PCs" --as csv/generic-assets
ok "evidence is added" exits 0
ok "and is a target now" has "$out" "target 'assets-before'"
ok "the file is kept, private" equals "$(stat -c %a "$site/evidence/assets-before.csv")" 600
p evidence list
ok "evidence list says from whom" has "$out" 'IT contractor +all PCs'
p evidence add "$clinic/assets-before.csv" --from x --observed 2999-01-01
ok "evidence from the future is refused" has "$err" 'is in the future'
ok "with exit status 2" exits 2

# --- the first check ----------------------------------------------------------------------------------------------------------
p check --label before --from "wall port room 4"
ok "check" exits 0
first=$(db "SELECT seal FROM run WHERE label = 'before'")
ok "the first line says where and which run" sh -c "head -n 1 '$out' | grep -Eq '^Riverside Family Clinic, before signing +run 1, '"
ok "by whose permission" has "$out" '^Permission  COO of Riverside Family Clinic, to .*: snmp ssh ldap file'
ok "seen from where" has "$out" '^Seen from .*wall port room 4'
ok "what was left alone" has "$out" "^Left alone +$net\.128/25"
ok "a verdict for each milestone" has "$out" '^Verdicts    sign [A-Z-]+, close [A-Z-]+, connect NO-GO, day-1 NO-GO'
ok "the bounds" has "$out" '^Ready       [0-9]+ of 100 proven ready, [0-9]+ at most; seen [0-9]+ \(measured'
ok "what blocks, and who owns it" sh -c "grep -q '^ x NET-LAN-01' '$out' && grep -q 'Network operations' '$out'"
ok "the seal" has "$out" "sealed $(printf %.12s "$first")"
ok "the page fits 80 columns" sh -c "! grep -v 'log/1.tsv' '$out' | grep -qE '^.{81}'"
ok "the run is sealed, whole and in the store" db_is "SELECT state, partial, label, stage FROM run" "sealed|0|before|diligence"
ok "every collection that was permitted is complete" db_is "SELECT group_concat(DISTINCT target) FROM all_collection WHERE state NOT IN ('complete', 'unsupported') AND coalesce(reason, '') NOT IN ('not-watched', 'not-answered')" mri
ok "what a device said is in the store" db_is "SELECT speed_mbps, duplex, alias FROM latest_interfaces WHERE target = 'router' AND name = 'wan1'" "100|half|WAN: cable provider, account 44-1021"
ok "all people of the directory" db_is "SELECT count(*) FROM latest_directory_accounts WHERE target = 'staff' AND login LIKE '%.%'" 300
ok "and of the other, over LDAPS" db_is "SELECT count(*) FROM latest_directory_accounts WHERE target = 'billing' AND login LIKE 'user%'" 12
ok "each says how it was read" db_is "SELECT group_concat(target || ' ' || tls_used, ', ') FROM (SELECT target, tls_used FROM latest_directories ORDER BY target)" "billing 1, staff 1"
ok "this machine, over ssh" db_is "SELECT kernel, architecture FROM latest_hosts WHERE target = 'ehr-app'" "$(uname -r)|$(uname -m)"
ok "the contractor's list is a document" db_is "SELECT DISTINCT method, count(*) FROM latest_hosts WHERE target = 'assets-before'" "document|25"
ok "each question is in the run's log" sh -c "test \$(grep -vc '^#' '$(asked_log)') -ge 40"
ok "and only of those that may be asked" has_not "$(asked_log)" "$net\.200"
ok "store and folder are private" equals "$(stat -c %a "$PREOP_DB" "$(dirname "$PREOP_DB")" "$(asked_log)" | tr '\n' ' ')" "600 700 600 "

# --- read ---------------------------------------------------------------------------------------------------------------------
p report
ok "report as text" exits 0
ok "names the clinic" has "$out" 'Riverside Family Clinic'
ok "and the seal" has "$out" "$(printf %.12s "$first")"
p report --format json -o "$tap_dir/report.json"
ok "report as JSON, into a file" exits 0
ok "that is private" equals "$(stat -c %a "$tap_dir/report.json")" 600
valid_report "it is as its schema says" "$tap_dir/report.json"
ok "the score's bounds are the store's" json "$tap_dir/report.json" ".score.low == $(db "SELECT CAST(low * 100 AS INTEGER) / 100.0 FROM latest_score WHERE level = 'site'") and .score.low <= .score.high"
ok "seen is what is left between the bounds" json "$tap_dir/report.json" '.score | (100 - (.high - .low) - (.seen.measured + .seen.documents + .seen.told)) | fabs < 0.05'
ok "each check has one result" json "$tap_dir/report.json" '(.checks | length) == (.checks | map(.id) | unique | length) and ([.checks[].status] | all(. == "pass" or . == "fail" or . == "unknown" or . == "not-applicable"))'
ok "as many as in the store" json "$tap_dir/report.json" "[.checks[].status] | sort | group_by(.) | map(\"\(.[0])=\(length)\") | join(\" \") == \"$(db "SELECT group_concat(s, ' ') FROM (SELECT status || '=' || count(*) AS s FROM latest_check_result GROUP BY status ORDER BY status)")\""
ok "a failing check carries its finding and evidence" json "$tap_dir/report.json" '.checks[] | select(.id == "NET-LAN-01") | .status == "fail" and .gate == "connect" and ([.findings[] | select(.status == "fail") | .target + " " + (.evidence.speed_mbps | tostring)] == ["switch 100"])'
ok "the gate names what blocks it" json "$tap_dir/report.json" '.gates[] | select(.milestone == "connect") | .verdict == "NO-GO" and (.blockers | index("NET-LAN-01") != null)'
ok "a collection that was not asked says why" json "$tap_dir/report.json" '[.collections[] | select(.target == "mri") | .state] | unique == ["not-asked"]'
ok "the permission stands in it" json "$tap_dir/report.json" '.run.authorization | test("COO of Riverside")'

p facts interfaces --where "target = 'router'" --format json
ok "facts as JSON" json "$out" 'length == 5 and all(.target == "router") and (map(select(.name == "wan1"))[0] | .speed_mbps == 100 and .duplex == "half" and .admin_up == true)'
p facts interfaces --where "speed_mbps < 1000 AND target IN ('router', 'switch')" --format csv
ok "facts as CSV, with a where" equals "$(grep -c '^switch,\|^router,' "$out")" 4
ok "a heading" sh -c "head -n 1 '$out' | grep -q '^target,subject,method,observed_at,name,'"
p facts hosts --where "name LIKE 'riv-%'"
ok "facts as a table" has "$out" '^25 rows'
p facts directory_accounts --no-names --format json
ok "facts without names" json "$out" "length == $(db 'SELECT count(*) FROM latest_directory_accounts')"' and (map(has("login") or has("mail") or has("display_name") or has("dn")) | any | not) and (tostring | test("adler") | not)'
p facts --schema
ok "facts --schema lists the tables" sh -c "for t in devices interfaces hosts filesystems listening_ports directories directory_accounts; do grep -q \"^\$t\$\" '$out' || exit 1; done"
p facts interfaces --schema --format json
ok "and as JSON with units" json "$out" 'tostring | test("speed_mbps")'
p facts interfaces --where "speed_mbps < "
ok "a where that is no expression" exits 2
p facts interfaces --where "1) UNION SELECT 1 FROM (SELECT 1"
ok "a where that would be more than one" exits 2
p facts interface
ok "an unknown table has a suggestion" has "$err" "did you mean 'interfaces'"

p explain NET-LAN-01
ok "explain a check" exits 0
ok "says why, how, and what was found here" sh -c "grep -q 'WHY IT MATTERS' '$out' && grep -q 'speed_mbps >= :min_mbps\|pass:' '$out' && grep -q 'switch / Te1/0/2' '$out'"
p explain NET-LAN-06
ok "a query in its own lines" has "$out" '^    FROM interfaces AS i'
p explain NET-LAN-1
ok "an unknown check has a suggestion" has "$err" 'did you mean'
p explain --probe ssh
ok "explain a probe shows the whole script" has "$out" '/proc/meminfo'
p status
ok "status after a run" has "$out" 'Last run    1, .*sealed, seal'

# --- it changes --------------------------------------------------------------------------------------------------------------
gear_total=$(gear "$net.2")
ok "the switch was read by GET and GETBULK alone" sh -c "set -- $gear_total; test \$1 -gt 3 && test \$1 = \$((\$2 + \$4)) && test \$3 = 0 && test \$5 = 0 && test \$6 = 0"
cp "$clinic/directory/log" "$tap_dir/directory.log"
"$clinic_tool" change "$clinic" >"$tap_dir/change.log" 2>&1 || echo "Bail out! $(cat "$tap_dir/change.log")"
p check --label after --fast
ok "check after the change" exits 0
ok "it says since which run" has "$out" '^SINCE RUN 1'
ok "what was fixed" has "$out" 'fixed +NET-LAN-01 +switch / Te1/0/2'
ok "what broke" has "$out" 'IDN-POSIX-01 +staff / '
p compare @before @after --format json
ok "compare" exits 0
ok "the four parts add up exactly, low and high" json "$out" '. as $c | ["low", "high"] | all(. as $b | ($c.before[$b] + ($c.parts[$b] | add) - $c.after[$b]) | fabs < 1e-9)'
ok "the checks' shares add up to each part" json "$out" '. as $c | [["low", "high"][] as $b | ["site", "coverage", "scope", "checklist"][] as $p | ($c.parts[$b][$p] - ([$c.shares[][$b][$p]] | add)) | fabs] | max < 1e-6'
ok "the bounds are those of the runs" json "$out" "((.before.low - $(db "SELECT CAST(low * 100 AS INTEGER) / 100.0 FROM all_score WHERE run = 1 AND level = 'site'")) | fabs < 1e-6) and ((.after.high - $(db "SELECT CAST(high * 100 AS INTEGER) / 100.0 FROM all_score WHERE run = 2 AND level = 'site'")) | fabs < 1e-6)"
ok "fixed and broken" json "$out" '[.findings[] | select(.change == "fixed") | .check] | (index("NET-LAN-01") != null and index("NET-LAN-03") != null)'
ok "new: the number that two people share" json "$out" '[.findings[] | select(.check == "IDN-POSIX-01" and .target == "staff") | .change] | (index("regressed") != null)'
cp "$out" "$tap_dir/forth.json"
p compare @after @before --format json
ok "the other way round the bounds are swapped" sh -c "jq -e --slurpfile f '$tap_dir/forth.json' '.before == \$f[0].after and .after == \$f[0].before' '$out'"
p compare
ok "compare as text" has "$out" 'WHERE THE CHANGE COMES FROM'
p history
ok "history, newest first" sh -c "grep '^[0-9]' '$out' | head -n 1 | grep -q '^2 .*@after' && grep '^[0-9]' '$out' | tail -n 1 | grep -q '^1 .*@before'"
p history --format json
ok "as JSON" json "$out" '[.[].label] == ["after", "before"]'
p report @before --format json
ok "an earlier run can be read again" json "$out" '.run.id == 1 and .run.label == "before"'
ok "unchanged" sh -c "jq -S 'del(.run)' '$out' >'$tap_dir/a' && jq -S 'del(.run)' '$tap_dir/report.json' >'$tap_dir/b' && cmp '$tap_dir/a' '$tap_dir/b'"

# --- what it rests on ----------------------------------------------------------------------------------------------------------
p verify
ok "verify" exits 0
ok "both runs" has "$out" '^2 sealed runs, all as sealed'
p verify --expect "$(printf %.12s "$first")"
ok "the seal of a printed report is in the chain, by its first 12 digits" exits 0
p verify --expect 0123456789ab
ok "another is not" exits 4
ok "each run knows the one before" db_is "SELECT previous_seal = '$first' FROM run WHERE id = 2" 1
sqlite3 "$PREOP_DB" ".backup '$tap_dir/copy.db'"
chmod 600 "$tap_dir/copy.db"
tampered() {     # sql: verify must find it
    cp "$tap_dir/copy.db" "$tap_dir/tampered.db"
    sqlite3 "$tap_dir/tampered.db" "$1" && "$preop" -C "$site" --db "$tap_dir/tampered.db" verify >"$out" 2>"$err"
    status=$?
    exits 4 && has "$err" 'changed after it was sealed'
}
ok "the copy verifies" "$preop" --db "$tap_dir/copy.db" verify
ok "a fact that was changed is found" tampered "UPDATE interfaces SET speed_mbps = 1000 WHERE speed_mbps = 100"
ok "a fact that was taken away" tampered "DELETE FROM interfaces WHERE name = 'wan1'"
ok "a score" tampered "UPDATE score SET low = low + 1 WHERE run_id = 1 AND level = 'site'"
ok "a finding" tampered "UPDATE finding SET status = 'pass' WHERE id = (SELECT min(id) FROM finding WHERE status = 'fail')"
ok "a verdict" tampered "UPDATE gate_result SET verdict = 'GO' WHERE run_id = 2"
ok "a reason" tampered "UPDATE collection SET reason = NULL, state = 'complete' WHERE state = 'not-asked'"
ok "who allowed it" tampered "UPDATE run SET authorization = 'everybody' WHERE id = 1"
ok "a pinned input" tampered "UPDATE input SET body = CAST(body || ' ' AS BLOB) WHERE sha256 = (SELECT sha256 FROM run_input WHERE kind = 'site' LIMIT 1)"
ok "a run that was taken away" tampered "PRAGMA foreign_keys = OFF; DELETE FROM run WHERE id = 1"

# --- what the servers saw ------------------------------------------------------------------------------------------------------
cat "$tap_dir/directory.log" "$clinic/directory/log" "$clinic/billing/log" >"$tap_dir/slapd.log"
ok "slapd: nothing but logins, searches and goodbyes" sh -c "! grep -E ' op=[0-9]+ [A-Z]' '$tap_dir/slapd.log' | grep -Ev ' (BIND|SRCH|UNBIND|STARTTLS|EXT oid=1\.3\.6\.1\.4\.1\.1466\.20037|RESULT|SEARCH RESULT)( |\$)'"
ok "slapd: one login for each directory and check" count "$tap_dir/slapd.log" ' BIND dn="cn=audit,dc=clinic,dc=example" method=' 4
ok "slapd: no password attribute was asked for" has_not "$tap_dir/slapd.log" 'SRCH attr=.*(userPassword|description|\*)'
ok "sshd: one login for each check" count "$clinic/hosts/openssh.log" '^Accepted publickey for' 2
ok "sshd: and one command" count "$clinic/hosts/openssh.log" '^Starting session: command' 2
ok "sshd: no other session, forwarding, or failure" sh -c "! grep -E 'Starting session|subsystem|forward|direct-tcpip|sftp|Failed' '$clinic/hosts/openssh.log' | grep -v '^Starting session: command'"
if [ "$users" = all ]; then
    ok "dropbear: one login for each check" count "$clinic/hosts/dropbear.log" 'Pubkey auth succeeded' 2
else
    skip "dropbear" "needs root and a mount namespace"
fi
# The kind of an SNMP message stands behind version and community: A0 GET, A1 GETNEXT, A5 GETBULK.
snmp_kinds() {   # snmpd's log of packets: the bytes of what was received, one message a line
    awk '/^Received/ { take = 1; text = ""; next }
         take && /^[0-9]+:/ { line = $0; sub(/^[0-9]+: /, "", line); line = substr(line, 1, 50); text = text " " line; next }
         take { print text; take = 0 }' "$1" | tr -s ' '
}
snmp_kinds "$clinic/camera/log" >"$tap_dir/camera.messages"
ok "snmpd: it was asked" test "$(wc -l <"$tap_dir/camera.messages")" -ge 4
ok "snmpd: every message is a GET or GETBULK" sh -c "! grep -Ev '02 01 01 04 0B 63 6C 69 6E 69 63 2D 72 65 61 64 A[015] ' '$tap_dir/camera.messages'"
ok "snmpd: nothing was set" has_not "$clinic/nas/log" 'SET|snmp_set'
for i in 1 2 3 4; do
    ok "recording $i: nothing but reads" sh -c "set -- $(gear "$net.$i"); test \$1 -gt 0 && test \$5 = 0 && test \$6 = 0"
done
tap_done
