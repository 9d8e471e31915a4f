#!/bin/sh
# Trust is visible: no parent library calls libssh2, net-snmp, libldap, libssl or expat, no worker library calls SQLite or libyaml.
# Proved on what the linker would see: the undefined symbols of each library.
set -u
builddir=${builddir:-.}
NM=${NM:-nm}

parent='cmd report plan checklist collect store site fact base'
worker='worker probes fact base'
client='^(libssh2_|snmp_|netsnmp_|init_snmp|init_usm|usm_|ldap_|ber_|gnutls_|SSL_|XML_)'
storage='^(sqlite3_|yaml_)'

# What libNAME.a wants from outside and no library of ours defines.
wanted() {
    $NM "$builddir/src/lib$1.a" 2>/dev/null | awk '$1 == "U" { print $2 }' | sort -u >"$work/wanted"
    comm -23 "$work/wanted" "$work/ours"
}

work=$(mktemp -d "$builddir/symbols.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
set -- "$builddir"/src/lib*.a
if [ ! -e "$1" ]; then
    echo "1..0 # SKIP the libraries are not built"
    exit 0
fi
$NM "$@" 2>/dev/null | awk 'NF == 3 && $2 != "U" { print $3 }' | sort -u >"$work/ours"

n=0
check() { # SIDE ROOMS PATTERN
    for room in $2; do
        n=$((n + 1))
        if [ ! -e "$builddir/src/lib$room.a" ]; then
            echo "not ok $n - lib$room.a is not built"
            continue
        fi
        found=$(wanted "$room" | grep -E "$3" | tr '\n' ' ')
        if [ -z "$found" ]; then
            echo "ok $n - $1: lib$room.a"
        else
            echo "not ok $n - $1: lib$room.a calls $found"
        fi
    done
}
check "the parent touches no target" "$parent" "$client"
check "a worker touches no store and no file of people" "$worker" "$storage"

# The check must be able to fail: the worker's library does call what the parent's must not.
n=$((n + 1))
if wanted worker | grep -qE "$client" && wanted store | grep -qE "$storage"; then
    echo "ok $n - the forbidden calls are there where they belong"
else
    echo "not ok $n - the forbidden calls are there where they belong"
fi
echo "1..$n"
