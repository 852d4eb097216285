"""Sensors and visitors who are not there: the same for the same seed and time, and lifelike enough."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.driver import Event, Trouble
from hardware.simulated import MOST_STEPS, SHAPES, Grid, SimulatedInput, smooth_noise
from hardware.visitors import Visitors

MIDNIGHT = 1_800_000_000.0 - 1_800_000_000.0 % 86400


def still() -> float:
    return 100.0


def run(device: Grid, seconds: float, every: float = 0.05, limit: int = 1000) -> list[Event]:
    """Polls at that interval, then until nothing is left."""
    events: list[Event] = []
    for number in range(1, int(seconds / every) + 1):
        events += device.poll(100.0 + number * every, limit)
    while device._pending or device._due() <= 100.0 + seconds:
        events += device.poll(100.0 + seconds, limit)
    return events


@pytest.mark.parametrize("make", [lambda: Visitors(clock=still, seed=7), lambda: SimulatedInput("noise", clock=still)])
@settings(max_examples=10)
@given(every=st.floats(0.01, 5.0), limit=st.integers(1, 50))
def test_events_do_not_depend_on_how_often_they_are_polled(make: Callable[[], Grid], every: float, limit: int) -> None:
    assert run(make(), 20.0, every, limit) == run(make(), 20.0)


def test_another_seed_is_another_day() -> None:
    assert run(Visitors(clock=still, seed=1), 20.0) != run(Visitors(clock=still, seed=2), 20.0)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_stays_between_low_and_high_and_moves(shape: str) -> None:
    values = [event.value[0] for event in run(SimulatedInput(shape, low=2.0, high=3.0, period=1.0, clock=still), 5.0)]
    assert 2.0 <= min(values) < max(values) <= 3.0


def test_a_simulated_sensor_speaks_at_its_address_at_its_rate() -> None:
    events = run(SimulatedInput(rate=10.0, address="/knob", clock=still), 2.0)
    assert {event.address for event in events} == {"/knob"}
    assert [event.time for event in events] == pytest.approx([100.0 + number / 10.0 for number in range(21)])


def test_noise_does_not_jump() -> None:
    heights = [smooth_noise(3, number / 100.0) for number in range(1000)]
    assert max(abs(after - before) for before, after in pairwise(heights)) < 0.02


def test_a_poll_after_a_long_sleep_works_a_bounded_number_of_steps() -> None:
    device = Visitors(clock=still)
    device.poll(100.0 + 3600.0, 100_000)
    assert device._steps == MOST_STEPS


def values(events: list[Event], address: str) -> list[float]:
    return [event.value[0] for event in events if event.address == address]


@pytest.fixture(scope="module")
def afternoon() -> list[Event]:
    return run(Visitors(clock=still, seed=5), 1200.0)


def test_visitors_come_and_go(afternoon: list[Event]) -> None:
    counts = values(afternoon, "/floor/count")
    assert min(counts) <= 2 < max(counts) <= 6
    assert all(abs(after - before) <= 2 for before, after in pairwise(counts))


def test_visitors_stay_on_the_floor_and_come_near(afternoon: list[Event]) -> None:
    distances = values(afternoon, "/floor/distance")
    assert 0.0 < min(distances) < 0.6 and max(distances) <= 4.0
    assert all(0.0 <= one <= 1.0 for axis in "xy" for one in values(afternoon, f"/floor/{axis}"))


def test_visitors_touch_the_wall_now_and_then(afternoon: list[Event]) -> None:
    touches = [event for event in afternoon if event.address == "/floor/touch"]
    assert 20 < len(touches) < 1000 and all(0.0 <= part <= 1.0 for event in touches for part in event.value)


def test_visitors_are_lively_and_rest(afternoon: list[Event]) -> None:
    energies = values(afternoon, "/floor/energy")
    assert 0.0 <= min(energies) < 0.1 and 0.4 < max(energies) <= 1.0


def test_nobody_arrives_in_an_hour_marked_nought() -> None:
    closed = Visitors(hours="0" * 24, already=0, clock=still, wall=lambda: MIDNIGHT)
    assert values(run(closed, 600.0), "/floor/count") == [0]


@pytest.mark.parametrize("hours", ["9", "x" * 24, "٣" * 24])
def test_hours_that_are_not_24_digits_are_told(hours: str) -> None:
    with pytest.raises(Trouble, match="24 digits"):
        Visitors(hours=hours)
