"""When a house is open, on its own wall clock."""

import datetime
import zoneinfo

import pytest

from installation.score.calendar import calendar

PARIS = calendar(
    "Europe/Paris", {d: ["14:00-22:00"] for d in ("tue", "wed", "thu", "fri", "sat")} | {"sun": ["12:00-18:00"]}
)
FRISCO = calendar("America/Los_Angeles", {d: ["10:00-18:00"] for d in ("wed", "thu", "fri", "sat", "sun")})


def at(zone, *when):
    return datetime.datetime(*when, tzinfo=zoneinfo.ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(("hour", "minute", "opened"), [(13, 59, False), (14, 0, True), (21, 59, True), (22, 0, False)])
def test_a_house_opens_and_closes_on_the_minute(hour, minute, opened):
    assert PARIS.open_at(at("Europe/Paris", 2027, 3, 16, hour, minute)) is opened


def test_summer_time_moves_one_city_before_the_other():
    noon = at("America/Los_Angeles", 2027, 3, 17, 13, 30)
    assert FRISCO.open_at(noon) and PARIS.open_at(noon)  # 21:30 in Paris: eight hours apart, not nine
    assert not PARIS.open_at(at("America/Los_Angeles", 2027, 3, 31, 13, 30))


def test_a_house_without_hours_is_always_open():
    assert calendar("UTC", {}).open_at(0.0)


def test_the_two_houses_are_open_together_639_hours_of_2027():
    start, quarter = at("UTC", 2027, 1, 1), 900
    both = sum(PARIS.open_at(start + n * quarter) and FRISCO.open_at(start + n * quarter) for n in range(365 * 96))
    assert both / 4 == 639
