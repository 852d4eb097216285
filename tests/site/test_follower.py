"""Two windows of one site: two processes on one feed, and one picture."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.site.venue import RIG, Site, until

TWO = RIG + "[window.side]\nsize = [96, 54]\n"
UNGUARDED = RIG + "flash_guard = false\n[window.side]\nsize = [96, 54]\nflash_guard = false\n"
"""The time is told by colours that flash: the guard would soften what is to be read."""
TELLS_TIME = """/*{"INPUTS": [{"NAME": "amount", "TYPE": "float", "MIN": 0, "MAX": 1, "DEFAULT": 0}]}*/
void main() {
    float ms = floor(mod(TIME, 60.0) * 1000.0);
    gl_FragColor = vec4(mod(ms, 256.0) / 255.0, floor(ms / 256.0) / 255.0, amount, 1.0);
}
"""
FRAME = 1.0 / 60.0


@pytest.fixture
def two(folder: Path) -> Iterator[Site]:
    made = Site(folder, rig=TWO).start()
    until(lambda: len(made.status()["stages"]) == 2 and made.on_the_wall(), 15.0, "both walls have their scene")
    yield made
    made.stop()


def alike(site: Site) -> bool:
    main, side = site.picture("main"), site.picture("side")
    return main is not None and side is not None and np.array_equal(main, side)


def test_two_windows_draw_the_same_picture_from_the_same_feed(two):
    for address, value in (("amount", 0.7), ("on", True), ("mode", 1), ("where", (0.2, 0.9))):
        two.osc(f"/scene/{address}", *(value if isinstance(value, tuple) else (value,)))
    two.osc("/scene/drop", 1)
    until(lambda: two.pixel(5) == (64, 64, 64, 255), 5.0, "the event has come")
    until(lambda: two.pixel(4) == (51, 230, 0, 255), 5.0)
    until(lambda: alike(two), 5.0, "both show all of it, byte for byte")


def test_when_one_dies_the_other_does_not_notice_and_it_comes_back_to_the_same_picture(two):
    two.osc("/scene/amount", 0.7)
    until(lambda: two.pixel(0)[:1] == (178,) and alike(two), 5.0)
    main, side = two.pid("main"), two.pid("side")
    late = two.status()["stages"]["main"]["frames"]
    os.kill(side, signal.SIGKILL)
    until(lambda: two.status()["stages"]["main"]["frames"] > late + 30, 5.0, "the other draws on")
    until(lambda: two.pid("side") not in (0, side), 10.0, "it is back")
    two.osc("/scene/on", True)
    until(lambda: two.pixel(1) == (255, 255, 255, 255) and alike(two), 10.0, "it shows the same again")
    assert two.pid("main") == main


def test_two_windows_show_the_same_time_to_within_a_frame(folder):
    site = Site(folder, rig=UNGUARDED, shader=TELLS_TIME).start()
    ahead: dict[str, deque[float]] = {"main": deque(maxlen=8), "side": deque(maxlen=8)}
    last: dict[str, float] = {}
    first: list[float] = []

    def agree() -> bool:
        """How far each window's time is ahead of our clock. A picture is always seen late, on a busy machine very late,
        never early: so of the last eight pictures the one seen soonest is the nearest to the truth."""
        for window, found in ahead.items():
            picture, now = site.picture(window), time.monotonic()
            shown = -1.0 if picture is None else (int(picture[0, 0, 0]) + 256 * int(picture[0, 0, 1])) / 1000.0
            if shown >= 0.0 and shown != last.get(window):
                last[window] = shown
                first[:] = first or [shown - now]
                found.append((shown - now - first[0] + 30.0) % 60.0 - 30.0)  # what is told begins anew each minute
        full = all(len(found) == found.maxlen for found in ahead.values())
        return full and abs(max(ahead["main"]) - max(ahead["side"])) < FRAME

    try:
        until(lambda: len(site.status()["stages"]) == 2, 15.0)
        until(agree, 40.0, "the two times agree to within a frame")
    finally:
        site.stop()
