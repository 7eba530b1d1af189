"""Runs a command in a terminal of so many columns and tells what it shows: inpty.py COLUMNS COMMAND …"""

import fcntl
import os
import pty
import struct
import sys
import termios


def main() -> int:
    columns, command = int(sys.argv[1]), sys.argv[2:]
    # The size must stand before the command looks.
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    child = os.fork()
    if child == 0:
        os.close(leader)
        for descriptor in (0, 1, 2):
            os.dup2(follower, descriptor)
        os.environ.setdefault("TERM", "xterm")
        os.execvp(command[0], command)
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    _, status = os.waitpid(child, 0)
    sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
    return os.waitstatus_to_exitcode(status)


sys.exit(main())
