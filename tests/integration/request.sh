#!/bin/sh
# preop request on a clinic that is known from one spreadsheet and whose switch may not be read: what to ask of whom, under numbers that stay.
. "${srcdir:?run by make check}/tests/integration/folder.sh"
folder_init request

json() { python3 -c "import json,sys; j=json.load(open('out')); r={q['key']: q for q in j['requests']}; sys.exit(0 if ($1) else 1)"; }

cat >site.yaml <<'END'
preop: 1
site: riverside
name: Riverside Family Clinic
stage: diligence
timezone: UTC
milestones: {sign: 2029-12-15, close: 2030-02-01}
authorization: owner
owners: {it-infrastructure: Network operations}
checklists: [mixed]
targets:
  - {name: rmm, file: evidence/rmm.csv, as: csv/generic-assets}
  - {name: sw1, address: 127.9.8.7, role: switch, snmp: gear}
END
cat >credentials.yaml <<'END'
gear: {snmp: {version: 2c, community: "public-not"}}
END
chmod 600 credentials.yaml
# weights 10, 5, 2, 2 and 1 of 20; one domain
cat >checklists/mixed.yaml <<'END'
checklist: mixed
version: 1
title: A little of everything
checks:
  - {id: PC-OS-01, title: PCs run Windows 11, domain: d, severity: critical, facts: hosts, where: "name <> 'pc9'", pass: "os_name LIKE 'Windows 11%'", why: Old ones get no updates., fix: Replace it., owner: it-infrastructure}
  - {id: NET-IF-01, title: Ports are up, domain: d, severity: high, gate: close, facts: interfaces, pass: admin_up, why: A port that is down serves nobody., fix: Switch it on., owner: it-infrastructure}
  - {id: NET-DEV-01, title: The switch says its model, domain: d, severity: medium, gate: sign, facts: devices, pass: model IS NOT NULL, "null_ok": "a switch that does not say is the finding", why: Nobody can order a spare., fix: Ask., owner: it-infrastructure}
  - {id: CMP-RA-01, title: There is a risk analysis, domain: d, severity: medium, facts: form_cmp_ra_01, pass: "date >= '2029-01-01'", on_missing: unknown, why: Nobody knows the risks., fix: Make one., owner: compliance}
  - {id: PC-SER-01, title: PCs have a serial number, domain: d, severity: low, facts: hosts, pass: "length(serial) > 1", why: Nobody knows them., fix: Write it down., owner: it-infrastructure}
END
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 11,A1\npc2,Windows 11,\n' >evidence/rmm.csv

check "a run offline" status 0 check --offline -q
check "the list" status 0 request --format json
cp out list.json
check "numbers are announced" says "requests.yaml: 3 new numbers"
# of 20: interfaces 5 and devices 2 at the switch, the analysis 2, one serial number of two 0.5
check "most points first" json "[(q['key'], q['points'], q['number']) for q in j['requests']] == [('data:sw1/snmp', 35, 1), ('attest:CMP-RA-01', 10, 2), ('check:PC-SER-01', 2.5, 3)]"
check "of whom" json "[q['ask'] for q in j['requests']] == ['IT contractor', 'compliance lead', 'Network operations']"
check "what it holds up, and by when" json "r['data:sw1/snmp']['holds_up'] == ['sign', 'close'] and r['data:sw1/snmp']['due'] == '2029-12-15' and r['attest:CMP-RA-01']['due'] is None"
check "the exact command" json "any('-On 127.9.8.7 .1 >sw1.txt' in a and '--as snmpwalk' in a for a in r['data:sw1/snmp']['accepted'])"
check "the form" json "r['attest:CMP-RA-01']['form'] == 'CMP-RA-01' and any('preop attest CMP-RA-01' in a for a in r['attest:CMP-RA-01']['accepted'])"
check "that command is one" status 0 attest CMP-RA-01 --print
check "and so is the sheet's" status 0 attest --sheet circuits --csv out
if python3 -c 'import jsonschema' 2>/dev/null; then
    check "as its schema says" python3 -c "
import json, jsonschema
jsonschema.Draft202012Validator(json.load(open('$src/contrib/schema/request.schema.json'))).validate(json.load(open('list.json')))"
else
    n=$((n + 1)); echo "ok $n - as its schema says # SKIP python3-jsonschema is needed"
fi
cp requests.yaml before.yaml
check "twice the same numbers" status 0 request --format json
check "and nothing new to write" sh -c 'cmp out list.json && cmp requests.yaml before.yaml'

# --- what came of them ------------------------------------------------------------------------------------------------------
check "a promise" status 0 request --set 2=promised --on 2026-11-20 --by 'C. Sample' --note 'by Friday'
check "a refusal" status 0 request --set 1=refused --on 2026-11-21 --by '<b>Seller</b>' --note 'not before the "letter"'
check "both are kept" status 0 request --format json
check "with their days and words" json "r['data:sw1/snmp']['state'] == 'refused' and r['data:sw1/snmp']['steps'] == [{'state': 'refused', 'on': '2026-11-21', 'by': '<b>Seller</b>', 'note': 'not before the \"letter\"'}]"
check "as text" status 0 request
check "which counts them" has "1 open, 1 promised, 0 received, 1 refused"
check "no line is wider than 80" sh -c '! grep -q "^.\{81,\}" out'
check "as a table" status 0 request --format csv
check "of a row each" sh -c '[ "$(python3 -c "import csv; print(len(list(csv.DictReader(open(\"out\", newline=\"\")))))")" = 3 ]'
check "as a page" status 0 request --format html
check "in which a name is a text" sh -c 'grep -q "by &lt;b&gt;Seller&lt;/b&gt;" out && ! grep -q "<b>" out'
check "a state that is none" status 2 request --set 2=recieved
check "is asked back" says "not 'recieved' (did you mean 'received'?)"
check "a report has them as they stand now" status 0 report --format json
check "the refusal with its day" json "r['data:sw1/snmp']['state'] == 'refused' and r['data:sw1/snmp']['steps'][0]['on'] == '2026-11-21' and r['attest:CMP-RA-01']['state'] == 'promised'"
check "a report of that run by its number" status 0 report 1 --format json
check "has them as they were then" json "r['data:sw1/snmp']['state'] == 'open' and r['data:sw1/snmp']['number'] is None"
check "its page" status 0 report --format html --ask close
check "shows who refused what" has '<li>What sw1 tells over snmp: asked of IT contractor, refused on 21 Nov by &lt;b&gt;Seller&lt;/b&gt;'
check "the mail too" status 0 report --format brief --ask close
check "says that it was refused" has 'Refused: What sw1 tells over snmp: asked of IT contractor, refused on 21 Nov'
cp requests.yaml before.yaml
check "a number that is none" status 2 request --set 9=refused
check "says so" says "there is no request 9"
check "a state that is none" status 2 request --set 1=refusd
check "a day still to come" status 2 request --set 1=open --on 2099-01-01
check "two lines" status 2 request --set 1=open --note 'a
b'
check "a note about nothing" status 2 request --note x
check "change nothing" cmp requests.yaml before.yaml

# --- the next run -------------------------------------------------------------------------------------------------------------
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 11,A1\npc2,Windows 10,A2\n' >evidence/rmm.csv
check "the next run" status 0 check --offline -q
check "its list" status 0 request --format json
check "keeps the numbers, and has what is settled" json "[(q['number'], q['key']) for q in j['requests']] == [(1, 'data:sw1/snmp'), (2, 'attest:CMP-RA-01')] and [q['number'] for q in j['settled']] == [3]"
check "the run before it, as it was" status 0 request 1 --format json
check "has it among what is asked" json "[q['number'] for q in j['requests']] == [1, 2, 3]"
echo "1..$n"
