#!/usr/bin/python3
"""Writes down who was shown what over SNMP: one line for every question to UDP port 161 at an interface.

    snmp_watch.py INTERFACE LOG

"ready" is printed when it listens. A line of LOG: "ADDRESS 1 COMMUNITY", "ADDRESS 2c COMMUNITY", "ADDRESS 3 -"."""
import socket
import struct
import sys

OUTGOING = 4


def element(p, at):
    """One BER element (X.690): its content, and where the next one begins."""
    length, at = p[at + 1], at + 2
    if length & 128:
        n = length & 127
        length, at = int.from_bytes(p[at:at + n], "big"), at + n
    return p[at:at + length], at + length


def shown(p):
    message, _ = element(p, 0)
    version, at = element(message, 0)
    if version[-1] == 3:
        return "3 -"
    community, _ = element(message, at)
    return "%s %s" % ("2c" if version[-1] == 1 else "1", community.decode("latin-1"))


def main():
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
    link.bind((sys.argv[1], 0x0003))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    log = open(sys.argv[2], "w", buffering=1)
    print("ready", flush=True)
    while True:
        frame, where = link.recvfrom(65536)
        if where[2] == OUTGOING or len(frame) < 42 or frame[12:14] != b"\x08\x00" or frame[23] != 17:
            continue
        p = frame[14:]
        datagram = p[(p[0] & 15) * 4:]
        if struct.unpack("!H", datagram[2:4])[0] == 161:
            log.write("%s %s\n" % (socket.inet_ntoa(p[16:20]), shown(datagram[8:])))


main()
