"""A `scene.toml` as a scene: what its table means, and every way in which it can be at fault.

The texts of its shaders are handed in by whoever reads files; `scene_table` has the shape, `layer_file` the layers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from installation.score.layer_file import CONTROLS, gathered
from installation.score.layer_file import transition as how_it_comes
from installation.score.layout import COMPANY
from installation.score.lines import Path
from installation.score.parameter import KINDS, Parameter
from installation.score.patch import Patch, patches
from installation.score.preset import BAD_PRESET, NAME, Preset, handles
from installation.score.problem import REMOVE, Fault, Problem, Row, Two, hint, one_of
from installation.score.scene import BUILT_IN, TWIN, Company, Data, Layer, Scene, Shelf, Source, digest_of, of_twin
from installation.score.scene_table import SCENE
from installation.score.table import UNKNOWN, Sheet, heading, numbers, read, words

MOVE_UP = Two(
    "write it above the first [[layer]], or under a heading of its own",
    "écrivez-le au-dessus du premier [[layer]], ou sous un titre à lui",
)
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


def from_toml(name: str, source: Source, shelf: Shelf) -> Scene:
    """A `scene.toml` as a scene; its files are found on `shelf`.

    Raises Fault with every problem of the table and of its shaders.
    """
    sheet, problems = read(source.text, source.file, SCENE)
    if problems:
        raise Fault(map(_moved_up, problems))
    return from_table(name, sheet, source, shelf)


def _moved_up(problem: Problem) -> Problem:
    """A key of the scene that stands below a heading belongs to that heading, as TOML has it: say so."""
    if problem.row is UNKNOWN and problem.words["name"] in SCENE.keys and problem.words["where"] != heading(()):
        return problem._replace(words={**problem.words, "hint": MOVE_UP})
    return problem


def from_table(name: str, sheet: Sheet, source: Source, shelf: Shelf) -> Scene:
    """A scene from a table that has the shape SCENE, wherever it was written. Raises Fault."""
    problems: list[Problem] = []
    sources, layers = gathered(sheet, shelf, problems)
    more, transition, seconds = how_it_comes(sheet, shelf, problems)
    if problems:
        raise Fault(problems)
    parameters = _parameters(sheet, layers, problems)
    known = {parameter.address: parameter for parameter in parameters}
    by_name = {_short(parameter): parameter for parameter in parameters}
    company = _company(sheet, by_name, problems)
    presets = _presets(sheet, by_name, problems)
    bay = patches(sheet, {**by_name, **known, **handles(presets)}, problems)
    data = _data(sheet, by_name, problems)
    _twin_is_composed(sheet, layers, parameters, problems)
    if problems:
        raise Fault(problems)
    every = [source, *sources, *more]
    return Scene(
        name=name,
        title=words(sheet.data.get("title"), name),
        layers=tuple(layers),
        parameters=tuple(parameters),
        patches=(*bay, *_inner_patches(layers)),
        company=_with_inner(company, layers),
        presets=presets,
        period=float(sheet.data.get("period", 0.0)),
        time=sheet.data.get("time", ""),
        seed=sheet.data.get("seed", 0),
        light=sheet.data.get("light", "display"),
        composed=True,
        dither=sheet.data.get("dither", True),
        transition=transition,
        seconds=seconds,
        data=data,
        files=tuple(dict.fromkeys(file for one in every for file in (one.file, *one.others))),
        digest=digest_of(every),
    )


def _short(parameter: Parameter) -> str:
    return parameter.address.removeprefix("/scene/")


def _parameters(sheet: Sheet, layers: list[Layer], problems: list[Problem]) -> list[Parameter]:
    """The scene's parameters in the order of its layers, each with what `[parameter.x]` says of it."""
    tables: dict[str, dict[str, Any]] = sheet.data.get("parameter", {})
    every = [one for layer in layers for one in (layer, *layer.filters)]
    names = {parameter.name for layer in every for parameter in _declares(layer)}
    controls = {one.name for layer in layers for one in _controls(sheet, layer, len(layers) > 1, names)}
    free = {one.name: one for one in _free(sheet, tables, names | controls)}
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
            parameter = _tabled(sheet, declared, tables.get(declared.name, {}), layer, problems)
            first = made.setdefault(parameter.address, parameter)
            kind = tables.get(declared.name, {}).get("type", first.kind)
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
        given = numbers(table["default"]) if "default" in table else ()
        low, high = min((kind.low, *given)), max((kind.high, *given))
        yield Parameter(
            name=name, kind=table["type"], default=(kind.default,) * kind.width, low=(low,) * kind.width,
            high=(high,) * kind.width, layer=table.get("layer", ""), file=sheet.file,
            line=sheet.lines.get(("parameter", name), 0),
        )  # fmt: skip


def _declares(layer: Layer) -> Iterator[Parameter]:
    """The inputs of a layer's shader that are parameters of the scene."""
    return (one for one in layer.shader.parameters if one.name not in layer.fixed)


def _tabled(
    sheet: Sheet, declared: Parameter, table: dict[str, Any], layer: Layer, problems: list[Problem]
) -> Parameter:
    """A parameter with what its table says, if the table means this layer."""
    meant = table.get("layer", layer.name) == layer.name
    alone = layer.own or bool(declared.layer) or ("layer" in table and meant)
    return _declared(sheet, declared, table if meant else {}, layer if alone else None, problems)


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


def _inner_patches(layers: list[Layer]) -> Iterator[Patch]:
    for layer in layers:
        for one in layer.scene.patches if layer.scene else ():
            yield msgspec.structs.replace(one, target=_below(layer, one.target))


def _below(layer: Layer, address: str) -> str:
    """An inner scene's address as the scene that holds it has it."""
    head = "/twin/*" if address.startswith("/twin/*") else "/scene"
    return f"{head}/{layer.name}{address.removeprefix(head)}"


def _with_inner(company: dict[str, Company], layers: list[Layer]) -> dict[str, Company]:
    """The states of company with what the scenes that are layers do in them; what the scene itself says wins."""
    made = dict(company)
    for layer in layers:
        for state, theirs in (layer.scene.company if layer.scene else {}).items():
            ours = made.get(state, Company(fade=theirs.fade))
            values = {_below(layer, address): numbers for address, numbers in theirs.values.items()}
            made[state] = Company(values=values | ours.values, fade=ours.fade)
    return made


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


def _data(sheet: Sheet, by_name: dict[str, Parameter], problems: list[Problem]) -> dict[str, Data]:
    """The tables of values that are textures."""
    made: dict[str, Data] = {}
    for name, table in sheet.data.get("data", {}).items():
        kind, of = table["kind"], table.get("of", "")
        if kind == "trace" and of.removesuffix(TWIN) not in by_name:
            path = ("data", name, "of") if of else ("data", name)
            problems.append(_unknown(sheet, path, of or "of", _with_twins(by_name)))
            continue
        count = table.get("count", COUNTS[kind])
        made[name] = Data(kind=kind, of=of, seconds=float(table.get("seconds", 4.0)), count=count)
    return made


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
        for path, name, value in _settings(table, (state,), ("fade",)):
            address, parameter = _meant(name, by_name)
            if parameter is None:
                problems.append(_unknown(sheet, path, name, _with_twins(by_name)))
                continue
            values[address] = _fitted(sheet, path, parameter, value, problems)
        made[state] = Company(values=values, fade=float(table.get("fade", 3.0)))
    return made


def _settings(
    table: dict[str, Any], path: Path, but: tuple[str, ...] = (), below: str = ""
) -> Iterator[tuple[Path, str, Any]]:
    """Where each value of a table stands, the parameter that it names and itself: `sea.opacity` is `sea/opacity`."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _settings(value, (*path, name), (), f"{below}{name}/")
        elif name not in but:
            yield (*path, name), f"{below}{name}", value


def _with_twins(by_name: dict[str, Parameter]) -> set[str]:
    """The names that a table may use, those of the other city among them."""
    return {*by_name, *(f"{name}{TWIN}" for name, one in by_name.items() if one.share)}


def _presets(sheet: Sheet, by_name: dict[str, Parameter], problems: list[Problem]) -> tuple[Preset, ...]:
    """The tables `[preset.NAME]`, in the file's order."""
    made = []
    for name, table in sheet.data.get("preset", {}).items():
        if not NAME.fullmatch(name):
            problems.append(sheet.problem(("preset", name), BAD_PRESET, name=name))
        values: dict[str, tuple[float, ...]] = {}
        for path, key, value in _settings(table, ("preset", name), ("label", "fade")):
            parameter = by_name.get(key)
            if parameter is None:
                problems.append(_unknown(sheet, path, key, set(by_name)))
                continue
            fitted = _fitted(sheet, path, parameter, value, problems)
            values[parameter.address] = parameter.clamp(fitted)
        label = words(table.get("label"), name)
        made.append(Preset(name=name, label=label, values=values, fade=float(table.get("fade", 1.0))))
    return tuple(made)


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
    every = [one for layer in layers for one in (layer, *layer.filters)]
    names = {parameter.name for layer in every for parameter in layer.shader.parameters}
    for name in sorted(names):
        if of_twin(name, names) and name not in BUILT_IN:
            yield name.removesuffix(TWIN)
