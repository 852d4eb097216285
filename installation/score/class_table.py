"""A Python scene's class as the table that a `scene.toml` would be, with the line of each key."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from installation.score.behaviour import OWN, UNSAID, Layer, Parameter, Scene
from installation.score.code import Code, Running
from installation.score.layout import COMPANY
from installation.score.lines import Path
from installation.score.parameter import KINDS
from installation.score.problem import REMOVE, Fault, Problem, Row, Two, hint, one_of
from installation.score.scene_table import SCENE
from installation.score.table import shown

SEVERAL = {"layer": "layers", "patch": "patches", "parameter": "parameters", "preset": "presets"}
"""What a class calls the tables of which there are several."""
KEYS = {SEVERAL.get(key, key): key for key in SCENE.keys}
BY_WIDTH = {2: "point2D", 3: "point3D", 4: "color"}

UNKNOWN = Row(
    ('a scene has no "{name}"', "{known}", "{hint}; a constant of your own is written in CAPITALS, or with a _ first"),
    (
        "une scène n'a pas de « {name} »",
        "{known}",
        "{hint} ; une constante à vous s'écrit en CAPITALES, ou avec un _ devant",
    ),
)
NOT_PLAIN = Row(
    ("`{name}` holds {found}", "numbers, texts, lists, dicts and layers", "write the value itself"),
    ("`{name}` contient {found}", "nombres, textes, listes, dicts et couches", "écrivez la valeur elle-même"),
)
NO_KIND = Row(
    (
        "the default of `{name}` is {found}",
        "True or False, a number, two numbers (a point), four (a colour), or None (an event)",
        "change it, or say `type=`",
    ),
    (
        "la valeur par défaut de `{name}` est {found}",
        "True ou False, un nombre, deux (un point), quatre (une couleur), ou None (un événement)",
        "changez-la, ou précisez `type=`",
    ),
)
TAKEN = Row(
    ("`{name}` is a parameter", "a name that a scene does not have already", "choose another: {names} are taken"),
    ("`{name}` est un paramètre", "un nom que la scène n'a pas déjà", "changez-en : {names} sont pris"),
)
NO_ALONE = Row(
    (
        "the scene reads the twin but does not say what it does alone",
        "`alone = {{…}}`",
        "add what changes when nobody is there, even nothing: `alone = {{}}`",
    ),
    (
        "la scène lit l'autre ville mais ne dit pas ce qu'elle fait seule",
        "`alone = {{…}}`",
        "ajoutez ce qui change quand personne n'est là-bas, même rien : `alone = {{}}`",
    ),
)
NOT_SHARED = Row(
    ("`self.twin.{name}` is read, but `{name}` is not shared", "a share rule", 'add `share="each"` to it'),
    (
        "`self.twin.{name}` est lu, mais `{name}` n'est pas partagé",
        "une règle de partage",
        'ajoutez-lui `share="each"`',
    ),
)


class Declared(NamedTuple):
    """A class's table, and the line of each of its paths: names and list indices."""

    table: dict[str, Any]
    lines: list[tuple[list[str | int], int]]


def declared(code: Code) -> Declared:
    """The table of a scene's class, whose text is run for it. Raises Fault with every problem of the class."""
    running = Running(code)
    try:
        kind = running.kind
        lines = Lines(code.main.text, kind)
        table, problems = _table(kind, code.main.file, lines)
        problems += _of_twin(kind, code.main.file, lines)
        if problems:
            raise Fault(problems)
        return Declared(table, [(list(path), line) for path, line in lines.found.items()])
    finally:
        running.close()


class Lines:
    """On which line each key of a class stands."""

    def __init__(self, text: str, kind: type[Scene]) -> None:
        found = {one.name: one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.ClassDef)}
        # Those that it stands on first; one of another file has no lines here.
        self.nodes = [found[one.__name__] for one in reversed(_own_classes(kind)) if one.__name__ in found]
        self.found: dict[Path, int] = {(): self.nodes[-1].lineno if self.nodes else 1}
        for statement in (one for node in self.nodes for one in node.body):
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        self._assigned(target.id, statement.value, statement.lineno)

    def _assigned(self, name: str, value: ast.expr, line: int) -> None:
        is_parameter = isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Parameter"
        path: Path = ("parameter", name) if is_parameter else (KEYS.get(name, name),)
        if name == "patches" and isinstance(value, ast.Dict):
            value = _patch_nodes(value)
        self._walk(path, value, line)
        if is_parameter and isinstance(value, ast.Call) and value.args:
            self._walk((*path, "default"), value.args[0], value.args[0].lineno)

    def _walk(self, path: Path, value: ast.expr, line: int) -> None:
        self.found[path] = line
        if isinstance(value, ast.List | ast.Tuple):
            for index, item in enumerate(value.elts):
                self._walk((*path, index), item, item.lineno)
        elif isinstance(value, ast.Dict):
            for key, item in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self._walk((*path, key.value), item, key.lineno)
        elif isinstance(value, ast.Call):
            for word in value.keywords:
                if word.arg:
                    self._walk((*path, bare(word.arg)), word.value, word.value.lineno)

    def at(self, path: Path) -> int:
        """The line of a path, or of the nearest thing above it."""
        while path not in self.found:
            path = path[:-1]
        return self.found[path]


def _patch_nodes(value: ast.Dict) -> ast.List:
    """The values of a table of patches, in the order of `_patches`."""
    found = []
    for to in value.values:
        found += to.elts if isinstance(to, ast.List | ast.Tuple) else [to]
    return ast.List(elts=found)


def bare(name: str) -> str:
    """`from_` and `in_` are how Python lets `from` and `in` be written."""
    stem = name.removesuffix("_")
    return stem if keyword.iskeyword(stem) else name


def _own_classes(kind: type[Scene]) -> list[type]:
    """The class and those it stands on, the nearest first; not Scene, nor what Scene stands on."""
    return [one for one in kind.__mro__ if one not in Scene.__mro__]


def _attributes(kind: type[Scene]) -> dict[str, Any]:
    """What the class and those it stands on say; the nearest wins."""
    found: dict[str, Any] = {}
    for one in reversed(_own_classes(kind)):
        found |= vars(one)
    return found


def _table(kind: type[Scene], file: str, lines: Lines) -> tuple[dict[str, Any], list[Problem]]:
    table: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in _attributes(kind).items():
        if isinstance(value, Parameter):
            parameters[name] = _parameter(name, value, file, lines, problems)
        elif name in KEYS:
            table[KEYS[name]] = _patches(value) if name == "patches" else value
        elif not _own(name, value):
            words = {"name": name, "known": one_of(KEYS), "hint": hint(name, KEYS, REMOVE)}
            problems.append(Problem(file, lines.at((name,)), UNKNOWN, words))
    given = table.get("parameter", {})
    if parameters and isinstance(given, dict):
        table["parameter"] = {**given, **parameters}
    return {key: _plain(value, (key,), file, lines, problems) for key, value in table.items()}, problems


def _own(name: str, value: Any) -> bool:
    """Whether a name is the artist's: a method, a class, a constant in capitals, or one that begins with _."""
    made = callable(value) or isinstance(value, property | classmethod | staticmethod) or hasattr(value, "__get__")
    return made or name.startswith("_") or name.upper() == name


def _parameter(name: str, value: Parameter, file: str, lines: Lines, problems: list[Problem]) -> dict[str, Any]:
    if name in OWN or hasattr(Scene, name):
        fill = {"name": name, "names": ", ".join(OWN)}
        problems.append(Problem(file, lines.at(("parameter", name)), TAKEN, fill))
    table = dict(value.keys)
    if value.default is UNSAID:
        return table
    found = kind_of(value.default)
    if not found and "type" not in table:
        words = {"name": name, "found": shown(value.default)}
        problems.append(Problem(file, lines.at(("parameter", name, "default")), NO_KIND, words))
    table.setdefault("type", found)
    return table if value.default is None else {**table, "default": value.default}


def kind_of(default: Any) -> str:
    """The kind of a parameter whose default this is; "" for none."""
    if default is None:
        return "event"
    if isinstance(default, bool | np.bool_):
        return "bool"
    if isinstance(default, int | np.integer):
        return "long"
    if isinstance(default, float | np.floating):
        return "float"
    found = BY_WIDTH.get(len(default), "") if isinstance(default, list | tuple | np.ndarray) else ""
    return found if found in KINDS else ""


def _patches(value: Any) -> Any:
    """`{"/floor/x": "hand.x"}`, or a parameter's name with the keys of a patch, or a list of those: as a list."""
    if not isinstance(value, dict):
        return value
    made = []
    for address, to in value.items():
        for one in to if isinstance(to, list | tuple) else [to]:
            made.append({"from": address, **(one if isinstance(one, dict) else {"to": one})})
    return made


def _plain(value: Any, path: Path, file: str, lines: Lines, problems: list[Problem]) -> Any:
    """A value as a table may hold it; what cannot be is told."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Layer):
        value = value.keys
    if isinstance(value, dict):
        pairs = ((bare(str(key)), one) for key, one in value.items())
        return {key: _plain(one, (*path, key), file, lines, problems) for key, one in pairs}
    if isinstance(value, list | tuple):
        return [_plain(one, (*path, index), file, lines, problems) for index, one in enumerate(value)]
    name = [str(part) for part in path if isinstance(part, str)][-1]
    problems.append(Problem(file, lines.at(path), NOT_PLAIN, {"name": name, "found": shown(value)}))
    return None


def _of_twin(kind: type[Scene], file: str, lines: Lines) -> Iterator[Problem]:
    """A scene that reads the other city shares what it reads, and says what it does without it."""
    said = _attributes(kind)
    reads = [
        node
        for node in (one for top in lines.nodes for one in ast.walk(top))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "twin"
        if node.attr != "presence"
    ]
    for node in reads:
        parameter = said.get(node.attr)
        if isinstance(parameter, Parameter) and not parameter.keys.get("share"):
            yield Problem(file, node.lineno, NOT_SHARED, {"name": node.attr})
    if reads and "alone" not in said:
        yield Problem(file, reads[0].lineno, NO_ALONE, {})


def in_python(problem: Problem, path: Path = ()) -> Problem:
    """A problem of a `scene.toml` in the words of a class: `[parameter.x]` is `x = Parameter(…)`."""
    en, fr = (tuple(_said(part) for part in parts) for parts in problem.row)
    words = dict(problem.words)
    if len(path) <= 1 and words.get("name") in SEVERAL:
        words["name"] = SEVERAL[words["name"]]
    if isinstance(words.get("where"), Two):
        words["where"] = Two(_said(words["where"]), _said(words["where"].fr))
    return problem._replace(row=Row(en, fr), words=words)  # type: ignore[arg-type]


def _said(part: str) -> str:
    part = re.sub(r"\[parameter\.(\{?\w+\}?)\]", r"`\1 = Parameter(…)`", part)
    part = re.sub(rf"(?:a table |une table )?\[({'|'.join(COMPANY)})\]", r"`\1`", part)
    part = part.replace("[[layer]]", "a Layer").replace("[[patch]]", "`patches`")
    return re.sub(r'`(\w+) = (")', r"`\1=\2", part)
