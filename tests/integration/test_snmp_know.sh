#!/bin/sh
# Every recording of the corpus through a real session and the shipped device rules: is each device known for what it is? Prints the table.
# The corpus lies beside the project, not in it: PREOP_CORPUS names it (a folder with truth.tsv), else ../shared/corpus/snmp.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init snmp_know

corpus=${PREOP_CORPUS:-$srcdir/../shared/corpus/snmp}
[ -r "$corpus/truth.tsv" ] || skip_all "the corpus of recordings is not here (PREOP_CORPUS names it)"
port=$((12000 + $$ % 19000))        # two builds may test side by side
"$builddir/tests/lib/rules_wire" "$srcdir/checklists/data/device-rules.yaml" >"$tap_dir/rules" || { ok "the shipped rules are in order" false; tap_done; exit 1; }

i=0
: >"$tap_dir/list"
for f in "$corpus"/*.snmprec; do
    i=$((i + 1))
    echo "127.77.8.$i:$port=$f" >>"$tap_dir/list"
done
"$builddir/tests/tools/snmprec_serve" --list "$tap_dir/list" >"$tap_dir/served" 2>"$tap_dir/served.err" &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
wait_for 20 has "$tap_dir/served" "^ready $i\$" || { ok "the recordings are served" false; tap_done; exit 1; }

# One line for each: file, then vendor, os, model, version, serial, questions.
: >"$tap_dir/known"
while IFS='=' read -r where file; do
    "$builddir/tests/lib/probe_run" snmp "host=${where%:*}" port="$port" snmp.version=2c snmp.community=public fast=1 timeout_ms=2000 retries=2 \
        table=devices "snmp.rules@$tap_dir/rules" >"$tap_dir/out" 2>&1
    awk -F '\t' -v file="${file##*/}" '
        $1 == "asked" { questions++ }
        $1 == "row" && $2 == "devices" { for (i = 4; i <= NF; i++) { at = index($i, "="); v[substr($i, 1, at - 1)] = substr($i, at + 1) } }
        END { print file "\t" v["vendor"] "\t" v["os"] "\t" v["model"] "\t" v["os_version"] "\t" v["serial"] "\t" questions }' "$tap_dir/out" >>"$tap_dir/known"
done <"$tap_dir/list"

# Truth and what was known, by containment without regard to case and punctuation; the truths that are placeholders (README of the corpus) are not
# known. Prints the table, then "share NAME HITS OF" and "wrong FILE SERIAL".
awk -F '\t' '
    function plain(s) { s = tolower(s); gsub(/[^a-z0-9]/, "", s); return s }
    function placeholder(s) { return s ~ /^<|^0+$|^0?123456789?0?$|^12345678$/ || s !~ /[0-9]/ }
    function meets(a, b) { a = plain(a); b = plain(b); return b != "" && (index(a, b) || index(b, a)) }
    FNR == NR { if (FNR == 1) for (i = 1; i <= NF; i++) col[$i] = i; else { t[$1, 1] = $(col["vendor"]); t[$1, 2] = $(col["os"]); t[$1, 3] = $(col["hardware"]); t[$1, 4] = $(col["version"]); t[$1, 5] = $(col["serial"]) } next }
    {
        missed = ""
        for (k = 1; k <= 5; k++) {
            truth = t[$1, k]
            if (truth == "" || (k == 5 && placeholder(truth)))
                continue
            of[k]++
            if (meets(truth, $(k + 1))) hits[k]++
            else missed = missed " [" $(k + 1) "] is not [" truth "]"
        }
        if ($6 != "" && t[$1, 5] != "" && plain($6) != plain(t[$1, 5])) print "wrong " $1 " " $6
        printf "# %-32s %s | %s | %s | %s | %s | %d questions%s\n", $1, $2, $3, $4, $5, $6, $7, missed == "" ? "" : " MISSED:" missed
    }
    END { split("vendor os model version serial", name, " "); for (k = 1; k <= 5; k++) print "share " name[k] " " hits[k] + 0 " " of[k] + 0 }' "$corpus/truth.tsv" "$tap_dir/known" >"$tap_dir/table"
grep '^#' "$tap_dir/table"
grep '^share' "$tap_dir/table" | awk '{ printf "# %s: %d of %d, %.1f%%\n", $2, $3, $4, 100 * $3 / $4 }'

share() {   # share NAME PERCENT
    awk -v name="$1" -v least="$2" '$1 == "share" && $2 == name { good = $4 > 0 && 100 * $3 >= least * $4 } END { exit !good }' "$tap_dir/table"
}
ok "all recordings were read" equals "$(wc -l <"$tap_dir/known")" "$i"
ok "the vendor is right for 98%" share vendor 98
ok "the operating system is right for 95%" share os 95
ok "the model is right for 95%" share model 95
ok "the version is right for 95%" share version 95
ok "the serial is right for 90%" share serial 90
no_wrong_serial() { ! grep '^wrong' "$tap_dir/table"; }
ok "no serial is wrong" no_wrong_serial
few() { awk -F '\t' '$7 > 12 { bad = 1 } END { exit bad }' "$tap_dir/known"; }
ok "no device was asked more than 12 questions" few
tap_done
