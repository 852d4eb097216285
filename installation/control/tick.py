"""The tick: what happened becomes what is, a hundred times a second. It reads from top to bottom, like a score.

It knows neither the window nor the command line; what it needs (clock, devices, line, doors) is handed to it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

import hardware.osc_pattern
from hardware.driver import Event
from installation.clock import Clock
from installation.control import cues, values
from installation.control.devices import LIMIT, Devices
from installation.control.house import SWITCHES, House
from installation.control.outputs import Outputs
from installation.control.reader import Loaded, Reader
from installation.control.slate import Slate
from installation.control.smooth import Fades, Smooth
from installation.feed import FeedWriter, Values
from installation.score.company import Company, Seen
from installation.score.layout import COMPANY, PRESENCE
from installation.score.parameter import KINDS
from installation.score.patch import Patchbay, Touch, patches
from installation.score.problem import Problem, Row
from installation.score.rig import Rig
from installation.score.scene import Scene
from installation.score.show import Cue, Show
from installation.twin.journal import Journal
from installation.twin.link import Link
from installation.twin.mirror import Mirror

RATE = 100.0
"""Ticks per second when nothing brings one early."""
KEEP = 1.0
"""Seconds between two writings of what the journal has seen done. A cue that a kill makes come again does no harm: its
fade has the same stamp, and its scene is already on air."""
SOON = 0.02
"""Seconds between two writings of the slate while values only flow, as a sensor's do. What happens once (a hold, a
rise, a switch, a choice, a cue) is kept in the tick in which it happens."""
HOUR = 3600.0
"""A shared scene's agreed start is the last whole hour (or whole period) of shared time: no message is needed, and a
float32 still tells frames apart."""


NO_VALUE = Row(
    en=('[values] has "{name}", unknown to the scene {scene}', "one of its parameters", "`jumelage list parameters`"),
    fr=("[values] a « {name} », inconnu de la scène {scene}", "un de ses paramètres", "`jumelage list parameters`"),
)


class Saved(msgspec.Struct):
    """What the slate keeps: enough to go on after a kill."""

    scene: str = ""
    mirror: bytes = b""
    overrides: list[str] = []
    layout: bytes = b""
    glide: bytes = b""
    start: float = 0.0


class Parts(NamedTuple):
    """What is handed to control."""

    folder: Path
    rig: Rig
    show: Show
    clock: Clock
    devices: Devices
    outputs: Outputs
    link: Link
    mirror: Mirror
    journal: Journal
    reader: Reader
    slate: Slate
    feed: FeedWriter
    tell: Callable[[Problem], None]


class Control:
    """One site's state and its tick."""

    def __init__(self, parts: Parts, first: Loaded, saved: Saved) -> None:
        self.parts = parts
        self.clock, self.devices, self.link = parts.clock, parts.devices, parts.link
        self.mirror, self.journal, self.feed = parts.mirror, parts.journal, parts.feed
        self.house = House(set(saved.overrides))
        self.company, self.cues = Company(), cues.Cues()
        self.asked: list[Event] = []
        self.tap: Callable[[list[Event]], None] = lambda events: None
        self.open_tap: Callable[[float], None] = lambda seconds: None
        self.status: Callable[[], dict[str, Any]] = dict
        self.ticks = self.events = 0
        self.problems: tuple[Problem, ...] = ()
        self._built_in: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._changed, self._flowed, self._saved = True, False, 0.0
        self._done, self._kept = False, 0.0
        self.start = saved.start if saved.scene == first.name else 0.0
        self.take_up(first, saved)
        for entry in self.journal.pending():
            self.entered(entry)

    def take_up(self, loaded: Loaded, saved: Saved | None = None) -> None:
        """Puts a scene on air, or tells what is wrong with it and keeps the one that is. Glides go on."""
        self.problems = loaded.problems
        for problem in loaded.problems:
            self.parts.tell(problem)
        if loaded.scene is None or loaded.layout is None:
            return
        before = getattr(self, "name", loaded.name)
        self.name, self.scene, self.layout = loaded.name, loaded.scene, loaded.layout
        own = self.parts.rig.values
        self.mirror.declare(values.keys(self.scene, own))
        self.bay = self.patched(self.scene)
        self.row = values.Row(self.scene, self.layout, self.mirror)
        self.fades = Fades(self.scene, self.layout)
        before_it, self.smooth = getattr(self, "smooth", None), Smooth(self.layout)
        self._glide = before_it.state_of() if before_it else None
        if saved and saved.layout == self.layout.digest:
            self.smooth.restore(saved.glide, self.clock.now())
        if before != self.name or not self.start:
            self.start = self.link.shared.shared(self.clock.now())
        self._changed = True

    def patched(self, scene: Scene) -> Patchbay:
        """The scene's patches and the house's own; what the house says of another scene's parameters is told
        once, and waits for that scene."""
        parameters = (*scene.parameters, PRESENCE, *SWITCHES.values())
        known = {p.address.removeprefix("/scene/"): p for p in parameters} | {p.address: p for p in parameters}
        strange: list[Problem] = []
        of_house = patches(self.parts.rig.sheet, known, strange)
        names = {p.name for p in parameters} | set(known)
        sheet = self.parts.rig.sheet
        strange += [
            sheet.problem(("values", name), NO_VALUE, name=name, scene=scene.name)
            for name in self.parts.rig.values
            if name not in names
        ]
        for problem in strange:
            self.parts.tell(problem)
        return Patchbay(parameters, (*scene.patches, *of_house), hardware.osc_pattern.matches)

    def tick(self) -> None:
        """One tick: Event → patch → parameter → mirror → value → feed."""
        now, arrived = self.clock.now(), self.link.received()
        shared = self.link.shared.shared(now)
        events = self.happened(now)
        touches = self.bay.apply(events)
        self.write(touches, self.cues.due(shared), shared)
        self.send(now, shared)
        self.merge(arrived)
        row = self.read(now, shared)
        self.parts.outputs.write(now, row)
        self.publish(now, shared)
        self.save(now)
        self.ticks += 1

    def happened(self, now: float) -> list[Event]:
        """What the devices, the desk and the line itself have to say, in that order."""
        events = self.parts.outputs.echoes.without(now, self.devices.poll(now, LIMIT))
        if self.asked:
            events += self.asked
            self.asked = []
        events += self.line_events(now)
        self.events += len(events)
        self.tap(events)
        return events

    def line_events(self, now: float) -> list[Event]:
        """What is built in, as events where it changed: delay and company are inputs like any sensor."""
        events = []
        for address, number in self._built_in.items():
            if self._told.get(address) != number:
                self._told[address] = number
                events.append(Event(now, address, (number,)))
        return events

    def write(self, touches: list[Touch], due: list[cues.Due], shared: float) -> None:
        """This site's half: what hands did, then the cues whose instant has come."""
        for touch in touches:
            self.touch(touch, shared)
        for when, _, cue, entry in due:
            self.give(cue, when)
            if entry is not None:
                self.journal.done(entry)
                self._done = True
        self._changed |= bool(due)

    def touch(self, touch: Touch, shared: float, firm: bool = False) -> None:
        """One hand on one parameter. A `firm` one counts however small: a person typed it, no sensor trembled."""
        address, numbers, component = touch
        if address in SWITCHES:
            self.house.put(SWITCHES[address].name, numbers[0] > 0.5)
            self._changed = True
            return
        kind = self.bay.parameters[address].kind
        if kind == "event":
            self.mirror.rise(address, now=shared)
            self._changed = True
            return
        if component >= 0:
            whole = list(self.mirror.target(address))
            whole[component] = numbers[0]
            numbers = tuple(whole)
        if self.mirror.touch(address, numbers, shared, firm):
            self._flowed = True
            self._changed |= not KINDS[kind].smooths
        self.fades.touched(address)

    def give(self, cue: Cue, when: float) -> None:
        """Carries a cue out as of the shared instant `when`."""
        if cue.scene and cue.scene != self.name:
            self.parts.reader.request(cue.scene)
        for address, numbers in cue.values.items():
            parameter = self.bay.parameters.get(address)
            if parameter is not None and len(numbers) == parameter.width:
                self.mirror.fade(address, None, parameter.clamp(numbers), when, cue.fade)
        for address in cue.release:
            if address in self.bay.parameters:
                self.mirror.release(address, when)

    def send(self, now: float, shared: float) -> None:
        """What the peers do not have yet: of the half, and of the journal."""
        full = self.link.full()
        # Behind the veil nothing of what happens here leaves the house; the journal and what comes in go on.
        veiled = frozenset(peer.name for peer in self.parts.rig.peers) if "veil" in self.house.on else full
        frames = self.mirror.delta(shared, full | veiled)
        for site, more in self.journal.delta(now, full).items():
            frames[site] = frames.get(site, []) + more
        self.link.send(frames)

    def entered(self, entry: Any) -> None:
        """A journal entry, ours or a peer's, as it comes into force here."""
        cue = cues.read(entry.arguments, lambda reason: None) if entry.name == "cue" else None
        if cue is None:
            self.journal.done(entry)
        else:
            self.cues.add(cue, entry.due, entry)

    def merge(self, arrived: list[Any]) -> None:
        """The peers' halves and what they wrote in their journals."""
        if arrived:
            self.mirror.merge(arrived)
            self._changed = True
        for entry in self.journal.merge(arrived):
            self.entered(entry)

    def read(self, now: float, shared: float) -> values.Row:
        """Merged, then in company, then smoothed; on the row that is published."""
        reading = self.mirror.read(shared)
        self.row.look(self.mirror)
        self.row.fill(reading, self.known(now, shared))
        self.fades.apply(self.company.state, self.row.columns, now, self.row.held(self.mirror.held))
        if self._glide is not None:
            self.smooth.resume(self._glide, self.row.columns, now)
            self._glide = None
        self.smooth.apply(self.row.columns, self.row.slopes, now)
        return self.row

    def known(self, now: float, shared: float) -> dict[str, float]:
        """The built-in values: the line, the clock, the company."""
        status = self.link.status()
        seen = self.seen(status, shared)
        found = {"/company": float(COMPANY.index(self.company.update(seen, now)))}
        found["/clock/bound"] = self.link.shared.bound(now)
        for peer in self.layout.peers:
            line = status.get(peer)
            found[f"/link/{peer}/delay"] = line["rtt_ms"] / 2e3 if line else 0.0
            found[f"/link/{peer}/quality"] = quality(line)
        self._built_in = found
        return found

    def seen(self, status: dict[str, Any], shared: float) -> Seen:
        """What is known of the other cities: linked, open, peopled. A house says itself whether it is open."""
        here = self.parts.rig.calendar.open_at(shared)
        if (self.mirror.target("/open")[0] > 0.5) != here:
            self.mirror.set_local("/open", (float(here),), shared)
        if not self.parts.rig.peers:
            return Seen(True, True, 0.0)
        linked, opened, visitors = False, False, 0.0
        places = self.mirror.schema.places
        for peer in self.parts.rig.peers:
            columns, fresh = self.row.halves[peer.name]
            up = bool(status.get(peer.name, {}).get("connected"))
            linked |= up
            if up and fresh:
                opened |= columns[places["/open"].offset] > 0.5
                visitors += columns[places["/presence"].offset]
            else:
                opened |= peer.calendar.open_at(shared) if peer.calendar else True
        return Seen(linked, opened, float(visitors))

    def publish(self, now: float, shared: float) -> None:
        """The whole state as one message to the stages."""
        period = self.scene.period or HOUR
        start = shared - shared % period if self.scene.shared else self.start
        words = {
            "scene": self.name,
            "peers": list(self.layout.peers),
            "override": self.house.shown,
            "company": self.company.state,
        }
        row = self.row
        self.feed.publish(
            Values(
                self.layout.digest,
                self.ticks,
                now,
                shared,
                self.link.shared.rate,
                start,
                row.columns,
                row.slopes,
                words,
            )
        )

    def changed(self) -> None:
        """Something came from outside the tick that the slate must keep."""
        self._changed = True

    def save(self, now: float) -> None:
        """Keeps what changed where a kill leaves it."""
        if self._done and now - self._kept >= KEEP:
            self._done, self._kept = False, now
            self.journal.keep(self.mirror.saved())
        if not (self._changed or (self._flowed and now - self._saved >= SOON)):
            return
        self._changed, self._flowed, self._saved = False, False, now
        digest, glide = self.layout.digest, self.smooth.packed()
        saved = Saved(self.name, self.mirror.saved(), sorted(self.house.on), digest, glide, self.start)
        self.parts.slate.write(msgspec.msgpack.encode(saved))


def quality(line: dict[str, Any] | None) -> float:
    """How well a line holds, from 0 (cut) to 1: what is lost of it to silence and to delay beyond half a second."""
    if not line or not line["connected"]:
        return 0.0
    return float(np.clip(1.0 - max(0.0, line["rtt_ms"] - 300.0) / 700.0, 0.1, 1.0))


def read_saved(body: bytes | None) -> Saved:
    """The slate's body; an empty one for a first start or a version that is not ours."""
    try:
        return msgspec.msgpack.decode(body or b"", type=Saved) if body else Saved()
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Saved()
