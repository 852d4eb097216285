"""`python -m installation.control`: opens what the rig names and turns the tick. Started by the supervisor."""

from __future__ import annotations

import argparse
import contextlib
import functools
import hashlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import zmq

from installation import home, library
from installation.clock import RealClock
from installation.control import kept
from installation.control.devices import Devices
from installation.control.echo_keeping import Keeping
from installation.control.echo_take import shipped
from installation.control.health import Health
from installation.control.keyring import Keyring
from installation.control.letter_file import LetterFile
from installation.control.letters import Letters
from installation.control.line import deaf, linked
from installation.control.outputs import Outputs
from installation.control.reader import Loaded, Reader
from installation.control.site import Site
from installation.control.slate import Slate
from installation.control.tap import Tap
from installation.control.tick import RATE, Control, Parts
from installation.control.values import budgets, keys
from installation.feed import FeedWriter
from installation.score.problem import Fault, Problem, Row
from installation.score.rig import Rig
from installation.score.scene import from_shader
from installation.score.show import Show
from installation.speech import language
from installation.twin.journal import Journal
from installation.twin.link import Link
from installation.twin.mirror import Mirror
from installation.twin.problems import SITE_GONE

CARD = "engine/waiting.fs"
NO_ROOM = Row(
    en=("the state cannot be kept on disk: {found}", "room in {folder}", "free some; the show runs on, in memory only"),
    fr=(
        "l'état ne peut pas être gardé sur le disque : {found}",
        "de la place dans {folder}",
        "libérez-en ; le spectacle continue, en mémoire seulement",
    ),
)


NOT_READ = Row(
    en=(
        "what the site knew cannot be read: damaged, or of another version",
        "the state as this version writes it",
        "the show begins from its defaults; the file was put aside as {aside}",
    ),
    fr=(
        "ce que le site savait est illisible : abîmé, ou d'une autre version",
        "l'état tel que cette version l'écrit",
        "le spectacle part de ses valeurs par défaut ; le fichier est mis de côté : {aside}",
    ),
)


def heartbeat(number: int | None) -> Callable[[str], bool]:
    """A function that says a word to the supervisor; False when the supervisor is gone."""

    def say(word: str) -> bool:
        if number is None:
            return True
        try:
            os.write(number, f"{word}\n".encode())
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True

    if number is not None:
        os.set_blocking(number, False)
    return say


def told(log: logging.Logger, spoken: str) -> Callable[[Problem], None]:
    """Tells a problem in the log, once until another has been told a hundred times over."""
    seen: dict[str, int] = {}

    def tell(problem: Problem) -> None:
        text = str(problem.told(spoken))
        if text not in seen and len(seen) < 1000:
            log.warning("%s", text)
        seen[text] = seen.get(text, 0) + 1

    return tell


def first(reader: Reader, lib: library.Library, names: list[str]) -> Loaded:
    """The first of the named scenes that can be read, with the problems of those that cannot; else the house's card."""
    problems: tuple[Problem, ...] = ()
    for name in filter(None, names):
        found = reader.read(name)
        if found.scene is not None:
            reader.request(name)
            return found._replace(problems=problems)
        problems += found.problems
        reader.request(name)
    from installation.score.scene import laid_out

    card = lib.shader(CARD)
    assert card is not None
    scene = from_shader("card", card)
    return Loaded("", scene, laid_out(scene, reader.peers), problems)


def own_rig(lib: library.Library, name: str) -> tuple[Rig, tuple[Problem, ...]]:
    """The rig, and no problem; or, while its file is at fault, the last good one and what is wrong.

    A rig is edited while the house is open. Who starts a site is told of its faults; a control that a kill brings back
    must not wait for them to be mended. Raises Fault when there never was a good one.
    """
    mark = hashlib.blake2b(str(Path(name).resolve()).encode(), digest_size=8).hexdigest()
    copy = home.home() / "rigs" / f"{mark}.toml"
    try:
        rig = lib.rig(name)
    except Fault as fault:
        if not copy.exists():
            raise
        return msgspec.structs.replace(lib.rig(str(copy)), file=name), fault.problems
    with contextlib.suppress(OSError):
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(Path(rig.file).read_text(encoding="utf-8"), encoding="utf-8")
    return rig, ()


def opened(
    given: argparse.Namespace, context: Any, rig: Rig, spoilt: tuple[Problem, ...], doors: home.Doors
) -> Control:
    """Everything that control needs, made from the rig."""
    clock, lib = RealClock(), library.library(given.project)
    show = lib.show(given.show or rig.show) if given.show or rig.show else Show(title={}, scene="", cues={})
    tell = told(logging.getLogger("jumelage"), language())
    for problem in spoilt:
        tell(problem)
    folder = home.state_folder(rig.name)
    slate = Slate(folder / "slate")
    saved = kept.read(slate)
    reader = Reader(lib, tuple(peer.name for peer in rig.peers))
    loaded = first(reader, lib, [given.scene or "", "" if given.scene else saved.scene, show.scene, rig.scene])
    assert loaded.scene is not None
    epoch = int(clock.wall() * 1000)
    mirror = Mirror(rig.name, keys(loaded.scene, rig.values, show.music), epoch, saved.mirror or None, budgets(rig))
    if mirror.counted["damaged"]:
        slate.strange()
    if slate.trouble:
        tell(Problem(str(folder), 0, NO_ROOM, {"found": slate.trouble, "folder": folder}))
    if slate.aside:
        tell(Problem(str(folder / "slate"), 0, NOT_READ, {"aside": slate.aside}))
    for site in mirror.only([peer.name for peer in rig.peers]):
        tell(Problem(rig.file, 0, SITE_GONE, {"site": site}))
    journal = Journal(folder / "journal.sqlite", rig.name, mirror.epoch, [peer.name for peer in rig.peers])
    keep = home.keys_folder()
    lay: Callable[[], Link] | None = None
    try:
        link = linked(rig, mirror.epoch, clock, keep)
    except Fault as fault:
        for problem in fault.problems:
            tell(problem)
        link = deaf(rig, mirror.epoch, clock, keep)
        lay = functools.partial(linked, rig, mirror.epoch, clock, keep, link.shared)
    devices, outputs = Devices(rig, clock, tell), Outputs(rig, clock, tell)
    feed = FeedWriter(context, doors.feed)
    tap, health = Tap(context, doors.tap), Health(clock.now(), 1.0 / RATE, doors.folder)
    parts = Parts(rig, show, clock, devices, outputs, link, mirror, journal, reader, slate, feed, tap, health, tell)
    parts = parts._replace(letters=Letters(rig, journal, LetterFile(folder / "letters"), tell))
    control = Control(parts, loaded, saved)
    control.lay = lay
    if rig.peers:
        control.rekey = functools.partial(rekey, control, Keyring(rig, keep, link.pair.public, tell), keep)
    control.echo.open(Keeping(folder / "echo"), shipped)
    return control


def rekey(control: Control, keyring: Keyring, keep: Path) -> None:
    """Keys that were changed while the site runs; under a pair of its own that is new its line is laid anew."""
    if control.lay is not None or not keyring.look(control.link):
        return
    rig, clock, epoch, shared = control.parts.rig, control.clock, control.mirror.epoch, control.link.shared
    control.link.close()
    control.link = deaf(rig, epoch, clock, keep, shared)
    control.lay = functools.partial(linked, rig, epoch, clock, keep, shared)
    control.relink()


def main() -> int:
    """Runs one site's control until it is told to stop."""
    parser = argparse.ArgumentParser(prog="installation.control")
    parser.add_argument("--rig", required=True)
    parser.add_argument("--scene")
    parser.add_argument("--show")
    parser.add_argument("--project")
    parser.add_argument("--heartbeat", type=int)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    context = zmq.Context()
    beat = heartbeat(given.heartbeat)
    beat("compiling 5")
    try:
        rig, spoilt = own_rig(library.library(given.project), given.rig)
        doors = home.doors(rig.name)
        control = opened(given, context, rig, spoilt, doors)
    except Fault as fault:
        for problem in fault.problems:
            print(problem.told(language()), file=sys.stderr)
        return 1
    site = Site(control, context, doors, control.clock, beat)
    home.announce(doors, control.parts.rig.name, os.getpid())
    try:
        site.run()
    finally:
        home.withdraw(doors)
        with contextlib.suppress(Exception):
            site.close()
        context.destroy(linger=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
