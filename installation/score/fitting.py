"""Whether a rig fits what it is to run with: its devices their drivers, its values and patches the scene.

It knows no driver: the annotations of a constructor, read by whoever may import `hardware`, are all it sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, get_origin

from installation.score.lines import Path
from installation.score.parameter import Parameter
from installation.score.patch import Patch, patches
from installation.score.problem import Problem, Row, Two, hint, one_of
from installation.score.rig import Device, Rig
from installation.score.table import Flag, Number, Sheet, Text, shown

NO_DRIVER = Row(
    en=('[{table}.{name}] has no driver "{found}"', "{known}", "{hint}"),
    fr=("pilote « {found} » inconnu dans [{table}.{name}]", "{known}", "{hint}"),
)
NO_OPTION = Row(
    en=('[{table}.{name}] has no option "{found}"', "{known}", "{hint}"),
    fr=("[{table}.{name}] n'a pas d'option « {found} »", "{known}", "{hint}"),
)
NEEDS_OPTION = Row(
    en=('[{table}.{name}] has no "{found}"', "an option that the driver needs", "add `{found} = …`"),
    fr=("il manque « {found} » dans [{table}.{name}]", "une option nécessaire au pilote", "ajoutez `{found} = …`"),
)
WRONG_OPTION = Row(
    en=("[{table}.{name}] has `{option}` = {found}", "{expected}", "change it"),
    fr=("[{table}.{name}] a `{option}` = {found}", "{expected}", "corrigez la valeur"),
)
_TYPES: dict[Any, tuple[tuple[type, ...], Two]] = {
    int: ((int,), Number(whole=True).expected()),
    float: ((int, float), Number().expected()),
    str: ((str,), Text().expected()),
    bool: ((bool,), Flag().expected()),
    list: ((list,), Two("a list", "une liste")),
}
"""For each annotation of a constructor, what TOML may give for it, and how that is called."""


class Option(NamedTuple):
    """One option that a driver's constructor takes."""

    kind: Any
    required: bool


def drivers_fit(found: Rig, kind: str, known: dict[str, dict[str, Option] | None]) -> list[Problem]:
    """Problems of the `[device.*]` or `[output.*]` tables, given each driver's options by name; None is not judged."""
    problems: list[Problem] = []
    for device in found.devices if kind == "device" else found.outputs:
        path: Path = (kind, device.name)
        fill = {"table": kind, "name": device.name}
        if device.driver not in known:
            words = {"found": device.driver, "known": one_of(known), "hint": hint(device.driver, known), **fill}
            problems.append(found.sheet.problem((*path, "driver"), NO_DRIVER, **words))
            continue
        options = known[device.driver]
        if options is not None:
            problems += _options_fit(found.sheet, path, device, options, fill)
    return problems


def _options_fit(
    sheet: Sheet, path: Path, device: Device, options: dict[str, Option], fill: dict[str, str]
) -> list[Problem]:
    problems = []
    words: dict[str, Any]
    for name, value in device.options.items():
        if name not in options:
            words = {"found": name, "known": one_of(options), "hint": hint(name, options), **fill}
            problems.append(sheet.problem((*path, name), NO_OPTION, **words))
            continue
        types, expected = _TYPES.get(get_origin(options[name].kind) or options[name].kind, ((object,), Two("", "")))
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            words = {"option": name, "found": shown(value), "expected": expected, **fill}
            problems.append(sheet.problem((*path, name), WRONG_OPTION, **words))
    for name, option in options.items():
        if option.required and name not in device.options:
            problems.append(sheet.problem(path, NEEDS_OPTION, found=name, **fill))
    return problems


NO_VALUE = Row(
    en=('[values] has "{name}", unknown to the scene {scene}', "{known}", "{hint}"),
    fr=("[values] a « {name} », inconnu de la scène {scene}", "{known}", "{hint}"),
)


def house_lines(rig: Rig, scene: str, parameters: Sequence[Parameter]) -> tuple[tuple[Patch, ...], list[Problem]]:
    """The house's own patches that lead to one of these parameters; a problem for each line that leads elsewhere."""
    known = {p.address.removeprefix("/scene/"): p for p in parameters} | {p.address: p for p in parameters}
    strange: list[Problem] = []
    lines = patches(rig.sheet, known, strange)
    names = [name for name in known if not name.startswith("/")]
    fill = {"scene": scene, "known": one_of(names)}
    strange += [
        rig.sheet.problem(("values", name), NO_VALUE, name=name, hint=hint(name, names), **fill)
        for name in rig.values
        if name not in known and name not in {p.name for p in parameters}
    ]
    return lines, strange
