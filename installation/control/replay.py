"""A take's evening again, without devices, line or stage: the same tick, its doors held open by the take.

Time is the take's. What the doors of this file do not know (who is linked, when a cue was due) the take tells.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

import msgspec
import numpy as np

from hardware.driver import Event
from hardware.take import Head, Tick
from installation.clock import HeldClock
from installation.control import cues, desk
from installation.control.company import Company
from installation.control.held import HeldFeed, HeldInput, HeldJournal, HeldKept, HeldLetters, HeldLine, HeldReader
from installation.control.kept import Saved
from installation.control.outputs import Outputs
from installation.control.reader import Loaded
from installation.control.recording import ACTS, CLOCK, CUE, DESK, ECHO, LETTER, Begun, unpacked
from installation.control.tap import Deaf
from installation.control.tick import RATE, Control, Parts
from installation.control.values import Row, keys
from installation.feed import Values
from installation.score.calendar import calendar
from installation.score.layout import COMPANY, Layout
from installation.score.patch import finite
from installation.score.rig import Peer, Rig
from installation.score.scene import Scene, laid_out
from installation.score.show import Show
from installation.score.table import Sheet
from installation.score.tempo import Tempo
from installation.twin.link import Link
from installation.twin.mirror import Mirror
from installation.twin.offset import Line, SharedTime

PERIOD = 1.0 / RATE
AT_REST = 1e-9
"""Units a second below which nothing glides any more."""
AT_REST_FOR = 3
"""Ticks after which it is believed: in its first tick a fade stands still."""
YOUNGEST = 1e6
"""Seconds of shared time at which a take begins that does not say when: stamps count from above 0."""


class Recalled(Company):
    """The company as the take tells it. `built_in` are the numbers as of the tick that is due."""

    def __init__(self, rig: Rig, built_in: dict[str, float]) -> None:
        super().__init__(rig)
        self.built_in = built_in
        self.of_peers = frozenset(f"/company/{peer.name}" for peer in rig.peers)

    @property
    def state(self) -> str:
        return COMPANY[int(min(max(self.built_in.get("/company", 0.0), 0.0), 3.0))]

    @property
    def states(self) -> dict[str, str]:
        found = {peer.name: self.built_in.get(f"/company/{peer.name}") for peer in self.rig.peers}
        return {peer: COMPANY[int(min(max(n, 0.0), 3.0))] for peer, n in found.items() if n is not None}

    def events(self, now: float) -> list[Event]:
        """None of its own: the take has them among its events."""
        return []

    def known(self, now: float, shared: float, link: Link, mirror: Mirror, row: Row) -> dict[str, float]:
        return self.built_in

    def hear(self, events: Iterable[Event]) -> None:
        """Takes what a tick tells of what is built in."""
        for event in events:
            numbers = finite(event.value)
            if numbers and (event.address in self.built_in or event.address in self.of_peers):
                self.built_in[event.address] = numbers[0]


class Played(NamedTuple):
    """One tick again: seconds since the take began, the row that was published, the scene's time."""

    time: float
    values: Values
    scene_time: float


class Replay:
    """A take played for one scene. `ended` is its length in seconds, once it has been played to its end."""

    def __init__(self, head: Head, ticks: Iterable[Tick], scene: Scene) -> None:
        self.head, self.scene = head, scene
        self._ticks = (tick for tick in ticks if math.isfinite(tick.time))
        self._next = next(self._ticks, None)
        begun = _begun(head)
        self.exact = begun is not None
        self.peers = tuple(begun.peers) if begun else _peers(head.state)
        first = self._next.time if self._next else 0.0
        self._first = first
        self.ended: float | None = None
        self.begun = begun or _fresh(first - PERIOD, scene, head)
        self.layout: Layout = laid_out(scene, self.peers)
        self.clock = HeldClock(self.begun.now)
        self.control = self._control(self.begun)

    def _control(self, begun: Begun) -> Control:
        shared = SharedTime(begun.now, 0.0)
        shared.line = Line(*begun.line, True, 0.0)
        rig, scene = _rig(self.head, begun, self.peers), self.scene
        music = Tempo(*begun.music) if begun.music else None
        self.input, self.line, self.feed = HeldInput(), HeldLine(shared, self.peers), HeldFeed()
        mirror = Mirror(rig.name, keys(scene, rig.values, music), 1, begun.saved.mirror or None)
        parts = Parts(
            rig, Show(title={}, scene="", cues={}, music=music), self.clock,
            devices=cast(Any, self.input), outputs=Outputs(rig, self.clock, _silent), link=cast(Any, self.line),
            mirror=mirror, journal=cast(Any, HeldJournal()), reader=cast(Any, HeldReader()), slate=cast(Any, None),
            feed=cast(Any, self.feed), tap=Deaf(), health=cast(Any, None), tell=_silent,
        )  # fmt: skip
        control = Control(parts, Loaded(begun.saved.scene, scene, self.layout), begun.saved)
        control.kept = HeldKept()
        of_peers = tuple(f"/company/{peer}" for peer in self.peers)  # a take of before these follows /company
        built_in = {address: 0.0 for address in control.row.built_in if address not in of_peers} | begun.built_in
        control.company = self.company = Recalled(rig, built_in)
        control.fades.resume(begun.company, begun.weights, begun.now)
        control.fades.taken = set(begun.taken) if begun.saved.layout == self.layout.digest else set()
        control.easel.time, control.easel.solo, control.easel.mix = begun.time, begun.solo, begun.mix
        if self.exact:
            self._follow(control, begun)
        for state, address, numbers in begun.echoes:
            control.fades.echo(state, address, numbers)
        if begun.saved.layout == self.layout.digest:
            control.shown.restore(begun.shown)
        control.letters = self.post = HeldLetters(rig, cast(Any, None))
        self.post.show(begun.letter)
        for when, written in begun.cues:
            if (cue := cues.read(written, _deaf)) is not None:
                control.cues.add(cue, when)
        if not self.exact:
            self._set(control)
        return control

    def _follow(self, control: Control, begun: Begun) -> None:
        """What patches from values have handed on already, out of the row as it was published last."""
        for address, numbers in self.head.state.items():
            slot = self.layout.slots.get(address)
            if slot is not None and len(numbers) == slot.parameter.width:
                control.row.columns[slot.offset : slot.offset + len(numbers)] = numbers
        if len(begun.followed) == len(control.wires.last):
            control.wires.last = np.array(begun.followed)
        control.beat.resume(begun.lag, control.mirror.read(begun.line[1]).columns)

    def _set(self, control: Control) -> None:
        """Puts the head's numbers where they belong: what the other city's are stands until it is heard."""
        shared = control.link.shared.shared(self.begun.now)
        for address, numbers in self.head.state.items():
            slot = self.layout.slots.get(address)
            if slot is None or len(numbers) != slot.parameter.width:
                continue
            if address in control.mirror.schema.places:
                control.mirror.touch(address, slot.parameter.clamp(tuple(numbers)), shared, firm=True)
            elif address in self.company.built_in:
                self.company.built_in[address] = numbers[0]
            else:
                control.row.suppose(slot, tuple(numbers))

    def play(self, until: float) -> Iterator[Played]:
        """The ticks of `until` seconds, the state at the start first; idle ones after its end, while it moves."""
        yield self._start()
        at = self.begun.now
        while (tick := self._next) is not None and tick.time - self._first <= until:
            self._next = next(self._ticks, None)
            if not self.exact:
                yield from self._idle(at, tick.time)
            at = max(at, tick.time)
            yield self._play(tick, at)
        if self._next is None:
            self.ended = max(0.0, at - self._first)
        yield from self._idle(at, self._first + until)

    def _start(self) -> Played:
        """The state at the start, as it was published: what the row held then is handed on in the tick after it."""
        wires = self.control.wires
        followed = wires.last
        wires.rest(self.control.row.columns)
        played = self._tick(self.begun.now)
        wires.last = followed
        return played

    def _play(self, tick: Tick, at: float) -> Played:
        """One tick of the take: what was asked before it, then the tick itself."""
        events = list(tick.events)
        for one in tick.desk:
            if one.address == CLOCK or one.address.startswith(DESK):
                self._told(one)
            else:
                events.append(one)
        self.input.events = events
        frames = (unpacked(frame) for frame in tick.arrived)
        self.line.arrived = [frame for frame in frames if frame is not None]
        # What is built in, and what echoed, is told as events one tick after it was seen.
        seen = self._next.desk if self._next and self.exact else ()
        self.company.hear([*events, *seen])
        for one in seen:
            if one.address == ECHO:
                self._echoed(one)
        return self._tick(at)

    def _echoed(self, one: Event) -> None:
        state, address, *numbers = one.value
        if len(finite(tuple(numbers))) == len(numbers):
            self.control.fades.echo(str(state), str(address), tuple(numbers))

    def _told(self, one: Event) -> None:
        """What the desk was asked, a cue, the shared time."""
        try:
            if one.address == CLOCK:
                at, shared, rate = (float(number) for number in one.value)
                self.line.shared.line = Line(at, shared, rate, True, 0.0)
                return
            if one.address == LETTER:
                self.post.show(msgspec.json.decode(one.value[0], type=dict[str, Any] | None))
                return
            if one.address == CUE:
                cue = cues.read(msgspec.json.decode(one.value[0]), _deaf)
                if cue is not None:
                    self.control.cues.add(cue, float(one.value[1]))
                return
            do = one.address.removeprefix(DESK)
            if do in ACTS:
                self._move(one.time)
                desk.answer(self.control, msgspec.json.decode(one.value[0], type=dict[str, Any]) | {"do": do})
        except (IndexError, TypeError, ValueError, msgspec.MsgspecError):
            return  # another version's, or a hand's: it moves nothing

    def _idle(self, at: float, end: float) -> Iterator[Played]:
        """Ticks in which nothing comes, until `end`. While all rests they are passed over, but for the last one."""
        count, rest = 1, 0
        while at + count * PERIOD < end - 0.2 * PERIOD:
            yield self._tick(at + count * PERIOD)
            rest = 0 if self._moving() else rest + 1
            count += 1
            if rest >= AT_REST_FOR:
                count = max(count, math.floor((end - at) / PERIOD - 0.2))

    def _moving(self) -> bool:
        fading = any(0.0 < weight < 1.0 for weight in self.control.fades.weights.values())
        return fading or len(self.control.cues) > 0 or bool((abs(self.control.row.slopes) > AT_REST).any())

    def _move(self, at: float) -> None:
        self.clock.advance(max(0.0, at - self.clock.now()))

    def _tick(self, at: float) -> Played:
        self._move(at)
        self.control.tick()
        values = self.feed.values
        return Played(self.clock.now() - self._first, values, self.control.scene_time(values.shared))


def _silent(problem: Any) -> None:
    """What a replay has to tell was told when it happened."""


def _deaf(reason: str) -> None:
    pass


def house_of(head: Head) -> Rig:
    """The house in which a take was made, as far as the take knows it."""
    return _rig(head, _begun(head) or Begun(now=0.0, line=(0.0, 0.0, 1.0), saved=Saved()), ())


def _begun(head: Head) -> Begun | None:
    """The engine's own account of the start; None where a take has none, or another version's."""
    try:
        return msgspec.msgpack.decode(head.kept, type=Begun) if head.kept else None
    except msgspec.MsgspecError:
        return None


def _fresh(now: float, scene: Scene, head: Head) -> Begun:
    """The start of a take that tells addresses alone: the scene begins with its first tick."""
    whole = scene.cycle * 2.0 ** max(0, math.ceil(math.log2(YOUNGEST / scene.cycle)))
    saved = Saved(scene=head.scene or scene.name, start=whole)
    return Begun(now=now, line=(now + PERIOD, whole, 1.0), saved=saved)


def _peers(state: dict[str, list[float]]) -> tuple[str, ...]:
    """The other cities that a take's addresses name."""
    parts = [address.split("/") for address in state]
    return tuple(dict.fromkeys(part[2] for part in parts if len(part) > 3 and part[1] in ("twin", "link")))


def _rig(head: Head, begun: Begun, peers: tuple[str, ...]) -> Rig:
    """As much of the house as moves values: its name, its own values and patches, its peers."""
    sheet = Sheet("", {"patch": begun.patches}, {(): 0})
    return Rig(
        file="", name=head.site or "here", city="", calendar=calendar("UTC", {}), languages=("fr", "en"), scene="",
        show="", values=begun.values, devices=(), outputs=(), windows=(),
        peers=tuple(Peer(name=name) for name in peers), sheet=sheet,
    )  # fmt: skip
