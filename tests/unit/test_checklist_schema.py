#!/usr/bin/env python3
"""contrib/schema/checklist.schema.json: takes what is shipped and what the loader's test takes, and refuses entries that are each wrong in one way
(test_checklist_load.c has the loader's words for the same). Prints TAP."""
import glob
import json
import os
import sys

SRC = os.environ.get("srcdir", ".")

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print("1..0 # SKIP python3-jsonschema and python3-yaml are needed: %s" % missing)
    sys.exit(0)

GOOD = {"id": "A-1", "title": "T", "domain": "d", "severity": "high", "facts": "hosts", "pass": "cpus > 1"}
BAD = {
    "severity": {"severity": "hihg"}, "id": {"id": "a-1"}, "no pass": {"pass": None}, "query beside pass": {"query": "SELECT 1"}, "horizon": {"horizon": "soon"},
    "unknown key": {"where_": "1"}, "gate_plans": {"gate_plans": ["trusted"]}, "max_age": {"max_age": "never"}, "params": {"params": {"Min": 1}}, "impact": {"impact": {"speed": "high"}},
    "impact level": {"impact": {"patient-access": "huge"}}, "no title": {"title": None}, "cost": {"cost": [1, 2, 3]}, "evidence": {"evidence": "hearsay"},
    "grade": {"grade": [{"when": "1"}]}, "refs": {"refs": {"iso": ["1"]}}, "owner": {"owner": "IT"}, "on_missing": {"on_missing": "ignore"},
}
TAILORED = [({"id": "A-1", "disable": True, "reason": "r"}, True), ({"id": "A-1", "params": {"min": 5}, "gate": "none", "reason": "r"}, True), ({"id": "A-1", "disable": True}, False),
            ({"id": "A-1", "reason": "r"}, False), ({"id": "A-1", "pass": "1", "reason": "r"}, False)]


def changed(change):
    entry = dict(GOOD, **change)
    return {k: v for k, v in entry.items() if v is not None}


def main():
    with open(os.path.join(SRC, "contrib/schema/checklist.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    results = [("it is a schema", True)]
    for path in sorted(glob.glob(os.path.join(SRC, "checklists/*.yaml"))):
        with open(path, encoding="utf-8") as f:
            document = yaml.safe_load(f)
        wrong = [e.message for e in validator.iter_errors(document)]
        results.append(("it takes the shipped %s %s" % (os.path.basename(path), " ".join(wrong)[:200]), not wrong))
    results.append(("it takes a small check", validator.is_valid({"checklist": "one", "title": "T", "checks": [GOOD]})))
    for name, change in BAD.items():
        results.append(("it refuses: " + name, not validator.is_valid({"checklist": "one", "title": "T", "checks": [changed(change)]})))
    for entry, fine in TAILORED:
        results.append(("overlay entry with %s" % " ".join(entry), validator.is_valid({"overlay": "one", "checks": [entry]}) == fine))
    print("1..%d" % len(results))
    for i, (name, ok) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if ok else "not ok", i, name))
    return 0 if all(ok for _, ok in results) else 1


sys.exit(main())
