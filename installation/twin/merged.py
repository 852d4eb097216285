"""The values that follow from all halves: the rules of sharing, holds over touches, fades as they run.

Pure, and the same bytes at every site that has had the same halves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from installation.twin.own import Array, Numbers, Own, stamp_at
from installation.twin.row import Row

_STEP = 1e-6
"""A kind that does not fade jumps at the fade's start: a fade of a microsecond."""


class Reading(NamedTuple):
    """The merged values at one instant: float64 columns in key order, and their slopes in units per second."""

    columns: Array
    slopes: Array


Part = tuple[Array, Array, Array]
"""Of one site: which columns take part, their values, their slopes."""


class Merged(Own):
    """The part of a mirror that reads."""

    @property
    def rows(self) -> Mapping[str, Row]:
        """Each site's half over this site's columns, in the order of their names."""
        return self._rows

    def by_rule(self, rule: str) -> Array:
        """The columns that are shared by this rule."""
        return self._by_rule[rule]

    def read(self, now: float, steady: float | None = None) -> Reading:
        """The merged values at `now`. The arrays are the caller's to keep.

        `steady` are seconds of this machine's monotonic clock, by which values with a time to live end; else `now`.
        """
        self._flush()
        self._settle()
        self._steady = now if steady is None else steady
        for row in self._rows.values():
            row.advance(now)
            row.expire(self._steady, self._schema.default_numbers)
        reading = Reading(self._own.values.copy(), self._own.slopes.copy())
        if len(self._rows) > 1:
            self._latest(reading)
            self.mix(reading, {})
            self._count(reading)
        self.overlay(reading)
        return reading

    def overlay(self, into: Reading) -> None:
        """Puts what is held in the place of what it holds."""
        for column, (_, _, number) in self._holds.items():
            into.columns[column], into.slopes[column] = number, 0.0

    def mix(self, into: Reading, seen: Mapping[str, tuple[Array, Array]]) -> None:
        """The highest, the sums and the means, of each site's values and slopes as they are `seen`, else as known."""
        parts = [(row.mapped, *seen.get(site, (row.values, row.slopes))) for site, row in self._rows.items()]
        self._highest(into, parts)
        self._together(into, parts)

    def _latest(self, into: Reading) -> None:
        """Last touch wins; of two with one stamp, the site whose name is last."""
        ids = self._by_rule["latest"]
        if not ids.size:
            return
        rows = list(self._rows.values())
        best, columns, slopes = rows[0].stamps[ids], rows[0].values[ids], rows[0].slopes[ids]
        for row in rows[1:]:
            stamps = row.stamps[ids]
            later = stamps >= best
            best = np.maximum(best, stamps)
            columns = np.where(later, row.values[ids], columns)
            slopes = np.where(later, row.slopes[ids], slopes)
        into.columns[ids], into.slopes[ids] = columns, slopes

    def _highest(self, into: Reading, parts: list[Part]) -> None:
        ids = self._by_rule["highest"]
        if not ids.size:
            return
        best, slopes = np.full(ids.size, -np.inf), np.zeros(ids.size)
        for mapped, values, speeds in parts:
            higher = mapped[ids] & (values[ids] > best)
            best, slopes = np.where(higher, values[ids], best), np.where(higher, speeds[ids], slopes)
        into.columns[ids], into.slopes[ids] = best, slopes

    def _together(self, into: Reading, parts: list[Part]) -> None:
        """Sums and means, added in the order of the sites' names so that every site rounds alike."""
        for rule in ("sum", "mean"):
            ids = self._by_rule[rule]
            if not ids.size:
                continue
            columns, slopes, sites = np.zeros(ids.size), np.zeros(ids.size), np.zeros(ids.size)
            for mapped, values, speeds in parts:
                columns, slopes, sites = columns + values[ids], slopes + speeds[ids], sites + mapped[ids]
            by = sites if rule == "mean" else 1.0
            into.columns[ids], into.slopes[ids] = columns / by, slopes / by

    def _count(self, into: Reading) -> None:
        for place in self._events:
            address = place.key.address
            others = (r for r in self._rows.values() if r is not self._own and address in r.base)
            others_risen = sum(risen(row, address, row.base[address]) for row in others)
            into.columns[place.offset] += others_risen + self._carried.get(address, 0.0)

    def half(self, site: str) -> tuple[Array, bool]:
        """What each column is at `site` alone, as of the last `read`, and whether that site has ever been heard."""
        row = self._rows.get(site)
        if row is None:
            return self._schema.default_numbers.copy(), False
        self._settle()
        values = row.values.copy() if row.same else np.where(row.mapped, row.values, self._schema.default_numbers)
        for column, (_, _, number) in row.holds.items():
            values[column] = number
        if row is not self._own:
            for place in self._schema.events:
                if row.mapped[place.offset]:
                    values[place.offset] = risen(row, place.key.address, row.base.get(place.key.address, 0.0))
        return values, True

    def fade(
        self, address: str, start_value: Numbers | None, to: Numbers, start: float, length: float,
        stamp: float | None = None,
    ) -> bool:  # fmt: skip
        """One entry that every site computes alike. `stamp` (shared seconds) is its cue's; given twice is as once.

        From the merged value at `start` when `start_value` is None. False when a later touch is already here.
        """
        place = self._schema.places.get(address)
        if place is None or len(to) != place.width or not (np.isfinite(to).all() and np.isfinite(start + length)):
            self.counted["refused"] += 1
            return False
        self._flush()
        ids = np.arange(place.offset, place.offset + place.width)
        mark = stamp_at(start if stamp is None else stamp)
        if mark <= int(self._half.stamps[ids[0]]):
            return False
        first = (
            self.read(start, self._steady).columns[ids] if start_value is None else np.array(start_value, np.float64)
        )
        half, schema = self._half, self._schema
        half.froms[ids], half.starts[ids] = schema.quantised(ids, first), start
        half.lengths[ids] = max(length, _STEP) if schema.smooths[ids[0]] else _STEP
        half.codes[ids], half.stamps[ids], half.fades = schema.quantised(ids, np.array(to, np.float64)), mark, True
        self._mark(ids)
        self._own.find_fades()
        return True

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites whose halves are known here, in the order of their names."""
        return tuple(self._rows)


def risen(row: Row, address: str, base: float) -> float:
    place = row.half.schema.places.get(address)
    return max(0.0, float(row.half.codes[place.offset]) - base) if place else 0.0
