"""What `[parameter.x]` says of how another city's hand is shown: `between`, `delay`, `delay_self`."""

from __future__ import annotations

from typing import Any

from installation.score.parameter import KINDS, Parameter
from installation.score.problem import Problem, Row
from installation.score.table import Sheet, shown
from installation.score.tempo import Tempo, length, music, seconds

LONGEST = 8.0
"""Seconds of a hand that are kept."""

GLIDES = Row(
    en=("`between` is {found}, but {kind} has nothing between two values", "`step` or `raw`", "remove it"),
    fr=("`between` vaut {found}, mais {kind} n'a rien entre deux valeurs", "`step` ou `raw`", "retirez cette clé"),
)
TOO_LONG = Row(
    en=("`delay` is {found}: {seconds} s at {bpm} beats a minute", "8 seconds at most", "a shorter one"),
    fr=("`delay` vaut {found} : {seconds} s à {bpm} battements la minute", "8 secondes au plus", "plus court"),
)
NOT_SHARED = Row(
    en=("`{name}` delays the hand of another city, and this is not shared", "`share` beside it", 'add share = "each"'),
    fr=(
        "`{name}` retarde la main d'une autre ville, or rien n'est mis en commun",
        "`share` avec lui",
        'ajoutez share = "each"',
    ),
)
NO_DELAY = Row(
    en=("`delay_self` without `delay`", "how long: `delay`", 'add such as delay = "1 bar"'),
    fr=("`delay_self` sans `delay`", "une durée : `delay`", 'ajoutez par exemple delay = "1 bar"'),
)
NO_EVENT = Row(
    en=("`{name}` for an event, which has no way that it moves", "a value", "remove it"),
    fr=("`{name}` pour un évènement, qui n'a pas de mouvement", "une valeur", "retirez cette clé"),
)


def shown_by(sheet: Sheet, parameter: Parameter, table: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The changes to `parameter`; nonsense is told in `problems` and left out."""
    path, kind = ("parameter", parameter.name), parameter.kind
    found: dict[str, Any] = {}

    def wrong(key: str, row: Row, **fill: Any) -> None:
        problems.append(sheet.problem((*path, key), row, **fill))

    if kind == "event":
        for key in ("between", "delay", "delay_self"):
            if key in table:
                wrong(key, NO_EVENT, name=key)
        return {}
    if "between" in table:
        if table["between"] in ("linear", "angle") and not KINDS[kind].smooths:
            wrong("between", GLIDES, found=shown(table["between"]), kind=kind)
        else:
            found["between"] = table["between"]
    if "delay" in table and not table.get("share", parameter.share):
        wrong("delay", NOT_SHARED, name="delay")
    elif "delay" in table and (one := length(table["delay"])) is not None:
        tempo = music(sheet.data.get("music")) or Tempo()
        if seconds(one, tempo) > LONGEST:
            lasts, bpm = f"{seconds(one, tempo):g}", f"{tempo.bpm:g}"
            wrong("delay", TOO_LONG, found=shown(table["delay"]), seconds=lasts, bpm=bpm)
        else:
            found |= {"delay": one, "delay_self": bool(table.get("delay_self", False))}
    elif "delay_self" in table:
        wrong("delay_self", NO_DELAY)
    return found
