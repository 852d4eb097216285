"""A take: what came in, kept so that an evening can be played again: its format, writer, reader, and a player.

A file is a row of records, each of four bytes of length (big-endian) and so many bytes of MessagePack. The first is the
head, a map; each of the others is one tick, an array: time, events, what came from the twin (bytes), events of the
desk; an event is an array of time, address and values. A last record cut short, by a power cut, ends the take there.
"""

from __future__ import annotations

import io
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from hardware.driver import Event, Pulse, Trouble

FORMAT = 1
LARGEST = 2**24
"""Bytes of one record; a longer one is no take."""
FLUSHED = 1.0
"""Seconds of a show that a power cut may take from its take."""
UNREADABLE = (msgspec.DecodeError, RecursionError)
"""What a record that is none raises; the second, when it is nested as no writer nests."""
MOST_TICKS = 200
"""Records read in one poll, about 2 ms of work; the next polls catch up."""


class Head(msgspec.Struct, kw_only=True):
    """What held when the take began: numbers by address, the seed, the scene and its source's hash, the date (UTC).

    `kept` is the engine's own account of the same, which it alone reads: a take that has it holds every tick there was.
    """

    take: int = FORMAT
    site: str = ""
    scene: str = ""
    hash: str = ""
    seed: int = 0
    started: float = 0.0
    state: dict[str, list[float]] = {}
    kept: bytes = b""


class Tick(msgspec.Struct, array_like=True):
    """One tick as it was: its time, its events in order, what came from the twin, what came by the desk."""

    time: float
    events: list[Event] = []
    arrived: list[bytes] = []
    desk: list[Event] = []


class TakeWriter:
    """Writes a take as the show goes. A disk that fails ends the take, never the show: it has `failed`, see `fault`."""

    def __init__(self, path: Path, head: Head) -> None:
        self.fault, self.failed = "", False
        self.written = 0
        self._flushed = float("-inf")
        self._encode = msgspec.msgpack.Encoder().encode
        try:
            self._file: BinaryIO | None = path.open("wb")
        except OSError as fault:
            raise Trouble(
                (f"{path} cannot be written ({fault.strerror})", "a folder one may write to", "choose another place"),
                (
                    f"{path} ne peut pas être écrit ({fault.strerror})",
                    "un dossier où l'on peut écrire",
                    "choisissez ailleurs",
                ),
            ) from fault
        self._record(head)

    def write(
        self, now: float, events: Sequence[Event], arrived: Sequence[bytes] = (), desk: Sequence[Event] = ()
    ) -> None:
        """One tick, in the order of the tick's own arguments."""
        self._record(Tick(now, list(events), list(arrived), list(desk)))
        if self._file and now - self._flushed >= FLUSHED:
            self._flushed = now
            self._guarded(self._file.flush)

    def _record(self, record: Head | Tick) -> None:
        if self._file is None:
            return
        try:
            data = self._encode(record)
            if len(data) > LARGEST:
                raise ValueError(f"a record of {len(data)} bytes")
        except (TypeError, ValueError, OverflowError) as fault:  # a value that no file format knows
            self.fault = str(fault)
            return
        file = self._file
        self._guarded(lambda: file.write(struct.pack(">I", len(data)) + data))
        self.written += 1

    def _guarded(self, act: Callable[[], object]) -> None:
        try:
            act()
        except OSError as fault:
            self.fault, self.failed, self._file = fault.strerror or str(fault), True, None

    def close(self) -> None:
        """Safe to call twice."""
        if self._file:
            self._guarded(self._file.close)
            self._file = None


def read(path: Path) -> tuple[Head, Ticks]:
    """A take's head, and its ticks as they are asked for. Raises Trouble when it is none."""
    try:
        file = path.open("rb")
    except OSError as fault:
        raise _no_take(path, fault.strerror or "", fault.strerror or "") from fault
    try:
        records = Records(file)
        head = msgspec.msgpack.decode(next(records, b""), type=Head)
    except (*UNREADABLE, OSError) as fault:
        file.close()
        raise _no_take(path, "it does not begin like one", "il ne commence pas comme une prise") from fault
    if head.take != FORMAT:
        file.close()
        raise _no_take(path, f"its format is {head.take}, not {FORMAT}", f"son format est {head.take}, pas {FORMAT}")
    return head, Ticks(file, records)


def _no_take(path: Path, en: str, fr: str) -> Trouble:
    return Trouble(
        (f"{path} is no take: {en}", "a file that `jumelage record` wrote", "correct the name"),
        (f"{path} n'est pas une prise : {fr}", "un fichier écrit par `jumelage record`", "corrigez le nom"),
    )


class Records(Iterator[bytes]):
    """The records of a file. `cut` once its last one has been met and is not whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.cut = file, False

    def __next__(self) -> bytes:
        try:
            head = self._file.read(4)
            size = struct.unpack(">I", head)[0] if len(head) == 4 else LARGEST + 1
            data = self._file.read(size) if size <= LARGEST else b""
        except OSError:
            head, size, data = b"?", 1, b""
        if len(data) < size:
            self.cut = bool(head)
            raise StopIteration
        return data


class Ticks(Iterator[Tick]):
    """The ticks of a take, as they are asked for. `cut` once they have ended before the take did."""

    def __init__(self, file: BinaryIO, records: Records) -> None:
        self._file, self._records, self.cut = file, records, False
        self._decode = msgspec.msgpack.Decoder(Tick).decode

    def __next__(self) -> Tick:
        try:
            tick = self._decode(next(self._records))
        except (StopIteration, *UNREADABLE) as end:
            self.cut = self.cut or self._records.cut or not isinstance(end, StopIteration)
            self.close()
            raise StopIteration from None
        tick.events, tick.desk = _exact(tick.events), _exact(tick.desk)
        return tick

    def close(self) -> None:
        """Lets go of the file; no more ticks come."""
        self._file.close()
        self._records = Records(io.BytesIO())


def _exact(events: list[Event]) -> list[Event]:
    """MessagePack gives lists where there were tuples."""
    return [event._replace(value=_tuple(event.value)) if _nested(event) else event for event in events]


def _nested(event: Event) -> bool:
    return any(type(one) is list for one in event.value)


def _tuple(value: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(one) if isinstance(one, list) else one for one in value)


class TakeInput:
    """Plays the events of a take at their times, once or in a `loop`, `speed` times as fast; nobody can tell from live.

    Gives what came from devices alone: for the twin's part and the desk's, the whole show is replayed.
    """

    senses = (
        "what sensors told on another day, played again",
        "ce que des capteurs ont dit un autre jour, rejoué",
    )

    def __init__(
        self,
        file: str,
        loop: bool = False,
        speed: float = 1.0,
        *,
        address: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not speed > 0.0:
            raise Trouble(
                (f"a speed of {speed:g}", "a number above 0", "change `speed`"),
                (f"une vitesse de {speed:g}", "un nombre plus grand que 0", "changez `speed`"),
            )
        self.path, self.loop, self.speed, self.prefix = Path(file), loop, speed, address.rstrip("/")
        self.pulse = Pulse(clock)
        self._ticks: Iterator[Tick]
        self.head, self._ticks = read(self.path)
        self._pending: deque[Event] = deque()
        self._next = next(self._ticks, None)
        self._from = self._next.time if self._next else 0.0
        self._start = clock()
        self._open, self._received, self._turns = True, 0, 0

    def wait(self) -> int | None:
        return None

    def poll(self, now: float, limit: int) -> list[Event]:
        ticks = 0
        while self._open and self._next and len(self._pending) < limit and ticks < MOST_TICKS and self._due() <= now:
            ticks += 1
            self._advance(self._next)
        events = [self._pending.popleft() for _ in range(min(max(limit, 0), len(self._pending)))]
        self._received += len(events)
        if events:
            self.pulse.beat(now)
        return events

    def _due(self) -> float:
        return self._at(self._next.time) if self._next else float("inf")

    def _at(self, recorded: float) -> float:
        return self._start + (recorded - self._from) / self.speed

    def _advance(self, tick: Tick) -> None:
        at = self._at(tick.time)
        self._pending.extend(Event(at, self.prefix + event.address, event.value) for event in tick.events)
        self._next = next(self._ticks, None)
        if self._next is None and self.loop:
            self._again(at, tick.time)

    def _again(self, at: float, last: float) -> None:
        """From the top, a tick's length after the end; not for a take that has no length."""
        try:
            _, self._ticks = read(self.path)
        except Trouble:
            self.pulse.gone = True
            return
        self._next = next(self._ticks, None)
        self._turns += 1
        self._start = at + 0.01
        if self._next and last <= self._next.time:
            self._next = None

    def health(self) -> str:
        return self.pulse.health()

    def counts(self) -> dict[str, int]:
        """`turns`: how often it began again."""
        return {"received": self._received, "turns": self._turns}

    def close(self) -> None:
        self._open = False
        self._pending.clear()
        self._next = None
        self._ticks = iter(())
