"""The journal's one thread: it writes what the tick gives, takes in what peers send, and reads ahead for them.

What it could not write it keeps in memory, bounded, and tries again each second; so a disk that fills up, turns
read-only or is taken away heals by itself. Nothing of that time is called durable.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from installation.twin import journal_entry as entries
from installation.twin import journal_tables as tables
from installation.twin.journal_entry import Entry, Position
from installation.twin.journal_tables import Found, Op, Strange, Tables
from installation.twin.wire import Garbled

BATCH, RETRY, IDLE = 0.1, 1.0, 2.0
"""Seconds between two commits in a stream, between two attempts at a disk that fails, and until idle work is done."""
OWED, OWED_BYTES = 20_000, 16 << 20
"""What is kept in memory for a disk that fails, at most."""
PENDING = 10_000
"""Entries of one peer that wait to be done; beyond it nothing more is taken from it."""
PAGE_ENTRIES, PAGE_BYTES, FREE = 2048, 256 << 10, 256


class Item(NamedTuple):
    """One entry of a page read ahead, or a gap: the numbers from `first` to `last`, and no body."""

    first: int
    last: int
    body: bytes | None


class Writer(threading.Thread):
    """The only one who touches the file, once it has been loaded.

    `work` takes tuples, a word first: what `_WORDS` lists, None to end. `ready` gives `(durable, reports)`.
    """

    def __init__(self, site: str, path: Path | None, cap: int, room: int) -> None:
        super().__init__(name="journal", daemon=True)
        self.site, self.path, self.cap, self.room = site, path, cap, room
        self.work: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.ready: queue.SimpleQueue[tuple[bool, list[Any]]] = queue.SimpleQueue()
        self.aside = ""
        self._pause = threading.Event()
        self._tables: Tables | None = None
        self._idle: list[Op] = []
        self._owed: list[Op] = []
        self._failed, self._tried_at = "", 0.0
        self._count = self._size = 0
        self._reached: dict[str, dict[int, int]] = {}
        self._undone: Counter[str] = Counter()
        self._risked: dict[tuple[str, int], int] = {}

    def load(self) -> tuple[Found | None, str]:
        """What an earlier run left, and what went wrong. A file that is none of ours is put aside, one begun anew."""
        try:
            try:
                found = self._opened()
            except (Strange, sqlite3.DatabaseError) as fault:
                if isinstance(fault, sqlite3.OperationalError) or self.path is None:
                    raise
                self._let_loose()
                self.aside = tables.put_aside(self.path)
                found = self._opened()
            return found, ""
        except (Strange, sqlite3.Error, OSError) as fault:
            self._let_loose()
            self._failed = str(fault)
            return None, self._failed

    def _opened(self) -> Found:
        self._tables = Tables(self.path, self.site)
        found = self._tables.load()
        self._count, self._size = found.kept, found.size
        for site, book, number in found.reached:
            known = self._reached.setdefault(site, {})
            known[book] = max(number, known.get(book, 0))
        self._undone.update(site for site, *_ in found.pending)
        return found

    def _let_loose(self) -> None:
        if self._tables is not None:
            self._tables.close()
        self._tables = None

    def run(self) -> None:
        going = True
        while going:
            batch = self._waited()
            going = None not in batch
            wrote = self._turn([item for item in batch if item is not None], last=not going)
            if going and wrote:
                self._pause.wait(BATCH)
                self._pause.clear()
        self._let_loose()

    def hurry(self) -> None:
        """What has been given until now is written at once: it is due, or the end is near."""
        self._pause.set()

    def _waited(self) -> list[Any]:
        """What there is to do; nothing when there was none for a while."""
        try:
            batch = [self.work.get(timeout=RETRY if self._owed else IDLE)]
        except queue.Empty:
            return []
        while batch[-1] is not None and self.work.qsize() and len(batch) < 4096:
            batch.append(self.work.get())
        return batch

    def _turn(self, batch: list[Any], last: bool) -> bool:
        """One batch: written, then read for whom it may concern, then told. Gives whether the disk was asked."""
        ops: list[Op] = []
        out: list[Any] = []
        for word, *given in batch:
            _WORDS[word](self, ops, out, *given)
        asked = bool(ops or self._owed or ((last or not batch) and self._idle))
        self._look(out)
        durable = self._commit(ops, out) if asked else not self._failed
        self._let_go(out, durable)
        for word, *given in batch:
            if word == "page":
                out.append(("page", *given[:3], self._page(*given)))
        if out:
            self.ready.put((durable, out))
        for word, *given in batch:
            if word == "mark":
                given[0].set()
        if not batch:
            self._tidy()
        return asked

    # What the tick gives.

    def _write(self, ops: list[Op], out: list[Any], book: int, number: int, body: bytes, kept: bool) -> None:
        if kept:
            ops.append((tables.MINE, (book, number, body)))
            self._count, self._size = self._count + 1, self._size + len(body)
        ops += [(tables.BOOK, (book, number)), (tables.PENDING, (self.site, book, number, body))]
        out.append(("own", book, number))

    def _done(self, ops: list[Op], out: list[Any], keys: list[tuple[str, int, int]], state: bytes | None) -> None:
        ops += [(tables.DONE, key) for key in keys]
        self._undone.subtract(site for site, *_ in keys)
        if state is not None:
            ops.append((tables.STATE, (state,)))

    def _acknowledged(self, ops: list[Op], out: list[Any], site: str, at: Position) -> None:
        """May wait for the next commit: one that is forgotten costs a few entries sent again."""
        self._idle.append((tables.ACKNOWLEDGED, (site, *at)))

    def _forget(self, ops: list[Op], out: list[Any], site: str) -> None:
        self._idle.append((tables.FORGET, (site,)))

    def _trim(self, ops: list[Op], out: list[Any], at: Position) -> None:
        self._idle.append((tables.TRIM, at))

    def _blank(self, ops: list[Op], out: list[Any], key: tuple[str, int, int]) -> None:
        """One entry loses its words, in the file and in what is owed to it."""
        own, kept = key[0] == self.site, set[bytes]()
        with contextlib.suppress(sqlite3.Error, OSError):
            kept = set(self._tables.body(key, own)) if self._tables else kept
        mine, pending = (key[1:], key) if own else ((), key)
        for at, (statement, given) in enumerate(self._owed):
            if (statement, tuple(given[:-1])) in ((tables.MINE, mine), (tables.PENDING, pending)):
                self._owed[at] = (statement, (*given[:-1], entries.blanked(given[-1])))
        for body in kept:
            bare = entries.blanked(body)
            ops += [(tables.BLANK_PENDING, (bare, *key))] + ([(tables.BLANK_MINE, (bare, *key[1:]))] if own else [])
        ops.append(_CHECKPOINT)

    def _nothing(self, ops: list[Op], out: list[Any], *given: Any) -> None:
        """A page is read and a mark set when all else is done."""

    # What peers send.

    def _frame(self, ops: list[Op], out: list[Any], site: str, data: bytes) -> None:
        out.append(("took", len(data)))
        try:
            book, had, bodies = entries.read(data)
            if self._undone[site] > PENDING:
                out.append(("crowded", site))
                return
            self._take(ops, out, site, book, had, bodies)
        except Garbled:
            out.append(("garbled",))

    def _take(self, ops: list[Op], out: list[Any], site: str, book: int, had: int, bodies: Any) -> None:
        """Entries that are the very next, each once; what a peer says that we had, and we have not, is passed over."""
        known = self._reached.setdefault(site, {})
        begun = at = known.get(book, 0)
        if had > at:
            if known:
                out.append(("behind", site, had - at))
            at = had
        news: list[Entry] = []
        try:
            for raw in bodies:
                entry = entries.unpacked(site, book, raw)
                gone = entries.gone(entry)
                if entry.number == at + 1 or (gone and gone[0] <= at + 1 <= gone[1]):
                    if gone:
                        out.append(("gone", site, entry.number - at))
                    else:
                        ops.append((tables.PENDING, (site, book, entry.number, raw)))
                        news.append(entry)
                    at = entry.number
                elif entry.number > at + 1:
                    break
        finally:
            self._undone[site] += len(news)
            if at > begun:
                known[book] = at
                ops.append((tables.REACHED, (site, book, at)))
                if len(known) > tables.BOOKS:
                    known.pop(min(known))
            out.append(("theirs", site, book, at, news))

    # The disk.

    def _commit(self, ops: list[Op], out: list[Any]) -> bool:
        """One synced transaction of all that is owed; whether it is on the disk. What failed is tried again."""
        self._owed += self._idle + ops
        self._idle.clear()
        if self._failed and time.monotonic() - self._tried_at < RETRY:
            self._bound(out)
            return False
        self._tried_at = time.monotonic()
        fault = self._attempt(out)
        if fault:
            self._failed = fault
            out.append(("fault", fault))
            self._risk(out)
            self._bound(out)
            return False
        if self._failed:
            self._failed = ""
            out += [("written",), *(("safe", *key, at) for key, at in self._risked.items())]
            self._risked.clear()
        return True

    def _attempt(self, out: list[Any]) -> str:
        try:
            if self._tables is None:
                self._come_late(out)
            assert self._tables is not None
            self._tables.do(op for op in self._owed if op is not _CHECKPOINT)
            if _CHECKPOINT in self._owed:
                with contextlib.suppress(sqlite3.Error):
                    self._tables.checkpoint()
            self._owed = []
            return ""
        except (Strange, sqlite3.Error, OSError) as fault:
            if isinstance(fault, sqlite3.DatabaseError) and not isinstance(fault, sqlite3.OperationalError):
                self._let_loose()  # damaged: at the next attempt it is put aside, and one begun anew
            return str(fault)

    def _come_late(self, out: list[Any]) -> None:
        """A disk that could not be had at the start: what an earlier run left on it is found now."""
        found, fault = self.load()
        if found is None:
            raise OSError(fault)
        out.append(("late", found, self.aside))

    def _risk(self, out: list[Any]) -> None:
        """Remembers what was given out and is not on the disk, so that it is told when it is."""
        for word, *given in out:
            if word == "own":
                self._risked["", given[0]] = given[1]
            elif word == "theirs":
                self._risked[given[0], given[1]] = given[2]

    def _bound(self, out: list[Any]) -> None:
        self._risk(out)
        size = sum(_size(op) for op in self._owed) if len(self._owed) > OWED // 8 else 0
        while len(self._owed) > OWED or size > OWED_BYTES:
            size -= _size(self._owed.pop(0))

    def _look(self, out: list[Any]) -> None:
        """A file that was removed under us is written anew, out of what is open still."""
        if self._tables is None or not self._tables.away():
            return
        try:
            self._tables.renew()
            self._let_loose()
            self._tables = Tables(self.path, self.site)
            out.append(("away",))
        except (Strange, sqlite3.Error, OSError) as fault:
            self._failed = str(fault)
            out.append(("fault", str(fault)))

    def _let_go(self, out: list[Any], durable: bool) -> None:
        """Beyond the cap, in entries or bytes, the oldest own ones go, whoever has not had them."""
        if self._tables is None or not durable or (self._count <= self.cap and self._size <= self.room):
            return
        with contextlib.suppress(sqlite3.Error, OSError):
            self._count, self._size = self._tables.weight()
            at: Position | None = None
            while self._count > self.cap or self._size > self.room:
                for book, number, size in self._tables.oldest(1024):
                    if self._count <= self.cap and self._size <= self.room:
                        break
                    at, self._count, self._size = (book, number), self._count - 1, self._size - size
                if at is None:
                    return
                self._tables.do([(tables.TRIM, at)])
            if at:
                out.append(("let go", at))

    def _page(self, site: str, after: Position, last: int) -> list[Item]:
        """Own entries of one book behind `after` up to `last`, as many as a page holds; what is missing is a gap."""
        book, at = after
        rows: list[tuple[int, bytes]] = []
        with contextlib.suppress(sqlite3.Error, OSError):
            rows = self._tables.page(after, last, PAGE_ENTRIES, PAGE_BYTES) if self._tables else []
        if len(rows) < PAGE_ENTRIES and self._owed:
            kept = dict(rows)
            mine = (given for statement, given in self._owed if statement == tables.MINE and given[0] == book)
            kept |= {number: body for _, number, body in mine if at < number <= last}
            rows = sorted(kept.items())[:PAGE_ENTRIES]
        found: list[Item] = []
        for number, body in rows:
            if number > at + 1:
                found.append(Item(at + 1, number - 1, None))
            # What the disk spoilt is a gap: sent, it would stop all behind it for ever.
            found.append(Item(number, number, body if entries.whole(site, book, number, body) else None))
            at = number
        if at < last and not rows:
            found.append(Item(at + 1, last, None))
        return found

    def _tidy(self) -> None:
        """When there is nothing else to do: free pages go back to the disk, a few at a time."""
        if self._tables is not None and not self._failed:
            with contextlib.suppress(sqlite3.Error, OSError):
                for _ in range(64):
                    if self.work.qsize() or not self._tables.shrink(FREE):
                        return


_CHECKPOINT: Op = ("checkpoint", ())
_WORDS: dict[str, Any] = {
    "write": Writer._write,
    "done": Writer._done,
    "acknowledged": Writer._acknowledged,
    "forget": Writer._forget,
    "trim": Writer._trim,
    "blank": Writer._blank,
    "frame": Writer._frame,
    "page": Writer._nothing,
    "mark": Writer._nothing,
}


def _size(op: Op) -> int:
    return 64 + sum(len(part) for part in op[1] if isinstance(part, bytes))
