"""A `scene.toml` as a scene: the shape of its table, and every way in which it can be at fault.

The texts of its shaders are handed in by whoever reads files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec

from installation.score import isf
from installation.score.layout import COMPANY
from installation.score.lines import Path
from installation.score.parameter import RULES, Parameter
from installation.score.patch import CURVES, PATCH, patches
from installation.score.problem import REMOVE, Fault, Problem, Row, hint, one_of
from installation.score.scene import BLENDS, BUILT_IN, TWIN, Company, Find, Layer, Scene, Source, digest_of, of_twin
from installation.score.table import (
    VALUE,
    WORDS,
    Choice,
    ListOf,
    Number,
    Sheet,
    Table,
    TableOf,
    Text,
    numbers,
    read,
    words,
)

_COMPANY = Table({"fade": Number(0, 600)}, free=VALUE)
SCENE = Table(
    {
        "title": WORDS,
        "description": WORDS,
        "credit": Text(),
        "period": Number(1, 86400),
        "layer": ListOf(
            Table(
                {"shader": Text(), "name": Text(), "blend": Choice(BLENDS), "opacity": Number(0, 1)},
                required=("shader",),
            ),
            least=1,
        ),
        "parameter": TableOf(
            Table(
                {
                    "share": Choice(RULES),
                    "smooth": Number(0, 600),
                    "step": Number(0, 1),
                    "min": VALUE,
                    "max": VALUE,
                    "default": VALUE,
                    "label": WORDS,
                    "unit": Text(),
                    "curve": Choice(tuple(CURVES)),
                    "layer": Text(),
                }
            )
        ),
        "patch": ListOf(PATCH),
        **{state: _COMPANY for state in COMPANY},
    },
    required=("layer",),
)

NO_SHADER = Row(
    en=('no shader "{name}"', "a file under shaders/ or beside the scene", "correct the path, or add the file"),
    fr=(
        "shader « {name} » introuvable",
        "un fichier sous shaders/ ou à côté de la scène",
        "corrigez le chemin ou ajoutez le fichier",
    ),
)
TWO_LAYERS = Row(
    en=('two layers are named "{name}"', "a name for each layer", 'give one of them `name = "…"`'),
    fr=("deux couches s'appellent « {name} »", "un nom par couche", 'donnez à l\'une `name = "…"`'),
)
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
NOT_SHARED = Row(
    en=(
        'the shader reads "{name}_twin", but "{name}" is not shared',
        "a share rule",
        'add `share = "each"` to [parameter.{name}]',
    ),
    fr=(
        "le shader lit « {name}_twin », mais « {name} » n'est pas partagé",
        "une règle de partage",
        'ajoutez `share = "each"` à [parameter.{name}]',
    ),
)
NO_ALONE = Row(
    en=(
        "the scene reads the twin but does not say what it does alone",
        "a table [alone]",
        "add [alone], with what changes when nobody is there",
    ),
    fr=(
        "la scène lit l'autre ville mais ne dit pas ce qu'elle fait seule",
        "une table [alone]",
        "ajoutez [alone], avec ce qui change quand personne n'est là-bas",
    ),
)


def from_toml(name: str, source: Source, find: Find) -> Scene:
    """A `scene.toml` as a scene; `find` gives a shader's text by the path that the scene names.

    Raises Fault with every problem of the table and of its shaders.
    """
    sheet, problems = read(source.text, source.file, SCENE)
    if problems:
        raise Fault(problems)
    sources, layers = _layers(sheet, find, problems)
    if problems:
        raise Fault(problems)
    parameters = _parameters(sheet, layers, problems)
    known = {parameter.address: parameter for parameter in parameters}
    by_name = {_short(parameter): parameter for parameter in parameters}
    company = _company(sheet, by_name, problems)
    bay = patches(sheet, {**by_name, **known}, problems)
    _twin_is_composed(sheet, layers, parameters, problems)
    if problems:
        raise Fault(problems)
    return Scene(
        name=name,
        title=words(sheet.data.get("title"), name),
        layers=tuple(layers),
        parameters=tuple(parameters),
        patches=bay,
        company=company,
        period=float(sheet.data.get("period", 0.0)),
        files=(source.file, *(found.file for found in sources)),
        digest=digest_of([source, *sources]),
    )


def _short(parameter: Parameter) -> str:
    return parameter.address.removeprefix("/scene/")


def _layers(sheet: Sheet, find: Find, problems: list[Problem]) -> tuple[list[Source], list[Layer]]:
    sources: list[Source] = []
    layers: list[Layer] = []
    for index, table in enumerate(sheet.data["layer"]):
        path = ("layer", index)
        name = table.get("name", PurePosixPath(table["shader"]).stem)
        if any(layer.name == name for layer in layers):
            problems.append(sheet.problem((*path, "shader"), TWO_LAYERS, name=name))
        source = find(table["shader"])
        if source is None:
            problems.append(sheet.problem((*path, "shader"), NO_SHADER, name=table["shader"]))
            continue
        try:
            shader = isf.read(source.text, source.file, beside=source.beside)
        except Fault as fault:
            problems += fault.problems
            continue
        sources += [source, *shader.companions]
        blend, opacity = table.get("blend", "over"), float(table.get("opacity", 1.0))
        layers.append(Layer(name=name, file=source.file, shader=shader, blend=blend, opacity=opacity))
    return sources, layers


def _parameters(sheet: Sheet, layers: list[Layer], problems: list[Problem]) -> list[Parameter]:
    """The scene's parameters in the order of its layers, each with what `[parameter.x]` says of it."""
    tables: dict[str, dict[str, Any]] = sheet.data.get("parameter", {})
    names = {parameter.name for layer in layers for parameter in layer.shader.parameters}
    problems += _misnamed(sheet, tables, layers, names)
    made: dict[str, Parameter] = {}
    for layer in layers:
        for declared in layer.shader.parameters:
            if declared.name in BUILT_IN or of_twin(declared.name, names):
                continue
            table = tables.get(declared.name, {})
            own = table.get("layer", layer.name) == layer.name
            parameter = _declared(
                sheet, declared, table if own else {}, layer if "layer" in table and own else None, problems
            )
            first = made.setdefault(parameter.address, parameter)
            if first.kind != parameter.kind:
                kinds = f"{first.kind}, {parameter.kind}"
                path = ("parameter", declared.name)
                problems.append(sheet.problem(path, TWO_KINDS, name=declared.name, kinds=kinds))
    if len(layers) > 1:
        for layer in layers:
            if "opacity" not in {parameter.name for parameter in layer.shader.parameters}:
                opacity = Parameter(name="opacity", layer=layer.name, default=(layer.opacity,), file=sheet.file)
                made.setdefault(opacity.address, opacity)
    return list(made.values())


def _misnamed(
    sheet: Sheet, tables: dict[str, dict[str, Any]], layers: list[Layer], names: set[str]
) -> Iterator[Problem]:
    """Each `[parameter.x]` whose x no shader has, or whose `layer` is none of the scene's."""
    known = [layer.name for layer in layers]
    for name, table in tables.items():
        if name not in names:
            yield _unknown(sheet, ("parameter", name), name, names)
        elif table.get("layer", known[0]) not in known:
            fill = {"name": table["layer"], "known": one_of(known), "hint": hint(table["layer"], known)}
            yield sheet.problem(("parameter", name, "layer"), NO_LAYER, **fill)


def _declared(
    sheet: Sheet, parameter: Parameter, table: dict[str, Any], layer: Layer | None, problems: list[Problem]
) -> Parameter:
    path = ("parameter", parameter.name)
    changes: dict[str, Any] = {key: table[key] for key in ("share", "unit", "curve") if key in table}
    changes |= {key: float(table[key]) for key in ("smooth", "step") if key in table}
    if "label" in table:
        changes["label"] = words(table["label"], parameter.name)
    for key, field in (("min", "low"), ("max", "high"), ("default", "default")):
        if key in table:
            changes[field] = _fitted(sheet, (*path, key), parameter, table[key], problems)
    if layer is not None:
        changes["layer"] = layer.name
    made = msgspec.structs.replace(parameter, **changes)
    return msgspec.structs.replace(made, default=made.clamp(made.default))


def _fitted(sheet: Sheet, path: Path, parameter: Parameter, value: Any, problems: list[Problem]) -> tuple[float, ...]:
    """A user's value as the parameter's numbers; one number fills a colour's or a point's parts alike."""
    given = numbers(value) if isinstance(value, list) else numbers(value) * parameter.width
    if len(given) == 3 and parameter.kind == "color":
        given = (*given, 1.0)
    if len(given) != parameter.width:
        problems.append(sheet.problem(path, WIDTH, name=parameter.name, width=parameter.width, found=len(given)))
        return parameter.default
    return given


def _company(sheet: Sheet, by_name: dict[str, Parameter], problems: list[Problem]) -> dict[str, Company]:
    made: dict[str, Company] = {}
    for state in COMPANY:
        table = sheet.data.get(state)
        if table is None:
            continue
        values: dict[str, tuple[float, ...]] = {}
        for name, value in table.items():
            if name == "fade":
                continue
            address, parameter = _meant(name, by_name)
            if parameter is None:
                problems.append(_unknown(sheet, (state, name), name, set(by_name)))
                continue
            values[address] = _fitted(sheet, (state, name), parameter, value, problems)
        made[state] = Company(values=values, fade=float(table.get("fade", 3.0)))
    return made


def _meant(name: str, by_name: dict[str, Parameter]) -> tuple[str, Parameter | None]:
    """The address that a company table names: a parameter's, or `x_twin` for what stands in for the other's x."""
    if name in by_name:
        return by_name[name].address, by_name[name]
    stem = name.removesuffix(TWIN)
    parameter = by_name.get(stem)
    if stem == name or parameter is None or not parameter.share:
        return "", None
    return f"/twin/*/{_short(parameter)}", parameter


def _unknown(sheet: Sheet, path: Path, name: str, known: set[str]) -> Problem:
    """The problem of a parameter that is not there, with the nearest that is."""
    return sheet.problem(path, NO_PARAMETER, name=name, known=one_of(sorted(known)), hint=hint(name, known, REMOVE))


def _twin_is_composed(sheet: Sheet, layers: list[Layer], parameters: list[Parameter], problems: list[Problem]) -> None:
    """A scene that reads the other city shares what it reads, and says what it does without it."""
    shared = {parameter.name for parameter in parameters if parameter.share}
    for name in _read_of_twin(layers):
        if name not in shared:
            problems.append(sheet.problem(("parameter", name), NOT_SHARED, name=name))
        elif "alone" not in sheet.data:
            problems.append(sheet.problem((), NO_ALONE))
            return


def _read_of_twin(layers: list[Layer]) -> Iterator[str]:
    names = {parameter.name for layer in layers for parameter in layer.shader.parameters}
    for name in sorted(names):
        if of_twin(name, names) and name not in BUILT_IN:
            yield name.removesuffix(TWIN)
