#!/bin/sh
# preop lookback as a user types it: what was known on a day, from the files as that day's run pinned them, though all of them changed later.
. "${srcdir:?run by make check}/tests/integration/folder.sh"
folder_init lookback

has() { tr -s '\n ' '  ' <out | grep -qF -- "$1"; }
json() { python3 -c "import json,sys; j=json.load(open('out')); f={(q['check'], q['target'], q['subject'].strip('[]' + chr(34))): q for q in j['open']}; sys.exit(0 if ($1) else 1)"; }
valid() {
    if python3 -c 'import jsonschema' 2>/dev/null; then
        check "$1" python3 -c "
import json, jsonschema
jsonschema.Draft202012Validator(json.load(open('$src/contrib/schema/lookback.schema.json'))).validate(json.load(open('out')))"
    else
        n=$((n + 1)); echo "ok $n - $1 # SKIP python3-jsonschema is needed"
    fi
}

today=$(TZ=UTC date +%F)
cat >site.yaml <<'END'
preop: 1
site: riverside
name: Riverside Family Clinic
stage: diligence
timezone: UTC
milestones: {close: 2099-02-01}
authorization: {by: A. Example, role: COO, organization: Riverside, on: 2026-01-01, until: 2098-12-31, networks: [127.9.8.0/24], methods: [file, person], hours: ["Mon-Sun 00:00-23:59"]}
owners: {it-infrastructure: Network operations, compliance: C. Ounsel}
checklists: [pcs]
targets:
  - {name: sw1, address: 127.9.8.7, role: switch, snmp: gear}
END
sed -i 's/^authorization: \(.*\)$/authorization: [\1]/' site.yaml
cat >credentials.yaml <<'END'
gear: {snmp: {version: 2c, community: "public-not"}}
END
chmod 600 credentials.yaml
cat >checklists/pcs.yaml <<'END'
checklist: pcs
version: 1
title: PCs
checks:
  - {id: PC-OS-01, title: PCs run Windows 11, domain: hosts, severity: high, gate: close, facts: hosts, pass: "os_name LIKE 'Windows 11%'", why: Old ones get no updates., fix: Replace it., owner: it-infrastructure}
  - {id: PC-SER-01, title: PCs have a serial number, domain: assets, severity: low, facts: hosts, pass: "length(serial) > 1", why: Nobody knows them., fix: Write it down., owner: compliance}
  - {id: NET-IF-01, title: Ports are up, domain: network, severity: high, facts: interfaces, pass: admin_up, why: A port that is down serves nobody., fix: Switch it on., owner: it-infrastructure}
END
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 10,A1\npc2,Windows 10,\npc3,Windows 11,A3\n' >rmm.csv
cat >waivers.yaml <<'END'
- {id: W-1, check: PC-OS-01, target: rmm, subject: pc2, reason: no patient data on it, accepted_by: Dr. Then, role: Medical director, date: 2026-01-02, expires: 2099-01-01}
END
cat >decisions.yaml <<END
- {decided: go on under conditions, by: Board of then, date: 2026-01-03, accepts_unknown: [NET-IF-01], conditions: [{text: replace pc1, owner: N. Owner, due: 2027-01-01}],
   remedies: [{item: PC-OS-01, remedy: price, note: in the price}]}
END

check "nothing to look back to" status 2 lookback 2026-01-01
check "which it says" says "there is no store at s.db yet"
check "evidence that is older than the store" status 0 evidence add rmm.csv --from "Acme IT" --observed 2026-02-01 --as csv/generic-assets
check "the first run" sh -c "'$preop' --db s.db check --offline --label first -q >out 2>err; [ \$? -le 3 ]"

# --- everything changes, and nothing of that is known yet ------------------------------------------------------------------
sed -i 's/Network operations/Somebody else/' site.yaml
printf -- '- {decided: stop, by: Another board, date: 2026-01-04}\n' >decisions.yaml
printf -- '[]\n' >waivers.yaml
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 11,A1\n' >evidence/rmm.csv

check "that day in JSON" status 0 lookback "$today" --format json
valid "as its schema says"
check "from that day's run" json "j['run'] == 1 and j['newest_run'] == 1 and j['day'] == '$today' and j['site'] == 'riverside'"
check "what was known to fail, and who owned it then" json "f['PC-OS-01', 'rmm', 'pc1']['status'] == 'fail' and f['PC-OS-01', 'rmm', 'pc1']['owner'] == 'Network operations' and f['PC-OS-01', 'rmm', 'pc1']['accepted'] is None"
check "since when" json "f['PC-OS-01', 'rmm', 'pc1']['since'][:10] == '$today'"
check "what was accepted, by whom" json "f['PC-OS-01', 'rmm', 'pc2']['accepted']['by'] == 'Dr. Then' and f['PC-OS-01', 'rmm', 'pc2']['accepted']['until'] == '2099-01-01'"
check "what was unknown is apart" json "f['PC-SER-01', 'rmm', 'pc2']['status'] == 'unknown' and ('PC-SER-01', 'rmm', 'pc1') not in f"
check "what had never been read" json "('sw1', 'interfaces') in [(g['target'], g['table']) for g in j['never_read']] and 'hosts' not in [g['table'] for g in j['never_read']]"
check "what was decided, with its conditions and remedies" json "[d['decided'] for d in j['decisions']] == ['go on under conditions'] and j['decisions'][0]['conditions'] == [{'text': 'replace pc1', 'owner': 'N. Owner', 'due': '2027-01-01', 'met': False}] and j['decisions'][0]['remedies'] == [{'item': 'PC-OS-01', 'remedy': 'price', 'note': 'in the price'}] and j['decisions'][0]['accepts_unknown'] == ['NET-IF-01']"
check "nothing came later" json "j['received_later'] == [] and j['new_since'] == []"

# --- a second run knows the new files; the first day's record does not bend --------------------------------------------------
check "a day before anything was received" status 0 lookback 2026-02-01 --format json
valid "as its schema says"
check "nothing was known" json "j['run'] is None and j['open'] == []"
check "but true already, and received later" json "sorted((q['check'], q['target'], q['observed_at'][:10], q['received_at'][:10], q['run']) for q in j['received_later']) == [('PC-OS-01', 'rmm', '2026-02-01', '$today', 1)] * 2"
check "decided by then, and written down later" json "[(d['decided'], d['recorded_later']) for d in j['decisions']] == [('go on under conditions', True)] and j['waivers'][0]['recorded_later']"
check "a day before the evidence" status 0 lookback 2026-01-31 --format json
check "it was not true yet, as far as anyone has seen" json "j['received_later'] == []"
check "a day before the board met" status 0 lookback 2026-01-02 --format json
check "its decision came since" json "j['decisions'] == [] and [d['decided'] for d in j['decided_since']] == ['go on under conditions'] and len(j['waivers']) == 1"
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 11,A1\npc2,Windows 11,B2\npc4,Windows 7,D4\n' >rmm2.csv
check "newer evidence" status 0 evidence add rmm2.csv --from "Acme IT" --observed "$today" --as csv/generic-assets

printf 'Computer Name,Operating System,Serial Number\npc1,Windows 10,A1\npc2,Windows 10,\npc3,Windows 11,A3\n' >evidence/rmm.csv
check "the second run" sh -c "'$preop' --db s.db check --offline --label second -q >out 2>err; [ \$? -le 3 ]"
check "before the store began" status 0 lookback 2026-02-01 --format json
check "the first that shows it is when it came" json "[q['run'] for q in j['received_later']] == [1, 1]"
check "that the decision was taken back shows" json "[d['decided'] for d in j['decisions']] == ['stop']"
check "today is what the newest run of today knows" status 0 lookback "$today" --format json
check "by its number" json "j['run'] == 2 and f['PC-OS-01', 'rmm', 'pc1']['owner'] == 'Somebody else' and f['PC-OS-01', 'rmm', 'pc2']['accepted'] is None"

# --- narrowed, and as text -----------------------------------------------------------------------------------------------------
check "one domain" status 0 lookback "$today" --domain assets --format json
check "and no other" json "{q['check'] for q in j['open']} == {'PC-SER-01'}"
check "one target" status 0 lookback "$today" --target sw1 --format json
check "and no other" json "{q['target'] for q in j['open']} == {'sw1'} and {g['target'] for g in j['never_read']} == {'sw1'}"
check "as text" status 0 lookback "$today"
check "its parts" sh -c 'for h in "KNOWN TO FAIL" "KNOWN TO BE UNKNOWN" "NEVER READ BY THEN" "DECIDED AND ACCEPTED BY THEN" "TRUE BY THEN, AND RECEIVED LATER" "OPEN IN THE NEWEST RUN, AND NOT THEN" "DECIDED SINCE"; do grep -q "^$h" out || exit 1; done'
check "who owned it" has "owner Somebody else"
check "what was decided" has "2026-01-04 stop, by Another board"
check "no line is wider than 80" sh -c '! grep -q "^.\{81,\}" out'
check "no name of a fault" sh -c '! grep -qiE "blame|fault|guilt|negligen|should have" out'

# --- what is not a day ---------------------------------------------------------------------------------------------------------
check "a word is refused" status 2 lookback yesterday
check "with an example" says "a day like 2027-03-04, not 'yesterday'"
check "a day to come is refused" status 2 lookback 2998-01-01
check "a domain that nobody has is refused" status 2 lookback "$today" --domain hots
check "with words" says "hots"
check "a day is needed" status 2 lookback
check "help" status 0 lookback --help
check "of its options" sh -c 'grep -q -- "--domain" out && grep -q -- "--target" out'
echo "1..$n"
