"""The echo: what each other city did while it was open is kept, and played in its place while it sleeps.

It is a reading, not a writing: it never enters the mirror, so every site may hear an echo of its own. What is played is
put into the states of company (`smooth.Fades`), and so comes in and goes out with their fade.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from installation.control.echo_file import Head, Rows
from installation.control.echo_keeping import AHEAD, Keeping, Wanted
from installation.control.smooth import Fades
from installation.score.echo import source
from installation.score.layout import Layout, of_peer
from installation.score.parameter import KINDS, Parameter
from installation.score.problem import Problem
from installation.score.scene import Scene
from installation.twin.mirror import Mirror

Array = np.ndarray[Any, Any]
Key = tuple[str, str, int]
Ship = Callable[[Scene, tuple[Key, ...]], Rows | None]
"""The take that a scene ships, as rows of these columns; read aside."""

RATE = 30.5
"""Rows a second that are kept at most."""
STILL = 5.0
"""Seconds after which a row is kept though nothing moved: so that it is known that the city was heard."""
LEAD = 8.0
"""Seconds before its end at which what comes next is asked for."""
BLEND = 2.0
"""Seconds in which an echo goes from one hour into another."""
JUMP = 0.5
APART = 0.25
"""Seconds between two rows above which the value stood still and moved but at the end, in a thirtieth of a second."""


Echoed = tuple[str, str, tuple[float, ...]]
"""A state, the address of another city's value, its numbers."""


class Voice(NamedTuple):
    """One value that echoes: in which state, its slot's address, its columns among those of its `Play`."""

    state: str
    address: str
    at: int
    width: int


class Play:
    """One city's gestures of so long ago, run through once for all that echoes them."""

    def __init__(self, site: str, scene: str, back: float, parameters: list[tuple[str, Parameter]]) -> None:
        self.site, self.scene, self.back = site, scene, back
        self.keys = tuple((address, one.kind, one.width) for address, one in parameters)
        self.defaults = np.array([n for _, one in parameters for n in _at_rest(one)])
        kinds = [one.kind for _, one in parameters for _ in range(one.width)]
        self._glides = np.array([KINDS[kind].smooths for kind in kinds], bool)
        self._events = np.array([kind == "event" for kind in kinds], bool)
        self._risen, self._count = np.zeros(len(kinds)), np.full(len(kinds), np.nan)
        self._window: tuple[float, float, Rows | None] | None = None
        self._asked, self._shown = False, self.defaults.copy()
        self._from, self._since = self._shown, -1e9
        self._then: tuple[float, float] | None = None

    def at(self, shared: float, keeping: Keeping, shipped: Rows | None) -> Array:
        """The columns as of `shared`; an event's is how often it rose."""
        then = source(shared, self.back, keeping.stretches.get((self.site, self.scene), ()))
        if then is not None:
            found = self._recorded(then, keeping)
        else:
            found, then = _of_shipped(shipped, shared)
        if found is None:
            self._from, self._since, self._then = self._shown.copy(), shared, None
            return self._told()
        if self._then is None or abs((then - self._then[0]) - (shared - self._then[1])) > JUMP:
            self._from, self._since, self._count[:] = self._shown.copy(), shared, np.nan
        self._then = then, shared
        self._show(self._sampled(found, then), shared)
        return self._told()

    def _recorded(self, then: float, keeping: Keeping) -> Rows | None:
        """The rows around an instant of the recording, as soon as they are read."""
        window = self._window
        covered = window is not None and window[0] <= then < window[1]
        if not self._asked and (window is None or not window[0] <= then < window[1] - LEAD):
            self._asked = True
            last = then + AHEAD

            def give(rows: Rows | None) -> None:
                self._window, self._asked = (then, last, rows), False

            keeping.want(Wanted(self.site, self.scene, self.keys, then, last, give))
        return window[2] if window is not None and covered else None

    def _sampled(self, rows: Rows, then: float) -> Array:
        """The values at `then`: between two rows on the straight line, where the kind glides."""
        after = int(np.searchsorted(rows.times, then, "right"))
        before = rows.values[max(0, after - 1)]
        found = np.where(np.isnan(before), self.defaults, before)
        if 0 < after < len(rows.times):
            start, end = float(rows.times[after - 1]), float(rows.times[after])
            passed = (then - start) / (end - start) if end - start <= APART else 1.0 - (end - then) * RATE
            to = rows.values[after]
            glides = self._glides & ~np.isnan(to)
            found[glides] += (to[glides] - found[glides]) * max(0.0, passed)
        return found

    def _show(self, found: Array, shared: float) -> None:
        events = self._events
        rose = found[events] - self._count[events]
        self._risen[events] += np.where(rose > 0, rose, 0.0)
        self._count = found
        part = min(1.0, max(0.0, (shared - self._since) / BLEND))
        eased = part * part * (3 - 2 * part)
        self._shown = np.where(self._glides, self._from + (found - self._from) * eased, found)

    def _told(self) -> Array:
        return np.where(self._events, self._risen, self._shown)


def _at_rest(one: Parameter) -> tuple[float, ...]:
    return one.default if one.kind != "event" else (0.0,)


def _of_shipped(shipped: Rows | None, shared: float) -> tuple[Rows | None, float]:
    """The scene's own take, again and again, at the same place in every city."""
    if shipped is None or len(shipped.times) < 2:
        return None, 0.0
    return shipped, shared % float(shipped.times[-1])


class Echo:
    """What is kept of the other cities, and what is played of it. Without a place to keep it neither is."""

    def __init__(self) -> None:
        self.keeping: Keeping | None = None
        self._ship: Ship | None = None
        self._plays: list[tuple[Play, list[Voice]]] = []
        self._scene: Scene | None = None
        self._head: tuple[str, tuple[Key, ...]] = ("", ())
        self._shipped: Rows | None = None
        self._heard: dict[str, tuple[float, Array]] = {}
        self._due = -1e9
        self._numbers: dict[tuple[str, str], tuple[float, ...]] = {}

    def open(self, keeping: Keeping, ship: Ship) -> None:
        """From now on gestures are kept, and played where the scene asks for them."""
        self.keeping, self._ship = keeping, ship
        self._load()

    def lay(self, scene: Scene, layout: Layout) -> None:
        """Another scene is on air."""
        self._rest()
        self._scene, self._shipped, self._numbers = scene, None, {}
        self._plays = list(_plays(scene, layout))
        shared = [one for one in scene.parameters if one.share and one.kind in KINDS and one.width]
        self._head = scene.name, tuple((one.address, one.kind, one.width) for one in shared)
        self._load()

    def _load(self) -> None:
        scene, ship = self._scene, self._ship
        if self.keeping is None or ship is None or scene is None or not scene.echo_take:
            return
        keys = tuple(dict.fromkeys(key for play, _ in self._plays for key in play.keys))

        def load() -> None:
            found = ship(scene, keys)
            if self._scene is scene:
                self._shipped = found

        self.keeping.run(load)

    def hear(self, shared: float, mirror: Mirror, states: Mapping[str, str]) -> None:
        """Keeps what the cities that are open do, where the scene on air has an echo at all."""
        if self.keeping is None or not self._plays or 0 <= shared - self._due < 1.0 / RATE:
            return
        self._due = shared
        scene, keys = self._head
        for site, state in states.items():
            if state not in ("together", "alone"):
                self._rest(site)
                continue
            half, known = mirror.half(site)
            if known:
                row = _row(half, mirror, keys)
                then, last = self._heard.get(site, (-1e9, None))
                if last is None or len(last) != len(row) or (row != last).any() or not 0 <= shared - then < STILL:
                    self._heard[site] = shared, row
                    self.keeping.keep(Head(site, scene, keys), shared, row)

    def _rest(self, site: str = "") -> None:
        for one in [site] if site else list(self._heard):
            if self._heard.pop(one, None) is not None and self.keeping is not None:
                self.keeping.rest(one)

    def play(self, shared: float, fades: Fades, states: Mapping[str, str]) -> Iterator[Echoed]:
        """Puts what echoes now into the states; gives what changed: state, address, numbers."""
        if self.keeping is None:
            return
        for play, voices in self._plays:
            audible = [one for one in voices if fades.audible(one.state, one.address, states.get(play.site, ""))]
            if not audible:
                continue
            row = play.at(shared, self.keeping, self._of(play))
            for one in audible:
                numbers = tuple(row[one.at : one.at + one.width].tolist())
                if self._numbers.get((one.state, one.address)) != numbers:
                    self._numbers[one.state, one.address] = numbers
                    fades.echo(one.state, one.address, numbers)
                    yield one.state, one.address, numbers

    def _of(self, play: Play) -> Rows | None:
        """The shipped take's columns of one play."""
        if self._shipped is None:
            return None
        keys = list(dict.fromkeys(key for one, _ in self._plays for key in one.keys))
        starts = dict(zip(keys, np.cumsum([0, *(width for _, _, width in keys)]).tolist(), strict=False))
        columns = [starts[key] + n for key in play.keys for n in range(key[2])]
        return Rows(self._shipped.times, self._shipped.values[:, columns])

    @property
    def numbers(self) -> list[Echoed]:
        """What echoes at present, for a take's beginning."""
        return [(state, address, numbers) for (state, address), numbers in self._numbers.items()]

    def problems(self) -> Iterator[Problem]:
        """What has gone wrong since last asked."""
        while self.keeping is not None and not self.keeping.problems.empty():
            yield self.keeping.problems.get()

    def close(self) -> None:
        """Writes what waits."""
        self._rest()
        if self.keeping is not None:
            self.keeping.close()


def _plays(scene: Scene, layout: Layout) -> Iterator[tuple[Play, list[Voice]]]:
    """What the scene's states echo: for each city and each length of time one run through its recording."""
    groups: dict[tuple[str, float], dict[str, Parameter]] = {}
    asked: dict[tuple[str, float], list[tuple[str, str]]] = {}
    for state, company in scene.company.items():
        for address, back in company.echoes.items():
            for slot in layout.meant(address):
                group = of_peer(slot.address), back
                groups.setdefault(group, {})[slot.address] = slot.parameter
                asked.setdefault(group, []).append((state, slot.address))
    for (site, back), parameters in groups.items():
        own = [(f"/scene{address.removeprefix(f'/twin/{site}')}", one) for address, one in parameters.items()]
        starts = dict(zip(parameters, np.cumsum([0, *(one.width for _, one in own)]).tolist(), strict=False))
        voices = [Voice(s, address, starts[address], parameters[address].width) for s, address in asked[site, back]]
        yield Play(site, scene.name, back, own), voices


def _row(half: Array, mirror: Mirror, keys: tuple[Key, ...]) -> Array:
    """A half's columns in the order of `keys`, as they are kept."""
    places = mirror.schema.places
    columns = [places[address].offset + n for address, _, width in keys for n in range(width)]
    return half[columns].astype(np.float32)
