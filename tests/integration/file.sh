#!/bin/sh
# The file probe, in a real locked worker: exports as people send them, through the shipped mappings and one of one's own.
set -u
: "${srcdir:?run by make check}" "${builddir:?}"
probe_run=$builddir/tests/lib/probe_run
mappings=$srcdir/checklists/data/mappings/csv
work=$builddir/tests/integration/file.work
n=0

ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - $1"; cut -c1-300 out | tail -n 15 | sed 's/^/# /'; }
check() { words=$1; shift; if "$@" >/dev/null 2>&1; then ok "$words"; else not_ok "$words"; fi; }
has() { grep -q -- "$1" out; }
has_not() { ! grep -q -- "$1" out; }
state() { grep -q "^table	$1	$2	${3:-}" out; }
rows() { [ "$(grep -c "^row	$1" out)" -eq "$2" ]; }

rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 99
trap 'cd "$builddir" && if [ -z "${KEEP:-}" ]; then rm -rf "$work"; fi' EXIT
# run MAPPING.yaml TABLE FILE KEY=VALUE...
run() {
    yaml=$1 table=$2 file=$3
    shift 3
    "$builddir/tests/lib/mapping_wire" "$yaml" America/Chicago >wire || { echo "Bail out! $yaml does not load"; exit 99; }
    "$probe_run" --evidence "$file" file target=assets table="$table" file.mapping@wire "$@" >out 2>err
}

# --- a spreadsheet of a contractor ---------------------------------------------------------------------------------------
{
    printf '\357\273\277Inventory;;;;;\r\nmade on;11/01/2025;;;;\r\nComputer Name;Operating System;RAM (GB);Serial Number;Last Seen;IP Address\r\n'
    printf 'FRONT-1.clinic.local;Windows 11 Pro;16 GB;"=""00123""";11/05/2025 08:30;10.20.0.31\r\n'
    printf 'EXAM-2;"Windows 10; 22H2";8;#N/A;05.11.2025;10.20.0.32\r\n'
    printf 'srv1;Windows Server 2012 R2;thirty;abc;Never;10.20.0.15\r\n;;;;;\r\nTotal: 3;;;;;\r\n'
} >assets.csv
run "$mappings/generic-assets.yaml" hosts assets.csv file.observed=2025-11-02T00:00:00Z "alias=10.20.0.15	ehr-app" "alias=assets	assets"
check "the worker ends in order" has '^exit	0$'
check "locked, without network" has '^sandbox	'
check "title, semicolons, BOM, Excel's zeros" has '^row	hosts		name=front-1	os_name=Windows 11 Pro	memory_bytes=17179869184	serial=00123$'
check "a total below the list is no host" has '^note	hosts	rows that are a sum or a remark, and were left out: 1; the first is row 8$'
check "three hosts" rows hosts 3
check "a separator within quotes; an error of Excel is no serial number" has '^row	hosts		name=exam-2	os_name=Windows 10; 22H2	memory_bytes=8589934592$'
check "a row that is a target of the site" has '^row	hosts	ehr-app	name=srv1	'
check "unreadable values are counted, with their place" has '^note	hosts	1 value of "RAM (GB)" could not be read as a number; the first is in row 6$'
check "and dates" has '^note	hosts	1 value of "Last Seen" could not be read as a date; the first is in row 5$'
check "a date that may be in May or in November is none, and that is said" has '^note	hosts	dates left unknown: 1 of "Last Seen" may have the month or the day first, .*(the first is row 4).*dates: month-first or dates: day-first'
check "what the file has no headings for" has '^note	hosts	the file has no headings for: fqdn, os_version, .*They stay unknown$'
check "complete" state hosts complete none

run "$mappings/generic-assets.yaml" hosts assets.csv file.dates=month-first
check "where the site says it, the month first" has '	name=front-1	.*	last_seen_at=2025-11-05T14:30:00Z$'
run "$mappings/generic-assets.yaml" hosts assets.csv file.dates=day-first
check "or the day" has '	name=front-1	.*	last_seen_at=2025-05-11T13:30:00Z$'

# --- encodings -----------------------------------------------------------------------------------------------------------
printf 'Computer Name,Assigned To\nPC1,M\374ller\n' >cp1252.csv
run "$mappings/generic-assets.yaml" hosts cp1252.csv
check "CP1252" has '	last_user=Müller$'
printf '\377\376N\0a\0m\0e\0,\0O\0S\0\n\0p\0c\0,\0x\0\n\0' >utf16.csv
run "$mappings/generic-assets.yaml" hosts utf16.csv
check "UTF-16" has '^row	hosts		name=pc	os_name=x$'
printf 'Name,Assigned To\npc1,Caf\202\n' >cp850.csv
run "$mappings/generic-assets.yaml" hosts cp850.csv file.encoding=CP850
check "an encoding that site.yaml names" has '	last_user=Café$'
run "$mappings/generic-assets.yaml" hosts cp850.csv file.encoding=no-such
check "an encoding that nobody knows" state hosts failed 'bad-file	unknown encoding no-such'

# --- exports of products --------------------------------------------------------------------------------------------------
printf 'systemName,dnsName,os.name,lastContact,biosSerialNumber\nPC7,pc7.clinic.local,Windows 11,1762331400.25,X1\nPC8,,Windows 11,1762331400,x2\n' >ninja.csv
run "$mappings/ninjaone.yaml" hosts ninja.csv
check "NinjaOne: seconds since 1970" has '^row	hosts		name=pc8	os_name=Windows 11	serial=X2	last_seen_at=2025-11-05T08:30:00Z$'
printf 'Device Hostname,Operating System,Last Seen,Last User\nPC7,Windows 11,1762331400000,x\\y\n' >datto.csv
run "$mappings/datto-rmm.yaml" hosts datto.csv
check "Datto: milliseconds since 1970" has '	last_seen_at=2025-11-05T08:30:00Z	last_user='
printf '#TYPE Microsoft.ActiveDirectory.Management.ADUser\n"ObjectGUID","SamAccountName","Enabled","Description","PasswordLastSet","LastLogonDate"\n' >ad.csv
printf '"0F1E-1","ana","True","CANARY-note","11/15/2025 8:30:00 AM",""\n"0F1E-2","ben","False","CANARY-note","5.11.2025 8:30","11/25/2025 8:30:00 PM"\n' >>ad.csv
run "$mappings/ad-users.yaml" directory_accounts ad.csv
check "Export-Csv: the line above the headings, true and false, times with AM" has '^row	directory_accounts		id=0f1e-1	login=ana	kind=user	enabled=1	password_set_at=2025-11-15T14:30:00Z'
check "a date of another country stays unknown" has '^row	directory_accounts		id=0f1e-2	login=ben	kind=user	enabled=0	last_logon_at=2025-11-26T02:30:00Z$'
check "descriptions are not read" has_not CANARY

# --- files that do not fit ------------------------------------------------------------------------------------------------
printf 'Machine;Kind\npc1;x\n' >other.csv
run "$mappings/datto-rmm.yaml" hosts other.csv
check "a required heading that is missing is named, with those that are there" \
    state hosts failed 'bad-file	no heading "Device Hostname" or "hostname"; the file has "Machine", "Kind"'
: >empty.csv
run "$mappings/datto-rmm.yaml" hosts empty.csv
check "an empty file" state hosts failed 'bad-file	the file is empty'
printf 'hostname\n' >heading.csv
run "$mappings/datto-rmm.yaml" hosts heading.csv
check "headings and nothing below" state hosts failed 'bad-file	no row of the file is about hosts'
printf 'hostname,Operating System\npc1,a\npc2,b,c\npc3,"cut' >broken.csv
run "$mappings/datto-rmm.yaml" hosts broken.csv
check "rows that are shifted, and a quote that is never closed: partial" state hosts partial bad-file
check "what was right is kept" rows hosts 1
head -c 300000 /dev/urandom >noise.csv
run "$mappings/datto-rmm.yaml" hosts noise.csv
check "noise" state hosts failed bad-file
head -c 200000 /dev/zero >zeros.csv
run "$mappings/datto-rmm.yaml" hosts zeros.csv
check "zeros" state hosts failed bad-file
truncate -s 110M large.csv
run "$mappings/datto-rmm.yaml" hosts large.csv
check "more than 100 MiB" state hosts failed 'bad-file	the file is larger than 100 MiB'
rm -f large.csv
"$probe_run" --evidence assets.csv file target=assets table=hosts >out 2>err
check "without a mapping" state hosts not-asked no-mapping
"$builddir/tests/lib/mapping_wire" "$mappings/datto-rmm.yaml" >wire
"$probe_run" file target=assets table=hosts file.mapping@wire >out 2>err
check "without a file" state hosts failed file-missing
"$probe_run" --evidence heading.csv file target=assets table=hosts table=interfaces file.mapping@wire >out 2>err
check "a table that the mapping does not fill" state interfaces not-asked no-mapping
{ echo hostname; i=0; while [ $i -lt 3000 ]; do echo "pc$i"; i=$((i + 1)); done; } >many.csv
run "$mappings/datto-rmm.yaml" hosts many.csv max_rows=1000
check "more rows than a job may send" state hosts partial limit
check "the first of them are kept" rows hosts 1000

# --- networks: a DHCP server's scopes, a register of addresses ------------------------------------------------------------
printf '#TYPE x\r\n"ScopeId","SuperscopeName","AddressesFree","AddressesInUse","PendingOffers","ReservedAddress","PercentageInUse"\r\n' >scopes.csv
printf '"10.20.0.0","","40","160","0","5","80"\r\n"10.20.8.0","","0","0","0","0","0"\r\n"10.20.9.0","","","7","0","0","1,5"\r\n' >>scopes.csv
run "$mappings/windows-dhcp-scopes.yaml" dhcp_scopes scopes.csv
check "a scope's use, below PowerShell's line of types" has '^row	dhcp_scopes		scope=10.20.0.0	addresses_in_use=160	addresses_free=40	addresses_reserved=5	pending_offers=0	in_use_percent=80'
check "a scope without its counts is left out" rows dhcp_scopes 2
printf 'ScopeId,Free\n10.20.0.0,4\n' >scopes.csv
run "$mappings/windows-dhcp-scopes.yaml" dhcp_scopes scopes.csv
check "another export says which heading is missing, and which are there" state dhcp_scopes failed 'bad-file	no heading "AddressesInUse"; the file has "ScopeId", "Free"'
printf 'Prefix,Prefix (Flat),Status,VRF,Site,VLAN,Role\n..10.20.0.0/22,10.20.0.0/22,Active,Global,HQ,Guest (30),Clinic\nx,10.20.0.5/24,Container,lab,,,\n' >netbox.csv
run "$mappings/ipam-prefixes.yaml" prefixes netbox.csv
check "NetBox: the flat prefix, the common table, the VLAN as it is written" has '^row	prefixes		prefix=10.20.0.0/22	status=active	role=Clinic	place=HQ	vlan=Guest (30)$'
check "complete" state prefixes complete none
printf 'Section;Subnet;Description;VLAN;VLAN Domain;VRF\nClinics;fd00:20::/48;x;NA;;\nClinics;Old (folder);;;;\nClinics;10.30.0.0/16;CANARY;30;default;\n' >phpipam.csv
run "$mappings/ipam-prefixes.yaml" prefixes phpipam.csv
check "phpIPAM" has '^row	prefixes		prefix=10.30.0.0/16	place=Clinics	vlan=30$'
check "its folders are no networks, and are counted" state prefixes partial 'bad-file	1 rows were left out because a required value could not be read; the first is row 3'
check "in words" has '^note	prefixes	1 value of "Subnet" could not be read as a network; the first is in row 3$'
check "descriptions are not read" has_not CANARY

echo "1..$n"
