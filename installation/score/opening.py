"""When a house opens or closes next, in words."""

from __future__ import annotations

from installation.score.calendar import Calendar
from installation.score.problem import Say

SAID = {
    "opens": Say("{city} opens in {wait}", "{city} ouvre dans {wait}"),
    "closes": Say("{city} closes in {wait}", "{city} ferme dans {wait}"),
    "open": Say("{city} is always open", "{city} est toujours ouverte"),
    "closed": Say("{city} is closed", "{city} est fermée"),
    "unknown": Say("the hours of {city} are not known here", "les horaires de {city} ne sont pas connus ici"),
}
DAYS = Say("{days} days", "{days} jours")


def told(city: str, calendar: Calendar | None, utc: float, spoken: str) -> str:
    """`San Francisco opens in 3 h 20`, in `spoken` ("en" or "fr"); None is a house whose hours are not known."""
    if calendar is None:
        return SAID["unknown"].told(spoken, city=city)
    change = calendar.next_change(utc)
    if change is None:
        return SAID["open" if calendar.open_at(utc) else "closed"].told(spoken, city=city)
    at, opens = change
    return SAID["opens" if opens else "closes"].told(spoken, city=city, wait=waited(at - utc, spoken))


def waited(seconds: float, spoken: str) -> str:
    """`20 min`, `3 h 20`, `3 days`: to the minute, and from two days on to the day."""
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02}" if rest else f"{hours} h"
    return DAYS.told(spoken, days=round(minutes / 1440))
