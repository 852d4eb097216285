"""`sheet`: scenes and shaders side by side on one page."""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from installation import library
from installation.library import SCENE_FILES, Library
from installation.score.problem import Fault, Problem, Row, Say
from installation.score.scene import Scene
from installation.speech import Misuse, show_json, size, tell
from installation.stage import offline
from installation.stage.offline import Job, Lacking, Result
from installation.verbs.material import meant, purpose
from installation.verbs.picture import DAY, LONG_TIME, lack, writable
from installation.verbs.progress import followed

SMALL = (480, 270)
SAMPLE = "engine/sample.fs"
DAYLIGHT, NIGHT = "day", "night"
LARGEST = 16384

KINDS = {
    "scene": Say("scene", "scène"),
    "generator": Say("generator", "générateur"),
    "filter": Say("filter", "filtre"),
    "transition": Say("transition", "transition"),
}
HEADINGS = {
    "scene": Say("Scenes", "Scènes"),
    "generator": Say("Generators", "Générateurs"),
    "filter": Say("Filters", "Filtres"),
    "transition": Say("Transitions", "Transitions"),
}
DONE = Say("{out} ({count})", "{out} ({count})")
NOTHING = Row(
    en=("nothing here to draw", "scenes or shaders", "name some, or a folder that has some"),
    fr=("rien à dessiner ici", "des scènes ou des shaders", "nommez-en, ou un dossier qui en contient"),
)
NO_COLUMNS = Say(
    "--columns takes a whole number from 1 to 40, not {found}",
    "--columns prend un entier de 1 à 40, pas {found}",
)
TOO_LARGE = Say(
    "the page would be {wide} × {high} pixels, more than {most}; give a smaller --size, or fewer",
    "la page ferait {wide} × {high} pixels, plus que {most} ; réduisez --size, ou leur nombre",
)


class Item(NamedTuple):
    """One thing of the sheet: a file, or what is wrong with it."""

    path: Path
    kind: str
    scene: Scene | None
    problem: Problem | None = None


def sheet(given: argparse.Namespace) -> int:
    """Draws each in a child process, then the page; what fails is a card with the error in place of the picture."""
    if given.columns is not None and not 1 <= given.columns <= 40:
        raise Misuse(NO_COLUMNS, found=given.columns)
    if not 0 <= given.time <= DAY:
        raise Misuse(LONG_TIME, found=given.time, most=DAY)
    out, pixels = Path(given.out), size(given.size, SMALL)
    writable(out)
    lib = library.library(given.project)
    items = list(_items(lib, given.paths))
    if not items:
        raise Fault([Problem("", 0, NOTHING, {})])
    with tempfile.TemporaryDirectory() as folder:
        made = _drawn(lib, items, Path(folder), pixels, given)
        failed = [one for one in made if one.problems]
        _laid(items, made, out, pixels, given)
    for result in made:
        unsaid = [note for note in result.warnings if note.row == offline.NO_STATE]
        for problem in (*result.problems, *unsaid):
            tell(problem.told(given.lang))
    if given.json:
        told = [one.problems[0].told(given.lang) for one in failed]
        rows = [
            {"what": one.what, "line": row.line, "error": row.sentence()} for one, row in zip(failed, told, strict=True)
        ]
        show_json({"out": str(out), "drawn": [one.what for one in made if not one.problems], "failed": rows})
    else:
        print(DONE.told(given.lang, out=out, count=len(items) - len(failed)))
    return 1 if failed else 0


def _items(lib: Library, paths: list[str]) -> Iterator[Item]:
    """What is to be on the sheet; by itself all scenes and all shaders but the engine's own."""
    found = [path for _, path in lib.scenes()]
    found += [path for name, path in lib.shaders() if not name.startswith("engine/")]
    if paths:
        found = [path for kind, path in meant(lib, paths) if kind == "scene" and not _part_of_scene(path)]
    for path in found:
        try:
            scene = lib.scene_at(path)
        except Fault as fault:
            yield Item(path, "scene" if path.name == "scene.toml" else "generator", None, fault.problems[0])
            continue
        shader = not scene.composed and path.resolve() not in {one.resolve() for _, one in lib.scenes()}
        yield Item(path, purpose(scene.layers[0].shader) if shader else "scene", scene)


def _part_of_scene(path: Path) -> bool:
    """Whether a shader belongs to the scene beside it, which is on the sheet itself."""
    return path.name not in SCENE_FILES and any((path.parent / name).exists() for name in SCENE_FILES)


def _drawn(
    lib: Library, items: list[Item], folder: Path, pixels: tuple[int, int], given: argparse.Namespace
) -> list[Result]:
    """What became of each item, in their order."""
    jobs, order = list(_samples(lib, folder, pixels)), []
    lead = len(jobs)
    for number, item in enumerate(items):
        if item.scene is not None:
            order.append(number)
            jobs.append(_job(item, folder, number, pixels, given))
    made = [Result(str(item.path), problems=(item.problem,) if item.problem else ()) for item in items]
    try:
        results = offline.render(jobs, lambda what: lib.scene_at(Path(what)), patience=20.0)
        for at, result in enumerate(followed(results, len(jobs), given.lang)):
            if at >= lead:
                made[order[at - lead]] = result
    except Lacking as stop:
        raise lack(stop) from None
    return made


def _samples(lib: Library, folder: Path, pixels: tuple[int, int]) -> Iterator[Job]:
    """What filters and transitions are shown on."""
    path = next(path for name, path in lib.shaders() if name == SAMPLE)
    for name, night in ((DAYLIGHT, "0"), (NIGHT, "1")):
        yield Job(what=str(path), out=str(folder / f"{name}.png"), size=pixels, values={"night": night})


def _job(item: Item, folder: Path, number: int, pixels: tuple[int, int], given: argparse.Namespace) -> Job:
    day, night = str(folder / f"{DAYLIGHT}.png"), str(folder / f"{NIGHT}.png")
    images: tuple[tuple[str, str], ...] = ()
    values: dict[str, str] = {}
    if item.scene is not None and not item.scene.composed:
        named = {"filter": ("inputImage",), "transition": ("startImage", "endImage")}.get(item.kind, ())
        images = (*zip(named, (day, night), strict=False), ("", night if named else day))
        values = {"progress": "0.42"} if item.kind == "transition" else {}
    if item.scene is not None and given.company and item.kind == "scene":
        from installation.verbs import redraw

        values |= redraw.echoed(item.scene, given.company, given.time)
    return Job(
        what=str(item.path), out=str(folder / f"{number}.png"), size=pixels, time=given.time, fps=30.0, values=values,
        images=images, company=(given.company or "") if item.kind == "scene" else "",
    )  # fmt: skip


def _laid(items: list[Item], made: list[Result], out: Path, pixels: tuple[int, int], given: argparse.Namespace) -> None:
    """Lays the cards out and writes the page. Raises Misuse, Fault."""
    from installation.stage.pixels import png
    from installation.stage.sheet import Card, Section, drawn

    columns = given.columns or min(6, max(1, round(math.sqrt(len(items) * 1.2))))
    by_kind: dict[str, list[Card]] = {kind: [] for kind in KINDS}
    for item, result in zip(items, made, strict=True):
        error = str(result.problems[0].told(given.lang)) if result.problems else ""
        by_kind[item.kind].append(
            Card(
                title=_title(item),
                file=library.told(item.path),
                kind=KINDS[item.kind].told(given.lang),
                credit=_credit(item),
                picture=None if error else Path(result.out),
                error=error,
            )
        )
    sections = [Section(HEADINGS[kind].told(given.lang), tuple(cards)) for kind, cards in by_kind.items() if cards]
    columns = min(columns, max(len(one.cards) for one in sections))
    wide = columns * pixels[0] * 5 // 4
    high = sum(-(-len(one.cards) // columns) for one in sections) * pixels[1] * 5 // 4
    if max(wide, high) > LARGEST:
        raise Misuse(TOO_LARGE, wide=wide, high=high, most=LARGEST)
    png(out, drawn(sections, pixels, columns))


def _title(item: Item) -> str:
    """The French title and the English one; a shader's is its file's name, as words."""
    if item.scene is None or item.kind != "scene" or not item.scene.composed:
        return item.path.stem.replace("_", " ").replace("-", " ").capitalize()
    french, english = item.scene.title.get("fr", ""), item.scene.title.get("en", "")
    return french if french == english else f"{french} · {english}"


def _credit(item: Item) -> str:
    return next((one.shader.credit for one in item.scene.layers if one.shader.credit), "") if item.scene else ""
