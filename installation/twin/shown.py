"""What is shown of the other sites' hands, beside what is exactly known: played out, and delayed as music wants.

The mirror's own `read` stays what all sites agree on to the bit; here is the picture of it. At rest both are equal to
the bit. A fade, a hold and our own hand are in shared time or ours already, and are shown as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import numpy as np

from installation.twin.lag import STALE, Lag
from installation.twin.merged import Merged, Reading
from installation.twin.own import Array
from installation.twin.playout import RAW
from installation.twin.row import Row
from installation.twin.tracks import Tracks


class Ways(NamedTuple):
    """How each column of the mirror is shown: `between` are places in parameter.WAYS; `delayed` are the columns with a
    delay of the artist's, ascending, and `own` says of each whether our own hand has it, too."""

    between: Array
    delayed: Array
    own: Array


def plain(size: int) -> Ways:
    """Every column as it comes."""
    nothing = np.zeros(0, np.intp)
    return Ways(np.full(size, RAW, np.int8), nothing, nothing.astype(bool))


class Fed(NamedTuple):
    """Samples of some columns of one site, as they were pushed."""

    columns: Array
    times: Array
    numbers: Array


class _Site:
    """One half as it is shown. `values` and `slopes` are the row's own while nothing of it moves."""

    def __init__(self, number: int, lag: Lag | None) -> None:
        self.number, self.lag = number, lag
        self.row: Row | None = None
        self.fed: list[Fed] = []

    def lay(self, tracks: Tracks, plays: Array) -> None:
        self.tracks, self.plays, self.row = tracks, plays, None
        self.was = np.zeros(plays.size)

    @property
    def delay(self) -> float:
        return self.lag.delay if self.lag else 0.0

    def turn(self, row: Row, now: float, waits: Array) -> None:
        """What has come since the last turn, then what is shown at `now`."""
        self.fed = []
        if self.row is None:
            self.was = row.values.copy()
        elif self.row is not row or row.anew:
            changed = np.flatnonzero((row.values != self.was) & row.mapped)
            self._feed(row, now, changed, row.values[changed], row.stamps[changed])
        else:
            for columns, numbers, stamps in row.arrived:
                self._hear(now, self._feed(row, now, columns, numbers, stamps), stamps)
        row.arrived.clear()
        row.anew, self.row = False, row
        if self.lag:
            self.lag.advance(now, self.tracks.moves)
        if row.fading.size:
            self.tracks.follow(row.fading)
        self.values, self.slopes = row.values, row.slopes
        if self.tracks.moves:
            self.values, self.slopes = row.values.copy(), row.slopes.copy()
        self.tracks.play(now, self.delay, waits, self.values, self.slopes)
        np.copyto(self.was, row.values)

    def _hear(self, now: float, gap: float, stamps: Array) -> None:
        if self.lag and stamps.size:
            late = now - int(stamps.max()) / 1.024e9
            if abs(late) <= STALE:
                self.lag.hear(now, late, gap)

    def _feed(self, row: Row, now: float, columns: Array, numbers: Array, stamps: Array) -> float:
        """Pushes what is played of these; the median gap to the samples before."""
        keep = self.plays[columns]
        if row.fading.size:
            keep &= ~np.isin(columns, row.fading)
        if not keep.all():
            columns, numbers, stamps = columns[keep], numbers[keep], stamps[keep]
        if not columns.size:
            return float("nan")
        times = stamps / 1.024e9
        # An old value told again, or a wrong clock: it is played as if it had been made as late as all the others.
        strange = np.abs(now - times) > STALE
        if strange.any():
            times = np.where(strange, now - self.delay, times)
        self.fed.append(Fed(columns, times, numbers))
        return self.tracks.push(columns, times, numbers, self.was[columns])


class Shown:
    """Stands between a mirror and the row of numbers; has `half` as the mirror has it."""

    def __init__(self, mirror: Merged) -> None:
        self.mirror = mirror
        self._lags: dict[str, Lag] = {}
        self.lay(plain(mirror.schema.size))

    def lay(self, ways: Ways) -> None:
        """Another scene: its columns. What is known of the lines stays."""
        self.ways, self._sites = ways, dict[str, _Site]()
        schema = self.mirror.schema
        self._low, self._high = schema.low, schema.high
        self._plays = ways.between != RAW
        self._own_plays = np.zeros(schema.size, bool)
        self._own_plays[ways.delayed[ways.own]] = True
        self._own_waits = bool(ways.own.any())
        self._latest = np.zeros(schema.size, bool)
        self._latest[self.mirror.by_rule("latest")] = True
        self._touched = bool(self._latest.any())
        self._mixed = np.zeros(schema.size, bool)
        for rule in ("highest", "sum", "mean"):
            self._mixed[self.mirror.by_rule(rule)] = True
        self._merged = self._tracks()
        self._source, self._was = np.zeros(schema.size, np.intp), np.zeros(0)

    def _tracks(self) -> Tracks:
        return Tracks(self._low, self._high, self.ways.between, self.ways.delayed)

    def _site(self, name: str) -> _Site:
        found = self._sites.get(name)
        if found is None:
            own = name == self.mirror.site
            lag = None if own else self._lags.setdefault(name, Lag())
            found = self._sites[name] = _Site(len(self._sites), lag)
            found.lay(self._tracks(), self._own_plays if own else self._plays)
        return found

    def read(self, now: float, waits: Array | None = None, steady: float | None = None) -> Reading:
        """The merged values as they are shown at `now`; `waits` are the seconds of each column of `ways.delayed`."""
        waits = np.zeros(self.ways.delayed.size) if waits is None else waits
        exact = self.mirror.read(now, steady)
        rows = self.mirror.rows
        own = self.mirror.site
        for name, row in rows.items():
            if name != own or self._own_waits:
                self._site(name).turn(row, now, waits)
            else:
                row.arrived.clear()
        if self._was.size != exact.columns.size:
            self._was = exact.columns.copy()
        moves = [site.tracks.moving for site in self._sites.values() if site.tracks.moves]
        if moves:
            self._mix(exact, np.concatenate(moves))
        self._last_touch(exact, rows, now, waits)
        np.copyto(self._was, exact.columns)
        self.mirror.overlay(exact)
        return exact

    def _mix(self, into: Reading, moving: Array) -> None:
        """Our own half where it is delayed; sums, means and the highest of what is shown."""
        own = self._sites.get(self.mirror.site)
        if own is not None and own.tracks.moves:
            columns = own.tracks.moving
            columns = columns[~(self._latest | self._mixed)[columns]]
            into.columns[columns], into.slopes[columns] = own.values[columns], own.slopes[columns]
        if self._mixed[moving].any():
            self.mirror.mix(into, {name: (site.values, site.slopes) for name, site in self._sites.items()})

    def _last_touch(self, into: Reading, rows: Mapping[str, Row], now: float, waits: Array) -> None:
        """The columns where the last touch wins: played out where that is another city's."""
        tracks = self._merged
        if not self._touched:
            return
        for name, site in self._sites.items():
            for fed in site.fed:
                self._won(site, fed, self._wins(rows[name], rows, fed.columns))
        if not tracks.moves:
            return
        for row in rows.values():
            if row.fading.size:
                tracks.follow(row.fading[self._wins(row, rows, row.fading)])
        moving, own = tracks.moving, rows[self.mirror.site]
        tracks.cut(moving[self._wins(own, rows, moving) & ~self._own_plays[moving]])
        delays = np.array([site.delay for site in self._sites.values()])
        tracks.play(now, delays[self._source], waits, into.columns, into.slopes)

    def _won(self, site: _Site, fed: Fed, wins: Array) -> None:
        wins = wins & self._latest[fed.columns]
        columns = fed.columns[wins]
        if columns.size:
            self._merged.push(columns, fed.times[wins], fed.numbers[wins], self._was[columns])
            self._source[columns] = site.number

    def _wins(self, row: Row, rows: Mapping[str, Row], columns: Array) -> Array:
        """Which of the columns have their last touch from this row."""
        best = np.full(columns.size, -1, np.int64)
        for other in rows.values():
            if other is not row:
                np.maximum(best, other.stamps[columns], out=best)
        found: Array = row.stamps[columns] > best
        return found

    def packed(self) -> bytes:
        """What is under way, for a take; nothing that a restart needs."""
        sites = [
            (name, site.lag.packed() if site.lag else None, site.tracks.packed()) for name, site in self._sites.items()
        ]
        merged = self._merged.packed(), self._source.tobytes(), self._was.tobytes()
        return msgspec.msgpack.encode((sites, merged))

    def restore(self, packed: bytes) -> None:
        """Goes on from what `packed` gave under the same ways; what is of other ones is passed over."""
        try:
            sites, (tracks, source, was) = msgspec.msgpack.decode(packed)
            for name, lag, own in sites:
                site = self._site(name)
                site.tracks.restore(own)
                if site.lag and lag:
                    site.lag.restore(lag)
            self._merged.restore(tracks)
            self._source[:], self._was = np.frombuffer(source, np.intp), np.frombuffer(was).copy()
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError):
            self.lay(self.ways)

    def half(self, site: str) -> tuple[Array, bool]:
        """What each column is at `site` alone, as it is shown, and whether that site has ever been heard."""
        columns, known = self.mirror.half(site)
        found = self._sites.get(site)
        if found is not None and found.row is not None and found.tracks.shows.size:
            moving = found.tracks.shows
            if found.row.holds:
                moving = moving[~np.isin(moving, list(found.row.holds))]
            columns[moving] = found.values[moving]
        return columns, known

    def slopes(self, site: str) -> Array | None:
        """How fast each column of `half` moves, in units per second; None where nothing is known to."""
        found = self._sites.get(site)
        if found is None or found.row is None or not (found.tracks.shows.size or found.row.fading.size):
            return None
        return found.slopes

    def lag(self, site: str) -> float:
        """Seconds by which that site's hands are shown later than they moved; 0 before it is heard."""
        lag = self._lags.get(site)
        return max(0.0, lag.delay) if lag and lag.known else 0.0

    def behind(self, site: str, waits: Array) -> float:
        """Seconds by which the line is too slow for the shortest delay that the scene asks for; 0 where it bears it."""
        return max(0.0, self.lag(site) - float(waits.min())) if waits.size else 0.0
