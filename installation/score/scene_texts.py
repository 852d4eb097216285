"""The text parameters of a scene: each `[parameter.x]` with `type = "text"`, and what reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from installation.score.lines import Path
from installation.score.parameter import Parameter
from installation.score.problem import Problem, Row, Two, hint, one_of
from installation.score.scene import TWIN, Layer
from installation.score.table import Sheet, shown, words
from installation.score.text import LONGEST, MOST, TEXT, Words, words_of

KEYS = ("type", "default", "share", "label")
RULES = ("each", "latest")
"""How a text is merged: a sum of two texts is none."""

NOT_ITS_KEY = Row(
    en=('"{name}" is a text: it has no `{key}`', "{known}", "remove `{key}`"),
    fr=("« {name} » est un texte : il n'a pas de `{key}`", "{known}", "retirez `{key}`"),
)
NOT_ITS_RULE = Row(
    en=('"{name}" is a text, and is shared as "{found}"', "each or latest", "each: a text of each city's own"),
    fr=("« {name} » est un texte, partagé par « {found} »", "each ou latest", "each : chaque ville a le sien"),
)
NO_TEXT = Row(
    en=('"{name}" is a text, and is given {found}', "a text, or {{ fr, en }}", "write it in quotes"),
    fr=("« {name} » est un texte, et reçoit {found}", "un texte, ou {{ fr, en }}", "mettez-le entre guillemets"),
)
NO_NUMBER = Row(
    en=('"{name}" takes numbers, and is given {found}', "a number, true or false", "take the quotes away"),
    fr=("« {name} » prend des nombres, et reçoit {found}", "un nombre, true ou false", "ôtez les guillemets"),
)
TOO_LONG = Row(
    en=('the text of "{name}" has {found} characters', "at most {most}", "write less"),
    fr=("le texte de « {name} » a {found} caractères", "au plus {most}", "écrivez moins"),
)
TOO_MANY = Row(
    en=("the scene has {found} text parameters", "at most {most}", "take some out"),
    fr=("la scène a {found} paramètres texte", "au plus {most}", "retirez-en"),
)
TWO_OF_A_NAME = Row(
    en=('"{name}" is a text here and an input of a shader', "one name for one thing", "rename one of them"),
    fr=("« {name} » est ici un texte, et l'entrée d'un shader", "un nom par chose", "renommez l'un des deux"),
)
NO_SUCH_TEXT = Row(
    en=('no text parameter "{name}"', "{known}", "{hint}"),
    fr=("pas de paramètre texte « {name} »", "{known}", "{hint}"),
)
ADD = Two('add [parameter.{name}] with `type = "text"`', 'ajoutez [parameter.{name}] avec `type = "text"`')


def numeric(tables: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The `[parameter.x]` tables that are no texts'."""
    return {name: table for name, table in tables.items() if table.get("type") != TEXT}


def texts_of(sheet: Sheet, layers: list[Layer], problems: list[Problem]) -> list[Parameter]:
    """The scene's text parameters, those of the scenes that are its layers after them."""
    tables = sheet.data.get("parameter", {})
    inputs = {one.name for layer in layers for part in (layer, *layer.filters) for one in part.shader.parameters}
    made = []
    for name, table in tables.items():
        if table.get("type") == TEXT:
            problems += _misfits(sheet, name, table, inputs if any(not one.own for one in layers) else set())
            default = given(sheet, ("parameter", name, "default"), name, table.get("default", ""), problems)
            made.append(
                Parameter(
                    name=name,
                    kind=TEXT,
                    default=(),
                    low=(),
                    high=(),
                    words=default,
                    share=table.get("share", ""),
                    label=words(table.get("label"), name),
                    file=sheet.file,
                    line=sheet.lines.get(("parameter", name), 0),
                )
            )
    made += _inner(layers)
    if len(made) > MOST:
        problems.append(sheet.problem(("parameter",), TOO_MANY, found=len(made), most=MOST))
    return made


def _misfits(sheet: Sheet, name: str, table: dict[str, Any], inputs: set[str]) -> Iterator[Problem]:
    for key in table:
        if key not in KEYS:
            yield sheet.problem(("parameter", name, key), NOT_ITS_KEY, name=name, key=key, known=one_of(KEYS))
    if table.get("share", "each") not in RULES:
        yield sheet.problem(("parameter", name, "share"), NOT_ITS_RULE, name=name, found=table["share"])
    if name in inputs:
        yield sheet.problem(("parameter", name), TWO_OF_A_NAME, name=name)


def given(sheet: Sheet, path: Path, name: str, value: Any, problems: list[Problem]) -> Words:
    """A user's value as the words of a text parameter."""
    longest = max((len(one) for one in (value.values() if isinstance(value, dict) else [value]) if _is(one)), default=0)
    if longest > LONGEST:
        problems.append(sheet.problem(path, TOO_LONG, name=name, found=longest, most=LONGEST))
    found = words_of(value)
    if found is None:
        problems.append(sheet.problem(path, NO_TEXT, name=name, found=shown(value)))
        return words(None, "")
    return found


def _is(value: Any) -> bool:
    return isinstance(value, str)


def _inner(layers: list[Layer]) -> Iterator[Parameter]:
    """What the scenes that are layers say, below the layer's name."""
    for layer in layers:
        for one in layer.scene.texts if layer.scene else ():
            yield msgspec.structs.replace(one, layer=f"{layer.name}/{one.layer}" if one.layer else layer.name)


def sources_are_there(layers: list[Layer], texts: list[Parameter]) -> Iterator[Problem]:
    """Each text layer that shows a parameter which the scene does not have, or does not share."""
    known = {one.name: one for one in texts if not one.layer}
    names = [*known, *(f"{name}{TWIN}" for name, one in known.items() if one.share)]
    told: set[str] = set()
    for layer in layers:
        for one in layer.pictures.values():
            if one.said and not one.said.startswith("letter:") and one.said not in (*names, *told):
                told.add(one.said)
                fill = {"name": one.said, "known": one_of(names), "hint": hint(one.said, names, _add(one.said))}
                yield Problem(one.file, one.line, NO_SUCH_TEXT, fill)


def _add(name: str) -> Two:
    return Two(ADD.format(name=name), ADD.fr.format(name=name))
