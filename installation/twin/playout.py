"""Numbers that come in jerks, shown as the hand moved: a ring of samples a column, read a little behind now.

Between two samples a value is interpolated; beyond the last it goes on along its slope for a moment and eases back to
rest exactly on it. What would jump is eased: the difference is kept and fades. Pure and vectorised; columns that rest
cost nothing. Times are shared seconds, handed in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
LINEAR, ANGLE, STEP, RAW = range(4)
"""The places of parameter.WAYS."""
REST = 0.35
"""A longer gap between two samples is a hand that rested, or a line that was cut: the value stays where it is until the
later one is due, and is eased there then."""
FURTHEST = 0.15
BEYOND = FURTHEST * 5**0.5
"""Seconds from the last sample to rest on it. A line that stalls and a hand that stops look alike: what goes on by
e·(1 − (e/BEYOND)²)² leaves along the slope, is furthest after FURTHEST, and comes back to rest without a kink."""
PEAK = FURTHEST * 0.64
EASE = 0.08
FASTEST, SLOWEST = 2.5, 0.02
"""A difference fades with the time constant EASE, at no more than FASTEST ranges a second, which is under 5 % of one a
frame, and no less than SLOWEST, so that it ends."""
_LONG, _SHORT = 1e6, 1e-6

_KEPT = ("times", "values", "head", "newer", "follows", "jolted", "shown", "off")


class Playout:
    """The moving columns of `size`, with ranges `low` to `high` (float64) and `between` (places in parameter.WAYS).

    `room` samples are kept for each. `moving` are the columns that do not rest, ascending.
    """

    def __init__(self, low: Array, high: Array, between: Array, room: int = 32) -> None:
        size = low.size
        self.low, self.high, self.between, self.room = low, high, between, room
        self.span = np.maximum(high - low, 1e-12)
        self.times, self.values = np.full((size, room), -np.inf), np.zeros((size, room))
        self.head, self.newer = np.zeros(size, np.intp), np.zeros(size, np.intp)
        self.active, self.follows, self.jolted = (np.zeros(size, bool) for _ in range(3))
        self.shown, self.off = np.zeros(size), np.zeros(size)
        self.moving = np.zeros(0, np.intp)
        self._then = 0.0
        self._plain = bool((between == LINEAR).all())

    def push(self, columns: Array, times: Array, numbers: Array, rest: Array) -> float:
        """A sample of each of `columns`, no two alike; `rest` is what those show that did not move.

        The median of the gaps (seconds) since the samples before, nan where all had rested.
        """
        active = self.active[columns]
        if not active.all():
            self._begin(columns[~active], rest[~active])
        head, newer = self.head[columns], self.newer[columns]
        gaps = times - self.times[columns, head]
        self.jolted[columns] |= newer == 0
        self.follows[columns] = False
        new = gaps > 0.0
        if new.all():
            head = (head + 1) % self.room
        else:
            times = np.where(new, times, times - gaps)
            head = np.where(new, (head + 1) % self.room, head)
        self.newer[columns] = np.minimum(newer + new, self.room - 1)
        self.times[columns, head], self.values[columns, head] = times, numbers
        self.head[columns] = head
        gaps = np.sort(gaps[new & (gaps <= REST)])
        return float(gaps[gaps.size // 2]) if gaps.size else float("nan")

    def _begin(self, columns: Array, rest: Array) -> None:
        self.active[columns], self.newer[columns], self.off[columns] = True, 0, 0.0
        self.times[columns], self.values[columns] = -np.inf, rest[:, None]
        self.shown[columns] = rest
        self.moving = np.flatnonzero(self.active)

    def follow(self, columns: Array) -> None:
        """These are no longer hands to be played: they ease to what they are."""
        columns = columns[self.active[columns] & ~self.follows[columns]]
        self.follows[columns] = self.jolted[columns] = True

    def cut(self, columns: Array) -> None:
        """These are what they are, at once."""
        if self.active[columns].any():
            self.active[columns] = self.follows[columns] = self.jolted[columns] = False
            self.moving = np.flatnonzero(self.active)

    def packed(self) -> dict[str, Any]:
        """What moves, for a take; `restore` takes it back, under the same columns."""
        ids = self.moving
        rows = {name: getattr(self, name)[ids].tobytes() for name in _KEPT}
        return rows | {"ids": ids.tobytes(), "then": self._then}

    def restore(self, packed: dict[str, Any]) -> None:
        """Goes on from what `packed` gave. Raises ValueError or IndexError for what is of other columns."""
        ids = np.frombuffer(packed["ids"], np.intp)
        for name in _KEPT:
            column = getattr(self, name)
            column[ids] = np.frombuffer(packed[name], column.dtype).reshape(ids.size, *column.shape[1:])
        self.active[ids], self._then = True, packed["then"]
        self.moving = np.flatnonzero(self.active)

    def play(self, at: Array | float, now: float, values: Array, slopes: Array) -> None:
        """Puts what the moving columns show into `values` and `slopes` (of all columns), which hold what they are.

        `at` is the instant that is shown, one for all or one for each moving column; it never goes back.
        """
        ids = self.moving
        passed, self._then = now - self._then, now
        if not ids.size:
            return
        if not 0.0 <= passed <= 5.0:
            self.cut(ids)
            return
        follows, exact = self.follows[ids], values[ids]
        self._seek(ids, at)
        found, speed, done = self._model(ids, at)
        if follows.any():
            found, speed = np.where(follows, exact, found), np.where(follows, slopes[ids], speed)
        off, drift = self._offsets(ids, found, passed)
        free = found + off
        shown = self._within(ids, free)
        rested = (done | follows) & (off == 0.0)
        astray = rested & (found != exact)
        values[ids], slopes[ids] = shown, np.where(shown == free, speed + drift, 0.0)
        self.shown[ids] = shown
        if astray.any():
            self.follow(ids[astray])
            rested &= ~astray
        if rested.any():
            self.cut(ids[rested])

    def _seek(self, ids: Array, at: Array | float) -> None:
        """Counts in `newer` the samples of each that are after `at`."""
        newer = self.newer[ids]
        head, turned = self.head[ids], False
        while True:
            due = (self.times[ids, (head - newer + 1) % self.room] <= at) & (newer > 0)
            if not due.any():
                break
            self._rested(ids[due], newer[due])
            newer, turned = newer - due, True
        if turned:
            self.newer[ids] = newer

    def _rested(self, ids: Array, newer: Array) -> None:
        """Samples are due; those after a rest are eased to."""
        after = (self.head[ids] - newer + 1) % self.room
        before = (after - 1) % self.room
        rested = self.times[ids, after] - self.times[ids, before] > REST
        if not rested.any():
            return
        rested &= self.between[ids] != STEP
        ids, after, before = ids[rested], after[rested], before[rested]
        self.off[ids] += self._way(ids, self.values[ids, after], self.values[ids, before])

    def _model(self, ids: Array, at: Array | float) -> tuple[Array, Array, Array]:
        """What the samples say of `at`: the numbers, their slopes, and whether all has been said."""
        newer, head = self.newer[ids], self.head[ids]
        done = newer == 0
        first = (head - newer - done) % self.room
        second = (first + 1) % self.room
        end = self.times[ids, second]
        start = np.maximum(self.times[ids, first], end - _LONG)
        before, after = self.values[ids, first], self.values[ids, second]
        way, gap = self._way(ids, before, after), np.maximum(end - start, _SHORT)
        part = np.maximum((at - start) / gap, 0.0)
        moves = (gap <= REST) & (part > 0.0)
        slope = way / gap * moves
        found = before + way * part * moves
        if done.any():
            where = np.flatnonzero(done)
            passed = (at if isinstance(at, float) else at[where]) - end[where]
            beyond = self._beyond(ids[where], first[where], gap[where], way[where], passed)
            found[where], slope[where], done[where] = after[where] + beyond[0], beyond[1], beyond[2]
        if not self._plain:
            steps = self.between[ids] == STEP
            found = np.where(steps, np.where(newer == 0, after, before), found)
            slope, done = np.where(steps, 0.0, slope), done | (steps & (newer == 0))
        return found, slope, done

    def _beyond(self, ids: Array, last: Array, gap: Array, way: Array, passed: Array) -> tuple[Array, Array, Array]:
        """How far beyond the last sample, how fast, and whether it rests; `last` is the sample before it."""
        speed = np.where(gap > REST, 0.0, way / gap * self._carries(ids, last, gap, way))
        further = np.minimum(passed / BEYOND, 1.0) ** 2
        slope = speed * (1.0 - further) * (1.0 - 5.0 * further)
        return speed * passed * (1.0 - further) ** 2, slope, (further >= 1.0) | (speed == 0.0)

    def _carries(self, ids: Array, last: Array, gap: Array, way: Array) -> Array:
        """How much of the last slope carries on, 0 to 1: a hand that slows down goes as far as it would come to rest,
        and twice as fast as a moment ago is as much as is believed."""
        first = (last - 1) % self.room
        before = self._way(ids, self.values[ids, first], self.values[ids, last])
        with np.errstate(all="ignore"):
            earlier = np.nan_to_num(self.times[ids, last] - self.times[ids, first], nan=np.inf)
            ratio = np.where(earlier > REST, 0.5, way / gap * earlier / before)
            left = gap * ratio / (1.0 - ratio) / PEAK
            found: Array = np.where(ratio >= 1.0, np.minimum(2.0 / ratio, 1.0), np.clip(np.nan_to_num(left), 0.0, 1.0))
        return found

    def _way(self, ids: Array, before: Array, after: Array) -> Array:
        way = after - before
        if self._plain:
            return way
        span = self.span[ids]
        return np.where(self.between[ids] == ANGLE, way - np.rint(way / span) * span, way)

    def _offsets(self, ids: Array, found: Array, passed: float) -> tuple[Array, Array | float]:
        """What is still to be eased away, this much later, and how fast it goes."""
        off, span = self.off[ids], self.span[ids]
        jolted = self.jolted[ids]
        if jolted.any():
            eased = self._way(ids, found, self.shown[ids])
            off = np.where(jolted, np.where(self.between[ids] == STEP, 0.0, eased), off)
            self.jolted[ids] = False
        drift: Array | float = 0.0
        if off.any():
            size = np.abs(off)
            drift = -np.sign(off) * np.minimum(size / EASE, FASTEST * span)
            step = np.clip(size * (1.0 - np.exp(-passed / EASE)), SLOWEST * span * passed, FASTEST * span * passed)
            off = np.where(size > step, np.sign(off) * (size - step), 0.0)
        self.off[ids] = off
        return off, drift

    def _within(self, ids: Array, found: Array) -> Array:
        low, high = self.low[ids], self.high[ids]
        inside = np.minimum(np.maximum(found, low), high)
        if self._plain:
            return inside
        turned = low + (found - low) % self.span[ids]
        return np.where((self.between[ids] == ANGLE) & (inside != found), turned, inside)
