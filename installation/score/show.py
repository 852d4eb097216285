"""A show: which scenes it has and the cues that are given in it. Text in, a `Show` out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import msgspec

from installation.score.condition import Condition, ConditionShape, condition
from installation.score.hours import DAYS
from installation.score.instant import At, Houses, Instant, at
from installation.score.layout import VALUES, is_built_in
from installation.score.problem import Fault, Problem, Row, Two, hint, one_of
from installation.score.scene import TWIN, Scene
from installation.score.table import (
    VALUE,
    WORDS,
    Choice,
    Either,
    Flag,
    ListOf,
    Number,
    Sheet,
    Table,
    TableOf,
    Text,
    checked,
    numbers,
    words,
)
from installation.score.tempo import MUSIC, Tempo, music
from installation.score.text import Words, words_of

LATE = ("jump", "skip", "run")
"""What becomes of a cue that comes too late: at once as far as it should be; nothing; the whole of it, from then."""
LATE_AFTER, FOR = 5.0, 1.0

SHOW = Table(
    {
        "title": WORDS,
        "scene": Text(),
        "music": MUSIC,
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
                    "at": Instant(),
                    "days": ListOf(Choice(DAYS), least=1),
                    "when": ConditionShape(),
                    "until": ConditionShape(),
                    "for": Number(0, 86400),
                    "on": Choice(("bar", "beat")),
                    "late": Choice(LATE),
                    "late_after": Number(0, 604800),
                }
            )
        ),
    }
)

NO_CUE = Row(
    en=('no cue "{found}"', "{known}", "{hint}"),
    fr=("top « {found} » inconnu", "{known}", "{hint}"),
)

NEEDS = Row(
    en=("[cue.{cue}] has `{key}` without `{needs}`", "`{needs}` beside it", "add `{needs}`, or remove `{key}`"),
    fr=("[cue.{cue}] a `{key}` sans `{needs}`", "`{needs}` à côté", "ajoutez `{needs}`, ou retirez `{key}`"),
)
NO_NAME = Row(
    en=('`{key}` of [cue.{cue}] names "{name}", which no scene of the show has', "a parameter of one", "{hint}"),
    fr=(
        "`{key}` de [cue.{cue}] nomme « {name} », qu'aucune scène du spectacle n'a",
        "un paramètre de l'une d'elles",
        "{hint}",
    ),
)
NOT_BOTH = Row(
    en=("[cue.{cue}] has both `at` and `when`", "one of the two", "make two cues of it"),
    fr=("[cue.{cue}] a `at` et `when`", "l'un des deux", "faites-en deux tops"),
)

BRING_CUES = Two(
    "`jumelage run RIG --show FILE` brings a show's cues",
    "`jumelage run RÉGIE --show FICHIER` apporte les tops d'un spectacle",
)


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """What is to happen at one instant: a scene, a preset, values and texts by address, touches let go.

    Values are reached in `fade` seconds; below 0 it is the preset's own, and none for values. `here` keeps the cue in
    this city; else it is given in all of them. `at` or `when` give it without a hand; `when` has held for `hold`
    seconds then, and must not hold (or `until` hold) before it gives it again. `on` is the bar or beat that a hand's
    `go` waits for. `late` is one of LATE, for what comes more than `late_after` seconds after its instant. `key` tells
    one giving from another: a cue is carried out once for each.
    """

    name: str
    label: dict[str, str] = {}
    scene: str = ""
    preset: str = ""
    fade: float = 0.0
    values: dict[str, tuple[float, ...]] = {}
    release: tuple[str, ...] = ()
    here: bool = False
    at: At | None = None
    when: Condition | None = None
    until: Condition | None = None
    hold: float = FOR
    on: str = ""
    late: str = LATE[0]
    late_after: float = LATE_AFTER
    key: str = ""
    texts: dict[str, Words] = {}


class Show(msgspec.Struct, frozen=True, kw_only=True):
    """A show's first scene and its cues. `name` is its file's, alike in every city; `music` None: the scene's."""

    title: dict[str, str]
    scene: str
    cues: dict[str, Cue]
    name: str = ""
    music: Tempo | None = None
    sheet: Any = None

    @property
    def compares(self) -> list[str]:
        """The addresses that its conditions name."""
        conditions = [one for cue in self.cues.values() for one in (cue.when, cue.until) if one]
        return [name for one in conditions for name in one.addresses]

    @property
    def scenes(self) -> list[str]:
        """The scenes that it will need, in the order of its cues."""
        return [name for name in dict.fromkeys((self.scene, *(cue.scene for cue in self.cues.values()))) if name]


def show(text: str, file: str) -> Show:
    """A show file. Raises Fault with every problem."""
    sheet = checked(text, file, SHOW)
    problems = [one for name, table in sheet.data.get("cue", {}).items() for one in _misplaced(sheet, name, table)]
    if problems:
        raise Fault(problems)
    return Show(
        title=words(sheet.data.get("title"), file),
        scene=sheet.data.get("scene", ""),
        cues={name: _cue(name, table) for name, table in sheet.data.get("cue", {}).items()},
        name=PurePath(file).stem,
        music=music(sheet.data.get("music")),
        sheet=sheet,
    )


def unplaced(found: Show, houses: Houses) -> list[Problem]:
    """A problem for each cue whose instant these houses cannot tell, at its line."""
    lacking = [(cue.name, houses.lacks(cue.name, cue.at)) for cue in found.cues.values() if cue.at]
    return [
        found.sheet.problem(("cue", name, "at"), row, **fill) for name, lack in lacking if lack for row, fill in [lack]
    ]


def strange_names(found: Show, scenes: list[Scene]) -> list[Problem]:
    """What cues name and no scene of the show has, at its line; without a scene nothing is judged."""
    if not scenes:
        return []
    parameters = {one.address.removeprefix("/scene/") for scene in scenes for one in scene.parameters}
    names = {*parameters, *(f"{name}{TWIN}" for name in parameters), *VALUES}
    return [
        found.sheet.problem(("cue", cue.name, key), NO_NAME, cue=cue.name, key=key, name=name, hint=hint(name, names))
        for cue in found.cues.values()
        for key, said in _named(cue)
        for name in said
        if not _is_known(name, parameters)
    ]


def _named(cue: Cue) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a cue names, by the key that names it; what it sets outside the scene is the house's."""
    for key, compared in (("when", cue.when), ("until", cue.until)):
        yield key, compared.addresses if compared else ()
    for key, addresses in (("set", cue.values), ("release", cue.release)):
        yield key, tuple(one.removeprefix("/scene/") for one in addresses if one.startswith("/scene/"))


def _is_known(name: str, parameters: set[str]) -> bool:
    if not name.startswith("/"):
        return name in parameters or name.removesuffix(TWIN) in parameters
    head, _, rest = name.lstrip("/").partition("/")
    if head == "scene":
        return rest in parameters
    return is_built_in(name) or (head == "twin" and rest.partition("/")[2] in parameters)


def _misplaced(sheet: Sheet, name: str, table: dict[str, Any]) -> list[Problem]:
    """Keys that say nothing without another."""
    path = ("cue", name)
    found = [
        sheet.problem((*path, key), NEEDS, cue=name, key=key, needs=needs)
        for key, needs in (("days", "at"), ("until", "when"), ("for", "when"))
        if key in table and needs not in table
    ]
    return found + ([sheet.problem((*path, "when"), NOT_BOTH, cue=name)] if "at" in table and "when" in table else [])


def _cue(name: str, table: dict[str, Any]) -> Cue:
    instant = at(table.get("at"), tuple(table.get("days", ())))
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
        # Each house sees its own sky and its own line: what it does of itself for those, it does at home.
        here=bool(table.get("here", "when" in table or (instant is not None and instant.alone))),
        at=instant,
        when=condition(table.get("when")),
        until=condition(table.get("until")),
        hold=float(table.get("for", FOR)),
        on=table.get("on", ""),
        late=table.get("late", LATE[0]),
        late_after=float(table.get("late_after", LATE_AFTER)),
    )


def _address(name: str) -> str:
    return name if name.startswith("/") else f"/scene/{name}"


def no_cue(name: str, known: tuple[str, ...]) -> Problem:
    """The problem of a cue that the show does not have."""
    return Problem("", 0, NO_CUE, {"found": name, "known": one_of(known), "hint": hint(name, known, BRING_CUES)})
