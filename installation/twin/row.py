"""One site's half laid over this site's own columns, so that halves under different schemas can be compared.

Pure: no socket, thread, file or clock.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from installation.twin.half import Half, Schema
from installation.twin.packing import Trail

Array = np.ndarray[Any, Any]


ARRIVED = 64
"""Frames of one tick whose samples are kept for whoever shows them; what is older is over by then."""


class Row:
    """`values`, `slopes`, `stamps` and `mapped` are float64, float64, i64 and bool, one per column of this site.

    A column that the other site does not share, or declares otherwise, is not `mapped`; it never takes part. `arrived`
    has (columns, values, stamps) of each frame since it was last cleared, `anew` says that all may have changed.
    """

    def __init__(self, site: str, half: Half, epoch: int = 0, serial: int = 0) -> None:
        self.site, self.half, self.epoch, self.serial = site, half, epoch, serial
        self.complete = self.newest = self.highest = 0
        self.base: dict[str, float] = {}
        self.unlike: list[str] = []
        self.trail = Trail(half.schema.size)
        self.came = np.full(half.schema.size, -np.inf)
        self.anew = True
        self.arrived: deque[tuple[Array, Array, Array]] = deque(maxlen=ARRIVED)

    def lay(self, own: Schema) -> None:
        """Lays the half over the columns of `own`: by address, where kind, width and rule agree."""
        theirs = self.half.schema
        self.columns = np.full(theirs.size, -1, np.intp)
        self.unlike = []
        for place in own.places.values():
            found = theirs.places.get(place.key.address)
            if found is None or (place.key.rule == "" and theirs is not own):
                continue
            if (found.key.kind, found.key.width, found.key.rule) != (place.key.kind, place.key.width, place.key.rule):
                self.unlike.append(place.key.address)
                continue
            self.columns[found.offset : found.offset + found.width] = range(place.offset, place.offset + place.width)
        self.smooths = own.smooths
        self.whole = bool((self.columns >= 0).all())
        self.same = self.whole and bool((self.columns == np.arange(theirs.size)).all())
        self.values, self.slopes = np.zeros(own.size), np.zeros(own.size)
        self.stamps, self.mapped = np.full(own.size, -1, np.int64), np.zeros(own.size, bool)
        self.mapped[self.columns[self.columns >= 0]] = True
        self.refresh()

    def refresh(self) -> None:
        """Every column anew from the half."""
        self.take(np.arange(self.half.schema.size))
        self.find_fades()
        self.find_holds()
        self.arrived.clear()
        self.anew = True

    def take(self, ids: Array) -> None:
        """The columns `ids` of the half have changed."""
        columns = ids if self.same else self.columns[ids]
        if not self.whole:
            ids, columns = ids[columns >= 0], columns[columns >= 0]
        stamps = self.half.stamps[ids]
        numbers = self.half.schema.numbers(ids, self.half.codes[ids])
        self.values[columns], self.stamps[columns] = numbers, stamps
        self.arrived.append((columns, numbers, stamps))
        self.highest = max(self.highest, int(stamps.max(initial=0)))

    def heard(self, ids: Array) -> None:
        """The columns `ids` were said just now: those with a time to live begin it anew at the next `expire`."""
        if self.half.schema.brief.size:
            self.came[ids] = np.inf

    @property
    def lives(self) -> dict[str, float]:
        """When each value with a time to live came, by address."""
        places = self.half.schema.places.values()
        return {p.key.address: float(self.came[p.offset]) for p in places if self.half.schema.lifetimes[p.offset]}

    def live(self, came: dict[str, float]) -> None:
        """Takes back what `lives` gave."""
        for address in came.keys() & self.half.schema.places.keys():
            place = self.half.schema.places[address]
            self.came[place.offset : place.offset + place.width] = came[address]

    def expire(self, steady: float, defaults: Array) -> None:
        """What nobody has renewed in its time falls back to `defaults`, and loses to any touch. Own steady seconds."""
        ids = self.half.schema.brief
        if not ids.size:
            return
        came = self.came[ids]
        came[came > steady] = -np.inf  # the machine has been started anew since
        came[np.isposinf(self.came[ids])] = steady
        self.came[ids] = came
        columns = self.columns[ids[steady - came > self.half.schema.lifetimes[ids]]]
        columns = columns[columns >= 0]
        self.values[columns], self.slopes[columns], self.stamps[columns] = defaults[columns], 0.0, -1

    def find_fades(self) -> None:
        """Which columns are fades now."""
        ids = np.flatnonzero(self.half.lengths > 0)
        ids = ids[self.columns[ids] >= 0]
        self.slopes[:] = 0.0
        self.fading = self.columns[ids]
        schema, half = self.half.schema, self.half
        self._to = schema.numbers(ids, half.codes[ids])
        self._from = schema.numbers(ids, half.froms[ids])
        self._start, self._length = half.starts[ids], half.lengths[ids].astype(np.float64)
        self._slope = np.where(self.smooths[self.fading], (self._to - self._from) / self._length, 0.0)

    def find_holds(self) -> None:
        """Which columns are held now: column to (since, site, value)."""
        ids = np.flatnonzero(self.half.since > 0)
        ids = ids[self.columns[ids] >= 0]
        numbers = self.half.schema.numbers(ids, self.half.hold_codes[ids])
        self.holds = {
            int(column): (int(since), self.site, float(number))
            for column, since, number in zip(self.columns[ids], self.half.since[ids], numbers, strict=True)
        }

    def advance(self, now: float) -> None:
        """Where the fades are at `now`."""
        if not self.fading.size:
            return
        done = np.clip((now - self._start) / self._length, 0.0, 1.0)
        self.values[self.fading] = np.where(done < 1.0, self._from + (self._to - self._from) * done, self._to)
        self.slopes[self.fading] = np.where((done > 0.0) & (done < 1.0), self._slope, 0.0)
