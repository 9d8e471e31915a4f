#!/usr/bin/env python3
"""The JSON Schemas in contrib/schema against the fixtures of the loader: what the loader takes, the schema takes; what the loader
refuses, the schema refuses, but for what only the loader can know (listed in not-in-schema, with the reason). Prints TAP."""
import glob
import json
import os
import re
import sys

SRC = os.environ.get("srcdir", ".")
DATA = os.path.join(SRC, "tests/unit/data/site")
SHIPPED = os.path.join(SRC, "checklists/data/mappings/csv")
KINDS = {"site": "site", "credentials": "credentials", "waivers": "waivers", "decisions": "decisions",
         "work": "work", "requests": "requests", "evidence-index": "evidence-index", "attestations": "attestations", "mapping": "mapping"}

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print("1..0 # SKIP python3-jsonschema and python3-yaml are needed: %s" % missing)
    sys.exit(0)


class Core(yaml.SafeLoader):
    """YAML 1.2's core types only, as the product reads them: dates and the like stay texts; a key twice is an error."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (("bool", r"^(true|false)$", "tf"), ("null", r"^(~|null|)$", ["~", "n", ""]),
                            ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
                            ("float", r"^[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?$", "-+0123456789")):
    Core.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))


def no_twins(loader, node):
    seen = {}
    for key, value in node.value:
        name = loader.construct_object(key, deep=True)
        if not isinstance(name, (str, int, float, bool)) or name in seen:
            raise yaml.YAMLError("a key twice, or one that is no word")
        seen[name] = loader.construct_object(value, deep=True)
    return {str(name): value for name, value in seen.items()}


def integer(loader, node):
    return int(node.value, 10)


Core.add_constructor("tag:yaml.org,2002:map", no_twins)
Core.add_constructor("tag:yaml.org,2002:int", integer)
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def kind_of(name):
    return next(k for k in sorted(KINDS, key=len, reverse=True) if name.startswith(k))


def load(path):
    with open(path, "rb") as f:
        text = f.read().decode("utf-8")
    if re.search(r"(^|[\s\[{,:])[&*!][A-Za-z]", text):
        raise yaml.YAMLError("anchors, aliases and tags are refused before a schema is asked")
    return yaml.load(text, Loader=Core)


def errors(validators, kind, path):
    """What is wrong with a file: a list of words; empty when nothing is."""
    try:
        document = load(path)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as wrong:
        return ["not readable: %s" % str(wrong).splitlines()[0]]
    found = sorted(validators[kind].iter_errors(document), key=lambda e: [str(p) for p in e.absolute_path])
    return ["%s: %s" % ("/".join(str(p) for p in e.absolute_path) or "(top)", e.message[:120]) for e in found]


def lines_refused(path):
    """The loader's errors as sets of line numbers, from the .expected file."""
    with open(path[:-len(".yaml")] + ".expected", encoding="utf-8") as f:
        return [line for line in f.read().splitlines() if line]


def main():
    validators = {}
    results = []
    for name in sorted(set(KINDS.values())):
        with open(os.path.join(SRC, "contrib/schema", name + ".schema.json"), encoding="utf-8") as f:
            schema = json.load(f)
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[name] = jsonschema.Draft202012Validator(schema)
        results.append((True, "%s.schema.json is a schema" % name, []))
    good = sorted(glob.glob(os.path.join(DATA, "good/*.yaml")))
    for path in good:
        wrong = errors(validators, KINDS[kind_of(os.path.basename(path))], path)
        results.append((not wrong, "the schema takes good/%s" % os.path.basename(path), wrong))
    for path in sorted(glob.glob(os.path.join(SHIPPED, "*.yaml"))):
        wrong = errors(validators, "mapping", path)
        results.append((not wrong, "the schema takes the shipped %s" % os.path.basename(path), wrong))
    for path in sorted(glob.glob(os.path.join(DATA, "bad/*.yaml"))):
        wrong = errors(validators, KINDS[kind_of(os.path.basename(path))], path)
        results.append((bool(wrong), "the schema refuses bad/%s" % os.path.basename(path), lines_refused(path)))
    results += one_at_a_time(validators)
    print("1..%d" % len(results))
    for i, (ok, name, words) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if ok else "not ok", i, name))
        for word in () if ok else words:
            print("# " + word)
    return 0 if all(ok for ok, _, _ in results) else 1


def one_at_a_time(validators):
    """Lists of things, each wrong in its own way: every entry alone is refused, but for those that only the loader can judge."""
    with open(os.path.join(DATA, "not-in-schema"), encoding="utf-8") as f:
        exempt = {line.split("#")[0].strip() for line in f if line.split("#")[0].strip()}
    used, results = set(), []
    for name, entries in entries_of_bad_files():
        kind, documents = entries
        for label, line, document in documents:
            key = "%s:%s" % (name, label)
            refused = any(re.match(r"[^:]+:%d:" % n, e) for n in line for e in lines_refused(os.path.join(DATA, "bad", name)))
            wrong = list(validators[kind].iter_errors(document))
            if key in exempt:
                used.add(key)
                results.append((refused and not wrong, "%s is for the loader alone" % key, ["the schema refuses it, too"]))
            else:
                results.append((refused == bool(wrong), "schema and loader agree on %s" % key,
                                ["the loader refuses it: %s, the schema: %s" % (refused, bool(wrong))]))
    results.append((used == exempt, "not-in-schema names only what is there", sorted(exempt - used)))
    return results


def entries_of_bad_files():
    base = {"preop": 1, "site": "a", "name": "A", "stage": "home", "timezone": "UTC"}
    for name, kind, wrap in (("site-targets.yaml", "site", lambda v: dict(base, targets=[v])),
                             ("site-authorization.yaml", "site", lambda v: dict(base, authorization=[v])),
                             ("waivers.yaml", "waivers", lambda v: [v]), ("decisions.yaml", "decisions", lambda v: [v]),
                             ("work.yaml", "work", lambda v: [v]),
                             ("evidence-index.yaml", "evidence-index", lambda v: [v])):
        path = os.path.join(DATA, "bad", name)
        with open(path, encoding="utf-8") as f:
            raw = f.read().splitlines()
        documents = []
        for number, text in enumerate(raw, 1):
            item = re.match(r"^ *- (.*)$", text)
            if item:
                documents.append((str(number), [number], wrap(yaml.load(item.group(1), Loader=Core))))
        yield name, (kind, documents)
    path = os.path.join(DATA, "bad", "credentials.yaml")
    documents = []
    with open(path, encoding="utf-8") as f:
        for number, text in enumerate(f.read().splitlines(), 1):
            try:
                documents.append((str(number), [number], yaml.load(text, Loader=Core)))
            except yaml.YAMLError:
                pass
    yield "credentials.yaml", ("credentials", documents)


if __name__ == "__main__":
    sys.exit(main())
