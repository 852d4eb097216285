"""What is shown of another city's hand, over a line that is held: as it moved, and at rest what all agree on."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np
import pytest

from installation.twin.mirror import Arrived, Key, Mirror
from installation.twin.playout import LINEAR
from installation.twin.shown import Shown, Ways

RULES = ("each", "latest", "highest", "sum", "mean")
KEYS = [
    Key(f"/scene/{rule}", "float", rule, 1, (0.0,), (1.0,), (0.0 if rule in ("sum", "highest") else 0.5,), 0.0)
    for rule in RULES
]
TICK, ONE_WAY = 0.01, 0.0725


class Pair:
    """Here and there, and one line between them that is late by `late` seconds as it is told."""

    def __init__(self, delayed: tuple[int, ...] = (), own: bool = False) -> None:
        self.here, self.there = Mirror("here", KEYS, 1), Mirror("there", KEYS, 1)
        self.shown, self.now = Shown(self.there), 1000.0
        columns = np.array(delayed, np.intp)
        self.shown.lay(Ways(np.full(len(KEYS), LINEAR, np.int8), columns, np.full(columns.size, own)))
        self.here.merge([Arrived("there", b"")])
        self.there.merge([Arrived("here", b"")])
        self.late: Callable[[], float] = lambda: ONE_WAY
        self.lost: Callable[[], bool] = lambda: False
        self.ordered = True
        self._way: list[tuple[float, int, bytes]] = []
        self._back: list[tuple[float, bytes]] = []
        self._count = 0
        self.waits: np.ndarray | None = None

    def tick(self, hand: Callable[[float], float] | None = None) -> dict[str, float]:
        """Ten milliseconds: `hand` moves all values here. What is shown there, and as `half` what of here alone."""
        self.now += TICK
        if hand is not None:
            for key in KEYS:
                self.here.touch(key.address, (hand(self.now),), self.now)
        self._send()
        due = sorted(one for one in self._way if one[0] <= self.now)
        self._way = [one for one in self._way if one[0] > self.now]
        self.there.merge([Arrived("here", frame) for _, _, frame in due])
        columns = self.shown.read(self.now, self.waits).columns
        return dict(zip(RULES, columns.tolist(), strict=True)) | {"half": float(self.shown.half("here")[0][0])}

    def _send(self) -> None:
        for frame in self.here.delta(self.now).get("there", []):
            self._count += 1
            due = self.now + self.late()
            if self.ordered:
                due = max([due, *(one[0] for one in self._way)])
            if not self.lost():
                self._way.append((due, self._count, frame))
        self._back += [(self.now + ONE_WAY, frame) for frame in self.there.delta(self.now).get("here", [])]
        self.here.merge([Arrived("there", frame) for due, frame in self._back if due <= self.now])
        self._back = [one for one in self._back if one[0] > self.now]

    def run(self, seconds: float, hand: Callable[[float], float] | None = None) -> list[dict[str, float]]:
        return [self.tick(hand) for _ in range(round(seconds / TICK))]

    def exact(self) -> bool:
        """Whether what is shown is what is known, to the bit."""
        shown, half = self.shown.read(self.now, self.waits).columns, self.shown.half("here")[0]
        return np.array_equal(shown, self.there.read(self.now).columns) and np.array_equal(
            half, self.there.half("here")[0]
        )


def sine(now: float) -> float:
    return 0.5 + 0.5 * math.sin(2 * math.pi * now / 3.0)


class Thirty:
    """A hand that is read 30 times a second."""

    def __init__(self, hand: Callable[[float], float] = sine) -> None:
        self.hand, self.at, self.number = hand, 0.0, 0.0

    def __call__(self, now: float) -> float:
        if now - self.at >= 1 / 30 - 1e-9:
            self.at, self.number = now, self.hand(now)
        return self.number


@pytest.fixture
def pair() -> Pair:
    return Pair()


def weather(pair: Pair, jitter: float, lost: float, seed: int = 5) -> None:
    """A line with jitter, a stall of 200 ms every few seconds, and a part of the frames lost."""
    chance, stall = random.Random(seed), [0.0]

    def late() -> float:
        if chance.random() < 1 / 200:
            stall[0] = pair.now + 0.2
        return max(stall[0] - pair.now, 0.0) + ONE_WAY + chance.random() * jitter

    pair.late, pair.lost = late, lambda: chance.random() < lost


def error(pair: Pair, seconds: float, name: str) -> tuple[float, float]:
    """RMS and greatest step of what is shown against the hand's own way, as late as it is said to be."""
    shown, truth = [], []
    hand = Thirty()
    for _ in range(round(seconds / TICK)):
        shown.append(pair.tick(hand)[name])
        truth.append(sine(pair.now - pair.shown.lag("here")))
    found, wanted = np.array(shown[300:]), np.array(truth[300:])
    return float(np.sqrt(np.mean((found - wanted) ** 2))), float(np.abs(np.diff(found)).max())


@pytest.mark.parametrize("name", ["half", "latest", "highest", "sum"])
def test_a_sine_of_thirty_samples_a_second_over_an_ocean_is_the_sine_again(pair: Pair, name: str) -> None:
    weather(pair, 0.005, 0.0)
    rms, step = error(pair, 20.0, name)
    assert rms < 0.015 and step < 0.05


def test_a_line_that_loses_and_reorders_costs_smoothness_but_no_jump(pair: Pair) -> None:
    weather(pair, 0.06, 0.05)
    pair.ordered = False
    rms, step = error(pair, 20.0, "half")
    assert rms < 0.15 and step < 0.06  # changes are counted from the frame before: one that is lost costs a round trip
    pair.late, pair.lost = lambda: ONE_WAY, lambda: False
    pair.run(13.0)
    assert pair.exact()


def test_at_rest_what_is_shown_is_what_all_agree_on_to_the_bit(pair: Pair) -> None:
    pair.run(3.0, Thirty())
    pair.run(1.5)
    assert pair.exact() and not pair.shown._merged.moves
    pair.there.touch("/scene/latest", (0.123,), pair.now)
    pair.there.touch("/scene/sum", (0.25,), pair.now)
    assert pair.exact()


def test_our_own_hand_is_shown_at_once_and_takes_over_from_theirs(pair: Pair) -> None:
    pair.run(3.0, Thirty())
    pair.run(0.1)
    pair.there.touch("/scene/latest", (0.25,), pair.now + TICK)
    assert pair.tick()["latest"] == pytest.approx(0.25, abs=1e-4)


def test_their_hand_is_eased_into_the_value_that_ours_left_it_at(pair: Pair) -> None:
    pair.run(3.0)
    pair.there.touch("/scene/latest", (1.0,), pair.now)
    pair.run(1.0)
    slow = pair.now
    shown = [one["latest"] for one in pair.run(2.0, Thirty(lambda now: 1.0 - 0.2 * (now - slow)))]
    assert shown[0] == 1.0 and np.abs(np.diff(shown)).max() < 0.01
    assert shown[-1] == pytest.approx(1.0 - 0.2 * (2.0 - pair.shown.lag("here")), abs=0.01)


def test_an_outage_of_seconds_fades_into_what_was_missed(pair: Pair) -> None:
    pair.run(3.0, Thirty())
    pair.there.touch("/scene/each", (0.5,), pair.now)
    pair.lost = lambda: True
    pair.run(4.0, Thirty())
    pair.lost = lambda: False
    hand = Thirty()
    shown = [one["half"] for one in pair.run(8.0, hand)]
    assert np.abs(np.diff(shown)).max() < 0.05
    pair.run(1.5)
    assert pair.exact()


def test_a_peer_whose_clock_is_off_by_hours_is_shown_as_it_comes(pair: Pair) -> None:
    for off in (7200.0, -7200.0):
        made = Mirror("other", KEYS, 1)
        there = Mirror("there", KEYS, 1)
        shown = Shown(there)
        shown.lay(pair.shown.ways)
        made.merge([Arrived("there", b"")])
        there.merge([Arrived("other", b"")])
        values = []
        for n in range(200):
            now = 9000.0 + n * TICK
            made.touch("/scene/each", (n / 200,), now + off)
            there.merge([Arrived("other", frame) for frame in made.delta(now + off).get("there", [])])
            made.merge([Arrived("there", frame) for frame in there.delta(now).get("other", [])])
            shown.read(now)
            values.append(float(shown.half("other")[0][0]))
        assert values[-1] == pytest.approx(199 / 200, abs=0.1)


def test_a_fade_is_in_shared_time_and_is_shown_as_it_is(pair: Pair) -> None:
    pair.run(1.0, lambda now: 0.0)
    pair.here.fade("/scene/each", (0.0,), (1.0,), pair.now + 0.3, 1.0)
    begun = pair.now + 0.3
    pair.run(0.8)
    assert pair.tick()["half"] == pytest.approx(pair.now - begun, abs=1e-3)
    pair.run(1.0)
    assert pair.exact() and pair.tick()["half"] == 1.0


def test_a_hold_is_held_whoever_moves(pair: Pair) -> None:
    pair.run(1.0, Thirty())
    pair.there.hold("/scene/latest", (0.125,), pair.now)
    assert [one["latest"] for one in pair.run(0.5, Thirty())] == pytest.approx([0.125] * 50)


def test_a_delay_of_two_seconds_is_two_seconds_whatever_the_line() -> None:
    pair = Pair(delayed=(0,))
    pair.waits = np.array([2.0])
    weather(pair, 0.02, 0.0)
    hand = Thirty()
    for _ in range(900):
        shown = pair.tick(hand)["half"]
        if pair.now > 1005.0:
            assert shown == pytest.approx(sine(pair.now - 2.0), abs=0.005)
    pair.run(1.0)
    assert pair.tick()["half"] != pair.there.half("here")[0][0]
    pair.run(2.0)
    assert pair.exact()


def test_a_delay_that_the_line_does_not_bear_is_the_lines_own_and_is_told() -> None:
    pair = Pair(delayed=(0,))
    pair.waits = np.array([0.05])
    pair.run(3.0, Thirty())
    assert pair.shown.behind("here", pair.waits) == pytest.approx(pair.shown.lag("here") - 0.05)
    assert pair.shown.lag("here") > 0.1
    assert pair.tick(Thirty())["half"] == pytest.approx(sine(pair.now - pair.shown.lag("here")), abs=0.02)


def test_both_hands_are_shown_at_one_instant_where_ours_is_delayed_alike() -> None:
    pair = Pair(delayed=(0,), own=True)
    pair.waits = np.array([1.0])
    hand = Thirty()
    for _ in range(400):
        pair.there.touch("/scene/each", (hand(pair.now),), pair.now)
        shown = pair.tick(hand)
    assert shown["each"] == pytest.approx(sine(pair.now - 1.0), abs=0.005)
    assert shown["half"] == pytest.approx(shown["each"], abs=0.02)
    pair.run(3.0)
    assert pair.exact()


def test_a_bar_that_gets_longer_is_reached_without_a_jump() -> None:
    pair = Pair(delayed=(0,))
    pair.waits = np.array([1.0])
    hand = Thirty()
    pair.run(4.0, hand)
    pair.waits = np.array([2.0])
    shown = [one["half"] for one in pair.run(4.0, hand)]
    assert np.abs(np.diff(shown)).max() < 0.03
    assert shown[-1] == pytest.approx(sine(pair.now - 2.0), abs=0.005)


def test_while_nothing_moves_a_reading_costs_no_copy(pair: Pair) -> None:
    pair.run(2.0, Thirty())
    pair.run(2.0)
    site = pair.shown._sites["here"]
    assert site.row is not None and site.values is site.row.values
    assert pair.shown.slopes("here") is None
