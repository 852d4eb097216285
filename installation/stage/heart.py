"""The stage's sign of life: a line now and then on the supervisor's pipe; when nobody reads it, the stage ends."""

from __future__ import annotations

import os
import sys

COMPILING = 8
"""Seconds that the driver may take over one program."""
TRYING = 3
"""Seconds that the first frame of a scene may take; one that needs as long every time is too slow for any wall."""


class Gone(Exception):
    """The supervisor is no more."""


class Heart:
    """Writes to the pipe `number`, or nowhere when that is None."""

    def __init__(self, number: int | None) -> None:
        self._number, self._scene = number, ""
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

    def scene(self, digest: str) -> None:
        """Names the scene before it is compiled, so that what dies of it is known."""
        if digest != self._scene:
            self._scene = digest
            self.say(f"scene {digest}")

    def compiling(self) -> None:
        """Before each program that the driver compiles."""
        self.say(f"compiling {COMPILING}")

    def trying(self) -> None:
        """Before the first frame of a scene, all of it compiled."""
        self.say(f"compiling {TRYING}")


def resident_mb() -> float:
    """The process's resident memory in MB, 0 where it cannot be told."""
    if sys.platform.startswith("linux"):
        with open("/proc/self/statm", "rb") as file:
            return round(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
    return 0.0
