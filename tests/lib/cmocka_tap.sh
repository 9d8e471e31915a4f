#!/bin/sh
# Runs a test program for automake. cmocka reports a skipped test as "not ok N # SKIP", which automake's reader of TAP takes
# for a failure; here it becomes "ok N # SKIP". The program's exit status stays.
exec 4>&1
status=$({ { "$@" 3>&- 4>&-; echo $? >&3; } | sed -u 's/^not ok \([0-9][0-9]*\) # SKIP/ok \1 # SKIP/' >&4; } 3>&1)
exit "$status"
