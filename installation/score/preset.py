"""Presets: values of a scene under a name, recalled in a fade or mixed by one fader. Pure values."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import msgspec

from installation.score.parameter import KINDS, Parameter
from installation.score.problem import Problem, Row, hint, one_of
from installation.score.text import Words

MIX = "/preset/mix"
NAME = re.compile(r"(?!mix\Z)[a-z][a-z0-9_-]{0,31}")

BAD_PRESET = Row(
    en=('"{name}" cannot name a preset', "lower-case letters, digits, - and _, a letter first; not mix", "rename it"),
    fr=(
        "« {name} » ne peut pas nommer une mémoire",
        "minuscules, chiffres, - et _, une lettre d'abord ; pas mix",
        "renommez-la",
    ),
)
NO_PRESET = Row(
    en=('the scene {scene} has no preset "{found}"', "{known}", "{hint}"),
    fr=("la scène {scene} n'a pas de mémoire « {found} »", "{known}", "{hint}"),
)


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """Values by address, reached in `fade` seconds, and texts at once. `label` is the name by language."""

    name: str
    label: dict[str, str] = {}
    values: dict[str, tuple[float, ...]] = {}
    fade: float = 1.0
    texts: dict[str, Words] = {}


def handles(presets: Sequence[Preset]) -> dict[str, Parameter]:
    """The addresses that presets have: an event each, and one fader over all of them in the file's order."""
    if not presets:
        return {}
    found = [Parameter(name=one.name, at=f"/preset/{one.name}", kind="event", default=(0.0,)) for one in presets]
    found.append(Parameter(name="mix", at=MIX, default=(0.0,), high=(max(1.0, len(presets) - 1.0),), step=0.0))
    return {one.address: one for one in found}


def mixed(presets: Sequence[Preset], parameters: Mapping[str, Parameter], place: float) -> dict[str, tuple[float, ...]]:
    """The values at `place` on the way through the presets: 0 is the first, 1 the second, 0.5 halfway between.

    Floats, points and colours go in a straight line, what is counted or switched jumps halfway. What a preset does
    not name stands at its default there; what none of them names is not in the answer, nor is a trigger.
    """
    place = min(max(place, 0.0), len(presets) - 1.0)
    at = min(math.floor(place), max(0, len(presets) - 2))
    first, second = presets[at], presets[min(at + 1, len(presets) - 1)]
    share = place - at
    found = {}
    for address in dict.fromkeys(address for one in presets for address in one.values):
        parameter = parameters.get(address)
        if parameter is None or parameter.kind == "event":
            continue
        a, b = (one.values.get(address, parameter.default) for one in (first, second))
        if not KINDS[parameter.kind].smooths:
            found[address] = a if share < 0.5 else b
        else:
            found[address] = tuple(x + (y - x) * share for x, y in zip(a, b, strict=True))
    return found


def no_preset(scene: str, name: str, presets: Sequence[Preset]) -> Problem:
    """The problem of a preset that the scene does not have."""
    known = [one.name for one in presets]
    return Problem("", 0, NO_PRESET, {"scene": scene, "found": name, "known": one_of(known), "hint": hint(name, known)})
