"""`week`: what a scene shows through a week of two cities, in seconds, as a page of pictures."""

from __future__ import annotations

import argparse
import datetime
import tempfile
import time
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from installation import library
from installation.control import week as control
from installation.control.rehearsal import other_house
from installation.control.week import FRAMES, RATE, Moment, Week
from installation.library import Library
from installation.score.hours import date as dated
from installation.score.problem import Fault, Say
from installation.score.rig import Rig
from installation.score.scene import Scene
from installation.speech import Misuse, show_json, size, tell
from installation.stage import offline
from installation.stage.again import Rows
from installation.stage.offline import Job, Lacking
from installation.verbs.picture import lack, writable
from installation.verbs.progress import followed

SMALL = (160, 90)
DAYS = 7
LARGEST = 480
RIG = "paris"

DONE = Say("{out}: {count} pictures", "{out} : {count} images")
NO_PEER = Say(
    "{rig} has no other city; give a rig with a [peer.NAME]",
    "{rig} n'a pas d'autre ville ; donnez une régie avec [peer.NOM]",
)
NO_DATE = Say(
    "--from takes a day such as 2027-03-08, not {found}", "--from prend un jour comme 2027-03-08, pas {found}"
)
NO_STEP = Say("--hours takes 1, 2, 3, 4, 6, 8 or 12, not {found}", "--hours prend 1, 2, 3, 4, 6, 8 ou 12, pas {found}")
TOO_BIG = Say("--size takes a width of {most} at most", "--size prend une largeur de {most} au plus")


def week(given: argparse.Namespace) -> int:
    """Lives through the week, draws its pictures in a child, and lays them out. Raises Misuse, Fault, Lack."""
    pixels = size(given.size, SMALL)
    if pixels[0] > LARGEST or pixels[1] > LARGEST:
        raise Misuse(TOO_BIG, most=LARGEST)
    if given.hours < 1 or 24 % given.hours or given.hours > 12:
        raise Misuse(NO_STEP, found=given.hours)
    lib = library.library(given.project)
    scene, rigs = lib.scene(given.scene), list(_rigs(lib, given.rig or RIG))
    first = _first(given, rigs[0].calendar.zone)
    out = Path(given.out or f"{Path(scene.name).stem}-week.png")
    if given.out or not given.json:
        writable(out)
    lived = list(control.lived(scene, rigs, first, DAYS, given.hours, given.seed))[-1]
    told = _told(lived, rigs)
    drawn = given.out or not given.json
    if drawn:
        _drawn(scene, rigs, lived, out, pixels, given)
    if given.json:
        show_json({"scene": scene.name, "from": str(first), **told, **({"out": str(out)} if drawn else {})})
    else:
        print(DONE.told(given.lang, out=out, count=len(lived.moments)))
    return 0


def _rigs(lib: Library, name: str) -> Iterator[Rig]:
    """This house, and the others as their own rigs have them, or as this one knows them."""
    here = lib.rig(name)
    if not here.peers:
        raise Misuse(NO_PEER, rig=name)
    yield here
    for peer in here.peers:
        try:
            found = lib.rig(peer.name)
        except Fault:
            found = other_house(here, peer)
        yield found if any(one.name == here.name for one in found.peers) else other_house(here, peer)


def _first(given: argparse.Namespace, zone: str) -> datetime.date:
    """The day that was asked for, else the Monday of this week."""
    if given.from_:
        found = dated(given.from_)
        if found is None or not 1971 <= found.year <= 2200:
            raise Misuse(NO_DATE, found=given.from_)
        return found
    today = datetime.datetime.fromtimestamp(time.time(), zoneinfo.ZoneInfo(zone)).date()
    return today - datetime.timedelta(today.weekday())


def _told(lived: Week, rigs: list[Rig]) -> dict[str, object]:
    """Hours, for `--json`: of each state, and of these in which the house was open."""
    cities = {
        rig.name: {
            "city": rig.city,
            "time_zone": rig.calendar.zone,
            "open": round(sum(lived.hours(rig.name, True).values()), 3),
            "hours": {state: round(hours, 3) for state, hours in lived.hours(rig.name).items()},
            "open_hours": {state: round(hours, 3) for state, hours in lived.hours(rig.name, True).items()},
        }
        for rig in rigs
    }
    return {"cities": cities, "both_open": round(lived.both_open, 3), "pictures": len(lived.moments)}


def _drawn(
    scene: Scene, rigs: list[Rig], lived: Week, out: Path, pixels: tuple[int, int], given: argparse.Namespace
) -> None:
    """Draws each city's pictures, one job a city, then the page. Raises Fault."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = [_job(scene, rig, lived, Path(folder), pixels) for rig in rigs]
        try:
            made = list(followed(offline.render(jobs, lambda what: scene, patience=60.0), len(jobs), given.lang))
        except Lacking as stop:
            raise lack(stop) from None
        problems = [problem for one in made for problem in one.problems]
        if problems:
            raise Fault({str(one.told()): one for one in problems}.values())
        for problem in {str(note.told(given.lang)): note for one in made for note in one.warnings}.values():
            tell(problem.told(given.lang))
        # Only now: what has loaded the driver cannot fork the child that draws.
        from installation.stage.pixels import png
        from installation.stage.week import drawn
        from installation.verbs.week_page import page

        png(out, drawn(page(scene, rigs, lived, folder, given.lang), pixels))


def _job(scene: Scene, rig: Rig, lived: Week, folder: Path, pixels: tuple[int, int]) -> Job:
    """All pictures of one city: the frames of its moments, one after another."""
    moments = [one for one in lived.moments if one.site == rig.name]
    rows = _rows(moments, tuple(peer.name for peer in rig.peers))
    return Job(
        what=scene.name, out=str(folder / f"{rig.name}-{{}}.png"), size=pixels, seconds=len(rows.times) / RATE,
        fps=RATE, rows=rows, each=FRAMES,
    )  # fmt: skip


def _rows(moments: list[Moment], peers: tuple[str, ...]) -> Rows:
    frames = [frame for one in moments for frame in one.rows]
    count = len(frames)
    columns = np.array([values.columns for values, _ in frames])
    return Rows(
        times=np.arange(count) / RATE, periods=np.full(count, 1.0 / RATE), columns=columns,
        slopes=np.zeros_like(columns), scene_times=np.array([at for _, at in frames]), rates=np.ones(count),
        solos=("",) * count, peers=peers, date=frames[0][0].shared,
        dates=np.array([values.shared for values, _ in frames]),
    )  # fmt: skip
