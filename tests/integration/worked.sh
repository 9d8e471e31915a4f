#!/bin/sh
# A worked clinic of more than sixty targets: its scores, verdicts, money, dates, roadmap and impact are computed a second time, by a short program that was
# written from the rules alone (tests/worked/second.py), and compared with what preop prints, to the digit. Once judged by checks that are there for the rules'
# edges, once by all shipped checks too. Then figures are changed, to see that a difference is found.
. "${srcdir:?run by make check}/tests/integration/folder.sh"
folder_init worked
python=python3
"$python" -c 'import yaml' 2>/dev/null || python=/usr/bin/python3
"$python" -c 'import yaml' 2>/dev/null || { echo "1..0 # SKIP python3 with yaml is not installed"; exit 0; }
tools=$src/tests/worked
port=$((13000 + $$ % 18000))
pid=
at_end() { [ -z "$pid" ] || kill "$pid" 2>/dev/null; cd "$build" && if [ -z "${KEEP:-}" ]; then rm -rf "$work"; fi; }
trap at_end EXIT

makes() { "$python" "$tools/make.py" "$work/$1" --today "$(TZ=UTC date +%F)" --net 127.83.7 --port "$port" --checklists "$2" >"$1.made"; }
takes_in() { for sheet in sheets/*.csv; do mv "$sheet" .. && "$preop" attest --sheet "$(basename "$sheet" .csv)" --csv in "../${sheet#sheets/}" --by "P. Mgr" -q || return 1; done; }
checked() { "$preop" --db ../s.db check --fast -q >../out 2>../err; [ $? -eq 3 ]; }     # 3: one device is silent
computes() { "$python" "$tools/second.py" . "$PREOP_DATADIR" ../s.db "$@" >../second.json; }
agrees() { "$python" "$tools/compare.py" ../second.json "$@" >../out 2>&1; }
enough() { [ "$(sed -n '$s/ figures compared, 0 differ$//p' ../out)" -ge "$1" ]; }
query() { "$python" -c 'import sqlite3, sys
print(sqlite3.connect("../s.db").execute(sys.argv[1]).fetchone()[0])' "$1"; }

judged() {       # folder, checklists, figures at least
    check "$1: the clinic's folder" makes "$1" "$2"
    cd "$work/$1/site" || exit 99
    check "$1: its sheets are taken in" takes_in
    "$build/tests/tools/snmprec_serve" --community worked-read --list ../served >../agent 2>&1 &
    pid=$!
    tries=200
    until grep -q '^ready' ../agent || [ $tries -eq 0 ]; do tries=$((tries - 1)); sleep 0.05; done
    check "$1: a check" checked
    kill $pid
    pid=
    check "$1: facts of 60 targets at least" test "$(query "SELECT count(DISTINCT target) FROM all_collection WHERE state = 'complete' AND rows > 0 AND target NOT LIKE 'sheet %' AND target <> 'attestations'")" -ge 60
    "$preop" --db ../s.db report --format json >../report.json 2>../err
    today=$(query "SELECT substr(as_of, 1, 10) FROM run")
    "$preop" --db ../s.db roadmap --as-of "$today" --format json >../roadmap.json 2>../err
    check "$1: 40 answers and 8 sheets at least" test "$(query "SELECT (sum(fact_table LIKE 'form_%') >= 40) + (sum(target LIKE 'sheet %') >= 8) FROM all_collection WHERE state = 'complete' AND rows > 0")" -eq 2
    check "$1: computed a second time" computes
    check "$1: the report agrees to the digit" agrees --report ../report.json
    check "$1: the roadmap too" agrees --roadmap ../roadmap.json
    check "$1: that were many figures" enough "$3"
    "$preop" --db ../s.db roadmap --as-of "$today" --done re-cable --done replace-computer --format json >../roadmap.json 2>../err
    computes --done re-cable --done replace-computer
    check "$1: and with some work done" agrees --roadmap ../roadmap.json
    later=$("$python" -c 'import datetime, sys; print(datetime.date.fromisoformat(sys.argv[1]) + datetime.timedelta(37))' "$today")
    "$preop" --db ../s.db roadmap --as-of "$later" --format json >../roadmap.json 2>../err
    computes --begin "$later"
    check "$1: and planned from another day" agrees --roadmap ../roadmap.json
}

judged own "worked, tailored" 1500
verdicts() { "$python" -c "import json; v={g['milestone']: g['verdict'] for g in json.load(open('../report.json'))['gates']}; exit([v[m] for m in ('sign', 'close', 'moving-day', 'connect')] != ['GO', 'CONDITIONAL', 'UNPROVEN', 'NO-GO'])"; }
check "all four verdicts are among them" verdicts

# --- every way in which work can stand, by name, and every day of a week --------------------------------------------------------
plans() { "$preop" --db ../s.db roadmap --as-of "$1" --format json >../roadmap.json 2>../err && computes --begin "$1" && agrees --roadmap ../roadmap.json; }
day_after() { "$python" -c 'import datetime, sys; print(datetime.date.fromisoformat(sys.argv[1]) + datetime.timedelta(int(sys.argv[2])))' "$1" "$2"; }
stands() { "$python" -c "import json; i={q['item']: q for q in json.load(open('../roadmap.json'))['items']}; exit(0 if ($1) else 1)"; }
for k in 0 1 2 3 4 5 6; do
    day=$(day_after "$today" $k)
    check "planned from a $(LC_ALL=C date -d "$day" +%A)" plans "$day"
done
check "as planned from the day of the run" plans "$today"
check "work is planned, and accepted" stands "i['W-LATER-01']['state'] == 'planned' and i['W-LATER-01']['ready'] and 'accepted' in [q['state'] for q in i.values()]"
check "too late: even alone it is not done in time" stands "i['W-LATER-01']['too_late'] and i['W-LATER-01']['order_by'] < '$today' and not i['W-DAY-01']['too_late']"
check "promised for a day, for nobody said how much room there is" stands "i['W-GUESS-01']['state'] == 'promised' and i['W-GUESS-01']['ready'] == i['W-GUESS-01']['said']['due'] == '2028-01-01'"
check "waits for what has no date" stands "i['W-DEV-02']['state'] == 'waits' and i['W-DEV-02']['ready'] is None and i['re-cable']['state'] == 'no-capacity'"
check "no estimate" stands "'no-estimate' in [q['state'] for q in i.values()]"
check "two that wait for each other are together" stands "i['W-RING-02']['together'] == ['ring', 'ring']"
cp site.yaml ../site.before
sed -i 's/finance: 20}/finance: 0.01}/' site.yaml
check "with hardly any capacity it agrees as well" plans "$today"
check "and work is too far away to have a date" stands "'too-far' in [q['state'] for q in i.values()]"
cp ../site.before site.yaml
plans "$later"

# --- the comparison can fail -----------------------------------------------------------------------------------------------------
cp ../roadmap.json ../right.json
differs() { ! agrees --roadmap ../roadmap.json && grep -q ' 1 differ$' ../out; }
changed() { "$python" -c "import json; j=json.load(open('../right.json')); $1; json.dump(j, open('../roadmap.json', 'w'))"; differs; }
check "a cent is seen" changed "j['items'][0]['cost'][1] += 0.01"
check "a thousandth of a day" changed "j['load'][0]['used_days'] += 0.001"
check "a date" changed "j['items'][0]['order_by'] = '2000-01-01'"
check "an item that is missing" changed "j['items'].pop()"
check "two items that changed places" changed "j['items'][0], j['items'][1] = j['items'][1], j['items'][0]"
sed -i 's/finance: 20}/finance: 2}/' site.yaml
computes --begin "$later"
cp ../right.json ../roadmap.json
check "another capacity" sh -c "! '$python' '$tools/compare.py' ../second.json --roadmap ../roadmap.json"

cd "$work" || exit 99
judged all "worked, tailored$(for f in "$PREOP_DATADIR"/*.yaml; do printf ', %s' "$(basename "$f" .yaml)"; done)" 3000
echo "1..$n"
