#!/bin/sh
# Includes point down: each room includes its own headers and those of the rooms named here, nothing else.
# The one narrow door is worker/zygote.h, through which the parent starts the other side.
set -u
srcdir=${srcdir:-.}

# rooms FOLDER-BELOW-ROOT: prints each include that points up or aside as "file:line: ROOM must not include HEADER"
check() {
    find "$1/src" "$1/probes" -name '*.[ch]' | LC_ALL=C sort | while read -r file; do
        grep -Hn '^[ 	]*#[ 	]*include[ 	]*"' "$file"
    done | awk -v root="$1/" '
        BEGIN {
            may["base"] = ""
            may["fact"] = "base"
            may["site"] = "fact base probes/probe.h"
            may["store"] = "fact base"
            may["checklist"] = "store site fact base"
            may["plan"] = "checklist store site fact base"
            may["collect"] = "store site fact base probes/probe.h worker/zygote.h"
            may["worker"] = "probes/probe.h fact base"
            may["probes"] = "worker fact base"
            may["report"] = "plan checklist store site fact base"
            may["cmd"] = "*"
            may["main.c"] = "*"
        }
        {
            file = substr($0, length(root) + 1)
            split(file, at, ":")
            room = at[1]
            sub(/^src\//, "", room)
            sub(/\/.*/, "", room)
            header = $0
            sub(/^[^"]*"/, "", header)
            sub(/".*/, "", header)
            target = header
            sub(/\/.*/, "", target)
            where = at[1] ":" at[2]
            if (!(room in may)) {
                print where ": " room " is no known room: give it a place in tests/style/includes.t"
                next
            }
            if (index(header, "/") == 0 || index(header, "..")) {
                print where ": \"" header "\" does not name its room"
                next
            }
            if (target == room || may[room] == "*")
                next
            n = split(may[room], allowed, " ")
            for (i = 1; i <= n; i++)
                if (allowed[i] == target || allowed[i] == header)
                    next
            print where ": " room " must not include " header
        }'
}

echo 1..3

problems=$(check "$srcdir")
if [ -z "$problems" ]; then
    echo "ok 1 - includes point down"
else
    echo "not ok 1 - includes point down"
    echo "$problems" | sed 's/^/# /'
fi

# The check must be able to fail.
fixture=$(mktemp -d "${builddir:-.}/includes.XXXXXX") || exit 1
trap 'rm -rf "$fixture"' EXIT
mkdir -p "$fixture/src/base" "$fixture/src/worker" "$fixture/src/nowhere" "$fixture/probes/snmp"
printf '#include "base/buf.h"\n# include "fact/row.h"\n' >"$fixture/src/base/a.c"
printf '#include "probes/probe.h"\n#include "store/store.h"\n' >"$fixture/src/worker/b.c"
printf '#include "site/site.h"\n#include "snmp.h"\n' >"$fixture/probes/snmp/c.c"
printf '#include "base/buf.h"\n' >"$fixture/src/nowhere/d.c"
found=$(check "$fixture" | LC_ALL=C sort | sed 's/: .*must not include/ ->/; s/: nowhere is no.*/ no room/; s/: ".*/ no room named/' | tr '\n' ';')
expected='probes/snmp/c.c:1 -> site/site.h;probes/snmp/c.c:2 no room named;src/base/a.c:2 -> fact/row.h;src/nowhere/d.c:1 no room;src/worker/b.c:2 -> store/store.h;'
if [ "$found" = "$expected" ]; then
    echo "ok 2 - an include that points up is found"
else
    echo "not ok 2 - an include that points up is found"
    echo "# expected $expected"
    echo "# found    $found"
fi

# Each library's header is included in the rooms that own it.
foreign=$(cd "$srcdir" && grep -rHn --include='*.[ch]' '^#include <\(sqlite3\|yaml\|libssh2\|net-snmp/.*\|ldap\|lber\|jansson\|seccomp\|csv\|iconv\|pcre2\|expat\)\.h>' \
    src probes | awk -F: '
    {
        room = $1
        sub(/^src\//, "", room)
        sub(/\/.*/, "", room)
        header = $3
        gsub(/.*<|\.h>.*/, "", header)
        if (header == "sqlite3") ok = room == "store" || room == "checklist"
        else if (header == "yaml") ok = room == "site"
        else if (header ~ /^(libssh2|net-snmp|ldap|lber|seccomp)/) ok = room == "worker" || room == "probes" || (header == "seccomp" && room == "checklist")
        else if (header == "csv" || header == "iconv") ok = room == "base"
        else if (header == "pcre2") ok = room == "checklist" || room == "base"
        else if (header == "expat") ok = room == "probes"
        else ok = room != "base" && room != "fact" && room != "worker" && room != "probes"
        if (!ok) print $1 ":" $2 ": " header ".h in room " room
    }')
if [ -z "$foreign" ]; then
    echo "ok 3 - libraries are used in the rooms that own them"
else
    echo "not ok 3 - libraries are used in the rooms that own them"
    echo "$foreign" | sed 's/^/# /'
fi
