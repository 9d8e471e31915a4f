#!/bin/sh
# Clients in networks of guests and patients are counted: neither their names nor their addresses reach the store, whatever file they are in.
# shellcheck disable=SC2317
# shellcheck source=tests/integration/tap.sh
. "${srcdir:?run by make check}/tests/integration/tap.sh"
: "${builddir:?}"
tap_init guests
preop=$builddir/preop
export PREOP_DB="$tap_dir/preop.db" PREOP_DATADIR="$srcdir/checklists"
cd "$tap_dir" || exit 99

# Names, hardware addresses and addresses of guests; in decimal and text forms that a store could keep.
hidden='CANARY|de:ad:be:ef|de-ad-be-ef|DEADBEEF|10[.]20[.]3[.][1-9]'
nothing_kept() { ! grep -aiE -- "$hidden" preop.db preop.db-wal 2>/dev/null; }

cat >unifi.csv <<'END'
mac,ip,name,hostname,essid,network,vlan,is_guest,is_wired,ap_mac,sw_mac,sw_port,oui,first_seen,last_seen
00:11:22:33:44:01,10.20.0.31,Front desk,FRONT-1,Clinic,LAN,1,false,false,f0:9f:c2:00:00:01,,,Dell,1793000000,1793630000
00:11:22:33:44:02,10.20.0.32,,EXAM-2,,LAN,1,false,true,,f0:9f:c2:00:00:02,7,Dell,1793000000,1793630000
de:ad:be:ef:00:01,10.20.3.11,CANARY Jane's iPhone,CANARY-JANE,Riverside Guest,Guests,30,true,false,f0:9f:c2:00:00:01,,,Apple,1793000000,1793630000
de:ad:be:ef:00:02,10.20.3.12,,CANARY-JOHN,PatientWiFi,LAN,31,false,false,f0:9f:c2:00:00:01,,,Samsung,1793000000,1793630000
de:ad:be:ef:00:03,10.20.3.13,CANARY,CANARY,PatientWiFi,LAN,31,false,false,f0:9f:c2:00:00:01,,,Samsung,1793000000,1793630000
END
cat >meraki.csv <<'END'
MAC address,description,ip,vlan,namedVlan,ssid,switchport,recentDeviceName,recentDeviceConnection,manufacturer,os,firstSeen,lastSeen
00:11:22:33:44:05,SCAN-1,10.20.0.41,1,Staff,,3,SW1,Wired,HP,,2026-11-01T10:00:00Z,2026-11-02T10:00:00Z
de:ad:be:ef:00:05,CANARY phone,10.20.3.15,30,,guest-wifi,,AP1,Wireless,Apple,iOS,2026-11-01T10:00:00Z,2026-11-02T10:00:00Z
de:ad:be:ef:00:06,CANARY wired,10.20.3.16,30,,,4,SW1,Wired,Apple,,2026-11-01T10:00:00Z,2026-11-02T10:00:00Z
END
{
    printf '"IPAddress","ScopeId","ClientId","HostName","AddressState","LeaseExpiryTime","Description"\r\n'
    printf '"10.20.0.51","10.20.0.0","00-11-22-33-44-07","NURSE-1.clinic.local","Active","11/3/2026 8:15:00 AM","CANARY"\r\n'
    printf '"10.20.3.17","10.20.3.0","de-ad-be-ef-00-07","CANARY-PHONE","Active","11/23/2026 8:15:00 AM",""\r\n'
} >leases.csv
cat >scan.xml <<'END'
<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap" args="nmap -sS" start="1793631600" version="7.93"><scaninfo protocol="tcp" services="22"/>
<host><status state="up"/><address addr="10.20.0.2" addrtype="ipv4"/><address addr="00:11:22:33:44:08" addrtype="mac"/></host>
<host><status state="up"/><address addr="10.20.3.18" addrtype="ipv4"/><address addr="de:ad:be:ef:00:08" addrtype="mac"/><hostnames><hostname name="CANARY" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="22"><state state="open"/></port></ports></host>
<runstats><finished time="1793631610" exit="success"/></runstats></nmaprun>
END

"$preop" init site >/dev/null 2>&1 || { ok "a site" false; tap_done; exit 1; }
sed -i '/^targets:/,$d' site/site.yaml
for f in unifi.csv:csv/unifi-clients meraki.csv:csv/meraki-clients leases.csv:csv/windows-dhcp-leases; do
    ok "evidence add takes ${f%%:*}" "$preop" -C site evidence add "${f%%:*}" --from "Acme IT" --observed 2026-11-02 --as "${f#*:}"
done

# --- the site file says nothing: what cannot be told is left out -------------------------------------------------------------
"$preop" -C site check --offline >page 2>&1
"$preop" -C site facts network_clients --format json >facts
"$preop" -C site facts client_counts --format json >counts
ok "clients of the clinic's own networks are facts" has facts '"mac":"00:11:22:33:44:01".*"name":"Front desk"'
ok "by cable too, when a heading says so" has facts '"name":"SCAN-1"'
ok "guests are counted under their network's name" has counts '"network":"Riverside Guest","clients":1'
ok "and patients" has counts '"network":"PatientWiFi","clients":2'
ok "leases, of which nobody can tell, are left out" has_not facts 'NURSE-1'
ok "nothing of a guest is in the store" nothing_kept
"$preop" -C site report >page 2>&1
ok "nor in a report" has_not page "$hidden"

# --- it does -----------------------------------------------------------------------------------------------------------------
ok "evidence add takes scan.xml" "$preop" -C site evidence add scan.xml --from "Acme IT" --observed 2026-11-02 --as nmap
sed -i 's/^stage:/guest_networks: [10.20.3.0\/24, Lobby]\nstage:/' site/site.yaml
"$preop" -C site check --offline >page 2>&1
"$preop" -C site facts network_clients --format json >facts
"$preop" -C site facts client_counts --format json >counts
"$preop" -C site facts arp --format json >arp
ok "then leases are facts" has facts '"mac":"00:11:22:33:44:07","address":"10.20.0.51","name":"NURSE-1.clinic.local".*"scope":"10.20.0.0".*"lease_state":"Active","lease_expires_at":"2026-11-03T'
ok "guests' leases are counted under the site's network" has counts '"network":"10.20.3.0/24","clients":1'
ok "a scan's hosts too" equals "$(grep -o '"network":"10.20.3.0/24"' counts | wc -l)" 3
ok "and its other hosts are facts" has arp '"address":"10.20.0.2"'
ok "still nothing of a guest is in the store" nothing_kept

# --- DHCP servers' own files -------------------------------------------------------------------------------------------------
tail -c +2 "$srcdir/tests/fuzz/corpus/leases/dhcpd.leases" >dhcpd.leases
tail -c +2 "$srcdir/tests/fuzz/corpus/leases/kea4.csv" >kea-leases4.csv
ok "evidence add takes dhcpd.leases" "$preop" -C site evidence add dhcpd.leases --from "Acme IT" --observed 2026-11-26 --as dhcpd-leases
ok "and Kea's file" "$preop" -C site evidence add kea-leases4.csv --from "Acme IT" --observed 2026-11-26 --as kea-leases
"$preop" -C site check --offline >page 2>&1
"$preop" -C site facts network_clients --format json >facts
"$preop" -C site facts client_counts --format json >counts
ok "the last entry of an address is a fact" has facts '"mac":"00:11:22:33:44:07","address":"10.20.0.51","name":"NURSE .*"lease_state":"Active","lease_expires_at":"2026-11-26T18:00:00Z"'
ok "and earlier ones are not" has_not facts '00:11:22:33:44:99'
ok "Kea's too, with its number of the network" has facts '"address":"10.20.0.52","name":"front desk, 2".*"scope":"1",.*"lease_state":"Active"'
ok "guests' leases in them are counted" equals "$(grep -o '"network":"10.20.3.0/24"' counts | wc -l)" 5
ok "and not kept" nothing_kept
sed 1q kea-leases4.csv >kea6.csv
sed -n 3p kea-leases4.csv >>kea6.csv
job() { "$builddir/tests/lib/probe_run" --evidence "$@" table=network_clients table=client_counts >out 2>&1; }
job kea6.csv file target=kea file.kind=kea-leases guest_networks=
ok "one file of Kea's is rarely all of it" has out '^table	network_clients	partial	not-in-file	Kea keeps older leases beside it'
job dhcpd.leases file target=dhcp file.kind=dhcpd-leases
ok "without the site file's word no lease is kept" has_not out '^row'
ok "and that is said" has out '^table	client_counts	failed	not-in-file	5 leases were left out'
job kea6.csv file target=kea file.kind=dhcpd-leases guest_networks=
ok "another file says what was expected" has out '^table	network_clients	failed	bad-file	no declaration of a lease in it'
ok "the worker ends in order, locked" has out '^exit	0'
sed -i 's/10.20.3.0\/24, Lobby/10.20.3.9\/24/' site/site.yaml
"$preop" -C site check --offline >page 2>&1
ok "a network with host bits: what was meant" has page "guest_networks '10.20.3.9/24' has bits set behind its prefix length: did you mean 10.20.3.0/24[?]"
tap_done
