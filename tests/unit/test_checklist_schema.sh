#!/bin/sh
# The schema of checklists; skipped without Python, which only tests need.
if ! command -v python3 >/dev/null 2>&1; then
    echo "1..0 # SKIP python3 is needed"
    exit 0
fi
exec python3 -B "${srcdir:-.}/tests/unit/test_checklist_schema.py"
