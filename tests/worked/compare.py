#!/usr/bin/python3
"""Sets what second.py computed beside what preop printed: compare.py SECOND.json [--report FILE] [--roadmap FILE].
Every figure that was computed has to be printed, and equal to the digit. Prints each difference; the last line counts. Exit status 1 with any."""
import argparse, json, sys

seen, wrong = 0, 0


def differ(place, computed, printed):
    global wrong
    wrong += 1
    print('%s: computed %s, printed %s' % (place, json.dumps(computed), json.dumps(printed)))


def name(v):
    return next((str(v[k]) for k in ('id', 'item', 'milestone', 'check', 'key', 'kind') if isinstance(v, dict) and v.get(k)), None)


def walk(place, computed, printed):
    global seen
    if isinstance(computed, dict) and isinstance(printed, dict):
        for k, v in computed.items():
            if k in printed:
                walk(place + '.' + k, v, printed[k])
            else:
                differ(place + '.' + k, v, 'nothing')
    elif isinstance(computed, list) and isinstance(printed, list) and [name(v) for v in computed] == [name(v) for v in printed]:
        for n, (c, p) in enumerate(zip(computed, printed)):
            walk('%s[%s]' % (place, name(c) or n), c, p)
    elif isinstance(computed, list) and isinstance(printed, list):
        differ(place, [name(v) or v for v in computed], [name(v) or v for v in printed])
    else:
        seen += 1
        if computed != printed or isinstance(computed, bool) != isinstance(printed, bool):
            differ(place, computed, printed)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('second'), p.add_argument('--report'), p.add_argument('--roadmap')
    a = p.parse_args()
    second = json.load(open(a.second))
    for part in ('report', 'roadmap'):
        if getattr(a, part):
            walk(part, second[part], json.load(open(getattr(a, part))))
    print('%d figures compared, %d differ' % (seen, wrong))
    return 1 if wrong or not seen else 0


if __name__ == '__main__':
    sys.exit(main())
