"""Places where a test may kill the process, to see that nothing is lost by it (reliability P1).

They do nothing unless psew runs in the mode `test` and PSEW_CRASH_AT names the place; then the
process writes the file PSEW_CRASH_MARK and kills itself, once: where the file exists it lives on.
"""

import os
import signal

from django.conf import settings

ARMED = os.environ.get("PSEW_CRASH_AT", "") if settings.MODE == "test" else ""


def crash_point(name: str) -> None:
    """Die here, without a chance to clean up, where a test asked for it."""
    if ARMED and name == ARMED:
        _die()


def _die() -> None:
    try:
        mark = os.open(os.environ["PSEW_CRASH_MARK"], os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    except FileExistsError:
        return
    os.write(mark, ARMED.encode())
    os.close(mark)
    os.kill(os.getpid(), signal.SIGKILL)
