"""From an event to a target: which address moves which parameter, over which range, along which curve.

Smoothing is not here: it belongs to the parameter and comes after the merge, else each site's tail would always have
touched last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from installation.score.lines import Path
from installation.score.parameter import Parameter
from installation.score.problem import Problem, Row, hint, one_of
from installation.score.table import Choice, ListOf, Number, Sheet, Table, Text
from installation.score.text import TEXT, Words, said

CURVES: dict[str, Callable[[float], float]] = {
    "linear": lambda x: x,
    "exp": lambda x: x * x,
    "log": lambda x: math.sqrt(max(x, 0.0)),
    "smooth": lambda x: x * x * (3 - 2 * x),
}
"""How a position from 0 to 1 is bent on its way: `exp` is slow at first, `log` is quick at first."""

PATCH = Table(
    {
        "from": Text(),
        "to": Text(),
        "in": ListOf(Number(), 2),
        "out": ListOf(Number(), 2),
        "curve": Choice(tuple(CURVES)),
    },
    required=("from", "to"),
)
COMPONENTS = {"point2D": ("x", "y"), "point3D": ("x", "y", "z"), "color": ("r", "g", "b", "a")}

NO_TARGET = Row(
    en=('the patch leads to "{name}", which is no parameter', "{known}", "{hint}"),
    fr=("le patch mène à « {name} », qui n'est pas un paramètre", "{known}", "{hint}"),
)
EMPTY_RANGE = Row(
    en=("`in` begins and ends at {value}", "two different numbers", "give the range the sensor really has"),
    fr=("`in` commence et finit à {value}", "deux nombres différents", "donnez la plage réelle du capteur"),
)
NO_RANGE = Row(
    en=('"{name}" is a text: it has no `{key}`', "`from` and `to` alone", "remove `{key}`"),
    fr=("« {name} » est un texte : il n'a pas de `{key}`", "`from` et `to` seuls", "retirez `{key}`"),
)


class Patch(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the patch: `component` is the number's place in a point or a colour, −1 for the whole value.

    `low` and `high` are in the sensor's unit, `out_low` and `out_high` in the parameter's (None: its own range). Only a
    `ranged` patch maps; else the event's numbers are the parameter's.
    """

    source: str
    target: str
    component: int = -1
    low: float = 0.0
    high: float = 1.0
    out_low: float | None = None
    out_high: float | None = None
    curve: str = "linear"
    ranged: bool = False
    line: int = 0


class Touch(NamedTuple):
    """What an event asks of a parameter: its numbers (or one component's); for an event a rise, for a text words."""

    address: str
    numbers: tuple[float, ...]
    component: int = -1
    words: Words | None = None


def patches(sheet: Sheet, known: dict[str, Parameter], problems: list[Problem]) -> tuple[Patch, ...]:
    """The `[[patch]]` tables of a sheet. `known` maps each name that may stand in `to` to its parameter.

    What is wrong is added to `problems`, and that patch is left out.
    """
    made = []
    for index, table in enumerate(sheet.data.get("patch", [])):
        path = ("patch", index)
        parameter, component = _target(table["to"], known)
        if parameter is None:
            problems.append(_no_target(sheet, (*path, "to"), table["to"], known))
            continue
        ranges = [key for key in ("in", "out", "curve") if key in table]
        if parameter.kind == TEXT and ranges:
            problems.append(sheet.problem((*path, ranges[0]), NO_RANGE, name=table["to"], key=ranges[0]))
            continue
        low, high = table.get("in", (0.0, 1.0))
        if low == high:
            problems.append(sheet.problem((*path, "in"), EMPTY_RANGE, value=low))
            continue
        out = table.get("out", (None, None))
        made.append(
            Patch(
                source=source(table["from"], known),
                target=parameter.address,
                component=component,
                low=float(low),
                high=float(high),
                out_low=out[0],
                out_high=out[1],
                curve=table.get("curve", "linear"),
                ranged="in" in table or "out" in table or "curve" in table,
                line=sheet.lines.get(path, 0),
            )
        )
    return tuple(made)


def source(name: str, known: dict[str, Parameter]) -> str:
    """The address that `from` means: a parameter's own name, or the other city's `x_twin`, stands for its value."""
    stem = name.removesuffix("_twin")
    if not name.startswith("/") and name in known:
        return known[name].address
    if not name.startswith("/") and stem != name and stem in known:
        return f"/twin/twin{known[stem].address.removeprefix('/scene')}"
    return name


def _target(name: str, known: dict[str, Parameter]) -> tuple[Parameter | None, int]:
    if name in known:
        return known[name], -1
    stem, _, part = name.rpartition(".")
    parameter = known.get(stem)
    if parameter is not None and part in COMPONENTS.get(parameter.kind, ()):
        return parameter, COMPONENTS[parameter.kind].index(part)
    return None, -1


def _no_target(sheet: Sheet, path: Path, name: str, known: dict[str, Parameter]) -> Problem:
    names = sorted(key for key in known if not key.startswith("/"))
    return sheet.problem(path, NO_TARGET, name=name, known=one_of(names), hint=hint(name, names))


def taken(parameter: Parameter, value: Sequence[Any]) -> tuple[float, ...] | None:
    """An event's arguments as the parameter's numbers, in its range; None when they do not fit.

    An event parameter's answer is (1.0,) for a rise and None for a release: any message without a number, or with one
    above 0, is a rise, since a button sends 1 and then 0, and a bang sends nothing.
    """
    # Nearly every message is one float to a float: this line halves the cost of a flood.
    if parameter.kind == "float" and len(value) == 1 and type(value[0]) is float and math.isfinite(value[0]):
        return (min(max(value[0], parameter.low[0]), parameter.high[0]),)
    if parameter.kind == TEXT:
        return None
    found = finite(value)
    if parameter.kind == "event":
        return (1.0,) if not found or found[0] > 0 else None
    if parameter.kind == "bool":
        return (1.0 if found[0] > 0.5 else 0.0,) if found else None
    if parameter.kind == "long":
        return (_choice(parameter, found[0]),) if found else None
    if parameter.kind == "color" and len(found) == 3:
        found.append(1.0)
    if len(found) < parameter.width:
        return None
    return parameter.clamp(tuple(found[: parameter.width]))


def finite(value: Iterable[Any]) -> list[float]:
    """The numbers among an event's arguments, those of an array among them; what is no finite number is left out."""
    found: list[float] = []
    for one in value:
        if isinstance(one, (tuple, list)):
            found += finite(one)
        elif isinstance(one, (int, float)) and math.isfinite(one):
            found.append(float(one))
    return found


def _choice(parameter: Parameter, number: float) -> float:
    """The nearest of a long's values; without values, the nearest whole number in range."""
    if parameter.values:
        return float(min(parameter.values, key=lambda v: abs(v - number)))
    return parameter.clamp((float(round(number)),))[0]


class Line(NamedTuple):
    """A patch made ready: the parameter, the component, and the mapping of one number."""

    parameter: Parameter
    component: int
    mapped: Callable[[float], float] | None


class Patchbay:
    """All patches of a scene and its house, found by the event's address.

    A parameter's own address needs no patch: an event there is a touch. `matches(pattern, addresses)` is the OSC
    pattern matcher, handed in; what it found is remembered for each address, at most `LIMIT` of them.
    """

    LIMIT = 4096

    def __init__(
        self,
        parameters: Iterable[Parameter],
        lines: Iterable[Patch],
        matches: Callable[[str, Collection[str]], Iterable[str]],
        values: Collection[str] = (),
    ) -> None:
        """A patch from one of the addresses of `values` is no event's: it is in `wired`, for who knows the values."""
        self.parameters = {parameter.address: parameter for parameter in parameters}
        self._matches, self._values = matches, values
        self._exact: dict[str, list[Line]] = {}
        self._wild: list[tuple[str, Line]] = []
        self.wired: dict[str, list[Line]] = {}
        for patch in lines:
            if patch.target not in self.parameters:
                continue
            line = _line(patch, self.parameters)
            if patch.source in values:
                self.wired.setdefault(patch.source, []).append(line)
            elif is_pattern(patch.source):
                self._wild.append((patch.source, line))
            else:
                self._exact.setdefault(patch.source, []).append(line)
        self._known: dict[str, tuple[Line, ...]] = {}
        self.unmatched: set[str] = set()

    def apply(self, events: Iterable[Any]) -> list[Touch]:
        """The touches of a tick's events (time, address, value), in the order of the events."""
        touches: list[Touch] = []
        known = self._known
        for _, address, value in events:
            lines = known.get(address)
            for line in self._found(address) if lines is None else lines:
                numbers = mapped(line, value)
                if numbers is not None:
                    touches.append(Touch(line.parameter.address, numbers, line.component))
                elif line.parameter.kind == TEXT and (words := said(value)) is not None:
                    touches.append(Touch(line.parameter.address, (), words=words))
        return touches

    def _found(self, address: str) -> tuple[Line, ...]:
        lines = list(self._exact.get(address, ()))
        lines += [line for source, line in self._wild if list(self._matches(source, (address,)))]
        if address in self.parameters:
            lines.append(Line(self.parameters[address], -1, None))
        elif is_pattern(address):
            lines += [Line(self.parameters[name], -1, None) for name in self._matches(address, tuple(self.parameters))]
        if not lines and address not in self._values and len(self.unmatched) < self.LIMIT:
            self.unmatched.add(address)
        if len(self._known) >= self.LIMIT:
            self._known.clear()
        self._known[address] = tuple(lines)
        return self._known[address]


def is_pattern(address: str) -> bool:
    return "//" in address or any(mark in address for mark in "*?[{")


def _line(patch: Patch, parameters: dict[str, Parameter]) -> Line:
    parameter = parameters[patch.target]
    if not patch.ranged:
        return Line(parameter, patch.component, None)
    part = max(patch.component, 0)
    low, span = patch.low, patch.high - patch.low
    first = parameter.low[part] if patch.out_low is None else patch.out_low
    last = parameter.high[part] if patch.out_high is None else patch.out_high
    curve = CURVES[patch.curve]

    def along(number: float) -> float:
        return first + (last - first) * curve(min(max((number - low) / span, 0.0), 1.0))

    return Line(parameter, patch.component, along)


def mapped(line: Line, value: Sequence[Any]) -> tuple[float, ...] | None:
    """An event's numbers as the parameter's; None when they do not fit."""
    parameter = line.parameter
    if line.mapped is not None and parameter.kind == "float" and len(value) == 1 and type(value[0]) is float:
        if not math.isfinite(value[0]):
            return None
        return (min(max(line.mapped(value[0]), parameter.low[0]), parameter.high[0]),)
    if line.mapped is not None:
        value = [line.mapped(number) for number in finite(value)]
        if not value and line.parameter.kind != "event":
            return None
    if line.component < 0:
        return taken(line.parameter, value)
    found = finite(value)
    if not found:
        return None
    part = line.component
    return (min(max(found[0], line.parameter.low[part]), line.parameter.high[part]),)
