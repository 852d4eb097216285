"""Parameters that follow a value: `[parameter.x] from = …`, and patches from a value rather than from an event.

A follower is one tick behind what it follows. A circle of them has no value of its own, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from installation.score.layout import VALUES, is_built_in
from installation.score.parameter import Parameter
from installation.score.patch import Patch, is_pattern, source
from installation.score.problem import Problem, Row, hint, one_of
from installation.score.table import Sheet

HEADS = ("sun", "clock", "tempo", "link", "site", "company", "twin")
"""The first parts of the addresses that are the engine's: no device sends there."""

NO_VALUE = Row(
    en=('"{name}" is followed, and there is no such value', "{known}", "{hint}"),
    fr=("« {name} » est suivi, et cette valeur n'existe pas", "{known}", "{hint}"),
)
CIRCLE = Row(
    en=(
        "{names} follow one another in a circle",
        "at least one that something else moves",
        "take one of the patches out",
    ),
    fr=(
        "{names} se suivent en cercle",
        "au moins un que quelque chose d'autre fait bouger",
        "retirez l'un des patchs",
    ),
)


def follows(sheet: Sheet, parameters: list[Parameter]) -> tuple[Patch, ...]:
    """A patch for each `[parameter.x]` with a `from`: x is that value, within x's range."""
    known = {one.address.removeprefix("/scene/"): one for one in parameters}
    made = []
    for name, table in sheet.data.get("parameter", {}).items():
        for one in parameters if "from" in table else ():
            if one.name == name and one.layer in ("", table.get("layer", one.layer)):
                line = sheet.lines.get(("parameter", name, "from"), 0)
                made.append(Patch(source=source(table["from"], known), target=one.address, line=line))
    return tuple(made)


def strange_sources(sheet: Sheet, bay: tuple[Patch, ...], known: dict[str, Parameter]) -> list[Problem]:
    """What is followed and is not there, and what follows itself; `known` are the parameters by address."""
    found = [_strange(sheet, patch, known) for patch in bay]
    return [*(one for one in found if one), *_circles(sheet, bay, known)]


def _strange(sheet: Sheet, patch: Patch, known: dict[str, Parameter]) -> Problem | None:
    head, _, rest = patch.source.lstrip("/").partition("/")
    if head not in HEADS or is_pattern(patch.source) or is_built_in(patch.source):
        return None
    shared = [address.removeprefix("/scene/") for address, one in known.items() if one.share]
    if head == "twin" and rest.partition("/")[2] in shared:
        return None
    names = [f"/twin/SITE/{name}" for name in shared] if head == "twin" else list(VALUES)
    meant = [name.replace("SITE", rest.partition("/")[0] or "here") for name in names]
    words = {"name": patch.source, "known": one_of(names), "hint": hint(patch.source, meant)}
    return Problem(sheet.file, patch.line, NO_VALUE, words)


def _circles(sheet: Sheet, bay: tuple[Patch, ...], known: dict[str, Parameter]) -> Iterator[Problem]:
    leads: dict[str, list[Patch]] = {}
    for patch in bay:
        if patch.source in known:
            leads.setdefault(patch.source, []).append(patch)
    told: set[str] = set()
    for start in leads:
        circle = () if start in told else _back_to(start, leads)
        if circle:
            told |= {patch.source for patch in circle}
            names = ", ".join(patch.source.removeprefix("/scene/") for patch in circle)
            yield Problem(sheet.file, circle[-1].line, CIRCLE, {"names": names})


def _back_to(start: str, leads: dict[str, list[Patch]]) -> tuple[Patch, ...]:
    """The patches of a way from a parameter back to itself; none when there is no such way."""
    waiting: list[tuple[Patch, ...]] = [(patch,) for patch in leads[start]]
    been: set[str] = set()
    while waiting:
        way = waiting.pop()
        at = way[-1].target
        if at == start:
            return way
        if at not in been:
            been.add(at)
            waiting += [(*way, patch) for patch in leads.get(at, ())]
    return ()
