"""How a scene shows the hands of the other cities: what lies between two samples, and how long after they moved."""

from __future__ import annotations

import numpy as np

from installation.score.parameter import KINDS, WAYS, Parameter
from installation.score.scene import Scene
from installation.score.tempo import Length, Tempo, seconds
from installation.twin.half import Schema
from installation.twin.playout import RAW
from installation.twin.shown import Shown, Ways


class Hands:
    """The parameters of a scene as columns of the mirror. Whatever is not a parameter of the scene comes as it is."""

    def __init__(self, scene: Scene, schema: Schema) -> None:
        between = np.full(schema.size, RAW, np.int8)
        delayed: list[tuple[int, Length, bool]] = []
        for parameter in scene.parameters:
            place = schema.places[parameter.address]
            between[place.offset : place.offset + place.width] = WAYS.index(way(parameter))
            if parameter.delay is not None and parameter.share:
                span = range(place.offset, place.offset + place.width)
                delayed += [(column, parameter.delay, parameter.delay_self) for column in span]
        delayed.sort(key=lambda one: one[0])
        columns = np.array([column for column, _, _ in delayed], np.intp)
        self.ways = Ways(between, columns, np.array([own for _, _, own in delayed], bool))
        self._lengths = [length for _, length, _ in delayed]
        self._tempo: Tempo | None = None
        self._waits = np.zeros(len(delayed))

    def waits(self, tempo: Tempo) -> np.ndarray:
        """Seconds of delay of each column of `ways.delayed`, at the tempo on air."""
        if self._lengths and tempo != self._tempo:
            self._tempo = tempo
            self._waits = np.array([seconds(length, tempo) for length in self._lengths])
        return self._waits

    def told(self, shown: Shown, peers: tuple[str, ...], waits: np.ndarray) -> dict[str, float]:
        """What the lines do: how late each city's hands are shown, and by how much that breaks the scene's wish."""
        found = {f"/link/{peer}/lag": shown.lag(peer) for peer in peers}
        return found | {f"/link/{peer}/behind": shown.behind(peer, waits) for peer in peers}


def way(parameter: Parameter) -> str:
    """One of WAYS: what the artist says, else what the kind of value bears."""
    if parameter.kind == "event":
        return "raw"
    return parameter.between or ("linear" if KINDS[parameter.kind].smooths else "step")
