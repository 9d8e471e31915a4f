#!/usr/bin/python3
"""Whether a discovered.yaml is as its schema says, and holds nothing that a terminal or an editor would obey.

    discovered_valid.py SCHEMA FILE"""
import json
import sys
import unicodedata

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """Every scalar as it is written but for true, false and numbers: preop reads it so."""


Loader.yaml_implicit_resolvers = {k: [(tag, r) for tag, r in v if not tag.endswith("timestamp")] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}

schema, text = json.load(open(sys.argv[1])), open(sys.argv[2], encoding="utf-8").read()
for c in text:
    if c != "\n" and (unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"):
        sys.exit("U+%04X stands in %s" % (ord(c), sys.argv[2]))
jsonschema.Draft202012Validator(schema).validate(yaml.load(text, Loader))
