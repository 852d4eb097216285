"""What outlives a stage: its last still, what covers it, and the last scene that drew, whole, in shared memory.

The next process shows the still before it compiles anything, then that scene, so that no desktop is ever seen; and a
scene that takes the stage down does not take with it the one before, whose file may have been written over.

Head: what it is, 4 bytes; u32 width, height (0: no still), side, length of the words; u32 what covers
the work; u64 room for a still.
Then two sides, each with room for the words and a still, of which the one that the head names is whole.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from multiprocessing import shared_memory
from typing import Any

import msgspec

from installation.score.scene import Scene
from installation.stage.pixels import taken_away, untracked

_MAGIC = b"JMK2"
_HEAD = struct.Struct("<4sIIIIIQ")
_WORDS = 1 << 20
_COVERS = ("", "pattern", "blackout", "veil")
PERIOD = 1.0
"""Seconds between two stills: one reading back takes as long as a preview's, and a wall waits no longer."""


class Last(msgspec.Struct, frozen=True):
    """The scene that was on air, the rig's peers, and the numbers that it was drawn with.

    `name` is what it was asked by; `before` is the last scene of another name, should this one be at fault.
    """

    scene: Scene
    peers: tuple[str, ...]
    row: tuple[float, ...]
    name: str = ""
    before: Last | None = None


class Kept:
    """The memory called `name`; `last`, `still`, `veiled` (the window's own) and `override` are what is left in it."""

    def __init__(self, name: str, size: tuple[int, int]) -> None:
        self.last: Last | None = None
        self.still: tuple[tuple[int, int], bytes] | None = None
        self._now: tuple[tuple[int, int], int] = (0, 0), 0
        self.veiled, self.override = False, ""
        self._name, self._side, self._scene = name, 0, (b"", b"")
        self._asked, self._written, self._before = "", b"", b""
        self._memory = self._found()
        if self._memory is None or self._room < 4 * size[0] * size[1]:
            self._make(size)

    def _found(self) -> shared_memory.SharedMemory | None:
        """What is there under this name and can be read; else None."""
        try:
            memory = untracked(self._name)
        except (FileNotFoundError, ValueError):
            return None
        try:
            magic, width, height, self._side, length, cover, self._room = _HEAD.unpack_from(_bytes(memory))
            if magic == _MAGIC and cover < 2 * len(_COVERS):
                self.veiled, self.override = bool(cover & 1), _COVERS[cover >> 1]
                self._now = (width, height), length
                self._read(memory, (width, height), length)
                return memory
        except (struct.error, msgspec.MsgspecError, UnicodeDecodeError):
            pass
        taken_away(memory)
        return None

    def _read(self, memory: shared_memory.SharedMemory, size: tuple[int, int], length: int) -> None:
        if not size[0] or not length:
            return
        at, held = self._at(self._side), _bytes(memory)
        self.last = msgspec.msgpack.decode(held[at : at + length], type=Last)
        self._asked = self.last.name
        self._written = msgspec.msgpack.encode(msgspec.structs.replace(self.last, before=None))
        self._before = msgspec.msgpack.encode(self.last.before) if self.last.before is not None else b""
        self.still = size, bytes(held[at + _WORDS : at + _WORDS + 4 * size[0] * size[1]])

    def _at(self, side: int) -> int:
        return _HEAD.size + side * (_WORDS + int(self._room))

    def _make(self, size: tuple[int, int]) -> None:
        """New memory with room for a still of this size."""
        if self._memory is not None:
            taken_away(self._memory)
        self._room = 4 * size[0] * size[1]
        self._memory = untracked(self._name, True, self._at(2))
        self._head((0, 0), 0)

    def _head(self, size: tuple[int, int], length: int) -> None:
        assert self._memory is not None
        self._now = size, length
        cover = 2 * _COVERS.index(self.override) + self.veiled
        _HEAD.pack_into(_bytes(self._memory), 0, _MAGIC, *size, self._side, length, cover, self._room)

    def write(
        self,
        scene: Scene,
        peers: tuple[str, ...],
        row: Any,
        size: tuple[int, int],
        read: Callable[[memoryview], Any],
        name: str = "",
    ) -> None:
        """Keeps a scene, its numbers, and the still that `read` puts into a memory of four bytes a pixel."""
        if self._room < 4 * size[0] * size[1]:
            self._make(size)
        words = self._worded(scene, peers, row, name)
        if len(words) > _WORDS or self._memory is None:
            return
        side = 1 - self._side
        at, held = self._at(side), _bytes(self._memory)
        with held[at + _WORDS : at + _WORDS + 4 * size[0] * size[1]] as still:
            read(still)
        held[at : at + len(words)] = words
        self._side = side
        self._head(size, len(words))

    def _worded(self, scene: Scene, peers: tuple[str, ...], row: Any, name: str) -> bytes:
        """The words as Last; the scene's own are made once a scene."""
        if self._scene[0] != scene.digest.encode():
            self._scene = scene.digest.encode(), msgspec.msgpack.encode(scene)
        if name != self._asked:
            self._asked, self._before = name, self._written
        body = {"scene": msgspec.Raw(self._scene[1]), "peers": peers, "row": row.tolist(), "name": name}
        self._written = msgspec.msgpack.encode(body)
        if not self._before or len(self._written) + len(self._before) > _WORDS - 64:
            return self._written
        return msgspec.msgpack.encode({**body, "before": msgspec.Raw(self._before)})

    def cover(self, veiled: bool, override: str) -> None:
        """What covers the work, which a restart must not lift: the window's own veil, and the house's word."""
        if (veiled, override) != (self.veiled, self.override) and override in _COVERS:
            self.veiled, self.override = veiled, override
            self._head(*self._now)

    def close(self) -> None:
        """Takes the memory away: whoever ends in order leaves nothing."""
        if self._memory is not None:
            taken_away(self._memory)
            self._memory = None


def _bytes(memory: shared_memory.SharedMemory) -> memoryview:
    assert memory.buf is not None
    return memory.buf
