#!/bin/sh
# Each header compiles alone. `make check-headers` runs this too; the compiler and the libraries' flags come from make.
set -u
srcdir=${srcdir:-.}
builddir=${builddir:-.}
CC=${CC:-cc}

n=0
for header in $(cd "$srcdir" && find src probes tests/lib tests/tools -name '*.h' ! -name banned.h | LC_ALL=C sort); do
    n=$((n + 1))
    # shellcheck disable=SC2086  # flags are words
    if problems=$(printf '#include "%s"\n#include "%s"\n' "$header" "$header" | $CC ${style_cflags:-} \
        -I"$srcdir/src" -I"$srcdir" -I"$builddir" -I"$srcdir/tests" -include "$builddir/config.h" -include "$srcdir/src/base/banned.h" \
        -fsyntax-only -x c - 2>&1); then
        echo "ok $n - $header"
    else
        echo "not ok $n - $header"
        echo "$problems" | sed 's/^/# /' | head -20
    fi
done
echo "1..$n"
[ "$n" -gt 40 ] || { echo "Bail out! only $n headers found"; exit 1; }
