"""A journal in a process of its own that writes, acknowledges on its stdout, and may be killed at any instant.

What it has applied is its state, kept in one transaction with `done`. The parent carries the frames. Messages on both
pipes: length u32, then a kind: b"F" a frame of the journal, b"A" book and number that are on the disk, b"S" the seconds
that the start took and what the state was.
"""

from __future__ import annotations

import os
import select
import struct
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from installation.twin import journal_entry as entries
from installation.twin import wire
from installation.twin.journal import Journal
from installation.twin.mirror import Arrived

Applied = list[tuple[int, int]]
OTHER = {"paris": "sf", "sf": "paris"}


def say(kind: bytes, body: bytes) -> None:
    whole = struct.pack("<I", len(body) + 1) + kind + body
    while whole:
        whole = whole[os.write(1, whole) :]


def messages(data: bytearray) -> list[bytes]:
    """The whole messages at the front of `data`, which are taken away."""
    found = []
    while len(data) >= 4 and len(data) >= 4 + (length := struct.unpack_from("<I", data)[0]):
        found.append(bytes(data[4 : 4 + length]))
        del data[: 4 + length]
    return found


def applied_of(journal: Journal) -> Applied:
    """What has been applied here, book and number, in order."""
    return [tuple(one) for one in msgspec.msgpack.decode(journal.kept() or b"\x90")]


class Quill:
    """The loop: it writes an entry a turn, applies what comes, and says what is safe."""

    def __init__(self, path: Path, site: str, epoch: int) -> None:
        began = time.perf_counter()
        self.journal = Journal(path, site, epoch, [OTHER[site]])
        self.took = time.perf_counter() - began
        self.site, self.now, self.said = site, 0.0, 0
        self.applied = applied_of(self.journal)
        self.fresh = [entry for entry in self.journal.pending() if entry.site != site]
        self.journal.merge([Arrived(OTHER[site], b"")])

    def turn(self, frames: list[bytes], write: bool = True) -> None:
        self.now += 0.01
        if write:
            mark = f"{self.journal.book} {self.journal.written + 1} "
            self.journal.write("letter", mark + "x" * (self.journal.written % 7 * 300), 1.0, self.now)
        self.fresh += self.journal.merge(Arrived(OTHER[self.site], frame) for frame in frames)
        for entry in self.journal.pending():
            if entry.site == self.site:
                self.journal.done(entry)
        for entry in self.fresh:
            assert entry.arguments.startswith(f"{entry.epoch} {entry.number} "), "another entry's words"
            self.applied.append((entry.epoch, entry.number))
            self.journal.done(entry)
        self.journal.keep(msgspec.msgpack.encode(self.applied))
        self.fresh = []

    def run(self) -> None:
        say(b"S", msgspec.msgpack.encode((self.took, self.applied)))
        data = bytearray()
        frames: list[bytes] = []
        while True:
            self.turn(frames)
            if self.journal.safe > self.said:
                self.said = self.journal.safe
                say(b"A", msgspec.msgpack.encode((self.journal.book, self.said)))
            for more in self.journal.delta(self.now).get(OTHER[self.site], []):
                say(b"F", more)
            frames = []
            if select.select([0], [], [], 0.002)[0]:
                got = os.read(0, 1 << 20)
                if not got:
                    return
                data += got
                frames = messages(data)


def both(folder: Path, count: int) -> None:
    """Two quills in one process, twice begun. In the file `acks`: a line for each acknowledgement, as it is given."""
    acks = os.open(folder / "acks", os.O_WRONLY | os.O_CREAT, 0o600)
    for epoch in (1, 2):
        pair = {site: Quill(folder / f"{site}.db", site, epoch) for site in OTHER}
        frames: dict[str, list[bytes]] = {site: [] for site in OTHER}
        while any(one.said < count or one.journal.waiting for one in pair.values()):
            for site, one in pair.items():
                one.turn(frames[site], write=one.journal.written < count)
                frames[site] = []
                if one.journal.safe > one.said:
                    one.said = one.journal.safe
                    os.write(acks, f"{site} {site} {one.journal.book} {one.said}\n".encode())
            for site, one in pair.items():
                for more in one.journal.delta(one.now).get(OTHER[site], []):
                    if more[0] == wire.APPLIED:
                        book, number = entries.read_applied(more)
                        os.write(acks, f"{site} {OTHER[site]} {book} {number}\n".encode())
                    frames[OTHER[site]].append(more)
            select.select([], [], [], 0.001)
        for one in pair.values():
            one.journal.close()


def main(*words: Any) -> None:
    path, site, number = words
    if site == "both":
        both(Path(path), int(number))
    else:
        Quill(Path(path), site, int(number)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
