"""When a cue comes by itself: on both wall clocks through the nights on which they change, by the sun, by the hours."""

import datetime
import zoneinfo

import pytest

from installation.score.instant import Houses, at
from installation.score.instant_words import said
from installation.score.rig import rig

PARIS = """[site]
name = "paris"
city = "Paris"
time_zone = "Europe/Paris"
latitude = 48.8665
longitude = 2.3533
[site.hours]
tue = ["14:00-22:00"]
wed = ["14:00-22:00"]
sun = ["12:00-18:00"]
[peer.san_francisco]
dial = "tcp://sf.example:7410"
city = "San Francisco"
time_zone = "America/Los_Angeles"
latitude = 37.8008
longitude = -122.3983
[peer.san_francisco.hours]
wed = ["10:00-18:00"]
sun = ["10:00-18:00"]
"""
FRISCO = """[site]
name = "san_francisco"
city = "San Francisco"
time_zone = "America/Los_Angeles"
latitude = 37.8008
longitude = -122.3983
[site.hours]
wed = ["10:00-18:00"]
sun = ["10:00-18:00"]
[peer.paris]
listen = "tcp://*:7410"
city = "Paris"
time_zone = "Europe/Paris"
latitude = 48.8665
longitude = 2.3533
[peer.paris.hours]
tue = ["14:00-22:00"]
wed = ["14:00-22:00"]
sun = ["12:00-18:00"]
"""
BOTH = [Houses(rig(text, "x.toml")) for text in (PARIS, FRISCO)]
HERE, THERE = BOTH


def utc(*when):
    return datetime.datetime(*when, tzinfo=datetime.UTC).timestamp()


def local(when, zone):
    return datetime.datetime.fromtimestamp(when, zoneinfo.ZoneInfo(zone)).strftime("%a %d %b %H:%M:%S %Z")


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("2027-06-21 21:00 UTC", (2027, 6, 1), (2027, 6, 21, 21)),
        ("2027-06-21 21:00 Paris", (2027, 6, 1), (2027, 6, 21, 19)),
        ("2027-06-21 21:00 San Francisco", (2027, 6, 1), (2027, 6, 22, 4)),
        ("20:00 Paris", (2027, 1, 5, 19), (2027, 1, 6, 19)),
        ("20:00 Paris", (2027, 1, 5, 18, 59), (2027, 1, 5, 19)),
        ("20:00 + 90 min Paris", (2027, 1, 5), (2027, 1, 5, 20, 30)),
        ("20:00 san_francisco - 1 h", (2027, 1, 5), (2027, 1, 5, 3)),
        ("both_open", (2027, 1, 4), (2027, 1, 6, 18)),
        ("both_open - 5 min", (2027, 1, 4), (2027, 1, 6, 17, 55)),
        ("both_close", (2027, 1, 4), (2027, 1, 6, 21)),
        ("open San Francisco", (2027, 1, 4), (2027, 1, 6, 18)),
        ("close Paris", (2027, 1, 4), (2027, 1, 5, 21)),
    ],
)
def test_both_cities_find_the_same_instant(text, after, expected):
    assert [one.following(at(text), utc(*after)) for one in BOTH] == [utc(*expected)] * 2


@pytest.mark.parametrize("text", ["sunset Paris", "sun < -6 San Francisco", "noon Paris", "sunrise + 30 min Paris"])
def test_both_cities_find_the_same_sun(text):
    first, second = (one.following(at(text), utc(2027, 3, 1)) for one in BOTH)
    assert first == second and first == round(first)


def test_here_is_each_house_by_itself():
    cue = at("20:00 here")
    assert cue.alone and at("20:00").alone and at("sunset twin").alone
    assert not at("20:00 Paris").alone and not at("both_open").alone
    assert [one.following(cue, utc(2027, 1, 5)) for one in BOTH] == [utc(2027, 1, 5, 19), utc(2027, 1, 5, 4)]


@pytest.mark.parametrize(
    ("city", "zone", "after", "expected"),
    [
        ("Paris", "Europe/Paris", (2027, 3, 28), "Sun 28 Mar 03:00:00 CEST"),
        ("San Francisco", "America/Los_Angeles", (2027, 3, 14, 8), "Sun 14 Mar 03:00:00 PDT"),
    ],
)
def test_a_wall_time_that_is_left_out_comes_as_the_clock_jumps(city, zone, after, expected):
    found = HERE.following(at(f"02:30 {city}"), utc(*after))
    assert local(found, zone) == expected
    assert local(HERE.following(at(f"02:30 {city}"), found), zone)[11:16] == "02:30"


@pytest.mark.parametrize(
    ("city", "zone", "after", "expected"),
    [
        ("Paris", "Europe/Paris", (2027, 10, 30, 22), ("Sun 31 Oct 02:30:00 CEST", "Mon 01 Nov 02:30:00 CET")),
        (
            "San Francisco",
            "America/Los_Angeles",
            (2027, 11, 7, 7),
            ("Sun 07 Nov 01:30:00 PDT", "Mon 08 Nov 01:30:00 PST"),
        ),
    ],
)
def test_a_wall_time_that_comes_twice_is_the_first_and_only_that(city, zone, after, expected):
    text = f"{expected[0][11:16]} {city}"
    found = HERE.following(at(text), utc(*after))
    assert (local(found, zone), local(HERE.following(at(text), found), zone)) == expected


@pytest.mark.parametrize(
    "text", ["20:00 Paris", "02:30 Paris", "20:00 San Francisco", "02:30 San Francisco", "00:00 Paris"]
)
def test_a_daily_cue_comes_365_times_in_a_year_with_both_changes_of_clock(text):
    when, count = utc(2027, 1, 1, 12), 0
    while (when := HERE.following(at(text), when)) <= utc(2028, 1, 1, 12):
        count += 1
    assert count == 365


def test_only_the_days_that_are_named_count_on_the_wall_clock_of_that_city():
    cue = at("20:00 San Francisco", ("fri", "sat"))
    found = HERE.following(cue, utc(2027, 1, 4))
    assert local(found, "America/Los_Angeles").startswith("Fri 08 Jan 20:00") and local(found, "UTC").startswith("Sat")
    assert local(HERE.following(cue, found), "America/Los_Angeles").startswith("Sat 09 Jan")


def test_the_last_of_those_slept_through_is_one_and_eight_days_are_looked_back():
    cue = at("20:00 Paris")
    assert HERE.last(cue, utc(2027, 1, 5), utc(2027, 1, 8, 12)) == utc(2027, 1, 7, 19)
    assert HERE.last(cue, utc(2020, 1, 5), utc(2027, 1, 8, 12)) == utc(2027, 1, 7, 19)
    assert HERE.last(cue, utc(2027, 1, 7, 19), utc(2027, 1, 8, 12)) is None
    assert HERE.last(at("2026-06-01 20:00 Paris"), utc(2026, 5, 1), utc(2027, 1, 8)) is None


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "20:60", "20:00Paris", "2027-02-30 20:00", "sun 6", "sun <", "both_open Paris",
     "20:00 + Paris",     "20:00 Paris 21:00", "+ 5 min", 20, None, "20:00 " + "x" * 200, "noon + 300 h"],
)  # fmt: skip
def test_what_is_no_instant_is_none(text):
    assert at(text) is None


@pytest.mark.parametrize(
    ("text", "said_"),
    [("20:00 Tokyo", "no rig knows that city"), ("sunset Lyon", "no rig knows"), ("20:00 Pari", 'mean "Paris"')],
)
def test_a_city_that_no_rig_knows_is_told_with_the_nearest(text, said_):
    row, fill = HERE.lacks("storm", at(text))
    assert said_ in "; ".join(row.en).format(**fill)


def test_a_house_without_a_place_has_no_sunset_and_nothing_raises():
    bare = Houses(rig('[site]\nname = "lyon"\n[peer.nice]\ndial = "tcp://nice:7410"\n', "x.toml"))
    for text in ("sunset", "sunset Nice", "20:00 Nice", "both_open", "open Nice"):
        assert bare.following(at(text), 0.0) is None and bare.lacks("x", at(text))


@pytest.mark.parametrize(
    ("now", "when", "language", "expected"),
    [
        ((2027, 1, 5, 10), (2027, 1, 5, 19), "en", "tonight 20:00 Paris = 11:00 San Francisco"),
        ((2027, 1, 5, 10), (2027, 1, 5, 19), "fr", "ce soir 20:00 Paris = 11:00 San Francisco"),
        ((2027, 1, 5, 10), (2027, 1, 6, 4), "en", "tomorrow 05:00 Paris = Tue 20:00 San Francisco"),
        ((2027, 1, 5, 10), (2027, 1, 8, 19), "fr", "ven. 20:00 Paris = 11:00 San Francisco"),
        ((2027, 1, 5, 10), (2027, 6, 21, 21), "en", "Mon 21 Jun 23:00 Paris = 14:00 San Francisco"),
        ((2027, 1, 5, 10), (2028, 6, 21, 21), "en", "Wed 21 Jun 2028 23:00 Paris = 14:00 San Francisco"),
        ((2027, 1, 5, 10), (2027, 1, 5, 10, 0, 3), "fr", "maintenant"),
    ],
)
def test_an_instant_is_said_on_the_clocks_of_all_houses(now, when, language, expected):
    assert said(utc(*when), HERE, utc(*now), language) == expected


def test_the_city_that_a_cue_names_is_said_first():
    found = said(utc(2027, 1, 6, 4), HERE, utc(2027, 1, 5, 10), "en", "san_francisco")
    assert found == "tonight 20:00 San Francisco = Wed 05:00 Paris"
