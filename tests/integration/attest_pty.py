#!/usr/bin/env python3
"""attest_pty.py PREOP SITE FORM... -- LINE...: `preop attest` on a terminal of 80 columns. Each LINE is typed when a prompt stands there; KILL ends the program by force instead.
Prints what the screen got. Exit status 0 when the program ended by itself (or by KILL), 1 when it went on asking."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

preop, site = sys.argv[1:3]
middle = sys.argv.index("--")
forms, lines = sys.argv[3:middle], sys.argv[middle + 1:]
pid, fd = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    os.execv(preop, [preop, "-C", site, "attest"] + forms)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
seen = b""


def read(until, seconds=20):
    """Reads until the screen ends with a prompt or the program has ended; True for a prompt."""
    global seen
    end = time.monotonic() + seconds
    since = len(seen)
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.05)[0]:
            try:
                got = os.read(fd, 65536)
            except OSError:
                return False
            if not got:
                return False
            seen += got
        elif len(seen) > since and seen.endswith(until):
            return True
    return False


status = 0
prompt = read(b" > ")
for line in lines:
    if not prompt:
        break
    if line == "KILL":
        os.kill(pid, signal.SIGKILL)
        break
    os.write(fd, line.encode() + b"\n")
    prompt = read(b" > ")
else:
    if prompt:
        status = 1
        os.kill(pid, signal.SIGTERM)
os.waitpid(pid, 0)
sys.stdout.buffer.write(seen)
sys.exit(status)
