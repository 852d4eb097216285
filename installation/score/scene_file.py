"""A `scene.toml` as a scene: what its table means, and every way in which it can be at fault.

The texts of its shaders are handed in by whoever reads files; `scene_table` has the shape, `layer_file` the layers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from installation.score.echo import NO_TAKE, NOT_NOW, NOT_THEIRS, SILENT, is_echo, seconds
from installation.score.following import follows, strange_sources
from installation.score.layer_file import gathered
from installation.score.layer_file import transition as how_it_comes
from installation.score.layout import COMPANY
from installation.score.lines import Path
from installation.score.parameter import Parameter
from installation.score.patch import Patch, patches
from installation.score.preset import BAD_PRESET, NAME, Preset, handles
from installation.score.problem import Fault, Problem, Row, Two
from installation.score.scene import BUILT_IN, TWIN, Company, Data, Layer, Scene, Shelf, Source, digest_of, of_twin
from installation.score.scene_parameters import COUNTS, fitted, parameters_of, unknown
from installation.score.scene_table import SCENE
from installation.score.scene_texts import given, sources_are_there, texts_of
from installation.score.table import UNKNOWN, Sheet, heading, read, words
from installation.score.tempo import music

MOVE_UP = Two(
    "write it above the first [[layer]], or under a heading of its own",
    "écrivez-le au-dessus du premier [[layer]], ou sous un titre à lui",
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
    more, transition, length = how_it_comes(sheet, shelf, problems)
    take = _echo_take(sheet, shelf, problems)
    if problems:
        raise Fault(problems)
    parameters = parameters_of(sheet, layers, problems)
    texts = texts_of(sheet, layers, problems)
    problems += sources_are_there(layers, texts)
    known = {parameter.address: parameter for parameter in (*parameters, *texts)}
    by_name = {_short(parameter): parameter for parameter in parameters}
    spoken = {_short(parameter): parameter for parameter in texts}
    company = _company(sheet, by_name, problems)
    presets = _presets(sheet, by_name, spoken, problems)
    bay = patches(sheet, {**by_name, **spoken, **known, **handles(presets)}, problems)
    bay += follows(sheet, parameters)
    problems += strange_sources(sheet, bay, known)
    data = _data(sheet, by_name, problems)
    _twin_is_composed(sheet, layers, [*parameters, *texts], problems)
    if problems:
        raise Fault(problems)
    every = [source, *sources, *more, *take]
    return Scene(
        name=name,
        title=words(sheet.data.get("title"), name),
        layers=tuple(layers),
        parameters=tuple(parameters),
        patches=(*bay, *_inner_patches(layers)),
        company=_with_inner(company, layers),
        presets=presets,
        texts=tuple(texts),
        period=float(sheet.data.get("period", 0.0)),
        time=sheet.data.get("time", ""),
        seed=sheet.data.get("seed", 0),
        light=sheet.data.get("light", "display"),
        composed=True,
        dither=sheet.data.get("dither", True),
        transition=transition,
        seconds=length,
        data=data,
        echo_take=take[0].file if take else "",
        music=music(sheet.data.get("music")),
        files=tuple(dict.fromkeys(file for one in every for file in (one.file, *one.others))),
        digest=digest_of(every),
    )


def _short(parameter: Parameter) -> str:
    return parameter.address.removeprefix("/scene/")


def _inner_patches(layers: list[Layer]) -> Iterator[Patch]:
    for layer in layers:
        own = {one.address for one in layer.scene.parameters} if layer.scene else set()
        for one in layer.scene.patches if layer.scene else ():
            source = _below(layer, one.source) if one.source in own else _there(layer, one.source, own)
            yield msgspec.structs.replace(one, source=source, target=_below(layer, one.target))


def _there(layer: Layer, source: str, own: set[str]) -> str:
    """An inner scene's `/twin/SITE/x` as the scene that holds it has it; any other address stays."""
    _, head, *rest = [*source.split("/", 3), "", "", ""][:4]
    if head != "twin" or f"/scene/{rest[1]}" not in own:
        return source
    return f"/twin/{rest[0]}/{layer.name}/{rest[1]}"


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
            echoes = {_below(layer, address): back for address, back in theirs.echoes.items()}
            echoes = {address: back for address, back in echoes.items() if address not in ours.values}
            made[state] = Company(values=values | ours.values, fade=ours.fade, echoes=echoes | ours.echoes)
    return made


def _data(sheet: Sheet, by_name: dict[str, Parameter], problems: list[Problem]) -> dict[str, Data]:
    """The tables of values that are textures."""
    made: dict[str, Data] = {}
    for name, table in sheet.data.get("data", {}).items():
        kind, of = table["kind"], table.get("of", "")
        if kind == "trace" and of.removesuffix(TWIN) not in by_name:
            path = ("data", name, "of") if of else ("data", name)
            problems.append(unknown(sheet, path, of or "of", _with_twins(by_name)))
            continue
        count = table.get("count", COUNTS[kind])
        made[name] = Data(kind=kind, of=of, seconds=float(table.get("seconds", 4.0)), count=count)
    return made


def _company(sheet: Sheet, by_name: dict[str, Parameter], problems: list[Problem]) -> dict[str, Company]:
    made: dict[str, Company] = {}
    for state in COMPANY:
        table = sheet.data.get(state)
        if table is None:
            continue
        values: dict[str, tuple[float, ...]] = {}
        echoes: dict[str, float] = {}
        for path, name, value in _settings(table, (state,), ("fade",)):
            address, parameter = _meant(name, by_name)
            if parameter is None:
                problems.append(unknown(sheet, path, name, _with_twins(by_name)))
            elif is_echo(value):
                values[address], echoes[address] = parameter.default, seconds(value["echo"]) or 0.0
                problems += _no_echo(sheet, path, state, name, address)
            else:
                values[address] = fitted(sheet, path, parameter, value, problems)
        made[state] = Company(values=values, fade=float(table.get("fade", 3.0)), echoes=echoes)
    return made


def _no_echo(sheet: Sheet, path: Path, state: str, name: str, address: str) -> Iterator[Problem]:
    """Why an echo cannot be here: it is of the other city alone, and only while that is not here itself."""
    if not address.startswith("/twin/"):
        yield sheet.problem(path, NOT_THEIRS, name=name, twin=f"{name}{TWIN}")
    elif state == "together":
        yield sheet.problem(path, NOT_NOW)


def silent(scene: Scene) -> list[Problem]:
    """What is to be known of a scene that echoes and ships no take: on its first day nothing is there to be heard."""
    echoes = any(company.echoes for company in scene.company.values())
    return [Problem(scene.files[0], 0, SILENT, {})] if echoes and not scene.echo_take else []


def _echo_take(sheet: Sheet, shelf: Shelf, problems: list[Problem]) -> list[Source]:
    """The take that the scene ships for its echoes, if it does."""
    name = sheet.data.get("echo_take", "")
    found = shelf.file(name) if name else None
    if name and found is None:
        problems.append(sheet.problem(("echo_take",), NO_TAKE, name=name))
    return [found] if found else []


def _settings(
    table: dict[str, Any], path: Path, but: tuple[str, ...] = (), below: str = ""
) -> Iterator[tuple[Path, str, Any]]:
    """Where each value of a table stands, the parameter that it names and itself: `sea.opacity` is `sea/opacity`."""
    for name, value in table.items():
        if name in but:
            continue
        if isinstance(value, dict) and not is_echo(value):
            yield from _settings(value, (*path, name), (), f"{below}{name}/")
        else:
            yield (*path, name), f"{below}{name}", value


def _with_twins(by_name: dict[str, Parameter]) -> set[str]:
    """The names that a table may use, those of the other city among them."""
    return {*by_name, *(f"{name}{TWIN}" for name, one in by_name.items() if one.share)}


def _presets(
    sheet: Sheet, by_name: dict[str, Parameter], spoken: dict[str, Parameter], problems: list[Problem]
) -> tuple[Preset, ...]:
    """The tables `[preset.NAME]`, in the file's order."""
    made = []
    for name, table in sheet.data.get("preset", {}).items():
        if not NAME.fullmatch(name):
            problems.append(sheet.problem(("preset", name), BAD_PRESET, name=name))
        values: dict[str, tuple[float, ...]] = {}
        said = {key: value for key, value in table.items() if key in spoken}
        texts = {
            spoken[key].address: given(sheet, ("preset", name, key), key, value, problems)
            for key, value in said.items()
        }
        for path, key, value in _settings(table, ("preset", name), ("label", "fade", *said)):
            parameter = by_name.get(key)
            if parameter is None:
                problems.append(unknown(sheet, path, key, {*by_name, *spoken}))
                continue
            values[parameter.address] = parameter.clamp(fitted(sheet, path, parameter, value, problems))
        label = words(table.get("label"), name)
        made.append(Preset(name=name, label=label, values=values, fade=float(table.get("fade", 1.0)), texts=texts))
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
    names = {one.name for layer in every for one in layer.shader.parameters if one.name not in layer.fixed}
    said = {one.said for layer in every for one in layer.pictures.values() if one.said.endswith(TWIN)}
    yield from sorted(name.removesuffix(TWIN) for name in said)
    for name in sorted(names):
        if of_twin(name, names) and name not in BUILT_IN:
            yield name.removesuffix(TWIN)
