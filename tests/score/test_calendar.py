"""When a house is open, on its own wall clock."""

import datetime
import zoneinfo

import pytest

from installation.score.calendar import (
    both_open_at,
    calendar,
    instant,
    next_both_open,
    shared_openings,
)
from installation.score.hours import days, minutes

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


def hours(zone, start, end, step=900):
    """Hours of `zone`'s wall days from `start` to `end` (dates) in which both houses are open, by asking each step."""
    first, last = at(zone, *start), at(zone, *end)
    asked = range(round((last - first) / step))
    return sum(both_open_at(first + n * step, (PARIS, FRISCO)) for n in asked) * step / 3600


def test_the_stretches_of_both_houses_add_up_to_the_639_hours_and_to_27_percent_of_paris_s():
    start, end = at("UTC", 2027, 1, 1), at("UTC", 2028, 1, 1)
    together = sum(min(b, end) - max(a, start) for a, b in stretches(shared_openings(start, (PARIS, FRISCO)), end))
    alone = sum(min(b, end) - max(a, start) for a, b in stretches(PARIS.openings(start), end))
    assert together == 639 * 3600
    assert round(100 * together / alone) == 27


def stretches(found, end):
    for stretch in found:
        if stretch[0] >= end:
            return
        yield stretch


def test_the_weeks_in_which_the_cities_are_eight_hours_apart_have_an_hour_more_together_each_long_day():
    usual = hours("Europe/Paris", (2027, 3, 1), (2027, 3, 8))
    assert hours("Europe/Paris", (2027, 3, 15), (2027, 3, 22)) == hours("Europe/Paris", (2027, 3, 22), (2027, 3, 28))
    assert hours("Europe/Paris", (2027, 3, 15), (2027, 3, 22)) == usual + 4
    assert hours("Europe/Paris", (2027, 11, 1), (2027, 11, 7)) == usual + 4
    assert hours("Europe/Paris", (2027, 11, 8), (2027, 11, 15)) == usual


def test_a_night_passes_midnight_and_belongs_to_the_day_on_which_it_begins():
    club = calendar("Europe/Paris", {"fri": ["22:00-02:00"]})
    friday = [at("Europe/Paris", 2027, 6, 4, 21, 59), at("Europe/Paris", 2027, 6, 4, 22), *saturday(1, 59, 2, 0)]
    assert [club.open_at(when) for when in friday] == [False, True, True, False]
    assert not club.open_at(at("Europe/Paris", 2027, 6, 4, 1))  # Thursday's night has no hours


def saturday(*hours_minutes):
    pairs = zip(hours_minutes[::2], hours_minutes[1::2], strict=True)
    return [at("Europe/Paris", 2027, 6, 5, hour, minute) for hour, minute in pairs]


@pytest.mark.parametrize("text", ["22:00-14:00", "14:00-14:00", "24:00-02:00", "24:30-25:00", "10-12", "10:00", 7])
def test_what_is_no_span_is_none(text):
    assert minutes(text) is None


def test_spans_that_touch_at_midnight_are_one_opening():
    house = calendar("UTC", {"mon": ["20:00-24:00"], "tue": ["00:00-03:00"]})
    monday = at("UTC", 2027, 6, 7)
    assert next(house.openings(monday)) == (monday + 20 * 3600, monday + 27 * 3600)
    assert house.next_change(monday + 23 * 3600) == (monday + 27 * 3600, False)


def test_a_house_is_closed_on_its_closures_to_their_last_day():
    week = {day: ["14:00-22:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    house = calendar("Europe/Paris", week, ["2027-08-01..2027-08-15", "12-25", "12-31..01-02"])
    opened = [(2027, 7, 31), (2027, 8, 1), (2027, 8, 15), (2027, 8, 16), (2027, 12, 25), (2031, 12, 25), (2028, 1, 2)]
    noon = [house.open_at(at("Europe/Paris", *day, 15)) for day in opened]
    assert noon == [True, False, False, True, False, False, False]


def test_a_day_with_hours_of_its_own_has_these_in_place_of_the_week_s_even_if_it_is_a_closure():
    house = calendar(
        "Europe/Paris", {"sun": ["12:00-18:00"]}, ["2027-10-03"], {"2027-10-03": ["20:00-02:00"], "2027-10-10": []}
    )
    night = [(2027, 10, 3, 13), (2027, 10, 3, 20), (2027, 10, 4, 1), (2027, 10, 4, 2), (2027, 10, 10, 13)]
    assert [house.open_at(at("Europe/Paris", *when)) for when in night] == [False, True, True, False, False]


def test_a_house_with_nothing_but_days_of_its_own_is_open_on_these_alone():
    house = calendar("UTC", {}, (), {"2027-10-03": ["20:00-02:00"]})
    assert not house.open_at(at("UTC", 2027, 10, 2, 21)) and house.open_at(at("UTC", 2027, 10, 3, 21))
    assert house.next_change(at("UTC", 2027, 10, 5)) is None


@pytest.mark.parametrize("text", ["2027-02-30", "2027-08-15..2027-08-01", "08-01..2027-08-15", "Christmas", "2027"])
def test_what_are_no_days_are_none(text):
    assert days(text) is None


def test_a_wall_hour_that_is_missing_is_the_instant_of_the_jump():
    day = datetime.date(2027, 3, 28)
    jump = at("UTC", 2027, 3, 28, 1)
    assert [instant("Europe/Paris", day, minute) for minute in (120, 150, 180)] == [jump, jump, jump]
    lost = calendar("Europe/Paris", {"sun": ["02:10-02:50"]})
    assert not any(lost.open_at(jump + s) for s in range(-3600, 3600, 60))


def test_of_a_wall_hour_that_comes_twice_the_first_is_meant():
    night = calendar("Europe/Paris", {"sat": ["22:00-02:30"]})
    first = at("UTC", 2027, 10, 31, 0, 30)  # 2:30 in summer time; 2:30 comes again an hour later
    assert [night.open_at(first + s) for s in (-1, 0, 1800, 3599, 3600)] == [True, False, False, False, False]


def test_a_night_over_a_change_of_the_clock_is_an_hour_shorter_or_longer():
    night = calendar("America/Los_Angeles", {"sat": ["22:00-04:00"]})
    spring, autumn = at("UTC", 2027, 3, 14, 6), at("UTC", 2027, 11, 7, 5)
    assert [end - start for start, end in (next(night.openings(spring)), next(night.openings(autumn)))] == [
        5 * 3600,
        7 * 3600,
    ]


def test_the_next_change_is_the_next_opening_or_closing():
    monday = at("Europe/Paris", 2027, 6, 7, 12)
    opens = at("Europe/Paris", 2027, 6, 8, 14)
    assert PARIS.next_change(monday) == (opens, True)
    assert PARIS.next_change(opens) == (opens + 8 * 3600, False)
    assert calendar("UTC", {}).next_change(monday) is None


def test_the_next_time_that_both_houses_open_comes_after_now():
    monday = at("Europe/Paris", 2027, 6, 7, 12)
    wednesday = at("Europe/Paris", 2027, 6, 9, 19)
    assert next_both_open(monday, (PARIS, FRISCO)) == wednesday
    assert next_both_open(wednesday, (PARIS, FRISCO)) == at("Europe/Paris", 2027, 6, 10, 19)
    assert next_both_open(monday, (calendar("UTC", {}), PARIS)) == at("Europe/Paris", 2027, 6, 8, 14)
    assert next_both_open(monday, (calendar("UTC", {}),)) is None
