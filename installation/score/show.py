"""A show: which scenes it has and the cues that are given in it. Text in, a `Show` out."""

from __future__ import annotations

from typing import Any

import msgspec

from installation.score.problem import Problem, Row, Two, hint, one_of
from installation.score.table import (
    VALUE,
    WORDS,
    Either,
    Flag,
    ListOf,
    Number,
    Table,
    TableOf,
    Text,
    checked,
    numbers,
    words,
)
from installation.score.text import Words, words_of

SHOW = Table(
    {
        "title": WORDS,
        "scene": Text(),
        "cue": TableOf(
            Table(
                {
                    "label": WORDS,
                    "scene": Text(),
                    "preset": Text(),
                    "fade": Number(0, 86400),
                    "set": TableOf(Either((VALUE, WORDS))),
                    "release": ListOf(Text()),
                    "here": Flag(),
                }
            )
        ),
    }
)

NO_CUE = Row(
    en=('no cue "{found}"', "{known}", "{hint}"),
    fr=("top « {found} » inconnu", "{known}", "{hint}"),
)

BRING_CUES = Two(
    "`jumelage run RIG --show FILE` brings a show's cues",
    "`jumelage run RÉGIE --show FICHIER` apporte les tops d'un spectacle",
)


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """What is to happen at one instant: a scene, a preset, values and texts by address, touches let go.

    Values are reached in `fade` seconds; below 0 it is the preset's own, and none for values. `here` keeps the cue in
    this city; else it is given in all of them.
    """

    name: str
    label: dict[str, str] = {}
    scene: str = ""
    preset: str = ""
    fade: float = 0.0
    values: dict[str, tuple[float, ...]] = {}
    release: tuple[str, ...] = ()
    here: bool = False
    texts: dict[str, Words] = {}


class Show(msgspec.Struct, frozen=True, kw_only=True):
    """A show's first scene and its cues by name."""

    title: dict[str, str]
    scene: str
    cues: dict[str, Cue]

    @property
    def scenes(self) -> list[str]:
        """The scenes that it will need, in the order of its cues."""
        return [name for name in dict.fromkeys((self.scene, *(cue.scene for cue in self.cues.values()))) if name]


def show(text: str, file: str) -> Show:
    """A show file. Raises Fault with every problem."""
    sheet = checked(text, file, SHOW)
    cues = {name: _cue(name, table) for name, table in sheet.data.get("cue", {}).items()}
    return Show(title=words(sheet.data.get("title"), file), scene=sheet.data.get("scene", ""), cues=cues)


def _cue(name: str, table: dict[str, Any]) -> Cue:
    given = table.get("set", {})
    return Cue(
        name=name,
        label=words(table.get("label"), name),
        scene=table.get("scene", ""),
        preset=table.get("preset", ""),
        fade=float(table.get("fade", -1.0 if "preset" in table else 0.0)),
        values={_address(key): numbers(value) for key, value in given.items() if not isinstance(value, str | dict)},
        texts={_address(key): words_of(value) or {} for key, value in given.items() if isinstance(value, str | dict)},
        release=tuple(_address(key) for key in table.get("release", ())),
        here=bool(table.get("here", False)),
    )


def _address(name: str) -> str:
    return name if name.startswith("/") else f"/scene/{name}"


def no_cue(name: str, known: tuple[str, ...]) -> Problem:
    """The problem of a cue that the show does not have."""
    return Problem("", 0, NO_CUE, {"found": name, "known": one_of(known), "hint": hint(name, known, BRING_CUES)})
