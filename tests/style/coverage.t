#!/bin/sh
# checklists/COVERAGE.md promises nothing that is not there: every check under "checks" ships, and every row says something.
# Printed as notes: which checks ship, which of them no row names, and which stand under "open" still, so that the table is behind.
set -u
LC_ALL=C
export LC_ALL
srcdir=${srcdir:-.}

# bad TABLE CHECKLIST...: prints each check that the table says ships and that none of the checklists has, and each row that says nothing.
bad() {
    table=$1
    shift
    cat "$@" | sed -n 's/^  - id: *//p' >"$work/shipped"
    awk -F'|' -v shipped="$work/shipped" '
        BEGIN {
            while ((getline line <shipped) > 0)
                ships[line] = 1
        }
        /^\| S[0-9]+-[0-9]+ / {
            n++
            gsub(/ /, "", $4)
            for (i = split($4, ids, ","); i > 0; i--)
                if (!(ids[i] in ships))
                    print $2 ids[i] " does not ship"
            if ($4 $5 $6 ~ /^ *$/)
                print $2 "says nothing"
        }
        END {
            if (n == 0)
                print "no rows"
        }' "$table"
}

work=$(mktemp -d "${builddir:-.}/coverage.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
echo 1..2

cat >"$work/table" <<'END'
| S0-01 | a statement | AAA-BBB-01, AAA-BBB-02 | | |
| S0-02 | another | | a feature | AAA-BBB-03 |
| S0-03 | a third | | | |
END
printf 'checks:\n  - id: AAA-BBB-01\n' >"$work/list"
want=' S0-01 AAA-BBB-02 does not ship
 S0-03 says nothing'
if [ "$(bad "$work/table" "$work/list")" = "$want" ]; then
    echo "ok 1 - a check that does not ship and an empty row are found"
else
    echo "not ok 1 - a check that does not ship and an empty row are found"
fi

sed -n 's/^  - id: *//p' "$srcdir"/checklists/*.yaml | sort >"$work/ships"
grep -Eo '\<[A-Z0-9]{3}-[A-Z0-9]+-[0-9]{2}\>' "$srcdir/checklists/COVERAGE.md" | sort -u >"$work/named"
echo "# $(wc -l <"$work/ships") checks ship: $(tr '\n' ' ' <"$work/ships")"
echo "# of these no row names: $(comm -23 "$work/ships" "$work/named" | tr '\n' ' ')"
echo "# of these under open still: $(awk -F'|' '/^\| S/ { print $6 }' "$srcdir/checklists/COVERAGE.md" | grep -Eo '\<[A-Z0-9]{3}-[A-Z0-9]+-[0-9]{2}\>' | sort -u | comm -12 - "$work/ships" | tr '\n' ' ')"
found=$(bad "$srcdir/checklists/COVERAGE.md" "$srcdir"/checklists/*.yaml)
if [ -z "$found" ]; then
    echo "ok 2 - COVERAGE.md"
else
    echo "$found" | sed 's/^/# /'
    echo "not ok 2 - COVERAGE.md"
fi
