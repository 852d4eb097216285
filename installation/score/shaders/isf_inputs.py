"""INPUTS of an ISF header: parameters and pictures.

Where the ISF specification is silent, the rules are those of the reference implementation (VVISF's ISFDoc): MIN and
MAX count only together, a float's default is the middle of its range and is kept within it, a bool's is true, the
rest are 0; a default of the wrong shape counts as none; only a float's default is clamped (decision 0030).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

from installation.score.parameter import KINDS, Parameter
from installation.score.problem import hint, one_of
from installation.score.shaders.header import (
    CHOOSE,
    IDENTIFIER,
    INPUT_KEYS,
    TYPES,
    Log,
    items,
    items_plain,
    known,
    sampling,
    text,
)
from installation.score.shaders.loose_json import Node
from installation.score.shaders.shader import IMAGES, SAMPLING, Image
from installation.score.table import shown

Numbers = tuple[float, ...]
_LOWER = {name.lower(): kind for name, kind in TYPES.items()}


def inputs(header: dict[str, Node], log: Log, used: Callable[[str], bool]) -> Iterable[Parameter | Image]:
    """What INPUTS declares, in its order. `used` tells whether the code speaks of a name."""
    seen: set[str] = set()
    for node in items(header, "INPUTS"):
        if not isinstance(node.value, dict) or "NAME" not in node.value:
            log.warn("shape", node.line, key="INPUTS", found=shown(node.plain()), expected='{"NAME": …, "TYPE": …}')
            continue
        name = text(node.value, "NAME").strip()
        if not IDENTIFIER.match(name):
            log.fault("name", node.line, found=name)
        elif name in seen:
            log.fault("twice", node.line, name=name)
        else:
            seen.add(name)
            yield from _input(name, node, log, used)


def _input(name: str, node: Node, log: Log, used: Callable[[str], bool]) -> Iterable[Parameter | Image]:
    table: dict[str, Node] = node.value
    found = text(table, "TYPE")
    kind = TYPES.get(found.strip()) or _LOWER.get(found.strip().lower())
    if kind is None:
        line = table["TYPE"].line if "TYPE" in table else node.line
        meant = used(name) or difflib.get_close_matches(found, TYPES)
        tell = log.fault if meant else log.warn  # a host skips what it does not know, and so do we if nobody reads it
        tell("type", line, name=name, found=found, known=one_of(TYPES), hint=hint(found, TYPES, CHOOSE))
        return
    known(table, INPUT_KEYS, log)
    if kind in IMAGES:
        wrap, filter_ = sampling(table, log)
        yield Image(name=name, kind=kind, wrap=wrap, filter=filter_, line=node.line)
        return
    for key in SAMPLING:
        if key in table:
            log.warn("no texture", table[key].line, key=key, name=name)
    yield _parameter(name, kind, node, log)


def _parameter(name: str, kind: str, node: Node, log: Log) -> Parameter:
    table: dict[str, Node] = node.value
    low, high = _range(kind, table)
    default = _default(kind, table, low, high, log)
    values, labels = _choices(table) if kind == "long" else ((), ())
    if values:
        low, high = (float(min(values)),), (float(max(values)),)
    if kind != "event":
        low, high = _widened(low, high, default)
    return Parameter(
        name=name, kind=kind, default=default, low=low, high=high, values=values, labels=labels,
        label=_label(table), unit=text(table, "UNIT"), file=log.file, line=node.line,
    )  # fmt: skip


def _label(table: dict[str, Node]) -> dict[str, str]:
    """`LABEL` as ISF has it, or in both languages: {"en": …, "fr": …}."""
    node = table.get("LABEL")
    if node is not None and isinstance(node.value, dict):
        return {key: str(one.value) for key, one in node.value.items()}
    given = text(table, "LABEL")
    return {"en": given} if given else {}


def _numbers(table: dict[str, Node], key: str, width: int) -> Numbers | None:
    """The `width` numbers under `key`, or None when they are not there in that shape."""
    value = table[key].plain() if key in table else None
    row = value if isinstance(value, list) and width > 1 else [value]
    if width == 2 and isinstance(value, int | float):  # MadMapper's floatRange has one MIN and one MAX for both ends
        row = [value, value]
    numbers = tuple(float(n) for n in row if isinstance(n, int | float) and not isinstance(n, bool))
    return numbers if len(numbers) == len(row) == width else None


def _range(kind: str, table: dict[str, Node]) -> tuple[Numbers, Numbers]:
    """MIN and MAX as they stand, which count only together; else the kind's own."""
    width, unit = KINDS[kind].width, KINDS[kind]
    low, high = _numbers(table, "MIN", width), _numbers(table, "MAX", width)
    if kind in ("bool", "event", "color") or low is None or high is None:
        return (unit.low,) * width, (unit.high,) * width
    return low, high


def _default(kind: str, table: dict[str, Node], low: Numbers, high: Numbers, log: Log) -> Numbers:
    given = _numbers(table, "DEFAULT", KINDS[kind].width)
    node = table.get("DEFAULT")
    if kind == "event":
        return (0.0,)
    if kind == "bool":
        return (float(node.value > 0),) if node is not None and isinstance(node.value, int | float) else (1.0,)
    if kind == "long" and node is not None and node.value in (names := items_plain(table, "VALUES")):
        return (float(names.index(node.value)),) if isinstance(node.value, str) else (float(int(node.value)),)
    if given is None and node is not None and node.value is not None:
        width = KINDS[kind].width
        log.warn("shape", node.line, key="DEFAULT", found=shown(node.plain()), expected=f"{width} × 0.0")
    if given is None:
        return ((low[0] + high[0]) / 2,) if kind == "float" else (0.0,) * KINDS[kind].width
    if kind == "float":
        used = low[0] if given[0] < low[0] else min(given[0], high[0])
        if used != given[0] and node is not None:
            words = {"found": given[0], "used": used, "low": low[0], "high": high[0]}
            log.warn("outside", node.line, **{key: f"{number:g}" for key, number in words.items()})
        return (used,)
    return tuple(float(int(n)) for n in given) if kind == "long" else given


def _choices(table: dict[str, Node]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """VALUES and LABELS of a long; LABELS alone number themselves from 0, VALUES alone name themselves."""
    given = items_plain(table, "VALUES")
    values = [n for n in given if isinstance(n, int | float)]
    labels = [str(n) for n in items_plain(table, "LABELS")] or [n for n in given if isinstance(n, str)]
    if not values and labels:
        values = list(range(len(labels)))
    if len(labels) != len(values):
        labels = [str(n) for n in values]
    return tuple(int(n) for n in values), tuple(labels)


def free(header: dict[str, Node]) -> Iterable[str]:
    """The names of longs and points whose range the artist left open."""
    for node in items(header, "INPUTS"):
        table = node.value if isinstance(node.value, dict) else {}
        if text(table, "TYPE") in ("point2D", "point3D", "long", "int") and not {"MIN", "MAX"} <= set(table):
            yield text(table, "NAME")


def _widened(low: Numbers, high: Numbers, default: Numbers) -> tuple[Numbers, Numbers]:
    """The range in order, and holding the default: a point's may be in pixels, a colour's brighter than white."""
    rows = list(zip(low, high, default, strict=True))
    return tuple(min(row) for row in rows), tuple(max(row) for row in rows)
