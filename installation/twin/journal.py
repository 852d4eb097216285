"""What must not be lost: entries that each site numbers, keeps, sends until acknowledged, and applies once.

The file is written by a thread of this journal's own (`journal`), each batch synced to the disk: a lone entry at once,
and one with a due instant (a cue); a stream of others each 100 ms. The tick never waits for it, and never reads it.
An entry is sent or handed out once it is on the disk, and only then acknowledged. When the disk fails, that is told
once in `problems` and entries go on through memory, without being acknowledged, until there is room again.

Each run numbers its entries in a book of its own, from 1; a number is never given twice, also by a site that was put
back from an old copy of its state. The next book is sent when the one before is acknowledged.
"""

from __future__ import annotations

import queue
import random
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from installation.score.problem import Problem, Row
from installation.twin import journal_entry as entries
from installation.twin import problems as rows
from installation.twin import wire
from installation.twin.journal_entry import FRAME_BYTES, GAP, LARGEST_ENTRY, LATEST, Entry, Position
from installation.twin.journal_file import Writer
from installation.twin.journal_peer import Own, Peer
from installation.twin.journal_tables import Found
from installation.twin.wire import Arrived, Garbled

__all__ = ["Entry", "Journal"]

CAP, ROOM = 100_000, 256 << 20
"""Own entries that are kept for a peer that is away, and their bytes, at most."""
HANDED, BACKLOG, TAKEN = 256, 4096, 8 << 20
"""Entries given to one tick; entries that wait for it until peers are told no more; bytes that wait for the writer."""
LADEN = 2000
"""Done entries that wait for `keep`, from which on it should not wait for its time."""
NAMES = 64
"""So many unknown names are told of."""


class Journal:
    """One site's journal. `path` None keeps it in memory only. `peers` are all sites that must have every entry."""

    def __init__(
        self, path: Path | None, site: str, epoch: int, peers: Iterable[str] = (), cap: int = CAP, room: int = ROOM,
    ) -> None:  # fmt: skip
        self.site, self.cap, self.book = site, cap, max(epoch, 1)
        self.problems: list[Problem] = []
        self.written = self.applied = self.lost = self.garbled = self.failures = self.unknown = self.behind = 0
        self._number = self._safe = 0
        self._own = Own()
        self._peers = {peer: Peer() for peer in peers if peer != site}
        self._pending: dict[tuple[str, int, int], Entry] = {}
        self._state: bytes | None = None
        self._new: deque[Entry] = deque()
        self._finished: list[tuple[str, int, int]] = []
        self._trimmed: Position = (0, 0)
        self._taken = 0
        self._once: set[tuple[str, ...]] = set()
        self._writer = Writer(site, path, cap, room)
        found, fault = self._writer.load()
        self._fault(fault)
        if found is not None:
            self._load(found, self._writer.aside)
        self._writer.start()

    def _load(self, found: Found, aside: str) -> list[Entry]:
        """Takes up what an earlier run left: before the first tick or, when the disk comes late, in the midst."""
        if aside:
            self._say(rows.STRANGE_JOURNAL, aside=aside)
        self._state = self._state or found.state
        for book, last in found.books:
            self._own.add(book, last)
        if not self._number and self._own.newest[0] >= self.book:
            # A clock set back, or a copy of the state: no two runs from one copy may come to the same book.
            self.book = self._own.newest[0] + 1 + random.SystemRandom().randrange(1 << 20)
        self._load_peers(found)
        for site, book, number in sorted(found.reached):
            if site in self._peers:
                peer = self._peers[site]
                peer.stored, peer.told = {book: number}, (book, number)
        waiting = []
        for site, book, number, body in found.pending:
            entry = entries.whole(site, book, number, body)
            if entry is None:
                self.garbled += 1
                self._finished.append((site, book, number))
                continue
            self._pending[entry.key] = entry
            waiting.append(entry)
        self._trim()
        return waiting

    def _load_peers(self, found: Found) -> None:
        """A peer that is new to the rig begins with what is written from now on; one that has left it is forgotten."""
        known = {site: (book, number) for site, book, number in found.acknowledged}
        begun = max((book, last) for book, last in found.books) if found.books else (0, 0)
        for site, peer in self._peers.items():
            peer.acknowledged = peer.sent = max(peer.acknowledged, known.get(site, begun if known else (0, 0)))
        for site in known.keys() - self._peers.keys():
            self._writer.work.put(("forget", site))
            self._say(rows.NOT_AWAITED, site=site)
        for site in self._peers.keys() - known.keys():
            self._writer.work.put(("acknowledged", site, self._peers[site].acknowledged))

    # What the tick does.

    def write(self, name: str, arguments: Any, due: float, now: float) -> Entry:
        """A new entry of this site. It is pending here too, until `done`. Raises ValueError when it is too long."""
        entry = Entry(self.site, self.book, self._number + 1, now, due, name, arguments)
        body = entries.packed(entry)
        if len(body) > LARGEST_ENTRY or name == GAP:
            raise ValueError(f"an entry {name!r} of {len(body)} bytes; at most {LARGEST_ENTRY}, and {GAP!r} is taken")
        self._number += 1
        self.written += 1
        self._own.note(entry.number, body)
        self._pending[entry.key] = entry
        self._writer.work.put(("write", self.book, entry.number, body, bool(self._peers)))
        if due:
            self._writer.hurry()
        return entry

    @property
    def safe(self) -> int:
        """The number up to which the entries of this run are on the disk."""
        return self._safe

    @property
    def waiting(self) -> int:
        """Own entries that some peer has not acknowledged, at most; those of earlier runs among them."""
        behind = min((peer.acknowledged for peer in self._peers.values()), default=self._own.newest)
        behind = max(behind, self._trimmed)
        later = sum(last for book, last in self._own.last.items() if book > behind[0])
        return later + max(0, self._own.last.get(behind[0], 0) - behind[1])

    def pending(self) -> list[Entry]:
        """Entries given and not yet done, of all sites, in the order of their stamps; also those of an earlier run."""
        return sorted(self._pending.values(), key=lambda entry: (entry.stamp, entry.site, entry.epoch, entry.number))

    def done(self, entry: Entry) -> None:
        """The entry has been applied here. The disk learns it at the next `keep`, with what it led to."""
        if self._pending.pop(entry.key, None) is not None:
            self.applied += 1
            self._finished.append(entry.key)

    @property
    def laden(self) -> bool:
        """So much is done that it should be kept now: who sends a long replay waits for that."""
        return len(self._finished) >= LADEN

    def strange(self, entry: Entry) -> None:
        """Nobody here knows an entry of this name, a newer peer's: counted, told once a name, and done."""
        self.unknown += 1
        if len(self._once) < NAMES:
            self._tell_once(rows.UNKNOWN_ENTRY, entry.site, name=entry.name)
        self.done(entry)

    def blank(self, site: str, book: int, number: int) -> None:
        """Takes what an entry says out of the journal and out of its file; its number and its name stay. For what a
        person wrote and must be forgotten. Who has not had it will have it without its words."""
        key = (site, book, number)
        if key in self._pending:
            self._pending[key] = self._pending[key]._replace(arguments=None)
        recent = self._own.recent
        at = number - recent[0][0] if recent and (site, book) == (self.site, self.book) else -1
        if 0 <= at < len(recent):
            recent[at] = number, entries.blanked(recent[at][1])
        self._writer.work.put(("blank", key))
        self._writer.hurry()

    def keep(self, state: bytes | None) -> None:
        """Stores `Mirror.saved()` in one transaction with every `done` before it: both or neither survive."""
        finished, self._finished = self._finished, []
        self._writer.work.put(("done", finished, state))

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
            frames = self._applied_frames(peer)
            most = FRAME_BYTES if room is None else room.get(site, FRAME_BYTES)
            more = peer.frame(now, self._own, self.book, partial(self._ask, site), most)
            if more is not None:
                frames.append(more)
            if frames:
                found[site] = frames
        return found

    def merge(self, arrived: Iterable[Arrived]) -> list[Entry]:
        """Entries of other sites that have newly come and are on the disk, each once and in order; some a tick."""
        for frame in arrived:
            if not frame.body:
                self._peer(frame.site).up()
            elif frame.body[0] in wire.OF_THE_JOURNAL and frame.site != self.site:
                try:
                    self._take(frame.site, frame.body)
                except Garbled:
                    self.garbled += 1
        self._collect()
        return [self._new.popleft() for _ in range(min(HANDED, len(self._new)))]

    def close(self) -> None:
        """Writes what waits, and ends the thread."""
        if self._finished:
            self.keep(None)
        self._writer.work.put(None)
        self._writer.hurry()
        self._writer.join(2.0)

    def flush(self, seconds: float = 5.0) -> bool:
        """Waits until all that was given is on the disk; for the end of a run and for tests, not for the tick."""
        seen = threading.Event()
        self._writer.work.put(("mark", seen))
        self._writer.hurry()
        found = seen.wait(seconds)
        self._collect()
        return found

    # To the others.

    def _peer(self, site: str) -> Peer:
        """A site that the rig does not name, but the line does, is given what is written from now on."""
        if site not in self._peers:
            self._peers[site] = Peer(self._own.newest)
        return self._peers[site]

    def _ask(self, site: str, after: Position, last: int) -> None:
        self._writer.work.put(("page", site, after, last))
        self._writer.hurry()

    def _trim(self) -> None:
        """Lets go what all have."""
        at = min((peer.acknowledged for peer in self._peers.values()), default=self._own.newest)
        if at > self._trimmed:
            self._trimmed = at
            self._writer.work.put(("trim", at))

    def _applied_frames(self, peer: Peer) -> list[bytes]:
        if not peer.tell or not peer.stored or len(self._new) > BACKLOG:
            return []
        peer.tell = False
        found = [entries.applied(self.book, book, number) for book, number in sorted(peer.stored.items())]
        newest = max(peer.stored)
        peer.stored = {newest: peer.stored[newest]}
        return found

    # From the others.

    def _take(self, site: str, data: bytes) -> None:
        peer = self._peer(site)
        if data[0] == wire.APPLIED:
            self._take_applied(site, peer, entries.read_applied(data))
        elif self._taken > TAKEN:
            peer.tell = True
        else:
            head = wire.headed(data)
            self._taken += len(data)
            self._writer.work.put(("frame", site, data))
            if head.version <= 8:  # no stream: a cue may be among them
                self._writer.hurry()

    def _take_applied(self, site: str, peer: Peer, at: Position) -> None:
        book, number = at
        if number > self._own.last.get(book, 0) or book >= LATEST:
            if number and book < LATEST:
                self._renew(site, at)
            return
        if peer.acknowledge(at):
            self._writer.work.put(("acknowledged", site, at))
            self._trim()

    def _renew(self, site: str, at: Position) -> None:
        """A peer has entries of ours that we never wrote: this state is an old copy, or a power cut took what the disk
        had not. A book that it knows is not gone on with."""
        self._tell_once(rows.OLD_STATE, site)
        if at[0] >= self.book:
            self.book = at[0] + 1 + random.SystemRandom().randrange(1 << 20)
            self._number = self._safe = 0
            self._own.recent.clear()

    def _collect(self) -> None:
        """What the writer has put on the disk, taken in or read since the last look."""
        while True:
            try:
                durable, reports = self._writer.ready.get_nowait()
            except queue.Empty:
                return
            for word, *given in reports:
                _REPORTS[word](self, durable, *given)

    def _owned(self, durable: bool, book: int, number: int) -> None:
        self._own.add(book, number)
        if durable and book == self.book:
            self._safe = max(self._safe, number)
        if not self._peers:
            self._trimmed = book, number

    def _theirs(self, durable: bool, site: str, book: int, number: int, news: list[Entry]) -> None:
        if durable:
            peer = self._peer(site)
            peer.stored[book] = max(number, peer.stored.get(book, 0))
            peer.tell = True
            if len(peer.stored) > 8:
                peer.stored.pop(min(peer.stored))
        for entry in news:
            self._pending[entry.key] = entry
        self._new.extend(news)

    def _safe_now(self, durable: bool, site: str, book: int, number: int) -> None:
        """What was given out while the disk failed is on it now."""
        (self._theirs(True, site, book, number, []) if site else self._owned(True, book, number))

    def _late(self, durable: bool, found: Found, aside: str) -> None:
        self._new.extend(self._load(found, aside))

    def _page(self, durable: bool, site: str, after: Position, last: int, items: list[Any]) -> None:
        self._peer(site).paged(after, items)

    def _let_go(self, durable: bool, at: Position) -> None:
        """Told once a site, until it is there again."""
        self.lost += 1
        self._trimmed = max(self._trimmed, at)
        if at[0] == self.book:
            self._own.forget(at[1])
        for site, peer in self._peers.items():
            if peer.acknowledged < at and not peer.missing:
                peer.missing = True
                self._say(rows.GAP, site=site, cap=self.cap)

    def _gone(self, durable: bool, site: str, count: int) -> None:
        self.lost += count
        self._say(rows.GAP_HERE, site=site, count=count)

    def _behind(self, durable: bool, site: str, count: int) -> None:
        self.behind += count
        self._say(rows.BEHIND, site=site, count=count)

    def _took(self, durable: bool, size: int) -> None:
        self._taken -= size

    def _garbled(self, durable: bool) -> None:
        self.garbled += 1

    def _fault(self, fault: str) -> None:
        if not fault:
            return
        self.failures += 1
        if self.failures == 1:
            self._say(rows.DISK, reason=fault)

    def _say(self, row: Row, **words: Any) -> None:
        if len(self.problems) < 100:
            self.problems.append(Problem(str(self._writer.path or ""), 0, row, words))

    def _tell_once(self, row: Row, site: str, **words: Any) -> None:
        mark = (row.en[0], site, *map(str, words.values()))
        if mark not in self._once:
            self._once.add(mark)
            self._say(row, site=site, **words)


def _well(journal: Journal, durable: bool) -> None:
    journal.failures = 0


_REPORTS: dict[str, Any] = {
    "own": Journal._owned,
    "theirs": Journal._theirs,
    "safe": Journal._safe_now,
    "late": Journal._late,
    "page": Journal._page,
    "let go": Journal._let_go,
    "gone": Journal._gone,
    "behind": Journal._behind,
    "took": Journal._took,
    "garbled": Journal._garbled,
    "crowded": lambda journal, durable, site: journal._tell_once(rows.CROWDED, site),
    "away": lambda journal, durable: journal._say(rows.JOURNAL_AWAY),
    "fault": lambda journal, durable, fault: journal._fault(fault),
    "written": _well,
}
