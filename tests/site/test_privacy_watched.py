"""What runs equals what is told: two cities under a watcher of every file and socket; and the sea, heard plain."""

from __future__ import annotations

import concurrent.futures
import contextlib
import fnmatch
import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.clock import RealClock
from installation.twin import keys, wire
from installation.twin.journal import Journal
from installation.twin.lanes import LANES
from installation.twin.link import Link, Peer
from installation.twin.mirror import Mirror
from tests.site import watcher
from tests.site.venue import Site, answer, free_port, until
from tests.site.watcher import OF_THE_KERNEL, OF_THE_SYSTEM, Piece, Seen

SIZE = (480, 270)
PICTURE = 4 * SIZE[0] * SIZE[1]
MARK = (0x6B, 0xA3, 0x2D)
"""A colour that stands beside itself nowhere but in a picture of this stage."""
SHADER = """/*{"ISFVSN": "2", "INPUTS": [
  {"NAME": "level", "TYPE": "float", "MIN": 0, "MAX": 1, "DEFAULT": 0},
  {"NAME": "level_twin", "TYPE": "float", "MIN": 0, "MAX": 1, "DEFAULT": 0},
  {"NAME": "own", "TYPE": "float", "DEFAULT": 0}, {"NAME": "where", "TYPE": "point2D", "DEFAULT": [0, 0]}]}*/
void main() {
    vec4 mark = vec4(vec3(107.0, 163.0, 45.0) / 255.0, 1.0) + 0.0 * (level + level_twin + own + where.x);
    gl_FragColor = isf_FragNormCoord.x < 0.5 ? mark : vec4(0.0);
}
"""
SCENE = """dither = false
[[layer]]
camera = "twin"
[[layer]]
shader = "inputs.fs"
[[layer]]
text     = "letter:in"
size     = 0.02
position = [0.0, -0.45]
[parameter.level]
share = "each"
[parameter.where]
share = "latest"
[[patch]]
from = "/floor/at"
to   = "where"
[asleep]
level_twin = { echo = "10s" }
[alone]
fade = 0.2
"""
RIG = """[site]
name = "{name}"
contact = "the door"
[show]
scene = "both"
[letters]
moderation = "before"
[device.floor]
driver = "osc"
port = {port}
[output.desk]
driver = "osc"
port = {desk}
send = ["/scene/level"]
[window.main]
size = [480, 270]
[peer.{peer}]
{line}
key = '{key}'
[[patch]]
from = "/floor/count"
to = "/presence"
"""
LETTER = "Somebody drew the harbour at half past six"


class City(Site):
    """A site of the scene above, with a deadline for a machine that does much else."""

    patience = 90.0

    def __init__(self, folder: Path, name: str, peer: str, line: str, key: str, desk: int) -> None:
        super().__init__(folder, name, RIG, peer=peer, line=line, key=key, desk=desk)
        inside = folder / "scenes" / "both"
        inside.mkdir(parents=True, exist_ok=True)
        (inside / "scene.toml").write_text(SCENE)
        (inside / "inputs.fs").write_text(SHADER)
        self.calls = folder / f"calls-{name}"
        for display in ("DISPLAY", "WAYLAND_DISPLAY"):
            self.environment.pop(display, None)

    def told(self) -> dict[str, Any]:
        """What `privacy` says of this very configuration."""
        said = self.verb("privacy", str(self.rig), "--json")
        assert said.returncode == 0, said.stderr
        found: dict[str, Any] = answer(said)
        return found

    def linked(self) -> bool:
        return any(line.get("connected") for line in self.status().get("link", {}).values())

    def move(self, number: int) -> None:
        """A hand, a place and a crowd, a little further on."""
        self.osc("/scene/level", (number % 50) / 50)
        self.osc("/scene/own", (number % 50) / 50)
        self.osc("/floor/at", (number % 30) / 30, (number % 40) / 40)
        self.osc("/floor/count", 31 + number % 17)


def marks() -> Iterator[bytes]:
    """How a row of the marked picture may stand in memory: with alpha or without, in either order."""
    red, green, blue = MARK
    for order in ((red, green, blue), (blue, green, red)):
        yield bytes(order) * 6
        yield bytes((*order, 255)) * 6


def shows_picture(data: bytes) -> bool:
    """Whether raw pixels of the stage, or a picture in a usual form, are in these bytes."""
    return any(mark in data for mark in (*marks(), b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"RIFF", b"ftypisom"))


def fits(path: str, rows: list[dict[str, Any]]) -> bool:
    return any(fnmatch.fnmatch(path, os.path.expanduser(one["path"])) for one in rows)


def ports(rows: list[dict[str, Any]], direction: str) -> set[tuple[str, str]]:
    """The way and the port of what is declared, of either direction, beyond the machine's own files."""
    return {
        (one["way"], one["at"].rpartition(":")[2])
        for one in rows
        if one["way"] != "ipc" and one["direction"] == direction
    }


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="jm-", dir="/tmp"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


class Watched:
    """Two cities that ran for a while, what each was told to do by its configuration, and what it did."""

    def __init__(self, folder: Path) -> None:
        line, self.desk = free_port(socket.SOCK_STREAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.desk.bind(("127.0.0.1", 0))
        ways = {"paris": f'dial = "tcp://127.0.0.1:{line}"', "frisco": f'listen = "tcp://127.0.0.1:{line}"'}
        own = {name: keys.new(folder / f"home-{name}" / "keys") for name in ways}
        self.cities = {
            name: City(folder, name, peer, ways[name], own[peer].public, self.desk.getsockname()[1])
            for name, peer in (("paris", "frisco"), ("frisco", "paris"))
        }
        self.told = {name: city.told() for name, city in self.cities.items()}
        self.before = {path: path.stat().st_mtime_ns for path in home_files(folder)}
        for city in self.cities.values():
            city.before = tuple(watcher.watching(city.calls))
        self.seconds = 0.0
        try:
            self._run()
        finally:
            for city in self.cities.values():
                with contextlib.suppress(Exception):
                    city.stop()
            self.desk.close()
        self.seen: dict[str, Seen] = {}
        for name, city in self.cities.items():
            until(lambda city=city: watcher.ended(city.calls), 60.0, "the watcher has told the last call")
            self.seen[name] = watcher.seen(city.calls)

    def _run(self) -> None:
        began = time.monotonic()
        paris, frisco = self.cities.values()
        with concurrent.futures.ThreadPoolExecutor() as both:
            list(both.map(City.start, self.cities.values()))
        until(lambda: paris.linked() and frisco.linked(), 60.0, "they are linked")
        assert paris.desk("letter", act="write", text=LETTER, language="en").get("number")
        moved = self._moved(lambda: waiting(frisco))
        frisco.desk("letter", act="approve", id=waiting(frisco)[0]["id"])
        self._moved(lambda: arrived(frisco), moved)
        for city in self.cities.values():
            until(lambda city=city: marked(city), 60.0, "the mark is on the stage: there is something to be found")
        self._moved(lambda: (paris.folder / "home-frisco" / "frisco" / "echo").exists(), moved)
        self.seconds = time.monotonic() - began

    def _moved(self, condition: Callable[[], Any], steps: Iterator[int] | None = None) -> Iterator[int]:
        """Moves both cities' hands until something is so."""
        steps = steps or itertools.count()

        def look() -> Any:
            number = next(steps)
            for city in self.cities.values():
                city.move(number)
            return condition()

        until(look, 90.0)
        return steps


def home_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def waiting(city: Site) -> list[dict[str, Any]]:
    return [one for one in city.desk("letter", act="list").get("letters", []) if one["from"] != city.name]


def arrived(city: Site) -> bool:
    return any("delivered" in str(one["states"]) for one in waiting(city))


def marked(city: Site) -> bool:
    found = city.picture()
    return found is not None and shows_picture(found.tobytes())


@pytest.fixture(scope="module")
def watched(folder: Path) -> Watched:
    why = watcher.possible()
    if why:
        pytest.skip(f"nothing can be watched here: {why}")
    return Watched(folder)


def test_what_is_opened_for_writing_is_what_is_told_and_all_that_is_told(watched: Watched) -> None:
    for name, seen in watched.seen.items():
        told = watched.told[name]
        rows = [*told["disk"], *told["memory"]]
        opened = {path for path in seen.files if not path.startswith(OF_THE_KERNEL)}
        assert {path for path in opened if not fits(path, rows)} == set(), name
        always = [one for one in rows if one["when"] == "always"]
        assert [one["path"] for one in always if not any(fits(path, [one]) for path in opened)] == [], name


def test_nobody_is_called_but_those_who_are_told_and_no_other_port_is_open(watched: Watched) -> None:
    for name, seen in watched.seen.items():
        doors = watched.told[name]["doors"]
        local = {one["at"] for one in doors if one["way"] == "ipc"}
        assert {at for way, at in seen.bound if way == "ipc"} == local, name
        called = {at for way, at in seen.called if way == "ipc"}
        assert {at for at in called - local if not at.startswith(OF_THE_SYSTEM)} == set(), name
        assert {(way, at.rpartition(":")[2]) for way, at in seen.bound if way != "ipc"} == ports(doors, "in"), name
        sent = {("udp", one.end[4:]) for one in seen.pieces if one.end.startswith("udp ")}
        out = {one for one in seen.called if one[0] != "ipc"} | sent
        assert {(way, at.rpartition(":")[2]) for way, at in out} == ports(doors, "out"), name
        assert {at.rpartition(":")[0].strip("[]").removeprefix("::ffff:") for _, at in out} == {"127.0.0.1"}


def over_the_sea(seen: Seen) -> list[Piece]:
    return [one for one in seen.pieces if one.end.startswith("tcp ")]


def test_no_picture_of_the_stage_is_in_any_file_or_socket(watched: Watched) -> None:
    for name, seen in watched.seen.items():
        assert [one.end for one in seen.pieces if shows_picture(one.data)] == [], name
    files = [path for seen in watched.seen.values() for path in map(Path, seen.files) if path.is_file()]
    grown = {*files, *home_files(watched.cities["paris"].folder)} - set(watched.before)
    shown = [path for path in grown if not path.name.startswith("calls") and not of_the_scene(path)]
    assert len(shown) > 8
    assert [path for path in shown if shows_picture(path.read_bytes())] == []


def of_the_scene(path: Path) -> bool:
    """The watcher's own, and the driver's programs, whose bytes are anybody's guess."""
    return path.parent.name.startswith("calls") or "mesa_shader_cache" in str(path)


def test_what_crosses_the_sea_is_far_less_than_any_picture_and_nobody_reads_it_on_the_way(watched: Watched) -> None:
    for name, seen in watched.seen.items():
        crossed = over_the_sea(seen)
        assert sum(one.count for one in crossed) > 1000, "the watcher does see the line"
        assert sum(one.count for one in crossed) / watched.seconds < PICTURE / 10, name
        assert max(one.count for one in crossed) < PICTURE / 10, name
        assert not any(LETTER.encode() in one.data or b"/scene/level" in one.data for one in crossed), name


def test_the_watcher_sees_a_program_that_leaks_a_picture(folder: Path) -> None:
    """The tests above would see it: so much is tried with a program that does it."""
    if watcher.possible():
        pytest.skip("nothing can be watched here")
    with socket.create_server(("127.0.0.1", 0)) as ear:
        port, calls = ear.getsockname()[1], folder / "calls-leak"
        leak = f"""
import socket
picture = bytes({(*MARK, 255)}) * {SIZE[0] * SIZE[1]}
open({str(folder / "leak.raw")!r}, "wb").write(picture)
end = socket.create_connection(("127.0.0.1", {port}))
end.send(picture[:4000])
"""
        subprocess.run([*watcher.watching(calls), sys.executable, "-c", leak], check=True)
        until(lambda: watcher.ended(calls), 30.0)
    seen = watcher.seen(calls)
    assert str(folder / "leak.raw") in seen.files and ("tcp", f"127.0.0.1:{port}") in seen.called
    ends = {one.end for one in seen.pieces if shows_picture(one.data)}
    assert ends == {str(folder / "leak.raw"), f"tcp 127.0.0.1:{port}"}
    (folder / "leak.raw").unlink()


class Ear:
    """The other city, in our own hands: all that crosses, out of its envelope."""

    def __init__(self, own: keys.Pair, other: str, port: int) -> None:
        self.clock = RealClock()
        self.link = Link("frisco", 1, own, [Peer("paris", other, f"tcp://127.0.0.1:{port}")], self.clock)
        presence = wire.Key("/presence", "long", "each", 1, (0.0,), (1000.0,), (0.0,), 0.0)
        self.mirror, self.journal = Mirror("frisco", [presence], 1), Journal(None, "frisco", 1, ["paris"])
        self.frames: dict[str, list[bytes]] = {lane: [] for lane in LANES}
        self.entries: list[Any] = []
        self.counts: set[float] = set()

    def tick(self) -> None:
        """One turn: hears, answers as a city would, and keeps what came."""
        shared = self.link.shared.shared(self.clock.now())
        for lane in ("state", "presence", "bulk"):
            arrived = self.link.received(lane)
            self.frames[lane] += [one.body for one in arrived if one.body]
            if lane == "state":
                self.mirror.merge(arrived)
                self.entries += self.journal.merge(arrived)
        for entry in self.journal.pending():
            self.journal.done(entry)
        self.link.send(self.mirror.delta(shared, self.link.full()))
        self.link.send(self.journal.delta(self.clock.now(), self.link.full("journal")))
        self.mirror.read(shared)
        self.counts.add(float(self.mirror.half("paris")[0][0]))

    def names(self) -> dict[str, str]:
        """What the other city says that it shares: address to rule."""
        found = [one for one in self.frames["state"] if one[0] == wire.NAMES]
        return {key.address: key.rule for frame in found for key in wire.read_names(wire.body(frame))}

    def close(self) -> None:
        self.link.close()
        self.journal.close()


def test_what_the_other_city_hears_is_what_is_told_and_nothing_else(folder: Path) -> None:
    """The line is encrypted, so what is in it is seen by the city alone for whom it is meant: here, by this test."""
    port, inside = free_port(socket.SOCK_STREAM), folder / "plain"
    paris_keys, own = keys.new(inside / "home-paris" / "keys"), keys.made()
    paris = City(inside, "paris", "frisco", f'listen = "tcp://127.0.0.1:{port}"', own.public, free_port())
    told, ear = paris.told(), Ear(own, paris_keys.public, port)
    try:
        paris.start()
        steps = itertools.count()

        def heard() -> bool:
            ear.tick()
            paris.move(next(steps))
            return bool(ear.names()) and len(ear.counts) > 1 and len(ear.frames["state"]) > 100

        until(heard, 60.0, "the other city moves")
        assert paris.desk("letter", act="write", text=LETTER, language="en").get("number")
        until(lambda: heard() and ear.entries, 60.0, "its letter has come")
    finally:
        ear.close()
        paris.stop()
    shared = {one["address"]: one["rule"] for one in told["sea"]["parameters"]}
    assert ear.names() == shared, "what is not shared is not even named"
    assert ear.counts <= set(told["sea"]["presence"]), "31 visitors and more, never told exactly"
    assert {entry.name for entry in ear.entries} == {"letter"}
    assert ear.frames["presence"] == ear.frames["bulk"] == []
    assert not any(shows_picture(frame) for frame in ear.frames["state"])
    assert max(map(len, ear.frames["state"])) < PICTURE / 100
