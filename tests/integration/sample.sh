#!/bin/sh
# check --sample: interfaces are watched beside everything else, in hours that are permitted, and what was seen survives Ctrl-C.
# shellcheck disable=SC2154,SC2317 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start sample
load_rows() { db "SELECT count(*) FROM all_interface_load WHERE run = (SELECT max(id) FROM run) AND $1"; }

p check --fast --probe snmp
ok "without --sample nothing is watched" state switch interface_load not-asked not-watched
ok "... which is no failure" exits 0
p check --every 60s
ok "--every alone" exits 2
ok "... says what is missing" has "$err" 'give --sample too'
p check --sample soon
ok "--sample soon" exits 2
p check --sample 10s --every 20s
ok "--every longer than --sample" exits 2
p check --dry-run --sample 8h --every 60s
ok "the page to sign says how long and how often" sh -c "tr -s ' \n' ' ' <'$out' | grep -q 'interface_load, watched for 8 h 0 min, read every 1 min 0 s'"
p check --dry-run --sample 30s
ok "... and that two reads are two" sh -c "tr -s ' \n' ' ' <'$out' | grep -q 'interface_load, read twice, 30 s apart'"

p check --fast --probe snmp --sample 2s --jobs 1
ok "two reads" exits 0
ok "... of every device that answers" db_is "SELECT count(DISTINCT target) > 1 FROM all_collection WHERE run = (SELECT max(id) FROM run) AND fact_table = 'interface_load' AND state = 'complete'" 1
ok "... make a row for each port" sh -c "[ $(load_rows "target = 'switch' AND samples + void_samples = 1") -gt 1 ]"
ok "... and watches do not wait for one another: --jobs 1" sh -c "[ $(db "SELECT strftime('%s', max(finished)) - strftime('%s', min(started)) FROM collection JOIN run_collection ON collection_id = id WHERE run_id = (SELECT max(id) FROM run) AND fact_table = 'interface_load' AND state = 'complete'") -le 6 ]"
p check --fast --target switch
ok "a check without --sample carries what was seen" db_is "SELECT carried, state FROM all_collection WHERE run = (SELECT max(id) FROM run) AND target = 'switch' AND fact_table = 'interface_load'" "1|complete"

# --- endpoints -------------------------------------------------------------------------------------------------------------------
# The lab's own ssh server as a service: it is connected to and left again.
ssh_at=$(sed -n 's/.*name: ehr-app, address: "\([0-9.:]*\)".*/\1/p' "$site/site.yaml")
cp "$site/site.yaml" "$tap_dir/site.before"
sed -i "s/methods: \[/methods: [tls, /; s/^targets:.*/&\n  - {name: service, address: \"$ssh_at\", role: endpoint, net: tcp}\n  - {name: nothing, address: \"${ssh_at%:*}:9\", role: endpoint, net: tcp}/" "$site/site.yaml"
p check --fast --probe net --sample 3s --every 1s
ok "endpoints are watched too" state service endpoint_load complete
endpoint() { db_is "SELECT sum($2) FROM all_endpoint_load WHERE run = (SELECT max(id) FROM run) AND target = '$1'" "$3"; }
ok "... a try a second, the first included" endpoint service attempts 4
ok "... all of which were accepted" endpoint service connected 4
ok "... and timed" db_is "SELECT min(connect_ms_median >= 0 AND connect_ms_p95 >= connect_ms_median AND connect_ms_max >= connect_ms_p95 AND lost_percent = 0) FROM all_endpoint_load WHERE run = (SELECT max(id) FROM run) AND target = 'service'" 1
ok "a port where nothing listens was refused each time" endpoint nothing refused 4
ok "... and is not lost" endpoint nothing lost_percent 0.0
cp "$tap_dir/site.before" "$site/site.yaml"

# --- Ctrl-C ----------------------------------------------------------------------------------------------------------------------
"$preop" -C "$site" check --fast --probe snmp --sample 1h --every 1s >"$out" 2>"$err" </dev/null &
running=$!
enough() { [ "$(grep -c 'GET 1\.3\.6\.1\.2\.1\.1\.3\.0 ' "$(asked_log)" 2>/dev/null || echo 0)" -gt 20 ]; }
wait_for 60 enough
kill -INT $running
code=0
began=$(date +%s)
wait $running || code=$?
ok "Ctrl-C ends a watch" equals "$code" 4
ok "... within its two seconds" sh -c "[ $(($(date +%s) - began)) -le 4 ]"
ok "... what was read before is complete" state switch interfaces complete
ok "... and what was watched so far is kept, as a part" state switch interface_load partial interrupted
ok "... with its samples" sh -c "[ $(load_rows "target = 'switch' AND samples + void_samples > 0") -gt 1 ]"
p check --fast --resume --probe snmp
ok "--resume" exits 3
ok "... keeps it: those hours do not come back" state switch interface_load partial interrupted
tap_done
