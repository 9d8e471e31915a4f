#!/usr/bin/python3
"""The other end of a cable: writes a line for every packet that arrives, and answers ARP for devices that are not there.

    link_watch.py INTERFACE LOG [ADDRESS=HARDWARE-ADDRESS]...

"ready" is printed when it listens. A line of LOG: "arp ADDRESS" (somebody asks who has it), "tcp ADDRESS PORT FLAGS", "udp ADDRESS PORT LENGTH",
"other ADDRESS PROTOCOL". The devices have no more of a life than their answers to ARP: whatever else is sent to them is only written down."""
import socket
import struct
import sys

ARP, IPV4, EVERYTHING, OUTGOING = 0x0806, 0x0800, 0x0003, 4


def flags_of(bits):
    return "".join(letter for i, letter in enumerate("FSRPAU") if bits >> i & 1) or "-"


def packet_line(p):
    to, head = socket.inet_ntoa(p[16:20]), (p[0] & 15) * 4
    rest = p[head:]
    if p[9] == 6 and len(rest) >= 14:
        return "tcp %s %d %s" % (to, struct.unpack("!H", rest[2:4])[0], flags_of(rest[13]))
    if p[9] == 17 and len(rest) >= 8:
        port, length = struct.unpack("!HH", rest[2:6])
        return "udp %s %d %d" % (to, port, length - 8)
    return "other %s %d" % (to, p[9])


def answer(mac, frame):
    own = bytes.fromhex(mac.replace(":", ""))
    return frame[6:12] + own + frame[12:20] + b"\x00\x02" + own + frame[38:42] + frame[22:32]


def main():
    interface, log = sys.argv[1], open(sys.argv[2], "w", buffering=1)
    devices = dict(one.split("=") for one in sys.argv[3:])
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))
    link.bind((interface, EVERYTHING))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    print("ready", flush=True)
    while True:
        frame, where = link.recvfrom(65536)
        kind = struct.unpack("!H", frame[12:14])[0]
        if where[2] == OUTGOING:
            continue
        if kind == ARP and len(frame) >= 42 and frame[20:22] == b"\x00\x01":
            to = socket.inet_ntoa(frame[38:42])
            log.write("arp %s\n" % to)
            if to in devices:
                link.send(answer(devices[to], frame))
        elif kind == IPV4 and len(frame) >= 34:
            log.write(packet_line(frame[14:]) + "\n")


main()
