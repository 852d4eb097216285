"""What the site knows, written where a killed process leaves it: two pages of a mapped file, taken in turn.

A write is a copy into the page cache, some microseconds, and survives kill -9 at any instant: the page that was not
being written is whole. A thread asks the disk for it once a second, for the power cut.
"""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import threading
import zlib
from pathlib import Path

from installation.twin.journal_tables import aside_of

_HEAD = struct.Struct("<4sHHQII")
_MAGIC, _VERSION = b"JMLS", 1


class Slate:
    """Two pages of `room` bytes. Without a disk it keeps nothing and says why in `trouble`.

    A file that is there but cannot be read is copied to `aside` before anything is written. Three copies are kept.
    """

    def __init__(self, path: Path, room: int = 512 << 10) -> None:
        self.room, self.sequence, self.trouble, self.aside = room, 0, "", ""
        self._page: mmap.mmap | None = None
        self._stop = threading.Event()
        self._saved: bytes | None = None
        try:
            self._open(path)
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def _open(self, path: Path) -> None:
        number = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            # Blocks are taken now: a full disk met in a mapped page would be a SIGBUS in the middle of a show.
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(number, 0, 2 * self.room)
            else:
                os.truncate(number, 2 * self.room)
            self._page = mmap.mmap(number, 2 * self.room)
        except BaseException:
            os.close(number)
            raise
        self._path = path
        if not self._legible():
            self.strange()
        pages = [found for side in (0, 1) if (found := self._read(side))]
        if pages:
            self.sequence, self._saved = max(pages)
        threading.Thread(target=self._flush, args=(number,), name="slate", daemon=True).start()

    def strange(self) -> None:
        """What is kept is not for this version to read: it is put aside, and counts as nothing."""
        self._saved = None
        if self._page is None:
            return
        try:
            self.aside = str(shutil.copyfile(self._path, aside_of(self._path)))
        except OSError as error:
            self.trouble = error.strerror or str(error)

    def _legible(self) -> bool:
        """Whether the file is fresh or holds a page of ours; another version's, or a damaged one, is put aside."""
        assert self._page is not None
        heads = [bytes(self._page[at : at + _HEAD.size]) for at in (0, self.room)]
        return not any(map(any, heads)) or any(self._read(side) for side in (0, 1))

    def saved(self) -> bytes | None:
        """What the last process left; None when it left nothing that is whole."""
        return self._saved

    def write(self, body: bytes) -> None:
        """Keeps `body`; what does not fit is told once in `trouble` and not kept."""
        if self._page is None:
            return
        if len(body) > self.room - _HEAD.size:
            self.trouble = f"{len(body)} bytes"
            return
        self.sequence += 1
        at = (self.sequence & 1) * self.room
        self._page[at + _HEAD.size : at + _HEAD.size + len(body)] = body
        head = _HEAD.pack(_MAGIC, _VERSION, 0, self.sequence, len(body), zlib.crc32(body))
        self._page[at : at + _HEAD.size] = head

    def _read(self, side: int) -> tuple[int, bytes] | None:
        assert self._page is not None
        at = side * self.room
        magic, version, _, sequence, length, crc = _HEAD.unpack_from(self._page, at)
        if magic != _MAGIC or version != _VERSION or length > self.room - _HEAD.size:
            return None
        body = bytes(self._page[at + _HEAD.size : at + _HEAD.size + length])
        return (sequence, body) if zlib.crc32(body) == crc else None

    def _flush(self, number: int) -> None:
        """Not by `mmap.flush`: it holds the interpreter while the disk works, so ticks stood still for milliseconds."""
        synced = self.sequence
        while not self._stop.wait(1.0):
            if synced == self.sequence:
                continue
            synced = self.sequence
            try:
                os.fsync(number)
            except OSError as error:
                self.trouble = str(error)
        os.close(number)

    def close(self) -> None:
        """Stops asking the disk; the pages stay as they are."""
        self._stop.set()
