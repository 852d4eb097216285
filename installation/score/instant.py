"""When a cue comes by itself: `20:00 Paris`, `sunset + 30 min`, `sun < -6 here`, `both_open`. Text in, instants out.

Instants are whole seconds since 1970 in UTC, computed from the houses' places, zones and hours alone, so every city
finds the same ones. A wall time that a change of clock leaves out is the instant at which the clock jumps; one that is
there twice comes the first time; as for the hours of a house.
"""

from __future__ import annotations

import datetime
import math
import re
import zoneinfo
from collections.abc import Iterator
from typing import Any, NamedTuple

from installation.score import calendar as calendars
from installation.score import sun
from installation.score.calendar import Calendar
from installation.score.hours import DAYS
from installation.score.lines import Path
from installation.score.problem import Row, Two, hint, one_of
from installation.score.rig import Rig
from installation.score.sun import Place
from installation.score.table import Found, shown

HERE, TWIN, UTC = "here", "twin", "utc"
DAY = 86400.0
LOOK = 400
"""Days ahead in which an instant is looked for: a polar night, a feast of once a year."""
_MINUTE = {"s": 1, "sec": 1, "second": 1, "min": 60, "mn": 60, "minute": 60, "h": 3600, "hour": 3600}
_DATE = r"(?P<date>\d{4}-\d\d-\d\d)\s+"
_CLOCK = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
_SUN = r"(?P<sun>sunrise|sunset|noon|midnight sun|sun\s*(?P<way>[<>])\s*(?P<degrees>[-−]?\d+(?:\.\d+)?)\s*°?)"
_OPEN = r"(?P<open>both_open|both_close|open|close)"
_BASE = re.compile(rf"(?:(?:{_DATE})?{_CLOCK}|{_SUN}|{_OPEN})(?![\w.:])", re.I)
_OFFSET = re.compile(r"([+\-−])\s*(\d+(?:\.\d+)?)\s*(seconds?|sec|s|minutes?|min|mn|hours?|h)\b", re.I)

EXAMPLES = Two(
    '"20:00 Paris", "2027-06-21 21:00 UTC", "sunset + 30 min", "sun < -6 here" or "both_open"',
    "« 20:00 Paris », « 2027-06-21 21:00 UTC », « sunset + 30 min », « sun < -6 here » ou « both_open »",
)
NOT_AN_INSTANT = Row(
    en=("`at` is {found}", "an instant such as {examples}", "{hint}"),
    fr=("`at` vaut {found}", "un instant comme {examples}", "{hint}"),
)
NO_HOUSE = Row(
    en=('[cue.{cue}] is at "{found}", and no rig knows that city', "{known}", "{hint}"),
    fr=("[cue.{cue}] est à « {found} », ville inconnue des régies", "{known}", "{hint}"),
)
LACKS = Row(
    en=(
        "[cue.{cue}] waits for {what} in {city}",
        "a rig that gives it",
        "add `{keys}` to that house's table in the rig",
    ),
    fr=("[cue.{cue}] attend {what} à {city}", "une régie qui les donne", "ajoutez `{keys}` à la table de cette maison"),
)
A_SUN, A_ZONE, THE_HOURS = Two("the sun", "le soleil"), Two("a wall clock", "l'heure"), Two("the hours", "les horaires")
WRITE = Two("write it so", "écrivez-le ainsi")
_WORDS = ("sunrise", "sunset", "noon", "sun", "both_open", "both_close", "open", "close")


class House(NamedTuple):
    """A city as cues know it; `zone` "" and `place` None where the rig does not say them."""

    name: str
    city: str
    zone: str
    place: Place | None = None
    calendar: Calendar | None = None


class At(NamedTuple):
    """An instant that comes again, or once. `base` is clock, sun or open; `name` says which of those.

    `second` is seconds after midnight on the wall clock; `date` is "" for every day; `offset` is in seconds; `house` is
    a city, a site, `here` or `utc`; `days` are weekdays there (0 is Monday), none for all.
    """

    text: str
    base: str
    name: str = ""
    date: str = ""
    second: int = 0
    degrees: float = 0.0
    offset: float = 0.0
    house: str = HERE
    days: tuple[int, ...] = ()

    @property
    def both(self) -> bool:
        return self.name in ("both_open", "both_close")

    @property
    def alone(self) -> bool:
        """Whether each house has an instant of its own, so that the cue is nobody else's."""
        return self.house in (HERE, TWIN) and not self.both


class Instant(NamedTuple):
    """The shape of `at` in a user's table."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if at(value) is None:
            first = str(value).split()[0] if str(value).split() else ""
            fill = {"found": shown(value), "examples": EXAMPLES, "hint": hint(first, _WORDS, WRITE)}
            yield Found(path, NOT_AN_INSTANT, fill)

    def expected(self) -> Two:
        return Two('an instant such as "20:00 Paris"', "un instant comme « 20:00 Paris »")


def at(value: Any, days: tuple[str, ...] = ()) -> At | None:
    """The instant that a text means; None when it means none."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    found = _BASE.match(text)
    if found is None or len(text) > 120:
        return None
    rest, offset = text[found.end() :], 0.0
    moved = _OFFSET.search(rest)
    if moved:
        unit = moved[3].lower()
        offset = float(moved[2]) * _MINUTE[unit if unit in _MINUTE else unit.removesuffix("s")]
        offset *= 1 if moved[1] == "+" else -1
        rest = f"{rest[: moved.start()]} {rest[moved.end() :]}"
    place = " ".join(rest.split())
    if re.search(r"[+<>=:\d]", place) or (found["date"] and not _is_date(found["date"])) or abs(offset) > 7 * DAY:
        return None
    if place and (found["open"] or "").lower() in ("both_open", "both_close"):
        return None
    made = At(text, "clock", offset=offset, house=slug(place) or HERE, days=tuple(DAYS.index(day) for day in days))
    if found["sun"]:
        way, degrees = found["way"], float((found["degrees"] or "0").replace("−", "-"))
        return made._replace(base="sun", name=way or found["sun"].lower(), degrees=degrees)
    if found["open"]:
        return made._replace(base="open", name=found["open"].lower())
    second = int(found["hour"]) * 3600 + int(found["minute"]) * 60 + int(found["second"] or 0)
    return made._replace(date=found["date"] or "", second=second)


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def slug(name: str) -> str:
    """A city's name as it is compared: `San Francisco` is `san_francisco`."""
    return re.sub(r"[\s\-]+", "_", name.strip()).casefold()


class Houses:
    """The cities of one rig by name, its own first."""

    def __init__(self, rig: Rig) -> None:
        own = House(rig.name, rig.city, rig.calendar.zone, rig.place, rig.calendar)
        self.all = (own, *(House(p.name, p.city or p.name, _zone(p), p.place, p.calendar) for p in rig.peers))
        self.named: dict[str, House] = {}
        for one in self.all:
            self.named.setdefault(slug(one.city), one)
            self.named.setdefault(one.name, one)
        self.named |= {HERE: own, UTC: House(UTC, "UTC", "UTC")}
        if len(self.all) > 1:
            self.named.setdefault(TWIN, self.all[1])

    @property
    def here(self) -> House:
        return self.all[0]

    def lacks(self, cue: str, instant: At) -> tuple[Row, dict[str, Any]] | None:
        """What keeps an instant from being computed with these houses; None when nothing does."""
        house = self.named.get(instant.house)
        known = [one.city for one in self.all]
        if house is None:
            fill = {"found": instant.house, "known": one_of((*known, HERE, "UTC")), "hint": hint(instant.house, known)}
            return NO_HOUSE, {"cue": cue, **fill}
        fill = {"cue": cue, "city": house.city}
        if instant.base == "sun" and house.place is None:
            return LACKS, {**fill, "what": A_SUN, "keys": "latitude, longitude"}
        if instant.base == "clock" and not house.zone:
            return LACKS, {**fill, "what": A_ZONE, "keys": "time_zone"}
        if instant.base == "open":
            without = [one.city for one in self._asked(instant) if one.calendar is None]
            if without:
                return LACKS, {"cue": cue, "city": without[0], "what": THE_HOURS, "keys": "hours"}
        return None

    def following(self, instant: At, after: float) -> float | None:
        """The first instant of this kind after `after`; None when there is none within 400 days."""
        if self.lacks("", instant):
            return None
        house = self.named[instant.house]
        for base in _BASES[instant.base](self, instant, house, after - instant.offset):
            if base > after + LOOK * DAY:
                return None
            if base + instant.offset > after and _weekday(base, house) in (instant.days or range(7)):
                return base + instant.offset
        return None

    def last(self, instant: At, after: float, until: float) -> float | None:
        """The latest instant after `after`, up to `until`; it looks back eight days at most."""
        found, place = None, max(after, until - 8 * DAY)
        for _ in range(64):
            again = self.following(instant, place)
            if again is None or again > until:
                break
            found = place = again
        return found

    def _clocks(self, instant: At, house: House, after: float) -> Iterator[float]:
        if instant.date:
            yield _wall(datetime.date.fromisoformat(instant.date), instant.second, house.zone)
            return
        day = datetime.datetime.fromtimestamp(after, zoneinfo.ZoneInfo(house.zone)).date()
        for ahead in range(-1, LOOK + 2):
            yield _wall(day + datetime.timedelta(ahead), instant.second, house.zone)

    def _suns(self, instant: At, house: House, after: float) -> Iterator[float]:
        assert house.place is not None
        for _ in range(LOOK):
            found = _sun(instant, house.place, after)
            if found is None:
                return
            yield (after := found)

    def _asked(self, instant: At) -> tuple[House, ...]:
        return self.all if instant.both else (self.named[instant.house],)

    def _opens(self, instant: At, house: House, after: float) -> Iterator[float]:
        """Where all the houses that are asked become open together, or cease to be."""
        asked = [one.calendar for one in self._asked(instant) if one.calendar]
        for start, end in calendars.shared_openings(after, asked):
            at = start if instant.name.endswith("open") else end
            if after < at < math.inf:
                yield at


_BASES = {"clock": Houses._clocks, "sun": Houses._suns, "open": Houses._opens}


def _zone(peer: Any) -> str:
    return peer.zone or (peer.calendar.zone if peer.calendar else "")


def _sun(instant: At, place: Place, after: float) -> float | None:
    match instant.name:
        case "noon":
            return sun.noon(after, place)
        case "sunrise":
            return sun.sunrise(after, place)
        case "sunset":
            return sun.sunset(after, place)
        case "midnight sun":
            return sun.noon(after, place, night=True)
        case way:
            return sun.crossing(after, place, instant.degrees, way == ">")


def _wall(day: datetime.date, second: int, zone: str) -> float:
    return calendars.instant(zone, day, second // 60) + second % 60


def _weekday(when: float, house: House) -> int:
    return datetime.datetime.fromtimestamp(when, zoneinfo.ZoneInfo(house.zone or "UTC")).weekday()
