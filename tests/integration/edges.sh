#!/bin/sh
# What a user meets beside the main road: a secret that is missing, keys that nobody compared, a codename, a permission that was withdrawn while a
# check stood still, options that mean nothing, a reader that leaves early.
# shellcheck disable=SC2154,SC2317 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start edges
cat "$site/site.yaml" >"$tap_dir/site.yaml"
restore() { cat "$tap_dir/site.yaml" >"$site/site.yaml"; }

# --- exit status 3: somebody should have been read and was not --------------------------------------------------------------------
mv "$site/snmp-priv" "$tap_dir/snmp-priv"
p check --fast --target nas
ok "a secret that is missing: exit status 3" exits 3
ok "the page counts the target" has "$out" '^1 of 1[01] targets could not be read \(exit 3\)'
ok "with its reason" db_is "SELECT DISTINCT state, reason FROM all_collection WHERE target = 'nas' AND coalesce(reason, '') <> 'not-watched'" "not-asked|secret-unavailable"
ok "what was not asked was not observed" db_is "SELECT count(*) > 0, count(observed_at) FROM all_collection WHERE target = 'nas'" "1|0"
mv "$tap_dir/snmp-priv" "$site/snmp-priv"
p check --fast --target nas
ok "and is done when it is back" exits 0
p check --jobs 0
ok "no targets at a time is refused" exits 2
p check --deadline 0
ok "and no time" exits 2

p check --dry-run --failed
ok "a dry run knows what is left out" has "$out" '^  nas .*left out of this check'
cat >"$site/waivers.yaml" <<'EOF'
- {check: NET-LAN-03, target: router, subject: wan1, accepted_by: A. Example, role: CIO, date: 2026-01-02, expires: 2036-01-02, reason: the carrier replaces it}
- {check: NET-NONE-01, accepted_by: A. Example, role: CIO, date: 2026-01-02, expires: 2036-01-02, reason: it was renamed}
EOF
p check --fast
ok "a waiver of nothing is told, with its line" has "$err" "waivers.yaml:2:11: warning: no check of this site is called 'NET-NONE-01'"
ok "what is waived does not stand among what blocks" sh -c "sed -n '/^BLOCKS/,/^\$/p' '$out' | grep -q 'switch / Te1/0/2: .*duplex' && ! sed -n '/^BLOCKS/,/^\$/p' '$out' | grep -q 'router / wan1'"
ok "but among what was accepted" sh -c "sed -n '/^ACCEPTED/,/^\$/p' '$out' | grep -q 'NET-LAN-03 .*1 failing'"
rm "$site/waivers.yaml"

p check --offline
ok "what is never touched says so offline too" state mri '%' not-asked do-not-touch

# --- keys that nobody compared -----------------------------------------------------------------------------------------------------
: >"$site/known_hosts"
p trust ehr-app
ok "what trust asks is logged too" has "$(dirname "$PREOP_DB")/log/trust.tsv" '	ehr-app	ssh	.*	SSH key exchange'
p check --fast --accept-new --target ehr-app
ok "check --accept-new lists what it accepted" has "$out" '^HOST KEYS ACCEPTED UNSEEN'
key=$(sed -n 's/^.*\(SHA256:[A-Za-z0-9+/=]*\).*$/\1/p' "$out" | head -n 1)
p report
ok "and so does every later report" sh -c "grep -q '^HOST KEYS ACCEPTED UNSEEN' '$out' && grep -qF '$key' '$out'"
p report --format json
ok "the JSON too" json "$out" "[.collections[] | select(.target == \"ehr-app\") | .notes | contains(\"host key accepted unseen: \") and contains(\"ssh-ed25519 $key\")] | length == 3 and all"
p check --fast
p check --fast --target ehr-app
ok "a key that was known is not told again" has_not "$out" 'ACCEPTED UNSEEN'
p report
ok "what is carried says of when it is" has "$out" 'carried from [0-9]+ [A-Z][a-z]+'
ok "a milestone without checks says so" has "$out" '^  sign .*UNPROVEN +no check that must hold'

# --- a codename ----------------------------------------------------------------------------------------------------------------------
edit "$site/site.yaml" 's/^stage:/codename: BIRCH\nstage:/'
p check --fast --target ups
ok "a codename stands instead of the name" sh -c "head -n 1 '$out' | grep -q 'BIRCH, '"
ok "and nowhere the name" has_not "$out" 'Riverside Family'
p report --format json
ok "not in the JSON either" has_not "$out" 'Riverside Family'
p compare
ok "nor in a comparison" sh -c "head -n 1 '$out' | grep -qx BIRCH && ! grep -q 'Riverside Family' '$out'"
restore

# --- options and readers ----------------------------------------------------------------------------------------------------------------
for command in status verify "lint $srcdir/checklists/core.yaml"; do
    # shellcheck disable=SC2086 # words are meant
    p $command -o "$tap_dir/result"
    ok "$command -o writes the file" test -s "$tap_dir/result" -a ! -s "$out"
    rm -f "$tap_dir/result"
    # shellcheck disable=SC2086
    p $command --format json
    ok "a format that $command does not have is refused" exits 2
done
p report --color sometimes
ok "an unknown --color is refused" exits 2
p history --format json
ok "history as JSON: scores are numbers, verdicts are there" json "$out" 'length >= 4 and all(.[]; (.low | type) == "number" and .low <= .high and .verdicts.connect != null)'
p history
ok "and as text, with every verdict" has "$out" 'day-1 [A-Z]'
p facts --schema
ok "the schema is whole" has_not "$out" '[a-z]\.\.\.$'
{ "$preop" -C "$site" report; echo $? >"$tap_dir/left"; } 2>"$err" | head -n 1 >/dev/null
ok "a reader that leaves early is no failure" equals "$(cat "$tap_dir/left")" 0

# --- permission withdrawn while a check stood still -----------------------------------------------------------------------------------------
edit "$site/site.yaml" 's/^targets:/targets:\n  - {name: silent, address: '"$net.77"', role: ups, snmp: {use: gear-v2, port: 16161, timeout: 5s, retries: 9}}/'
"$preop" -C "$site" check --fast >"$out" 2>"$err" &
pid=$!
wait_for 10 sh -c "test -e '$PREOP_DB.lock' && test \"\$(sqlite3 '$PREOP_DB' \"SELECT count(*) > 0 FROM run JOIN run_collection ON run_id = id WHERE state = 'open'\")\" = 1"
kill -INT $pid
wait $pid
status=$?
ok "Ctrl-C stops the check" exits 4
edit "$site/site.yaml" "s/never: \[/never: [$net.0\/26, /"
p check --resume
ok "with another permission it is not gone on with" exits 2
ok "and says why" has "$err" 'authorization in site.yaml is not what it was'
restore

tap_done
