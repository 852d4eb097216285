"""The journal's file: one sqlite database. It knows no entry, only rows; the writer's thread alone calls it.

A file that is no journal of ours, or another site's, is `Strange`: whoever opens it puts it aside whole.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from installation.twin.journal_entry import Position

SHAPE = 2
"""The version of the tables; a file with another is not ours to read."""
BOOKS = 4096
"""Of so many runs of one site the numbers are remembered."""
_TABLES = """
create table own (one integer primary key check (one = 1), site text not null, state blob);
create table book (book integer primary key, last integer not null);
create table mine (book integer, number integer, body blob, primary key (book, number));
create table pending (site text, book integer, number integer, body blob, primary key (site, book, number));
create table reached (site text, book integer, number integer, primary key (site, book)) without rowid;
create table acknowledged (site text primary key, book integer, number integer) without rowid;
"""
Op = tuple[str, Sequence[Any]]
"""A statement and what it is given. Each does no harm when it is done twice."""

MINE = "insert or ignore into mine values (?, ?, ?)"
BOOK = "insert into book values (?, ?) on conflict do update set last = max(last, excluded.last)"
PENDING = "insert or ignore into pending values (?, ?, ?, ?)"
REACHED = "insert into reached values (?, ?, ?) on conflict do update set number = max(number, excluded.number)"
ACKNOWLEDGED = "insert or replace into acknowledged values (?, ?, ?)"
FORGET = "delete from acknowledged where site = ?"
DONE = "delete from pending where site = ? and book = ? and number = ?"
STATE = "update own set state = ?"
TRIM = "delete from mine where (book, number) <= (?, ?)"
BLANK_MINE = "update mine set body = ? where book = ? and number = ?"
BLANK_PENDING = "update pending set body = ? where site = ? and book = ? and number = ?"
_LOAD = (
    f"select book, last from book order by book desc limit {BOOKS}",
    "select site, book, number, body from pending order by site, book, number",
    f"select site, book, number from reached order by book desc limit {8 * BOOKS}",
    "select site, book, number from acknowledged",
)
_WEIGHT = "select count(*), ifnull(sum(length(body)), 0) from mine"
CHECKED = 32 << 20
"""A file of up to so many bytes is checked whole at the start (0.1 s); damage in a larger one is met on reading."""


class Strange(Exception):
    """This file is no journal of this site that this version reads."""


class Found(NamedTuple):
    """What the file held. `books` are this site's own, each with its last number; `kept` entries wait for peers."""

    state: bytes | None
    books: list[Position]
    pending: list[tuple[str, int, int, bytes]]
    reached: list[tuple[str, int, int]]
    acknowledged: list[tuple[str, int, int]]
    kept: int
    size: int


class Tables:
    """One open journal. Without a path it is in memory. Raises Strange, sqlite3.Error and OSError."""

    def __init__(self, path: Path | None, site: str) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise Strange("a folder")
        self.path = path
        self._base = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        try:
            self._open(site)
            self._mark = os.stat(path) if path else None
        except BaseException:
            self._base.close()
            raise

    def _open(self, site: str) -> None:
        ask = self._base.execute
        ask("pragma busy_timeout=200")
        shape = ask("pragma user_version").fetchone()[0]
        if shape == 0 and not ask("select count(*) from sqlite_master").fetchone()[0]:
            ask("pragma auto_vacuum=incremental")
            ask("pragma journal_mode=wal")
            self._base.executescript(f"begin; {_TABLES} pragma user_version={SHAPE}; commit")
        elif shape != SHAPE:
            raise Strange(f"shape {shape}")
        ask("pragma journal_mode=wal")
        ask("pragma synchronous=full")
        ask("pragma secure_delete=on")  # what was deleted is overwritten, not only out of reach
        ask("pragma journal_size_limit=4194304")
        ask("insert or ignore into own values (1, ?, null)", (site,))
        if self.path is not None and self.path.stat().st_size <= CHECKED:
            check = ask("pragma quick_check(1)").fetchone()[0]
            if check != "ok":
                raise Strange(check)
        whose = ask("select site from own").fetchone()[0]
        if whose != site:
            raise Strange(f"the journal of {whose}")

    def load(self) -> Found:
        """All but the entries that wait for peers: those stay on the disk."""
        try:
            state = self._base.execute("select state from own").fetchone()[0]
            rows = [self._base.execute(question).fetchall() for question in _LOAD]
            return msgspec.convert([state, *rows, *self.weight()], Found)
        except msgspec.ValidationError as fault:
            raise Strange(str(fault)) from fault

    def weight(self) -> tuple[int, int]:
        """How many entries are kept for peers, and their bytes."""
        found: tuple[int, int] = self._base.execute(_WEIGHT).fetchone()
        return found

    def do(self, ops: Iterable[Op]) -> None:
        """One transaction, on the disk when this returns; or none of it."""
        try:
            self._base.execute("begin immediate")
            for statement, given in ops:
                self._base.execute(statement, given)
            self._base.execute("commit")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._base.execute("rollback")
            raise

    def page(self, after: Position, last: int, entries: int, size: int) -> list[tuple[int, bytes]]:
        """Own entries of one book behind `after`, up to the number `last`, in order; at least one when there is one."""
        question = "select number, body from mine where book = ? and number > ? and number <= ? order by number limit ?"
        found: list[tuple[int, bytes]] = []
        for number, body in self._base.execute(question, (*after, last, entries)):
            found.append((number, body))
            size -= len(body)
            if size <= 0:
                break
        return found

    def oldest(self, entries: int) -> list[tuple[int, int, int]]:
        """Book, number and length of the oldest own entries."""
        question = "select book, number, length(body) from mine order by book, number limit ?"
        return self._base.execute(question, (entries,)).fetchall()

    def body(self, key: tuple[str, int, int], own: bool) -> list[bytes]:
        """What is kept of one entry."""
        found = self._base.execute("select body from pending where (site, book, number) = (?, ?, ?)", key).fetchall()
        if own:
            found += self._base.execute("select body from mine where (book, number) = (?, ?)", key[1:]).fetchall()
        return [body for (body,) in found]

    def shrink(self, pages: int) -> bool:
        """Gives up to so many free pages back to the disk; whether there were any worth it."""
        if self._base.execute("pragma freelist_count").fetchone()[0] < pages:
            return False
        self._base.execute(f"pragma incremental_vacuum({pages})").fetchall()
        return True

    def checkpoint(self) -> None:
        """Empties the WAL into the file, so that what was blanked is nowhere any more."""
        self._base.execute("pragma wal_checkpoint(truncate)").fetchall()

    def away(self) -> bool:
        """Whether the file was removed or replaced under us; what is written would be gone with this process."""
        if self._mark is None or self.path is None:
            return False
        try:
            return not os.path.samestat(self._mark, os.stat(self.path))
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def renew(self) -> None:
        """Writes all that is here to where the file was, out of the one that is open still."""
        assert self.path is not None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(self.path.name + ".new")
        for tail in ("", "-wal", "-shm", "-journal"):
            fresh.with_name(fresh.name + tail).unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(fresh)) as copy:
            self._base.backup(copy)
            copy.execute("pragma journal_mode=delete")
        put_aside(self.path)
        fresh.replace(self.path)

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._base.close()


ASIDES = 3
"""Files put aside that are kept; the oldest is let go for a fourth."""


def aside_of(path: Path) -> Path:
    """Where a spoilt file may be put: a name that is free, or that of the oldest of `ASIDES`."""
    numbered = [path.with_name(f"{path.name}.aside{n or ''}") for n in range(ASIDES)]
    free = next((one for one in numbered if not os.path.lexists(one)), None)
    return free or min(numbered, key=lambda one: os.lstat(one).st_mtime_ns)


def put_aside(path: Path, tails: Sequence[str] = ("-wal", "-shm", "")) -> str:
    """Moves what is at `path` out of the way, with what stands beside it; the last few are kept. Gives the new name."""
    aside = aside_of(path)
    with contextlib.suppress(OSError):
        _removed(aside)
        for tail in tails:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + tail).replace(aside.with_name(aside.name + tail))
        os.utime(aside)
    return str(aside)


def _removed(aside: Path) -> None:
    """Room for another: an old file goes, an old folder stays, since it may hold anything."""
    for tail in ("-wal", "-shm", ""):
        one = aside.with_name(aside.name + tail)
        if one.is_dir() and not one.is_symlink():
            one.rename(one.with_name(f"{one.name}.folder"))
        else:
            one.unlink(missing_ok=True)
