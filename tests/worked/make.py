#!/usr/bin/python3
"""Makes the worked clinic's folder: what stands under site/ with its dates, and the facts of its targets, each number from the target's place in the list.

    make.py OUT --today DATE --net 127.X.Y --port N --checklists NAME,NAME

OUT/site is the folder, OUT/served the list for the agent of tests/tools (`snmprec_serve --list`). Dates in site/ are written @+30@: days from --today."""
import argparse, datetime, hashlib, os, re, shutil

HERE = os.path.dirname(os.path.abspath(__file__))
MEASURED, WALKED, INVENTORIES, CONTROLLERS = 30, 25, 4, 2
CRITICALITY = [', criticality: clinical', ', criticality: business', '', ', criticality: support']


def device(kind, k):
    """What a device tells: (numeric name, type, value) in the order of a walk."""
    name = 'w-%s%02d%s' % (kind, k, '-isolated' if k % 9 == 4 else '')
    out = [('1.3.6.1.2.1.1.1.0', 'STRING', 'Example Switch version %d' % (9 if k % 3 == 0 and k % 9 != 4 else 8)), ('1.3.6.1.2.1.1.2.0', 'OID', '1.3.6.1.4.1.99999.1.%d' % k),
           ('1.3.6.1.2.1.1.3.0', 'Timeticks', 3000 + 100 * k), ('1.3.6.1.2.1.1.5.0', 'STRING', name), ('1.3.6.1.2.1.1.7.0', 'INTEGER', 2)]
    ports = range(1, 3 + k % 5)
    columns = {'2.2.1.1': ('INTEGER', lambda p: p), '2.2.1.2': ('STRING', lambda p: 'Gi0/%d' % p), '2.2.1.3': ('INTEGER', lambda p: 6),
               '2.2.1.7': ('INTEGER', lambda p: 1), '2.2.1.8': ('INTEGER', lambda p: 2 if (k + p) % 5 == 0 else 1),
               '2.2.1.14': ('Counter32', lambda p: [0, 7, 0, 12][(k * p) % 4]), '2.2.1.20': ('Counter32', lambda p: 0),
               '10.7.2.1.19': ('INTEGER', lambda p: None if (k + p) % 6 == 0 else 2 if (k + 2 * p) % 7 == 0 else 3),
               '31.1.1.1.1': ('STRING', lambda p: 'Gi0/%d' % p), '31.1.1.1.15': ('Gauge32', lambda p: [1000, 100, 10, 1000][(3 * k + p) % 4])}
    for column, (kind_, value) in columns.items():
        out += [('1.3.6.1.2.1.%s.%d' % (column, p), kind_, value(p)) for p in ports if value(p) is not None]
    return out


def recording(rows):
    number = {'STRING': 4, 'OID': 6, 'Timeticks': 67, 'INTEGER': 2, 'Counter32': 65, 'Gauge32': 66}
    return ''.join('%s|%d|%s\n' % (oid, number[kind], value) for oid, kind, value in rows)


def walk(rows, cut):
    shown = {'STRING': '"%s"', 'OID': '.%s', 'Timeticks': '(%s) 0:00:40.00'}
    text = ''.join('.%s = %s: %s\n' % (oid, kind, shown.get(kind, '%s') % value) for oid, kind, value in rows)
    end = '.%s = No more variables left in this MIB View (It is past the end of the MIB tree)\n' % rows[-1][0]
    return text[:len(text) * 2 // 3] if cut else text + end


def inventory(k):
    systems, memory = ['Windows 11 Pro', 'Windows 10 Pro', 'Windows 11 Pro', ''], [8, 16, 4, '']
    rows = ['Computer Name,Operating System,RAM (GB),Serial Number']
    rows += ['pc%d-%02d,%s,%s,%s' % (k, n, systems[(n + k) % (4 if k < 3 else 3)], memory[(n * k) % 4], '' if n % 7 == 0 else 'S%d%02d' % (k, n)) for n in range(9 + k)]
    return '\n'.join(rows) + '\n'


def accounts():
    rows = ['ObjectGUID,SamAccountName,Enabled,PasswordNeverExpires']
    rows += ['0000-%03d,user%02d%s,%s,%s' % (n, n, '.old' if n % 5 == 0 else '', 'False' if n % 6 == 0 else 'True', 'True' if n % 8 == 3 else 'False') for n in range(31)]
    return '\n'.join(rows) + '\n'


FILES = {
    'ad.csv': ('csv/ad-users', accounts()),
    'dhcp.csv': ('csv/windows-dhcp-scopes', 'ScopeId,AddressesInUse,AddressesFree,ReservedAddress,PendingOffers,PercentageInUse\n10.1.1.0,200,54,3,0,78.7\n10.1.2.0,250,4,0,2,98.4\n10.1.3.0,20,234,0,0,7.9\n'),
    'networks.csv': ('csv/ipam-prefixes', 'Prefix,VRF,Status,Role,Site\n10.1.1.0/24,,Active,clinic,Worked\n10.1.2.0/24,,Active,clinic,Worked\n10.9.0.0/16,,Reserved,guests,\n'),
    'scan.xml': ('nmap', '<?xml version="1.0"?>\n<nmaprun scanner="nmap" start="1793631600" version="7.93" xmloutputversion="1.05"><scaninfo type="syn" protocol="tcp" numservices="3" services="22,80,443"/>'
                 '<host><status state="up"/><address addr="10.1.1.9" addrtype="ipv4"/><ports><port protocol="tcp" portid="80"><state state="open"/></port></ports></host></nmaprun>\n'),
}


class Clinic:
    def __init__(self, a):
        self.a, self.site, self.targets, self.index = a, a.out + '/site', [], []

    def write(self, name, text):
        path = os.path.join(self.a.out, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)

    def evidence(self, name, text, as_, days, target=None, more=''):
        self.write('site/evidence/' + name, text)
        seen = self.a.today - datetime.timedelta(days)
        self.index.append('- {file: "evidence/%s", sha256: "%s", from: "Acme IT", observed: "%sT00:00:00Z", received: "%sT06:00:00Z"}\n'
                          % (name, hashlib.sha256(text.encode()).hexdigest(), seen, seen))
        if target:
            self.targets.append('  - {name: %s, file: evidence/%s, as: %s%s}\n' % (target, name, as_, more))

    def dated(self, text):
        text = re.sub(r'@([+-]\d+)@', lambda m: str(self.a.today + datetime.timedelta(int(m.group(1)))), text)
        return text.replace('@NET@', self.a.net).replace('@CHECKLISTS@', self.a.checklists)

    def make(self):
        a, served = self.a, ''
        for k in range(MEASURED):
            self.write('agents/m%02d.snmprec' % k, recording(sorted(device('m', k), key=lambda r: [int(n) for n in r[0].split('.')])))
            served += '%s.%d:%d=%s/agents/m%02d.snmprec\n' % (a.net, k + 1, a.port, os.path.abspath(a.out), k)
            self.targets.append('  - {name: m%02d, address: %s.%d, role: switch, snmp: {use: gear, port: %d}%s}\n' % (k, a.net, k + 1, a.port, CRITICALITY[k % 4]))
        self.write('served', served)
        self.targets.append('  - {name: silent, address: %s.199, role: switch, snmp: {use: gear, port: %d, timeout: 200ms, retries: 0}, criticality: clinical}\n' % (a.net, a.port))
        self.targets.append('  - {name: never, address: %s.200, role: switch, snmp: {use: gear, port: %d}}\n' % (a.net, a.port))
        for k in range(WALKED):
            self.evidence('d%02d.txt' % k, walk(device('d', k), k % 8 == 6), 'snmpwalk', 60 if k % 5 == 0 else 5, 'd%02d' % k, ', role: switch' + CRITICALITY[(k + 1) % 4])
        for k in range(1, INVENTORIES + 1):
            self.evidence('pcs%d.csv' % k, inventory(k), 'csv/generic-assets', 4, 'pcs%d' % k, CRITICALITY[k % 4])
        for k in range(1, CONTROLLERS + 1):
            rows = ['name,model,version,serial,ip'] + ['ap-%d%d,U6,%d.1,UB%d%d,' % (k, n, 8 + n % 2, k, n) for n in range(4)]
            self.evidence('wifi%d.csv' % k, '\n'.join(rows) + '\n', 'csv/unifi-devices', 4, 'wifi%d' % k)
        for name, (as_, text) in FILES.items():
            self.evidence(name, text, as_, 3, name.split('.')[0])
        self.evidence('answers.pdf', 'what the clinic handed over\n', None, 6)
        for folder, _, names in os.walk(HERE + '/site'):
            for name in names:
                with open(os.path.join(folder, name), encoding='utf-8') as f:
                    self.write(os.path.relpath(os.path.join(folder, name), HERE), self.dated(f.read()))
        with open(self.site + '/site.yaml', 'a', encoding='utf-8') as f:
            f.writelines(self.targets)
        self.write('site/evidence/index.yaml', ''.join(self.index))
        self.write('site/credentials.yaml', 'gear: {snmp: {version: 2c, community: worked-read}}\n')
        os.chmod(self.site + '/credentials.yaml', 0o600)
        print('%d targets' % len(self.targets))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('out'), p.add_argument('--today', type=datetime.date.fromisoformat), p.add_argument('--net'), p.add_argument('--port', type=int)
    p.add_argument('--checklists', default='worked')
    a = p.parse_args()
    shutil.rmtree(a.out, ignore_errors=True)
    os.makedirs(a.out, mode=0o700)
    Clinic(a).make()


if __name__ == '__main__':
    main()
