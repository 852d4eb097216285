"""When a house is open: hours by weekday on its own wall clock, and which hours two houses share.

Time comes in as seconds since 1970 in UTC; zoneinfo knows the rules of summer time, so a night of change needs no case.
"""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Iterator
from typing import Any, NamedTuple

from installation.score.lines import Path
from installation.score.problem import Row, Two
from installation.score.table import Found, ListOf, Table

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")

NOT_A_SPAN = Row(
    en=(
        '"{found}" is no span of hours',
        "a text such as 14:00-22:00, its end after its start",
        "write it so; midnight is 24:00",
    ),
    fr=(
        "« {found} » n'est pas une plage horaire",
        "un texte comme 14:00-22:00, la fin après le début",
        "écrivez-la ainsi ; minuit est 24:00",
    ),
)
NOT_A_ZONE = Row(
    en=('no time zone "{found}"', "a name such as Europe/Paris or America/Los_Angeles", "correct the name"),
    fr=("fuseau horaire « {found} » inconnu", "un nom comme Europe/Paris ou America/Los_Angeles", "corrigez le nom"),
)


class Span(NamedTuple):
    """A text such as 14:00-22:00, in a user's table."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if _minutes(value) is None:
            yield Found(path, NOT_A_SPAN, {"found": value})

    def expected(self) -> Two:
        return Two("hours such as 14:00-22:00", "des heures comme 14:00-22:00")


class Zone(NamedTuple):
    """The name of a time zone, in a user's table."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        try:
            zoneinfo.ZoneInfo(str(value))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            yield Found(path, NOT_A_ZONE, {"found": value})

    def expected(self) -> Two:
        return Two("a time zone such as Europe/Paris", "un fuseau horaire comme Europe/Paris")


HOURS = Table({day: ListOf(Span()) for day in DAYS})


class Calendar(NamedTuple):
    """A house's week: per weekday (Monday first) its spans in minutes after midnight. No spans at all: always open."""

    zone: str
    week: tuple[tuple[tuple[int, int], ...], ...] = ()

    def open_at(self, utc: float) -> bool:
        """Whether the house is open at `utc` (seconds since 1970)."""
        if not any(self.week):
            return True
        local = datetime.datetime.fromtimestamp(utc, zoneinfo.ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self.week[local.weekday()])


def calendar(zone: str, hours: dict[str, list[str]]) -> Calendar:
    """The calendar of a checked `[site.hours]` table."""
    week = tuple(tuple(span for text in hours.get(day, ()) if (span := _minutes(text))) for day in DAYS)
    return Calendar(zone, week)


def _minutes(text: Any) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return None
    h1, m1, h2, m2 = (int(part) for part in found.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    return (start, end) if start < end <= 1440 else None
