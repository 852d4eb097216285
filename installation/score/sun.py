"""Where the sun stands, seen from a place, and when it will stand elsewhere. Instants are seconds since 1970 in UTC.

The sums are those of the NOAA solar calculator (Meeus, Astronomical Algorithms, chapter 25, low precision), good to
0.01° from 1950 to 2050. Angles are of the sun's middle, without the air's refraction: -6° is civil dusk by definition.
Why they are our own: decision 0061.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

RISEN = -0.833
"""Degrees at which the sun is said to rise and set: half its width, and the air's refraction at the horizon."""
DAY = 86400.0
NEAR, FAR = 3, 400
"""Days looked through for an instant: at first, and then at most, since a polar night is half a year."""
_J2000 = 946728000.0


class Place(NamedTuple):
    """A point of the earth, in degrees: north and east are above 0."""

    latitude: float
    longitude: float


def position(utc: Any, place: Place) -> tuple[Any, Any]:
    """Elevation and azimuth in degrees; azimuth is 0 in the north, 90 in the east. `utc` is a number or an array."""
    declination, hour = _seen(np.asarray(utc, float), place)
    angle, above = np.radians(hour), np.radians(place.latitude)
    height = np.sin(above) * np.sin(declination) + np.cos(above) * np.cos(declination) * np.cos(angle)
    side = np.arctan2(np.sin(angle), np.cos(angle) * np.sin(above) - np.tan(declination) * np.cos(above))
    return np.degrees(np.arcsin(np.clip(height, -1.0, 1.0))), (np.degrees(side) + 180.0) % 360.0


def elevation(utc: Any, place: Place) -> Any:
    """Degrees above the horizon, below it negative."""
    return position(utc, place)[0]


def noon(after: float, place: Place, night: bool = False) -> float:
    """The next instant after `after` at which the sun stands in the meridian; with `night`, opposite to it."""
    return next(float(round(found)) for found in _transits(after, place, NEAR, night).tolist() if round(found) > after)


def crossing(after: float, place: Place, degrees: float, rising: bool) -> float | None:
    """The next instant after `after` at which the sun passes `degrees` on its way up, or down.

    None when it does not within 400 days, as `sun > 80` in Paris. In a polar night the next sunrise is months away.
    """
    for days in (NEAR, FAR):
        turns = _turns(after, place, days)
        above = elevation(turns, place) >= degrees
        for n in np.flatnonzero((above[1:] != above[:-1]) & (above[1:] == rising)).tolist():
            found = _between(float(turns[n]), float(turns[n + 1]), place, degrees, rising)
            if found > after:
                return found
    return None


def sunrise(after: float, place: Place) -> float | None:
    """The next sunrise."""
    return crossing(after, place, RISEN, True)


def sunset(after: float, place: Place) -> float | None:
    """The next sunset."""
    return crossing(after, place, RISEN, False)


def _seen(utc: np.ndarray, place: Place) -> tuple[np.ndarray, np.ndarray]:
    """The sun's declination in radians and its hour angle in degrees, -180 to 180."""
    century = (utc - _J2000) / (DAY * 36525.0)
    mean = 280.46646 + century * (36000.76983 + century * 0.0003032)
    anomaly = np.radians(357.52911 + century * (35999.05029 - 0.0001537 * century))
    middle = (
        np.sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + np.sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + np.sin(3 * anomaly) * 0.000289
    )
    node = np.radians(125.04 - 1934.136 * century)
    longitude = np.radians(mean + middle - 0.00569 - 0.00478 * np.sin(node))
    tilt = np.radians(23.4392911 - 0.0130042 * century + 0.00256 * np.cos(node))
    ascension = np.degrees(np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude)))
    sidereal = 280.46061837 + 360.98564736629 * (utc - _J2000) / DAY
    hour = (sidereal + place.longitude - ascension + 180.0) % 360.0 - 180.0
    return np.arcsin(np.sin(tilt) * np.sin(longitude)), hour


def _transits(after: float, place: Place, days: int, night: bool) -> np.ndarray:
    """The middles of the days (or of the nights) around `after`, from before it on, in order."""
    turn = 180.0 if night else 0.0
    first = np.asarray(after - DAY)
    for _ in range(2):
        first = first - _from_meridian(first, place, turn) / 360.0 * DAY
    # From one of them on they are a day apart, but for the minute that is found here: none is passed over or doubled.
    found = first + DAY * np.arange(-1.0, days + 2.0)
    for _ in range(3):
        found = found - _from_meridian(found, place, turn) / 360.0 * DAY
    return found


def _from_meridian(utc: np.ndarray, place: Place, turn: float) -> np.ndarray:
    return (_seen(utc, place)[1] - turn + 180.0) % 360.0 - 180.0


def _turns(after: float, place: Place, days: int) -> np.ndarray:
    """The noons and midnights around `after`, in order: between two of them the sun only climbs or only sinks."""
    return np.sort(np.concatenate([_transits(after, place, days, night) for night in (False, True)]))


def _between(start: float, end: float, place: Place, degrees: float, rising: bool) -> float:
    """Halves the span to a millisecond; to the whole second, so that two machines do not differ in the last digit."""
    while end - start > 1e-3:
        middle = (start + end) / 2
        if (float(elevation(middle, place)) >= degrees) == rising:
            end = middle
        else:
            start = middle
    return float(round(end))
