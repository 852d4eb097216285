"""From the mirror's registers to the row of numbers that the stages draw: index arrays made once per scene."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

import numpy as np

from installation.control import beat
from installation.score.layout import PRESENCE, Layout, Slot, builtins, twin_address
from installation.score.parameter import Parameter
from installation.score.rig import Rig
from installation.score.scene import Scene
from installation.score.tempo import Tempo
from installation.twin.mirror import Key, Mirror, Reading

OPEN = Key("/open", "bool", "each", 1, (0.0,), (1.0,), (1.0,), 0.0)
"""What every site says of itself: whether the house is open."""


def keys(scene: Scene, own: dict[str, tuple[float, ...]], music: Tempo | None = None) -> list[Key]:
    """The mirror's keys for a scene; `own` are this house's starting values by parameter name, `music` the show's."""
    tempo = beat.key(music or scene.music or Tempo())
    return [*(_key(parameter, own) for parameter in (*scene.parameters, PRESENCE)), OPEN, tempo]


def budgets(rig: Rig) -> dict[str, float]:
    """Bytes a second that each peer's line may carry, where the rig says it."""
    return {peer.name: peer.budget * 1000.0 for peer in rig.peers if peer.budget}


def _key(parameter: Parameter, own: dict[str, tuple[float, ...]]) -> Key:
    default = own.get(parameter.address.removeprefix("/scene/"), own.get(parameter.name, parameter.default))
    if len(default) != parameter.width:
        default = (default * parameter.width)[: parameter.width]
    return Key(
        parameter.address,
        parameter.kind,
        parameter.share,
        parameter.width,
        parameter.low,
        parameter.high,
        parameter.clamp(default),
        parameter.step,
        parameter.ttl,
        parameter.importance,
    )


class Source(Protocol):
    """Whoever knows how the other cities' halves are shown."""

    def half(self, site: str) -> tuple[np.ndarray, bool]:
        """The mirror's columns as they are there, and whether that site has ever been heard."""

    def slopes(self, site: str) -> np.ndarray | None:
        """How fast they move, in units per second; None for not at all."""


class Row:
    """The layout's columns and slopes, filled afresh each tick. One pair of arrays, never grown."""

    def __init__(self, scene: Scene, layout: Layout, mirror: Mirror) -> None:
        self.layout = layout
        self.columns, self.slopes = np.zeros(layout.size), np.zeros(layout.size)
        self.halves: dict[str, tuple[np.ndarray, bool]] = {}
        self._speeds: dict[str, np.ndarray | None] = {}
        places = mirror.schema.places
        self._to, self._from = _pairs(
            (layout.slots[p.address].offset, places[p.address].offset, p.width) for p in scene.parameters
        )
        shared = [p for p in scene.parameters if p.share]
        presence = places["/presence"].offset
        self._peers = [
            (peer, *_pairs(
                [(layout.slots[twin_address(peer, p)].offset, places[p.address].offset, p.width) for p in shared]
                + [(layout.slots[f"/twin/{peer}/presence"].offset, presence, 1)]
            ))
            for peer in layout.peers
        ]  # fmt: skip
        self._twin_defaults = self._defaults()
        self._at = {p.address: layout.slots[p.address].offset for p in builtins(layout.peers)}
        self._presence = presence

    def _defaults(self) -> dict[str, np.ndarray]:
        """What stands for a peer never heard."""
        row = np.zeros(self.layout.size)
        for slot in self.layout.slots.values():
            if slot.parameter.kind != "event":
                row[slot.offset : slot.offset + slot.parameter.width] = slot.parameter.default
        return {peer: row[to] for peer, to, _ in self._peers}

    def look(self, source: Source) -> None:
        """Takes the peers' halves as they are shown now, and how fast they move."""
        for peer, _, _ in self._peers:
            self.halves[peer], self._speeds[peer] = source.half(peer), source.slopes(peer)

    def fill(self, reading: Reading, built_in: dict[str, float]) -> None:
        """The merged values, the peers' halves and what is built in."""
        self.columns[self._to] = reading.columns[self._from]
        self.slopes[:] = 0.0
        self.slopes[self._to] = reading.slopes[self._from]
        for peer, to, source in self._peers:
            half, known = self.halves[peer]
            self.columns[to] = half[source] if known else self._twin_defaults[peer]
            speeds = self._speeds[peer]
            if speeds is not None:
                self.slopes[to] = speeds[source]
        self.columns[self._at["/presence"]] = reading.columns[self._presence]
        for address, number in built_in.items():
            self.columns[self._at[address]] = number

    @property
    def built_in(self) -> list[str]:
        """The addresses that each tick is told of besides the merged values."""
        heads = ("/company", "/clock/", "/link/", "/sun/", "/site/", "/letter/")
        return [address for address in self._at if address.startswith(heads)]

    def suppose(self, slot: Slot, numbers: tuple[float, ...]) -> None:
        """What another city's value is until that city is heard."""
        for peer, to, _ in self._peers:
            places = range(slot.offset, slot.offset + len(numbers))
            for at, column in enumerate(to.tolist()):
                if column in places:
                    self._twin_defaults[peer][at] = numbers[column - slot.offset]

    def held(self, columns: Collection[int]) -> Collection[int]:
        """The row's columns of the mirror's `columns`; few or none, as holds are."""
        return (
            {int(to) for to, source in zip(self._to, self._from, strict=True) if source in columns} if columns else ()
        )

    def value(self, address: str) -> tuple[float, ...]:
        """The numbers now at an address of the layout."""
        slot = self.layout.slots[address]
        return tuple(self.columns[slot.offset : slot.offset + slot.parameter.width].tolist())


def _pairs(triples: Any) -> tuple[np.ndarray, np.ndarray]:
    """(to, from, width) triples as two index arrays."""
    rows = list(triples)
    to = [at + i for at, _, width in rows for i in range(width)]
    source = [at + i for _, at, width in rows for i in range(width)]
    return np.array(to, np.intp), np.array(source, np.intp)
