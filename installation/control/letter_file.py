"""The letters' file: written whole by a thread of its own, beside, synced, then put in place. The tick never waits."""

from __future__ import annotations

import contextlib
import os
import threading
import zlib
from pathlib import Path

from installation.twin.journal_tables import put_aside

_MARK = b"JUMELAGE LETTERS 2\n"
"""The version; then the CRC-32 of the rest, u32: a flipped bit must not make a refused letter an approved one."""


class LetterFile:
    """`path` None keeps nothing. `safe` is the number of the newest `write` that is on the disk; `trouble` says why
    there is none. A file of another version, or a damaged one, is put `aside` by its reader."""

    def __init__(self, path: Path | None) -> None:
        self.path, self.trouble, self.aside = path, "", ""
        self.number = self.safe = 0
        self._body: bytes | None = None
        self._wake, self._lock, self._ended = threading.Event(), threading.Lock(), False
        self._thread: threading.Thread | None = None

    def read(self) -> bytes:
        """What an earlier run left; b"" for nothing. Only before the first tick."""
        if self.path is None:
            return b""
        try:
            whole = self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            self.trouble = error.strerror or str(error)
            return b""
        body = whole[len(_MARK) + 4 :]
        if whole.startswith(_MARK + zlib.crc32(body).to_bytes(4, "little")):
            return body
        self.strange()
        return b""

    def strange(self) -> None:
        """The file cannot be read: it is moved out of the way, and nothing is thrown away."""
        assert self.path is not None
        with contextlib.suppress(OSError):
            self.aside = put_aside(self.path, ("",))

    def write(self, body: bytes) -> int:
        """Keeps `body`, soon; of several within the time that one takes, the last. Gives its number."""
        self.number += 1
        if self.path is None:
            self.safe = self.number
            return self.number
        with self._lock:
            self._body = body
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="letters", daemon=True)
            self._thread.start()
        self._wake.set()
        return self.number

    def _run(self) -> None:
        while not (self._ended and self._body is None):
            self._wake.wait(1.0)
            self._wake.clear()
            with self._lock:
                body, number, self._body = self._body, self.number, None
            if body is not None:
                self.trouble = self._put(body)
                if not self.trouble:
                    self.safe = number
                    continue
                with self._lock:
                    self._body = self._body or body  # tried again, each second
                if self._ended:
                    return

    def _put(self, body: bytes) -> str:
        assert self.path is not None
        beside = self.path.with_name(self.path.name + ".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_MARK + zlib.crc32(body).to_bytes(4, "little") + body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self.path)
            if os.name == "posix":
                folder = os.open(self.path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def close(self) -> None:
        """Writes what waits, and ends the thread."""
        self._ended = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(2.0)
