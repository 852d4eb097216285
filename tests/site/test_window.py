"""A running site with a real window under Xvfb: what a person does there reaches a parameter and a pixel."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.venue import RIG, Site, until

XVFB = shutil.which("Xvfb") or ""
XDOTOOL = shutil.which("xdotool") or ""
pytestmark = pytest.mark.skipif(
    not (XVFB and XDOTOOL), reason="no window was tested: apt-get install xvfb xdotool brings what is missing"
)
PATCHES = """
[[patch]]
from = "/window/main/mouse"
to = "where"
[[patch]]
from = "/window/main/key/space"
to = "drop"
"""
WINDOW = RIG + PATCHES
FULL = WINDOW.replace("size = [96, 54]", "full_screen = true\nmonitor = 0")
BLACK, GREY = (0, 0, 0, 255), (64, 64, 64, 255)


class Shown(Site):
    """A site whose window is on a display of its own."""

    headless = False

    def __init__(self, folder: Path, display: str, rig: str = WINDOW) -> None:
        super().__init__(folder, rig=rig)
        self.environment |= {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        self.environment.pop("WAYLAND_DISPLAY", None)

    def hand(self, *words: str) -> str:
        """What xdotool says to one of its commands."""
        return subprocess.run([XDOTOOL, *words], env=self.environment, capture_output=True, text=True).stdout

    def window(self) -> str:
        return str(until(lambda: self.hand("search", "--class", ".").split(), 5.0, "the window is there")[0])

    def extent(self) -> tuple[int, ...]:
        said = dict(
            line.split("=") for line in self.hand("getwindowgeometry", "--shell", self.window()).split() if "=" in line
        )
        return tuple(int(said[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def pressed(self, key: str) -> None:
        self.hand("windowfocus", "--sync", self.window())
        self.hand("key", key)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    read, write = os.pipe()
    command = [XVFB, "-displayfd", str(write), "-screen", "0", "640x360x24", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as said:
        number = said.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def shown(folder: Path, display: str) -> Iterator[Shown]:
    made = Shown(folder, display)
    made.start()
    yield made
    made.stop()


def test_the_mouse_and_a_key_of_the_window_move_a_parameter_and_a_pixel(shown):
    x, y, width, height = shown.extent()
    assert (width, height) == (96, 54)
    shown.hand("mousemove", str(x + width - 1), str(y))
    until(lambda: shown.value("/scene/where") == [1.0, 1.0], 5.0, "the upper right corner is 1, 1")
    until(lambda: shown.pixel(4) == (255, 255, 0, 255), 5.0)
    shown.hand("mousemove", str(x), str(y))
    until(lambda: shown.pixel(4) == (0, 255, 0, 255), 5.0)
    shown.pressed("space")
    until(lambda: shown.pixel(5) == GREY, 5.0, "the event fires once, at the press and not at the release")
    shown.pressed("space")
    until(lambda: shown.pixel(5) == (128, 128, 128, 255), 5.0)


def test_a_window_of_another_size_is_drawn_whole(shown):
    shown.osc("/scene/tint", 1.0, 0.0, 0.0, 1.0)
    shown.hand("windowsize", "--sync", shown.window(), "240", "120")
    until(lambda: shown.extent()[2:] == (240, 120), 5.0)
    frames = shown.status()["stages"]["main"]["frames"]
    until(lambda: shown.status()["stages"]["main"]["frames"] > frames + 10, 5.0)
    until(lambda: shown.pixel(3) == (255, 0, 0, 255) and shown.pixel(2) == BLACK, 5.0)
    x, y, *_ = shown.extent()
    shown.hand("mousemove", str(x + 239), str(y + 119))
    until(lambda: shown.value("/scene/where") == [1.0, 0.0], 5.0, "a place is a part of the window's new size")


def test_full_screen_fills_the_monitor_and_goes_on_drawing(folder, display):
    site = Shown(folder, display, FULL)
    site.start()
    try:
        assert site.extent() == (0, 0, 640, 360)
        site.osc("/scene/tint", 1.0, 0.0, 0.0, 1.0)
        until(lambda: site.pixel(3) == (255, 0, 0, 255), 5.0)
    finally:
        site.stop()


def test_the_veil_key_covers_the_picture_while_control_hangs(shown):
    shown.osc("/scene/amount", 1.0)
    until(lambda: shown.pixel(0) == (255, 255, 255, 255), 5.0)
    control = shown.pid("control")
    os.kill(control, signal.SIGSTOP)
    shown.pressed("F9")
    until(lambda: shown.pixel(0) not in ((255, 255, 255, 255), ()), 5.0, "the veil falls")
    until(lambda: shown.pid("control") not in (0, control), 10.0, "control is back")
    assert shown.pixel(0) != (255, 255, 255, 255)
    shown.pressed("F9")
    until(lambda: shown.pixel(0) == (255, 255, 255, 255), 10.0, "the veil lifts")
