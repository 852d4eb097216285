"""The stage's sign of life: a line now and then on the supervisor's pipe; when nobody reads it, the stage ends."""

from __future__ import annotations

import os
import sys

COMPILING = 60
"""Seconds that the driver may take over one scene."""


class Gone(Exception):
    """The supervisor is no more."""


class Heart:
    """Writes to the pipe `number`, or nowhere when that is None."""

    def __init__(self, number: int | None) -> None:
        self._number = number
        if number is not None:
            os.set_blocking(number, False)

    def say(self, line: str) -> None:
        """Raises Gone when nobody can read it any more; a full pipe is no matter."""
        if self._number is None:
            return
        try:
            os.write(self._number, f"{line}\n".encode())
        except BlockingIOError:
            pass
        except OSError:
            raise Gone from None

    def beat(self) -> None:
        self.say("beat")

    def compiling(self, digest: str) -> None:
        """Names the scene before it is compiled, so that what dies of it is known."""
        self.say(f"scene {digest}")
        self.say(f"compiling {COMPILING}")


def resident_mb() -> float:
    """The process's resident memory in MB, 0 where it cannot be told."""
    if sys.platform.startswith("linux"):
        with open("/proc/self/statm", "rb") as file:
            return round(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    return 0.0
