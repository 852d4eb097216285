"""`render`: pictures and films without a screen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from installation import library
from installation.score.problem import Fault, Problem, Row, Say
from installation.speech import Lack, Misuse, show_json, size, tell
from installation.stage import offline
from installation.stage.offline import Job, Lacking

HD = (1280, 720)

BOTH = Say("--time and --seconds exclude each other", "--time et --seconds s'excluent")
ONE_OUT = Say(
    "--out names one file, but {count} are to be drawn; use --out-dir",
    "--out nomme un fichier pour {count} dessins ; utilisez --out-dir",
)
NOT_A_PAIR = Say('--set takes NAME=VALUE, not "{found}"', "--set prend NOM=VALEUR, pas « {found} »")
BAD_FPS = Say("--fps takes a number from 1 to 1000, not {found}", "--fps prend un nombre de 1 à 1000, pas {found}")
CANNOT_WRITE = Row(
    en=("cannot be written: {reason}", "a folder this user may write to, with room", "choose another --out"),
    fr=("ne peut être écrit : {reason}", "un dossier ouvert en écriture, et de la place", "choisissez un autre --out"),
)  # fmt: skip


def render(given: argparse.Namespace) -> int:
    """Draws each WHAT in turn; one that fails does not stop the rest."""
    jobs = planned(given)
    lib = library.library(given.project)
    rendered: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    try:
        for result in offline.render(jobs, lib.scene):
            if result.problems:
                failed += [_failure(result.what, problem, given.lang) for problem in result.problems]
                for problem in result.problems:
                    tell(problem.told(given.lang))
            else:
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
    except Lacking as lacking:
        raise Lack(Say("; ".join(lacking.row.en), " ; ".join(lacking.row.fr)), **lacking.words) from None
    if given.json:
        show_json({"rendered": rendered, "failed": failed})
    return 1 if failed else 0


def _failure(what: str, problem: Problem, spoken: str) -> dict[str, Any]:
    told = problem.told(spoken)
    return {"what": what, "line": told.line, "error": told.sentence(), "file": told.file}


def planned(given: argparse.Namespace) -> list[Job]:
    """One job for each WHAT. Raises Misuse, or Fault when the folder cannot be made."""
    if given.time is not None and given.seconds is not None:
        raise Misuse(BOTH)
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
            values=values,
            images=images,
        )
        for what, out in zip(given.what, _outs(given), strict=True)
    ]


def _outs(given: argparse.Namespace) -> list[Path]:
    """Where each picture goes: named after its file, made unique where two share a name."""
    ending = ".mp4" if given.seconds is not None else ".png"
    if given.out:
        out = Path(given.out)
        _make(out.parent)
        return [out if out.suffix else out.with_suffix(ending)]
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
