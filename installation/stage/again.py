"""Values drawn again, off the wall: run on along their slopes, in their ranges, each trigger once a rise."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from installation.score.layout import Layout
from installation.score.scene import Scene
from installation.stage.columns import Numbers, Rises, ranges

TOGETHER = 1e-6
"""Seconds by which a tick may seem to come after the frame of the same instant: sums of floats are not exact."""


class Again:
    """A scene's rows as its layers take them. One array, filled anew."""

    def __init__(self, scene: Scene, layout: Layout) -> None:
        self._rises, (self._low, self._high) = Rises(layout), ranges(layout, scene)
        self.row: Numbers = np.zeros(layout.size)

    def at(self, columns: Numbers, slopes: Numbers, ahead: float) -> Numbers:
        """The values `ahead` seconds after their tick."""
        np.clip(columns + slopes * ahead, self._low, self._high, out=self.row)
        self.row[self._rises.columns] = self._rises.fire(columns)
        return self.row


class Rows(NamedTuple):
    """A take as rows of numbers, a row a tick; all arrays float64 of one length, `columns` and `slopes` as wide as
    the layout with these `peers`.

    `times` are seconds since the take began, `periods` those between ticks there, `scene_times` the scene's own, which
    goes on at `rates` a second, at 0 where it is stopped. `solos` is the layer that is alone, or "". `date` is the
    take's beginning in seconds since 1970; `dates`, where given, is that of each row. `texts` is what was said, packed
    as the feed has it; none where nothing was.
    """

    times: Numbers
    periods: Numbers
    columns: Numbers
    slopes: Numbers
    scene_times: Numbers
    rates: Numbers
    solos: tuple[str, ...]
    peers: tuple[str, ...]
    date: float
    dates: Numbers | None = None
    texts: tuple[bytes, ...] = ()

    def date_at(self, time: float) -> float:
        """Seconds since 1970 at a time of the take."""
        if self.dates is None:
            return self.date + time
        return float(self.dates[max(0, int(np.searchsorted(self.times, time + TOGETHER, "right")) - 1)])


class Shown(NamedTuple):
    """What a frame shows: its row (one array, filled anew), the scene's time, whether it runs, the layer alone, and
    what is said, packed; b"" for no news."""

    row: Numbers
    time: float
    runs: bool
    solo: str
    texts: bytes = b""


def shown(rows: Rows, scene: Scene, layout: Layout) -> Callable[[float], Shown]:
    """What each frame shows, asked frame by frame in seconds of the take: the newest tick at or before it, run on two
    ticks at most. What holds at the take's start is no rise."""
    again = Again(scene, layout)
    again.at(rows.columns[0], rows.slopes[0], 0.0)

    def at(time: float) -> Shown:
        found = max(0, int(np.searchsorted(rows.times, time + TOGETHER, "right")) - 1)
        passed = max(0.0, time - float(rows.times[found]))
        row = again.at(rows.columns[found], rows.slopes[found], min(passed, 2.0 * float(rows.periods[found])))
        rate = float(rows.rates[found])
        seconds = float(rows.scene_times[found]) + passed * rate
        return Shown(
            row,
            math.fmod(seconds, scene.cycle) if rate else seconds,
            bool(rate),
            rows.solos[found],
            rows.texts[found] if rows.texts else b"",
        )

    return at
