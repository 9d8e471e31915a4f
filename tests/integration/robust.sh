#!/bin/sh
# What goes wrong on our side: Ctrl-C, kill -9 of any process at any moment, two checks at once, stores that cannot be used, a full disk.
# Sealed runs stay as they are, what is complete is kept, and the run can be gone on with.
# shellcheck disable=SC2154,SC2317,SC2086 # srcdir and builddir come from make; functions are called through ok; lists of words
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"
clinic_start robust
edit "$site/site.yaml" -e 's/snmp: {use: gear-v2, port: 16161}/snmp: {use: gear-v2, port: 16161, timeout: 3s}/'
running=
at_end() { [ -z "$running" ] || kill -9 $running 2>/dev/null; }

# start ARGS...: preop in the background; sets running
start() {
    earlier=$(db "SELECT coalesce(max(id), 0) FROM run" 2>/dev/null || echo 0)
    "$preop" -C "$site" "$@" >"$out" 2>"$err" </dev/null &
    running=$!
}
ended() {        # sets status
    wait $running
    status=$?
    running=
}
children() { ps -e -o pid=,ppid= | awk -v p="$1" '$2 == p { print $1 }'; }
zygote_of() {
    for pid in $(children "$1"); do
        if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q '^preop-zygote'; then echo "$pid"; fi
    done
}
done_with() { test "$(db "SELECT count(*) FROM all_collection WHERE run > $earlier AND target = '$1' AND state = 'complete'" 2>/dev/null)" -ge 1; }
run_is() { db_is "SELECT state FROM run ORDER BY id DESC LIMIT 1" "$1"; }

# --- Ctrl-C ---------------------------------------------------------------------------------------------------------------------
gear_again --quirk "$net.1=slow:600" --quirk "$net.2=slow:600"
start check --label slow
ok "a check with slow devices runs" wait_for 20 done_with ehr-app
wait_for 10 done_with staff
workers=$(children "$(zygote_of $running)" | tr '\n' ' ')
p status
ok "status says that it runs, and who" has "$out" "^Now .*check of this site is running \(pid $running, since"
ok "and does not say that it was interrupted" has_not "$out" 'interrupted|--resume'
logins=$(grep -c '^Accepted' "$clinic/hosts/openssh.log")
kill -INT $running
ended
ok "Ctrl-C: exit status 4" exits 4
ok "it says what to do" has "$err" 'what is complete is kept: preop check --resume'
ok "the run is interrupted" run_is interrupted
ok "what was complete is kept" sh -c "test $(db "SELECT count(*) FROM all_collection WHERE run = 1 AND state = 'complete'") -ge 4"
ok "what was cut off is not called complete" db_is "SELECT count(*) FROM all_collection WHERE run = 1 AND target = 'switch' AND state = 'complete'" 0
ok "no worker is left" sh -c "for p in $workers; do ! kill -0 \$p 2>/dev/null || exit 1; done"
p status
ok "status says how to go on" has "$out" 'preop check --resume'
p report
ok "nothing is reported of it as if it were whole" exits 2
gear_again
p check --resume
ok "--resume: done" exits 0
ok "the same run" db_is "SELECT count(*), max(state), max(label) FROM run" "1|sealed|slow"
ok "everything that was permitted is complete now" db_is "SELECT group_concat(DISTINCT target) FROM all_collection WHERE run = 1 AND state NOT IN ('complete', 'unsupported') AND coalesce(reason, '') NOT IN ('not-watched', 'not-answered')" mri
ok "who had answered was not asked again" equals "$(grep -c '^Accepted' "$clinic/hosts/openssh.log")" "$logins"
p verify
ok "and its seal holds" exits 0
p report --format json
valid_report "its report is as its schema says" "$out"
p check --resume
ok "nothing is left to resume" exits 2
ok "and it says so" has "$err" 'no interrupted run'

gear_again --quirk "$net.2=slow:2500"
start check
wait_for 10 done_with router
kill -INT $running
sleep 0.2
begun=$(date +%s)
kill -INT $running
ended
ok "a second Ctrl-C ends it at once" test $(($(date +%s) - begun)) -le 1
ok "in the same way" exits 4
ok "and the run is interrupted" run_is interrupted
start check
wait_for 10 done_with router
kill -TERM $running
ended
ok "SIGTERM is like Ctrl-C" exits 4
gear_again

# --- processes that are killed -----------------------------------------------------------------------------------------------------
seals() { db "SELECT id, seal FROM run WHERE state = 'sealed' AND id <= $1" | cksum; }
p check --fast
sealed=$(db "SELECT max(id) FROM run WHERE state = 'sealed'")
was=$(seals $sealed)
for moment in 0.02 0.1 0.25 0.4 0.6 0.9; do
    start check
    sleep $moment          # any moment will do: they are meant to differ
    kill -9 $running
    ended 2>/dev/null
    p verify
    ok "kill -9 after $moment s: sealed runs verify" exits 0
    ok "kill -9 after $moment s: and are those that were" equals "$(seals $sealed)" "$was"
    last=$(db "SELECT state FROM run ORDER BY id DESC LIMIT 1")
    if [ "$last" = sealed ]; then
        ok "kill -9 after $moment s: nothing had begun" db_is "SELECT max(id) FROM run" "$(db "SELECT max(id) FROM run WHERE state = 'sealed'")"
    else
        p status
        ok "kill -9 after $moment s: status calls the open run interrupted" has "$out" 'go on with preop check --resume'
        p check --resume --fast
        ok "kill -9 after $moment s: the open run is resumed" exits 0
        ok "kill -9 after $moment s: and sealed" run_is sealed
        sealed=$(db "SELECT max(id) FROM run WHERE state = 'sealed'")
        was=$(seals $sealed)
    fi
done
ok "every pair of runs has a chain of seals" db_is "SELECT count(*) FROM run r WHERE state = 'sealed' AND id > 1 AND NOT EXISTS (SELECT 1 FROM run p WHERE p.seal = r.previous_seal)" 0
ok "the store is whole" db_is "PRAGMA integrity_check" ok
ok "no files of its own are left behind" equals "$(find "$(dirname "$PREOP_DB")" -mindepth 1 -maxdepth 1 | grep -Ev '/(preop\.db(|-wal|-shm|\.lock)|log)$')" ""

gear_again --quirk "$net.1=slow:400" --quirk "$net.2=slow:400"
start check
wait_for 10 done_with ups
zygote=$(zygote_of $running)
kill -9 $zygote
ended
ok "the zygote is killed: the check goes on" exits 3
ok "and is sealed" run_is sealed
ok "jobs that it took along say so" db_is "SELECT count(*) > 0 FROM all_collection WHERE run = (SELECT max(id) FROM run) AND reason = 'internal' AND state = 'failed'" 1
ok "and it says that it was started once more" has "$err" 'starting it once more'

start check
wait_for 10 done_with ups
zygote=$(zygote_of $running)
for pid in $(children "$zygote"); do kill -SEGV "$pid" 2>/dev/null; done
ended
ok "workers that crash: exit status 3" exits 3
ok "only theirs is lost" db_is "SELECT count(*) > 0 FROM all_collection WHERE run = (SELECT max(id) FROM run) AND reason = 'crashed'" 1
ok "what was read before stays" done_with ups
ok "and the run is sealed" run_is sealed

# --- two at once ---------------------------------------------------------------------------------------------------------------------
start check
wait_for 10 done_with ups
first=$running
before=$(db "SELECT count(*) FROM run")
p check --fast
ok "a second check of the same site: exit status 4" exits 4
ok "says who runs, and since when" has "$err" "another check of (this site|riverside) is running.*$first.*since|pid $first"
ok "and leaves no run" db_is "SELECT count(*) FROM run" "$before"
p check --resume
ok "nor can the running one be resumed" exits 4
p report
ok "reading is possible meanwhile" exits 0
cp -R "$site" "$tap_dir/twin"
edit "$tap_dir/twin/site.yaml" 's/^site: riverside/site: twin/'
"$preop" -C "$tap_dir/twin" check --fast --target ups >"$tap_dir/twin.out" 2>"$tap_dir/twin.err" </dev/null
status=$?
ok "another site's check in the same store is possible" exits 0
ended
ok "the first one ends as if nothing had been" exits 0
ok "and is sealed" db_is "SELECT group_concat(DISTINCT state) FROM run WHERE id > (SELECT max(id) - 2 FROM run)" sealed
gear_again

# --- stores that cannot be used --------------------------------------------------------------------------------------------------------
mkdir -m 700 "$tap_dir/s"
echo "These are my notes. Do not lose them." >"$tap_dir/s/notes.db"
cp "$tap_dir/s/notes.db" "$tap_dir/notes"
sqlite3 "$tap_dir/s/other.db" "CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')"
sqlite3 "$PREOP_DB" ".backup '$tap_dir/s/newer.db'"
sqlite3 "$tap_dir/s/newer.db" "PRAGMA user_version = 999"
cp "$tap_dir/s/newer.db" "$tap_dir/newer"
sqlite3 "$PREOP_DB" ".backup '$tap_dir/s/torn.db'"
dd if=/dev/urandom of="$tap_dir/s/torn.db" bs=4096 seek=3 count=40 conv=notrunc 2>/dev/null
chmod 600 "$tap_dir"/s/*
: >"$tap_dir/s/empty.db"
unusable() {     # words, file, pattern of the message
    for command in "check --fast --target ups" report history verify "facts devices"; do
        $preop -C "$site" --db "$tap_dir/s/$2" $command >"$out" 2>"$err" </dev/null
        status=$?
        ok "$1: $command: exit status 4" exits 4
        ok "$1: $command: says why" has "$err" "$3"
    done
}
unusable "not SQLite" notes.db 'notes\.db.*(not a|no) (SQLite|preop|store)'
ok "and it is untouched" cmp "$tap_dir/s/notes.db" "$tap_dir/notes"
unusable "somebody else's database" other.db 'other\.db.*(not|no) '
ok "and it is untouched" equals "$(sqlite3 "$tap_dir/s/other.db" 'SELECT name FROM recipes; SELECT count(*) FROM sqlite_schema')" "soup
1"
unusable "of a newer version" newer.db 'made by a newer preop'
ok "and it is untouched" cmp "$tap_dir/s/newer.db" "$tap_dir/newer"
$preop -C "$site" --db "$tap_dir/s/torn.db" verify >"$out" 2>"$err"
status=$?
ok "a damaged store: verify says so" exits 4
$preop -C "$site" --db "$tap_dir/s/torn.db" check --fast --target ups >"$out" 2>"$err" </dev/null
status=$?
ok "a check of it does not pretend" exits 4
$preop -C "$site" --db "$tap_dir/s/empty.db" check --fast --target ups >"$out" 2>"$err" </dev/null
status=$?
ok "an empty file becomes a store" exits 0
$preop -C "$site" --db "$tap_dir/s" check --fast --target ups >"$out" 2>"$err" </dev/null
status=$?
ok "a folder is no store" exits 4
ok "said in words" has "$err" .

# A folder that cannot be written: as root it needs a file system that is mounted so.
if [ "$(id -u)" != 0 ]; then
    mkdir "$tap_dir/ro" && cp "$tap_dir/newer" "$tap_dir/ro/preop.db" && sqlite3 "$tap_dir/ro/preop.db" "PRAGMA user_version = $(db 'PRAGMA user_version')" && chmod 500 "$tap_dir/ro" && chmod 400 "$tap_dir/ro/preop.db"
    in_ro() { "$preop" -C "$site" --db "$tap_dir/ro/preop.db" "$@"; }
    readonly_possible=yes
elif unshare --mount true 2>/dev/null; then
    mkdir -m 700 "$tap_dir/ro" && cp "$tap_dir/newer" "$tap_dir/ro/preop.db" && sqlite3 "$tap_dir/ro/preop.db" "PRAGMA user_version = $(db 'PRAGMA user_version')"
    # shellcheck disable=SC2016 # expanded by the inner shell
    in_ro() { unshare --mount sh -c 'mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"' "$tap_dir/ro" "$preop" -C "$site" --db "$tap_dir/ro/preop.db" "$@"; }
    readonly_possible=yes
fi
if [ "${readonly_possible:-}" = yes ]; then
    in_ro check --fast --target ups >"$out" 2>"$err" </dev/null
    status=$?
    ok "a folder that cannot be written: exit status 4" exits 4
    ok "says so" has "$err" '[Rr]ead-only|cannot be written|Permission denied'
    in_ro report >"$out" 2>"$err"
    status=$?
    ok "but it can be read" exits 0
    in_ro verify >"$out" 2>"$err"
    status=$?
    ok "and verified" exits 0
    chmod 700 "$tap_dir/ro"
else
    skip "a folder that cannot be written" "root writes everywhere, and no mount namespace can be had"
fi

# --- a full disk --------------------------------------------------------------------------------------------------------------------------
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    mkdir "$tap_dir/small"
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount sh -c '
        mount --make-rprivate / && mount -t tmpfs -o size=16m,mode=700 tmpfs "$1" || exit 99
        preop="$2 -C $3 --db $1/preop.db"
        $preop check --fast >/dev/null 2>&1; echo "first $?"
        before=$(sqlite3 -readonly "$1/preop.db" "SELECT seal FROM run WHERE id = 1")
        for left in 0 20 60 150 400; do
            rm -f "$1/fill"
            dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null
            size=$(stat -c %s "$1/fill"); truncate -s $((size - left * 1024)) "$1/fill"
            $preop check --fast >"$4/full.out" 2>"$4/full.err" </dev/null; echo "full-$left $? $(wc -c <"$4/full.err")"
            cat "$4/full.err" >>"$4/full.all"
            $preop verify >/dev/null 2>&1; echo "verify-$left $?"
        done
        rm -f "$1/fill"
        $preop verify >/dev/null 2>&1; echo "verify $?"
        [ "$before" = "$(sqlite3 -readonly "$1/preop.db" "SELECT seal FROM run WHERE id = 1")" ] && echo "same"
        $preop check --resume --fast >"$4/full.out" 2>"$4/full.err" </dev/null; echo "resume $?"
        $preop check --fast >"$4/full.out" 2>"$4/full.err" </dev/null; echo "again $?"
        $preop verify >/dev/null 2>&1; echo "last $?"
        sqlite3 "$1/preop.db" "PRAGMA integrity_check"
    ' sh "$tap_dir/small" "$preop" "$site" "$tap_dir" >"$tap_dir/full" 2>&1
    ok "a disk with room" has "$tap_dir/full" '^first 0$'
    for left in 0 20 60 150; do
        ok "a full disk, $left KiB left: exit status 4, or done if it was enough" has "$tap_dir/full" "^full-$left (4 [1-9]|0 )"
    done
    ok "a full disk: at least once it was not enough" has "$tap_dir/full" '^full-[0-9]+ 4 '
    ok "says so" has "$tap_dir/full.all" 'full|No space'
    ok "sealed runs verify all the while" has_not "$tap_dir/full" '^verify[-0-9]* [1-9]'
    ok "and are what they were" has "$tap_dir/full" '^same$'
    ok "with room again it goes on" has "$tap_dir/full" '^(resume|again) 0$'
    ok "a new check is sealed" has "$tap_dir/full" '^again 0$'
    ok "all verify in the end" has "$tap_dir/full" '^last 0$'
    ok "and the store is whole" has "$tap_dir/full" '^ok$'
else
    skip "a full disk" "needs root and a mount namespace"
fi
tap_done
