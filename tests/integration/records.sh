#!/bin/sh
# What is wrong in waivers.yaml, decisions.yaml and work.yaml is told, with its place, by check, status, report and roadmap; nothing is told where nothing is wrong,
# and no exit status hangs on it.
. "${srcdir:?run by make check}/tests/integration/folder.sh"
folder_init records

warnings() { grep -c ': warning: ' err; }
silent() { [ ! -s err ]; }
day() { date -u -d "$1" +%F; }
today=$(day today)

cat >site.yaml <<'END'
preop: 1
site: riverside
name: Riverside Family Clinic
stage: diligence
timezone: UTC
milestones: {close: 2099-02-01, connect: 2099-03-01}
authorization: owner
checklists: [pcs]
targets:
  - {name: rmm, file: evidence/rmm.csv, as: csv/generic-assets}
  - {name: lost, file: evidence/lost.csv, as: csv/generic-assets}
END
cat >checklists/pcs.yaml <<'END'
checklist: pcs
version: 1
title: PCs
checks:
  - {id: PC-OS-01, was: [PC-WIN-01], title: PCs run Windows 11, domain: hosts, severity: high, gate: close, facts: hosts, pass: "os_name LIKE 'Windows 11%'", fix_group: replace-computer,
     why: Old ones get no updates., fix: Replace it., owner: it-infrastructure}
  - {id: PC-SER-01, title: PCs have a serial number, domain: hosts, severity: low, facts: hosts, pass: "length(serial) > 1", why: Nobody knows them., fix: Write it down., owner: compliance}
  - {id: PC-TWO-01, title: No serial number twice, domain: hosts, severity: low, query: "SELECT target, serial AS subject, count(*) = 1 AS ok FROM hosts WHERE serial IS NOT NULL GROUP BY target, serial",
     why: One of both is lost., fix: Look., owner: compliance}
END
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 10,A1\npc2,Windows 10,\npc3,Windows 11,A3\n' >evidence/rmm.csv

# --- nothing wrong -----------------------------------------------------------------------------------------------------------
cat >waivers.yaml <<END
- {check: PC-OS-01, target: rmm, subject: pc2, reason: no patient data on it, accepted_by: Dr. Sample, role: Medical director, date: $today, expires: $(day '+90 days')}
- {check: PC-WIN-01, target: rmm, subject: '["pc1"]', reason: under its former name, accepted_by: Dr. Sample, role: Medical director, date: 2026-01-02, expires: $(day '+90 days')}
- {check: PC-OS-01, target: rmm, subject: pc3, reason: passes, accepted_by: Dr. Sample, role: Medical director, date: 2026-01-02, expires: $(day '+90 days')}
- {check: PC-OS-01, target: rmm, subject: pc3, reason: an old record of what is mended, accepted_by: Dr. Sample, role: Medical director, date: 2025-01-02, expires: 2025-02-01}
- {check: PC-OS-01, target: lost, subject: pc7, reason: its list cannot be read today, accepted_by: Dr. Sample, role: Medical director, date: 2026-01-02, expires: $(day '+90 days')}
- {check: PC-OS-01, target: rmm, subject: pc2, reason: was renewed, accepted_by: Dr. Sample, role: Medical director, date: 2025-01-02, expires: $(day yesterday)}
END
cat >decisions.yaml <<END
- {decided: go on, by: Board, date: $today, run: '@first', milestone: close, accepts_unknown: [PC-SER-01], conditions: [{text: today is not late, owner: O. Wner, due: $today},
   {text: met, owner: O. Wner, due: $today, met: true}], remedies: [{item: 'replace-computer:close', remedy: price}, {item: replace-computer, remedy: price}, {item: PC-SER-01, remedy: accept}]}
END
printf -- '- {item: "replace-computer", status: ordered}\n' >work.yaml
check "a run" status 3 check --offline --label first -q
check "nothing is wrong: nothing is told" [ "$(warnings)" -eq 0 ]
for command in status report roadmap "roadmap --late"; do
    # shellcheck disable=SC2086 # words are meant
    check "nor by $command" sh -c "'$preop' --db s.db $command >out 2>err && [ ! -s err ]"
done

# --- waivers -----------------------------------------------------------------------------------------------------------------
cat >waivers.yaml <<END
- {check: PC-OS-10, reason: r, accepted_by: A, role: R, date: 2026-01-02, expires: 2099-01-02}
- {check: PC-OS-01, target: rnm, reason: r, accepted_by: A, role: R, date: 2026-01-02, expires: 2099-01-02}
- {check: PC-OS-01, target: rmm, subject: pc11, reason: r, accepted_by: A, role: R, date: 2026-01-02, expires: 2099-01-02}
- {check: PC-OS-01, target: rmm, subject: pc1, reason: r, accepted_by: A, role: R, date: 2025-01-02, expires: 2026-01-02}
- {check: PC-OS-01, target: rmm, subject: pc2, reason: r, accepted_by: A, role: R, date: 2098-01-02, expires: 2099-01-02}
- {id: W-1, check: PC-SER-01, target: rmm, reason: r, accepted_by: A, role: R, date: 2026-01-02, expires: 2097-01-02}
- {id: W-1, check: PC-SER-01, subject: pc2, reason: r, accepted_by: A, role: R, date: 2096-01-01, expires: 2099-01-02}
- {check: PC-TWO-01, target: rmm, subject: A9, reason: r, accepted_by: A, role: R, date: 2026-01-02, expires: 2099-01-02}
END
rm decisions.yaml work.yaml
check "waivers of nothing stop nothing" status 0 status
check "a check that is none, with what may be meant" says "waivers.yaml:1:11: warning: no check of this site is called 'PC-OS-10' (did you mean 'PC-OS-01'?): this waiver covers nothing"
check "a target that is none" says "waivers.yaml:2:29: warning: no target of this site is called 'rnm' (did you mean 'rmm'?): this waiver covers nothing"
check "a row that is none" says "waivers.yaml:3:43: warning: no row that PC-OS-01 could judge at rmm is called 'pc11' (did you mean 'pc1'?): this waiver covers nothing"
check "one that ended while it fails" says "waivers.yaml:4:111: warning: this waiver of PC-OS-01 expired on 2026-01-02: 1 failing finding that it covered counts again."
check "one that has not begun" says "waivers.yaml:5:90: warning: this waiver is dated in the future: until then it covers nothing"
check "one of what is only unknown" says "waivers.yaml:6:3: warning: what this waiver names is unknown, and only what fails can be waived: a decision may accept it"
check "one number for two" says "waivers.yaml:7:3: warning: the id 'W-1' stands in line 6 too"
check "two for one finding" says "waivers.yaml:7:3: warning: from 2096-01-01 to 2097-01-02 this waiver and the one in line 6 cover the same of PC-SER-01: keep one"
check "a subject that no query has found failing" says "waivers.yaml:8:44: warning: no run has found PC-TWO-01 failing for 'A9' at rmm: this waiver covers nothing"
check "and no more" [ "$(warnings)" -eq 10 ]
cp err told
for command in report roadmap; do
    check "$command" status 0 $command
    check "tells each once, in the same words" cmp err told
done
check "a report of a run that was named" status 0 report 1
check "speaks of that run alone" silent
check "a check" status 3 check --offline -q
check "tells each once too" sh -c "grep ': warning: ' err | cmp - told"
check "the same check again, called by a clock" status 3 check --offline -q
check "says none of it twice" sh -c '! grep -q ": warning: " err'
check "a check that is looked at" status 3 check --offline
check "says all of it" sh -c "grep ': warning: ' err | cmp - told"
cp waivers.yaml before.yaml
printf -- '- {check: PC-OS-11, reason: r, accepted_by: A, role: R, date: 2026-01-02, expires: 2099-01-02}\n' >>waivers.yaml
check "something new is wrong" status 3 check --offline -q
check "and is told, and that alone" sh -c "[ \$(grep -c ': warning: ' err) -eq 1 ] && grep -q \"waivers.yaml:9:11: warning: no check of this site is called 'PC-OS-11'\" err"
check "once" sh -c "'$preop' --db s.db check --offline -q >out 2>err; ! grep -q ': warning: ' err"
cp before.yaml waivers.yaml
check "as does a dry run" sh -c "'$preop' --db s.db check --offline --dry-run >out 2>err; grep ': warning: ' err | cmp - told"
check "before there is a store" sh -c "'$preop' --db none.db status >out 2>err && [ \$(grep -c ': warning: ' err) -eq 7 ] && grep -q 'waivers.yaml:4:111: warning: this waiver of PC-OS-01 expired on 2026-01-02' err"
printf 'Computer Name,Operating System,Serial Number\npc1,Windows 11,A1\npc2,Windows 11,A2\n' >evidence/rmm.csv
check "all is mended" status 3 check --offline -q
check "what ended and is mended is a record" sh -c '! grep -q "waivers.yaml:4" err'

# --- which two waivers meet ----------------------------------------------------------------------------------------------------
scope() { printf -- '- {check: %s, %sreason: r, accepted_by: A, role: R, date: %s, expires: %s}\n' "$@"; }
{
    scope PC-OS-01 'target: rmm, subject: pc1, ' 2026-01-01 2090-01-01   # 1
    scope PC-OS-01 'target: rmm, subject: pc2, ' 2026-01-01 2090-01-01   # 2: another row
    scope PC-OS-01 'target: rmm, subject: pc1, ' 2090-01-02 2091-01-01   # 3: later than 1
    scope PC-OS-01 'subject: pc1, ' 2091-01-01 2092-01-01                # 4: a day of 3
    scope PC-SER-01 'target: rmm, ' 2093-01-01 2094-01-01                # 5
    scope PC-SER-01 'subject: pc2, ' 2093-06-01 2094-06-01               # 6: the row pc2 of 5
    scope PC-SER-01 '' 2094-06-01 2095-01-01                             # 7: a day of 6
    scope PC-SER-01 'target: rmm, subject: pc1, ' 2094-01-01 2094-05-31  # 8: a day of 5, none of 6 and 7
    scope PC-SER-01 '' 2095-01-01 2096-01-01                             # 9: a day of 7
    scope PC-TWO-01 '' 2024-01-01 2025-01-01                             # 10
    scope PC-TWO-01 '' 2024-01-01 2025-01-01                             # 11: both ended
} >waivers.yaml
check "waivers that meet" status 0 status
grep -o 'yaml:[0-9]*:.*the one in line [0-9]*' err | sed 's/^yaml:\([0-9]*\):.* \([0-9]*\)$/\1-\2/' | LC_ALL=C sort | tr '\n' ' ' >pairs
check "are told two by two, and only these" [ "$(cat pairs)" = "4-3 6-5 7-6 8-5 9-7 " ]

# --- decisions, and what people say of the work --------------------------------------------------------------------------------
rm waivers.yaml
cat >decisions.yaml <<END
- {decided: go on, by: Board, date: 2026-01-02, run: 1, milestone: close}
- {decided: go on, by: Board, date: $today, run: 77}
- {decided: go on, by: Board, date: $today, run: latest}
- {decided: go on, by: Board, date: 2098-01-02, run: '@frist'}
- {decided: go on, by: Board, date: 2026-01-02, accepts_unknown: [PC-SER-01, PC-SRE-01],
   conditions: [{text: a second line, owner: N. Owner, due: $(day '3 days ago')}, {text: before it, owner: N. Owner, due: 2026-01-01}],
   remedies: [{item: PC-OS-01, remedy: price}, {item: replace-computr, remedy: price}, {item: 'replace-computer:clse', remedy: tsa}]}
END
printf -- '- {item: "PC-SER-02", status: ordered}\n' >work.yaml
check "decisions that reach nothing stop nothing" status 0 status
check "a run that was taken later" says "decisions.yaml:1:54: warning: run 1 was taken on $today, after this was decided on 2026-01-02: correct the run or the date"
check "a run that is none" says "decisions.yaml:2:54: warning: there is no run 77 in this store: \`preop history\` lists them"
check "a word that names another run tomorrow" says "decisions.yaml:3:54: warning: run 'latest' is another one after every check"
check "a day to come" says "decisions.yaml:4:37: warning: this decision is dated in the future"
check "a label that is none" says "decisions.yaml:4:54: warning: the site riverside has no run with the label frist"
check "an unknown of a check that is none" says "decisions.yaml:5:78: warning: no check of this site is called 'PC-SRE-01' (did you mean 'PC-SER-01'?): nothing is accepted by it"
check "a condition past its day" says "decisions.yaml:6:61: warning: the condition 'a second line' of N. Owner was due on $(day '3 days ago'), 3 days ago, and is not marked as met"
check "one that was due before it was made" says "this condition is due on 2026-01-01, before it was decided on 2026-01-02"
check "work under the name of its check" says "decisions.yaml:7:22: warning: the work of PC-OS-01 is called 'replace-computer': under this name this remedy reaches nothing"
check "work that is none" says "decisions.yaml:7:55: warning: no work is called 'replace-computr' (did you mean 'replace-computer'?): this remedy reaches nothing"
check "work for a milestone that is none" says "decisions.yaml:7:95: warning: no work is called 'replace-computer:clse'"
check "an entry of work.yaml" says "work.yaml:1:3: warning: no work is called 'PC-SER-02' (did you mean 'PC-SER-01'?): this entry reaches nothing"
check "and no more" [ "$(warnings)" -eq 12 ]
printf 'checklist: pcs\nversion: one\n' >checklists/pcs.yaml
check "where the checklists cannot be read" status 0 status
check "all that rests on them is left to check" [ "$(warnings)" -eq 7 ]
echo "1..$n"
