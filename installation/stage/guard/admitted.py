"""Which scenes this machine's driver has drawn to the end before: a small file, so that a show begins at once.

A line a scene: the driver's mark and the scene's digest. It is a memory and no more: lost, every scene is tasted anew.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

MOST = 1000
"""Scenes that are remembered; the oldest go first."""


class Admitted:
    """The memory in `file`; None keeps it in the process alone."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._driver = ""
        self._lines: dict[str, None] = {}
        if file is not None:
            with contextlib.suppress(OSError, UnicodeDecodeError):
                self._lines = dict.fromkeys(file.read_text(encoding="ascii").split("\n")[-MOST:])

    def of(self, driver: str) -> None:
        """Which driver draws: what another one has drawn is no proof."""
        self._driver = hashlib.blake2b(driver.encode(), digest_size=8).hexdigest()

    def has(self, digest: str) -> bool:
        """Whether the driver has drawn this scene before."""
        return f"{self._driver} {digest}" in self._lines

    def add(self, digest: str) -> None:
        """Remembers a scene."""
        line = f"{self._driver} {digest}"
        if line in self._lines:
            return
        self._lines[line] = None
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            if len(self._lines) > MOST:
                self._lines = dict.fromkeys([*self._lines][-MOST // 2 :])
                self._file.write_text("\n".join(self._lines) + "\n", encoding="ascii")
            else:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("a", encoding="ascii") as out:
                    out.write(line + "\n")
