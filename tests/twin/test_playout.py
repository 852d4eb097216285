"""Samples that come in jerks are shown as the hand moved: no jump, no way back in time, exact at rest."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.twin.lag import MOST, RATE, Lag
from installation.twin.playout import ANGLE, BEYOND, FASTEST, LINEAR, REST, STEP, Playout

TICK, DELAY = 0.01, 0.15
FLOAT = 1e-9


class Hand:
    """One column, its samples on their way, and a clock that is held."""

    def __init__(self, between: int = LINEAR, low: float = 0.0, high: float = 1.0, rest: float = 0.5) -> None:
        self.playout = Playout(np.array([low]), np.array([high]), np.array([between]))
        self.now, self.exact, self.speed = 1000.0, rest, 0.0
        self.way: list[tuple[float, float, float]] = []

    def made(self, at: float, number: float, late: float = 0.08) -> None:
        """A sample made `at` seconds from the start, that arrives so late after it, in its order."""
        due = max([1000.0 + at + late, *(one[0] for one in self.way)])
        self.way.append((due, 1000.0 + at, number))

    def tick(self) -> float:
        """What is shown ten milliseconds later."""
        self.now += TICK
        while self.way and self.way[0][0] <= self.now:
            _, time, number = self.way.pop(0)
            rest, self.exact = self.exact, number
            self.playout.push(np.array([0]), np.array([time]), np.array([number]), np.array([rest]))
        values, slopes = np.array([self.exact]), np.zeros(1)
        self.playout.play(self.now - DELAY, self.now, values, slopes)
        self.speed = float(slopes[0])
        return float(values[0])

    def until(self, seconds: float) -> list[float]:
        return [self.tick() for _ in range(round(seconds / TICK))]


def test_between_two_samples_lies_the_straight_line() -> None:
    hand = Hand(rest=0.0)
    for n in range(30):
        hand.made(n / 30, n / 30)
    shown = hand.until(0.9)
    for number, value in list(enumerate(shown, 1))[20:]:
        assert value == pytest.approx(number * TICK - DELAY, abs=FLOAT)
    assert hand.speed == pytest.approx(1.0)


def test_a_hand_that_stopped_comes_to_rest_on_its_last_value_to_the_bit() -> None:
    hand = Hand(rest=0.0)
    for n in range(11):
        hand.made(n / 30, 0.1 * n / 3)
    shown = hand.until(10 / 30 + DELAY + BEYOND + 2 * TICK)
    assert shown[-1] == 0.1 * 10 / 3 and not hand.playout.moving.size


def test_a_touch_after_a_long_rest_is_no_ramp_through_all_that_time() -> None:
    hand = Hand(rest=0.2)
    hand.made(5.0, 0.8)
    shown = hand.until(6.0)
    due = round((5.0 + DELAY) / TICK) - 1
    assert set(shown[: due - 1]) == {0.2}
    assert 0.2 < shown[due + 1] < 0.2 + 3 * FASTEST * TICK and abs(shown[due + 40] - 0.8) < 0.01
    assert shown[-1] == 0.8


def test_a_stall_goes_on_a_little_then_rests_and_what_follows_is_eased_in() -> None:
    hand = Hand(rest=0.0)
    for n in range(60):
        hand.made(n / 30, n / 60, late=0.08 if n < 30 else 1.0 - (n - 30) / 30 if n < 58 else 0.08)
    shown = np.array(hand.until(3.0))
    steps = np.abs(np.diff(shown))
    assert steps.max() < (FASTEST + 1.0) * TICK
    stalled = shown[round((1.0 + DELAY) / TICK) : round((1.0 + DELAY + 0.3) / TICK)]
    assert stalled.max() > 29 / 60 + 0.02 and stalled.max() < 29 / 60 + 0.5 * 0.15
    assert shown[-1] == 59 / 60


def test_an_angle_goes_the_short_way_round() -> None:
    hand = Hand(ANGLE, 0.0, 360.0, rest=350.0)
    for n in range(10):
        hand.made(n / 30, (350.0 + 2.0 * n) % 360.0)
    shown = hand.until(1.0)
    assert all(value >= 350.0 or value <= 8.0 + 60.0 * 0.1 for value in shown)
    assert shown[-1] == 8.0


def test_a_step_shows_each_value_when_it_is_due_and_nothing_between() -> None:
    hand = Hand(STEP, rest=0.0)
    hand.made(0.1, 1.0)
    hand.made(0.2, 0.0)
    shown = hand.until(0.6)
    assert set(shown) == {0.0, 1.0}
    assert [n + 1 for n in range(1, 60) if shown[n] != shown[n - 1]] == pytest.approx([25, 35], abs=1)


def test_what_is_taken_over_by_a_fade_is_eased_into_it_and_then_is_it() -> None:
    hand = Hand(rest=0.0)
    for n in range(30):
        hand.made(n / 30, n / 30)
    before = hand.until(0.9)[-1]
    hand.way.clear()
    hand.exact = 0.0
    hand.playout.follow(np.array([0]))
    shown = hand.until(1.5)
    assert abs(shown[0] - before) < 0.05 and shown[-1] == 0.0 and not hand.playout.moving.size


def test_what_is_cut_is_at_once_what_it_is() -> None:
    hand = Hand(rest=0.0)
    hand.made(0.0, 1.0)
    hand.until(0.12)
    hand.playout.cut(np.array([0]))
    assert hand.tick() == 1.0


def test_a_clock_that_leaps_shows_what_is_there() -> None:
    hand = Hand(rest=0.0)
    for n in range(30):
        hand.made(n / 30, n / 30)
    hand.until(0.5)
    hand.now += 3600.0
    hand.way.clear()
    assert hand.tick() == hand.exact


moves = st.lists(
    st.tuples(st.floats(0.01, REST - 0.01), st.floats(-1.0, 1.0), st.floats(0.05, 0.5)), min_size=1, max_size=40
)


@given(moves, st.sampled_from([LINEAR, ANGLE]))
def test_whatever_the_line_does_nothing_jumps_and_all_ends_where_the_hand_is(
    made: list[tuple[float, float, float]], between: int
) -> None:
    """A hand that moves a range a second at most: late samples cost its own speed and what eases them in."""
    hand, at, number = Hand(between), 0.0, 0.5
    for gap, speed, late in made:
        at, number = at + gap, number + speed * gap
        number = number % 1.0 if between == ANGLE else min(max(number, 0.0), 1.0)
        hand.made(at, number, late)
    shown = np.array(hand.until(at + 2.5))
    steps = np.diff(shown)
    if between == ANGLE:
        steps -= np.rint(steps)
    assert np.abs(steps).max() <= (FASTEST + 2.0) * TICK + FLOAT
    assert shown.min() >= 0.0 and shown.max() <= 1.0
    assert shown[-1] == hand.exact and not hand.playout.moving.size


frames = st.lists(st.tuples(st.floats(0.0, 0.4), st.floats(-0.3, 1.5), st.floats(0.0, 0.3)), max_size=60)


@given(frames)
def test_the_time_that_is_shown_never_goes_back_and_never_leaps(made: list[tuple[float, float, float]]) -> None:
    lag, now, then = Lag(), 1000.0, None
    for passed, late, gap in made:
        lag.hear(now, late, gap)
        for _ in range(1 + int(passed / TICK)):
            now += TICK
            at = now - lag.advance(now, moving=then is not None)
            if then is not None:
                assert (1 - RATE) * TICK - FLOAT <= at - then <= (1 + RATE) * TICK + FLOAT
            then = at


def test_the_delay_is_what_nearly_all_frames_need_and_one_more_sample() -> None:
    lag = Lag()
    for n in range(200):
        lag.hear(1000.0 + n / 30, 0.07 + 0.001 * (n % 100), 1 / 30)
    assert lag.advance(1006.7, moving=False) == pytest.approx(0.07 + 0.094 + 1 / 30, abs=0.002)


def test_a_calm_line_has_fifty_milliseconds_above_its_floor_and_a_wild_one_three_hundred() -> None:
    calm, wild = Lag(), Lag()
    for n in range(200):
        calm.hear(1000.0 + n / 60, 0.07, 1 / 60)
        wild.hear(1000.0 + n / 60, 0.07 + n % 2, 1 / 60)
    assert calm.advance(1003.4, moving=False) == pytest.approx(0.07 + 0.05)
    assert wild.advance(1003.4, moving=False) == pytest.approx(0.07 + MOST)


def test_a_lag_and_a_playout_go_on_from_what_a_take_has_of_them() -> None:
    hand = Hand(rest=0.0)
    for n in range(30):
        hand.made(n / 30, math.sin(n / 9) ** 2)
    hand.until(0.6)
    again = Hand(rest=0.0)
    again.playout.restore(hand.playout.packed())
    again.now, again.exact, again.way = hand.now, hand.exact, list(hand.way)
    assert again.until(1.0) == hand.until(1.0)
    lag, other = Lag(), Lag()
    for n in range(50):
        lag.hear(1000.0 + n, 0.07 + n / 1000, 0.02)
        lag.advance(1000.0 + n, moving=True)
    other.restore(lag.packed())
    assert other.advance(1050.2, moving=True) == lag.advance(1050.2, moving=True)
