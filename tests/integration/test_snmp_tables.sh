#!/bin/sh
# Every recording of the corpus through a real session: the tables beyond devices and interfaces. Rows are counted against truth.tsv and against the
# recording itself, some facts by their values, and the questions. Prints the table.
# The corpus lies beside the project, not in it: PREOP_CORPUS names it (a folder with truth.tsv), else ../shared/corpus/snmp.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init snmp_tables

corpus=${PREOP_CORPUS:-$srcdir/../shared/corpus/snmp}
[ -r "$corpus/truth.tsv" ] || skip_all "the corpus of recordings is not here (PREOP_CORPUS names it)"
port=$((12000 + $$ % 19000))        # two builds may test side by side
tables="routes vlans vlan_ports spanning_tree spanning_tree_ports storage processors memory ups printers printer_supplies poe poe_ports wireless sensors hardware_states sessions subscriptions tunnels time_sources configurations redundancy"

i=0
: >"$tap_dir/list"
for f in "$corpus"/*.snmprec; do
    i=$((i + 1))
    echo "127.77.10.$i:$port=$f" >>"$tap_dir/list"
done
"$builddir/tests/tools/snmprec_serve" --list "$tap_dir/list" >"$tap_dir/served" 2>"$tap_dir/served.err" &
pid=$!
trap 'kill $pid 2>/dev/null' EXIT
wait_for 20 has "$tap_dir/served" "^ready $i\$" || { ok "the recordings are served" false; tap_done; exit 1; }

wanted=""
for t in $tables; do
    wanted="$wanted table=$t"
done
: >"$tap_dir/rows"
while IFS='=' read -r where file; do
    # shellcheck disable=SC2086    # one argument for each table
    "$builddir/tests/lib/probe_run" snmp "host=${where%:*}" port="$port" snmp.version=2c snmp.community=public fast=1 timeout_ms=2000 retries=2 \
        table=interfaces table=neighbors table=components $wanted >"$tap_dir/out" 2>&1
    sed "s|^|${file##*/}	|" "$tap_dir/out" >>"$tap_dir/rows"
done <"$tap_dir/list"

# VLANs of a recording: the distinct last numbers of dot1qVlanStaticTable and dot1qVlanCurrentTable, the distinct last numbers of vtpVlanTable.
for f in "$corpus"/*.snmprec; do
    awk -F '|' -v file="${f##*/}" '
        $1 ~ /^1\.3\.6\.1\.2\.1\.17\.7\.1\.4\.[23]\.1\./ || $1 ~ /^1\.3\.6\.1\.4\.1\.9\.9\.46\.1\.3\.1\.1\.[234]\./ { n = split($1, o, "."); if (o[n] >= 1 && o[n] <= 4094) seen[o[n]] = 1 }
        END { for (v in seen) k++; print file "\t" k + 0 }' "$f"
done >"$tap_dir/vlans"

awk -F '\t' -v tables="$tables" '
    FILENAME ~ /truth.tsv$/ { if (FNR == 1) for (i = 1; i <= NF; i++) col[$i] = i; else storage[$1] = $(col["n_hrStorage"]) + 0; next }
    FILENAME ~ /vlans$/ { vlans[$1] = $2; files[++n_files] = $1; next }
    $2 == "row" { rows[$1, $3]++ }
    $2 == "asked" { questions[$1]++ }
    $2 == "table" && $4 == "failed" && $3 != "interfaces" { print "failed " $1 " " $3 " " $5 }
    END {
        n = split(tables, t, " ")
        for (f = 1; f <= n_files; f++) {
            line = ""
            for (k = 1; k <= n; k++) if (rows[files[f], t[k]]) { line = line " " t[k] " " rows[files[f], t[k]]; had[t[k]]++ }
            printf "# %-32s %3d questions%s\n", files[f], questions[files[f]], line
            if (rows[files[f], "storage"] + 0 != storage[files[f]]) print "differs " files[f] " storage " rows[files[f], "storage"] + 0 " not " storage[files[f]]
            if (rows[files[f], "vlans"] + 0 != vlans[files[f]]) print "differs " files[f] " vlans " rows[files[f], "vlans"] + 0 " not " vlans[files[f]]
        }
        for (k = 1; k <= n; k++) print "had " t[k] " " had[t[k]] + 0
    }' "$corpus/truth.tsv" "$tap_dir/vlans" "$tap_dir/rows" >"$tap_dir/table"
grep '^#' "$tap_dir/table"

none() { ! grep "^$1" "$tap_dir/table"; }
ok "as many stores and VLANs as the recordings have" none differs
ok "no table failed" none failed
# no recording has ports that give power, or an NTP MIB
filled() { awk '$1 == "had" && $3 == 0 && $2 != "poe_ports" && $2 != "time_sources" { print; bad = 1 } END { exit bad }' "$tap_dir/table"; }
ok "every table is filled by some recording" filled

# fact FILE TABLE WORD...: one row of that table has all of these
fact() {
    file=$1 table=$2
    shift 2
    grep "^$file.snmprec	row	$table	" "$tap_dir/rows" >"$tap_dir/some" || return 1
    for word in "$@"; do
        grep -F "	$word" "$tap_dir/some" >"$tap_dir/less" || return 1
        mv "$tap_dir/less" "$tap_dir/some"
    done
}
ok "an APC's runtime, load and battery" fact apc_smtl1000-nmc3 ups runtime_s=1522 load_percent=37.8 replace_battery=0 on_battery=0
ok "a Tripp Lite whose alarm asks for a battery" fact poweralert_2 ups replace_battery=1 runtime_s=1440 load_percent=27
ok "a CyberPower's battery, and the date of it" fact cyberpower_pr2200rt2uc ups battery_replaced_at=2026-06-30T00:00:00Z runtime_s=10500
ok "a switch's power budget" fact ios_2960x poe budget_watts=370 used_watts=115
ok "a firewall's processor" fact fortigate_60fospfv3 processors source=FORTINET-FORTIGATE-MIB
ok "a firewall's default route" fact fortigate_60fospfv3 routes destination=0.0.0.0/0 is_default=1
ok "caches are not in use" fact edgeos memory source=UCD-SNMP-MIB used_bytes=142999552
ok "a printer's drum" fact jetdirect_m130nw printer_supplies "description=Imaging Drum HP CF219A" level_percent=71
ok "some toner is no figure" fact brother printer_supplies level_state=some
ok "clients of a network" fact ciscowlc_cbw240ac wireless kind=network network=ssid1 clients=23
ok "a radio's channel and load" fact ciscowlc_cbw240ac wireless kind=radio access_point=ap1 channel=36 "band=5 GHz" utilization_percent=19
ok "a temperature" fact asa sensors kind=celsius value=67
ok "a stack's power supply" fact ios_2960x hardware_states kind=powerSupply number=2006 "name=Sw2, PS1 Normal, RPS NotExist" state=ok word=normal
ok "a stack's members" fact ios_2960x redundancy source=CISCO-STACKWISE-MIB number=1001 mode=master state=ready
ok "a power supply by its class" fact iosxe_isr4321 hardware_states source=CISCO-ENTITY-FRU-CONTROL-MIB kind=powerSupply state=ok word=on
ok "a router's fan" fact junos_rpm hardware_states source=JUNIPER-MIB kind=fan "name=SRX240 CPU fan 1" state=ok word=running
ok "no alarm" fact junos_rpm hardware_states kind=alarm name=red state=ok
ok "a switch's power supply that is not there" fact procurve_e2910 hardware_states source=HP-ICF-CHASSIS kind=powerSupply "name=RPS Power Supply Sensor" state=absent word=notPresent
ok "a component that says how it is" fact procurve hardware_states source=ENTITY-STATE-MIB state=ok word=enabled
ok "a store's disks and array" fact dsm hardware_states source=SYNOLOGY-RAID-MIB kind=array "name=Volume 1" state=ok
ok "a server's disk" fact drac_r640 hardware_states kind=disk "name=Disk 0 in Backplane 1 of RAID Controller in SL 3" state=ok
ok "a place for a fan, empty" fact hpe-ilo_4 hardware_states kind=fan number=0.1 state=absent
ok "a pool of disks" fact truenas_11-3 hardware_states source=FREENAS-MIB kind=array name=freenas-boot state=ok
ok "a firewall's sessions, of how many" fact sonicwall_sonicos7 sessions active=573 maximum=375000 used_percent=0.1528
ok "a firewall's sessions" fact fortigate_60fospfv3 sessions active=313
ok "sessions in use, not the most that there ever were" fact asa sessions number=40.6 active=7756
ok "signatures' versions" fact panos_440 subscriptions kind=signatures name=threats version=8870-8836
ok "a tunnel, and what its keys were agreed with" fact asa tunnels number=3455 up=1 remote_address=149.217.60.23
ok "a configuration that was changed after it was saved" fact ssd_cisco-c3750 configurations running_changed_s=3632943 saved_s=17515388 unsaved=1
ok "a firewall that stands alone" fact panos_440 redundancy mode=standalone state=disabled
ok "a pair of firewalls" fact asa redundancy source=CISCO-FIREWALL-MIB number=7 state=standby
# how many it takes depends on round trips, too: a busy machine asks for less at a time
few() { awk -F '\t' '$2 == "asked" { n[$1]++ } END { for (f in n) if (n[f] > 220) { print f, n[f]; bad = 1 } exit bad }' "$tap_dir/rows"; }
ok "no device was asked more than 220 questions" few
tap_done
