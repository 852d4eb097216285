"""What must not be lost: entries that each site numbers, keeps, sends until acknowledged, and applies once.

The file is written by a thread of this journal's own (`journal`), each batch synced to the disk: a lone entry at once,
and one with a due instant (a cue); a stream of others each 100 ms. The tick never waits for it. An entry is sent,
acknowledged or handed out only once it is on the disk. When the disk fails, that is told once in `problems` and the
journal goes on in memory.
"""

from __future__ import annotations

import queue
import struct
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from installation.score.problem import Problem
from installation.twin import problems as rows
from installation.twin import wire
from installation.twin.journal_file import Writer
from installation.twin.wire import Arrived, Garbled

FRAME_ENTRIES, FRAME_BYTES, WINDOW, AGAIN = 1024, 64 << 10, 8192, 2.0
CAP = 100_000
LARGEST_ENTRY = 32 << 10
GAP = "gap"
"""The name of an entry that says what went: its arguments are the first and the last number let go."""
_APPLIED = struct.Struct("<QQ")


class Entry(NamedTuple):
    """One entry. `stamp` and `due` are shared seconds; `due` 0 means at once. `epoch` is that of its site's journal."""

    site: str
    epoch: int
    number: int
    stamp: float
    due: float
    name: str
    arguments: Any


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[int, float, float, str, Any]).decode


class _Peer:
    """How far another site is with ours, and we with its."""

    def __init__(self) -> None:
        self.sent = self.acknowledged = 0
        self.sent_at = -1e9
        self.book = self.next = 0
        self.stored = self.told = 0
        self.tell = self.missing = False


class Journal:
    """One site's journal. `path` None keeps it in memory only. `peers` are all sites that must have every entry."""

    def __init__(
        self, path: Path | None, site: str, epoch: int, peers: Iterable[str] = (), cap: int = CAP,
    ) -> None:  # fmt: skip
        self.site, self.cap, self.book, self._number = site, cap, epoch, 0
        self.problems: list[Problem] = []
        self.written = self.applied = self.lost = self.garbled = self.failures = 0
        self._peers = {peer: _Peer() for peer in peers if peer != site}
        self._own: deque[tuple[int, bytes]] = deque()
        self._safe = 0
        self._pending: dict[tuple[str, int, int], Entry] = {}
        self._state: bytes | None = None
        self._new: list[Entry] = []
        self._finished: list[tuple[str, int, int]] = []
        self._ready: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        self._work: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()
        self._writer = Writer(site, path, self._work, self._ready)
        self._load()
        self._writer.start()

    def _load(self) -> None:
        """Reads back what an earlier run left; only here, before the first tick, is the file waited for."""
        found = self._writer.load(self.book)
        self._tell(found.fault)
        if found.aside:
            self.problems.append(Problem(str(self._writer.path), 0, rows.STRANGE_JOURNAL, {"aside": found.aside}))
        self.book, self._state = found.book, found.state
        for site, number in found.acknowledged:
            self._peers.setdefault(site, _Peer()).acknowledged = number
        for site, book, number in found.reached:
            if site == self.site:
                self._number = number if book == self.book else 0
                continue
            peer = self._peers.setdefault(site, _Peer())
            peer.book, peer.next, peer.stored = book, number, number
        for site, book, body, done in found.entries:
            try:
                entry = _entry(site, book, body)
            except Garbled:
                self.garbled += 1
                continue
            if site == self.site and book == self.book:
                self._number = max(self._number, entry.number)
                self._own.append((entry.number, body))
            if not done:
                self._pending[site, book, entry.number] = entry
        self._number = self._safe = max([self._number, *(peer.acknowledged for peer in self._peers.values())])
        for peer in self._peers.values():
            peer.sent = peer.acknowledged
        self._trim()

    # What the tick does.

    def write(self, name: str, arguments: Any, due: float, now: float) -> Entry:
        """A new entry of this site. It is pending here too, until `done`. Raises ValueError when it is too long."""
        entry = Entry(self.site, self.book, self._number + 1, now, due, name, arguments)
        body = _encode(entry[2:])
        if len(body) > LARGEST_ENTRY or name == GAP:
            raise ValueError(f"an entry {name!r} of {len(body)} bytes; at most {LARGEST_ENTRY}, and {GAP!r} is taken")
        self._number += 1
        self.written += 1
        self._own.append((entry.number, body))
        self._pending[self.site, self.book, entry.number] = entry
        self._work.put(("entry", self.site, self.book, entry.number, name, body))
        if due:
            self._writer.hurry()
        self._trim()
        return entry

    @property
    def safe(self) -> int:
        """The number up to which this site's entries are on the disk."""
        return self._safe

    def pending(self) -> list[Entry]:
        """Entries given and not yet done, of all sites, in the order of their stamps; also those of an earlier run."""
        return sorted(self._pending.values(), key=lambda entry: (entry.stamp, entry.site, entry.number))

    def done(self, entry: Entry) -> None:
        """The entry has been applied here. The disk learns it at the next `keep`, with what it led to."""
        if self._pending.pop((entry.site, entry.epoch, entry.number), None) is not None:
            self.applied += 1
            self._finished.append((entry.site, entry.epoch, entry.number))

    def blank(self, site: str, book: int, number: int) -> None:
        """Takes what an entry says out of the journal and out of its file; its number and its name stay. For what a
        person wrote and must be forgotten. Who has not had it will have it without its words."""
        body = _encode((number, 0.0, 0.0, "blank", None))
        at = number - self._own[0][0] if self._own and (site, book) == (self.site, self.book) else -1
        if 0 <= at < len(self._own):
            _, stamp, due, name, _ = _decode(self._own[at][1])
            body = _encode((number, stamp, due, name, None))
            self._own[at] = number, body
        self._work.put(("blank", site, book, number, body))
        self._writer.hurry()

    def keep(self, state: bytes) -> None:
        """Stores `Mirror.saved()` in one transaction with every `done` before it: both or neither survive."""
        finished, self._finished = self._finished, []
        self._work.put(("state", state, finished))

    def kept(self) -> bytes | None:
        """The state that an earlier run kept."""
        return self._state

    def delta(
        self, now: float, without: Iterable[str] = (), room: Mapping[str, int] | None = None
    ) -> dict[str, list[bytes]]:
        """Frames by site: what it has not yet acknowledged, and how far we are with its; at most `room` bytes."""
        self._collect()
        found: dict[str, list[bytes]] = {}
        for site, peer in self._peers.items():
            if site in without:
                continue
            frames = self._applied_frames(peer) + self._entries(peer, now, (room or {}).get(site, FRAME_BYTES))
            if frames:
                found[site] = frames
        return found

    def merge(self, arrived: Iterable[Arrived]) -> list[Entry]:
        """Entries of other sites that have newly come and are on the disk, each once and in order."""
        for frame in arrived:
            if not frame.body:
                self._up(frame.site)
            elif frame.body[0] in wire.OF_THE_JOURNAL and frame.site != self.site:
                try:
                    self._take(frame.site, frame.body)
                except Garbled:
                    self.garbled += 1
        return self._collect_new()

    def close(self) -> None:
        """Writes what waits, and ends the thread."""
        self._work.put(None)
        self._writer.hurry()
        self._writer.join(2.0)

    def flush(self, seconds: float = 5.0) -> bool:
        """Waits until all that was given is on the disk; for the end of a run and for tests, not for the tick."""
        seen = threading.Event()
        self._work.put(("mark", seen))
        self._writer.hurry()
        found = seen.wait(seconds)
        self._collect()
        return found

    # Own entries to the others.

    def _up(self, site: str) -> None:
        peer = self._peers.setdefault(site, _Peer())
        peer.sent, peer.sent_at, peer.tell = peer.acknowledged, -1e9, True

    def _trim(self) -> None:
        """Lets go what all have, and beyond the cap what some have not."""
        last = min((peer.acknowledged for peer in self._peers.values()), default=self._safe)
        if self._own and self._own[0][0] <= last:
            self._work.put(("trim", self.site, self.book, last))
        while self._own and self._own[0][0] <= last:
            self._own.popleft()
        while len(self._own) > self.cap:
            number, _ = self._own.popleft()
            self.lost += 1
            self._tell_gap(number)

    def _tell_gap(self, number: int) -> None:
        """Once per site, until it is there again."""
        for site, peer in self._peers.items():
            if peer.acknowledged < number and not peer.missing:
                peer.missing = True
                self.problems.append(Problem("", 0, rows.GAP, {"site": site, "cap": self.cap}))

    def _entries(self, peer: _Peer, now: float, room: int) -> list[bytes]:
        if peer.sent > peer.acknowledged and now - peer.sent_at > AGAIN:
            peer.sent = peer.acknowledged
        if peer.sent >= self._safe or room <= 0:
            return []
        bodies = self._after(peer, min(room, FRAME_BYTES))
        if not bodies:
            return []
        peer.sent_at = now
        return [wire.head(wire.JOURNAL, 0, self.book, len(bodies)) + b"".join(bodies)]

    def _after(self, peer: _Peer, room: int) -> list[bytes]:
        """As many entries as the window holds, behind a word on those that were let go."""
        bodies: list[bytes] = []
        first = self._own[0][0] if self._own else self._number + 1
        if peer.sent + 1 < first:
            gap = _encode((first - 1, 0.0, 0.0, GAP, [peer.sent + 1, first - 1]))
            bodies.append(_framed(gap))
            peer.sent = first - 1
        last = min(self._safe, max(peer.acknowledged + 1, first) + WINDOW, peer.sent + FRAME_ENTRIES)
        for at in range(peer.sent + 1 - first, min(len(self._own), last + 1 - first)):
            number, body = self._own[at]
            room -= len(body)
            if room < 0 and bodies:
                break
            bodies.append(_framed(body))
            peer.sent = number
        return bodies

    def _applied_frames(self, peer: _Peer) -> list[bytes]:
        if not peer.tell or not peer.book:
            return []
        peer.tell = False
        return [wire.head(wire.APPLIED, 0, self.book, 0) + _APPLIED.pack(peer.book, peer.stored)]

    # The others' entries to us.

    def _take(self, site: str, frame: bytes) -> None:
        head, body = wire.headed(frame), wire.body(frame)
        peer = self._peers.setdefault(site, _Peer())
        if head.kind == wire.APPLIED:
            self._take_applied(peer, body)
            return
        if head.epoch != peer.book:
            peer.book, peer.next, peer.stored = head.epoch, 0, 0
        for raw in _bodies(body, head.version):
            entry = _entry(site, head.epoch, raw)
            gap = _gap(entry)
            if entry.number == peer.next + 1 or (gap and gap[0] <= peer.next + 1 <= gap[1]):
                peer.next = entry.number
                self.lost += gap[1] - gap[0] + 1 if gap else 0
                self._work.put(("theirs", site, head.epoch, entry.number, entry.name, raw))
                if entry.due:
                    self._writer.hurry()
            else:
                peer.tell = True

    def _take_applied(self, peer: _Peer, body: memoryview) -> None:
        if len(body) != _APPLIED.size:
            raise Garbled("applied")
        book, number = _APPLIED.unpack(body)
        if book != self.book or number > self._safe:
            return
        if number > peer.acknowledged:
            peer.acknowledged, peer.sent, peer.missing = number, max(peer.sent, number), False
            self._work.put(("acknowledged", next(s for s, p in self._peers.items() if p is peer), number))
            self._trim()

    def _collect(self) -> None:
        """What the writer has put on the disk since the last look."""
        while True:
            try:
                batch = self._ready.get_nowait()
            except queue.Empty:
                return
            for word, *rest in batch:
                if word == "fault":
                    self._tell(rest[0])
                elif word == "written":
                    self.failures = 0
                else:
                    self._stored(*rest)

    def _stored(self, site: str, book: int, number: int, raw: bytes) -> None:
        if site == self.site:
            self._safe = max(self._safe, number)
            return
        peer = self._peers[site]
        if book == peer.book:
            peer.stored, peer.tell = max(peer.stored, number), True
        entry = _entry(site, book, raw)
        if _gap(entry):
            self._finished.append((site, book, number))
            return
        self._pending[site, book, number] = entry
        self._new.append(entry)

    def _collect_new(self) -> list[Entry]:
        self._collect()
        found, self._new = self._new, []
        return found

    def _tell(self, fault: str) -> None:
        if not fault:
            return
        self.failures += 1
        if self.failures == 1:
            self.problems.append(Problem(str(self._writer.path), 0, rows.DISK, {"reason": fault}))


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "little") + body


def _bodies(data: memoryview, count: int) -> Iterable[bytes]:
    at = 0
    if count > FRAME_ENTRIES + 1:
        raise Garbled("entries")
    for _ in range(count):
        length = int.from_bytes(data[at : at + 4], "little")
        if at + 4 + length > len(data) or length > LARGEST_ENTRY:
            raise Garbled("entry")
        yield bytes(data[at + 4 : at + 4 + length])
        at += 4 + length


def _entry(site: str, book: int, raw: bytes) -> Entry:
    try:
        return Entry(site, book, *_decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Garbled("entry") from fault


def _gap(entry: Entry) -> tuple[int, int] | None:
    match entry.arguments:
        case [int(first), int(last)] if entry.name == GAP and 0 < first <= last == entry.number:
            return first, last
    return None
