"""An image file as a texture: decoded in the child, brought over in bands, a few megabytes a frame.

Until it is ready, or when it is at fault, the texture is one transparent pixel. What is drawn 1:1 is the file's bytes.
"""

from __future__ import annotations

from multiprocessing import shared_memory
from typing import Any

import moderngl

from installation.score.picture import Picture
from installation.score.problem import Problem
from installation.stage.media.bounds import SIDE
from installation.stage.media.decoding import Decoding, taken
from installation.stage.media.source_words import FAULTS, spoken

Size = tuple[int, int]
BAND = 4 << 20
"""Bytes that one frame brings to the driver."""


def placeholder(context: moderngl.Context) -> moderngl.Texture:
    """One transparent pixel."""
    texture = context.texture((1, 1), 4, b"\0\0\0\0")
    texture.repeat_x = texture.repeat_y = False
    return texture


def clamped(context: moderngl.Context, size: Size) -> moderngl.Texture:
    """A texture that is read linearly and clamped at its edges."""
    texture = context.texture(size, 4)
    texture.repeat_x = texture.repeat_y = False
    texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
    return texture


class Coming:
    """Pixels on their way from shared memory to the driver."""

    def __init__(self, context: moderngl.Context, name: str, size: Size) -> None:
        self._memory: shared_memory.SharedMemory = taken(name)
        self.texture = clamped(context, size)
        self._row = 0

    def bring(self, bytes_: int) -> bool:
        """Uploads about so many bytes more; whether that was the last of them."""
        width, height = self.texture.size
        rows = min(height - self._row, max(1, bytes_ // (4 * width)))
        assert self._memory.buf is not None
        with self._memory.buf[4 * width * self._row : 4 * width * (self._row + rows)] as band:
            self.texture.write(band, viewport=(0, self._row, width, rows))
        self._row += rows
        return bool(self._row == height)

    def close(self) -> None:
        """Lets the shared memory go; the texture stays."""
        self._memory.close()


class Loaded:
    """A texture whose pixels the child makes: what an image and a text have in common."""

    history = False

    def __init__(self, context: moderngl.Context, decoding: Decoding, file: str) -> None:
        self._context, self._decoding, self._file = context, decoding, file
        self.texture = placeholder(context)
        self.problems: list[Problem] = []
        """All that was found, each once; whoever tells them remembers how many it has told."""
        self._coming: Coming | None = None
        self._order = 0
        self._waiting = False

    @property
    def size(self) -> Size:
        """Of the texture, in pixels; (1, 1) until there is a picture."""
        return self.texture.size

    @property
    def ready(self) -> bool:
        """Whether nothing more is on its way."""
        return not self._waiting and self._coming is None

    def ask(self, work: dict[str, Any]) -> None:
        """Asks for other pixels; the texture stays until they are there."""
        if self._order:
            self._decoding.drop(self._order)
        self._waiting = True
        self._order = self._decoding.ask(work, self)

    def answered(self, answer: dict[str, Any]) -> None:
        """Takes the child's answer."""
        if "fault" in answer:
            self.tell(answer["fault"], answer["words"])
            # What is told beside a picture, and not in place of one, comes before it and without an end.
            self._waiting = self._waiting and not (answer.get("done") or answer["fault"] in ("hung", "fatal"))
        elif "memory" in answer:
            self._arrive(answer)

    def _arrive(self, answer: dict[str, Any]) -> None:
        self._waiting = False
        self._abandon()
        try:
            self._coming = Coming(self._context, answer["memory"], (answer["size"][0], answer["size"][1]))
        except (OSError, moderngl.Error) as stop:
            self.tell("memory", {"why": str(stop)})

    def busy(self) -> bool:
        """It has an answer for each order, which says as much."""
        return False

    def tell(self, fault: str, words: dict[str, Any]) -> None:
        """Keeps a problem, unless it is known."""
        problem = Problem(self._file, 0, FAULTS[fault], spoken(words))
        if problem not in self.problems:
            self.problems.append(problem)

    def update(self, time: float) -> None:
        """Once a frame before drawing; never waits. `time` is nothing to a picture that stands still."""
        self._decoding.poll()
        if self._coming is not None and self._coming.bring(BAND):
            self._take()

    def settle(self, time: float, seconds: float = 30.0) -> bool:
        """Waits until the picture is there or at fault, at most `seconds`; for loading and for offline drawing."""
        if not self._decoding.until(lambda: not self._waiting, seconds):
            self.tell("slow", {"seconds": seconds})
            return False
        if self._coming is not None:
            self._coming.bring(1 << 40)
            self._take()
        return True

    def _take(self) -> None:
        assert self._coming is not None
        self._coming.close()
        self.texture.release()
        self.texture, self._coming = self._coming.texture, None
        self.finish(self.texture)

    def finish(self, texture: moderngl.Texture) -> None:
        """What is still to be done to a new texture."""

    def _abandon(self) -> None:
        if self._coming is not None:
            self._coming.close()
            self._coming.texture.release()
            self._coming = None

    def release(self) -> None:
        """Gives everything back; the child is told to forget it."""
        self._decoding.drop(self._order)
        self._abandon()
        self.texture.release()


class Still(Loaded):
    """An image file. `wall` is the picture it is drawn into, in pixels; mipmaps are made when it is much smaller."""

    def __init__(
        self, context: moderngl.Context, picture: Picture, decoding: Decoding, wall: Size = (1920, 1080)
    ) -> None:
        super().__init__(context, decoding, picture.name)
        self._wall = wall
        side = min(SIDE, int(context.info["GL_MAX_TEXTURE_SIZE"]))
        self.ask({"kind": "image", "file": picture.name, "side": side})

    def finish(self, texture: moderngl.Texture) -> None:
        """A photo much larger than the wall is read from mipmaps; at 1:1 these give the same bytes as none."""
        if texture.width > 2 * self._wall[0] or texture.height > 2 * self._wall[1]:
            texture.build_mipmaps()
            texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
