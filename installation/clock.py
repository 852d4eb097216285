"""The only reader of the time: a real clock, and one that a test holds in its hand.

Seconds throughout. `now` is monotonic and never steps; `wall` is the host's idea of the date, read once at start by
whoever needs it, since it may be stepped under a running show.
"""

from __future__ import annotations

import ctypes
import sys
import time
from typing import Protocol

_NOT_KEPT = 5
"""What the kernel answers (TIME_ERROR) while nothing keeps its date."""


class Clock(Protocol):
    """What the engine asks of a clock."""

    def now(self) -> float:
        """Monotonic seconds, the same for every process of this host."""

    def wall(self) -> float:
        """Seconds since 1970 in UTC, as the host believes."""

    def kept(self) -> bool:
        """Whether something (NTP, GPS) keeps the host's date right, as the kernel knows."""

    def suspended(self) -> float:
        """Seconds since the host started for which it was suspended, when `now` stood still."""

    def spent(self) -> float:
        """Seconds of a processor that this thread has had."""

    def sleep(self, seconds: float) -> None:
        """Waits; at least about `seconds`."""


class _Timex(ctypes.Structure):
    """`struct timex` of adjtimex(2), of which only the answer is of use."""

    _fields_ = (("modes", ctypes.c_uint), ("rest", ctypes.c_byte * 508))


def _kept() -> bool:
    """Whether the kernel's date is kept; False where that cannot be asked."""
    try:
        answer: int = ctypes.CDLL(None).adjtimex(ctypes.byref(_Timex()))
        return 0 <= answer < _NOT_KEPT
    except (AttributeError, OSError, TypeError):
        return False


class RealClock:
    """The host's own clocks."""

    now = staticmethod(time.monotonic)
    wall = staticmethod(time.time)
    kept = staticmethod(_kept)
    spent = staticmethod(time.thread_time)

    def suspended(self) -> float:
        if sys.platform != "linux":
            return 0.0
        return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic())

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


class HeldClock:
    """A clock that moves only when it is told to, or when someone sleeps on it."""

    def __init__(self, now: float = 0.0, wall: float = 1_800_000_000.0) -> None:
        self._now, self._wall = now, wall
        self.is_kept, self.was_suspended = False, 0.0

    def now(self) -> float:
        return self._now

    def wall(self) -> float:
        return self._wall

    def kept(self) -> bool:
        return self.is_kept

    def suspended(self) -> float:
        return self.was_suspended

    def spent(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Moves both clocks on."""
        self._now += seconds
        self._wall += seconds

    def step_wall(self, seconds: float) -> None:
        """Steps the host's date, as a technician or NTP might; the monotonic clock does not notice."""
        self._wall += seconds

    def suspend(self, seconds: float) -> None:
        """The host sleeps: the date goes on, the monotonic clock stands still."""
        self._wall += seconds
        self.was_suspended += seconds
