#!/bin/sh
# Devices and servers that mean no good, met by the whole program: every check ends in time, what is stored is clean text, and nothing
# that they say reaches a terminal or a file as they said it.
# shellcheck disable=SC2154,SC2317 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start hostile
for tool in ssh_hostile ldap_hostile; do
    [ -x "$builddir/tests/tools/$tool" ] || skip_all "$tool is not built"
done
pids=
at_end() { for pid in $pids; do kill "$pid" 2>/dev/null; done; }
cp "$site/site.yaml" "$tap_dir/site.yaml"
esc=$(printf '\033')

targets() {
    sed '/^targets:/q' "$tap_dir/site.yaml" >"$site/site.yaml"
    cat >>"$site/site.yaml"
}
# Every text of the store: valid UTF-8, no control characters but tab and newline, none of C1.
texts_clean() {
    sqlite3 -readonly "$PREOP_DB" "SELECT 'SELECT quote(' || group_concat('\"' || c.name || '\"', ') || char(10) || quote(') || ') FROM \"' || m.name || '\";'
        FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'TEXT' GROUP BY m.name" >"$tap_dir/all.sql"
    sqlite3 -readonly "$PREOP_DB" <"$tap_dir/all.sql" >"$tap_dir/all.txt"
    [ "$(wc -l <"$tap_dir/all.txt")" -gt 200 ] || { echo "only $(wc -l <"$tap_dir/all.txt") texts"; return 1; }
    iconv -f UTF-8 -t UTF-8 "$tap_dir/all.txt" >/dev/null || return 1
    ! tr -d '\t\n' <"$tap_dir/all.txt" | LC_ALL=C grep -a -o '.\{0,30\}[[:cntrl:]].\{0,30\}' || return 1
    ! LC_ALL=C grep -a -n -o "$(printf '\302[\200-\237]')" "$tap_dir/all.txt"
}
no_escapes() {   # file...
    for file; do
        ! tr -d '\t\r\n' <"$file" | LC_ALL=C grep -a -o '.\{0,30\}[[:cntrl:]].\{0,30\}' || return 1
        iconv -f UTF-8 -t UTF-8 "$file" >/dev/null || return 1
        ! LC_ALL=C grep -a -n -o "$(printf '\302[\200-\237]')" "$file" || return 1
    done
}
in_time() { test $(($(date +%s) - begun)) -le "$1"; }

# --- gear -----------------------------------------------------------------------------------------------------------------------
recordings=$srcdir/contrib/demo.d/recordings
: >"$tap_dir/bad.out"
set --
n=50
for quirk in loop unordered garbage huge-names escape wrong-types other-source twice cap early-end; do
    set -- "$@" --quirk "$net.$n=$quirk" "$net.$n:16161=$recordings/switch.snmprec"
    n=$((n + 1))
done
# options first, then addresses
# shellcheck disable=SC2046 # words
"$builddir/tests/tools/snmprec_serve" --community clinic-read "$@" >"$tap_dir/bad.out" 2>"$tap_dir/bad.err" </dev/null &
pids="$pids $!"
wait_for 10 grep -q '^ready' "$tap_dir/bad.out" || echo "Bail out! $(cat "$tap_dir/bad.err")"
n=50
{
    for quirk in loop unordered garbage huge-names escape wrong-types other-source twice cap early-end; do
        echo "  - {name: $quirk, address: $net.$n, role: switch, snmp: {use: gear-v2, port: 16161, timeout: 300ms, retries: 1}}"
        n=$((n + 1))
    done
    echo "  - {name: ups, address: $net.3, role: ups, snmp: {use: gear-v2, port: 16161}}"
} | targets
begun=$(date +%s)
p check --fast --deadline 6
ok "ten bad devices: the run is done" exits 3
ok "in time" in_time 20
ok "and sealed" db_is "SELECT state FROM run" sealed
ok "the good one is read" state ups '%' complete
ok "an agent that loops: partial, and it says so" state loop interfaces partial loop
ok "one that answers garbage" db_is "SELECT DISTINCT state IN ('failed', 'partial') FROM all_collection WHERE target = 'garbage' AND fact_table IN ('devices', 'interfaces')" 1
ok "one that answers from elsewhere is not heard" state other-source '%' failed no-answer
ok "one that answers twice is read as if once" db_is "SELECT (SELECT count(*) FROM latest_interfaces WHERE target = 'twice')" 27
ok "one whose view ends early is not complete" db_is "SELECT count(*) FROM all_collection WHERE target = 'early-end' AND state = 'complete' AND rows > 27" 0
ok "texts with escapes were met" db_is "SELECT count(*) > 0 FROM all_interfaces WHERE target = 'escape'" 1
ok "names of 30000 bytes are cut" db_is "SELECT max(length(CAST(name AS BLOB))) <= 65536 AND max(length(CAST(subject AS BLOB))) < 1000 FROM all_interfaces WHERE target = 'huge-names'" 1
ok "a number that is a text is no number" db_is "SELECT count(*) FROM all_interfaces WHERE target = 'wrong-types' AND typeof(speed_mbps) NOT IN ('integer', 'null')" 0
ok "stored texts are clean" texts_clean
ok "so is the page" no_escapes "$out"
ok "and the messages" no_escapes "$err"
ok "and the log of questions" no_escapes "$(asked_log)"
p report
ok "the report" no_escapes "$out"
p report --format json
ok "the report as JSON" json "$out" '.run.state == "sealed"'
ok "without raw escapes" no_escapes "$out"
valid_report "and as its schema says" "$out"
for format in table csv json; do
    p facts interfaces --format $format
    ok "facts as $format" no_escapes "$out"
    p facts devices --format $format
    ok "devices as $format" no_escapes "$out"
done
p facts devices --where "target = 'escape'" --color always
ok "colours are ours alone" sh -c "! sed 's/$esc\[[0-9;]*m//g' '$out' | grep -q '$esc'"
p check --fast --deadline 6
ok "a second run over them" exits 3
p compare
ok "can be compared" exits 0
ok "without escapes" no_escapes "$out"
p explain INT-SNMP-02
ok "and explained" no_escapes "$out"
p verify
ok "and verified" exits 0

# --- servers ----------------------------------------------------------------------------------------------------------------------
bad_targets=
add_bad() {      # name, tool, arguments...: starts it; port in $port
    name=$1
    shift
    "$@" >"$tap_dir/$name.port" 2>/dev/null </dev/null &
    pids="$pids $!"
    wait_for 5 test -s "$tap_dir/$name.port"
    port=$(head -n 1 "$tap_dir/$name.port")
}
for mode in http endless lines garbage half; do
    add_bad ssh-$mode "$builddir/tests/tools/ssh_hostile" $mode "$net.60"
    bad_targets="$bad_targets
  - {name: ssh-$mode, address: \"$net.60:$port\", role: server, ssh: {use: admin, timeout: 1s}}"
done
for mode in garbage endless-garbage huge-length endless-pages drip error-${esc}[31mred; do
    name=ldap-$(echo "$mode" | tr -cd 'a-z0-9-')
    add_bad "$name" "$builddir/tests/tools/ldap_hostile" "$net.61" "$mode"
    bad_targets="$bad_targets
  - {name: $name, address: \"ldap+plain://$net.61:$port\", role: directory, ldap: {use: nobody, timeout: 1s}}"
done
echo 'nobody: {ldap: {bind_dn: "cn=x", secret: worthless-Secret}}' >>"$site/credentials.yaml"
targets <<YAML
$bad_targets
  - {name: ups, address: $net.3, role: ups, snmp: {use: gear-v2, port: 16161}}
YAML
begun=$(date +%s)
p check --fast --accept-new --deadline 4
ok "eleven bad servers: the run is done" exits 3
ok "in time" in_time 30
ok "and sealed" db_is "SELECT state FROM run ORDER BY id DESC LIMIT 1" sealed
ok "the good one is read" state ups '%' complete
ok "none of them is complete" db_is "SELECT count(*) FROM all_collection WHERE run = (SELECT max(id) FROM run) AND state = 'complete' AND (target LIKE 'ssh-%' OR fact_table = 'directory_accounts')" 0
ok "each has a reason" db_is "SELECT count(*) FROM all_collection WHERE run = (SELECT max(id) FROM run) AND state <> 'complete' AND reason IS NULL" 0
ok "what does not speak SSH is called so" state ssh-http hosts failed malformed
ok "no key of theirs was recorded" test "$(grep -c "$net.60" "$site/known_hosts")" = 0
ok "stored texts are clean" texts_clean
ok "so is the page" no_escapes "$out" "$err"
p report
ok "and the report" no_escapes "$out"
p trust
ok "trust shows them safely" no_escapes "$out" "$err"
ok "exit status 3" exits 3

# --- files and words -----------------------------------------------------------------------------------------------------------------
cat "$tap_dir/site.yaml" >"$site/site.yaml"
printf 'Computer Name,Operating System,Serial Number\r\n"=cmd|calc",Windows 11 Pro,S1\r\npc%s[2J,"<script>alert(1)</script>",S2\r\n@SUM(A1),Windows\0 10,S3\r\npc4,\377\376\201,S4\r\n' "$esc" >"$tap_dir/odd ${esc}[31m.csv"
p evidence add "$tap_dir/odd ${esc}[31m.csv" --from "Mr. ${esc}[31mRed" --observed "$(date -u +%F)" --as csv/generic-assets
ok "a file whose name and giver hold escapes: messages are clean" no_escapes "$out" "$err"
cp "$tap_dir/odd ${esc}[31m.csv" "$tap_dir/odd.csv"
p evidence add "$tap_dir/odd.csv" --from "IT" --observed "$(date -u +%F)" --as csv/generic-assets
ok "one with hostile cells is taken" exits 0
p check --offline
ok "and read" db_is "SELECT count(*) > 0 FROM latest_hosts WHERE target = 'odd'" 1
ok "the page is clean" no_escapes "$out" "$err"
ok "stored texts are clean" texts_clean
p facts hosts --where "target = 'odd'" --format csv
ok "CSV: no cell begins a formula" sh -c "! sed 1d '$out' | grep -E '(^|,)\"?[=@+-]'"
p check --target "${esc}[31mrouter"
ok "an argument with escapes is shown without" no_escapes "$err"
ok "and refused" exits 2
edit "$site/site.yaml" 's/^name: .*/name: "Riverside \\e[31mFamily \\x9b31m Clinic"/'
p check --offline
ok "a name with escapes: shown without" no_escapes "$out" "$err"
tap_done
