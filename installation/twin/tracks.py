"""The playout of one half: short rings for all its columns, long ones for the few that are delayed as music wants."""

from __future__ import annotations

from typing import Any

import numpy as np

from installation.twin.own import Array
from installation.twin.playout import Playout

LONGEST = 8.0
"""Seconds that a scene may delay a hand by."""
ROOM = 512
"""Samples of LONGEST seconds at the wire's 60.5 a second, and a little."""
BEND = 0.5
"""How much faster or slower than life a hand is shown while its bar gets shorter or longer."""


class Tracks:
    """Columns with ranges `low` to `high`; `delayed` are those with a delay of their own, ascending."""

    def __init__(self, low: Array, high: Array, between: Array, delayed: Array) -> None:
        self.delayed = delayed
        self.short = Playout(low, high, between)
        self.long = Playout(low[delayed], high[delayed], between[delayed], ROOM) if delayed.size else None
        self._place = np.full(low.size, -1, np.intp)
        self._place[delayed] = np.arange(delayed.size)
        self._wait = np.zeros(delayed.size)
        self.shows = np.zeros(0, np.intp)
        self._then = 0.0

    @property
    def moving(self) -> Array:
        """The columns that do not rest."""
        if self.long is None:
            return self.short.moving
        return np.concatenate([self.short.moving, self.delayed[self.long.moving]])

    @property
    def moves(self) -> bool:
        return bool(self.short.moving.size or (self.long is not None and self.long.moving.size))

    def push(self, columns: Array, times: Array, numbers: Array, rest: Array) -> float:
        """A sample of each column, as Playout.push has it."""
        if self.long is None:
            return self.short.push(columns, times, numbers, rest)
        place = self._place[columns]
        late, gap = place >= 0, float("nan")
        if late.any():
            gap = self.long.push(place[late], times[late], numbers[late], rest[late])
        if not late.all():
            gap = self.short.push(columns[~late], times[~late], numbers[~late], rest[~late])
        return gap

    def follow(self, columns: Array) -> None:
        """These ease to what they are: a fade has begun."""
        self.short.follow(columns)
        if self.long is not None:
            place = self._place[columns]
            self.long.follow(place[place >= 0])

    def cut(self, columns: Array) -> None:
        """These are what they are, at once."""
        self.short.cut(columns)
        if self.long is not None:
            place = self._place[columns]
            self.long.cut(place[place >= 0])

    def packed(self) -> dict[str, Any]:
        """What moves, for a take; `restore` takes it back."""
        long = self.long.packed() if self.long is not None else None
        return {"short": self.short.packed(), "long": long, "wait": self._wait.tobytes(), "then": self._then}

    def restore(self, packed: dict[str, Any]) -> None:
        """Goes on from what `packed` gave. Raises ValueError or IndexError for what is of other columns."""
        self.short.restore(packed["short"])
        if self.long is not None and packed["long"]:
            self.long.restore(packed["long"])
            self._wait[:] = np.frombuffer(packed["wait"])
        self._then = packed["then"]

    def play(self, now: float, delay: Array | float, waits: Array, values: Array, slopes: Array) -> None:
        """Puts what is shown into `values` and `slopes`. `delay` is the line's, one for all or one for each column."""
        self.shows = self.moving if self.moves else self.shows[:0]
        single = isinstance(delay, float)
        at = now - (delay if single else delay[self.short.moving])  # type: ignore[index]
        self.short.play(at, now, values, slopes)
        if self.long is None:
            return
        moving = self.long.moving
        bend = BEND * max(0.0, min(now - self._then, 1.0)) if moving.size else np.inf
        self._then = now
        self._wait = self._wait + np.clip(np.minimum(waits, LONGEST) - self._wait, -bend, bend)
        least = delay if single else delay[self.delayed[moving]]  # type: ignore[index]
        wait = np.maximum(self._wait[moving], least)
        part, speeds = values[self.delayed], slopes[self.delayed]
        self.long.play(now - wait, now, part, speeds)
        values[self.delayed], slopes[self.delayed] = part, speeds
