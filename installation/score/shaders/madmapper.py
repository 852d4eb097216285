"""MadMapper's materials: an ISF header with GENERATORS, and a function that gives the colour at a place."""

from __future__ import annotations

import re

from installation.score.shaders.header import IDENTIFIER, Log, items, items_plain, text
from installation.score.shaders.loose_json import Node

_MATERIAL = re.compile(r"\bvec4\s+materialColorForPixel\s*\(")
KINDS = (
    *("time_base", "animator", "multiplier", "pass_thru", "damper", "adsr", "adr", "linear_filter", "ease_filter"),
    *("incrementer", "shape_generator"),
)
"""Kinds of generators: what each gives is below."""


def is_material(body: str) -> bool:
    """Whether a text defines MadMapper's function."""
    return _MATERIAL.search(body) is not None


def generators(header: dict[str, Node], log: Log) -> dict[str, str]:
    """GENERATORS as globals in GLSL, by name. They follow the time, not the host's beat."""
    found: dict[str, str] = {}
    for node in items(header, "GENERATORS"):
        table = node.value if isinstance(node.value, dict) else {}
        name, kind = text(table, "NAME"), text(table, "TYPE")
        if not IDENTIFIER.match(name):
            log.warn("shape", node.line, key="GENERATORS", found=repr(name), expected='{"NAME": …, "TYPE": …}')
            continue
        if kind not in KINDS:
            log.warn("generator", node.line, name=name, found=kind, known=", ".join(KINDS))
        parameters = table["PARAMS"].value if "PARAMS" in table else {}
        value = _value(kind, parameters if isinstance(parameters, dict) else {})
        found[name] = f"float {name} = {value};"
    return found


def defines(header: dict[str, Node]) -> tuple[str, ...]:
    """The macros by which a text asks for the value of an input with the flag `generate_as_define`: its default."""
    found = []
    for node in items(header, "INPUTS"):
        table = node.value if isinstance(node.value, dict) else {}
        if "generate_as_define" in text(table, "FLAGS"):
            default = table["DEFAULT"].value if "DEFAULT" in table else None
            values = [str(one) for one in items_plain(table, "VALUES")]
            said = default if isinstance(default, str) else values[0] if values else str(default).lower()
            found.append(f"{text(table, 'NAME')}_IS_{re.sub(r'[^A-Za-z0-9]', '_', said)}")
    return tuple(found)


def _value(kind: str, table: dict[str, Node]) -> str:
    """time_base is speed × time, animator a wave from 0 to 1 of it, multiplier a product, the others their value."""
    if kind in ("time_base", "animator", "shape_generator"):
        speed = _number(table, "speed", "1.0")
        curve = _number(table, "speed_curve", "1.0")
        turned = speed if curve == "1.0" else f"sign({speed}) * pow(abs({speed}), {curve})"
        back = f"(1.0 - 2.0 * {_number(table, 'reverse', '0.0')})" if "reverse" in table else "1.0"
        time = f"TIME * ({turned}) * {back} + {_number(table, 'offset', '0.0')}"
        return f"({time})" if kind == "time_base" else _wave(text(table, "shape"), time)
    if kind == "multiplier":
        names = [key for key in table if key.startswith("value")] or ["value"]
        return " * ".join(_number(table, key, "1.0") for key in names)
    return _number(table, "input_value", "0.0") if kind in KINDS else "0.0"


def _wave(shape: str, time: str) -> str:
    low = shape.lower()
    if low in ("in", "saw", "sawtooth", "up"):
        return f"fract({time})"
    if low in ("out", "down"):
        return f"1.0 - fract({time})"
    if low in ("linear", "triangle"):
        return f"1.0 - abs(2.0 * fract({time}) - 1.0)"
    if low in ("square", "cut", "strob"):
        return f"step(0.5, fract({time}))"
    return f"0.5 - 0.5 * cos(6.283185307179586 * ({time}))"


def _number(table: dict[str, Node], key: str, fallback: str) -> str:
    """A parameter as GLSL: a number, or the name of an input or of a generator before it."""
    given = table[key].value if key in table else None
    if isinstance(given, bool):
        return str(float(given))
    if isinstance(given, int | float):
        return repr(float(given))
    return f"float({given})" if isinstance(given, str) and IDENTIFIER.match(given) else fallback
