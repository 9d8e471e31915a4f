#!/bin/sh
# Every file of the source tree is named in a makefile, itself or by a folder that is distributed whole: what is not named is missing from the
# release, or is not installed.
set -u
srcdir=${srcdir:-.}

not_released=.ci/run    # for whoever has a clone

# missing ROOT: prints each file below ROOT that no makefile there names.
missing() {
    (cd "$1" && find . -name '*.mk' -o -name Makefile.am) | while read -r makefile; do
        sed 's/#.*//; s/[\\=]/ /g; s|[$](srcdir)/||g; s|[$](top_srcdir)/||g' "$1/$makefile" | tr -s '[:blank:]' '\n'
    done >"$work/named"
    echo "$not_released" >>"$work/named"
    (cd "$1" && find checklists contrib src probes tests .ci -type f ! -name '*~' ! -name '*.sw[a-z]' ! -path '*/__pycache__/*' 2>/dev/null) | LC_ALL=C sort | awk -v named="$work/named" '
        BEGIN {
            while ((getline line <named) > 0)
                is[line] = 1
        }
        {
            program = $0                     # without a list of sources it is made of the file of its name
            if (sub(/\.c$/, "", program) && program in is)
                next
            for (path = $0; !(path in is); sub(/\/[^\/]*$/, "", path))
                if (path !~ /\//) {
                    print
                    next
                }
        }'
}

# An in-tree build puts its products beside the sources.
if [ -e "$srcdir/config.status" ]; then
    echo "1..0 # SKIP built in the source tree"
    exit 0
fi
work=$(mktemp -d "${builddir:-.}/listed.XXXXXX") || exit 1
work=$(cd "$work" && pwd)
trap 'rm -rf "$work"' EXIT
echo 1..2

unnamed=$(missing "$srcdir")
if [ -z "$unnamed" ]; then
    echo "ok 1 - every file is named in a makefile"
else
    echo "not ok 1 - every file is named in a makefile"
    echo "$unnamed" | sed 's/^/# not named: /'
fi

# The check must be able to fail.
mkdir -p "$work/tree/checklists/data" "$work/tree/tests/corpus" "$work/tree/src"
touch "$work/tree/checklists/core.yaml" "$work/tree/checklists/forgotten.yaml" "$work/tree/checklists/data/end.tsv" "$work/tree/tests/corpus/one" "$work/tree/src/a.c" "$work/tree/src/ab.c" "$work/tree/src/program.c"
printf 'pkg_DATA = \\\n\tchecklists/core.yaml # checklists/forgotten.yaml\nEXTRA_DIST = %s/tests/corpus\n' "\$(top_srcdir)" >"$work/tree/checklists/local.mk"
printf 'x_SOURCES=src/ab.c\nbin_PROGRAMS = src/program\n' >"$work/tree/Makefile.am"
found=$(missing "$work/tree" | tr '\n' ' ')
expected='checklists/data/end.tsv checklists/forgotten.yaml checklists/local.mk src/a.c '
if [ "$found" = "$expected" ]; then
    echo "ok 2 - a forgotten file is found"
else
    echo "not ok 2 - a forgotten file is found"
    echo "# expected $expected"
    echo "# found    $found"
fi
