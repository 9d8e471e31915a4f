#!/bin/sh
# preop lookback as a user types it: what was known on a day, from the files as that day's run pinned them, though all of them changed later.
. "${srcdir:?run by make check}/tests/integration/folder.sh"
folder_init lookback

has() { has_flat "$1"; }
json() { python3 -c "import json,sys; j=json.load(open('out')); f={(q['check'], q['target'], q['subject'].strip('[]' + chr(34))): q for q in j['open']}; sys.exit(0 if ($1) else 1)"; }

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
put_checks() {   # version; more checks on stdin
    {
        printf 'checklist: pcs\nversion: %s\ntitle: PCs\nchecks:\n' "$1"
        cat <<'END'
  - {id: PC-OS-01, title: PCs run Windows 11, domain: hosts, severity: high, gate: close, facts: hosts, pass: "os_name LIKE 'Windows 11%'", why: Old ones get no updates., fix: Replace it., owner: it-infrastructure}
  - {id: PC-SER-01, title: PCs have a serial number, domain: assets, severity: low, facts: hosts, pass: "length(serial) > 1", why: Nobody knows them., fix: Write it down., owner: compliance}
  - {id: NET-IF-01, title: Ports are up, domain: network, severity: high, facts: interfaces, pass: admin_up, why: A port that is down serves nobody., fix: Switch it on., owner: it-infrastructure}
END
        cat
    } >checklists/pcs.yaml
}
put_checks 1 </dev/null
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
valid "as its schema says" lookback
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
valid "as its schema says" lookback
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
check "that the decision was taken back shows" json "[(d['decided'], d['now'], d['held']) for d in j['decisions']] == [('go on under conditions', 'gone', False), ('stop', 'same', False)]"
check "and that the acceptance was" json "[(w['check'], w['now'], w['live']) for w in j['waivers']] == [('PC-OS-01', 'gone', True)]"
check "today is what the newest run of today knows" status 0 lookback "$today" --format json
check "by its number" json "j['run'] == 2 and f['PC-OS-01', 'rmm', 'pc1']['owner'] == 'Somebody else' and f['PC-OS-01', 'rmm', 'pc2']['accepted'] is None"

# --- narrowed, and as text -----------------------------------------------------------------------------------------------------
check "one domain" status 0 lookback "$today" --domain assets --format json
check "and no other" json "{q['check'] for q in j['open']} == {'PC-SER-01'}"
check "one target" status 0 lookback "$today" --target sw1 --format json
check "and no other" json "{q['target'] for q in j['open']} == {'sw1'} and {g['target'] for g in j['never_read']} == {'sw1'}"
check "as text" status 0 lookback "$today"
check "its parts" sh -c 'for h in "ASKED FOR BY THEN" "UNKNOWN, AND NOT ASKED FOR BY THEN" "KNOWN TO FAIL" "KNOWN TO BE UNKNOWN" "NEVER READ BY THEN" "DECIDED AND ACCEPTED BY THEN" "TRUE BY THEN, AND RECEIVED LATER" "OPEN IN THE NEWEST RUN, AND NOT THEN" "DECIDED SINCE"; do grep -q "^$h" out || exit 1; done'
check "who owned it" has "owner Somebody else"
check "what was decided" has "2026-01-04 stop, by Another board"
check "no line is wider than 80" sh -c '! grep -q "^.\{81,\}" out'
check "no name of a fault" sh -c '! grep -qiE "blame|fault|guilt|negligen|should have" out'

# --- weeks later: what each part says of a day, though every file is another one now -----------------------------------------
# what the store had comes from March and April: only its own times of receipt are moved
moved() {
    python3 -c '
import sqlite3, sys
d = sqlite3.connect("s.db")
for run, day in zip(sys.argv[1::2], sys.argv[2::2]):
    t = day + "T12:00:00Z"
    d.execute("UPDATE collection SET received_at = ? WHERE id IN (SELECT collection_id FROM run_collection WHERE run_id = ? AND NOT carried)", (t, run))
    d.execute("UPDATE run SET started = ?, finished = ?, as_of = ?, received_at = ? WHERE id = ?", (t, t, t, t, run))
d.commit()' "$@"
}
rm -f s.db s.db-* evidence/*
sed -i 's/^owners: .*/owners: {it-infrastructure: Network operations, compliance: C. Ounsel}/' site.yaml
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 10,A1\npc2,Windows 10,\npc3,Windows 11,A3\n' >rmm.csv
printf 'Computer Name,Operating System,Serial Number\npx,Windows 11,X1\npy,Windows 11,X2\n' >annex.csv
put_checks 2 <<'END'
  - {id: PC-AGE-01, title: The list is fresh, domain: assets, severity: low, facts: hosts, pass: "days_since('2026-03-01') < 30", why: Old lists mislead., fix: Ask again., owner: compliance}
  - {id: CMP-RA-01, title: There is a risk analysis, domain: people, severity: medium, facts: form_cmp_ra_01, evidence: person, pass: "date >= '2026-01-01'", on_missing: unknown, why: Nobody knows the risks., fix: Make one., owner: compliance}
END
cat >waivers.yaml <<'END'
- {id: W-1, check: PC-OS-01, target: rmm, subject: pc2, reason: no patient data on it, accepted_by: Dr. Then, role: Medical director, date: 2026-01-02, expires: 2099-01-01}
- {id: W-2, check: NET-IF-01, reason: whole closet is old, accepted_by: Dr. Then, role: Medical director, date: 2026-01-02, expires: 2026-02-01}
END
cat >decisions.yaml <<'END'
- {decided: go on under conditions, by: Board of then, date: 2026-01-03, accepts_unknown: [NET-IF-01], conditions: [{text: replace pc1, owner: N. Owner, due: 2027-01-01}],
   remedies: [{item: PC-OS-01, remedy: price}, {item: PC-SER-01, remedy: we-fix}]}
- {decided: talk again, by: Board of then, date: 2026-01-04}
END
cat >requests.yaml <<'END'
- number: 1
  key: "data:sw1/snmp"
  what: What sw1 tells over snmp
  asked_of: IT contractor
  asked: 2026-02-20
  steps:
    - {state: promised, on: 2026-02-25, by: C. Sample, note: by Friday}
END
rm -f attestations.yaml
check "evidence of February" status 0 evidence add rmm.csv --from "Acme IT" --observed 2026-02-01 --as csv/generic-assets
check "what the first visit knew" sh -c "'$preop' --db s.db check --offline --label first -q >out 2>err; [ \$? -le 3 ]"
check "was received on the first of March" moved 1 2026-03-01

# by April: the seller refused on 3 March, and promised something else on the 10th; a paper of February came; somebody answered for January; another board decided
cat >requests.yaml <<'END'
- number: 1
  key: "data:sw1/snmp"
  what: What sw1 tells over snmp
  asked_of: IT contractor
  asked: 2026-02-20
  steps:
    - {state: promised, on: 2026-02-25, by: C. Sample, note: by Friday}
    - {state: refused, on: 2026-03-03, by: C. Sample, note: not before the letter}
    - {state: received, on: 2026-03-20, by: C. Sample}
- number: 2
  key: "attest:CMP-RA-01"
  what: When was the last risk analysis
  asked_of: compliance lead
  asked: 2026-03-04
- number: 3
  key: "check:PC-SER-01"
  what: PCs have a serial number
  asked_of: us
  asked: 2026-03-12
END
printf -- '- {decided: stop, by: Another board, date: 2026-03-02}\n- {decided: buy, by: Another board, date: 2026-03-30}\n' >decisions.yaml
printf -- '- {id: W-2, check: NET-IF-01, reason: whole closet is old, accepted_by: Dr. Then, role: Medical director, date: 2026-01-02, expires: 2099-02-01}\n' >waivers.yaml
sed -i 's/^owners: .*/owners: {it-infrastructure: Somebody else, compliance: Another}/' site.yaml
printf 'CMP-RA-01:\n  by: D. Reyes\n  role: compliance lead\n  on: 2026-02-10\n  expires: 2099-01-01\n  answers: {date: 2026-02-01, signed: true}\n' >attestations.yaml
sed -i "s/days_since('2026-03-01') < 30/days_since('2026-03-01') < 10/; s/Windows 11%/Windows 1_%/; /PC-SER-01/d; s/version: 2/version: 3/" checklists/pcs.yaml
check "a paper of February that came late" status 0 evidence add annex.csv --from "Acme IT" --observed 2026-02-15 --as csv/generic-assets
check "the second visit" sh -c "'$preop' --db s.db check --offline --label second -q >out 2>err; [ \$? -le 3 ]"
check "was received on the first of April" moved 2 2026-04-01

# by May: the folder is emptied, and the owner's name is a third one
printf '[]\n' >decisions.yaml
printf '[]\n' >waivers.yaml
printf '[]\n' >requests.yaml
rm attestations.yaml
sed -i 's/Windows 1_%/Windows 11%/' checklists/pcs.yaml
check "the third visit" sh -c "'$preop' --db s.db check --offline --label third -q >out 2>err; [ \$? -le 3 ]"
check "was received on the first of May" moved 3 2026-05-01

check "back to the fifth of March" status 0 lookback 2026-03-05 --format json
valid "as its schema says" lookback
check "from the first visit" json "j['run'] == 1 and j['newest_run'] == 3"
check "findings by the checks of then" json "sorted(k for k in f if k[0] != 'PC-AGE-01') == [('CMP-RA-01', 'attestations', '(not collected: form_cmp_ra_01)'), ('NET-IF-01', 'sw1', '(not collected: interfaces)'), ('PC-OS-01', 'rmm', 'pc1'), ('PC-OS-01', 'rmm', 'pc2'), ('PC-SER-01', 'rmm', 'pc2')]"
check "with the owners of then" json "f['PC-OS-01', 'rmm', 'pc1']['owner'] == 'Network operations' and f['PC-SER-01', 'rmm', 'pc2']['owner'] == 'C. Ounsel'"
check "and what became of them" json "f['PC-OS-01', 'rmm', 'pc1']['now'] == 'fail' and f['PC-SER-01', 'rmm', 'pc2']['now'] == 'no longer checked'"
check "an acceptance that was deleted later counts as it did" json "f['PC-OS-01', 'rmm', 'pc2']['accepted']['by'] == 'Dr. Then' and [(w['check'], w['until'], w['live'], w['held'], w['now']) for w in j['waivers']] == [('PC-OS-01', '2099-01-01', True, True, 'gone'), ('NET-IF-01', '2026-02-01', False, True, 'gone')]"
check "decisions as they were, and one that came to the store in April" json "[(d['decided'], d['recorded_later'], d['held'], d['now'], d['received_at'][:10]) for d in j['decisions']] == [('go on under conditions', False, True, 'gone', '2026-03-01'), ('talk again', False, True, 'gone', '2026-03-01'), ('stop', True, False, 'gone', '2026-04-01')]"
check "with what they bound" json "[r['item'] for r in j['decisions'][0]['remedies']] == ['PC-OS-01', 'PC-SER-01'] and j['decisions'][0]['left_out'] == 0"
check "what was decided since" json "[d['decided'] for d in j['decided_since']] == ['buy']"
check "what was asked for by then, and no more" json "[(q['number'], q['asked'], q['state'], q['recorded_later']) for q in j['requests']] == [(1, '2026-02-20', 'promised', False), (2, '2026-03-04', None, True)]"
check "what was heard of it, and since when the store knows" json "[(s['state'], s['on'], s['recorded_later']) for s in j['requests'][0]['steps']] == [('promised', '2026-02-25', False), ('refused', '2026-03-03', True)]"
check "what nobody was asked for" json "[q['key'] for q in j['not_asked']] == ['check:PC-SER-01'] or [q['key'] for q in j['not_asked']] == []"
check "what had never been read" json "('sw1', 'interfaces') in [(g['target'], g['table']) for g in j['never_read']]"
check "good by then, and received later" json "[(g['check'], g['target'], g['passes'], g['observed_at'][:10], g['received_at'][:10], g['run']) for g in j['received_later_good'] if g['check'] in ('PC-OS-01', 'CMP-RA-01')] == [('CMP-RA-01', 'attestations', 1, '2026-02-10', '2026-04-01', 2), ('PC-OS-01', 'annex', 2, '2026-02-15', '2026-04-01', 2)]"
check "judged as of that day, not of April" json "[(g['check'], g['target'], g['passes']) for g in j['received_later_good'] if g['check'] == 'PC-AGE-01'] == [('PC-AGE-01', 'annex', 2)] and j['received_later'] == []"
check "back to the fifteenth of March" status 0 lookback 2026-03-15 --format json
check "where that is no longer so" json "sorted((q['check'], q['target']) for q in j['received_later']) == [('PC-AGE-01', 'annex')] * 2 and 'PC-AGE-01' not in [g['check'] for g in j['received_later_good']]"
check "and a third was asked" json "[q['number'] for q in j['requests']] == [1, 2, 3]"
check "back to April" status 0 lookback 2026-04-02 --format json
check "with April's files" json "j['run'] == 2 and [(d['decided'], d['held']) for d in j['decisions']] == [('go on under conditions', False), ('talk again', False), ('stop', True), ('buy', True)]"
check "a request's whole story" json "[(q['number'], q['state']) for q in j['requests']] == [(1, 'received'), (2, 'open'), (3, 'open')] and [s['state'] for s in j['requests'][0]['steps']] == ['promised', 'refused', 'received']"
check "an expiry that was moved" json "[(w['check'], w['until'], w['live']) for w in j['waivers'] if w['held']] == [('NET-IF-01', '2099-02-01', True)]"
check "nothing of then came later" json "j['received_later'] == [] and j['received_later_good'] == []"

check "one domain narrows what was decided" status 0 lookback 2026-03-05 --domain assets --format json
check "to its own entries, and what speaks of everything" json "[(d['decided'], [r['item'] for r in d['remedies']], d['accepts_unknown'], d['left_out']) for d in j['decisions']] == [('go on under conditions', ['PC-SER-01'], [], 2), ('talk again', [], [], 0), ('stop', [], [], 0)]"
check "and accepted, asked and read" json "j['waivers'] == [] and j['requests'] == [] and ('sw1', 'interfaces') not in [(g['target'], g['table']) for g in j['never_read']]"
check "one target narrows them too" status 0 lookback 2026-03-05 --target sw1 --format json
check "to what speaks of it" json "[w['check'] for w in j['waivers']] == ['NET-IF-01'] and [q['number'] for q in j['requests']] == [1] and [(d['decided'], d['accepts_unknown']) for d in j['decisions']][0] == ('go on under conditions', ['NET-IF-01']) and j['received_later_good'] == []"
check "as text" status 0 lookback 2026-03-05
check "with the request" has "request 1: What sw1 tells over snmp; asked of IT contractor; listed on 2026-02-20"
check "its refusal" has "refused on 2026-03-03 by C. Sample: not before the letter"
check "since when the store knows what came later" has "stop, by Another board (the store has it since 2026-04-01, run 2; gone in the newest run)"
check "the good news" has "+ PC-OS-01 annex: 2 pass; observed 2026-02-15, received 2026-04-01 with run 2"
check "and no name of a fault" sh -c '! grep -qiE "blame|fault|guilt|negligen|should have" out'

# --- what is not a day ---------------------------------------------------------------------------------------------------------
check "a word is refused" status 2 lookback yesterday
check "with an example" says "a day like 2027-03-04, not 'yesterday'"
check "a day to come is refused" status 2 lookback 2998-01-01
check "a domain that nobody has is refused" status 2 lookback "$today" --domain hots
check "with words" says "has a domain 'hots' (did you mean 'hosts'?)"
check "a target that nobody has" status 2 lookback "$today" --target sw2
check "is asked back" says "has a target 'sw2' (did you mean 'sw1'?)"
check "a day is needed" status 2 lookback
check "help" status 0 lookback --help
check "of its options" sh -c 'grep -q -- "--domain" out && grep -q -- "--target" out'
echo "1..$n"
