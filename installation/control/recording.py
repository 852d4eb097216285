"""A take of a running site: what comes in, tick by tick, handed to a thread that writes it.

The format is `hardware/take.py`'s. Its events are those of devices and windows. Under `desk` stands all else that
moved the values: requests as `/desk/NAME` with their JSON, cues as `/desk/cue`, what is built in (`/link/PEER/delay`
…) where it changed, `/desk/echo` what of another city was played again, `/clock/shared` where the shared time bends.
A disk that fails or is too slow ends the take, not the show.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from hardware.driver import Event, Trouble
from hardware.take import Head, TakeWriter, Tick
from installation.control import cues
from installation.control.kept import Saved
from installation.score.problem import Problem, Row
from installation.score.show import Cue
from installation.twin.mirror import Arrived

DESK, CUE, SCENE, CLOCK = "/desk/", "/desk/cue", "/desk/scene", "/clock/shared"
ECHO, LETTER = "/desk/echo", "/desk/letter"
ACTS = frozenset(("set", "release", "time", "solo", "reset", "veil", "blackout", "pattern"))
"""The requests that move something; the others only ask, and `go` is in the take as its cue."""
PATIENCE = 10.0
"""Seconds after which a take ends whose asker has not been heard."""
WAITING = 6000
"""Ticks that may wait for the disk: a minute of a show, some megabytes."""

NO_DISK = Row(
    en=("the take ends here: {found}", "a disk that takes it, with room", "free some, then begin another take"),
    fr=(
        "la prise s'arrête ici : {found}",
        "un disque qui la reçoive, et de la place",
        "libérez-en, puis commencez une autre prise",
    ),
)
SLOW = "the disk is slower than the show"


class Begun(msgspec.Struct, kw_only=True):
    """What held when a take began, as control needs it to go on exactly from there: `Head.kept`.

    `now` is the last tick's monotonic time, `line` the shared time as three numbers: at, shared, rate. `cues` wait.
    `followed` are the values that patches had handed on, `lag` how far the shown beat is from the common one.
    """

    now: float
    line: tuple[float, float, float]
    saved: Saved
    peers: list[str] = []
    values: dict[str, tuple[float, ...]] = {}
    patches: list[dict[str, Any]] = []
    built_in: dict[str, float] = {}
    company: str = ""
    weights: dict[str, float] = {}
    taken: list[int] = []
    time: float | None = None
    solo: str = ""
    mix: float = 0.0
    shown: bytes = b""
    cues: list[tuple[float, dict[str, Any]]] = []
    followed: list[float] = []
    lag: tuple[float, float | None] = (0.0, None)
    music: tuple[float, int] | None = None
    echoes: list[tuple[str, str, tuple[float, ...]]] = []
    letter: dict[str, Any] | None = None


def begun(control: Any) -> Begun:
    """The state between two ticks."""
    line = control.link.shared.line
    return Begun(
        now=control.smooth.then,
        line=(line.at, line.shared, line.rate),
        saved=control.saved(),
        peers=[peer.name for peer in control.parts.rig.peers],
        values=control.parts.rig.values,
        patches=msgspec.to_builtins(control.parts.rig.sheet.data.get("patch", [])),
        built_in=dict(control.company.built_in),
        company=control.company.state,
        weights=dict(control.fades.weights),
        taken=sorted(control.fades.taken),
        time=control.easel.time,
        solo=control.easel.solo,
        mix=control.easel.mix,
        echoes=control.echo.numbers,
        shown=control.shown.packed(),
        letter=control.letters.on_wall,
        cues=[(one.when, cues.written(one.cue)) for one in control.cues.waiting()],
        followed=control.wires.last.tolist(),
        lag=control.beat.lag,
        music=(show.music.bpm, show.music.beats) if (show := control.parts.show).music else None,
    )


def head(control: Any) -> Head:
    """The head of a take that begins now."""
    scene, row = control.scene, control.row
    return Head(
        site=control.parts.rig.name,
        scene=control.name,
        hash=scene.digest,
        seed=scene.seed,
        started=control.link.shared.shared(control.clock.now()),
        state={address: list(row.value(address)) for address in row.layout.slots},
        kept=msgspec.msgpack.encode(begun(control)),
    )


def packed(frame: Arrived) -> bytes:
    """A frame of the line as a take holds it."""
    return msgspec.msgpack.encode((frame.site, frame.body))


def unpacked(frame: bytes) -> Arrived | None:
    """The frame again; None for what is none."""
    try:
        return Arrived(*msgspec.msgpack.decode(frame, type=tuple[str, bytes]))
    except msgspec.MsgspecError:
        return None


class Recording:
    """What is being written, if anything. `take` is its path, "" while there has been none."""

    def __init__(self) -> None:
        self.on = False
        self.take, self.ticks = "", 0
        self.problem: Problem | None = None
        self._until, self._told = 0.0, False
        self._line: Any = None
        self._desk: list[Event] = []
        self._ready: queue.SimpleQueue[Tick | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> str:
        """`recording`; `closing`, while what waits is written; `failed`; `ended`; "" before the first take."""
        if self.on:
            return "recording"
        if self._thread is not None and self._thread.is_alive():
            return "closing"
        return "failed" if self.problem else "ended" if self.take else ""

    def told(self) -> dict[str, Any] | None:
        """How it goes, for `status`; None where nothing was ever recorded."""
        if not self.take:
            return None
        return {"take": self.take, "state": self.state, "ticks": self.ticks}

    def begin(self, path: str, first: Head, line: Any, now: float) -> None:
        """Writes what happens from the next tick on, until `end`, or until nobody has `renewed` it for a while.

        `line` is the shared time as it runs now.
        """
        self.take, self.ticks, self.problem = path, 0, None
        self._line, self._desk, self._ready = line, [], queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._write, args=(Path(path), first, self._ready), name="take", daemon=True
        )
        self.on, self._until = True, now + PATIENCE
        self._thread.start()

    def problems(self) -> list[Problem]:
        """What has gone wrong, once."""
        found = [self.problem] if self.problem and not self._told else []
        self._told = bool(self.problem)
        return found

    def renewed(self, now: float) -> None:
        """Whoever asked for the take is still there."""
        self._until = now + PATIENCE

    def asked(self, now: float, request: dict[str, Any]) -> None:
        """A request at the desk that has been carried out."""
        if self.on and request.get("do") in ACTS:
            self._desk.append(Event(now, f"{DESK}{request['do']}", (msgspec.json.encode(request).decode(),)))

    def entered(self, now: float, cue: Cue, due: float) -> None:
        """A cue, ours or a peer's, that will come into force at the shared instant `due`."""
        if self.on:
            self._desk.append(Event(now, CUE, (msgspec.json.encode(cues.written(cue)).decode(), due)))

    def echoed(self, now: float, state: str, address: str, numbers: tuple[float, ...]) -> None:
        """What a state of company echoes of another city, as of this tick."""
        if self.on:
            self._desk.append(Event(now, ECHO, (state, address, *numbers)))

    def letter(self, now: float, shown: dict[str, Any] | None) -> None:
        """Another letter is on the wall, or none any more."""
        if self.on:
            self._desk.append(Event(now, LETTER, (msgspec.json.encode(shown).decode(),)))

    def aired(self, now: float, name: str, digest: str) -> None:
        """Another scene, or another version of it, is on air."""
        if self.on:
            self._desk.append(Event(now, SCENE, (name, digest)))

    def tick(
        self, now: float, events: Sequence[Event], arrived: Sequence[Arrived], built_in: Sequence[Event], line: Any
    ) -> None:
        """One tick, in the order of its own work. `line` is the shared time as it runs now."""
        if not self.on:
            return
        if self.problem or now > self._until:
            self.end()
            return
        desk, self._desk = self._desk, []
        if line is not self._line:
            self._line = line
            desk.append(Event(now, CLOCK, (line.at, line.shared, line.rate)))
        if self._ready.qsize() >= WAITING:
            self._fail(NO_DISK, {"found": SLOW})
            return
        self._ready.put(Tick(now, list(events), [packed(frame) for frame in arrived], [*desk, *built_in]))
        self.ticks += 1

    def end(self) -> None:
        """The take ends after the last tick; `state` tells when it is on the disk."""
        if self.on:
            self.on = False
            self._ready.put(None)

    def close(self) -> None:
        """Ends it and waits for the disk, a second at most."""
        self.end()
        if self._thread is not None:
            self._thread.join(1.0)

    def _fail(self, row: Row, words: dict[str, Any]) -> None:
        self.problem = Problem(self.take, 0, row, words)

    def _write(self, path: Path, first: Head, ready: queue.SimpleQueue[Tick | None]) -> None:
        """The thread: a disk that stands still holds this alone."""
        try:
            writer = TakeWriter(path, first)
        except Trouble as trouble:
            self._fail(Row(trouble.en, trouble.fr), {})
            return
        while not writer.failed and (tick := ready.get()) is not None:
            writer.write(tick.time, tick.events, tick.arrived, tick.desk)
        writer.close()
        if writer.failed:
            self._fail(NO_DISK, {"found": writer.fault})
