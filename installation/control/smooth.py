"""After the merge: the state of company fades in, then each value glides to its target. One pass of numpy each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from installation.score.layout import Layout, of_peer
from installation.score.parameter import KINDS
from installation.score.scene import Scene


class Smooth:
    """One-pole smoothing: after `smooth` seconds a value has gone 63 % of its way, after three times that 95 %.

    `columns` and `slopes` (units per second) are float64 rows of the layout's size; both are changed in place.
    """

    def __init__(self, layout: Layout) -> None:
        taus = np.zeros(layout.size)
        for slot in layout.slots.values():
            if KINDS[slot.parameter.kind].smooths:
                taus[slot.offset : slot.offset + slot.parameter.width] = slot.parameter.smooth
        self.index = np.flatnonzero(taus > 0)
        self.taus = taus[self.index]
        self.layout = layout
        self.state: np.ndarray | None = None
        self.then = 0.0

    def apply(self, columns: np.ndarray, slopes: np.ndarray, now: float) -> None:
        """Moves each smoothed column on to `now`; the first call takes the targets as they are."""
        target = columns[self.index]
        if self.state is None:
            self.state = target
        else:
            keep = np.exp(-(now - self.then) / self.taus)
            self.state = target + (self.state - target) * keep
            slopes[self.index] = (target - self.state) / self.taus
        self.then = now
        columns[self.index] = self.state

    def packed(self) -> bytes:
        """Where each smoothed value is, for the slate; a few microseconds."""
        return b"" if self.state is None else self.state.tobytes()

    def restore(self, packed: bytes, now: float) -> None:
        """Goes on from what `packed` gave under the same layout."""
        if len(packed) == 8 * len(self.index):
            self.state, self.then = np.frombuffer(packed).copy(), now

    def state_of(self) -> dict[str, list[float]]:
        """Each smoothed value by address, to be carried into another layout."""
        if self.state is None:
            return {}
        row = np.full(self.layout.size, np.nan)
        row[self.index] = self.state
        kept = {}
        for address, slot in self.layout.slots.items():
            part = row[slot.offset : slot.offset + slot.parameter.width]
            if not np.isnan(part).any():
                kept[address] = part.tolist()
        return kept

    def resume(self, kept: dict[str, list[float]], columns: np.ndarray, now: float) -> None:
        """Begins where another layout left off: what glided goes on gliding, the rest starts at its target."""
        row = columns.copy()
        for address, numbers in kept.items():
            slot = self.layout.slots.get(address)
            if slot is not None and slot.parameter.width == len(numbers):
                row[slot.offset : slot.offset + len(numbers)] = numbers
        self.state, self.then = row[self.index], now


class Part(NamedTuple):
    """What one state puts in place of the values: of the site itself, or of one peer (`/twin/PEER/…`), which follows
    the state with that peer. `numbers` are for the columns `places`; the weight goes from 0 to 1 in `fade` seconds."""

    state: str
    peer: str
    places: np.ndarray[Any, Any]
    numbers: np.ndarray[Any, Any]
    fade: float

    @property
    def name(self) -> str:
        """The name of its weight."""
        return f"{self.state}/{self.peer}" if self.peer else self.state


class Fades:
    """How far each state of company has come in, and what it puts in place of the values.

    A parameter that a hand has touched since the state began is the hand's until the state ends.
    """

    def __init__(self, scene: Scene, layout: Layout) -> None:
        self.parts: list[Part] = []
        self.places: dict[str, dict[str, np.ndarray]] = {}
        for state, company in scene.company.items():
            found: dict[str, tuple[list[int], list[float]]] = {"": ([], [])}
            self.places[state] = {}
            for address, value in company.values.items():
                for slot in layout.meant(address):
                    place = range(slot.offset, slot.offset + slot.parameter.width)
                    self.places[state][slot.address] = np.array(place)
                    if slot.parameter.kind == "event" and address in company.echoes:
                        continue  # a count is added to, never mixed
                    columns, numbers = found.setdefault(of_peer(slot.address), ([], []))
                    columns += place
                    numbers += slot.parameter.default if address in company.echoes else value
            for peer, (columns, numbers) in found.items():
                self.parts.append(Part(state, peer, np.array(columns, int), np.array(numbers), company.fade))
        self.weights = dict.fromkeys((part.name for part in self.parts), 0.0)
        self.taken: set[int] = set()
        self.state, self.then = "", 0.0
        self.moving = False
        self.risen: dict[tuple[str, int], float] = {}

    def audible(self, state: str, address: str, company: str) -> bool:
        """Whether what a state says of another city's value is heard, in part or in whole."""
        return state == company or self.weights.get(f"{state}/{of_peer(address)}", 0.0) > 0.0

    def echo(self, state: str, address: str, numbers: tuple[float, ...]) -> None:
        """What a state puts in place of another city's value, as of now; of an event, how often it has risen."""
        place = self.places.get(state, {}).get(address)
        if place is None:
            return
        for part in self.parts:
            if part.name == f"{state}/{of_peer(address)}":
                found = np.flatnonzero(np.isin(part.places, place))
                if len(found) == len(numbers):
                    part.numbers[found] = numbers
                    return
        if len(numbers) == len(place) == 1:
            self.risen[state, int(place[0])] = numbers[0]

    def touched(self, address: str) -> None:
        """A hand moved a parameter: the state of company lets it go."""
        place = self.places.get(self.state, {}).get(address)
        if place is not None:
            self.taken.update(int(column) for column in place)

    def resume(self, state: str, weights: Mapping[str, float], now: float) -> None:
        """Goes on where an earlier run was, in place of all at once being as the state has it."""
        self.weights |= {name: weight for name, weight in weights.items() if name in self.weights}
        self.state, self.then = state, now

    def apply(
        self, state: str, columns: np.ndarray, now: float, held: Collection[int] = (),
        states: Mapping[str, str] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """Moves the weights towards `state`, those of a peer's values towards that of `states`, and mixes what each
        state says into the columns, but for those `held`."""
        passed = now - self.then if self.state else 1e9
        if state != self.state:
            self.state, self.taken = state, set()
        self.then, before = now, self.weights.copy()
        for part in self.parts:
            on = part.state == (states.get(part.peer, state) if part.peer else state)
            step = passed / part.fade if part.fade > 0 else 1.0
            weight = self.weights[part.name] + (step if on else -step)
            self.weights[part.name] = weight = min(max(weight, 0.0), 1.0)
            if weight > 0 and len(part.places):
                self._mix(part, weight, columns, [*held, *(self.taken if on else ())])
        for (_, column), count in self.risen.items():
            columns[column] += count
        self.moving = self.weights != before

    def _mix(self, part: Part, weight: float, columns: np.ndarray, spared: list[int]) -> None:
        places, eased = part.places, weight * weight * (3 - 2 * weight)
        mixed = columns[places] + (part.numbers - columns[places]) * eased
        if spared:
            keep = np.isin(places, spared)
            mixed[keep] = columns[places][keep]
        columns[places] = mixed
