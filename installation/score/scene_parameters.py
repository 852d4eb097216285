"""The parameters of a scene: what its shaders declare, what `[parameter.x]` says of it, what layers and tables add."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from installation.score.layer_file import CONTROLS
from installation.score.lines import Path
from installation.score.parameter import KINDS, Parameter
from installation.score.problem import REMOVE, Problem, Row, hint, one_of
from installation.score.scene import BUILT_IN, Layer, of_twin
from installation.score.scene_shown import shown_by
from installation.score.scene_texts import NO_NUMBER, numeric
from installation.score.table import Sheet, numbers, shown, words

COUNTS = {"trace": 256, "people": 8, "audio": 64, "spectrum": 32}
"""How many columns a table of data has when it does not say."""


NO_PARAMETER = Row(
    en=('no shader of this scene has an input "{name}"', "{known}", "{hint}"),
    fr=("aucun shader de la scène n'a d'entrée « {name} »", "{known}", "{hint}"),
)


NO_LAYER = Row(
    en=('no layer "{name}"', "{known}", "{hint}"),
    fr=("couche « {name} » inconnue", "{known}", "{hint}"),
)


TWO_KINDS = Row(
    en=(
        '"{name}" is {kinds} in different layers',
        "one type, or `layer = …` for each",
        "name the layer in [parameter.{name}]",
    ),
    fr=(
        "« {name} » change de type selon la couche : {kinds}",
        "un seul type, ou `layer = …`",
        "nommez la couche dans [parameter.{name}]",
    ),
)


WIDTH = Row(
    en=('"{name}" takes {width} numbers, not {found}', "{width} numbers", "write a list of {width}"),
    fr=("« {name} » prend {width} nombres, pas {found}", "{width} nombres", "écrivez une liste de {width}"),
)


def parameters_of(sheet: Sheet, layers: list[Layer], problems: list[Problem]) -> list[Parameter]:
    """The scene's parameters in the order of its layers, each with what `[parameter.x]` says of it."""
    tables: dict[str, dict[str, Any]] = numeric(sheet.data.get("parameter", {}))
    every = [one for layer in layers for one in (layer, *layer.filters)]
    names = {parameter.name for layer in every for parameter in _declares(layer)}
    controls = {one.name for layer in layers for one in _controls(sheet, layer, len(layers) > 1, names)}
    free = {one.name: one for one in _free(sheet, tables, controls | _scene_wide(every))}
    problems += _misnamed(sheet, tables, every, names | controls | set(free))
    made: dict[str, Parameter] = {}
    for one in free.values():
        parameter = _declared(sheet, one, tables[one.name], None, problems)
        made[parameter.address] = parameter
    for layer in every:
        found = [*_declares(layer), *(_controls(sheet, layer, len(layers) > 1, names) if layer in layers else ())]
        for declared in found:
            if declared.name in BUILT_IN or of_twin(declared.name, names):
                continue
            table = _meant(tables.get(declared.name, {}), layer)
            parameter = _tabled(sheet, declared, table, layer, problems)
            first = made.setdefault(parameter.address, parameter)
            kind = table.get("type", first.kind)
            if not first.kind == parameter.kind == kind:
                kinds = ", ".join(dict.fromkeys((kind, first.kind, parameter.kind)))
                path = ("parameter", declared.name)
                problems.append(sheet.problem(path, TWO_KINDS, name=declared.name, kinds=kinds))
    found = [*_inner_parameters(layers), *_numbered(sheet)]
    return [*made.values(), *(one for one in found if one.address not in made)]


def _free(sheet: Sheet, tables: dict[str, dict[str, Any]], names: set[str]) -> Iterator[Parameter]:
    """The parameters that no shader has: a `type` makes them. Their range is the kind's, and holds their default."""
    for name, table in tables.items():
        if "type" not in table or name in names:
            continue
        kind = KINDS[table["type"]]
        given = numbers(table["default"]) if _is_number(table.get("default")) else ()
        low, high = min((kind.low, *given)), max((kind.high, *given))
        yield Parameter(
            name=name, kind=table["type"], default=(kind.default,) * kind.width, low=(low,) * kind.width,
            high=(high,) * kind.width, layer=table.get("layer", ""), file=sheet.file,
            line=sheet.lines.get(("parameter", name), 0),
        )  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float | list)


def _declares(layer: Layer) -> Iterator[Parameter]:
    """The inputs of a layer's shader that are parameters of the scene."""
    return (one for one in layer.shader.parameters if one.name not in layer.fixed)


def _scene_wide(every: list[Layer]) -> set[str]:
    """The inputs of the artist's own shaders; those of a text or an image are the layer's alone."""
    return {one.name for layer in every if not layer.own for one in _declares(layer)}


def _meant(table: dict[str, Any], layer: Layer) -> dict[str, Any]:
    """What `[parameter.x]` says of this layer's x: nothing where it names another layer, or where its `type` makes a
    parameter of the scene and the layer's x is its own."""
    if "layer" in table:
        return table if table["layer"] == layer.name else {}
    return {} if layer.own and "type" in table else table


def _tabled(
    sheet: Sheet, declared: Parameter, table: dict[str, Any], layer: Layer, problems: list[Problem]
) -> Parameter:
    """A parameter with what its table says."""
    alone = layer.own or bool(declared.layer) or "layer" in table
    return _declared(sheet, declared, table, layer if alone else None, problems)


def _controls(sheet: Sheet, layer: Layer, several: bool, names: set[str]) -> Iterator[Parameter]:
    """The keys of a layer that are parameters of its own; a shader's input of the same name comes before."""
    ranges = {"opacity": (0.0, 1.0), "position": (-1.0, 1.0), "scale": (0.0, 4.0), "rotation": (-180.0, 180.0)}
    for name, width in CONTROLS.items():
        if name in names or not (name in layer.controls or (name == "opacity" and several)):
            continue
        low, high = ranges.get(name, (0.0, 1.0))
        value = getattr(layer, name)
        default = value if isinstance(value, tuple) else (value,)
        yield Parameter(
            name=name, kind="point2D" if width == 2 else "float", layer=layer.name, default=default,
            low=tuple(min(low, n) for n in default), high=tuple(max(high, n) for n in default),
            unit="°" if name == "rotation" else "", file=sheet.file,
        )  # fmt: skip


def _inner_parameters(layers: list[Layer]) -> Iterator[Parameter]:
    """What the scenes that are layers expose, below the layer's name."""
    for layer in layers:
        for one in layer.scene.parameters if layer.scene else ():
            yield msgspec.structs.replace(one, layer=f"{layer.name}/{one.layer}" if one.layer else layer.name)


def _numbered(sheet: Sheet) -> Iterator[Parameter]:
    """The parameters of `[data.x]`: one for each person, each sample, each band, numbered from 1."""
    for name, table in sheet.data.get("data", {}).items():
        if table["kind"] == "trace":
            continue
        kind = "color" if table["kind"] == "people" else "float"
        count = table.get("count", COUNTS[table["kind"]])
        low = -1.0 if table["kind"] == "audio" else 0.0
        width = KINDS[kind].width
        for number in range(1, count + 1):
            yield Parameter(
                name=str(number), layer=name, kind=kind, default=(0.0,) * width, low=(low,) * width,
                high=(1.0,) * width, share=table.get("share", ""), smooth=float(table.get("smooth", 0.0)),
                file=sheet.file, line=sheet.lines.get(("data", name), 0),
            )  # fmt: skip


def _misnamed(
    sheet: Sheet, tables: dict[str, dict[str, Any]], layers: list[Layer], names: set[str]
) -> Iterator[Problem]:
    """Each `[parameter.x]` whose x no shader has, or whose `layer` is none of the scene's."""
    known = [layer.name for layer in layers]
    for name, table in tables.items():
        if name not in names:
            yield unknown(sheet, ("parameter", name), name, names)
        elif table.get("layer", known[0]) not in known:
            fill = {"name": table["layer"], "known": one_of(known), "hint": hint(table["layer"], known)}
            yield sheet.problem(("parameter", name, "layer"), NO_LAYER, **fill)


def _declared(
    sheet: Sheet, parameter: Parameter, table: dict[str, Any], layer: Layer | None, problems: list[Problem]
) -> Parameter:
    path = ("parameter", parameter.name)
    changes: dict[str, Any] = {key: table[key] for key in ("share", "unit", "curve") if key in table}
    changes |= {key: float(table[key]) for key in ("smooth", "step", "ttl", "importance") if key in table}
    changes |= shown_by(sheet, parameter, table, problems)
    if "label" in table:
        changes["label"] = words(table["label"], parameter.name)
    for key, field in (("min", "low"), ("max", "high"), ("default", "default")):
        if key in table:
            changes[field] = fitted(sheet, (*path, key), parameter, table[key], problems)
    if layer is not None:
        changes["layer"] = layer.name
    made = msgspec.structs.replace(parameter, **changes)
    return msgspec.structs.replace(made, default=made.clamp(made.default))


def fitted(sheet: Sheet, path: Path, parameter: Parameter, value: Any, problems: list[Problem]) -> tuple[float, ...]:
    """A user's value as the parameter's numbers; one number fills a colour's or a point's parts alike."""
    if isinstance(value, str | dict):
        problems.append(sheet.problem(path, NO_NUMBER, name=parameter.name, found=shown(value)))
        return parameter.default
    given = numbers(value) if isinstance(value, list) else numbers(value) * parameter.width
    if len(given) == 3 and parameter.kind == "color":
        given = (*given, 1.0)
    if len(given) != parameter.width:
        problems.append(sheet.problem(path, WIDTH, name=parameter.name, width=parameter.width, found=len(given)))
        return parameter.default
    return given


def unknown(sheet: Sheet, path: Path, name: str, known: set[str]) -> Problem:
    """The problem of a parameter that is not there, with the nearest that is."""
    return sheet.problem(path, NO_PARAMETER, name=name, known=one_of(sorted(known)), hint=hint(name, known, REMOVE))
