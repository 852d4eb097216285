"""Pictures out of the driver: read back, written as PNG or video, and a small one for whoever looks on.

RGBA always: three bytes a pixel cost ten times the time of four.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
from fractions import Fraction
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from installation.score.problem import Row

Pixels = npt.NDArray[np.uint8]
NO_AV = Row(
    ("video needs the library av, which is not installed", "the extra [video]", "pip install 'jumelage[video]'"),
    ("la vidéo demande la bibliothèque av, qui manque", "l'extra [video]", "pip install 'jumelage[video]'"),
)


class NoVideo(Exception):
    """The library that writes video is missing. Exit status 3."""

    row = NO_AV


def rgba(frame: moderngl.Framebuffer, size: tuple[int, int]) -> Pixels:
    """What stands in `frame`: height × width × 4 bytes, the top row first."""
    raw = frame.read((0, 0, *size), components=4, alignment=1)
    return np.frombuffer(raw, np.uint8).reshape(size[1], size[0], 4)[::-1]


def png(path: str | Path, pixels: Pixels) -> None:
    """Writes an 8-bit RGBA PNG, whole or not at all; alpha as it is. Raises OSError."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame.image

    height, width = pixels.shape[:2]
    part = Path(f"{path}.part.png")
    try:
        pygame.image.save(pygame.image.frombytes(pixels.tobytes(), (width, height), "RGBA"), str(part))
    except pygame.error as stop:
        raise OSError(str(stop)) from None
    part.replace(path)


def picture(path: str | Path, upward: bool = True) -> tuple[tuple[int, int], bytes]:
    """The size and the RGBA bytes of an image file, the bottom row first as GL has it, unless not `upward`. Raises
    OSError."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame.image

    try:
        surface = pygame.image.load(str(path))
    except (pygame.error, FileNotFoundError) as stop:
        raise OSError(str(stop)) from None
    return surface.get_size(), pygame.image.tobytes(surface, "RGBA", upward)


def scaled(given: tuple[tuple[int, int], bytes], size: tuple[int, int]) -> bytes:
    """RGBA bytes at another size, smoothly."""
    import pygame.image
    import pygame.transform

    if given[0] == size:
        return given[1]
    surface = pygame.image.frombytes(given[1], given[0], "RGBA")
    return pygame.image.tobytes(pygame.transform.smoothscale(surface, size), "RGBA")


class Video:
    """An H.264 file, a frame a call. Raises NoVideo where PyAV is not installed."""

    def __init__(self, path: str | Path, size: tuple[int, int], fps: float) -> None:
        try:
            import av
        except ImportError:
            raise NoVideo from None
        self._av: Any = av
        self._size = size
        self._container: Any = av.open(str(path), "w")
        self._stream: Any = self._container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        # yuv420p halves the chroma, so both sides must be even; an odd one loses its last row or column.
        self._stream.width, self._stream.height = max(2, size[0] & ~1), max(2, size[1] & ~1)
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": "16", "preset": "veryfast"}

    def write(self, pixels: Pixels) -> None:
        """Adds one frame; alpha is left out."""
        even = np.ascontiguousarray(pixels[: self._stream.height, : self._stream.width, :3])
        for packet in self._stream.encode(self._av.VideoFrame.from_ndarray(even, format="rgb24")):
            self._container.mux(packet)

    def close(self) -> None:
        """Writes what is still held back, and the file's end."""
        for packet in self._stream.encode():
            self._container.mux(packet)
        self._container.close()


class Preview:
    """A small picture in shared memory, for the console and for DMX: a head, then RGBA, the top row first.

    Head: u32 width, u32 height, u64 count. The count is odd while the picture is being written, so a reader takes
    a picture only when it reads the same even count before and after.
    """

    HEAD = struct.Struct("<IIQ")

    def __init__(self, name: str, size: tuple[int, int] = (160, 90)) -> None:
        self.size = size
        with contextlib.suppress(FileNotFoundError):
            taken_away(untracked(name))
        self._memory = untracked(name, True, self.HEAD.size + 4 * size[0] * size[1])
        self._count = 0
        self._head(0)

    def _head(self, count: int) -> None:
        assert self._memory.buf is not None
        self.HEAD.pack_into(self._memory.buf, 0, *self.size, count)

    def write(self, pixels: Pixels) -> None:
        """Shows a picture of exactly `size`."""
        assert self._memory.buf is not None
        self._head(self._count + 1)
        into = np.ndarray((self.size[1], self.size[0], 4), np.uint8, self._memory.buf, self.HEAD.size)
        into[:] = pixels
        del into
        self._count += 2
        self._head(self._count)

    def close(self) -> None:
        """Takes the memory away."""
        taken_away(self._memory)


def untracked(name: str, create: bool = False, size: int = 0) -> shared_memory.SharedMemory:
    """Memory that stays when this process is killed, which Python's tracker would otherwise prevent."""
    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name, create, size, track=False)
    memory = shared_memory.SharedMemory(name, create, size)
    resource_tracker.unregister(f"/{name}", "shared_memory")
    return memory


def taken_away(memory: shared_memory.SharedMemory) -> None:
    """Ends this memory for all."""
    if sys.version_info < (3, 13):  # unlink tells the tracker to forget it, and it must know it first
        resource_tracker.register(f"/{memory.name}", "shared_memory")
    memory.close()
    with contextlib.suppress(FileNotFoundError):
        memory.unlink()


def previewed(name: str) -> Pixels | None:
    """A copy of the newest picture of a Preview; None while there is none."""
    try:
        memory = untracked(name)
    except FileNotFoundError:
        return None
    try:
        assert memory.buf is not None
        for _ in range(16):
            width, height, before = Preview.HEAD.unpack_from(memory.buf)
            bytes_ = bytes(memory.buf[Preview.HEAD.size : Preview.HEAD.size + 4 * width * height])
            if before and before % 2 == 0 and Preview.HEAD.unpack_from(memory.buf)[2] == before:
                return np.frombuffer(bytes_, np.uint8).reshape(height, width, 4)
        return None
    finally:
        memory.close()
