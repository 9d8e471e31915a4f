#!/bin/sh
# What people are asked, through the real program: asked on a terminal and left in the middle, set by a script, taken in from a spreadsheet; and what checks make of it.
# shellcheck disable=SC2154,SC2317 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
tap_init attest
preop=$builddir/preop
out=$tap_dir/out err=$tap_dir/err site=$tap_dir/riverside
PREOP_DB=$tap_dir/preop.db PREOP_DATADIR=$srcdir/checklists
export PREOP_DB PREOP_DATADIR
p() { "$preop" -C "$site" "$@" >"$out" 2>"$err"; status=$?; }
exits() { [ "$status" = "$1" ] || { echo "exit status $status"; cat "$out" "$err"; return 1; }; }
has_not() { ! has "$@" >/dev/null; }
equals() { [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }; }
fact() { "$preop" -C "$site" facts "$1" --format json | jq -r "$2"; }     # TABLE FILTER
reason() { "$preop" -C "$site" report --format json | jq -r ".checks[] | select(.id == \"$1\") | .findings[] | select(.status == \"unknown\") | .reason" | head -n 1; }
result() { "$preop" -C "$site" report --format json | jq -r ".checks[] | select(.id == \"$1\") | .status"; }
today=$(TZ=UTC date +%F)

"$preop" init "$site" >/dev/null || { echo "Bail out! no site"; exit 99; }
mkdir "$site/checklists"
cat >"$site/checklists/people.yaml" <<'YAML'
checklist: people
version: 1
title: What people were asked
checks:
  - {id: T-RA, title: Risk analysis, domain: people, severity: high, facts: form_cmp_ra_01, pass: 'signed AND days_since(date) <= :max_days', params: {max_days: 365}, why: It is the law., fix: Make one., owner: compliance, impact: {risk-mitigation: high}, effort_days: [1, 2]}
  - {id: T-SAID, title: Officer, domain: people, severity: low, facts: form_cmp_off_01, pass: is_vendor = 0, evidence: person, why: Somebody must., fix: Name one., owner: compliance, impact: {risk-mitigation: high}, effort_days: [1, 2]}
  - {id: T-RST, title: Restores, domain: people, severity: high, facts: form_bkp_rst_01, where: result IS NOT NULL, pass: result = 'ok', evidence: person, null_ok: a row without a result is nobody's, why: Backups must work., fix: Restore., owner: it-infrastructure, impact: {risk-mitigation: high}, effort_days: [1, 2]}
  - {id: T-WAN, title: Circuits, domain: people, severity: high, facts: circuits, pass: down_mbps >= 50, evidence: person, why: Lines carry it., fix: Order., owner: it-infrastructure, impact: {risk-mitigation: high}, effort_days: [1, 2]}
  - {id: T-BAA, title: Agreements, domain: people, severity: high, facts: business_associates, pass: agreement, evidence: person, why: It is the law., fix: Sign., owner: compliance, impact: {risk-mitigation: high}, effort_days: [1, 2]}
  - id: T-JOIN
    title: Listed systems are restored
    domain: people
    severity: low
    query: SELECT s.target, s.subject, (SELECT r.result FROM form_bkp_rst_01 AS r WHERE r.system = s.system) = 'ok' AS ok FROM systems AS s
    evidence: person
    why: A list must be whole.
    fix: List it.
    owner: it-infrastructure
    impact: {risk-mitigation: high}
    effort_days: [1, 2]
YAML
sed -i '/^checklists:/,/^  - ai /c checklists: [people]' "$site/site.yaml"
p lint "$site/checklists/people.yaml"
ok "checks over forms and sheets compile" exits 0

# --- nothing was said ------------------------------------------------------------------------------------------------------
p check --offline
ok "a site of whom nobody was asked anything can be checked" exits 0
ok "silence is unknown" equals "$(result T-RA) $(result T-SAID) $(result T-WAN) $(result T-BAA) $(result T-JOIN)" "unknown unknown unknown unknown unknown"
ok "and says whom to ask, and how" has "$out" 'attest'
ok "in the finding too" sh -c "case '$(reason T-RA)' in *'nobody has answered this. Ask compliance lead'*'preop attest CMP-RA-01'*) ;; *) exit 1 ;; esac"
p attest --list
ok "the list has them in the order of the first 90 days" sh -c "[ \"\$(grep -n 'CMP-AUTH-01' '$out' | cut -d: -f1)\" -lt \"\$(grep -n 'SUP-PM-01' '$out' | cut -d: -f1)\" ]"
ok "all of them open" has "$out" '^[0-9]+ open, 0 expired, 0 that cannot be read, 0 said, 0 with a document'
ok "within 80 columns" sh -c "! grep -qE '^.{81}' '$out'"

# --- a script says it --------------------------------------------------------------------------------------------------------
p attest --set CMP-RA-01.date=2026-03-01 --set CMP-RA-01.signed=yes
ok "an answer that nobody gave is refused" has "$err" '--by WHO is missing'
ok "with exit status 2" exits 2
p attest --set CMP-RA-01.date=03/04/2026 --set CMP-RA-01.signed=yes --by x
ok "an ambiguous date is refused with both readings" has "$err" 'CMP-RA-01.date may be 2026-03-04 or 2026-04-03'
p attest --set CMP-RA-01.signed=yes --set CMP-OFF-01.nothing=1 --by x
ok "one wrong value, and nothing is kept" test ! -e "$site/attestations.yaml"
p attest --set CMP-RA-01.date="$today" --set CMP-RA-01.signed=yes --set "CMP-RA-01.systems=EHR, PACS" --by "D. Reyes" --role "compliance lead"
ok "--set" exits 0
ok "the file is private" equals "$(stat -c %a "$site/attestations.yaml")" 600
p attest --set CMP-OFF-01.is_vendor=no --by "P. Mgr"
p check --offline
ok "what was only said does not pass a check that wants a document" equals "$(result T-RA)" unknown
ok "claimed only" sh -c "case '$(reason T-RA)' in 'claimed only: told by a person'*) ;; *) exit 1 ;; esac"
ok "and passes one that takes a word" equals "$(result T-SAID)" pass
echo "the analysis" >"$tap_dir/ra.pdf"
p attest --set CMP-RA-01.author="Acme Risk" --by "D. Reyes" --role "compliance lead" --evidence "$tap_dir/ra.pdf"
ok "a file is kept as proof" exits 0
ok "in evidence/" has "$site/evidence/index.yaml" 'evidence/ra.pdf'
p check --offline
ok "and makes it a document" equals "$(result T-RA) $(fact form_cmp_ra_01 '.[0].method')" "pass document"
ok "fields that were not named stay" equals "$(fact form_cmp_ra_01 '.[0] | "\(.systems) \(.author) \(.has_evidence) \(.answered_by)"')" "EHR, PACS Acme Risk true D. Reyes"
p facts form_cmp_ra_01 --format json --no-names
ok "names can be left out" has_not "$out" 'D. Reyes'
echo "forged" >"$site/evidence/ra.pdf"
p check --offline
ok "a proof that is not what was added proves nothing" equals "$(result T-RA)" unknown
echo "the analysis" >"$site/evidence/ra.pdf"

# --- lists, and none ---------------------------------------------------------------------------------------------------------
p attest --set 'BKP-RST-01[EHR].result=ok' --set 'BKP-RST-01[EHR].minutes=90' --set 'BKP-RST-01[Files].result=failed' --by IT --on 2026-01-02 --expires 2999-12-31
ok "rows of a list" exits 0
p attest --none business_associates --by "P. Mgr"
p check --offline
ok "a failing row fails" equals "$(result T-RST)" fail
ok "a list that is attested to be empty has no subject" equals "$(result T-BAA)" not-applicable
ok "a join with a sheet that nobody filled is unknown" equals "$(result T-JOIN)" unknown
p attest --set 'CMP-OFF-01.is_vendor=no' --by "P. Mgr" --on 2020-01-01
p check --offline
ok "an expired answer is unknown" equals "$(result T-SAID)" unknown
ok "too old" sh -c "case '$(reason T-SAID)' in 'the answer is too old'*'CMP-OFF-01 counted until 2020-12-31'*) ;; *) exit 1 ;; esac"
p attest --list
ok "the list says how each stands" sh -c "grep -q 'CMP-OFF-01 *expired' '$out' && grep -q 'CMP-RA-01 *document' '$out' && grep -q 'BKP-RST-01 *said' '$out'"

# --- sheets ------------------------------------------------------------------------------------------------------------------
p attest --sheet circuits --csv out -o "$tap_dir/empty.csv"
ok "a sheet to fill" has "$tap_dir/empty.csv" 'circuit,carrier,medium,.*down_mbps,up_mbps'
printf '\357\273\277circuit;carrier;down_mbps;up_mbps;contract_end\r\nC-1;Acme;100;20;2027-06-30\r\nC-2;"Acme; Inc";1.234,5;5;03/04/2026\r\n' >"$tap_dir/bad.csv"
p attest --sheet circuits --csv in "$tap_dir/bad.csv" --by "F. Inance"
ok "mangled values are refused" exits 2
ok "with row and column" has "$err" 'bad.csv:3: .*column down_mbps must be written without commas'
ok "each of them" has "$err" 'bad.csv:3: .*column contract_end may be 2026-03-04 or 2026-04-03'
ok "and nothing was taken" test ! -e "$site/sheets/circuits.csv"
printf '\357\273\277circuit;carrier;down_mbps;up_mbps;contract_end\r\nC-1;"Acme; Inc";100;20;2027-06-30\r\nC-2;=1+1;10;5;\r\n' >"$tap_dir/good.csv"
p attest --sheet circuits --csv in "$tap_dir/good.csv" --by "F. Inance" --evidence https://bills.example/1
ok "as Excel writes it" exits 0
ok "2 rows" has "$out" '^2 rows taken'
p check --offline
ok "rows are subjects at a target of their own" equals "$("$preop" -C "$site" report --format json | jq -r '.checks[] | select(.id == "T-WAN") | "\(.pass) \(.fail) \(.findings[0].target)"')" "1 1 sheet circuits"
p attest --sheet circuits --csv out -o "$tap_dir/again.csv"
ok "out again: a formula is defused" has "$tap_dir/again.csv" "'=1\\+1"
p attest --sheet circuits --csv in "$tap_dir/again.csv" --by "F. Inance"
ok "and in again" equals "$(cat "$err")" ""
printf 'circuit,down_mbps\r\nC-1,999\r\n' >"$site/sheets/circuits.csv"
p check --offline
ok "a sheet that was changed behind our back does not count" equals "$(result T-WAN) $status" "unknown 3"
ok "and says so" has "$out" 'cannot be read as said'
p attest --sheet admin_custody --csv in /dev/stdin --by x <"$tap_dir/good.csv"
ok "a stream is no file" exits 2
printf 'what,held_by\r\nfirewall,Tr0ub4dor&3\r\n' >"$tap_dir/secret.csv"
p attest --sheet admin_custody --csv in "$tap_dir/secret.csv" --by x
ok "a password is refused" has "$err" 'column held_by looks like a secret'
ok "and not shown" has_not "$err" 'Tr0ub4dor'

# --- files ---------------------------------------------------------------------------------------------------------------------
cat >"$tap_dir/answers.yaml" <<'YAML'
CMP-TRN-01:
  answers: {staff: 48, trained: 47}
VND-SAT-01:
  by: An interviewer
  on: 2026-11-01
  rows:
    - {vendor: Acme, interview: "1", role: billing, score: 4}
systems:
  rows:
    - {system: EHR, kind: ehr, criticality: clinical}
    - {system: Files, kind: files}
YAML
p attest --from "$tap_dir/answers.yaml" --by "P. Mgr"
ok "--from a file" exits 0
ok "sheets too" has "$site/sheets/systems.csv" '^EHR,ehr'
p check --offline
ok "the join is known now" equals "$(result T-JOIN)" fail
p attest --from "$tap_dir/none.yaml" --by x
ok "a file that is not there" exits 2
cp "$site/attestations.yaml" "$tap_dir/kept.yaml"
printf 'CMP-RA-01:\n  by: x\n  on: 2026-01-01\n  answers: {dat: 2026-01-01}\n' >"$site/attestations.yaml"
p check --offline
ok "a wrong file is named with its place" has "$err" "attestations.yaml:4:.*'dat'.*did you mean 'date'"
ok "and stops the check" exits 2
{ echo "# my own words"; cat "$tap_dir/kept.yaml"; echo "# and the last"; } >"$site/attestations.yaml"
p attest --set CMP-TRN-01.staff=50 --by "P. Mgr"
ok "comments stay" sh -c "grep -q '^# my own words' '$site/attestations.yaml'"
ok "one entry for each form" equals "$(grep -c '^CMP-TRN-01:' "$site/attestations.yaml")" 1
printf 'CMP-OFF-01:\n  by: "\\e[31mred"\n  on: 2020-01-01\n  answers: {is_vendor: false}\n' >"$tap_dir/esc.yaml"
p attest --from "$tap_dir/esc.yaml"
ok "a control character in a name is refused" exits 2
ok "and never reaches the terminal" sh -c "! grep -q \"\$(printf '\\033')\" '$err'"

# --- paper ---------------------------------------------------------------------------------------------------------------------
p attest --print CMP-RA-01 circuits
ok "a form for paper" has "$out" 'date _____'
ok "within 80 columns" sh -c "! tr -d '\\f' <'$out' | grep -qE '^.{81}'"
ok "without what was answered before" has_not "$out" 'Acme|D. Reyes'
p attest --print
ok "all of them" has "$out" 'SUP-PIR-01'

# --- on a terminal, and left in the middle ---------------------------------------------------------------------------------------
ask() { python3 "$srcdir/tests/integration/attest_pty.py" "$preop" "$site" "$@" >"$out" 2>"$err"; status=$?; }
ask CMP-IRP-01 -- 2026-02-01 2026-05-05 KILL
ok "killed in the middle" exits 0
ok "the answer is not there" has_not "$site/attestations.yaml" '^CMP-IRP-01'
ok "what was typed is kept" has "$site/attestations.draft.yaml" 'exercised: 2026-05-05'
ask CMP-IRP-01 -- '' '' '' '' '' yes yes 1 "A. Reyes" security '' '' ''
ok "asked again" exits 0
ok "it says that it was begun" has "$out" 'Begun +and not finished'
ok "with what was typed in brackets" has "$out" 'plan_date \[2026-02-01\] >'
ok "and Enter keeps it" sh -c "sed -n '/^CMP-IRP-01/,/^[A-Z]*-[A-Z]/p' '$site/attestations.yaml' | grep -q 'plan_date: 2026-02-01'"
ok "the draft is gone" has_not "$site/attestations.draft.yaml" '^CMP-IRP-01'
ask CMP-LOG-01 -- Compliance 30 nonsense back 31 2026-11-01 3 90 "D. Reyes" '' '' '' ''
ok "a wrong value is asked again, back goes back" sh -c "sed -n '/^CMP-LOG-01/,/^[A-Z]*-[A-Z]/p' '$site/attestations.yaml' | grep -q 'interval_days: 31'"
ok "with words" has "$out" 'It must be a date like 2026-03-31'
ask IDN-MFA-01 -- a remote yes 40 2 app a mail no '' '' '' done "IT" '' '' '' ''
ok "rows one by one" sh -c "sed -n '/^IDN-MFA-01/,/^[A-Z]*-[A-Z]/p' '$site/attestations.yaml' | grep -c 'area:' | grep -qx 2"
ask closets -- none "P. Mgr" '' '' '' ''
ok "nothing of a kind" sh -c "sed -n '/^closets/,/^[a-zA-Z]*:/p' '$site/attestations.yaml' | grep -q 'none: true'"
ask CMP-SAN-01 -- skip
ok "skip leaves it" has_not "$site/attestations.yaml" '^CMP-SAN-01'
ask CMP-SAN-01 -- q
ok "q leaves" has "$out" 'Left. What was typed is kept'
ask CMP-BRH-01 -- '' '' '' '' '' no "S. Eller" '' '' "$tap_dir/ra.pdf" ''
ok "a file typed as proof is kept" sh -c "sed -n '/^CMP-BRH-01/,/^[A-Z]*-[A-Z]/p' '$site/attestations.yaml' | grep -q 'evidence: \"evidence/ra.pdf\"'"
ok "no line of a screen is wider than 80 columns" sh -c "! tr -d '\\r' <'$out' | sed 's/\\x1b\\[[0-9;]*[A-Za-z]//g' | grep -v 'ra.pdf' | grep -qE '^.{81}'"
p check --offline
ok "the folder is whole at the end" exits 3
p verify
ok "and the store verifies" exits 0
tap_done
