#!/bin/sh
# Files that are wrong or mean no good: each gets a message with file, line and column, exit status 2, and leaves everything as it was.
# shellcheck disable=SC2154,SC2317,SC2016 # srcdir and builddir come from make; functions are called through ok; '$' of a pattern
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start bad_input
p check --fast
ok "a first run" exits 0
for name in site.yaml credentials.yaml; do cp -p "$site/$name" "$tap_dir/$name"; done
facts=$(db "SELECT * FROM latest_interfaces" | cksum)
restore() { for name in site.yaml credentials.yaml; do cp -p "$tap_dir/$name" "$site/$name"; done; }
untouched() {
    db_is "SELECT count(*), max(state) FROM run" "1|sealed" && equals "$(db "SELECT * FROM latest_interfaces" | cksum)" "$facts"
}
# refused WORDS PATTERN: check, with the files as they are now
refused() {
    p check --fast
    ok "$1: exit status 2" exits 2
    ok "$1: says where and what" has "$err" "$2"
    ok "$1: nothing was begun" untouched
    restore
}

# --- site.yaml -----------------------------------------------------------------------------------------------------------------
printf 'targets: [\n' >>"$site/site.yaml"
refused "YAML that breaks off" 'site\.yaml:[0-9]+:[0-9]+: error: '
edit "$site/site.yaml" 's/^stage:/stgae:/'
refused "an unknown key" "site\.yaml:4:1: error: .*stgae.*stage"
edit "$site/site.yaml" 's/^stage: .*/stage: diligence\nstage: owned/'
refused "a key given twice" "site\.yaml:5:1: error: .*stage.*twice|site\.yaml:5:1: error: "
edit "$site/site.yaml" -e 's/^stage: .*/stage: dilligence/' -e 's/^timezone: .*/timezone: Mars\/Base/' -e 's/role: switch, criticality: clinical/role: switch, criticality: clincal/'
p check --fast
ok "several mistakes: exit status 2" exits 2
ok "all of them in one go" test "$(grep -c 'site\.yaml:[0-9]*:[0-9]*: error: ' "$err")" -ge 3
ok "with the nearest word" has "$err" "clinical"
restore
edit "$site/site.yaml" 's/{use: gear-v3,/{use: gaer-v3,/'
refused "an unknown credential" 'site\.yaml:[0-9]+:[0-9]+: error: no credential is named "gaer-v3" in credentials\.yaml; did you mean "gear-v3"'
edit "$site/site.yaml" 's/role: ups, criticality: business, snmp:/role: ups, criticality: business, smnp:/'
refused "an unknown probe" 'site\.yaml:[0-9]+:[0-9]+: error: .*smnp.*snmp'
edit "$site/site.yaml" 's/ssh: admin}/ssh: gear-v2}/'
refused "a credential of another kind" 'site\.yaml:[0-9]+:[0-9]+: error: "gear-v2" is an snmp credential'
edit "$site/site.yaml" 's/^checklists: .*/checklists: [core, netwrok]/'
refused "an unknown checklist" 'netwrok'
edit "$site/site.yaml" "s/$net\.0\/24\]/$net.0\/24, 10.20.0.0\/33]/"
refused "a network that is none" 'site\.yaml:[0-9]+:[0-9]+: error: .*10\.20\.0\.0/33'
edit "$site/site.yaml" 's/^name: .*/name: [a, list]/'
refused "a list where a text is expected" 'site\.yaml:3:[0-9]+: error: '
printf 'a: &a [x]\nb: [*a, *a]\n' >>"$site/site.yaml"
refused "an alias" 'site\.yaml:[0-9]+:[0-9]+: error: '
printf '\377\376 not text\n' >>"$site/site.yaml"
refused "bytes that are no UTF-8" 'site\.yaml:[0-9]+:[0-9]+: error: '
: >"$site/site.yaml"
refused "an empty site file" 'site\.yaml'
rm "$site/site.yaml"
refused "no site file at all" 'site\.yaml'
p check --target swich
ok "a target that is not there" exits 2
ok "has a suggestion" has "$err" "did you mean 'switch'"
p check --probe snpm
ok "a probe that is not there" exits 2
p check --ofline
ok "an option that is not there has a suggestion" has "$err" 'did you mean --offline'
p chekc
ok "so has a command" has "$err" "did you mean 'check'"
p check --jobs many
ok "a number that is none" exits 2

# --- credentials.yaml ------------------------------------------------------------------------------------------------------------
chmod 644 "$site/credentials.yaml"
refused "credentials that all can read" 'credentials\.yaml: error: .*(0600|chmod 600|read by others|readable)'
ok "are mended by chmod 600" equals "$(stat -c %a "$site/credentials.yaml")" 600
chmod 620 "$site/credentials.yaml"
refused "credentials that a group can write" 'credentials\.yaml'
chmod 770 "$site"
refused "a folder that a group can write" '(site|folder|credentials)'
chmod 700 "$site"
chmod 644 "$site/snmp-priv"
refused "a secret's file that all can read" 'credentials\.yaml:1:[0-9]+: error: .*/snmp-priv can be read by others \(mode 0644\): chmod'
chmod 600 "$site/snmp-priv"
mv "$site/credentials.yaml" "$site/real.yaml"
mkfifo "$site/credentials.yaml"
chmod 600 "$site/credentials.yaml"
timeout 20 "$preop" -C "$site" check --fast >"$out" 2>"$err" </dev/null
status=$?
ok "a pipe in place of the credentials: refused, not waited for" exits 2
rm "$site/credentials.yaml" "$site/real.yaml"
restore

# --- checklists --------------------------------------------------------------------------------------------------------------------
runs=$(db "SELECT count(*) FROM run")
edit "$site/site.yaml" 's/^checklists: .*/checklists: [core, evil.yaml]/'
cp -p "$site/site.yaml" "$tap_dir/site.yaml"
evil() {         # the lines that decide
    cat >"$site/evil.yaml" <<YAML
checklist: evil
version: 1
title: Evil
domains: {evil: {title: Evil}}
checks:
  - id: EVIL-ONE-01
    title: Evil
    domain: evil
    severity: low
    impact: {risk-mitigation: low}
    effort_days: [1, 2]
    cost: [0, 1]
    cost_basis: none
    lead_days: [0, 1]
    horizon: now
    measured: nothing
    refs: {cis: ["1.1"]}
    why: Because it is so.
    fix: Nothing to do here.
    owner: security
$1
YAML
}
attack() {       # words, lines, pattern
    evil "$2"
    "$preop" lint "$site/evil.yaml" >"$out" 2>"$err"
    status=$?
    ok "$1: lint: exit status 2" exits 2
    ok "$1: lint: says where and what" has "$out" "evil\.yaml:2[12]:[0-9]+: error: .*$3"
    p check --fast
    ok "$1: check: exit status 2" exits 2
    ok "$1: check: says where and what" has "$err" "evil\.yaml:2[12]:[0-9]+: error: .*$3"
    ok "$1: no run was begun" db_is "SELECT count(*) FROM run" "$runs"
}
facts='    facts: interfaces
    pass:'
attack "DELETE" "    query: DELETE FROM interfaces" "begins with SELECT"
attack "DELETE behind WITH" "    query: WITH x AS (SELECT 1) DELETE FROM interfaces" "."
attack "DELETE in an expression" "$facts \"EXISTS (DELETE FROM interfaces)\"" "DELETE"
attack "ATTACH" "    query: \"ATTACH '$tap_dir/stolen.db' AS x\"" "begins with SELECT"
attack "load_extension" "$facts load_extension('/tmp/x.so')" "load_extension"
attack "readfile" "$facts readfile('/etc/passwd') IS NOT NULL" "readfile"
attack "an endless CTE" "    query: WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT 'ups' AS target, 'x' AS subject, max(n) > 0 AS ok FROM r" "RECURSIVE"
attack "a second statement" "    query: SELECT target, subject, 1 AS ok FROM interfaces; DELETE FROM run" "second statement"
attack "an unbalanced bracket" "$facts \"(speed_mbps > 1\"" "bracket"
attack "a bracket that closes ours" "$facts \"1) UNION SELECT uuid FROM run WHERE (1\"" "bracket"
attack "a comment" "$facts \"speed_mbps > 1 -- \"" "comment"
attack "an undeclared parameter" "$facts \"speed_mbps > :least\"" "param"
attack "printf" "$facts \"printf('%1000000000d', 1) = ''\"" "printf"
attack "the schema" "    query: SELECT 'ups' AS target, name AS subject, 1 AS ok FROM sqlite_schema" "sqlite_"
attack "another table" "    query: SELECT 'ups' AS target, uuid AS subject, 1 AS ok FROM run" "no such table: run"
attack "a PRAGMA" "    query: SELECT 'ups' AS target, name AS subject, 1 AS ok FROM pragma_table_info('run')" "pragma"
attack "a column that is not there" "$facts sped_mbps > 1" "did you mean 'speed_mbps'"
attack "a comparison of a number with a text" "$facts \"speed_mbps > 'fast'\"" "."
ok "nothing was attached" test ! -e "$tap_dir/stolen.db"

# What shows its nature only when it runs is unknown, with its reason, in bounded time; every other check stands.
patience() {     # words, lines, pattern of the finding's reason
    evil "$2"
    begun=$(date +%s)
    p check --fast
    ok "$1: the run is done" sh -c "test $status = 0 || { cat '$err'; exit 1; }"
    ok "$1: in bounded time" test $(($(date +%s) - begun)) -le 30
    ok "$1: the check is unknown" db_is "SELECT status FROM all_check_result WHERE run = (SELECT max(id) FROM run) AND check_id = 'EVIL-ONE-01'" unknown
    ok "$1: and says why" has "$(db "SELECT reason FROM all_check_result WHERE run = (SELECT max(id) FROM run) AND check_id = 'EVIL-ONE-01' UNION ALL
        SELECT reason FROM all_finding WHERE run = (SELECT max(id) FROM run) AND check_id = 'EVIL-ONE-01'" >"$tap_dir/why"; echo "$tap_dir/why")" "$3"
    ok "$1: the others stand" db_is "SELECT count(*) FROM all_check_result WHERE run = (SELECT max(id) FROM run) AND check_id = 'INT-SNMP-02' AND status = 'fail'" 1
}
patience "a catastrophic pattern" "$facts regexp('(a+)+\$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')" 'pattern took too long'
patience "a verdict that is none" "$facts name" '.'
patience "a text that grows without end" "$facts length(replace(replace(replace(replace(replace(replace('aaaaaaaaaa', 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa'), 'a', 'aaaaaaaaaa')) > 1" '.'
p verify
ok "all runs verify" exits 0
restore

# --- mappings, waivers, other files ---------------------------------------------------------------------------------------------------
printf 'mapping: mine\ntable: hostss\n' >"$tap_dir/map.yaml"
"$preop" lint "$tap_dir/map.yaml" >"$out" 2>"$err"
status=$?
ok "a mapping with mistakes: exit status 2" exits 2
ok "with their places" has "$out" 'map\.yaml:[0-9]+:[0-9]+: error: '
p evidence add "$clinic/assets-before.csv" --from x --observed "$(date -u +%F)" --as csv/generic-asets
ok "an unknown mapping: exit status 2" exits 2
ok "nothing was kept" test ! -e "$site/evidence/assets-before.csv"
printf -- '- {check: NO-SUCH-CHECK, expires: tomorrow}\n' >"$site/waivers.yaml"
p check --fast
ok "waivers with mistakes: exit status 2" exits 2
ok "with their places" has "$err" 'waivers\.yaml:[0-9]+:[0-9]+: error: '
rm "$site/waivers.yaml"
"$preop" lint "$tap_dir/no-such-file.yaml" >"$out" 2>"$err"
status=$?
ok "a file that is not there: exit status 2" exits 2
p verify
ok "and after all of it: every run is as sealed" exits 0
tap_done
