#!/bin/sh
# Where sources disagree: a list from the IT contractor tells of a server that was measured, and tells it otherwise. Both values are shown, the
# measured one counts, and the server counts once.
# shellcheck disable=SC2154 # srcdir and builddir come from make
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start sources

today=$(date -u +%F)
list() {         # file, row...
    list_file=$1
    shift
    { echo "Hostname,Operating System,OS Version,RAM (GB),Serial Number,Last Seen"; for row; do echo "$row,$today"; done; } >"$list_file"
}
# what a check counted at a target: pass fail unknown
counted() {      # check, target
    db "SELECT json_extract(value, '\$.p') || ' ' || json_extract(value, '\$.f') || ' ' || json_extract(value, '\$.u') FROM check_result, json_each(target_counts)
        WHERE run_id = (SELECT max(id) FROM run) AND check_id = '$1' AND json_extract(value, '\$.t') = '$2'"
}

p check --label before
ok "a check without the list" exits 0
ok "nobody disagrees" has_not "$out" 'SOURCES DISAGREE'
ok "the server's clock was judged, once" equals "$(counted HST-TIME-01 ehr-app)" "1 0 0"

list "$tap_dir/computers.csv" "EHR-APP,Microsoft Windows Server 2012 R2 Standard,6.3.9600,2,VMX77" "SOMEWHERE-ELSE,Microsoft Windows 11 Pro,10.0.26200,16,PC1"
p evidence add "$tap_dir/computers.csv" --from "IT contractor" --observed "$(date -u +%F)" --as csv/generic-assets
ok "the list is evidence" exits 0
p check --label after
ok "a check with the list" exits 0
ok "says that sources disagree" has "$out" '^SOURCES DISAGREE'
ok "about which server, and what was measured" has "$out" '^ = ehr-app / .*, os_name:'
ok "the page keeps to its width" sh -c "! grep -v 'log/' '$out' | grep -qE '^.{81}'"
p report --format json
disagree() {     # column, expression over the two values, the used one first
    json "$out" ".disagreements[] | select(.target == \"ehr-app\" and .table == \"hosts\" and .column == \"$1\") | .values | (.[0].used and (.[1].used | not)) and (.[0].source == \"ssh, measured\") and (.[1].source == \"computers.csv, document\") and ($2)"
}
ok "its system: both values, measured first" disagree os_name '(.[1].value == "Microsoft Windows Server 2012 R2 Standard") and (.[0].value | test("Windows") | not)'
ok "its memory too, in sizes for people" disagree memory_bytes '(.[1].value == "2.0 GiB") and (.[0].value | endswith("iB"))'
ok "who says nothing disagrees with nobody" json "$out" '[.disagreements[] | select(.column == "serial")] == []'
ok "the list's other computer is its own" json "$out" '[.disagreements[] | select(.subject | test("somewhere"))] == []'
ok "checks use what was measured, once" equals "$(counted HST-TIME-01 ehr-app)" "1 0 0"
ok "so that it is no old Windows server" equals "$(counted LIF-OS-02 ehr-app)" ""
p facts hosts --where "target = 'ehr-app'" --format json
ok "and so do facts" json "$out" 'length == 1 and .[0].method == "measured"'
ok "while the store keeps both" db_is "SELECT group_concat(method) FROM (SELECT method FROM latest_hosts WHERE target = 'ehr-app' ORDER BY method)" "document,measured"

list "$tap_dir/agreeing.csv" "EHR-APP,$(db "SELECT os_name FROM latest_hosts WHERE target = 'ehr-app' AND method = 'measured'"),,$(db "SELECT (memory_bytes + 536870912) / 1073741824 FROM latest_hosts WHERE target = 'ehr-app' AND method = 'measured'"),VMX77"
sed -i '/computers/,$d' "$site/evidence/index.yaml"
p evidence add "$tap_dir/agreeing.csv" --from "IT contractor" --observed "$(date -u +%F)" --as csv/generic-assets
ok "a list that tells the same" exits 0
p check --label agreed
ok "is no disagreement, though it rounds the memory" has_not "$out" 'SOURCES DISAGREE'
tap_done
