"""The ring of frames that a film's decoder fills ahead and the stage reads: one piece of shared memory.

Head: eight doubles, of which the stage writes WANTED, SPEED and PINNED, the decoder BUSY. Then a row of four doubles
for each slot: its serial (0 while it is written or empty), from and until which second of the film it is shown. Then
the pixels: RGBA, straight alpha, the bottom row first as GL has it.
"""

from __future__ import annotations

import contextlib
from multiprocessing import shared_memory

import numpy as np
import numpy.typing as npt

WANTED, SPEED, PINNED, BUSY = 0, 1, 2, 3
SERIAL, BEGIN, END = 0, 1, 2
_HEAD = 64
_ROW = 32
BUDGET = 128 << 20
"""Bytes of pixels that one film may hold ready."""
FEWEST, MOST = 4, 16


def slots(size: tuple[int, int]) -> int:
    """How many frames of this size are held ready."""
    return min(max(BUDGET // (4 * size[0] * size[1]), FEWEST), MOST)


def bytes_of(size: tuple[int, int], count: int) -> int:
    """The length of the memory for `count` frames."""
    return _HEAD + count * (_ROW + 4 * size[0] * size[1])


class Ring:
    """Views of that memory; the same at both ends."""

    def __init__(self, memory: shared_memory.SharedMemory, size: tuple[int, int], count: int) -> None:
        assert memory.buf is not None
        self._memory = memory
        self.size, self.count = size, count
        self.head: npt.NDArray[np.float64] = np.ndarray(8, np.float64, memory.buf)
        self.table: npt.NDArray[np.float64] = np.ndarray((count, 4), np.float64, memory.buf, _HEAD)
        first, one = _HEAD + count * _ROW, 4 * size[0] * size[1]
        self.pixels: list[npt.NDArray[np.uint8]] = [
            np.ndarray((size[1], size[0], 4), np.uint8, memory.buf, first + n * one) for n in range(count)
        ]

    def covering(self, at: float) -> int:
        """The slot whose frame is the one for second `at` of the film; -1 when it is not there."""
        table = self.table
        found = np.flatnonzero((table[:, SERIAL] > 0) & (table[:, BEGIN] <= at) & (at < table[:, END]))
        return int(found[0]) if found.size else -1

    def covers(self, slot: int, at: float) -> bool:
        """Whether the slot's frame is the one for second `at`."""
        serial, begin, end, _ = self.table[slot].tolist()
        return bool(serial > 0 and begin <= at < end)

    def close(self) -> None:
        """Lets go of the memory; the other end keeps it."""
        del self.head, self.table, self.pixels
        with contextlib.suppress(BufferError):
            self._memory.close()
