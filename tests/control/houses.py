"""Two houses whose clock is held and whose line is a list: real ticks, mirrors and journals, no process."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from installation.clock import HeldClock
from installation.control.kept import Kept, Saved
from installation.control.outputs import Outputs
from installation.control.reader import Loaded
from installation.control.tap import Deaf
from installation.control.tick import Control, Parts
from installation.control.values import keys
from installation.score.rig import rig
from installation.score.scene import Scene, Shelf, Source, laid_out
from installation.score.scene_file import from_toml
from installation.score.show import Show, show
from installation.twin.journal import Journal
from installation.twin.mirror import Arrived, Mirror
from installation.twin.offset import Line, SharedTime

NAMES = ("paris", "san_francisco")
PLACES = {
    "paris": 'city = "Paris"\ntime_zone = "Europe/Paris"\nlatitude = 48.8665\nlongitude = 2.3533\n',
    "san_francisco": 'city = "San Francisco"\ntime_zone = "America/Los_Angeles"\n'
    "latitude = 37.8008\nlongitude = -122.3983\n",
}
SHADER = """/*{"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0}, {"NAME": "level_twin", "TYPE": "float"},
  {"NAME": "swell", "TYPE": "float", "DEFAULT": 0}, {"NAME": "height", "TYPE": "float", "MIN": -90, "MAX": 90},
  {"NAME": "echo", "TYPE": "float", "DEFAULT": 0}, {"NAME": "bang", "TYPE": "event"},
  {"NAME": "tempo_beat", "TYPE": "float"}]}*/
void main() { gl_FragColor = vec4(level, level_twin, swell, echo); }"""
TOML = """[[layer]]
shader = "a.fs"
[parameter.level]
share = "each"
[parameter.swell]
share = "latest"
[alone]
fade = 0.0
"""


def scene(text: str = TOML, name: str = "a") -> Scene:
    return from_toml(name, Source("scene.toml", text), Shelf(lambda file: Source(file, SHADER)))


class Wire:
    """The line: what is sent lies at the peer's door, unless it is cut."""

    def __init__(self, name: str, clock: HeldClock) -> None:
        self.name, self.peer = name, next(one for one in NAMES if one != name)
        self.shared = SharedTime(clock.now(), clock.wall())
        self.shared.line = Line(clock.now(), clock.wall(), 1.0, True, 0.001)
        self.inbox: list[Arrived] = []
        self.far: Wire | None = None
        self.up = True

    def received(self) -> list[Arrived]:
        found, self.inbox = self.inbox, []
        return found

    def charge(self, site: str, seconds: float) -> None:
        """Nothing costs anything here."""

    def full(self, *lane: Any) -> frozenset[str]:
        return frozenset() if self.up else frozenset((self.peer,))

    def send(self, frames: dict[str, list[bytes]]) -> None:
        if self.up and self.far is not None:
            self.far.inbox += [Arrived(self.name, body) for body in frames.get(self.peer, ())]

    def status(self) -> dict[str, dict[str, Any]]:
        return {self.peer: {"connected": self.up, "rtt_ms": 145.0}}


class _Nothing:
    """Devices and the reader: nothing comes of them."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def poll(self, now: float, limit: int) -> list[Any]:
        return []

    def request(self, name: str) -> None:
        self.asked.append(name)


class _Feed:
    def publish(self, values: Any) -> None:
        self.values = values


class _Slate:
    """What a kill leaves."""

    body = b""

    def saved(self) -> bytes:
        return self.body

    def write(self, body: bytes) -> None:
        self.body = body


class House:
    """One site. `restart` is kill -9 and a new start: only the slate and the journal's file are left."""

    def __init__(self, name: str, folder: Path, clock: HeldClock, of: str, text: str = TOML) -> None:
        self.name, self.folder, self.clock, self.of, self.text = name, folder, clock, of, text
        self.slate, self.told = _Slate(), []
        self.done: list[str] = []
        self.epoch = 0
        self.wire = Wire(name, clock)
        self._start(Saved())

    def _start(self, saved: Saved) -> None:
        self.epoch += 1
        peer = self.wire.peer
        place = (
            f'[site]\nname = "{self.name}"\n{PLACES[self.name]}[peer.{peer}]\nlisten = "tcp://*:7410"\n{PLACES[peer]}'
        )
        venue = rig(place, f"{self.name}.toml")
        played = show(self.of, "evening.toml") if self.of else Show(title={}, scene="", cues={})
        one = scene(self.text)
        mirror = Mirror(self.name, keys(one, {}, played.music), self.epoch, saved.mirror or None)
        self.journal = Journal(self.folder / f"{self.name}.sqlite", self.name, 1, [peer])
        self.reader, self.feed = _Nothing(), _Feed()
        parts = Parts(
            venue, played, cast(Any, self.clock), devices=cast(Any, _Nothing()),
            outputs=Outputs(venue, cast(Any, self.clock), self.told.append), link=cast(Any, self.wire), mirror=mirror,
            journal=self.journal, reader=cast(Any, self.reader), slate=cast(Any, self.slate), feed=cast(Any, self.feed),
            tap=Deaf(), health=cast(Any, None), tell=self.told.append,
        )  # fmt: skip
        self.control = Control(parts, Loaded("a", one, laid_out(one, (peer,))), saved)
        self.control.kept = Kept(cast(Any, self.slate), self.journal)

    def restart(self) -> None:
        from installation.control.kept import read

        self.note()
        self.journal.close()
        self.wire.inbox.clear()
        self._start(read(cast(Any, self.slate)))

    def tick(self) -> None:
        self.control.tick()
        self.journal.flush()
        self.note()

    def note(self) -> None:
        """What was carried out since the last look, by name."""
        last = self.control.schedule.last
        self.done += [one.name for one in last]
        last.clear()

    def value(self, address: str) -> float:
        return self.control.row.value(address)[0]


class Pair:
    """Both houses under one show, and the time that passes for both."""

    def __init__(
        self, folder: Path, of: str, there: str | None = None, text: str = TOML, wall: float = 1_800_000_000.0
    ):
        self.clock = HeldClock(100.0, wall)
        self.paris = House("paris", folder, self.clock, of, text)
        self.frisco = House("san_francisco", folder, self.clock, of if there is None else there, text)
        self.paris.wire.far, self.frisco.wire.far = self.frisco.wire, self.paris.wire
        self.houses = (self.paris, self.frisco)
        self.hail()

    def hail(self) -> None:
        """Both hear that the line is up."""
        for one in self.houses:
            one.wire.up = True
            one.wire.inbox.append(Arrived(one.wire.peer, b""))

    def cut(self) -> None:
        for one in self.houses:
            one.wire.up = False

    def pass_(self, seconds: float, step: float = 0.25, only: House | None = None) -> None:
        """Time passes, in ticks of `step`."""
        for _ in range(round(seconds / step)):
            self.clock.advance(step)
            for one in self.houses if only is None else (only,):
                one.tick()

    def close(self) -> None:
        for one in self.houses:
            one.journal.close()
