"""When the next frame is due: on one grid for the whole run, whatever the frames before it cost.

Sleeps, then spins for the last millisecond: a sleep alone wakes up to 3 ms late, a spin alone takes a whole core.
"""

from __future__ import annotations

import math

import numpy as np

from installation.clock import Clock

SPIN = 0.001
_BIN = 0.05
"""Milliseconds; the width of one step of the histogram."""


class Pace:
    """A grid of instants `1 / rate` apart that begins with the first wait."""

    def __init__(self, clock: Clock, rate: float = 60.0, spin: float = SPIN) -> None:
        self.period = 1.0 / rate
        self.skipped = 0
        self._clock, self._spin = clock, spin
        self._origin = math.nan
        self._count = 0

    def wait(self, lead: float = 0.0) -> float:
        """Waits until `lead` seconds before the next instant of the grid, and gives that instant.

        Instants already past, or too near to be met, are skipped and counted.
        """
        now = self._clock.now()
        if math.isnan(self._origin):
            self._origin = now
            return now
        due = max(self._count + 1, math.ceil((now + lead - self._origin) / self.period - 1e-9))
        self.skipped += due - self._count - 1
        self._count = due
        instant = self._origin + due * self.period
        self.until(instant - lead)
        return instant

    def until(self, instant: float) -> None:
        """Waits for one instant."""
        now, spin = self._clock.now, self._spin
        while (left := instant - now()) > spin:
            self._clock.sleep(left - spin)
        while now() < instant:
            pass


class Synced:
    """Whether the display itself holds each flip back until it shows the picture: then nothing else may pace it.

    A grid beside a display of nearly the same rate drifts against it, and halves the rate for as long as the
    display's instant falls within the drawing.
    """

    def __init__(self, period: float, asked: bool) -> None:
        self.yes = asked
        self._short = 0.7 * period
        self._in_a_row = 0
        self._last = -math.inf

    def flipped(self, now: float) -> None:
        """Takes the time of a flip in; eight in a row that came too soon say that nothing holds them back."""
        self._in_a_row = self._in_a_row + 1 if now - self._last < self._short else 0
        self._last = now
        if self._in_a_row >= 8:
            self.yes = False


class Latch:
    """How long before it is shown a frame must begin: as late as what frames have lately cost allows."""

    def __init__(self, period: float, margin: float = 0.0015) -> None:
        self._most, self._margin = 0.9 * period, margin
        self._costs = np.full(64, self._most)
        self._next = 0
        self.lead = self._most

    def add(self, cost: float) -> None:
        """What a frame cost, from its values to its last pixel, in seconds."""
        self._costs[self._next % 64] = cost
        self._next += 1
        self.lead = min(float(self._costs.max()) + self._margin, self._most)


class Figures:
    """How the frames went, from the first on: intervals and drawing times in one histogram each."""

    def __init__(self, period: float) -> None:
        self._late = 1500.0 * period
        self._intervals = np.zeros(10_000, np.int64)
        self._drawing = np.zeros(10_000, np.int64)
        self.frames = self.late = 0
        self.longest = 0.0
        self._first = self._last = math.nan

    def add(self, shown: float, drawn: float) -> None:
        """One frame: the monotonic time at which it was shown, and the seconds that drawing it took."""
        self.frames += 1
        self._drawing[min(int(drawn * 1000.0 / _BIN), 9_999)] += 1
        if self.frames == 1:
            self._first = self._last = shown
            return
        interval = 1000.0 * (shown - self._last)
        self._last = shown
        self._intervals[min(int(interval / _BIN), 9_999)] += 1
        self.longest = max(self.longest, interval)
        self.late += interval > self._late

    def told(self) -> dict[str, float]:
        """The table that goes up with a report; times in milliseconds."""
        span = self._last - self._first
        return {
            "frames": self.frames,
            "fps": round((self.frames - 1) / span, 3) if span > 0 else 0.0,
            "p50": _quantile(self._intervals, 0.5),
            "p99": _quantile(self._intervals, 0.99),
            "max": round(self.longest, 3),
            "late": self.late,
            "drawn_ms": _quantile(self._drawing, 0.5),
        }


def _quantile(bins: np.ndarray, part: float) -> float:
    total = int(bins.sum())
    if not total:
        return 0.0
    return round((int(np.searchsorted(np.cumsum(bins), part * total)) + 0.5) * _BIN, 3)
