#!/bin/sh
# Dates like 11/5/2026 in files that others exported: read by what the whole column shows, else by what is written beside the file, else not at all, and
# then the check says so. From `evidence add` to the facts.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init dates
preop=$builddir/preop
export PREOP_DB="$tap_dir/preop.db" PREOP_DATADIR="$srcdir/checklists"
cd "$tap_dir" || exit 99
"$preop" init site >/dev/null 2>&1 || { ok "a site" false; tap_done; exit 1; }
sed -i -e '/^targets:/,$d' -e 's/^timezone:.*/timezone: UTC/' site/site.yaml

list() {    # list NAME DATE...: an inventory with these dates, as evidence
    name=$1
    shift
    { echo "Hostname,Operating System,Last Seen"; for date; do echo "$name-$((i += 1)),Windows 11,$date"; done; } >"$name.csv"
    i=0
}
add() {     # add NAME OPTIONS...
    name=$1
    shift
    "$preop" -C site evidence add "$name.csv" --from "Acme IT" --observed 2026-11-02 --as csv/generic-assets "$@" >out 2>&1
}
seen() {    # seen HOST WHEN: what the store has; "null" for nothing
    equals "$(tr '{' '\n' <hosts | sed -n "s/.*\"name\":\"$1\".*\"last_seen_at\":\"\{0,1\}\([^\",]*\)\"\{0,1\},.*/\1/p" | head -n 1)" "$2"
}
i=0
list month 11/5/2026 11/21/2026 2026-01-02
list day 11/5/2026 21/11/2026
list silent 11/5/2026 2026-01-02 3/3/2026
list both 11/21/2026 21/11/2026 2026-01-02
list told 11/5/2026
list wrong 11/5/2026 11/21/2026
for f in month day silent both; do ok "evidence add takes $f.csv" add $f; done
ok "and an order with it" add told --dates day-first
ok "also one that the file will not bear out" add wrong --dates day-first
ok "but no other word" sh -c "! '$preop' -C site evidence add told.csv --from A --observed 2026-11-02 --as csv/generic-assets --dates us 2>/dev/null"
printf 'interface x\n' >walk.txt
ok "and not with a file that no mapping reads" sh -c "! '$preop' -C site evidence add walk.txt --from A --observed 2026-11-02 --as snmpwalk --dates day-first 2>/dev/null"
"$preop" -C site check --offline >page 2>&1
"$preop" -C site facts hosts --format json >hosts 2>&1
tr '\n' ' ' <page | tr -s ' ' >line
ok "a row with a 21 after the 11: the month first, everywhere in the column" seen month-1 2026-11-05T00:00:00Z
ok "and that row" seen month-2 2026-11-21T00:00:00Z
ok "a row with a 21 before the 11: the day first" seen day-1 2026-05-11T00:00:00Z
ok "no row that tells: unknown" seen silent-1 null
ok "but ISO dates are known" seen silent-2 2026-01-02T00:00:00Z
ok "and a day that is the same in both" seen silent-3 2026-03-03T00:00:00Z
ok "the check says so" has page '^DATES LEFT UNKNOWN'
ok "of which file and row, and what to write" has line 'silent: 1 of "Last Seen" may have the month or the day first, and no row of the file tells \(the first is row 2\)\. .*dates: month-first or dates: day-first'
ok "rows of both kinds: none is believed" seen both-1 null
ok "neither" seen both-2 null
ok "but ISO dates" seen both-3 2026-01-02T00:00:00Z
ok "and that is said, with the rows" has line 'both: in "Last Seen" row 2 has the month first and row 3 the day, so that none of its 2 dates can be believed'
ok "what is written beside the file decides" seen told-1 2026-05-11T00:00:00Z
ok "unless the file shows otherwise" seen wrong-1 null
ok "which is said, too" has line 'wrong: dates: day-first is written for this file, but in row 3 "Last Seen" has the month first'
ok "of what was read nothing is said there" has_not line '(month|day|told): .*DATES|  (month|told):'

# --- written later ------------------------------------------------------------------------------------------------------------
sed -i '/silent.csv/s/as: /dates: "month-first", as: /' site/evidence/index.yaml
sed -i '/wrong.csv/s/day-first/month-first/' site/evidence/index.yaml
printf 'targets:\n  - {name: again, file: evidence/both.csv, as: csv/generic-assets, dates: sometimes}\n' >>site/site.yaml
"$preop" -C site check --offline >out 2>&1
ok "a word that is none is refused, with its place" has out 'site.yaml:[0-9]+:[0-9]+: error: dates must be month-first \(11/21/2026\) or day-first'
sed -i 's/dates: sometimes/dates: day-first/' site/site.yaml
"$preop" -C site check --offline >page 2>&1
"$preop" -C site facts hosts --format json >hosts 2>&1
ok "an entry of the index that says it" seen silent-1 2026-11-05T00:00:00Z
ok "one that was corrected" seen wrong-1 2026-11-05T00:00:00Z
ok "a file with both stays unknown, whatever is written" seen both-1 null
"$preop" -C site report --format json >report 2>&1
ok "the report has the words, too" has report 'dates left unknown: '
tap_done
