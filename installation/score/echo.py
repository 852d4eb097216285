"""An echo: what the other city did earlier, in place of what it does while it sleeps. `{ echo = "24h" }` and what
follows from it: how it is written, and which instant of the recording stands for which instant of now.

Pure: stretches of recorded time come in, an instant comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from installation.score.lines import Path
from installation.score.problem import Row, Two
from installation.score.table import VALUE, Either, Found, Shape, Table, TableOf

UNITS = {"s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
SHORTEST, LONGEST = 1.0, 7 * 86400.0
_LONG = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|m|h|d)")
WORTH = 3.0
"""Seconds that a stretch has at least: less is not worth playing again and again."""

NOT_SO_LONG = Row(
    en=('`echo` is "{found}"', "how long ago, from 1s to 7d", 'write echo = "24h", "90min" or "10s"'),
    fr=("`echo` vaut « {found} »", "il y a combien de temps, de 1s à 7d", 'écrivez echo = "24h", "90min" ou "10s"'),
)
NOT_THEIRS = Row(
    en=(
        "an echo of {name}, which is ours",
        "an echo of what the other city does: {twin}",
        "write `{twin} = {{ echo = … }}`",
    ),
    fr=(
        "un écho de {name}, qui est à nous",
        "un écho de ce que fait l'autre ville : {twin}",
        "écrivez `{twin} = {{ echo = … }}`",
    ),
)
NOT_NOW = Row(
    en=(
        "an echo in [together], when the other city is there itself",
        "an echo in [alone], [asleep] or [cut]",
        "move it there, or remove it",
    ),
    fr=(
        "un écho dans [together], quand l'autre ville est là elle-même",
        "un écho dans [alone], [asleep] ou [cut]",
        "déplacez-le, ou retirez-le",
    ),
)
NO_TAKE = Row(
    en=(
        "no take {name} beside the scene",
        "a take that `jumelage record` made",
        "put it there, or correct `echo_take`",
    ),
    fr=(
        "pas de prise {name} à côté de la scène",
        "une prise de `jumelage record`",
        "mettez-la là, ou corrigez `echo_take`",
    ),
)
SILENT = Row(
    en=(
        "until something of the other city is recorded, an echo is the parameter's default",
        "a take for the first day: `echo_take`",
        "record one with `jumelage record`, or leave it so",
    ),
    fr=(
        "tant que rien n'est enregistré de l'autre ville, un écho est la valeur par défaut du paramètre",
        "une prise pour le premier jour : `echo_take`",
        "enregistrez-en une avec `jumelage record`, ou laissez ainsi",
    ),
)


class Back(NamedTuple):
    """A text such as 24h, in a user's table."""

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        if seconds(value) is None:
            yield Found(path, NOT_SO_LONG, {"found": value})

    def expected(self) -> Two:
        return Two("how long ago, such as 24h", "il y a combien de temps, comme 24h")


ECHO = Table({"echo": Back()}, required=("echo",))


class Echoing(NamedTuple):
    """A value, an echo, or a table of such for a layer's own."""

    depth: int = 2

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        yield from self._shape(value).misfits(value, path)

    def _shape(self, value: Any) -> Shape:
        if is_echo(value):
            return ECHO
        return TableOf(Echoing(self.depth - 1)) if isinstance(value, dict) and self.depth else VALUE

    def expected(self) -> Two:
        value = Either((VALUE,)).expected()
        return Two(f'{value} or {{ echo = "24h" }}', f'{value.fr} ou {{ echo = "24h" }}')


def is_echo(value: Any) -> bool:
    """Whether a value of a state's table is an echo: a parameter of that name would have a number."""
    return isinstance(value, dict) and isinstance(value.get("echo"), str)


def seconds(text: Any) -> float | None:
    """How long ago a text says; None for what says nothing of the kind, or too much."""
    found = _LONG.fullmatch(text.strip()) if isinstance(text, str) else None
    back = float(found[1]) * UNITS[found[2]] if found else 0.0
    return back if SHORTEST <= back <= LONGEST else None


Stretch = tuple[float, float]


def source(now: float, back: float, stretches: Sequence[Stretch]) -> float | None:
    """The instant whose gestures are played at `now` (both shared seconds); None where nothing is recorded.

    `stretches` are when the other city was open and heard, in order. It is `back` seconds ago; where the other city
    was closed then, its last stretch before that, from its beginning and again and again: its yesterday afternoon for
    our morning. Where there is none, its first after that.
    """
    then = now - back
    worth = [stretch for stretch in stretches if stretch[1] - stretch[0] >= WORTH]
    before = [stretch for stretch in worth if stretch[0] <= then]
    first, last = before[-1] if before else worth[0] if worth else (0.0, 0.0)
    if last <= first:
        return None
    return then if first <= then < last else first + (then - last) % (last - first)
