#!/usr/bin/python3
"""A second opinion: scores, verdicts, costs, dates and the roadmap of a run, computed from the written rules alone
(src/checklist/SCORES.md and src/plan/README.md), never from preop's own code or sums.

    second.py SITE DATA DB [--begin DATE] [--done NAME]...

SITE: the site's folder. DATA: the shipped checklists. DB: the store, of which only what was recorded is read: how many subjects of each
check passed, failed and were unknown at each target, the findings with their grade and evidence, and how each table was collected.
Writes JSON: `report` and `roadmap` in the shape of preop's own, without words. compare.py sets them beside what preop printed."""
import argparse, calendar, csv, datetime, json, math, os, re, sqlite3, sys
from decimal import Decimal
from fractions import Fraction
import yaml

ONE = 10 ** 9
FAR = 3653
USUAL = ['sign', 'close', 'connect', 'day-1', 'ehr-go-live', 'day-100', 'tsa-exit']
SEVERITY = ['info', 'low', 'medium', 'high', 'critical']
WEIGHT = {'info': 0, 'low': 1, 'medium': 2, 'high': 5, 'critical': 10}
HORIZON = ['now', '6-months', '18-months']
MONTHS = {'now': 3, '6-months': 6, '18-months': 18}
CRITICALITY = {'clinical': 3, 'business': 2, 'support': 1}
STATES = ['open', 'waived', 'unknown']
REMEDIES = ['seller-fixes', 'price', 'escrow', 'tsa', 'we-fix', 'accept', 'undecided']
NONE = 10 ** 6                       # a rank behind all milestones


def as_date(v):
    return v if isinstance(v, datetime.date) else datetime.date.fromisoformat(str(v))


def pair(v):
    if v is None:
        return [0, 0]
    return list(v) if isinstance(v, list) else [v, v]


def units(v, per):                   # a checklist's figure in whole units, halves up
    return [math.floor(Fraction(Decimal(repr(x))) * per + Fraction(1, 2)) for x in pair(v)]


def read(path, default):
    if not os.path.exists(path):
        return default
    with open(path, encoding='utf-8') as f:
        return yaml.load(f, yaml.CSafeLoader if hasattr(yaml, 'CSafeLoader') else yaml.SafeLoader) or default


# --- what a user wrote -------------------------------------------------------------------------------------------------------

class Site:
    def __init__(self, folder, data):
        self.y = read(folder + '/site.yaml', {})
        self.waivers = read(folder + '/waivers.yaml', [])
        self.decisions = read(folder + '/decisions.yaml', [])
        self.work = {w['item']: w for w in read(folder + '/work.yaml', [])}
        self.plan = (self.y.get('integration') or {}).get('plan')
        self.profile = self.y.get('profile') or {}
        self.capacity = {role: math.floor(Fraction(Decimal(repr(c))) * 1000 + Fraction(1, 2)) for role, c in (self.y.get('capacity') or {}).items()}
        self.owners = self.y.get('owners') or {}
        self.checks, self.domains = {}, {}
        overlays = []
        for name in self.y['checklists']:
            own = '%s/checklists/%s.yaml' % (folder, name)
            path = os.path.join(folder, name) if name.endswith('.yaml') else own if os.path.exists(own) else '%s/%s.yaml' % (data, name)
            c = read(path, {})
            if 'overlay' in c:
                overlays.append(c)
                continue
            for domain, d in (c.get('domains') or {}).items():
                self.domains[domain] = d.get('weight', 1)
            self.checks.update({k['id']: k for k in c['checks']})
        for o in overlays:
            for e in o['checks']:
                self.tailor(e)
        self.milestones = self.order_milestones()

    def tailor(self, e):
        if e.get('disable'):
            del self.checks[e['id']]
            return
        check = self.checks[e['id']]
        if 'severity' in e:
            check['severity'] = e['severity']
        if 'gate' in e:
            check['gate'] = None if e['gate'] == 'none' else e['gate']

    def order_milestones(self):      # by date, ties in the usual order; undated ones behind what precedes them there
        dates = {m: as_date(d) for m, d in (self.y.get('milestones') or {}).items() if d}
        names = USUAL + [m for m in (self.y.get('milestones') or {}) if m not in USUAL]
        out = sorted((m for m in names if m in dates), key=lambda m: (dates[m], names.index(m)))
        for i, m in enumerate(names):
            if m not in dates:
                at = max([out.index(b) + 1 for b in names[:i]], default=0)
                out.insert(at, m)
        for c in sorted(self.checks):
            g = self.checks[c].get('gate')
            if g and g not in out:
                out.append(g)
        self.dates = dates
        self.named = set(self.y.get('milestones') or {})
        return out

    def gate(self, check):           # the milestone's place, or None
        g = check.get('gate')
        plans = check.get('gate_plans') or []
        return self.milestones.index(g) if g and (not plans or self.plan is None or self.plan in plans) else None

    def remedy(self, item, fix):
        last = None
        for d in self.decisions:
            for r in d.get('remedies') or []:
                if r['item'] in (item, fix) and (last is None or as_date(d['date']) >= last[0]):
                    last = (as_date(d['date']), r['remedy'])
        return last[1] if last else 'undecided'

    def said(self, item, fix):
        return self.work.get(item) or self.work.get(fix) or {}


# --- what was recorded ---------------------------------------------------------------------------------------------------------

class Run:
    def __init__(self, db, site):
        c = sqlite3.connect('file:%s?mode=ro' % db, uri=True)
        self.id, as_of = c.execute("SELECT id, as_of FROM run WHERE id = (SELECT max(id) FROM run)").fetchone()
        self.as_of = datetime.date.fromisoformat(as_of[:10])
        self.counts, self.erred, self.applies = {}, {}, {}
        for check, status, reason, counts in c.execute('SELECT check_id, status, reason, target_counts FROM all_check_result WHERE run = ?', (self.id,)):
            self.counts[check] = {t['t']: t for t in json.loads(counts)}
            self.erred[check] = reason is not None
            self.applies[check] = status != 'not-applicable'
        self.failing, self.graded = {}, {}
        live = [w for w in site.waivers if as_date(w['date']) <= self.as_of <= as_date(w['expires'])]
        for check, target, subject, severity, evidence, method in c.execute(
                "SELECT check_id, target, subject, severity, evidence, method FROM all_finding WHERE run = ? AND status = 'fail' AND NOT gone", (self.id,)):
            waived = any(self.covers(w, site.checks[check], target, subject) for w in live)
            self.failing.setdefault((check, target), []).append((waived, severity, dict(json.loads(evidence or '{}'), **{'(method)': method})))
        self.criticality = dict(c.execute('SELECT t.name, r.criticality FROM run_target r JOIN target t ON t.id = r.target_id WHERE r.run_id = ?', (self.id,)))
        for t in site.y.get('targets') or []:
            self.criticality[t['name']] = CRITICALITY[t.get('criticality', 'support')]
        self.methods = {}
        for target, table, method in c.execute("SELECT target, fact_table, method FROM all_collection WHERE run = ? AND state IN ('complete', 'unsupported')", (self.id,)):
            self.methods.setdefault((target, table), set()).add(method)
        self.tables = {t for (t,) in c.execute('SELECT DISTINCT fact_table FROM all_collection')}

    @staticmethod
    def covers(w, check, target, subject):
        if w['check'] != check['id'] and w['check'] not in (check.get('was') or []):
            return False
        key = json.loads(subject) if subject.startswith('[') else [subject]
        return w.get('target', target) == target and str(w.get('subject', subject)) in (subject, ' / '.join(str(k) for k in key))

    def waived(self, check, target):
        return sum(f[0] for f in self.failing.get((check, target), []))


# --- scores ----------------------------------------------------------------------------------------------------------------------

def share(p, f, u, x):
    n = p + f + u
    return (0, ONE) if x else (p * ONE // n, (p + u) * ONE // n) if n else None


def mean(parts):                     # (weight, values): floors, each value for itself
    total = sum(w for w, _ in parts)
    return tuple(sum(w * v[i] for w, v in parts) // total for i in range(len(parts[0][1]))) if total else None


def method_of(run, check, target):   # the weakest of the tables that the check reads there
    text = ' '.join([check.get('query') or check['facts'], check.get('pass') or '', check.get('where') or ''])
    strength = ['measured', 'document', 'person']
    found = []
    for table in run.tables & set(re.findall(r'[a-z_0-9]+', text)):
        here = run.methods.get((target, table))
        if target == '(site)':
            here = [m for (t, b), ms in run.methods.items() if b == table for m in ms]
            found += here
        elif here:
            found.append(min(here, key=strength.index))
    return max(found, key=strength.index, default='person')


def score(site, run):
    checks, out = {}, {'domains': [], 'checks': {}}
    for id, check in site.checks.items():
        if run.erred[id]:
            checks[id] = ((0, ONE), (0, ONE), (0, 0, 0))
        elif run.applies[id]:
            plain, adjusted, seen = [], [], []
            for t, n in run.counts[id].items():
                w = run.criticality.get(t, 1)
                s = share(n['p'], n['f'], n['u'], n['x'])
                plain.append((w, s))
                a = share(n['p'], n['f'] - run.waived(id, t), n['u'], n['x'])
                if a:
                    adjusted.append((w, a))
                m = ['measured', 'document', 'person'].index(method_of(run, check, t))
                seen.append((w, tuple(ONE - (s[1] - s[0]) if i == m else 0 for i in range(3))))
            b = mean(plain) if plain else (0, ONE)
            checks[id] = (b, mean(adjusted) if adjusted else None, settle(b, mean(seen) if seen else (0, 0, 0)))
        else:
            checks[id] = (None, None, None)
        b = checks[id][0]
        n = list(run.counts[id].values())
        waived = sum(run.waived(id, t) for t in run.counts[id])
        fail = sum(t['f'] for t in n)
        status = 'unknown' if run.erred[id] else 'not-applicable' if not run.applies[id] else 'fail' if fail else \
            'unknown' if not n or any(t['u'] or t['x'] for t in n) else 'pass'
        out['checks'][id] = {'status': status, 'pass': sum(t['p'] for t in n), 'fail': fail, 'waived': waived,
                             'unknown': 1 if run.erred[id] else sum(t['u'] + t['x'] for t in n), 'low': b and percent(b[0]), 'high': b and percent(b[1])}
    parts, names = [], sorted({c['domain'] for c in site.checks.values()})
    for d in names:
        mine = [(WEIGHT[c['severity']], checks[id]) for id, c in site.checks.items() if c['domain'] == d]
        r = combine([(w, v) for w, v in mine if w])
        out['domains'].append({'id': d, 'score': figures(r), 'checks': len(mine)})
        parts.append((site.domains.get(d, 1), r))
    whole = combine(parts)
    out['score'] = figures(whole)
    return out, checks, whole


def combine(parts):
    plain = mean([(w, v[0]) for w, v in parts if v[0]] or [(0, (0, 0))])
    adjusted = mean([(w, v[1]) for w, v in parts if v[1]] or [(0, (0, 0))])
    seen = mean([(w, v[2]) for w, v in parts if v[0]] or [(0, (0, 0, 0))])
    return (plain, adjusted, settle(plain, seen) if plain else None)


def settle(bounds, seen):            # the split sums to what the bounds leave
    rest = ONE - (bounds[1] - bounds[0]) - sum(seen)
    at = max(range(3), key=lambda i: (seen[i], -i))
    return tuple(v + (rest if i == at else 0) for i, v in enumerate(seen))


def percent(ppb):
    return ppb // 10 ** 5 / 100


def figures(r):
    plain, adjusted, seen = r
    return {'low': plain and percent(plain[0]), 'high': plain and percent(plain[1]),
            'adjusted': {'low': adjusted and percent(adjusted[0]), 'high': adjusted and percent(adjusted[1])},
            'seen': {k: percent(seen[i]) if seen else 0 for i, k in enumerate(['measured', 'documents', 'told'])}}


def gates(site, run, out):
    rows = []
    for i, m in enumerate(site.milestones):
        gated = {id: out['checks'][id] for id, c in site.checks.items() if site.gate(c) is not None and site.gate(c) <= i}
        if m not in site.named and not any(site.gate(site.checks[id]) == i for id in gated):
            continue
        blockers = [id for id, c in sorted(gated.items()) if c['fail'] > c['waived']]
        unproven = [id for id, c in sorted(gated.items()) if c['unknown'] or run.erred[id] or c['status'] == 'unknown']
        waived = [id for id, c in sorted(gated.items()) if c['waived']]
        passed = any(c['status'] == 'pass' for c in gated.values())
        verdict = 'NO-GO' if blockers else 'UNPROVEN' if unproven or not passed else 'CONDITIONAL' if waived else 'GO'
        rows.append({'milestone': m, 'date': str(site.dates[m]) if m in site.dates else None, 'verdict': verdict,
                     'blockers': blockers, 'unproven': unproven, 'waived': waived})
    return rows


# --- work items --------------------------------------------------------------------------------------------------------------------

class Item:
    pass


def demands(site, run):
    for id, check in site.checks.items():
        counts = {t: (n['f'] - run.waived(id, t), run.waived(id, t), n['u'] + n['x']) for t, n in run.counts[id].items()}
        if run.erred[id] or run.applies[id] and not counts:
            counts = {'(site)': (0, 0, 1)}
        for target, numbers in counts.items():
            for state, n in zip(STATES, numbers):
                if n > 0:
                    yield check, target, state, n


def fixes(site, run):
    out = {}
    for check, target, state, n in demands(site, run):
        a = units(check.get('cost'), 100) + units(check.get('cost_yearly'), 100) + units(check.get('effort_days'), 1000)
        name, rank = check.get('fix_group') or check['id'], site.gate(check)
        f = out.setdefault((name, target, state), {'a': [0] * 6, 'rank': NONE, 'checks': []})
        f['a'] = [max(o, v) for o, v in zip(f['a'], a)] if check.get('fix_group') else [v * n for v in a]
        f['rank'] = min(f['rank'], NONE if rank is None else rank)
        f['checks'].append((check, n))
    group = lambda name: any(c.get('fix_group') == name for c in site.checks.values())
    drop = [k for k in out if group(k[0]) and (k[2] == 'unknown' and ((k[0], k[1], 'open') in out or (k[0], k[1], 'waived') in out)
                                               or k[2] == 'waived' and (k[0], k[1], 'open') in out)]
    for k in drop:
        del out[k]
    return out


def items(site, run):
    made = {}
    for (name, target, state), f in sorted(fixes(site, run).items()):
        i = made.setdefault((state, name, f['rank']), Item())
        if not hasattr(i, 'a'):
            i.fix, i.state, i.gate, i.a, i.targets, i.checks, i.subjects = name, state, f['rank'], [0] * 6, [], {}, 0
        i.a = [x + y for x, y in zip(i.a, f['a'])]
        i.targets.append(target)
        for check, n in f['checks']:
            i.checks[check['id']] = check
            i.subjects += n
    for i in made.values():
        finish(site, run, i)
    return list(made.values())


def finish(site, run, i):
    group = any(c.get('fix_group') for c in i.checks.values())
    i.id = i.fix + (':' + site.milestones[i.gate] if group and i.gate != NONE else '')
    i.lead = [max(math.ceil(pair(c.get('lead_days'))[k]) for c in i.checks.values()) for k in (0, 1)]
    i.estimated = any('effort_days' in c or 'lead_days' in c for c in i.checks.values())
    i.horizon = min((c.get('horizon', 'now') for c in i.checks.values()), key=HORIZON.index)
    worst = {}
    for id, c in i.checks.items():
        grades = [g for t in i.targets for waived, g, _ in run.failing.get((id, t), []) if i.state != 'unknown' and waived == (i.state == 'waived')]
        worst[id] = max([SEVERITY.index(g) for g in grades] or [SEVERITY.index(c['severity'])])
    i.severity = max(worst.values())
    leading = min(i.checks, key=lambda id: (-worst[id], -units(i.checks[id].get('effort_days'), 1000)[1], id))
    i.leading = i.checks[leading]
    i.remedy = site.remedy(i.id, i.fix)
    i.role = 'seller' if i.remedy == 'seller-fixes' else i.leading.get('owner')
    i.said = site.said(i.id, i.fix)
    i.owner = i.said.get('owner') or site.owners.get(i.role) or i.role or 'nobody'
    i.cost, i.yearly, i.effort = i.a[0:2], i.a[2:4], i.a[4:6]


def order(all_items):
    for i in all_items:
        i.key = (i.gate, 0 if i.gate != NONE else HORIZON.index(i.horizon), -i.severity)
        wanted = {d for c in i.checks.values() for d in c.get('depends') or []}
        i.deps = [a for a in all_items if a is not i and i.state != 'waived' and a.state != 'waived' and wanted & set(a.checks)
                  and not (a.fix == i.fix and a.state != i.state)]
    changed = True
    while changed:
        changed = False
        for b in all_items:
            for a in b.deps:
                if b.key < a.key:
                    a.key, changed = b.key, True

    def full(i):                     # subjects for the effort, more first; no effort before any
        value = (0, -i.subjects) if i.effort[1] == 0 else (1, -Fraction(i.subjects, i.effort[1]))
        return (i.key, value, i.id, STATES.index(i.state))
    left, out = sorted(all_items, key=full), []
    while left:
        free = next((i for i in left if not any(d in left for d in i.deps)), None)
        if free is None:
            reach = {id(i): reachable(i, left) for i in left}
            free = next(i for i in left if all(id(i) in reach[id(j)] for j in left if id(j) in reach[id(i)]))
        free.after, free.together = [d for d in free.deps if d in out], [d for d in free.deps if d in left]
        left.remove(free)
        out.append(free)
    for i in out:
        i.after.sort(key=out.index)
        i.together.sort(key=out.index)
    return out


def reachable(i, left):
    seen, todo = set(), [i]
    while todo:
        for d in todo.pop().deps:
            if d in left and id(d) not in seen:
                seen.add(id(d))
                todo.append(d)
    return seen


# --- dates ---------------------------------------------------------------------------------------------------------------------------

def capacity_on(c, day):             # thousandths of a person-day of a role with c a month
    if day.weekday() > 4:
        return 0
    first = day.replace(day=1)
    working = [d for d in (first + datetime.timedelta(n) for n in range(calendar.monthrange(day.year, day.month)[1])) if d.weekday() < 5]
    k = working.index(day) + 1
    return c * k // len(working) - c * (k - 1) // len(working)


def plus(day, n):
    return day + datetime.timedelta(n)


def add_months(day, n):
    y, m = divmod(day.year * 12 + day.month - 1 + n, 12)
    return datetime.date(y, m + 1, min(day.day, calendar.monthrange(y, m + 1)[1]))


class Days:                          # what is free of each role's days
    def __init__(self, site):
        self.site, self.used, self.known = site, {}, {}

    def free(self, role, day):
        if (role, day) not in self.known:
            self.known[role, day] = capacity_on(self.site.capacity[role], day)
        return self.known[role, day] - self.used.get((role, day), 0)

    def take(self, role, day, effort, until):        # (start, ready, pieces), or None
        pieces = []
        while effort > 0:
            if day >= until:
                return None
            got = min(effort, max(0, self.free(role, day)))
            if got:
                pieces.append((day, got))
                effort -= got
            day = plus(day, 1)
        for d, got in pieces:
            self.used[role, d] = self.used.get((role, d), 0) + got
        return pieces[0][0], plus(pieces[-1][0], 1), pieces


def place(site, begin, jobs):        # jobs in order; sets start, ready, pieces, place
    days, end = Days(site), plus(begin, FAR)
    for i in jobs:
        i.start = i.ready = None
        i.pieces = []
        deps = [d for d in i.after if d in jobs]
        since = max([plus(begin, i.lead[1])] + [d.ready for d in deps if d.ready])
        due = as_date(i.said['due']) if i.said.get('due') else None
        if any(d.ready is None for d in deps):
            i.place = 'waits'
        elif not i.estimated or i.effort[1] and i.role not in site.capacity:
            i.place = 'no-estimate' if not i.estimated else 'no-capacity'
            if due and due >= begin:
                i.start = i.ready = max(due, since)
                i.place = 'promised'
        elif since >= end:
            i.place = 'too-far'
        elif not i.effort[1]:
            i.start = i.ready = since
            i.place = 'planned'
        else:
            got = days.take(i.role, since, i.effort[1], end)
            i.place = 'planned' if got else 'too-far'
            if got:
                i.start, i.ready, i.pieces = got


def backwards(site, begin, jobs):
    days = Days(site)
    for i in reversed(jobs):
        m = site.milestones[i.gate] if i.gate != NONE else None
        due = site.dates.get(m) if m else add_months(begin, MONTHS[i.horizon])
        for b in jobs:
            if i in b.after and b.latest and (due is None or b.latest < due):
                due = b.latest
        i.due = i.latest = due
        if due and i.effort[1] and i.role in site.capacity:
            need = i.effort[1]
            while need > 0:
                i.latest = plus(i.latest, -1)
                need -= days.free(i.role, i.latest)
        i.order_by = plus(i.latest, -i.lead[1]) if due else None
        i.too_late = bool(due) and i.order_by < begin
        i.late = bool(due) and (i.ready is None or i.ready > due)
        i.missing = i.effort[1] if due and i.place == 'too-far' else sum(e for d, e in i.pieces if due and d >= due)


def earliest(site, begin, ordered, m, done):
    mine = [i for i in ordered if i.state != 'waived' and i.gate <= m and i.id not in done and i.fix not in done]
    todo = list(mine)
    while todo:
        for d in todo.pop().after:
            if d not in mine and d.id not in done and d.fix not in done:
                mine.append(d)
                todo.append(d)
    mine.sort(key=ordered.index)
    low = bound(site, begin, [i for i in mine if i.state == 'open'])
    place(site, begin, mine)
    if not mine or low is None or any(i.ready is None for i in mine):
        return None
    return [low, max([low] + [i.ready for i in mine])]


def bound(site, begin, jobs):
    end, roles = {}, {}
    for i in jobs:
        head = max([plus(begin, i.lead[0])] + [end[id(d)] for d in i.after if id(d) in end])
        due = as_date(i.said['due']) if i.said.get('due') else None
        if not i.estimated or i.effort[0] and i.role not in site.capacity:
            if not due or due < begin:
                return None
            end[id(i)] = max(head, due)
            continue
        got = Days(site).take(i.role, head, i.effort[0], plus(begin, 100 * FAR)) if i.effort[0] else None
        end[id(i)] = got[1] if got else head
        if got:
            roles.setdefault(i.role, []).append((head, i.effort[0]))
    last = max(list(end.values()) + [begin])
    for role, list_ in roles.items():
        days = Days(site)
        for head, effort in sorted(list_, key=lambda h: h[0]):
            last = max(last, days.take(role, head, effort, plus(begin, 100 * FAR))[1])
    return last


# --- impact ----------------------------------------------------------------------------------------------------------------------------

OVER, LESS = 'divide', 'one minus'   # how a factor enters; else it is multiplied
DRIVERS = {
    'delay': [('staff-time', 'year', ['users', 'minutes_per_user_day', 60, '@clinic_days_per_year', '@staff_hour_cost'])],
    'day1-lockout': [('staff-time', 'once', ['accounts', 'hours', '@staff_hour_cost'])],
    'outage': [('visits', 'event', ['@visits_per_day', (OVER, '@clinic_hours_per_day'), 'hours', 'scope', (LESS, '@recover_share'), '@revenue_per_visit', '@contribution_share']),
               ('staff-time', 'event', ['@staff', 'scope', 'hours', '@staff_hour_cost'])],
    'queue': [('staff-time', 'year', ['minutes_per_visit', '@visits_per_day', '@clinic_days_per_year', 60, '@staff_hour_cost'])],
    'double-entry': [('staff-time', 'year', ['minutes_per_day', 60, '@clinic_days_per_year', '@staff_hour_cost'])],
    'amount': [('cash', 'year', ['amount_year'])],
    'lock-in': [('cash', 'once', ['price_year', 'term_years'])],
    'exposure': [],
}
PRICES = ['@staff_hour_cost', '@revenue_per_visit', '@contribution_share']       # hours and visits are without them, money is with them
UNIT = {'staff-time': 'hours', 'visits': 'visits', 'cash': None}
ASSUMED = {'clinic_hours_per_day': ([8, 8], 'C'), 'clinic_days_per_year': ([230, 260], 'C'), 'recover_share': ([0.4, 0.9], 'D'), 'contribution_share': ([0.3, 1], 'D')}


class Missing(Exception):
    pass


def halves_up(x):
    return math.floor(x + 0.5)


def of_profile(site, name):
    if name in site.profile:
        return pair(site.profile[name]), 'B'
    if name in ASSUMED:
        return ASSUMED[name]
    raise Missing('profile.' + name)


def of_check(site, run, check, name, subjects):
    own = ((site.y.get('impact') or {}).get(check['id']) or {}).get(name)
    if own is not None:
        return pair(own), 'B'
    v = check['impact_model'][name]
    if v == 'subjects':
        v = {'of': 'subjects'}
    if not isinstance(v, dict):
        return pair(v), 'D'
    how = 'C' if v.get('source') else 'D'
    if 'column' in v:
        rows = [e for (id, _), fs in run.failing.items() if id == check['id'] for waived, _, e in fs if not waived and e.get(v['column']) is not None]
        if not rows:
            raise Missing(v['column'])
        got = [e[v['column']] for e in rows]
        return [min(got), max(got)], 'A' if all(e['(method)'] == 'measured' for e in rows) else 'B'
    if v.get('of') == 'subjects':
        s = pair(v.get('range', 1))
        return [subjects * s[0], subjects * s[1]], how if 'range' in v else 'A'
    if 'of' in v:
        (low, high), _ = of_profile(site, v['of'])
        s = pair(v.get('range', 1))
        return [halves_up(low * s[0]), halves_up(high * s[1])], how if 'range' in v else 'B'
    return pair(v['range']), how


def figure(site, run, check, factors, subjects):
    low, high, worst = 1.0, 1.0, 'A'
    for f in factors:
        op, name = f if isinstance(f, tuple) else (OVER if f == 60 else None, f)
        (a, b), how = ([60, 60], 'A') if name == 60 else of_profile(site, name[1:]) if name[0] == '@' else of_check(site, run, check, name, subjects)
        low, high = (low / b, high / a) if op == OVER else (low * (1 - b), high * (1 - a)) if op == LESS else (low * a, high * b)
        worst = max(worst, how)
    return [low, high], worst


def fill(site, run, check, factors, subjects, f):
    """What is counted, and the money if its prices are known too; the class is that of all inputs that are known."""
    counted = [x for x in factors if x not in PRICES]
    try:
        f['exact'], f['class'] = figure(site, run, check, counted, subjects)
        f['amount'] = [two_digits(v) for v in f['exact']] if f['unit'] else None
    except Missing as e:
        f['missing'] = str(e)
        return
    for price in (x for x in factors if x in PRICES):
        try:
            f['class'] = max(f['class'], of_profile(site, price[1:])[1])
        except Missing as e:
            f['missing'] = f['missing'] or str(e)
    if not f['missing']:
        f['money'], _ = figure(site, run, check, factors, subjects)
        f['range'] = [two_digits(v) for v in f['money']]


def two_digits(v):
    if v == 0:
        return 0
    v *= 1 + 1e-9
    unit = 10.0 ** (math.floor(math.log10(v)) - 1)
    return float(round(halves_up(v / unit) * unit, 6))


def added(kind, per, list_):
    total = lambda what: [two_digits(sum(f[what][k] for f in list_)) for k in (0, 1)]
    return {'kind': kind, 'per': per, 'unit': UNIT[kind], 'amount': total('exact') if UNIT[kind] else None, 'range': total('money') if all('money' in f for f in list_) else None}


def impact(site, run, out):
    rows, best, beside = [], {}, {}
    for id, check in sorted(site.checks.items()):
        model, c = check.get('impact_model'), out['checks'][id]
        fails = c['fail'] - c['waived']
        if not model or not (fails or c['unknown']):
            continue
        row = {'check': id, 'cause': model['cause'], 'subjects': fails or c['unknown'], 'unknown': not fails, 'figures': []}
        for kind, per, factors in DRIVERS[model['driver']]:
            f = {'kind': kind, 'per': per, 'unit': UNIT[kind], 'amount': None, 'range': None, 'class': None, 'missing': None, 'contained_in': None}
            fill(site, run, check, factors, row['subjects'], f)
            if 'exact' in f:
                (best if fails else beside).setdefault((kind, per), []).append((f['exact'][1], f['exact'][0], id, model['cause'], f))
            row['figures'].append(f)
        rows.append(row)

    def largest(list_):
        return min(list_, key=lambda x: (-x[0], -x[1], x[2]))
    sums, more = [], []
    for kind in ['staff-time', 'visits', 'cash']:
        for per in ['year', 'event', 'once']:
            causes = {}
            for x in best.get((kind, per), []):
                causes.setdefault(x[3], []).append(x)
            for list_ in causes.values():
                for x in list_:
                    x[4]['contained_in'] = None if x is largest(list_) else largest(list_)[2]
            tops = [largest(v) for v in causes.values()]
            if tops:
                sums.append(dict(added(kind, per, [largest(tops)[4]] if per == 'event' else [t[4] for t in tops]), causes=1 if per == 'event' else len(tops)))
            if (kind, per) in beside:
                more.append(added(kind, per, [largest(beside[kind, per])[4]]))
    for row in rows:
        for f in row['figures']:
            f.pop('exact', None), f.pop('money', None)
    rare = [r['unknown'] for r in rows if site.checks[r['check']]['impact_model']['driver'] == 'exposure']
    records = pair(site.profile['patient_records']) if rare and 'patient_records' in site.profile else None
    exposure = {'records': records and [two_digits(v) for v in records], 'missing': 'profile.patient_records' if rare and not records else None, 'failing': rare.count(False), 'unknown': rare.count(True)}
    return {'exposure': exposure, 'sums': sums, 'not_excluded': more, 'day_1': day_1(site, run, out), 'checks': rows}


def share_of_visits(site, run, check, subjects):
    """The share of a day's visits that a check touches; None: it has none. Raises Missing."""
    model = check.get('impact_model') or {}
    driver = model.get('driver')
    if driver == 'queue':
        return [1.0, 1.0]
    if driver == 'outage':
        return [min(1, v) for v in of_check(site, run, check, 'scope', subjects)[0]]
    if driver not in ('delay', 'day1-lockout'):
        return None
    people = of_check(site, run, check, 'users' if driver == 'delay' else 'accounts', subjects)[0]
    staff = pair(site.profile['staff']) if 'staff' in site.profile else None
    if not staff:
        raise Missing('profile.staff')
    return [min(1, people[0] / staff[1]), min(1, people[1] / staff[0])]


def day_1(site, run, out):
    day, rows = site.milestones.index('day-1'), []
    for id, check in sorted(site.checks.items()):
        place, c = site.gate(check), out['checks'][id]
        fails = c['fail'] - c['waived']
        if place is None or place > day or not (fails or c['unknown']):
            continue
        row = {'check': id, 'unknown': not fails, 'share': None, 'missing': None}
        try:
            row['share'] = share_of_visits(site, run, check, fails or c['unknown'])
        except Missing as e:
            row['missing'] = str(e)
        rows.append(row)
    visits = pair(site.profile['visits_per_day'])
    open_, unseen = ([r['share'] for r in rows if r['share'] and r['unknown'] == u] for u in (False, True))
    high = sum(s[1] for s in open_)
    exposed = [max(s[0] for s in open_) * visits[0], min(1, high) * visits[1]] if open_ else None
    result = {'visits_per_day': [two_digits(v) for v in visits] if open_ or unseen else None, 'exposed': [two_digits(v) for v in exposed] if exposed else None,
              'not_excluded': two_digits(min(1, high + sum(s[1] for s in unseen)) * visits[1]) if unseen else None, 'missing': None,
              'failing': sum(not r['unknown'] for r in rows), 'without_share': sum(not r['unknown'] and not r['share'] for r in rows)}
    for r in rows:
        r['share'] = r['share'] and [two_digits(v) for v in r['share']]
    return dict(result, checks=rows)


# --- what preop prints -----------------------------------------------------------------------------------------------------------------

def money(v):
    return [x / 100 for x in v]


def days(v):
    return [x / 1000 for x in v]


def text(day):
    return str(day) if day else None


def amounts(list_):
    return {'cost': money([sum(i.cost[k] for i in list_) for k in (0, 1)]), 'cost_yearly': money([sum(i.yearly[k] for i in list_) for k in (0, 1)]),
            'effort_days': days([sum(i.effort[k] for i in list_) for k in (0, 1)])}


def described(site, i):
    out = amounts([i])
    out.update({'item': i.id, 'fix': i.fix, 'checks': sorted(i.checks), 'targets': sorted(i.targets, key=str.encode), 'subjects': i.subjects,
                'milestone': site.milestones[i.gate] if i.gate != NONE else None, 'horizon': i.horizon, 'severity': SEVERITY[i.severity], 'role': i.role,
                'owner': i.owner, 'lead_days': i.lead, 'estimated': i.estimated, 'together': [t.id for t in i.together],
                'after': [a.id for a in i.after if a.state == 'open'], 'find_out_first': [a.id for a in i.after if a.state == 'unknown']})
    return out


def sums(site, open_):
    def by(key, names):
        groups = {}
        for i in open_:
            groups.setdefault(key(i), []).append(i)
        return [dict(amounts(groups[n]), key=n, items=len(groups[n])) for n in names if n in groups]
    roles = sorted({i.role for i in open_ if i.role}) + [None]
    return {'milestone': by(lambda i: site.milestones[i.gate] if i.gate != NONE else None, site.milestones + [None]),
            'domain': by(lambda i: i.leading['domain'], sorted({c['domain'] for c in site.checks.values()})),
            'owner': by(lambda i: i.role, roles), 'remedy': by(lambda i: i.remedy, REMEDIES), 'horizon': by(lambda i: i.horizon, HORIZON)}


def roadmap(site, run, begin, done):
    ordered = order(items(site, run))
    of = {s: [i for i in ordered if i.state == s] for s in STATES}
    rows = []
    for m, name in enumerate(site.milestones):
        mine = [i for i in ordered if i.gate <= m and i.id not in done and i.fix not in done]
        if not (name in site.dates or any(i.gate == m for i in ordered)):
            continue
        e = earliest(site, begin, ordered, m, done)
        rows.append({'milestone': name, 'date': text(site.dates.get(name)), 'open': sum(i.state == 'open' for i in mine),
                     'unknown': sum(i.state == 'unknown' for i in mine), 'earliest': [text(x) for x in e or [None, None]]})
    jobs = [i for i in of['open'] if i.remedy != 'accept' and i.id not in done and i.fix not in done]
    place(site, begin, jobs)
    backwards(site, begin, jobs)
    for row in rows:
        m = site.milestones.index(row['milestone'])
        mine = [i for i in of['open'] if i.gate <= m and i.id not in done and i.fix not in done]
        dates = [i.ready if i in jobs else None for i in mine]
        row['ready'] = text(max(dates)) if dates and all(dates) else None
        low = row['earliest'][0]
        row['too_late'] = bool(row['date']) and (any(i in jobs and i.too_late for i in mine) or bool(low and low > row['date']))
    listed = []
    for i in of['open']:
        d = described(site, i)
        if i in jobs:
            d.update({'state': i.place, 'needed_by': text(i.due), 'order_by': text(i.order_by), 'start': text(i.start), 'ready': text(i.ready),
                      'order_on': text(plus(i.start, -i.lead[1])) if i.start else None, 'too_late': i.too_late, 'late': i.late, 'missing_days': i.missing / 1000})
        else:
            d.update({'state': 'done' if i.id in done or i.fix in done else 'accepted', 'ready': None, 'start': None, 'order_on': None})
        listed.append(d)
    used = {}
    for i in jobs:
        for day, e in i.pieces:
            used[i.role, day.replace(day=1)] = used.get((i.role, day.replace(day=1)), 0) + e
    load = [{'role': r, 'month': text(m), 'used_days': used[r, m] / 1000, 'capacity_days': site.capacity[r] / 1000}
            for r, m in sorted(used, key=lambda k: (list(site.capacity).index(k[0]), k[1]))]
    out = {'run': run.id, 'begin': text(begin), 'milestones': rows, 'items': listed, 'sums': sums(site, of['open']), 'load': load}
    out.update(amounts(of['open']))
    for s in ('unknown', 'waived'):
        out[s] = dict(amounts(of[s]), items=[described(site, i) for i in of[s]])
    return out, of


def report(site, run):
    out, _, _ = score(site, run)
    plan, of = roadmap(site, run, run.as_of, [])
    out['gates'] = gates(site, run, out)
    for g in out['gates']:
        g['earliest'] = next((m['earliest'] for m in plan['milestones'] if m['milestone'] == g['milestone']), [None, None])
    for s in ('open', 'waived'):
        out['score'].update({s + '_' + k: v for k, v in amounts(of[s]).items()})
    out['score'].update({'unknown_cost': amounts(of['unknown'])['cost'][1],
                         'worst_open': SEVERITY[max(i.severity for i in of['open'])] if of['open'] else None})
    by_check = {}
    for i in plan['items']:
        for id in i['checks']:
            by_check.setdefault(id, i.get('order_by') if i['milestone'] else None)
    for id, c in out['checks'].items():
        c['order_by'] = by_check.get(id) if site.gate(site.checks[id]) is not None else None       # of what blocks
    out['checks'] = [dict(c, id=id) for id, c in sorted(out['checks'].items())]
    out['impact'] = impact(site, run, {'checks': {c['id']: c for c in out['checks']}})
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument('site'), p.add_argument('data'), p.add_argument('db')
    p.add_argument('--begin', type=as_date), p.add_argument('--done', action='append', default=[])
    a = p.parse_args()
    site = Site(a.site, a.data)
    run = Run(a.db, site)
    json.dump({'report': report(site, run), 'roadmap': roadmap(site, run, a.begin or run.as_of, a.done)[0]}, sys.stdout, indent=1)


if __name__ == '__main__':
    main()
