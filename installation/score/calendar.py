"""When a house is open, on its own wall clock, and when several houses are open together.

Time comes in as seconds since 1970 in UTC. A span belongs to the day on which it begins. zoneinfo knows the rules of
summer time: a wall hour that is missing is the instant at which the clock jumps, of one that comes twice the first.
"""

from __future__ import annotations

import datetime
import functools
import math
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from installation.score.hours import DAYS, MIDNIGHT, Days, date, days, minutes

Spans = tuple[tuple[int, int], ...]
FAR = 800
"""Days ahead in which a next opening is looked for."""


class Calendar(NamedTuple):
    """A house's year: per weekday (Monday first) its spans in minutes after midnight, the days on which it is closed
    (which wins over the week), the days that have hours of their own (which wins over both). With neither a week nor
    such days it is open at any hour but for its closures."""

    zone: str
    week: tuple[Spans, ...] = ()
    closed: tuple[Days, ...] = ()
    open: tuple[tuple[datetime.date, Spans], ...] = ()

    def open_at(self, utc: float) -> bool:
        """Whether the house is open at `utc`."""
        return any(start <= utc < end for start, end in _near(self, _day(self, utc)))

    def spans(self, day: datetime.date) -> Spans:
        """The spans that begin on `day`."""
        for one, spans in self.open:
            if one == day:
                return spans
        if any(one.holds(day) for one in self.closed):
            return ()
        if self.open or any(self.week):
            return self.week[day.weekday()] if self.week else ()
        return ((0, MIDNIGHT),)

    @property
    def always(self) -> bool:
        """Whether it is never closed."""
        return not (any(self.week) or self.closed or self.open)

    def openings(self, utc: float) -> Iterator[tuple[float, float]]:
        """The stretches (start, end) in which the house is open, in order, from the one that is or comes after `utc`;
        those that touch are one."""
        if self.always:
            yield -math.inf, math.inf
            return
        first, last = math.nan, math.nan
        today = _day(self, utc)
        for n in range(-2, FAR):
            for start, end in _opened(self, today + datetime.timedelta(n)):
                if start <= last:
                    last = max(last, end)
                    continue
                if last > utc:
                    yield first, last
                first, last = start, end
        if last > utc:
            yield first, last

    def next_change(self, utc: float) -> tuple[float, bool] | None:
        """The next instant after `utc` at which the house opens or closes, and whether it is then open; None for a
        house that does neither within two years."""
        for start, end in self.openings(utc):
            at = start if start > utc else end
            return (at, at == start) if math.isfinite(at) else None
        return None


def calendar(
    zone: str,
    hours: Mapping[str, Sequence[str]],
    closed: Iterable[Any] = (),
    open: Mapping[str, Sequence[str]] | None = None,
) -> Calendar:
    """The calendar of checked tables: `[site.hours]`, `closed`, `open`."""
    week = tuple(_spans(hours.get(day, ())) for day in DAYS)
    shut = tuple(found for text in closed if (found := days(text)))
    own = tuple((day, _spans(texts)) for name, texts in (open or {}).items() if (day := date(name)))
    return Calendar(zone, week, shut, own)


def of_table(table: Mapping[str, Any]) -> Calendar:
    """The calendar of a checked `[site]` or `[peer.NAME]`."""
    return calendar(
        table.get("time_zone", "UTC"), table.get("hours", {}), table.get("closed", ()), table.get("open", {})
    )


def both_open_at(utc: float, calendars: Iterable[Calendar]) -> bool:
    """Whether all the houses are open at `utc`."""
    return all(one.open_at(utc) for one in calendars)


def shared_openings(utc: float, calendars: Sequence[Calendar]) -> Iterator[tuple[float, float]]:
    """The stretches in which all the houses are open, in order, from the one that is or comes after `utc`."""
    ways = [one.openings(utc) for one in calendars]
    heads = [next(way, None) for way in ways]
    while heads and all(heads):
        found = [head for head in heads if head is not None]
        start, end = max(head[0] for head in found), min(head[1] for head in found)
        if start < end:
            yield start, end
        if not math.isfinite(end):
            return
        for n, head in enumerate(found):
            if head[1] <= end:
                heads[n] = next(ways[n], None)


def next_both_open(utc: float, calendars: Sequence[Calendar]) -> float | None:
    """The next instant after `utc` at which all the houses have become open; None where that never begins."""
    starts = (start for start, _ in shared_openings(utc, calendars) if start > utc)
    return next(starts, None)


def instant(zone: str, day: datetime.date, minute: int) -> float:
    """The instant at which the wall clock of `zone` reads `minute` minutes after the midnight of `day`; `minute` may
    be past the next midnight. A reading that is missing is the instant of the jump; of one that comes twice the first.
    """
    wall = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(minutes=minute)
    clock = zoneinfo.ZoneInfo(zone)
    found = wall.replace(tzinfo=clock).timestamp()
    early = wall.replace(tzinfo=clock, fold=1).timestamp()
    if early >= found:
        return found
    low, high = int(early), int(found)  # the clock jumps over this reading, between the two
    while high - low > 1:
        middle = (low + high) // 2
        before = datetime.datetime.fromtimestamp(middle, clock).replace(tzinfo=None) < wall
        low, high = (middle, high) if before else (low, middle)
    return float(high)


def _spans(texts: Iterable[str]) -> Spans:
    return tuple(sorted(found for text in texts if (found := minutes(text))))


def _day(one: Calendar, utc: float) -> datetime.date:
    return datetime.datetime.fromtimestamp(utc, zoneinfo.ZoneInfo(one.zone)).date()


@functools.lru_cache(maxsize=4096)
def _opened(one: Calendar, day: datetime.date) -> tuple[tuple[float, float], ...]:
    """The stretches that begin on `day`, in UTC; of one that a jump of the clock swallows whole nothing is left."""
    found = [(instant(one.zone, day, start), instant(one.zone, day, end)) for start, end in one.spans(day)]
    return tuple((start, end) for start, end in found if start < end)


@functools.lru_cache(maxsize=64)
def _near(one: Calendar, day: datetime.date) -> tuple[tuple[float, float], ...]:
    """The stretches of `day` and what goes on from the day before."""
    return (*_opened(one, day - datetime.timedelta(1)), *_opened(one, day))
