#!/bin/sh
# Narrowed checks: some targets, some probes, what failed, what decides one milestone, or files alone. Each says first that it is partial,
# asks nobody else, and carries the rest with its age. And what cron sees: -q and --fail-on.
# shellcheck disable=SC2154,SC2317 # srcdir and builddir come from make; functions are called through ok
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start narrow
asked() {        # the targets that the newest run sent a question to, sorted
    grep -v '^#' "$(asked_log)" 2>/dev/null | cut -f2 | sort -u | tr '\n' ' '
}
carried() { db "SELECT group_concat(DISTINCT target) FROM (SELECT target FROM all_collection WHERE run = (SELECT max(id) FROM run) AND carried ORDER BY target)"; }
partial() {      # pattern: what it says that it was narrowed to
    db_is "SELECT partial FROM run WHERE id = (SELECT max(id) FROM run)" 1 && sh -c "head -n 1 '$out' | grep -q '^PARTIAL ' && head -n 4 '$out' | tr -d '\n' | grep -Eq 'Asked now: .*$1'"
}
passing() { db "SELECT group_concat(check_id || status) FROM (SELECT check_id, status FROM all_check_result WHERE run = $1 ORDER BY check_id)"; }

# --- nothing to carry yet -----------------------------------------------------------------------------------------------------------
p check --fast --target ups
ok "a first check of one target" exits 0
ok "asks only that one" equals "$(asked)" "ups "
ok "says that it is partial" partial 'ups'
ok "the others were left out, and are no pass" state router '%' not-asked narrowed
ok "so that nothing is proven by silence" db_is "SELECT count(*) FROM all_gate WHERE run = 1 AND verdict = 'GO'" 0

p check --fast
ok "a whole check" exits 0
ok "is not partial" db_is "SELECT partial, narrowed FROM run WHERE id = 2" "0|"
ok "asks everybody that it may" equals "$(asked | wc -w | tr -d ' ')" "$(db "SELECT count(DISTINCT target) FROM all_collection WHERE run = 2 AND state = 'complete'")"

# --- one target, one probe --------------------------------------------------------------------------------------------------------------
p check --fast --target router --target switch
ok "--target twice" equals "$(asked)" "router switch "
ok "says so first" partial 'router, switch'
ok "the rest is carried" equals "$(carried)" "billing,camera,ehr-app$(grep -q lab-box "$site/site.yaml" && echo ,lab-box),nas,printer,staff,ups"
ok "with the age that it has" db_is "SELECT count(*) FROM all_collection a JOIN all_collection b ON b.run = 2 AND b.collection_id = a.collection_id WHERE a.run = 3 AND a.carried AND a.observed_at <> b.observed_at" 0
ok "and judged as before" equals "$(passing 3)" "$(passing 2)"
ok "the score is the same" db_is "SELECT (SELECT low || ' ' || high FROM all_score WHERE run = 3 AND level = 'site') = (SELECT low || ' ' || high FROM all_score WHERE run = 2 AND level = 'site')" 1
p check --fast --target router,ups
ok "--target with a list" equals "$(asked)" "router ups "
p check --fast --probe ldap
ok "--probe" equals "$(asked)" "billing staff "
ok "says so first" partial 'ldap'
p report
ok "the report says that it is partial too" sh -c "head -n 12 '$out' | grep -Eqi 'partial'"
p report --format json
valid_report "the report in JSON is as its schema says" "$out"
ok "and so does the JSON" json "$out" '.run.partial == true and ([.collections[] | select(.carried)] | length) > 10'

# --- files alone ----------------------------------------------------------------------------------------------------------------------
p evidence add "$clinic/assets-before.csv" --from "IT contractor" --observed "$(date -u +%F)" --as csv/generic-assets
heard=$(gear "$net.1"; gear "$net.2"; grep -c 'Connection from' "$clinic/hosts/openssh.log"; grep -c ACCEPT "$clinic/directory/log")
p check --offline
ok "--offline" exits 0
ok "asks nobody" equals "$(asked)" ""
ok "no server heard anything" equals "$(gear "$net.1"; gear "$net.2"; grep -c 'Connection from' "$clinic/hosts/openssh.log"; grep -c ACCEPT "$clinic/directory/log")" "$heard"
ok "reads the file" state assets-before hosts complete
ok "says so first" partial 'offline'
ok "and carries the rest" db_is "SELECT count(*) FROM all_collection WHERE run = (SELECT max(id) FROM run) AND target = 'switch' AND fact_table = 'interfaces' AND carried AND state = 'complete'" 1
if [ "$(id -u)" = 0 ] && unshare --net true 2>/dev/null; then
    unshare --net "$preop" -C "$site" check --offline >"$out" 2>"$err" </dev/null
    status=$?
    ok "without any network it is the same" exits 0
else
    skip "without any network" "needs root and a network namespace"
fi
if command -v strace >/dev/null && strace -f -o "$tap_dir/strace" true 2>/dev/null; then
    # LeakSanitizer cannot work under a tracer
    ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" strace -f -qq -e trace=socket,connect,sendto,sendmsg -o "$tap_dir/strace" "$preop" -C "$site" check --offline >"$out" 2>"$err" </dev/null
    status=$?
    ok "--offline, seen from outside: done" exits 0
    ok "it opens no socket of the network" has_not "$tap_dir/strace" 'AF_INET6?,|AF_PACKET'
else
    skip "--offline, seen from outside" "strace is not installed, or may not trace"
fi

# --- what failed ------------------------------------------------------------------------------------------------------------------------
kill "$(cat "$clinic/camera.pid")"
"$srcdir/tests/lib/ssh_host" stop "$clinic/hosts" openssh
edit "$site/site.yaml" 's/{name: camera, \(.*\)port: 16161}/{name: camera, \1port: 16161, timeout: 300ms, retries: 0}/'
p check --fast
ok "two of them are away" exits 3
ok "the camera" state camera '%' failed no-answer
ok "and the host" state ehr-app '%' failed connection-refused
p check --fast --failed
ok "--failed asks those alone" sh -c "case '$(asked)' in 'camera ehr-app '|'ehr-app '|'camera ') ;; *) echo '$(asked)'; exit 1 ;; esac"
ok "exit status 3 while they are away" exits 3
ok "says so first" partial 'could not be read'
ssh_port=$("$srcdir/tests/lib/ssh_host" start "$clinic/hosts" openssh "$net.21")
edit "$site/site.yaml" "s/\"$net.21:[0-9]*\"/\"$net.21:$ssh_port\"/"
cp "$clinic/hosts/known_hosts" "$site/known_hosts"
grep -v "^\[$net\.21\]" "$clinic/known_hosts" >>"$site/known_hosts"
mkdir "$tap_dir/camera"              # the agent has written over the clinic's own configuration
printf 'agentaddress udp:%s.12:16161\nsysName riverside-dvr\nrocommunity clinic-read\n' "$net" >"$tap_dir/camera.conf"
serve "$clinic/camera.pid" env SNMP_PERSISTENT_DIR="$tap_dir/camera" SNMPCONFPATH="$tap_dir/camera" MIBS= \
    "$(PATH=$PATH:/usr/sbin command -v snmpd)" -f -C -c "$tap_dir/camera.conf" -Lf "$tap_dir/camera/log" >"$tap_dir/camera.out" 2>&1 </dev/null
wait_for 10 grep -q 'NET-SNMP version' "$tap_dir/camera/log"
p check --fast --failed
ok "mended: --failed reads them" exits 0
ok "the host" state ehr-app '%' complete
ok "and the camera" state camera '%' complete
ok "asking nobody else" equals "$(asked)" "camera ehr-app "
p check --fast --failed
ok "nothing failed: nobody is asked" equals "$(asked)" ""
ok "done" exits 0

# --- one milestone ------------------------------------------------------------------------------------------------------------------------
p check --fast --gate connect
ok "--gate" exits 0
ok "says so first" partial 'connect'
ok "its verdict stands" db_is "SELECT verdict FROM all_gate WHERE run = (SELECT max(id) FROM run) AND milestone = 'connect'" NO-GO
p check --fast --gate conect
ok "a milestone that is not there" exits 2
p check --fast --gate close --fail-on no-go
ok "--fail-on asks about that milestone alone" sh -c "test $status = 0 || test $status = 2"

# --- cron -----------------------------------------------------------------------------------------------------------------------------------
p check --fast -q
ok "-q, nothing changed: done" exits 0
ok "without a word" test ! -s "$out"
ok "not even in the log" test ! -s "$err"
p check --fast --fail-on no-go -q
ok "--fail-on no-go while a milestone is NO-GO: exit status 1" exits 1
p check --fast --fail-on unproven
ok "--fail-on unproven" exits 1
p check --fast --fail-on regression
ok "--fail-on regression, and nothing got worse" exits 0
p check --fast --fail-on everything
ok "--fail-on what is not there" exits 2
edit "$site/site.yaml" 's/{name: camera, address: [^,]*/&/'
"$clinic_tool" change "$clinic" >"$tap_dir/change.log" 2>&1 || echo "Bail out! $(cat "$tap_dir/change.log")"
p check --fast -q --fail-on regression
ok "something broke: --fail-on regression: exit status 1" exits 1
ok "and -q speaks" has "$out" 'IDN-POSIX-01'
kill "$(cat "$clinic/gear.pid")"
wait_for 5 sh -c "! kill -0 $(cat "$clinic/gear.pid")"
p check --fast --fail-on no-go
ok "targets away, and NO-GO: readiness was asked for, and is told" exits 1
p check --fast
ok "without --fail-on: targets away" exits 3
tap_done
