"""The mirrored texts: registers with stamps, healed whatever the line loses, doubles or turns about."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.twin import wire
from installation.twin.texts import MOST, Text, Texts
from installation.twin.wire import Arrived

LINE = Text("/scene/line", "each", {"en": "hello", "fr": "bonjour"})
LAST = Text("/scene/last", "latest", {"en": "", "fr": ""})
OWN = Text("/scene/own", "", {"en": "", "fr": ""})


def said(text):
    return {"en": text, "fr": text}


class Sea:
    """Two cities, and a line that is told what to lose."""

    def __init__(self, seed=0):
        self.sites = {name: Texts(name, 1) for name in ("paris", "frisco")}
        self.now, self.chance, self.loss = 1000.0, random.Random(seed), 0.0
        self.bytes = 0
        for site in self.sites.values():
            site.declare([LINE, LAST, OWN])
        self.up()

    def up(self):
        for name, site in self.sites.items():
            site.merge([Arrived(other, b"") for other in self.sites if other != name])

    def turn(self, seconds=0.05, times=1):
        for _ in range(times):
            self.now += seconds
            waiting = []
            for name, site in self.sites.items():
                for other, frames in site.delta(self.now).items():
                    for frame in frames:
                        self.bytes += len(frame)
                        if self.chance.random() >= self.loss:
                            waiting += [(other, Arrived(name, frame))] * (1 + (self.chance.random() < self.loss))
            self.chance.shuffle(waiting)
            for other, arrived in waiting:
                self.sites[other].merge([arrived])

    def agree(self):
        paris, frisco = self.sites["paris"], self.sites["frisco"]
        same = paris.read("/scene/last") == frisco.read("/scene/last")
        return same and paris.of("frisco", "/scene/line") == frisco.read("/scene/line")


@pytest.fixture
def sea():
    return Sea()


def test_each_city_has_its_own_line_and_reads_the_others(sea):
    paris, frisco = sea.sites.values()
    paris.write("/scene/line", said("il pleut"), sea.now)
    sea.turn(times=10)
    assert frisco.of("paris", "/scene/line") == said("il pleut")
    assert frisco.read("/scene/line") == LINE.default


def test_the_last_hand_wins_in_both_cities_whoever_was_first(sea):
    paris, frisco = sea.sites.values()
    paris.write("/scene/last", said("un"), sea.now)
    frisco.write("/scene/last", said("two"), sea.now + 0.001)
    sea.turn(times=10)
    assert paris.read("/scene/last") == frisco.read("/scene/last") == said("two")
    paris.write("/scene/last", said("trois"), sea.now - 50.0)  # its clock is behind: an answer wins all the same
    sea.turn(times=10)
    assert paris.read("/scene/last") == frisco.read("/scene/last") == said("trois")


def test_a_late_cue_takes_no_words_back(sea):
    paris = sea.sites["paris"]
    paris.write("/scene/last", said("a hand"), sea.now)
    assert not paris.write("/scene/last", said("a cue of before"), sea.now - 5.0, exact=True)
    assert paris.read("/scene/last") == said("a hand")


def test_what_stays_at_home_never_leaves_even_when_its_scene_has_gone(sea):
    paris, frisco = sea.sites.values()
    paris.write("/scene/own", said("private"), sea.now)
    sea.turn(times=10)
    paris.declare([LINE])
    paris.write("/scene/line", said("x"), sea.now)
    sea.turn(times=200)
    assert "/scene/own" not in frisco._halves["paris"].registers
    assert not frisco.counted["diverged"] and not paris.counted["diverged"]


@given(
    st.integers(0, 10_000), st.lists(st.tuples(st.sampled_from(("paris", "frisco")), st.text(max_size=40)), max_size=12)
)
def test_whatever_is_lost_doubled_or_turned_about_the_cities_agree_in_the_end(seed, says):
    sea = Sea(seed)
    sea.loss = 0.4
    for site, text in says:
        sea.sites[site].write("/scene/last", said(text), sea.now)
        sea.sites[site].write("/scene/line", said(text), sea.now)
        sea.turn()
    sea.loss = 0.0
    sea.turn(times=250)
    assert sea.agree()


def test_a_city_that_restarts_knows_what_was_said_and_is_believed(sea):
    paris, frisco = sea.sites.values()
    paris.write("/scene/line", said("avant"), sea.now)
    paris.write("/scene/own", said("chez nous"), sea.now)
    sea.turn(times=10)
    again = Texts("paris", 1, paris.saved())
    again.declare([LINE, LAST, OWN])
    assert again.read("/scene/line") == said("avant") and again.read("/scene/own") == said("chez nous")
    sea.sites["paris"] = again
    sea.up()
    again.write("/scene/line", said("après"), sea.now)
    sea.turn(times=20)
    assert frisco.of("paris", "/scene/line") == said("après")


def test_a_city_that_has_forgotten_all_takes_its_words_with_it(sea):
    frisco = sea.sites["frisco"]
    sea.sites["paris"].write("/scene/line", said("avant"), sea.now)
    sea.turn(times=10)
    sea.sites["paris"] = Texts("paris", 2)
    sea.sites["paris"].declare([LINE, LAST, OWN])
    sea.up()
    sea.turn(times=200)
    assert frisco.of("paris", "/scene/line") == LINE.default


def test_a_city_that_has_forgotten_all_and_whose_clock_was_years_ahead_is_heard_again(sea):
    frisco = sea.sites["frisco"]
    sea.sites["paris"] = Texts("paris", 1000)
    sea.sites["paris"].declare([LINE, LAST, OWN])
    sea.up()
    sea.sites["paris"].write("/scene/line", said("demain"), sea.now + 1e8)
    sea.turn(times=20)
    assert frisco.of("paris", "/scene/line") == said("demain")
    sea.sites["paris"] = Texts("paris", 5)
    sea.sites["paris"].declare([LINE, LAST, OWN])
    sea.up()
    sea.sites["paris"].write("/scene/line", said("aujourd'hui"), sea.now)
    sea.turn(times=200)
    assert frisco.of("paris", "/scene/line") == said("aujourd'hui")
    assert not frisco.counted["diverged"] and not sea.sites["paris"].counted["diverged"]


def test_damaged_bytes_on_the_disk_are_counted_and_the_show_begins_from_its_defaults(sea):
    found = Texts("paris", 1, sea.sites["paris"].saved()[:-3] + b"\xff\xff\xff")
    found.declare([LINE])
    assert found.counted["damaged"] == 1 and found.read("/scene/line") == LINE.default


def test_a_flood_of_texts_from_a_trusted_peer_is_bounded(sea):
    paris = sea.sites["paris"]
    rows = [(f"/flood/{n}", 1 + n, "x" * 1000) for n in range(20_000)]
    from installation.twin.texts import _encode

    for at in range(0, len(rows), 500):
        frame = wire.head(wire.TEXTS, 1, 1, at + 1) + bytes(4) + _encode(rows[at : at + 500])
        paris.merge([Arrived("frisco", frame)])
    assert len(paris._halves["frisco"].registers) <= MOST
    assert len(paris.saved()) < 200_000


@given(st.binary(max_size=200))
def test_no_bytes_raise(noise):
    texts = Texts("paris", 1)
    texts.declare([LINE])
    for kind in (wire.TEXTS, wire.TEXTS_HAVE):
        texts.merge([Arrived("frisco", bytes((kind,)) + noise), Arrived("frisco", wire.head(kind, 1, 1, 1) + noise)])
    texts.delta(1.0)
    assert texts.read("/scene/line") == LINE.default or texts.counted["garbled"] == 0


def test_at_rest_the_texts_cost_the_line_next_to_nothing(sea):
    sea.sites["paris"].write("/scene/line", said("x" * 1000), sea.now)
    sea.turn(times=40)
    sea.bytes = 0
    sea.turn(seconds=0.1, times=600)
    assert sea.bytes / 60.0 < 40


def test_a_thousand_letters_of_any_script_come_over_whole(sea):
    text = ("今日は雨が降っています。" + "مرحبا " + "👩‍👩‍👧 ") * 20
    sea.sites["paris"].write("/scene/line", said(text[:1000]), sea.now)
    sea.turn(times=10)
    assert sea.sites["frisco"].of("paris", "/scene/line") == said(text[:1000])
