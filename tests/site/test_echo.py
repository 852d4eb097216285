"""Two running sites: the line is cut, and what the other city did is seen again; a restart has it still."""

from __future__ import annotations

import os
import signal

from tests.site.test_two_cities import SCENE, Pair
from tests.site.venue import until

ECHO = SCENE.replace("[cut]\n", '[cut]\nlevel_twin = { echo = "10s" }\n')


def moved(pair):
    """San Francisco's level goes to and fro for some seconds, and stays at a half. Paris sees it."""

    def at(wanted):
        pair.frisco.osc("/scene/level", wanted)
        until(lambda: abs((pair.paris.value("/twin/frisco/level") or 0.0) - wanted) < 1e-3, 20.0)

    def lived():
        return pair.paris.status()["sites"]["paris"]["seconds"]

    begin = lived()
    while lived() < begin + 4.0:
        at(0.9)
        at(0.1)
    at(0.5)


def seen_again(pair):
    def near(wanted):
        return lambda: abs((pair.paris.value("/twin/frisco/level") or 0.0) - wanted) < 0.1

    until(near(0.9), 60.0, "0.9 again")
    until(near(0.1), 60.0, "0.1 again")


def test_a_city_behind_a_cut_line_is_seen_as_it_was_and_again_after_a_restart(folder):
    pair = Pair(folder)
    (folder / "scenes" / "both" / "scene.toml").write_text(ECHO)
    try:
        pair.start()
        until(lambda: pair.paris.status()["company"] == "alone", 20.0)
        moved(pair)
        pair.ocean.send_signal(signal.SIGSTOP)
        until(lambda: pair.paris.status()["company"] == "cut", 20.0)
        seen_again(pair)
        until(lambda: list((folder / "home-paris").rglob("*.echo")), 20.0, "it is on the disk")
        before = pair.paris.pid("control")
        os.kill(before, signal.SIGKILL)
        until(lambda: pair.paris.pid("control") not in (0, before), 20.0)
        until(lambda: pair.paris.status().get("company") == "cut", 30.0)
        seen_again(pair)
        pair.ocean.send_signal(signal.SIGCONT)
        until(lambda: pair.paris.status()["company"] == "alone", 60.0, "the line is back")
        until(lambda: abs((pair.paris.value("/twin/frisco/level") or 0.0) - 0.5) < 1e-3, 20.0, "and what is, is seen")
    finally:
        pair.stop()
