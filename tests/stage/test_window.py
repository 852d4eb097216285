"""The real window under Xvfb, and the stage as the process that it is. Each has its own process: one context each."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq

from installation.feed import FeedWriter, ReportReader, Values
from installation.score.scene import Source, from_shader, laid_out
from installation.stage.layers import defaults
from installation.stage.pixels import previewed

ROOT = Path(__file__).resolve().parents[2]
XVFB, XDOTOOL = shutil.which("Xvfb"), shutil.which("xdotool")
PICTURE = """/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.4}]}*/
void main() { gl_FragColor = vec4(fract(gl_FragCoord.xy / 17.0), level * sin(isf_FragNormCoord.x * 9.0 + TIME), 1.0); }
"""
TURN = "".join(f"y = sin(y * {1.1 + n / 99:.3f} + float(i));" for n in range(128))
LEVEL = '/*{"INPUTS": [{"NAME": "level", "TYPE": "float"}]}*/'
ENDLESS = f"{LEVEL} void main() {{ float y = TIME; for (int i = 0; y < 9.0; i++) {{ {TURN} }} gl_FragColor.r = y; }}"
DRAWS = """
import hashlib, sys
from installation.score.scene import Source, from_shader, laid_out
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.pixels import rgba
from installation.stage.window import Headless, Window
text, headless = open(sys.argv[1]).read(), sys.argv[2] == "headless"
window = Headless((96, 54)) if headless else Window("test", (96, 54))
scene = from_shader("a", Source("a.fs", text))
layout = laid_out(scene, ())
layers = Layers(Tools(window.context), scene, layout, window.size)
for frame in range(3):
    window.happenings()
    layers.draw(window.frame, defaults(layout), Moment(0.25 * frame, 0.25, frame))
    picture = rgba(window.frame, window.size)
    window.flip()
print(window.size, picture[10, 10].tolist(), hashlib.sha256(picture.tobytes()).hexdigest())
"""


def until(true: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What `true` gives once it is true; fails when it has not been by then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = true()
        if found is not None and len(found):
            return found
        time.sleep(0.005)
    raise AssertionError(f"waited {seconds} s in vain")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    if XVFB is None:
        pytest.skip("Xvfb is missing, so no window was tested: apt-get install xvfb")
    read, write = os.pipe()
    command = [XVFB, "-displayfd", str(write), "-screen", "0", "640x480x24", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as said:  # to the end of the line: Xvfb dies of a pipe closed before it
        number = said.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


def environment(display: str = "") -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**clean, "PYTHONPATH": str(ROOT), **({"DISPLAY": display} if display else {})}


def test_a_window_and_no_window_give_the_same_bytes(display: str, tmp_path: Path) -> None:
    (tmp_path / "a.fs").write_text(PICTURE)
    told = [
        subprocess.run([sys.executable, "-c", DRAWS, str(tmp_path / "a.fs"), how], env=environment(where), text=True,
                       capture_output=True, check=True, timeout=30).stdout
        for how, where in (("headless", ""), ("window", display))
    ]  # fmt: skip
    assert told[0].startswith("(96, 54)") and told[0] == told[1]


def vivid(picture: np.ndarray | None) -> np.ndarray | None:
    """The picture, once it is the scene's and no longer the dark card before it."""
    return picture if picture is not None and np.ptp(picture[..., 0]) > 100 else None


class Site:
    """The doors of a site, and one stage's process."""

    def __init__(self, folder: Path, *options: str, display: str = "", shader: str = PICTURE) -> None:
        self.folder, self.shader = folder, shader
        (folder / "scenes").mkdir(exist_ok=True)
        (folder / "scenes" / "a.fs").write_text(shader)
        self.context: zmq.Context[Any] = zmq.Context()
        self.feed = FeedWriter(self.context, f"ipc://{folder}/feed")
        self.reports = ReportReader(self.context, f"ipc://{folder}/report")
        self.heard: list[dict[str, Any]] = []
        self.read, write = os.pipe()
        command = [sys.executable, "-m", "installation.stage", "--window", "main", "--feed", f"ipc://{folder}/feed",
                   "--report", f"ipc://{folder}/report", "--project", str(folder), "--size", "96x54",
                   "--heartbeat", str(write), *options]  # fmt: skip
        self.process = subprocess.Popen(command, env=environment(display), pass_fds=[write], cwd=folder)
        os.close(write)
        self.tick = 0

    def publish(self, level: float, shared: float = 10.0) -> None:
        source = Source(str(self.folder / "scenes" / "a.fs"), self.shader)
        layout = laid_out(from_shader("a", source), ("sf",))
        columns = defaults(layout)
        columns[layout.slots["/scene/level"].offset] = level
        words = {"scene": "a", "peers": ["sf"], "override": "", "company": "together"}
        self.tick += 1
        self.feed.publish(
            Values(layout.digest, self.tick, time.monotonic(), shared, 1.0, 0.0, columns, columns * 0.0, words)
        )

    def told(self, kind: str) -> list[dict[str, Any]]:
        self.heard += self.reports.received()
        return [body for body in self.heard if body["kind"] == kind]

    def close(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self.feed.close()
        self.reports.close()
        self.context.term()
        os.close(self.read)


def speaking(site: Site, kind: str) -> Callable[[], list[dict[str, Any]]]:
    """Publishes, then looks for a report."""

    def said() -> list[dict[str, Any]]:
        site.publish(0.7)
        return site.told(kind)

    return said


def test_the_process_draws_what_the_feed_says_reports_and_ends_at_a_word(tmp_path: Path) -> None:
    site = Site(tmp_path, "--headless", "--preview", f"jumelage-{os.getpid()}")
    try:
        scene = until(speaking(site, "scene"))[0]
        assert scene["scene"] == "a" and scene["window"] == "main"
        frame = until(speaking(site, "frame"))[-1]
        assert frame["frames"] > 0 and frame["rss_mb"] > 10
        assert until(lambda: vivid(previewed(f"jumelage-{os.getpid()}"))).shape == (90, 160, 4)
        beats = os.read(site.read, 4096).split(b"\n")
        assert b"ready" in beats and b"beat" in beats and any(line.startswith(b"scene ") for line in beats)
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(20) == 0
        assert previewed(f"jumelage-{os.getpid()}") is None
    finally:
        site.close()


def test_the_process_ends_when_its_supervisor_is_gone(tmp_path: Path) -> None:
    site = Site(tmp_path, "--headless", "--scene", "a")
    try:
        until(speaking(site, "frame"))
        os.close(site.read)
        assert site.process.wait(20) == 0
    finally:
        site.read = os.open(os.devnull, os.O_RDONLY)
        site.close()


def test_a_scene_to_be_avoided_is_not_shown_while_it_does_not_end(tmp_path: Path) -> None:
    digest = from_shader("a", Source("a.fs", ENDLESS)).digest
    site = Site(tmp_path, "--headless", "--scene", "a", "--avoid", digest, shader=ENDLESS)
    try:
        told = until(speaking(site, "problem"))[0]["problems"]
        assert told[0]["en"]["found"] == "the scene a has taken the stage down"
        assert "had not ended after 3 s" in told[1]["en"]["found"]
        assert not site.told("scene")
    finally:
        site.close()


def test_full_screen_opens_and_a_monitor_that_is_not_there_is_told(display: str, tmp_path: Path) -> None:
    site = Site(
        tmp_path, "--fullscreen", "--monitor", "7", "--preview", f"jumelage-full-{os.getpid()}", display=display
    )
    try:
        until(speaking(site, "frame"))
        assert until(lambda: previewed(f"jumelage-full-{os.getpid()}")).shape == (90, 160, 4)
        assert until(speaking(site, "frame"))[-1]["fps"] < 70
        assert until(speaking(site, "problem"))[0]["problems"][0]["en"]["found"] == "there is no monitor 7"
    finally:
        site.close()


@pytest.mark.skipif(XDOTOOL is None, reason="xdotool is missing, so no key was pressed: apt-get install xdotool")
def test_keys_and_mouse_become_events(display: str, tmp_path: Path) -> None:
    site = Site(tmp_path, display=display)
    try:
        until(speaking(site, "frame"))

        def pressed(*keys: str) -> Callable[[], list[dict[str, Any]]]:
            def said() -> list[dict[str, Any]]:
                subprocess.run([str(XDOTOOL), *keys], env=environment(display), check=False, capture_output=True)
                return [
                    e
                    for e in site.told("event")
                    if e["address"].startswith(f"/window/main/{keys[0].removesuffix('move')}")
                ]

            return said

        mouse = until(pressed("mousemove", "48", "27"))
        x, y = mouse[-1]["value"]
        assert 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0
        until(pressed("key", "F9"))
        assert "/window/main/key/f9" in {event["address"] for event in site.told("event")}
    finally:
        site.close()


def test_without_a_display_the_status_is_3_and_the_remedy_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "installation.stage", "--seconds", "1"]
    where = environment() | {"LANG": "C"}
    found = subprocess.run(command, env=where, capture_output=True, text=True, cwd=tmp_path, timeout=30)
    if found.returncode == 0:
        pytest.skip("SDL found a screen of its own here (KMS), so nothing was missing")
    assert found.returncode == 3
    assert "--headless" in found.stderr and "Traceback" not in found.stderr
