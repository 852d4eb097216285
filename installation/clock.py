"""The only reader of the time: a real clock, and one that a test holds in its hand.

Seconds throughout. `now` is monotonic and never steps; `wall` is the host's idea of the date, read once at start by
whoever needs it, since it may be stepped under a running show.
"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What the engine asks of a clock."""

    def now(self) -> float:
        """Monotonic seconds, the same for every process of this host."""

    def wall(self) -> float:
        """Seconds since 1970 in UTC, as the host believes."""

    def sleep(self, seconds: float) -> None:
        """Waits; at least about `seconds`."""


class RealClock:
    """The host's own clocks."""

    now = staticmethod(time.monotonic)
    wall = staticmethod(time.time)

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


class HeldClock:
    """A clock that moves only when it is told to, or when someone sleeps on it."""

    def __init__(self, now: float = 0.0, wall: float = 1_800_000_000.0) -> None:
        self._now, self._wall = now, wall

    def now(self) -> float:
        return self._now

    def wall(self) -> float:
        return self._wall

    def sleep(self, seconds: float) -> None:
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Moves both clocks on."""
        self._now += seconds
        self._wall += seconds

    def step_wall(self, seconds: float) -> None:
        """Steps the host's date, as a technician or NTP might; the monotonic clock does not notice."""
        self._wall += seconds
