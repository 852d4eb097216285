"""Verbs for what people write: `check`, `new`, `list`."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

import hardware
from installation import home, library
from installation.control.easel import hands
from installation.control.house import SWITCHES
from installation.library import Library
from installation.score.fitting import house_lines
from installation.score.instant import Houses
from installation.score.layout import COMPANY, PRESENCE
from installation.score.preset import Preset, no_preset
from installation.score.problem import Fault, Problem, Row, Say, seen
from installation.score.rig import Rig
from installation.score.scene import Scene
from installation.score.scene_file import silent
from installation.score.shaders.compiler_words import unfed
from installation.score.shaders.shader import Shader
from installation.score.show import Show, strange_names, unplaced
from installation.score.text import TEXT, plain
from installation.speech import Lack, Misuse, show_json, tell

EXISTS = Say(
    "{path} is already there; choose another name, or remove it first",
    "{path} existe déjà ; choisissez un autre nom, ou retirez-le",
)
BAD_NAME = Say(
    '"{name}" cannot be a name; lower-case letters, digits, - and _, a letter first',
    "« {name} » ne peut pas servir de nom ; minuscules, chiffres, - et _, une lettre d'abord",
)
TAKEN = Say(
    "scenes/{name} is a folder of Jumelage's own and no scene; choose another name",
    "scenes/{name} est un dossier de Jumelage, pas une scène ; choisissez un autre nom",
)
NO_PYTHON = Say("a {kind} is not made in Python; leave --python out", "pas de {kind} en Python ; retirez --python")
MADE = Say(
    "{path}\n`jumelage render {path} --time 3` draws it; `jumelage run laptop --scene {name}` shows it",
    "{path}\n`jumelage render {path} --time 3` la dessine ; `jumelage run laptop --scene {name}` la montre",
)
MADE_RIG = Say(
    "{path}\n`jumelage run {path}` runs it; `jumelage doctor --rig {path}` looks it over",
    "{path}\n`jumelage run {path}` la lance ; `jumelage doctor --rig {path}` l'examine",
)
ALL_WELL = Say("{count} checked, no problem", "vérifiés : {count} ; aucun problème")
NOT_CHECKED = Row(
    en=("nothing here to check", "a scene, a shader, a rig or a show", "name one of those"),
    fr=("rien à vérifier ici", "une scène, un shader, une régie ou un spectacle", "nommez l'un d'eux"),
)  # fmt: skip
NO_SUCH_FILE = Row(
    en=("there is no such file", "a file or folder that is there", "correct the path; without one, `check` checks all"),
    fr=(
        "ce fichier n'existe pas",
        "un fichier ou dossier existant",
        "vérifiez le chemin ; sans chemin, `check` examine tout",
    ),
)
NO_GL = Say("no GL on this machine: read, not compiled", "pas de GL sur cette machine : lu, mais pas compilé")


def check(given: argparse.Namespace) -> int:
    """Reads everything, compiles every shader; tells all there is to tell."""
    lib = library.library(given.project)
    found: list[Problem] = []
    notes: list[Problem] = []
    scenes: list[Path] = []
    count = 0
    # A name that nothing has is one more finding: what was named beside it is still checked.
    each = [_meant_alone(lib, [text], found) for text in given.paths] or [list(meant(lib, []))]
    for kind, path in (one for several in each for one in several):
        count += 1
        try:
            if kind == "scene":
                scene = lib.scene_at(path)
                notes += silent(scene)
                for layer in scene.shaders:
                    notes += [*layer.shader.warnings, *unfed(layer.shader)]
                scenes.append(path)
            elif kind == "show":
                found += _cues_fit(lib, path)
            elif kind == "rig":
                from installation.verbs.site import checked

                found += _played(lib, checked(lib, str(path)))
            else:
                found.append(Problem(str(path), 0, NOT_CHECKED, {}))
        except Fault as fault:
            found += fault.problems
    found += _compiled(lib, scenes, given.lang)
    noted = [note.told(given.lang) for note in _once(notes)]
    for note in noted:  # what every ISF host passes over is no fault, but not passed over in silence
        tell(note)
    told = [problem.told(given.lang) for problem in _once(found)]
    if given.json:
        show_json({"problems": [one._asdict() for one in told], "notes": [one._asdict() for one in noted]})
    else:
        for one in told:
            print(one)
        if not told:
            print(ALL_WELL.told(given.lang, count=count))
    return 1 if told else 0


def _cues_fit(lib: Library, path: Path) -> list[Problem]:
    """What the cues of a show recall and no scene of the show has, at its line. Raises Fault."""
    show, source = lib.show(str(path)), lib.text(path)
    names = dict.fromkeys(one for one in (show.scene, *(cue.scene for cue in show.cues.values())) if one)
    presets: list[Preset] = []
    scenes: list[Scene] = []
    found: list[Problem] = []
    for name in names:
        with contextlib.suppress(Fault):  # a scene at fault, or not there, is told as itself
            scenes.append(lib.scene(name))
            presets += scenes[-1].presets
    for cue in show.cues.values():
        if cue.preset and cue.preset not in {one.name for one in presets}:
            head = re.compile(rf"\s*\[cue\.\W?{re.escape(cue.name)}\b")
            at = (n for n, text in enumerate(source.text.splitlines(), 1) if head.match(text))
            told = no_preset(cue.scene or show.scene or "?", cue.preset, presets)
            found.append(told._replace(file=source.file, line=next(at, 0)))
    return [*found, *_instants_known(lib, show), *strange_names(show, scenes if len(scenes) == len(names) else [])]


def _instants_known(lib: Library, show: Show) -> list[Problem]:
    """The cues whose instant none of the project's rigs can tell."""
    told: list[tuple[int, int, list[Problem]]] = []
    for _, path in lib.rigs():
        with contextlib.suppress(Fault):
            houses = Houses(lib.rig(str(path)))
            found = unplaced(show, houses)
            told.append((len(found), -len(houses.all), found))
    return min(told, key=lambda one: one[:2])[2] if told else []


def _played(lib: Library, rig: Rig) -> list[Problem]:
    """What the rig's [show] names and is not there, at its line in the rig."""
    found: list[Problem] = []
    for key, name, look in (("scene", rig.scene, lib.scene_file), ("file", rig.show, lib.show)):
        try:
            look(name) if name else None
        except Fault as fault:
            absent = (problem for problem in fault.problems if not problem.file)
            found += (rig.sheet.problem(("show", key), problem.row, **problem.words) for problem in absent)
    return found or _strange(lib, rig)


def _strange(lib: Library, rig: Rig) -> list[Problem]:
    """The rig's patches and values that lead to nothing in any scene there is; those of other scenes wait for them."""
    parameters = [PRESENCE, *SWITCHES.values()]
    for _, path in lib.scenes():
        with contextlib.suppress(Fault):
            scene = lib.scene_at(path)
            parameters += [*scene.parameters, *scene.texts, *hands(scene).values()]
    return house_lines(rig, rig.scene, parameters)[1]


def _once(found: list[Problem]) -> list[Problem]:
    """Each problem once: a shader that two scenes use is at fault in one place."""
    return list({str(one.told()): one for one in found}.values())


def meant(lib: Library, paths: list[str]) -> Iterator[tuple[str, Path]]:
    """What is to be checked: the paths given, or all that the project has."""
    if not paths:
        for _, path in lib.scenes():
            yield "scene", path
        for _, path in lib.shaders():
            yield "scene", path
        for _, path in lib.rigs():
            yield "rig", path
        for _, path in lib.shows():
            yield "show", path
        return
    for text in paths:
        path = _shipped(lib, Path(text))
        if not os.path.exists(path):
            if path.suffix or len(path.parts) > 2:
                raise Fault([Problem(text, 0, NO_SUCH_FILE, {})])
            path = lib.scene_file(text)
        if path.is_dir() and not any(os.path.lexists(path / name) for name in library.SCENE_FILES):
            inside = [p for p in sorted(_below(path)) if _is_material(p)]
            inside = [p for p in inside if not library.is_tab(p)]
            yield from ((_kind(one), one) for one in inside)
            if not inside:
                yield "", path
        else:
            yield "scene" if path.is_dir() else _kind(path), lib.scene_file(text) if path.is_dir() else path


def _shipped(lib: Library, path: Path) -> Path:
    """A path as it is given; where nothing is there, the same below a root: `shaders/filters` from any folder."""
    roots = (root / below / path for root in lib.roots for below in ("", "shaders"))
    return path if os.path.exists(path) else next((one for one in roots if os.path.exists(one)), path)


def _meant_alone(lib: Library, paths: list[str], problems: list[Problem]) -> list[tuple[str, Path]]:
    try:
        return list(meant(lib, paths))
    except Fault as fault:
        problems += fault.problems
        return []


def _below(folder: Path) -> Iterator[Path]:
    """The files in a folder and in those below it; one that is closed, or goes away meanwhile, is passed over."""
    for inside, _, names in os.walk(folder):
        yield from (Path(inside, name) for name in names)


def _is_material(path: Path) -> bool:
    """Whether a file in a folder is for `check`: of Python, only what lies where scenes are looked for is run."""
    return path.suffix in (*library.SHADERS, ".toml") or library.python_scene(path)


def _kind(path: Path) -> str:
    if path.suffix in (*library.SHADERS, library.PYTHON) or path.name == "scene.toml":
        return "scene"
    if path.suffix != ".toml":
        return ""
    try:
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    except OSError:
        text = ""
    return "rig" if re.search(r"^\s*\[site\]", text, re.M) else "show"


def _compiled(lib: Library, scenes: list[Path], spoken: str) -> list[Problem]:
    """What the driver says of the shaders: each scene draws one small frame, in a process that may hang or die."""
    import tempfile

    from installation.stage import offline

    found: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        jobs = [
            # Of Python `start` and ten steps of `update`.
            offline.Job(str(path), f"{folder}/{number}.png", (64, 36), 9 / 60 if path.suffix == ".py" else 0.0)
            for number, path in enumerate(scenes)
        ]
        try:
            for result in offline.render(jobs, lambda what: lib.scene_at(Path(what)), patience=20.0):
                found += result.problems
                for problem in result.warnings:
                    tell(problem.told(spoken))
        except offline.Lacking:
            tell(NO_GL.told(spoken))
    return found


def new(given: argparse.Namespace) -> int:
    """Makes a scene or a rig in the current project."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", given.name):
        raise Misuse(BAD_NAME, name=given.name)
    if given.python and given.kind != "scene":
        raise Misuse(NO_PYTHON, kind=given.kind)
    if given.kind == "scene" and given.name in (*library.TEMPLATES, "shows"):
        raise Misuse(TAKEN, name=given.name)
    root = Path(given.project) if given.project else Path.cwd()
    if given.kind == "scene":
        path = root / "scenes" / given.name
        template = library.own_root() / "scenes" / library.TEMPLATES[given.python]
        made = MADE
    else:
        path = root / "hardware" / "rigs" / f"{given.name}.toml"
        template = library.rigs_folder() / "laptop.toml"
        made = MADE_RIG
    if path.exists():
        raise Misuse(EXISTS, path=path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if given.kind == "scene":
            shutil.copytree(template, path)
        else:
            name, city = given.name.replace("-", "_"), given.name.replace("-", " ").replace("_", " ").title()
            text = template.read_text(encoding="utf-8").replace('"laptop"', f'"{name}"', 1)
            text = text.replace('"Laptop"', f'"{city}"', 1).replace('title = "Jumelage"', f'title = "{city}"', 1)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Lack(Say("{path}: {reason}", "{path} : {reason}"), path=path, reason=error.strerror) from None
    print(made.told(given.lang, path=library.told(path), name=given.name))
    return 0


def show(given: argparse.Namespace) -> int:
    """What there is."""
    rows = LISTS[given.kind](given)
    if given.json:
        show_json({given.kind: rows})
        return 0
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(_cell(value) for value in row.values()))
        return 0
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in rows[0] if rows else ("name",):
        table.add_column(name)
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console().print(table)
    return 0


def _cell(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return " ".join(_cell(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_cell(one)}" for key, one in value.items())
    return f"{value:g}" if isinstance(value, float) else seen(str(value))


def _scenes(given: argparse.Namespace) -> list[dict[str, Any]]:
    lib, rows = library.library(given.project), []
    for name, path in lib.scenes():
        row: dict[str, Any] = {"name": name, "title": "", "layers": 0, "company": [], "presets": []}
        try:
            scene = lib.scene_at(path)
            row["title"] = scene.title.get(given.lang, name)
            row["layers"], row["company"] = len(scene.layers), [state for state in COMPANY if state in scene.company]
            row["presets"] = [one.name for one in scene.presets]
        except Fault as fault:
            row["title"] = f"! {fault.problems[0].told(given.lang).found}"
        rows.append(row | {"file": library.told(path)})
    return rows


def _shaders(given: argparse.Namespace) -> list[dict[str, Any]]:
    lib, rows = library.library(given.project), []
    for name, path in lib.shaders():
        row: dict[str, Any] = {"name": name, "kind": "", "inputs": 0, "passes": 0, "title": "", "file": ""}
        try:
            shader = lib.scene_at(path).layers[0].shader
            row["kind"], row["title"] = (
                "engine" if name.startswith("engine/") else purpose(shader),
                shader.description or shader.kind,
            )
            row["inputs"], row["passes"] = len(shader.parameters) + len(shader.images), len(shader.passes)
        except Fault as fault:
            row["title"] = f"! {fault.problems[0].told(given.lang).found}"
        rows.append(row | {"file": library.told(path)})
    return rows


def purpose(shader: Shader) -> str:
    """What a shader is for, by the images that it takes: a generator, a filter or a transition."""
    names = {image.name for image in shader.images}
    if {"startImage", "endImage"} <= names:
        return "transition"
    return "filter" if "inputImage" in names else "generator"


def _rigs(given: argparse.Namespace) -> list[dict[str, Any]]:
    return [{"name": name, "file": library.told(path)} for name, path in library.library(given.project).rigs()]


def _oceans(given: argparse.Namespace) -> list[dict[str, Any]]:
    lib, rows = library.library(given.project), []
    for name, path in lib.oceans():
        row: dict[str, Any] = {"name": name, "title": "", "rtt_ms": 0.0}
        try:
            ocean = lib.ocean(name)
            row |= {"title": ocean.title[given.lang], "rtt_ms": round(1e3 * ocean.line.rtt, 1)}
        except Fault as fault:
            row["title"] = f"! {fault.problems[0].told(given.lang).found}"
        rows.append(row | {"file": library.told(path)})
    return rows


def _parameters(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Of the scene that is named, else of the scene on air."""
    if given.scene:
        scene = library.library(given.project).scene(given.scene)
        return [
            {
                "address": p.address,
                "kind": p.kind,
                "low": p.low,
                "high": p.high,
                "default": plain(p.words) if p.kind == TEXT else p.default,
                "share": p.share,
                "label": p.label.get(given.lang, p.name),
            }
            for p in (*scene.parameters, *scene.texts)
        ]
    from installation.verbs.site import request

    found = request(given, "parameters")["parameters"]
    keys = ("address", "kind", "low", "high", "default", "share")
    found = [p | {"default": plain(p["words"])} if p["kind"] == TEXT else p for p in found]
    return [{key: p[key] for key in keys} | {"label": p["label"].get(given.lang, p["name"])} for p in found]


def _presets(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Of the scene that is named, else of the scene on air."""
    if given.scene:
        found = [msgspec.to_builtins(one) for one in library.library(given.project).scene(given.scene).presets]
    else:
        from installation.verbs.site import request

        found = request(given, "presets")["presets"]
    return [
        {
            "name": one["name"],
            "label": one["label"].get(given.lang, one["name"]),
            "fade": one["fade"],
            "address": f"/preset/{one['name']}",
            "values": {address.removeprefix("/scene/"): numbers for address, numbers in one["values"].items()},
        }
        for one in found
    ]


def _cues(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Of the show that runs: what gives each cue, and when and where it comes next."""
    from installation.verbs.site import request

    return [
        {
            "name": one["name"],
            "label": one["label"].get(given.lang, one["name"]),
            "by": " ".join((one["at"] or one["when"], *one["days"])),
            "here": one["here"],
            "next": one["next"].get(given.lang, ""),
        }
        for one in request(given, "cues")["cues"]
    ]


def _devices(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Every driver with its options; and which of them this machine can have."""
    from installation.control.devices import drivers

    rows = []
    for way, table in (("input", hardware.DRIVERS), ("output", hardware.OUTPUTS)):
        for name, options in drivers(table).items():
            rows.append({"driver": name, "way": way, "here": options is not None, "options": list(options or ())})
    return rows


def _sites(given: argparse.Namespace) -> list[dict[str, Any]]:
    return [{"site": name, "process": said["pid"]} for name, said in home.running().items()]


LISTS = {
    "scenes": _scenes,
    "shaders": _shaders,
    "rigs": _rigs,
    "oceans": _oceans,
    "parameters": _parameters,
    "presets": _presets,
    "cues": _cues,
    "devices": _devices,
    "sites": _sites,
}
