"""The bar that all cities share: beats counted from 1970 in shared time, so each site computes the same without a word.

A tempo that changes keeps its phase: the new one carries the `offset` at which the two meet. Lengths may be said in
bars or beats wherever a scene or a show takes seconds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from installation.score.lines import Path
from installation.score.problem import Row, Two
from installation.score.table import Found, Number, Table, shown

SLOWEST, FASTEST, MOST_BEATS = 20.0, 300.0, 16
MUSIC = Table({"tempo": Number(SLOWEST, FASTEST), "beats": Number(1, MOST_BEATS, whole=True)})
"""The table `[music]` of a show or a scene: beats in a minute, beats in a bar."""
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?|\d+/\d+)\s*(bars?|beats?|mesures?|temps|s)\s*", re.I)
_UNITS = {"bar": "bar", "mes": "bar", "bea": "beat", "tem": "beat", "s": "s"}

NOT_A_LENGTH = Row(
    en=("`{name}` is {found}", 'seconds, or a length in music such as "1 bar" or "2 beats"', "write it so"),
    fr=(
        "`{name}` vaut {found}",
        "des secondes, ou une durée musicale comme « 1 bar » ou « 2 beats »",
        "écrivez-la ainsi",
    ),
)


class Tempo(NamedTuple):
    """Beats in a minute, beats in a bar, and how many beats the count is ahead of bpm · time (0 up to `beats`)."""

    bpm: float = 120.0
    beats: int = 4
    offset: float = 0.0


def music(table: dict[str, Any] | None) -> Tempo | None:
    """What a table `[music]` says; None where there is none."""
    return None if table is None else Tempo(float(table.get("tempo", Tempo().bpm)), int(table.get("beats", 4)))


class Length(NamedTuple):
    """A stretch of time: `number` of `unit`, which is s, beat or bar."""

    number: float
    unit: str = "s"


def count(shared: float, tempo: Tempo) -> float:
    """Beats since 1970 at the shared instant; a whole multiple of `tempo.beats` begins a bar."""
    return shared * tempo.bpm / 60.0 + tempo.offset


def beat(shared: float, tempo: Tempo) -> float:
    """Where in the beat, from 0 up to 1."""
    return count(shared, tempo) % 1.0


def bar(shared: float, tempo: Tempo) -> float:
    """Where in the bar, from 0 up to 1."""
    return count(shared, tempo) / tempo.beats % 1.0


def following(shared: float, tempo: Tempo, unit: str = "bar") -> float:
    """The instant of the first bar (or beat) that begins at `shared` or after."""
    step = tempo.beats if unit == "bar" else 1
    # A millionth of a beat before a bar is the bar: what was computed from a bar's own instant falls on it again.
    number = math.ceil(count(shared, tempo) / step - 1e-6) * step
    return (number - tempo.offset) * 60.0 / tempo.bpm


def turned(tempo: Tempo, bpm: float, shared: float) -> Tempo:
    """Another tempo from `shared` on, in the same phase at that instant."""
    bpm = min(max(bpm, SLOWEST), FASTEST)
    return tempo._replace(bpm=bpm, offset=(count(shared, tempo) - shared * bpm / 60.0) % tempo.beats)


def length(value: Any) -> Length | None:
    """A number of seconds, or a text such as "1 bar", "1/2 beat", "2 mesures"; None for anything else, or below 0."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Length(float(value)) if 0.0 <= value < math.inf else None
    found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    above, _, below = found[1].partition("/")
    if below and not float(below):
        return None
    return Length(float(above) / float(below or 1), _UNITS[found[2].lower()[:3]])


def seconds(stretch: Length, tempo: Tempo) -> float:
    """How long a length is at this tempo."""
    if stretch.unit == "s":
        return stretch.number
    return stretch.number * 60.0 / tempo.bpm * (tempo.beats if stretch.unit == "bar" else 1)


class LengthShape(NamedTuple):
    """Seconds or a length in music, in a user's table: at most `most` seconds at the slowest tempo is not asked."""

    most: float = 86400.0

    def misfits(self, value: Any, path: Path) -> Iterator[Found]:
        found = length(value)
        if found is None or found.number > self.most:
            yield Found(path, NOT_A_LENGTH, {"name": str(path[-1]), "found": shown(value)})

    def expected(self) -> Two:
        return Two('seconds, or such as "1 bar"', "des secondes, ou par exemple « 1 bar »")
