"""How a user writes when a house is open: hours by weekday, days on which it is closed, evenings on which it is not.

The shapes and messages of `[site.hours]`, `closed` and `open`; `calendar.py` has what follows from them.
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
NOON, MIDNIGHT = 720, 1440
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)")
_DAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")

NOT_A_SPAN = Row(
    en=(
        '"{found}" is no span of hours',
        "a text such as 14:00-22:00; one that passes midnight such as 22:00-02:00",
        "write it so; a whole day is 00:00-24:00",
    ),
    fr=(
        "« {found} » n'est pas une plage horaire",
        "un texte comme 14:00-22:00 ; au-delà de minuit, 22:00-02:00",
        "écrivez-la ainsi ; un jour entier est 00:00-24:00",
    ),
)
NOT_A_ZONE = Row(
    en=('no time zone "{found}"', "a name such as Europe/Paris or America/Los_Angeles", "correct the name"),
    fr=("fuseau horaire « {found} » inconnu", "un nom comme Europe/Paris ou America/Los_Angeles", "corrigez le nom"),
)
NOT_DAYS = Row(
    en=(
        '"{found}" is neither a day nor days',
        "2027-12-25, 2027-08-01..2027-08-15, or without the year for every year: 12-25",
        "write it so, the first day before the last",
    ),
    fr=(
        "« {found} » n'est ni un jour ni une suite de jours",
        "2027-12-25, 2027-08-01..2027-08-15, ou sans l'année pour tous les ans : 12-25",
        "écrivez-le ainsi, le premier jour avant le dernier",
    ),
)
NOT_A_DAY = Row(
    en=('"{found}" is no day', "a day such as 2027-10-03", "write year-month-day"),
    fr=("« {found} » n'est pas un jour", "un jour comme 2027-10-03", "écrivez année-mois-jour"),
)


class Days(NamedTuple):
    """Days on which a house is closed, its ends included, as numbers: 20271225, or 1225 for every year."""

    first: int
    last: int

    def holds(self, day: datetime.date) -> bool:
        """Whether `day` is one of them; every year's may go from one year into the next."""
        number = day.month * 100 + day.day
        if self.first >= 10_000:
            number += day.year * 10_000
        if self.first <= self.last:
            return self.first <= number <= self.last
        return number >= self.first or number <= self.last


class Span(NamedTuple):
    """A text such as 14:00-22:00, in a user's table."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if minutes(value) is None:
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


class Closure(NamedTuple):
    """A text such as 2027-12-25 or 2027-08-01..2027-08-15, in a user's table."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if days(value) is None:
            yield Found(path, NOT_DAYS, {"found": value})

    def expected(self) -> Two:
        return Two("a day such as 2027-12-25", "un jour comme 2027-12-25")


class Openings(NamedTuple):
    """A table of hours by date: 2027-10-03 = ["20:00-02:00"]."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        hours = ListOf(Span())
        if not isinstance(value, dict):
            yield from Table({}).misfits(value, path)
            return
        for name, spans in value.items():
            if date(name) is None:
                yield Found((*path, name), NOT_A_DAY, {"found": name})
            yield from hours.misfits(spans, (*path, name))

    def expected(self) -> Two:
        return Two("a table of days and their hours", "une table de jours et de leurs heures")


HOURS = Table({day: ListOf(Span()) for day in DAYS})
CLOSED, OPEN = ListOf(Closure()), Openings()


def minutes(text: Any) -> tuple[int, int] | None:
    """A span in minutes after the midnight of its day; an end past the next midnight is above 1440.

    A night ends by noon: beyond, the start and the end are more likely to have been exchanged.
    """
    found = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        return None
    h1, m1, h2, m2 = (int(part) for part in found.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if max(start, end) > MIDNIGHT or start in (end, MIDNIGHT):
        return None
    if start < end:
        return start, end
    return (start, end + MIDNIGHT) if end <= NOON else None


def date(text: Any) -> datetime.date | None:
    """A day with its year; None for what is none."""
    try:
        return datetime.date.fromisoformat(str(text)) if len(str(text)) == 10 else None
    except ValueError:
        return None


def days(text: Any) -> Days | None:
    """Days from first to last; None for what are none. TOML's own dates are taken as well."""
    first, dots, last = str(text).strip().partition("..")
    start = _number(first)
    end = _number(last) if dots else start
    if start is None or end is None or (start < 10_000) != (end < 10_000) or (start > end >= 10_000):
        return None
    return Days(start, end)


def _number(text: str) -> int | None:
    found = _DAY.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    try:
        datetime.date(year or 2000, month, day)
    except ValueError:
        return None
    return year * 10_000 + month * 100 + day
