"""`demo`: both cities on this machine, over a simulated ocean, with visitors who are not there."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import Any

import msgspec
import zmq

from installation import assembly, library, speech
from installation.clock import RealClock
from installation.feed import Desk, FeedReader
from installation.score.ocean import Ocean
from installation.score.problem import Fault, Problem, Row, Say, hint, one_of
from installation.speech import Lack, Misuse, show_json, size, tell, until_told
from installation.verbs.cities import osc_port, prepare
from installation.verbs.picture import CANNOT_WRITE, writable

SECONDS = 20.0
"""How long the demo runs where nobody could end it: neither a terminal nor a display."""
LIVE, FILM = (640, 360), 30.0
MEMORY = 10.0
"""Seconds before a picture's moment that are kept for scenes that draw from their own frames."""
CUES = ("storm", "calm")
CUE_EVERY = 8.0

NO_OCEAN = Say('no ocean "{found}"; {known}; {hint}', "océan « {found} » inconnu ; {known} ; {hint}")
WELCOME = Say(
    "Paris and San Francisco, over {ocean}; Ctrl-C ends all",
    "Paris et San Francisco, par l'océan « {ocean} » ; Ctrl-C arrête tout",
)
DRAWING = Say("drawing {out}", "rendu de {out}")
DESKS = Say(
    "OSC to Paris: UDP {paris}; to San Francisco: UDP {san_francisco}; `jumelage set /scene/level 0.9 --site paris`",
    "OSC vers Paris : UDP {paris} ; San Francisco : UDP {san_francisco} ; `jumelage set /scene/level 0.9 --site paris`",
)
NOT_PICTURED = Row(
    en=("{out} is neither a picture nor a film", "a name in .png or .mp4", "rename it"),
    fr=("{out} n'est ni une image ni un film", "un nom en .png ou .mp4", "renommez-le"),
)  # fmt: skip


def demo(given: argparse.Namespace) -> int:
    """Runs both cities until their time is over, then says how it went."""
    if given.out and Path(given.out).suffix not in (".png", ".mp4"):
        raise Fault([Problem("", 0, NOT_PICTURED, {"out": given.out})])
    if given.out:
        writable(Path(given.out))
    size(given.size, LIVE)
    lib = library.library(given.project)
    known_ocean(lib, given.ocean)
    scene = given.scene or "tide"
    lib.scene(scene)
    headless = given.headless or not assembly.has_display()
    seconds = speech.seconds("--seconds", given.seconds)
    if seconds is None and headless and not sys.stdout.isatty():
        seconds = SECONDS
    folder = Path(tempfile.mkdtemp(prefix="jumelage-demo-"))
    try:
        return _run(given, folder, scene, headless, seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def known_ocean(lib: library.Library, name: str) -> Ocean:
    """The ocean that `--ocean` names. Raises Misuse for a name that none has, Fault for a file that is wrong."""
    known = dict(lib.oceans())
    if name not in known and not Path(name).is_file():
        raise Misuse(NO_OCEAN, found=name, known=one_of(known), hint=hint(name, known))
    return lib.ocean(name)


def _run(given: argparse.Namespace, folder: Path, scene: str, headless: bool, seconds: float | None) -> int:
    pixels = size(given.size, LIVE)
    plans, ocean = prepare(folder, given, scene, pixels, headless)
    notices: list[str] = []
    running = assembly.Running(plans, [ocean], log=lambda notice: notices.append(notice.told(given.lang)))
    ended = threading.Event()
    until_told(ended.set)
    context = zmq.Context()
    camera = Camera(context, plans, given.out)
    running.start()
    tell(WELCOME.told(given.lang, ocean=given.ocean))
    tell(DESKS.told(given.lang, paris=osc_port(plans[0]), san_francisco=osc_port(plans[1])))
    try:
        final = _watch(given, context, plans, camera, ended, seconds, notices)
        for plan in plans:
            final["sites"].setdefault(plan.rig.name, {})["restarts"] = running.restarts(plan)
    finally:
        running.stop()
        camera.close()
        context.destroy(linger=0)
    if given.out:
        tell(DRAWING.told(given.lang, out=given.out))
        camera.develop(given, pixels)
    if given.json:
        show_json(final)
    else:
        _say_end(final, given.lang)
    return 0


class Camera:
    """Keeps what both cities were shown, so that it can be drawn side by side when they have closed.

    The picture is a function of the values and the time: rows of numbers are kept, not pixels, and the film is drawn
    afterwards at its full size without having cost the show a frame.
    """

    def __init__(self, context: Any, plans: list[assembly.Plan], out: str | None) -> None:
        self.plans, self.out = plans, out
        self.readers = [FeedReader(context, assembly.doors(plan).feed) for plan in plans] if out else []
        kept = int(MEMORY * FILM) if out and out.endswith(".png") else None
        self.rows: list[deque[Any]] = [deque(maxlen=kept) for _ in self.readers]

    def look(self) -> None:
        """Takes what is shown now; for a picture only the last seconds matter."""
        for reader, rows in zip(self.readers, self.rows, strict=True):
            values = reader.newest()
            if values is not None:
                rows.append(values)

    def develop(self, given: argparse.Namespace, pixels: tuple[int, int]) -> None:
        """Writes the picture or the film."""
        from installation.stage.context import NoGL
        from installation.stage.film import side_by_side
        from installation.stage.pixels import NoVideo

        lib = library.library(given.project)
        if not all(self.rows):
            return
        try:
            side_by_side(
                str(given.out),
                [list(rows) for rows in self.rows],
                lib.scene,
                pixels if given.size else (960, 540),
                FILM,
            )
        except (NoGL, NoVideo) as lack:
            raise Lack(Say("; ".join(lack.row.en), " ; ".join(lack.row.fr)), **getattr(lack, "words", {})) from None
        except OSError as error:
            raise Fault([Problem(str(given.out), 0, CANNOT_WRITE, {"reason": error.strerror or error})]) from None

    def close(self) -> None:
        for reader in self.readers:
            reader.close()


class Desks:
    """Both cities' desks, asked in turn."""

    def __init__(self, context: Any, plans: list[assembly.Plan]) -> None:
        self.context, self.plans = context, plans

    def ask(self, plan: assembly.Plan, do: str, **body: Any) -> dict[str, Any]:
        """One answer; an empty one while the city wakes."""
        desk = Desk(self.context, assembly.doors(plan).desk, seconds=0.4)
        try:
            return desk.ask(do, **body)
        except (TimeoutError, msgspec.DecodeError):
            return {}
        finally:
            desk.close()


def _watch(
    given: argparse.Namespace,
    context: Any,
    plans: list[assembly.Plan],
    camera: Camera,
    ended: threading.Event,
    seconds: float | None,
    notices: list[str],
) -> dict[str, Any]:
    """Shows both cities until the end; gives the last of what they said."""
    clock, desks = RealClock(), Desks(context, plans)
    found: list[dict[str, Any]] = [{} for _ in plans]
    begun = clock.now()
    polled, cue, cues = begun, begun + CUE_EVERY, 0
    with _live(given) as live:
        while not ended.wait(1.0 / FILM) and (seconds is None or clock.now() - begun < seconds):
            camera.look()
            now = clock.now()
            if now >= polled:
                polled = now + 0.25
                found = [desks.ask(plan, "status") or old for plan, old in zip(plans, found, strict=True)]
                live(found, notices)
            if now >= cue:
                desks.ask(plans[cues % 2], "go", cue=CUES[cues % 2])
                cue, cues = now + CUE_EVERY, cues + 1
    found = [desks.ask(plan, "status") or old for plan, old in zip(plans, found, strict=True)]
    return summed(plans, found)


@contextlib.contextmanager
def _live(given: argparse.Namespace) -> Any:
    """A function that shows both cities: live in a terminal, not at all elsewhere."""
    if given.json or not sys.stdout.isatty():
        yield lambda found, notices: None
        return
    from rich.columns import Columns
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

    from installation.verbs.panel import site_panel

    with Live(console=Console(), refresh_per_second=4, transient=False) as live:

        def show(found: list[dict[str, Any]], notices: list[str]) -> None:
            last = Text("\n".join(line for line in notices[-3:]), style="dim")
            live.update(Group(Columns([site_panel(one, given.lang) for one in found]), last))

        yield show


def summed(plans: list[assembly.Plan], found: list[dict[str, Any]]) -> dict[str, Any]:
    """Both cities' last words as one, as contract.md has it. `link` is each site's own view of its line."""
    total: dict[str, Any] = {"sites": {}, "link": {}, "diverged": 0, "journal": {"written": 0, "applied": 0, "lost": 0}}
    for plan, one in zip(plans, found, strict=True):
        total["sites"] |= one.get("sites", {})
        for line in one.get("link", {}).values():
            total["link"][plan.rig.name] = line
        total["diverged"] += one.get("diverged", 0)
        for key in total["journal"]:
            total["journal"][key] += one.get("journal", {}).get(key, 0)
    total["company"] = {plan.rig.name: one.get("company", "") for plan, one in zip(plans, found, strict=True)}
    return total


def _say_end(final: dict[str, Any], spoken: str) -> None:
    end = Say(
        "{name}: {fps:.1f} fps, {events} events, {restarts} restarts, line {line}",
        "{name} : {fps:.1f} i/s, {events} événements, {restarts} redémarrages, ligne {line}",
    )
    for name, site in final["sites"].items():
        line = final["link"].get(name, {})
        word = f"{line['rtt_ms']:.0f} ms" if line.get("connected") else "–"
        print(
            end.told(
                spoken,
                name=name,
                fps=site.get("fps", 0.0),
                events=site.get("events", 0),
                restarts=site["restarts"],
                line=word,
            )
        )
