"""How far behind now another site's hands are shown, so that each sample is here before it is due.

What can be seen of a line is arrival minus stamp: its one way and the clocks' error together, and together they must be
waited for. Pure: shared seconds in, seconds out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
WINDOW = 10.0
PART = 0.95
LEAST, MOST = 0.05, 0.3
"""Seconds above the line's floor: less would have no room for a late frame, more would not be one gesture any more."""
RATE = 0.05
"""How much faster or slower than life a hand is shown while the delay changes; nobody sees five per cent."""
STALE = 2.0
"""A stamp that is further from its arrival says nothing of the line: an old value told again, or a wrong clock."""
LOOKED = 0.1
_ROOM = 1024
_INTERVAL, _LONGEST = 1 / 30, 0.1


class Lag:
    """The delay of one peer. `delay` is in force now, `target` is where it goes, `interval` that between samples."""

    def __init__(self) -> None:
        self.delay = self.target = LEAST
        self.interval = _INTERVAL
        self.known = False
        self._at, self._late, self._gaps = np.full(_ROOM, -np.inf), np.zeros(_ROOM), np.full(_ROOM, np.nan)
        self._count, self._looked, self._then = 0, -np.inf, 0.0

    def hear(self, now: float, late: float, gap: float) -> None:
        """A frame came at `now`, `late` seconds after its newest stamp; its samples are `gap` after those before them
        (nan where a hand began to move)."""
        at = self._count % _ROOM
        self._at[at], self._late[at], self._gaps[at] = now, late, gap
        self._count += 1

    def advance(self, now: float, moving: bool) -> float:
        """The delay in force at `now`: at once where it should be while nothing moves, else at RATE towards it."""
        if abs(now - self._looked) >= LOOKED:
            self._look(now)
        step = RATE * max(0.0, min(now - self._then, 1.0))
        self._then = now
        self.delay += min(max(self.target - self.delay, -step), step) if moving else self.target - self.delay
        return self.delay

    def _look(self, now: float) -> None:
        self._looked = now
        lately = np.abs(now - self._at) <= WINDOW
        late = np.sort(self._late[lately])
        if not late.size:
            return
        gaps = self._gaps[lately]
        gaps = gaps[~np.isnan(gaps)]
        if gaps.size:
            self.interval = min(float(np.median(gaps)), _LONGEST)
        floor, high = float(late[0]), float(late[int(PART * (late.size - 1) + 0.5)])
        self.target = floor + min(max(high - floor + self.interval, LEAST), MOST)
        self.known = True

    def packed(self) -> dict[str, Any]:
        """All of it, for a take; `restore` takes it back."""
        lately = np.flatnonzero(np.isfinite(self._at))
        lately = lately[np.argsort(self._at[lately], kind="stable")]
        rows = np.stack([self._at[lately], self._late[lately], self._gaps[lately]])
        return {
            "numbers": (self.delay, self.target, self.interval, self._looked, self._then),
            "rows": rows.tobytes(),
            "known": self.known,
        }

    def restore(self, packed: dict[str, Any]) -> None:
        """Goes on from what `packed` gave."""
        self.delay, self.target, self.interval, self._looked, self._then = packed["numbers"]
        rows = np.frombuffer(packed["rows"]).reshape(3, -1)
        self._count, self.known = rows.shape[1], bool(packed["known"])
        self._at[: self._count], self._late[: self._count], self._gaps[: self._count] = rows
