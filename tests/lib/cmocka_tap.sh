#!/bin/sh
# Runs a test program for automake. cmocka reports a skipped test as "not ok N # SKIP NAME", which automake's reader of TAP takes
# for a failure; here it becomes "ok N # SKIP NAME: WHY", where WHY is the last line that the test printed. The program's exit status stays.
exec 4>&1
status=$({
    {
        "$@" 3>&- 4>&-
        echo $? >&3
    } | sed -u '
        /^not ok [0-9][0-9]* # SKIP/ { s/^not //; G; s/\n# \{0,1\}\(.\)/: \1/; s/\n\(.\)/: \1/; s/\n//; b done; }
        /^\(not \)\{0,1\}ok / b done
        /^[0-9]*\.\./ b done
        h
        b
        :done
        x; s/.*//; x' >&4
} 3>&1)
exit "$status"
