"""An instant in words, on the wall clocks of all the houses: `tonight 20:00 Paris = 11:00 San Francisco`."""

from __future__ import annotations

import datetime
import zoneinfo

from installation.score.instant import DAY, House, Houses
from installation.score.problem import Say

NOW = Say("now", "maintenant")
TODAY, TONIGHT = Say("today {time}", "aujourd'hui {time}"), Say("tonight {time}", "ce soir {time}")
TOMORROW = Say("tomorrow {time}", "demain {time}")
DAYS = (
    Say("Mon", "lun."), Say("Tue", "mar."), Say("Wed", "mer."), Say("Thu", "jeu."), Say("Fri", "ven."),
    Say("Sat", "sam."), Say("Sun", "dim."),
)  # fmt: skip
MONTHS = (
    Say("Jan", "janv."), Say("Feb", "févr."), Say("Mar", "mars"), Say("Apr", "avr."), Say("May", "mai"),
    Say("Jun", "juin"), Say("Jul", "juil."), Say("Aug", "août"), Say("Sep", "sept."), Say("Oct", "oct."),
    Say("Nov", "nov."), Say("Dec", "déc."),
)  # fmt: skip
SOON = 10.0
"""Seconds within which an instant is now, for who reads of it."""


def said(instant: float, houses: Houses, now: float, language: str, first: str = "") -> str:
    """The instant in the city `first` (this one if not given) and in the others, each on its own wall clock."""
    if abs(instant - now) < SOON:
        return NOW.told(language)
    named = houses.named.get(first, houses.here)
    every = list(dict.fromkeys((named, *houses.all)))
    known = [house for house in every if house.zone]
    lead = _local(instant, known[0])
    parts = [f"{_day(lead, _local(now, known[0]), language)} {known[0].city}"]
    for house in known[1:]:
        there = _local(instant, house)
        weekday = f"{DAYS[there.weekday()].told(language)} " if there.date() != lead.date() else ""
        parts.append(f"{weekday}{there:%H:%M} {house.city}")
    return " = ".join(parts)


def _local(instant: float, house: House) -> datetime.datetime:
    # To the nearest second: an instant a hair before the hour is the hour.
    return datetime.datetime.fromtimestamp(round(instant), zoneinfo.ZoneInfo(house.zone))


def _day(there: datetime.datetime, now: datetime.datetime, language: str) -> str:
    days, time = (there.date() - now.date()).days, f"{there:%H:%M}"
    if days == 0:
        return (TONIGHT if there.hour >= 18 else TODAY).told(language, time=time)
    if days == 1:
        return TOMORROW.told(language, time=time)
    day = DAYS[there.weekday()].told(language)
    if 0 < days * DAY < 7 * DAY:
        return f"{day} {time}"
    year = f" {there.year}" if there.year != now.year else ""
    return f"{day} {there.day} {MONTHS[there.month - 1].told(language)}{year} {time}"
