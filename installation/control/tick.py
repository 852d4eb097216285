"""The tick: what happened becomes what is, a hundred times a second. It reads from top to bottom, like a score.

It knows neither the window nor the command line; what it needs (clock, devices, line, doors) is handed to it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

import hardware.osc_pattern
from hardware.driver import Event
from installation.clock import Clock
from installation.control import cues, values
from installation.control.beat import Beat
from installation.control.company import Company
from installation.control.devices import LIMIT, Devices
from installation.control.easel import Easel, recall
from installation.control.echo import Echo
from installation.control.hands import Hands
from installation.control.health import Health
from installation.control.house import SWITCHES, House
from installation.control.kept import Kept, Saved
from installation.control.letters import HANDS, WRITE, Letters
from installation.control.outputs import Outputs
from installation.control.reader import Loaded, Reader
from installation.control.recording import Recording
from installation.control.schedule import Done, Schedule
from installation.control.slate import Slate
from installation.control.smooth import Fades, Smooth
from installation.control.tap import Ear
from installation.control.texts import LETTER, Said
from installation.control.wires import Wires
from installation.feed import FeedWriter, Values
from installation.score.company import leaving
from installation.score.fitting import house_lines
from installation.score.layout import PRESENCE, TEMPO, canonical
from installation.score.parameter import KINDS
from installation.score.patch import Patchbay, Touch
from installation.score.problem import Fault, Problem
from installation.score.rig import Rig
from installation.score.scene import Scene
from installation.score.show import Cue, Show
from installation.score.tempo import Tempo
from installation.twin.journal import Journal
from installation.twin.link import Link
from installation.twin.mirror import Arrived, Mirror
from installation.twin.problems import FORGOTTEN
from installation.twin.saving import MOST, OLDEST
from installation.twin.shown import Shown
from installation.twin.texts import Texts

FARTHEST = 400 * 86400.0
"""Seconds ahead at which a cue may be due: what comes of a year's table."""
RATE = 100.0
"""Ticks per second when nothing brings one early."""


class Parts(NamedTuple):
    """What is handed to control."""

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
    tap: Ear
    health: Health
    tell: Callable[[Problem], None]
    letters: Letters | None = None


class Control:
    """One site's state and its tick."""

    def __init__(self, parts: Parts, first: Loaded, saved: Saved) -> None:
        self.parts = parts
        self.clock, self.devices, self.link = parts.clock, parts.devices, parts.link
        self.mirror, self.journal, self.feed = parts.mirror, parts.journal, parts.feed
        self.house = House(set(saved.overrides))
        self.company, self.cues, self.easel = Company(parts.rig, saved.company), cues.Cues(), Easel()
        self.echo = Echo()
        self.beat, self.shown = Beat(), Shown(parts.mirror)
        self.schedule = Schedule(parts.show, parts.rig, parts.tell, saved.seen, saved.carried)
        self._after: list[tuple[Cue, float]] = []
        texts = Texts(parts.rig.name, parts.mirror.epoch, saved.texts)
        self.said = Said(texts, tuple(peer.name for peer in parts.rig.peers))
        self.letters = parts.letters or Letters(parts.rig, parts.journal, tell=parts.tell)
        self.kept = Kept(parts.slate, parts.journal)
        self.asked: list[Event] = []
        self.lay: Callable[[], Link] | None = None
        self.rekey: Callable[[], None] = lambda: None
        self.take = Recording()
        self.ticks = self.events = 0
        self.forgot = False
        self.scenes = parts.show.scenes
        self.problems: tuple[Problem, ...] = ()
        self.name = ""
        self.start = saved.start if saved.scene == first.name else 0.0
        self.take_up(first, saved)
        for entry in self.journal.pending():
            self.entered(entry)

    def take_up(self, loaded: Loaded, saved: Saved | None = None) -> None:
        """Puts a scene on air, or tells what is wrong with it and keeps the one that is. Glides go on.

        `saved` is given for the first scene alone, and is what an earlier run left.
        """
        self.problems = loaded.problems
        for problem in loaded.problems:
            self.parts.tell(problem)
        if loaded.scene is None or loaded.layout is None:
            self._after.clear()
            return
        if not self.start or (saved is None and loaded.name != self.name):
            self.start = self.link.shared.shared(self.clock.now())
        self.easel.lay(loaded.scene, again=loaded.name == self.name)
        self.name, self.scene, self.layout = loaded.name, loaded.scene, loaded.layout
        self.take.aired(self.clock.now(), self.name, self.scene.digest)
        own = self.parts.rig.values
        self.mirror.declare(values.keys(self.scene, own, self.parts.show.music))
        self.forget()
        self.hands = Hands(self.scene, self.mirror.schema)
        self.shown.lay(self.hands.ways)
        self.said.lay(self.scene)
        self.bay = self.patched(self.scene)
        self.wires = Wires(self.bay, self.layout)
        self.row = values.Row(self.scene, self.layout, self.mirror)
        music, show = self.parts.show.music or self.scene.music, self.parts.show
        heard = music is not None or self.scene.hears_tempo or any("/tempo" in name for name in show.compares)
        self.beat.lay(music or Tempo(), self.row, self.mirror, heard)
        self.fades = Fades(self.scene, self.layout)
        self.echo.lay(self.scene, self.layout)
        self._glide: dict[str, list[float]] | None = self.smooth.state_of() if saved is None else None
        self.smooth: Smooth = Smooth(self.layout)
        if saved and saved.layout == self.layout.digest:
            self.smooth.restore(saved.glide, self.clock.now())
            if saved.company:
                self.fades.resume(self.company.state, saved.weights, self.clock.now())
        self.kept.once()
        if self._after and self._after[0][0].scene == self.name:
            waiting, self._after = self._after, []
            for cue, when in waiting:
                self.settle(cue, when)

    def forget(self) -> None:
        """Tells once that values of ended scenes are let go."""
        number, address = self.mirror.forgotten
        if number and not self.forgot:
            days = round(OLDEST / 86_400)
            self.parts.tell(Problem(self.name, 0, FORGOTTEN, {"address": address, "most": MOST, "days": days}))
        self.forgot = bool(number)

    def patched(self, scene: Scene) -> Patchbay:
        """The scene's patches and the house's own; what the house says of another scene's parameters is told
        once, and waits for that scene."""
        parameters = (
            *scene.parameters,
            *scene.texts,
            *HANDS,
            PRESENCE,
            TEMPO,
            *SWITCHES.values(),
            *self.easel.parameters.values(),
        )
        of_house, strange = house_lines(self.parts.rig, scene.name, parameters)
        for problem in strange:
            self.parts.tell(problem)
        own, peers = self.parts.rig.name, self.layout.peers
        lines = [
            msgspec.structs.replace(one, source=canonical(one.source, own, peers))
            for one in (*scene.patches, *of_house)
        ]
        return Patchbay(parameters, lines, hardware.osc_pattern.matches, self.layout.slots)

    def tick(self) -> None:
        """One tick: Event → patch → parameter → mirror → value → feed."""
        now, arrived = self.clock.now(), self.link.received()
        shared = self.link.shared.shared(now)
        events = self.happened(now, arrived)
        touches = self.bay.apply(events) + self.wires.touches(self.row.columns)
        for given in self.schedule.look(now, shared, self.value, self.lead):
            self.given(*given, shared)
        self.write(touches, self.cues.due(shared), shared)
        self.send(now, shared)
        self.merge(arrived)
        self.post(now, shared)
        row = self.read(now, shared)
        self.parts.outputs.write(now, row)
        self.publish(now, shared)
        self.save(now)
        self.ticks += 1

    def happened(self, now: float, arrived: list[Arrived]) -> list[Event]:
        """What the devices, the windows and the line itself have to say, in that order; a take keeps it."""
        events = self.parts.outputs.echoes.without(now, self.devices.poll(now, LIMIT))
        if self.asked:
            events += self.asked
            self.asked = []
        built_in = self.company.events(now)
        self.take.tick(now, events, arrived, built_in, self.link.shared.line)
        events += built_in
        self.events += len(events)
        self.parts.tap.write(now, events)
        return events

    def write(self, touches: list[Touch], due: list[cues.Due], shared: float) -> None:
        """This site's half: what hands did, then the cues whose instant has come."""
        for touch in touches:
            self.touch(touch, shared)
        for cue, when in cues.carried(due, shared):
            self.give(cue, when)
            late = round((shared - when) * 1e3, 3)
            self.schedule.last.append(Done(cue.name, when, late, self.clock.now()))
        for when, _, cue, entry in due:
            self.schedule.carried_out(cue.key, when)
            if entry is not None:
                self.journal.done(entry)
                self.kept.done()
        if due:
            self.kept.once()

    def touch(self, touch: Touch, shared: float, firm: bool = False) -> None:
        """One hand on one parameter. A `firm` one counts however small: a person typed it, no sensor trembled."""
        address, numbers, component, words = touch
        if words is not None:
            if address in WRITE:
                self.letters.written(address, words["fr"], "veil" in self.house.on, shared)
            elif self.said.mirror.write(address, words, shared):
                self.kept.once()
            return
        if address in SWITCHES:
            self.house.put(SWITCHES[address].name, numbers[0] > 0.5)
            self.kept.once()
            return
        if address == TEMPO.address:
            self.beat.turn(self.mirror, numbers[0], shared)
            self.kept.once()
            return
        if address in self.easel.parameters:
            self.easel.put(self, address, numbers, shared)
            return
        kind = self.bay.parameters[address].kind
        numbers = self.outward(address, numbers)
        if kind == "event":
            self.mirror.rise(address, now=shared)
            self.kept.once()
            return
        if component >= 0:
            whole = list(self.mirror.target(address))
            whole[component] = numbers[0]
            numbers = tuple(whole)
        if self.mirror.touch(address, numbers, shared, firm):
            (self.kept.flowed if KINDS[kind].smooths else self.kept.once)()
        self.fades.touched(address)

    def outward(self, address: str, numbers: tuple[float, ...]) -> tuple[float, ...]:
        """The numbers as they may leave the house: how many visitors are here is coarse, whoever says it."""
        if address != PRESENCE.address:
            return numbers
        return (leaving(numbers[0], self.mirror.target(address)[0]),)

    def give(self, cue: Cue, when: float) -> None:
        """Carries a cue out as of the shared instant `when`."""
        if cue.scene and cue.scene != self.name:
            self.parts.reader.request(cue.scene)
            self._after = []
        if self._after or (cue.scene and cue.scene != self.name):
            self._after = [*self._after[-63:], (cue, when)]  # what it says of the scene's values waits for them
        self.settle(cue, when)

    def value(self, address: str) -> float:
        """The first number at an address, as a condition names it. Raises KeyError for none."""
        return self.row.value(self.meant(address))[0]

    def meant(self, address: str) -> str:
        """The layout's address of what a person wrote: `level`, `level_twin`, `/sun/paris/elevation`."""
        if not address.startswith("/"):
            stem = address.removesuffix("_twin")
            twin = stem != address and f"/scene/{address}" not in self.layout.slots
            address = f"/twin/twin/{stem}" if twin else f"/scene/{address}"
        return canonical(address, self.parts.rig.name, self.layout.peers)

    def until_cue(self, now: float) -> float:
        """Seconds until the next cue is due, so that its tick comes at its instant and not at the next on the grid."""
        when = self.cues.soonest
        return math.inf if when is None else (when - self.link.shared.shared(now)) / self.link.shared.rate

    @property
    def lead(self) -> float:
        """Seconds that a cue lies ahead of now, so that it is everywhere before its instant."""
        return cues.LEAD + max(
            (self.link.shared.delay(peer.name).slowest for peer in self.parts.rig.peers), default=0.0
        )

    def given(self, cue: Cue, due: float, key: str, shared: float) -> int:
        """Puts a cue in line, here and in the other cities; the number of its entry, 0 without one."""
        if key and self.schedule.knows(key, due):
            return 0
        cue = msgspec.structs.replace(cue, key=key)
        if key and (cue.here or not self.parts.rig.peers):
            self.queued(cue, due)
            return 0
        entry = self.journal.write("cue", cues.written(cue), due, shared)
        self.entered(entry)
        return entry.number

    def queued(self, cue: Cue, due: float, entry: Any = None) -> bool:
        """A cue waits for its instant from now on, and a take knows it; False when too many wait."""
        if not self.cues.add(cue, due, entry):
            return False
        self.take.entered(self.clock.now(), cue, due)
        self.schedule.expect(cue.key, due)
        return True

    def settle(self, cue: Cue, when: float) -> None:
        """A cue's preset, its values and what it lets go, of the scene on air. Given twice they are the same."""
        if cue.preset:
            recall(self, cue.preset, when, cue.fade)
        for address, numbers in cue.values.items():
            parameter = self.bay.parameters.get(address)
            if parameter is None or len(numbers) != parameter.width:
                continue
            if address in self.mirror.schema.places:
                to = self.outward(address, parameter.clamp(numbers))
                self.mirror.fade(address, None, to, when, max(cue.fade, 0.0))
            else:
                self.touch(Touch(address, numbers), when)
        for address, words in cue.texts.items():
            self.said.mirror.write(address, words, when, exact=True)
        for address in cue.release:
            if address in self.bay.parameters:
                self.mirror.release(address, when)

    def send(self, now: float, shared: float) -> None:
        """What the peers do not have yet: of the half, and of the journal."""
        full = self.link.full()
        # Behind the veil nothing of what happens here leaves the house; the journal and what comes in go on.
        veiled = frozenset(peer.name for peer in self.parts.rig.peers) if "veil" in self.house.on else full
        letters = self.journal.delta(now, self.link.full("journal"), self.mirror.letters(shared))
        for site, more in letters.items():
            self.mirror.spent(site, sum(map(len, more)))
        frames = self.mirror.delta(shared, full | veiled)
        for site, texts in self.said.mirror.delta(shared, full | veiled).items():
            self.mirror.spent(site, sum(map(len, texts)))
            frames[site] = frames.get(site, []) + texts
        for site, more in letters.items():
            frames[site] = frames.get(site, []) + more
        self.link.send(frames)

    def entered(self, entry: Any) -> None:
        """A journal entry, ours or a peer's, as it comes into force here."""
        if self.letters.entered(entry, self.link.shared.shared(self.clock.now())):
            return
        if entry.name != "cue":
            self.journal.strange(entry)
            self.kept.done()
            return
        cue = cues.read(entry.arguments, lambda reason: None)
        ours = entry.site == self.parts.rig.name
        due, shared = entry.due, self.link.shared.shared(self.clock.now())
        if not 0.0 < due < shared + FARTHEST:  # nobody's hand: a wrong clock, or a peer that lies
            cue = None
        key = (cue.key if cue else "") or f"{entry.site}:{entry.epoch}:{entry.number}"
        if cue is None or (cue.here and not ours) or self.schedule.knows(key, due):
            self.journal.done(entry)
            self.kept.done()
            return
        # What this show says of its own cue counts, whatever version of it the other city plays.
        cue = self.schedule.own(key) or (cue if ours else cues.abroad(cue))
        cue = msgspec.structs.replace(cue, key=key)
        if not self.queued(cue, due, entry):
            self.journal.done(entry)
            self.kept.done()

    def post(self, now: float, shared: float) -> None:
        """Letters: delivered when this house is open, forgotten when they are old; one is on the wall."""
        for number in self.letters.tick(shared, "veil" in self.house.on):
            self.asked.append(Event(now, "/letter/arrived", (number,)))
        if self.letters.settled:
            self.letters.settled = False
            self.kept.done()
        if self.said.put(LETTER, self.letters.on_wall):
            self.take.letter(now, self.letters.on_wall)

    def merge(self, arrived: list[Arrived]) -> None:
        """The peers' halves and what they wrote in their journals."""
        if arrived:
            for site, frames in itertools.groupby(arrived, key=lambda frame: frame.site):
                some, began = list(frames), self.clock.spent()
                self.mirror.merge(some)
                self.said.mirror.merge(some)
                self.link.charge(site, self.clock.spent() - began)
            self.kept.flowed()
        for entry in self.journal.merge(arrived):
            self.entered(entry)

    def read(self, now: float, shared: float) -> values.Row:
        """Merged, then in company, then smoothed; on the row that is published."""
        waits = self.hands.waits(self.beat.tempo)
        reading = self.shown.read(shared, waits, now)
        self.row.look(self.shown)
        known = self.company.known(now, shared, self.link, self.mirror, self.row)
        known["/letter/shown"] = self.letters.showing
        self.row.fill(reading, known | self.hands.told(self.shown, self.layout.peers, waits))
        self.beat.fill(self.row, reading.columns, shared)
        states = self.company.states
        self.echo.hear(shared, self.mirror, states)
        for state, address, numbers in self.echo.play(shared, self.fades, states):
            self.take.echoed(now, state, address, numbers)
        held = self.row.held(self.mirror.held)
        self.fades.apply(self.company.state, self.row.columns, now, held, states)
        if self.fades.moving:
            self.kept.flowed()
        if self._glide is not None:
            self.smooth.resume(self._glide, self.row.columns, now)
            self._glide = None
        self.smooth.apply(self.row.columns, self.row.slopes, now)
        return self.row

    def publish(self, now: float, shared: float) -> None:
        """The whole state as one message to the stages."""
        start = self.start_of(shared)
        words = {
            "scene": self.name,
            "peers": list(self.layout.peers),
            "override": self.house.shown,
            "company": self.company.state,
            "show": self.scenes,
            **self.easel.words,
            **self.said.words(),
        }
        row, rate = self.row, self.link.shared.rate
        self.feed.publish(
            Values(self.layout.digest, self.ticks, now, shared, rate, start, row.columns, row.slopes, words)
        )

    def start_of(self, shared: float) -> float:
        """When the scene began: at the last whole cycle where the cities keep the same time."""
        return shared - shared % self.scene.cycle if self.scene.in_step else self.start

    def scene_time(self, shared: float) -> float:
        """Seconds of the scene, as it plays."""
        return max(0.0, shared - self.start_of(shared)) % self.scene.cycle

    def relink(self) -> None:
        """Lays the line that could not be laid at the start; while that cannot be, the house plays on alone."""
        if self.lay is None:
            return
        try:
            link = self.lay()
        except Fault:
            return
        before, self.link, self.lay = self.link, link, None
        self.parts = self.parts._replace(link=link)
        before.close()

    def save(self, now: float) -> None:
        """Keeps what changed where a kill leaves it."""
        self.kept.settle(now, self.mirror)
        if self.kept.due(now):
            self.kept.write(now, self.saved())

    def saved(self) -> Saved:
        """What goes on after a kill, and what a take begins with."""
        digest, glide = self.layout.digest, self.smooth.packed()
        on, schedule = sorted(self.house.on), self.schedule
        return Saved(
            scene=self.name,
            mirror=self.mirror.saved(),
            overrides=on,
            layout=digest,
            glide=glide,
            start=self.start,
            company=self.company.states,
            weights=dict(self.fades.weights),
            seen=schedule.seen,
            carried=schedule.known,
            texts=self.said.mirror.saved(),
        )
