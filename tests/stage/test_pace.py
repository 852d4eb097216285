"""Frames stay on the grid they began on."""

from __future__ import annotations

from installation.clock import HeldClock
from installation.stage.pace import Figures, Latch, Pace, Synced
from installation.stage.surface import placed


def test_each_wait_ends_on_the_grid() -> None:
    clock = HeldClock(now=100.0)
    pace = Pace(clock, rate=50.0, spin=0.0)
    assert [round(pace.wait() - 100.0, 6) for _ in range(4)] == [0.0, 0.02, 0.04, 0.06]


def test_after_a_miss_the_grid_is_the_same_and_the_skipped_are_counted() -> None:
    clock = HeldClock(now=100.0)
    pace = Pace(clock, rate=50.0, spin=0.0)
    pace.wait()
    clock.advance(0.053)
    assert round(pace.wait() - 100.0, 6) == 0.06
    assert pace.skipped == 2
    assert round(pace.wait() - 100.0, 6) == 0.08


def test_a_frame_is_late_from_one_and_a_half_periods_on() -> None:
    figures = Figures(0.02)
    for at in (0.0, 0.02, 0.04, 0.071, 0.10):
        figures.add(at, 0.001)
    told = figures.told()
    assert (told["frames"], told["late"], told["max"]) == (5, 1, 31.0)
    assert abs(told["p50"] - 20.0) < 0.1 and abs(told["drawn_ms"] - 1.0) < 0.1


def test_fit_shows_all_of_the_picture_and_fill_leaves_no_edge() -> None:
    assert placed((16, 9), (100, 100), "fit") == (0, 22, 100, 56)
    assert placed((16, 9), (90, 90), "fill") == (-35, 0, 160, 90)


def test_with_a_lead_the_wait_ends_before_the_instant_and_never_past_it() -> None:
    clock = HeldClock(now=100.0)
    pace = Pace(clock, rate=50.0, spin=0.0)
    pace.wait()
    assert round(pace.wait(0.006) - 100.0, 6) == 0.02 and round(clock.now() - 100.0, 6) == 0.014
    clock.advance(0.003)
    assert round(pace.wait(0.006) - 100.0, 6) == 0.04 and pace.skipped == 0
    clock.advance(0.022)
    assert round(pace.wait(0.006) - 100.0, 6) == 0.08 and pace.skipped == 1


def test_values_are_taken_as_late_as_the_dearest_of_the_last_frames_allows() -> None:
    latch = Latch(0.02, margin=0.001)
    assert round(latch.lead, 6) == 0.018
    for n in range(64):
        latch.add(0.004 if n == 10 else 0.002)
    assert round(latch.lead, 6) == 0.005
    for _ in range(64):
        latch.add(0.002)
    assert round(latch.lead, 6) == 0.003


def test_a_display_that_holds_flips_back_is_followed_and_one_that_does_not_is_paced() -> None:
    holds, runs = Synced(0.02, True), Synced(0.02, True)
    for n in range(20):
        holds.flipped(n * 0.0201)
        runs.flipped(n * 0.004)
    assert holds.yes and not runs.yes
    assert not Synced(0.02, False).yes
