"""The shapes that a user's table may take, and every way in which it does not: all told at once, each with its line.

A shape is a small value; the shape of a scene or a rig is one tree of them, which reads as its reference page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from installation.score.lines import Path, parsed
from installation.score.problem import LANGUAGES, REMOVE, Fault, Problem, Row, Two, hint, one_of

UNKNOWN = Row(
    en=('{where} has no option "{name}"', "{known}", "{hint}"),
    fr=("{where} n'a pas d'option « {name} »", "{known}", "{hint}"),
)
WRONG = Row(
    en=("`{name}` is {found}", "{expected}", "{hint}"),
    fr=("`{name}` vaut {found}", "{expected}", "{hint}"),
)
CHANGE = Two("change it", "corrigez la valeur")
MISSING = Row(
    en=('{where} has no "{name}"', "{expected}", "add `{name} = …`"),
    fr=("il manque « {name} » dans {where}", "{expected}", "ajoutez `{name} = …`"),
)


class Found(NamedTuple):
    """One misfit: where in the tree, which message, its words in English and in French."""

    path: Path
    row: Row
    words: dict[str, Any]


class Shape(Protocol):
    """What a value must be."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        """Every way in which `value` is not of this shape."""

    def expected(self) -> Two:
        """The shape in words."""


def _wrong(path: Path, value: Any, shape: Shape, remedy: Two = CHANGE) -> Found:
    words = {"name": last_name(path), "found": shown(value), "expected": shape.expected(), "hint": remedy}
    return Found(path, WRONG, words)


def shown(value: Any) -> str:
    """A value as it may be quoted in a message: short."""
    text = str(value).lower() if isinstance(value, bool) else str(value).replace("\n", "\\n")
    text = f'"{text}"' if isinstance(value, str) else text
    return text if len(text) <= 60 else text[:57] + "…"


def last_name(path: Path) -> str:
    """The last key of a path; the index of an item in a list is left out, since its line tells it."""
    names = [part for part in path if isinstance(part, str)]
    return names[-1] if names else ""


class Text(NamedTuple):
    """A string that is not empty."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if not isinstance(value, str) or not value:
            yield _wrong(path, value, self)

    def expected(self) -> Two:
        return Two("a text in quotes", "un texte entre guillemets")


class Line(NamedTuple):
    """A string that may be empty."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if not isinstance(value, str):
            yield _wrong(path, value, self)

    def expected(self) -> Two:
        return Two("a text in quotes", "un texte entre guillemets")


class Flag(NamedTuple):
    """true or false."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if not isinstance(value, bool):
            yield _wrong(path, value, self)

    def expected(self) -> Two:
        return Two("true or false", "true ou false")


class Number(NamedTuple):
    """A number within a range, its ends included."""

    low: float = -1e12
    high: float = 1e12
    whole: bool = False

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        kinds = int if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not self.low <= value <= self.high:
            yield _wrong(path, value, self)

    def expected(self) -> Two:
        en, fr = ("a whole number", "un nombre entier") if self.whole else ("a number", "un nombre")
        if self.low <= -1e12 and self.high >= 1e12:
            return Two(en, fr)
        if self.high >= 1e12:
            return Two(f"{en} of {self.low:g} or more", f"{fr} d'au moins {self.low:g}")
        return Two(f"{en} from {self.low:g} to {self.high:g}", f"{fr} de {self.low:g} à {self.high:g}")


class Choice(NamedTuple):
    """One of a few names."""

    names: tuple[str, ...]

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if value not in self.names:
            yield _wrong(path, value, self, hint(str(value), self.names, CHANGE))

    def expected(self) -> Two:
        return one_of(self.names)


class Either(NamedTuple):
    """Any of several shapes. A table that fits none is told by what is wrong in it under the last shape."""

    shapes: tuple[Shape, ...]

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        told = [list(shape.misfits(value, path)) for shape in self.shapes]
        if all(told):
            yield _wrong(path, value, self) if not isinstance(value, dict) else told[-1][0]

    def expected(self) -> Two:
        words = [shape.expected() for shape in self.shapes]
        return Two(" or ".join(words), " ou ".join(word.fr for word in words))


class ListOf(NamedTuple):
    """A list, each item of one shape; `length` items when it is not 0, and `least` of them at least."""

    item: Shape
    length: int = 0
    least: int = 0

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if not isinstance(value, list) or (self.length and len(value) != self.length) or len(value) < self.least:
            yield _wrong(path, value, self)
            return
        for index, item in enumerate(value):
            yield from self.item.misfits(item, (*path, index))

    def expected(self) -> Two:
        word = self.item.expected()
        if self.length:
            return Two(f"a list of {self.length}: {word}", f"une liste de {self.length} : {word.fr}")
        if self.least:
            return Two(f"a list of {self.least} or more: {word}", f"une liste d'au moins {self.least} : {word.fr}")
        return Two(f"a list: {word}", f"une liste : {word.fr}")


class TableOf(NamedTuple):
    """A table whose names the user chooses, each value of one shape."""

    item: Shape

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if not isinstance(value, dict):
            yield _wrong(path, value, self)
            return
        for name, item in value.items():
            yield from self.item.misfits(item, (*path, name))

    def expected(self) -> Two:
        return Two("a table", "une table")


class Table:
    """A table of known keys. An unknown one is an error that gives the nearest name."""

    def __init__(self, keys: dict[str, Shape], required: tuple[str, ...] = (), free: Shape | None = None) -> None:
        self.keys, self.required, self.free = keys, required, free

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if not isinstance(value, dict):
            yield _wrong(path, value, self)
            return
        where = heading(path)
        for name, item in value.items():
            shape = self.keys.get(name, self.free)
            if shape is None:
                words = {"where": where, "name": name, "known": one_of(self.keys)}
                yield Found((*path, name), UNKNOWN, {**words, "hint": hint(name, self.keys, REMOVE)})
            else:
                yield from shape.misfits(item, (*path, name))
        for name in self.required:
            if name not in value:
                words = {"where": where, "name": name, "expected": self.keys[name].expected()}
                yield Found(path, MISSING, words)

    def expected(self) -> Two:
        return Two("a table", "une table")


WORDS = Either((Text(), Table({language: Text() for language in LANGUAGES})))
"""A text, or one in each language."""

VALUE = Either((Number(), Flag(), ListOf(Number())))
"""What a parameter may be set to; `numbers` reads it."""


def heading(path: Path) -> Two:
    """How the user wrote the table at `path`: `[device.floor]`, `[[layer]]`."""
    if not path:
        return Two("the file", "le fichier")
    names = ".".join(part for part in path if isinstance(part, str))
    return Two(f"[[{names}]]", f"[[{names}]]") if isinstance(path[-1], int) else Two(f"[{names}]", f"[{names}]")


def numbers(value: Any) -> tuple[float, ...]:
    """A VALUE as numbers: a flag is 0 or 1."""
    return tuple(float(n) for n in value) if isinstance(value, list) else (float(value),)


def words(value: Any, default: str) -> dict[str, str]:
    """A WORDS value as one text per language; a language that is missing takes the other's."""
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, value)
    given = dict(value or {})
    return {language: given.get(language, next(iter(given.values()), default)) for language in LANGUAGES}


class Sheet(NamedTuple):
    """A user's table that has been read, with the means to tell more problems about it."""

    file: str
    data: dict[str, Any]
    lines: dict[Path, int]

    def problem(self, path: Path, row: Row, **fill: Any) -> Problem:
        """A problem at the line where `path`, or the nearest thing above it, stands."""
        place = path
        while place not in self.lines:
            place = place[:-1]
        return Problem(self.file, self.lines[place], row, fill)


def read(text: str, file: str, shape: Shape) -> tuple[Sheet, list[Problem]]:
    """A TOML text as a table of `shape`, and each misfit as a problem. Raises Fault when it is no TOML at all."""
    data, lines = parsed(text, file)
    sheet = Sheet(file, data, lines)
    return sheet, [sheet.problem(path, row, **fill) for path, row, fill in shape.misfits(data, ())]


def checked(text: str, file: str, shape: Shape) -> Sheet:
    """Like `read`, raising Fault when there is any misfit."""
    sheet, problems = read(text, file, shape)
    if problems:
        raise Fault(problems)
    return sheet
