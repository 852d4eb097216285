"""When a house opens next, as a person is told it."""

import datetime
import zoneinfo

import pytest

from installation.score.calendar import calendar
from installation.score.opening import told, waited

FRISCO = calendar("America/Los_Angeles", {d: ["10:00-18:00"] for d in ("wed", "thu", "fri", "sat", "sun")})


def at(*when):
    return datetime.datetime(2027, 6, *when, tzinfo=zoneinfo.ZoneInfo("America/Los_Angeles")).timestamp()


def test_how_long_until_a_house_opens_or_closes_is_told_in_both_languages():
    assert told("San Francisco", FRISCO, at(9, 6, 40), "en") == "San Francisco opens in 3 h 20"
    assert told("San Francisco", FRISCO, at(9, 6, 40), "fr") == "San Francisco ouvre dans 3 h 20"
    assert told("San Francisco", FRISCO, at(9, 17, 48), "en") == "San Francisco closes in 12 min"
    assert told("San Francisco", FRISCO, at(6, 18), "fr") == "San Francisco ouvre dans 3 jours"


def test_a_house_that_never_closes_or_whose_hours_are_not_known_is_told_as_such():
    assert told("Paris", calendar("UTC", {}), 0.0, "en") == "Paris is always open"
    assert told("Paris", calendar("UTC", {}, (), {"2020-01-01": []}), at(9, 6), "fr") == "Paris est fermée"
    assert "not known" in told("Paris", None, 0.0, "en")


@pytest.mark.parametrize(("seconds", "said"), [(1, "1 min"), (3600, "1 h"), (3660, "1 h 01"), (86400, "24 h")])
def test_a_wait_is_told_to_the_minute(seconds, said):
    assert waited(seconds, "en") == said
