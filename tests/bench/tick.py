"""The tick: 64 patches, 200 shared parameters, 32 events a tick, a peer that is up; and OSC from packet to parameter.

`python -m tests.bench.tick` prints the rows; `jumelage bench tick` does, too.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import zmq

from hardware.driver import Event
from installation.clock import RealClock
from installation.control.devices import Devices
from installation.control.health import Health
from installation.control.kept import Saved
from installation.control.outputs import Outputs
from installation.control.reader import Loaded, Reader
from installation.control.slate import Slate
from installation.control.tap import Deaf
from installation.control.tick import Control, Parts
from installation.control.values import keys
from installation.feed import FeedWriter
from installation.library import Library
from installation.score.rig import rig
from installation.score.scene import Shelf, Source, laid_out
from installation.score.scene_file import from_toml
from installation.score.show import Show
from installation.twin.journal import Journal
from installation.twin.mirror import Arrived, Mirror
from installation.twin.offset import SharedTime

PARAMETERS, PATCHES, EVENTS, TICKS = 200, 64, 32, 2000
ROOT = Path(__file__).resolve().parents[2]


class Line:
    """A link with a peer at its other end that answers at once: a second mirror in this process."""

    def __init__(self, peer: Mirror, clock: RealClock) -> None:
        self.peer, self.clock = peer, clock
        self.shared = SharedTime(clock.now(), clock.wall())
        self.waiting, self.sent = [Arrived("b", b"")], list[Arrived]()
        peer.merge([Arrived("a", b"")])

    def turn(self) -> None:
        """The peer's own tick, which is not ours to count: it takes what came and changes something of its own."""
        shared = self.shared.shared(self.clock.now())
        self.peer.merge(self.sent)
        self.sent = []
        self.peer.touch("/scene/p0", ((shared * 7) % 1.0,), shared)
        self.waiting += [Arrived("b", frame) for frame in self.peer.delta(shared).get("a", [])]

    def received(self) -> list[Arrived]:
        out, self.waiting = self.waiting, []
        return out

    def send(self, frames: dict[str, list[bytes]]) -> None:
        self.sent += [Arrived("a", frame) for frame in frames.get("b", [])]

    def charge(self, site: str, seconds: float) -> None:
        """What comes out of a file costs no peer anything."""

    def full(self, lane: str = "state") -> frozenset[str]:
        return frozenset()

    def status(self) -> dict[str, Any]:
        return {"b": {"connected": True, "rtt_ms": 145.0, "clock_bound_ms": 75.0}}


def _scene() -> tuple[str, str]:
    inputs = ",".join(f'{{"NAME": "p{n}", "TYPE": "float", "DEFAULT": 0}}' for n in range(PARAMETERS))
    shader = f'/*{{"INPUTS": [{inputs}]}}*/ void main() {{ gl_FragColor = vec4(p0); }}'
    text = '[[layer]]\nshader = "a.fs"\n[alone]\n'
    text += "".join(
        f'[parameter.p{n}]\nshare = "{("each", "latest")[n % 2]}"\nsmooth = 0.2\n' for n in range(PARAMETERS)
    )
    text += "".join(
        f'[[patch]]\nfrom = "/in/{n}"\nto = "p{n}"\nin = [0, 2]\ncurve = "smooth"\n' for n in range(PATCHES)
    )
    return shader, text


def control(folder: Path) -> Control:
    """A control with everything but devices and a real line."""
    shader, text = _scene()
    scene = from_toml("a", Source("scene.toml", text), Shelf(lambda name: Source(name, shader)))
    layout, clock = laid_out(scene, ("b",)), RealClock()
    house = rig('[site]\nname = "a"\n[peer.b]\ndial = "tcp://127.0.0.1:9"\nkey = "' + "x" * 40 + '"\n', "a.toml")
    ours = keys(scene, {})
    mirror, peer = Mirror("a", ours, 1), Mirror("b", ours, 1)
    devices, outputs = Devices(house, clock, print), Outputs(house, clock, print)
    parts = Parts(
        house, Show(title={}, scene="", cues={}), clock, devices, outputs,
        Line(peer, clock), mirror, Journal(None, "a", 1, ["b"]), Reader(Library([]), ("b",)), Slate(folder / "slate"),
        FeedWriter(zmq.Context.instance(), f"ipc://{folder}/feed"), Deaf(), Health(clock.now(), 0.01, folder), print,
    )  # type: ignore[arg-type]  # fmt: skip
    return Control(parts, Loaded("a", scene, layout), Saved())


def plain(events: list[Event], state: dict[str, float], smooth: list[float]) -> None:
    """The same work as plain Python would have it, without a mirror: the reference."""
    for _, address, (number,) in events:
        x = min(max(number / 2.0, 0.0), 1.0)
        state[address] = x * x * (3 - 2 * x)
    for n, target in enumerate(state.values()):
        smooth[n] += (target - smooth[n]) * 0.05


def _ticks() -> list[dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="jm-", dir="/tmp"))
    one = control(folder)
    state, smooth = {f"/in/{n}": 0.0 for n in range(PARAMETERS)}, [0.0] * PARAMETERS
    ours, theirs = [], []
    try:
        gc.collect()
        gc.freeze()
        for number in range(TICKS):
            now = time.monotonic()
            events = [
                Event(now, f"/in/{(number + n) % PATCHES}", ((number * 7 + n * 13) % 200 / 100.0,))
                for n in range(EVENTS)
            ]
            one.asked = list(events)
            one.link.turn()  # type: ignore[attr-defined]
            begun = time.perf_counter()
            one.tick()
            between = time.perf_counter()
            plain(events, state, smooth)
            theirs.append(time.perf_counter() - between)
            ours.append(between - begun)
            time.sleep(0.002)
    finally:
        one.parts.reader.close()
        one.parts.journal.close()
        one.parts.slate.close()
        one.feed.close()
        shutil.rmtree(folder, ignore_errors=True)
    ours, theirs = sorted(ours[100:]), sorted(theirs[100:])
    rows = []
    for name, part, goal in (("p50", 0.5, "≤ 0.3 ms"), ("p99", 0.99, "≤ 1 ms")):
        mine, other = ours[int(len(ours) * part)] * 1e3, theirs[int(len(theirs) * part)] * 1e3
        rows.append(
            _row(
                f"tick, 64 patches, 200 parameters, 32 events, {name}",
                mine,
                "ms",
                "plain Python, no mirror",
                other,
                goal,
            )
        )
    return rows


def _row(name: str, value: float, unit: str, reference: str, other: float, target: str) -> dict[str, Any]:
    return {
        "name": name, "value": round(value, 4), "unit": unit, "reference": reference,
        "reference_value": round(other, 4), "ratio": round(value / other, 3) if other else None, "target": target,
    }  # fmt: skip


SHADER = """/*{"INPUTS": [{"NAME": "x", "TYPE": "float", "MIN": 0, "MAX": 1, "DEFAULT": 0}]}*/
void main() { gl_FragColor = vec4(fract(x)); }"""
RIG = """[site]
name = "bench"
[show]
scene = "x"
[device.osc]
driver = "osc"
port = {port}
[window.main]
size = [64, 36]
"""
FEED_ROUNDS = 300


def _packets() -> list[dict[str, Any]]:
    """OSC packet to parameter in a running site, its stage at 64×36, beside a bare `select` receiver."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    from installation.feed import FeedReader

    folder = Path(tempfile.mkdtemp(prefix="jm-", dir="/tmp"))
    (folder / "scenes").mkdir()
    (folder / "scenes" / "x.fs").write_text(SHADER)
    port = _free_port()
    (folder / "bench.toml").write_text(RIG.format(port=port))
    environment = {
        **os.environ,
        "JUMELAGE_HOME": str(folder / "home"),
        "XDG_RUNTIME_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "installation.cli", "run", str(folder / "bench.toml"), "--headless"]
    site = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context: zmq.Context[Any] = zmq.Context()
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        feed = FeedReader(context, f"ipc://{_doors(folder)}/feed")
        feed.wait(20.0)
        _settled(feed)
        taken, ours, bare = [], [], []
        with _Bare() as other:
            for number in range(1, FEED_ROUNDS + 1):
                builder = OscMessageBuilder("/scene/x")
                wanted = number % 97 / 97
                builder.add_arg(wanted, "f")
                packet = builder.build().dgram
                begun, monotonic = time.perf_counter(), time.monotonic()
                sender.sendto(packet, ("127.0.0.1", port))
                while (values := feed.newest()) is None or abs(values.columns[0] - wanted) > 1e-6:
                    feed.wait(0.05)
                    if time.perf_counter() - begun > 1.0:
                        break
                ours.append((time.perf_counter() - begun) * 1e3)
                if values is not None:
                    taken.append((values.monotonic - monotonic) * 1e3)
                bare.append(other.round(sender, packet) * 1e3)
                time.sleep(0.0137)
        feed.close()
    finally:
        site.terminate()
        site.wait()
        sender.close()
        context.destroy(0)
        shutil.rmtree(folder, ignore_errors=True)
    found = {"the tick that takes it": sorted(taken), "the feed's next message": sorted(ours)}
    bare = sorted(bare)
    return [
        _row(f"OSC packet to {where}, {name}", times[int(len(times) * part)], "ms", "bare select receiver",
             bare[int(len(bare) * part)], "≤ 2 ms p99; ≤ 1 ms above bare")
        for where, times in found.items() for name, part in (("p50", 0.5), ("p99", 0.99))
    ]  # fmt: skip


def _settled(feed: Any) -> None:
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        feed.wait(0.1)
        feed.newest()


class _Bare:
    """A process's least: select on a socket in a thread, and a byte back."""

    def __enter__(self) -> _Bare:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.here, self.there = socket.socketpair()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                select.select([self.socket], [], [])
                if self.socket.recv(2048) == b"end":
                    return
                self.there.send(b".")

    def round(self, sender: socket.socket, packet: bytes) -> float:
        """Seconds from the packet's sending to the byte's coming back."""
        begun = time.perf_counter()
        sender.sendto(packet, self.socket.getsockname())
        self.here.recv(1)
        return time.perf_counter() - begun

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", self.socket.getsockname())
        self.thread.join(1.0)
        for end in (self.socket, self.here, self.there):
            end.close()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _doors(folder: Path) -> Path:
    end = time.monotonic() + 20.0
    while not (found := sorted((folder / "jumelage").glob("bench-*/site.json"))):
        if time.monotonic() > end:
            raise TimeoutError("the site did not start")
        time.sleep(0.02)
    return found[0].parent


def run() -> list[dict[str, Any]]:
    """All rows."""
    return _ticks() + _packets()


if __name__ == "__main__":
    from installation.verbs.machine import shown

    for row in run():
        print(shown(row))
