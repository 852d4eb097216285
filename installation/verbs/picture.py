"""`render`: pictures and films without a screen."""

from __future__ import annotations

import argparse
import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from installation import library
from installation.score.problem import Fault, Problem, Row, Say, Two
from installation.score.scene import Scene
from installation.speech import Lack, Misuse, seconds, show_json, size, tell
from installation.stage import offline
from installation.stage.offline import Job, Lacking
from installation.verbs.progress import followed

HD = (1280, 720)
FILMS = (".mp4", ".mkv", ".mov")

BOTH = Say("--time and --seconds exclude each other", "--time et --seconds s'excluent")
ONE_OUT = Say(
    "--out names one file, but {count} are to be drawn; use --out-dir",
    "--out nomme un seul fichier, pour {count} dessins ; utilisez --out-dir",
)
LONG_TIME = Say(
    "--time takes a number of seconds from 0 to {most:g}, not {found:g}",
    "--time prend un nombre de secondes de 0 à {most:g}, pas {found:g}",
)
DAY = 86400.0
NOT_THIS_FILE = Row(
    en=("{out} is no name for {what}", "a name in {known}", "rename it in --out"),
    fr=("{out} n'est pas un nom pour {what}", "un nom en {known}", "renommez-le dans --out"),
)
NOT_A_FILE = Two("a device or a pipe is there", "un périphérique ou un tube s'y trouve")
A_PICTURE, A_FILM = Two("a picture", "une image"), Two("a film", "un film")
NOT_A_PAIR = Say('--set takes NAME=VALUE, not "{found}"', "--set prend NOM=VALEUR, pas « {found} »")
BAD_FPS = Say("--fps takes a number from 1 to 1000, not {found}", "--fps prend un nombre de 1 à 1000, pas {found}")
CANNOT_WRITE = Row(
    en=("cannot be written: {reason}", "a folder this user may write to, with room", "choose another --out"),
    fr=("écriture impossible : {reason}", "un dossier ouvert en écriture, et de la place", "choisissez un autre --out"),
)  # fmt: skip


def render(given: argparse.Namespace) -> int:
    """Draws each WHAT in turn; one that fails does not stop the rest."""
    jobs = planned(given)
    lib = library.library(given.project)
    told: dict[str, list[Problem]] = {}
    if given.take:
        jobs = [taken(lib, job, given, told) for job in jobs]
    rendered: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    warned: list[dict[str, Any]] = []
    try:
        drawn = offline.render(jobs, lambda what: seeded(lib.scene(what), given.seed))
        for result in followed(drawn, len(jobs), given.lang):
            if result.problems:
                failed += [_failure(result.what, problem, given.lang) for problem in result.problems]
                for problem in result.problems:
                    tell(problem.told(given.lang))
            else:
                notes = (*told.get(result.what, ()), *result.warnings)
                rendered.append(
                    {
                        "what": result.what,
                        "out": result.out,
                        "ms": result.ms,
                        "passes": result.passes,
                        "constant": result.constant,
                    }
                )
                if not given.json:
                    print(result.out)
                warned += [_failure(result.what, problem, given.lang) for problem in notes]
                for problem in notes:
                    tell(problem.told(given.lang))
    except Lacking as lacking:
        raise lack(lacking) from None
    if given.json:
        show_json({"rendered": rendered, "failed": failed, "warnings": warned})
    return 1 if failed else 0


def taken(lib: library.Library, job: Job, given: argparse.Namespace, told: dict[str, list[Problem]]) -> Job:
    """The job with what the take moves in its scene; what is to be told of it goes to `told`.

    A scene that cannot be read is told when it is drawn. Raises Fault when there is no take.
    """
    from installation.verbs import redraw

    redraw.read(given.take)[1].close()
    try:
        scene = lib.scene(job.what)
    except Fault:
        return job
    found, told[job.what] = redraw.rows(given.take, scene, job.seconds or job.time)
    return replace(job, rows=found)


def lack(lacking: Lacking) -> Lack:
    """What this machine has not, as the verb's ending."""
    return Lack(Say("; ".join(lacking.row.en), " ; ".join(lacking.row.fr)), **lacking.words)


def seeded(scene: Scene, seed: int | None) -> Scene:
    """The scene, and every scene in it, with another seed; its own when none is given."""
    if seed is None:
        return scene
    layers = tuple(
        msgspec.structs.replace(layer, scene=seeded(layer.scene, seed)) if layer.scene else layer
        for layer in scene.layers
    )
    return msgspec.structs.replace(scene, seed=seed, layers=layers)


def _failure(what: str, problem: Problem, spoken: str) -> dict[str, Any]:
    told = problem.told(spoken)
    return {"what": what, "line": told.line, "error": told.sentence(), "file": told.file}


def planned(given: argparse.Namespace) -> list[Job]:
    """One job for each WHAT. Raises Misuse, or Fault when the folder cannot be made."""
    if given.time is not None and given.seconds is not None:
        raise Misuse(BOTH)
    seconds("--seconds", given.seconds, DAY)
    if given.time is not None and not 0 <= given.time <= DAY:
        raise Misuse(LONG_TIME, found=given.time, most=DAY)
    if not 1 <= given.fps <= 1000:
        raise Misuse(BAD_FPS, found=given.fps)
    if given.out and len(given.what) > 1:
        raise Misuse(ONE_OUT, count=len(given.what))
    pixels = size(given.size, HD)
    values = dict(_pair(text) for text in given.set)
    images = tuple(_image(text) for text in given.image)
    return [
        Job(
            what=what,
            out=str(out),
            size=pixels,
            time=given.time or 0.0,
            seconds=given.seconds or 0.0,
            fps=given.fps,
            values=_echoed(given, what) | values,
            images=images,
            flash_guard=given.flash_guard,
            company=given.company or "",
        )
        for what, out in zip(given.what, _outs(given), strict=True)
    ]


def _echoed(given: argparse.Namespace, what: str) -> dict[str, str]:
    """What `--company` echoes of the other city; a scene at fault is told when it is drawn."""
    if not given.company or given.take:
        return {}
    from installation.verbs import redraw

    try:
        scene = library.library(given.project).scene(what)
    except Fault:
        return {}
    return redraw.echoed(scene, given.company, given.time or 0.0)


def _outs(given: argparse.Namespace) -> list[Path]:
    """Where each picture goes: named after its file, made unique where two share a name."""
    ending = ".mp4" if given.seconds is not None else ".png"
    if given.out:
        out = Path(given.out)
        out = out if out.suffix or out.is_dir() else out.with_suffix(ending)
        known, what = (FILMS, A_FILM) if given.seconds is not None else ((".png",), A_PICTURE)
        if out.suffix.lower() not in known and not out.is_dir():
            raise Fault([Problem("", 0, NOT_THIS_FILE, {"out": given.out, "what": what, "known": ", ".join(known)})])
        _make(out.parent)
        writable(out)
        return [out]
    folder = Path(given.out_dir or ".")
    _make(folder)
    taken: set[str] = set()
    found = []
    for what in given.what:
        path = Path(what)
        stem = path.parent.name if path.name == "scene.toml" else path.stem
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        found.append(folder / f"{name}{ending}")
    return found


def writable(out: Path, grows: bool = False) -> None:
    """Sees before the work that its file can be written; one that `grows` may be a pipe. Raises Fault."""
    reason: str | None = None
    if os.path.isdir(out):
        reason = os.strerror(errno.EISDIR)
    elif os.path.exists(out) and not os.path.isfile(out) and not grows:
        reason = NOT_A_FILE  # /dev/null would be replaced by a picture
    elif not os.path.isdir(out.parent):
        reason = os.strerror(errno.ENOENT)
    elif not os.access(out.parent, os.W_OK):
        reason = os.strerror(errno.EACCES)
    if reason:
        raise Fault([Problem(str(out), 0, CANNOT_WRITE, {"reason": reason})])


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Fault([Problem(str(folder), 0, CANNOT_WRITE, {"reason": error.strerror})]) from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Misuse(NOT_A_PAIR, found=text)
    return name, value


def _image(text: str) -> tuple[str, str]:
    """`NAME=FILE` or `FILE`; a file whose own name has an = is taken as a file."""
    name, equals, path = text.partition("=")
    return (name, path) if equals and name.isidentifier() else ("", text)
