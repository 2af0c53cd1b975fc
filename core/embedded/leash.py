"""Become another program that the system stops when its supervisor dies, even by SIGKILL.

Called by path as `leash.py SIGNAL SUPERVISOR COMMAND...`; only Linux has such a leash.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(argv: list[str]) -> None:
    """Tie this process to its supervisor, then turn into the command."""
    signal, supervisor, *command = argv
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
        if os.getppid() != int(supervisor):
            sys.exit("The supervisor is gone.")
    os.execvp(command[0], command)  # noqa: S606 - the command comes from our own code


if __name__ == "__main__":
    main(sys.argv[1:])
