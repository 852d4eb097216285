"""One window's process: `python -m installation.stage --window NAME --feed ADDR --report ADDR …`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zmq

from installation import home
from installation.clock import RealClock
from installation.feed import FeedReader, Report
from installation.library import Library
from installation.library import library as project
from installation.score.layout import Layout
from installation.score.scene import Scene, Source, laid_out
from installation.stage.cards import NAMES
from installation.stage.context import NoGL, driver
from installation.stage.frame import Stage
from installation.stage.guard.admitted import Admitted
from installation.stage.guard.taster import Taster
from installation.stage.heart import Gone, Heart
from installation.stage.kept import Kept
from installation.stage.pace import Latch, Pace, Synced
from installation.stage.pixels import Preview
from installation.stage.window import Headless, Shown, Window

FIRST_WORD = 0.3
"""Seconds to wait for control before the first picture is drawn without it."""


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m installation.stage",
        epilog="example: python -m installation.stage --window main --scene tide --size 1280x720 --seconds 10",
    )
    add = parser.add_argument
    add("--window", default="main", help="the window's name in the rig")
    add("--feed", default="", help="where control publishes the values")
    add("--report", default="", help="where control listens")
    add("--scene", default="", help="drawn at its defaults until control speaks")
    add("--peer", action="append", default=[], help="a peer's name, in the rig's order")
    add("--project", default="", help="a folder with scenes/, before the current folder and the package")
    add("--library", action="append", default=[], help="further folders with scenes/ and shaders/")
    add("--size", type=_size, default=(1280, 720), help="of the window in pixels, as 1280x720")
    add("--picture", type=_size, default=None, help="of the picture, where it is not the window's")
    add("--headless", action="store_true", help="without a window")
    add("--fit", dest="how", action="store_const", const="fit", default="fill", help="show all of the picture")
    add("--fill", dest="how", action="store_const", const="fill", help="leave no edge")
    add("--fullscreen", action="store_true")
    add("--monitor", type=int, default=0)
    add("--position", type=_place, default=None, help="of the window on the desktop, as 100,50")
    add("--title", default="")
    add("--rate", type=float, default=60.0, help="frames a second")
    add("--no-flash-guard", dest="flash_guard", action="store_false", help="let flashes through")
    add("--latch", action="store_true", help="take the values as late as the frame's cost allows")
    add("--seconds", type=float, default=0.0, help="end after so long")
    add("--preview", default="", help="the name of a shared memory for a small picture")
    add("--heartbeat", type=int, default=None, help="the supervisor's pipe")
    add("--avoid", default="", help="the digest of a scene that is not to be loaded")
    return parser.parse_args(arguments)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    size = int(width), int(height)
    if not (1 <= size[0] <= 16384 and 1 <= size[1] <= 16384):
        raise argparse.ArgumentTypeError(text)
    return size


def _place(text: str) -> tuple[int, int]:
    x, _, y = text.partition(",")
    return int(x), int(y)


def opened(options: argparse.Namespace) -> Shown:
    """The window. Raises NoGL."""
    if options.headless:
        return Headless(options.size)
    title = options.title or options.window
    return Window(title, options.size, options.fullscreen, options.monitor, options.position)


class Silence:
    """A feed and a report with nobody at their other end."""

    def newest(self) -> None:
        return None

    def wait(self, seconds: float) -> bool:
        return False

    def send(self, kind: str, **body: Any) -> None:
        if kind == "problem":
            for one in body["problems"]:
                told = one["en"]
                print(
                    f"{told['file']}:{told['line']}: {told['found']}; {told['expected']}; {told['remedy']}",
                    file=sys.stderr,
                )

    def close(self) -> None:
        pass


def cards(library: Library) -> dict[str, Source]:
    """The texts of the engine's own shaders; one that is missing is drawn black."""
    found = {name: library.shader(f"engine/{name}.fs") for name in NAMES}
    return {name: source for name, source in found.items() if source is not None}


def loader(library: Library) -> Callable[[str, tuple[str, ...]], tuple[Scene, Layout]]:
    """From a scene's name to the scene and where its values stand."""

    def load(name: str, peers: tuple[str, ...]) -> tuple[Scene, Layout]:
        scene = library.scene(name)
        return scene, laid_out(scene, peers)

    return load


def latched(stage: Stage, pace: Pace, latch: Latch) -> None:
    """One frame that takes its values as late as it may and is shown on the grid's instant."""
    instant = pace.wait(latch.lead)

    def hold(begun: float) -> None:
        stage.window.context.finish()
        latch.add(stage.clock.now() - begun)
        pace.until(instant)

    stage.hold = hold
    stage.frame()


def run(options: argparse.Namespace) -> int:
    """Draws until it is ended."""
    ended: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: ended.append(number))
    library = Library([*map(Path, options.library), *project(options.project or None).roots])
    context: zmq.Context[Any] = zmq.Context()
    feed = FeedReader(context, options.feed) if options.feed else Silence()
    report = Report(context, options.report, options.window) if options.report else Silence()
    clock = RealClock()
    window, taster = opened(options), Taster(clock, Admitted(home.home() / "admitted"))
    taster.admitted.of(driver(window.context))
    stage = Stage(
        window, feed, report, clock, loader(library), cards(library), options.window, options.picture,
        options.how, options.rate, Heart(options.heartbeat), Preview(options.preview) if options.preview else None,
        options.avoid, Kept(f"{options.preview}-kept", options.size) if options.preview else None, taster,
        options.flash_guard,
    )  # fmt: skip
    synced = Synced(1.0 / options.rate, stage.window.synced)
    pace, latch = Pace(clock, options.rate), Latch(1.0 / options.rate)
    begun = clock.now()
    try:
        if not stage.recall() and not feed.wait(FIRST_WORD) and options.scene:
            stage.begin(options.scene, tuple(options.peer))
        stage.frame()
        stage.heart.say("ready")
        taster.start()
        while not ended and not stage.window.closed:
            if synced.yes:
                stage.frame()
                synced.flipped(clock.now())
            elif options.latch:
                latched(stage, pace, latch)
            else:
                pace.wait()
                stage.frame()
            if options.seconds and clock.now() - begun >= options.seconds:
                break
    except Gone:
        return 0
    finally:
        stage.close()
        feed.close()
        report.close()
        context.term()
    return 0


def main() -> int:
    """The process's exit status; without GL it is 3, and the package to install is named."""
    try:
        return run(parsed(sys.argv[1:]))
    except NoGL as stop:
        print("; ".join(stop.told("fr" if os.environ.get("LANG", "").startswith("fr") else "en")), file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
