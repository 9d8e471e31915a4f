#!/bin/sh
# What decisions came to: planned, as the run said that was decided on, beside what was written down afterwards. What has no figure is unknown, and never 0.
. "${srcdir:?run by make check}/tests/integration/folder.sh"
folder_init realised

json() { python3 -c "import json,sys; j=json.load(open('out')); r=j['realised']; f={(q['item'], q['decided_on']): q for q in r['items']} if r else {}; sys.exit(0 if ($1) else 1)"; }
today=$(date -u +%F)

cat >site.yaml <<'END'
preop: 1
site: riverside
name: Riverside Family Clinic
stage: diligence
timezone: UTC
milestones: {close: 2099-02-01}
authorization: owner
profile: {currency: USD}
checklists: [pcs]
targets:
  - {name: rmm, file: evidence/rmm.csv, as: csv/generic-assets}
END
cat >checklists/pcs.yaml <<'END'
checklist: pcs
version: 1
title: PCs
checks:
  - {id: PC-OS-01, title: PCs run Windows 11, domain: hosts, severity: high, gate: close, facts: hosts, pass: "os_name LIKE 'Windows 11%'", fix_group: replace-computer,
     why: Old ones get no updates., fix: Replace it., owner: it-infrastructure, effort_days: [0.5, 2], cost: [800, 1400.50], cost_basis: PCR}
  - {id: PC-SER-01, title: PCs have a serial number, domain: hosts, severity: low, facts: hosts, pass: "length(serial) > 1",
     why: Nobody knows them., fix: Write it down., owner: clinic-operations, effort_days: [0.1, 0.2]}
  - {id: PC-DNS-01, title: PCs have a long name, domain: hosts, severity: low, facts: hosts, pass: "length(os_name) > 90", why: Nobody knows them., fix: Name them., owner: clinic-operations}
END
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 10,1\npc2,Windows 11,2\n' >evidence/rmm.csv
check "the run that is decided on" status 0 check --offline -q
check "nothing decided" status 0 roadmap --format json
check "nothing to compare" json "r == {'items': [], 'cost': {'compared': 0, 'planned': None, 'actual': None, 'without_actual': 0, 'without_plan': 0, 'actual_without_plan': None}, 'days': {'compared': 0, 'planned': None, 'actual': None, 'without_actual': 0, 'without_plan': 0, 'actual_without_plan': None}}"
cat >decisions.yaml <<END
- {decided: long ago, by: Board, date: 2020-01-02, remedies: [{item: PC-SER-01, remedy: we-fix, actual_cost: 50}, {item: replace-computer, remedy: tsa}]}
- {decided: go on, by: Board, date: $today, run: 1, remedies: [{item: replace-computer, remedy: price, amount: 1000, actual_cost: 1234.56}, {item: PC-SER-01, remedy: we-fix, actual_days: 0.5},
   {item: PC-DNS-01, remedy: seller-fixes, actual_cost: 0}]}
END
check "decided, and in part done" status 0 roadmap --format json
valid "as its schema says" roadmap
check "planned as the run said, beside what it came to" json "f['replace-computer', '$today'] == {'item': 'replace-computer', 'title': 'PCs run Windows 11', 'remedy': 'price', 'decided_on': '$today', 'run': 1, 'state': 'open', 'planned_cost': [800, 1400.5], 'planned_days': [0.5, 2], 'not_planned_because': None, 'agreed': 1000, 'actual_cost': 1234.56, 'actual_days': None, 'decided_again': False}"
check "two PCs without a serial number: twice the work" json "f['PC-SER-01', '$today']['planned_days'] == [0.2, 0.4] and f['PC-SER-01', '$today']['actual_days'] == 0.5 and f['PC-SER-01', '$today']['actual_cost'] is None"
check "what its checks do not estimate is not planned as 0" json "f['PC-SER-01', '$today']['planned_cost'] is None and f['PC-SER-01', '$today']['state'] == 'open'"
check "nothing was estimated: no plan, and 0 that was said is 0" json "f['PC-DNS-01', '$today']['planned_cost'] is None and f['PC-DNS-01', '$today']['not_planned_because'] == 'its checks estimate neither cost nor work' and f['PC-DNS-01', '$today']['actual_cost'] == 0"
check "before the store began: no plan is known" json "f['PC-SER-01', '2020-01-02']['run'] is None and f['PC-SER-01', '2020-01-02']['not_planned_because'] == 'the run that was decided on is not in this store' and f['PC-SER-01', '2020-01-02']['decided_again']"
check "decided again, and without a figure: left out" json "len(f) == 4 and ('replace-computer', '2020-01-02') not in f"
check "the sum compares like with like" json "r['cost'] == {'compared': 1, 'planned': [800, 1400.5], 'actual': 1234.56, 'without_actual': 1, 'without_plan': 2, 'actual_without_plan': 50}"
check "of work too" json "r['days'] == {'compared': 1, 'planned': [0.2, 0.4], 'actual': 0.5, 'without_actual': 3, 'without_plan': 0, 'actual_without_plan': None}"
cp out before.json
check "as text" status 0 roadmap
check "planned and actual" has_flat "- replace-computer PCs run Windows 11: price, decided on $today once planned \$800 to \$1,400, came to \$1,235 work planned 0.5 to 2 days, not known yet what it came to agreed \$1,000"
check "the sums" has_flat "Once 1 compared: planned \$800 to \$1,400, came to \$1,235; 2 more came to \$50, without a known plan; of 1 it is not known yet Work 1 compared: planned 0.2 to 0.4 days, came to 0.5 days; of 3 it is not known yet"
check "no line is wider than 80" sh -c '! grep -q "^.\{81,\}" out'
check "as a table" status 0 roadmap --format csv
check "what was agreed and paid, and nothing where nothing is known" sh -c "head -n 1 out | grep -q ',takes,co_owner,agreed,actual_cost,actual_days.\$' && grep -q '^replace-computer:close,.*,1000,1234.56,.\$' out && grep -q '^PC-SER-01,.*,,,0.5.\$' out"

# --- later runs change nothing of what was planned --------------------------------------------------------------------------------
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 11,A1\npc2,Windows 11,A2\n' >evidence/rmm.csv
sed -i 's/cost: \[800, 1400.50\]/cost: [1, 2]/' checklists/pcs.yaml
check "all is done, and the checklist is another one" status 0 check --offline -q
check "then" status 0 roadmap --format json
check "what was planned stays" python3 -c "import json; assert json.load(open('out'))['realised'] == json.load(open('before.json'))['realised']"
check "the report" status 0 report --format json
valid "is as its schema says" report
check "has the same" python3 -c "import json; assert json.load(open('out'))['realised'] == json.load(open('before.json'))['realised']"
check "as text" status 0 report
check "too" has_flat "Once 1 compared: planned \$800 to \$1,400, came to \$1,235"
check "on the page" status 0 report --format html -o page.html
check "with its sum" grep -q '<p>Money once: 1 compared: planned \$800 to \$1,400, came to \$1,235; 2 more came to \$50, without a known plan; of 1 it is not known yet.</p>' page.html
check "for the seller" status 0 report --format json --audience seller
valid "is as its schema says" report
check "nothing of it" json "r is None"
check "for who may not see prices" status 0 report --format json --audience it
valid "is as its schema says" report
echo "1..$n"
