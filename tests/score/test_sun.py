"""The sun's place, against the library astral and the almanac's own dates."""

import datetime

import numpy as np
import pytest
from astral import Observer
from astral.sun import azimuth as astral_azimuth
from astral.sun import elevation as astral_elevation
from astral.sun import noon as astral_noon
from astral.sun import sunrise as astral_sunrise
from astral.sun import sunset as astral_sunset

from installation.score.sun import Place, crossing, noon, position, sunrise, sunset

PARIS, FRISCO = Place(48.8665, 2.3533), Place(37.8008, -122.3983)
TROMSO, QUITO, POLE = Place(69.65, 18.96), Place(-0.18, -78.47), Place(-90.0, 0.0)
UTC = datetime.UTC
YEAR = datetime.datetime(2027, 1, 1, tzinfo=UTC).timestamp()


def at(*when):
    return datetime.datetime(*when, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("place", [PARIS, FRISCO, TROMSO, QUITO, Place(-33.9, 151.2)])
def test_the_sun_stands_where_astral_has_it(place):
    observer = Observer(place.latitude, place.longitude)
    for hours in range(0, 365 * 24, 37):
        when = datetime.datetime.fromtimestamp(YEAR + hours * 3600, UTC)
        height, side = (float(one) for one in position(when.timestamp(), place))
        assert height == pytest.approx(astral_elevation(observer, when, with_refraction=False), abs=0.03)
        if abs(height) < 75:
            away = abs(side - astral_azimuth(observer, when))
            assert min(away, 360 - away) < 0.1


@pytest.mark.parametrize("place", [PARIS, FRISCO, QUITO])
def test_rise_noon_and_set_are_astrals_to_within_a_minute_all_year(place):
    observer = Observer(place.latitude, place.longitude)
    for day in range(0, 365, 9):
        date = datetime.date(2027, 1, 1) + datetime.timedelta(day)
        midday = astral_noon(observer, date).timestamp()
        assert noon(midday - 3600, place) == pytest.approx(midday, abs=60)
        assert sunrise(midday - 50_000, place) == pytest.approx(
            _near(astral_sunrise, observer, date, midday - 21600), abs=60
        )
        assert sunset(midday, place) == pytest.approx(_near(astral_sunset, observer, date, midday + 21600), abs=60)


def _near(of, observer, date, middle):
    """astral gives the event of a UTC date; the one nearest to the day's own."""
    days = (date + datetime.timedelta(n) for n in (-1, 0, 1))
    return min((of(observer, day).timestamp() for day in days), key=lambda when: abs(when - middle))


def test_a_polar_night_has_its_next_sunrise_in_january():
    found = sunrise(at(2027, 12, 5, 12), TROMSO)
    assert datetime.datetime.fromtimestamp(found, UTC).date().isoformat()[:7] == "2028-01"


def test_a_polar_day_has_its_next_sunset_in_july():
    found = sunset(at(2027, 6, 10, 12), TROMSO)
    assert at(2027, 7, 20) < found < at(2027, 8, 1)


def test_at_the_pole_the_sun_rises_once_a_year_and_nothing_raises():
    first = sunrise(YEAR, POLE)
    assert at(2027, 9, 18) < first < at(2027, 9, 25)
    assert at(2028, 9, 15) < sunrise(first, POLE) < at(2028, 9, 25)


def test_a_height_that_is_never_reached_has_no_instant():
    assert crossing(YEAR, PARIS, 80.0, True) is None


def test_dusk_comes_after_the_sunset_and_dawn_before_the_sunrise():
    start = at(2027, 6, 21, 12)
    assert sunset(start, PARIS) < crossing(start, PARIS, -6.0, False) < crossing(start, PARIS, -6.0, True)
    assert crossing(start, PARIS, -6.0, True) < sunrise(start, PARIS)


def test_an_instant_found_is_never_its_own_next():
    when = YEAR
    for _ in range(5):
        after = sunset(when, FRISCO)
        assert 80_000 < after - when < 90_000 or when == YEAR
        when = after


def test_many_instants_are_one_call():
    whole = position(np.array([YEAR, YEAR + 3600.0]), PARIS)[0]
    assert whole.tolist() == [position(YEAR, PARIS)[0], position(YEAR + 3600.0, PARIS)[0]]
