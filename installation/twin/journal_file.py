"""The journal's file: one sqlite database, and the one thread that writes it. It knows no entry, only rows.

A file that is no journal of ours is put aside whole, and one begun anew.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

BATCH = 0.1
_OWED = 20_000
_TABLES = """
create table if not exists entry (
    site text, book integer, number integer, name text, body blob, done integer, primary key (site, book, number)
) without rowid;
create table if not exists reached (site text primary key, book integer, number integer);
create table if not exists acknowledged (site text primary key, number integer);
create table if not exists kept (one integer primary key check (one = 1), book integer, state blob);
create table if not exists own (site text primary key);
"""
SHAPE = 1
"""The version of the tables; a file with another is not ours to read."""


class Found(NamedTuple):
    """What the file held."""

    book: int
    state: bytes | None
    entries: list[tuple[str, int, bytes, int]]
    reached: list[tuple[str, int, int]]
    acknowledged: list[tuple[str, int]]
    fault: str
    strange: bool = False
    aside: str = ""


class Writer(threading.Thread):
    """The only one who touches the file, once it has been read."""

    def __init__(
        self, site: str, path: Path | None, work: queue.SimpleQueue[Any], ready: queue.SimpleQueue[Any]
    ) -> None:
        super().__init__(name="journal", daemon=True)
        self.site, self.path, self._queue, self._ready = site, path, work, ready
        self._owed: list[tuple[Any, ...]] = []
        self._failed, self._pause = False, threading.Event()
        self._base: sqlite3.Connection | None = None

    def load(self, epoch: int) -> Found:
        """What an earlier run left. A file that is no journal of ours is put aside whole, and one begun anew."""
        if self.path is None:
            return Found(epoch, None, [], [], [], "")
        found = self._read(epoch)
        if found.strange:
            aside = _put_aside(self.path)
            found = self._read(epoch)._replace(aside=aside)
        return found

    def _read(self, epoch: int) -> Found:
        assert self.path is not None
        try:
            self._base = _opened(self.path)
            self._base.execute("insert or ignore into own values (?)", (self.site,))
            row = self._base.execute("select book, state from kept").fetchone()
            if row is None:
                self._base.execute("insert into kept values (1, ?, null)", (epoch,))
            self._base.commit()
            entries, reached, acknowledged = (self._base.execute(question).fetchall() for question in _QUESTIONS)
            book, state = row or (epoch, None)
            return msgspec.convert((book, state, entries, reached, acknowledged, ""), Found)
        except (sqlite3.OperationalError, OSError) as fault:  # no room, no right: nothing is wrong with the file
            return self._unread(epoch, str(fault), strange="no such" in str(fault) or "has no column" in str(fault))
        except (sqlite3.DatabaseError, msgspec.ValidationError) as fault:
            return self._unread(epoch, str(fault), strange=True)

    def _unread(self, epoch: int, fault: str, strange: bool) -> Found:
        if self._base is not None:
            self._base.close()
        self._base = None
        return Found(epoch, None, [], [], [], fault, strange)

    def run(self) -> None:
        going = True
        while going:
            batch = [self._queue.get()]
            while batch[-1] is not None and self._queue.qsize() and len(batch) < 4096:
                batch.append(self._queue.get())
            going = None not in batch
            if all(item is not None and item[0] in _IDLE for item in batch):
                self._owed += batch
                continue
            fault = self._commit([item for item in batch if item is not None and item[0] != "mark"])
            self._report(batch, fault)
            if going and self._base:
                self._pause.wait(BATCH)
                self._pause.clear()
        if self._base:
            self._base.close()

    def hurry(self) -> None:
        """What has been given until now is written at once: it is due, or the end is near."""
        self._pause.set()

    def _report(self, batch: list[Any], fault: str) -> None:
        found: list[tuple[Any, ...]] = [("fault", fault)] if fault else []
        found += [("stored", s, b, n, raw) for w, s, b, n, _, raw in (i for i in batch if i and len(i) == 6)]
        if self._failed and not fault:
            found.append(("written",))
        self._failed = bool(fault)
        if found:
            self._ready.put(found)
        for item in batch:
            if item and item[0] == "mark":
                item[1].set()

    def _commit(self, batch: list[tuple[Any, ...]]) -> str:
        """One synced transaction; gives what went wrong, and "" when nothing did. What failed is tried again later."""
        if self._base is None:
            return ""
        batch, self._owed = self._owed + batch, []
        try:
            for word, *rest in batch:
                if word == "state":
                    self._base.executemany(_DONE, rest.pop())
                for question in _WORDS[word]:
                    self._base.execute(question, dict(zip("abcdef", rest, strict=False)))
            self._base.commit()
            if any(word == "blank" for word, *_ in batch):
                self._base.execute("pragma wal_checkpoint(truncate)")
            return ""
        except (sqlite3.Error, OSError) as fault:
            self._owed = batch[-_OWED:]
            with contextlib.suppress(sqlite3.Error):
                self._base.rollback()
            return str(fault)


_QUESTIONS = (
    "select site, book, body, done from entry order by site, book, number",
    "select site, book, number from reached",
    "select site, number from acknowledged",
)
_STORE = "insert or ignore into entry values (:a, :b, :c, :d, :e, 0)"
_REACHED = "insert or replace into reached values (:a, :b, :c)"
_DONE = "update entry set done = 1 where site = ? and book = ? and number = ?"
_IDLE = ("acknowledged", "trim")
"""What may wait for the next commit: an acknowledgement that is forgotten costs a few entries sent again."""
_WORDS: dict[str, tuple[str, ...]] = {
    "entry": (_STORE, _REACHED),
    "theirs": (_STORE, _REACHED),
    "acknowledged": ("insert or replace into acknowledged values (:a, :b)",),
    "state": ("update kept set state = :a", "delete from entry where done = 1 and site != (select site from own)"),
    "blank": ("update entry set body = :d where site = :a and book = :b and number = :c",),
    "trim": ("delete from entry where done = 1 and site = :a and book = :b and number <= :c",),
}


def _put_aside(path: Path) -> str:
    """Moves a file that is none of ours out of the way, with what sqlite keeps beside it; nothing is thrown away."""
    aside = path.with_name(path.name + ".aside")
    for tail in ("-wal", "-shm", ""):
        with contextlib.suppress(OSError):
            path.with_name(path.name + tail).replace(aside.with_name(aside.name + tail))
    return str(aside)


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    base = sqlite3.connect(path, check_same_thread=False)
    base.execute("pragma journal_mode=wal")
    base.execute("pragma synchronous=full")
    base.execute("pragma secure_delete=on")  # what was deleted is overwritten, not only out of reach
    version = base.execute("pragma user_version").fetchone()[0]
    if version not in (0, SHAPE):
        base.close()
        raise sqlite3.DatabaseError(f"shape {version}")
    base.executescript(_TABLES)
    base.execute(f"pragma user_version={SHAPE}")
    return base
