"""How much the buffers of a scene may take: a side at most, and all of them together; what is cut is told once.

Pure sums: sizes asked for in, sizes given out.
"""

from __future__ import annotations

from typing import NamedTuple

from installation.score.problem import Problem, Row
from installation.score.shaders.measure import LARGEST

ROOM = 1 << 30
"""Bytes for all buffers of a scene: what a small graphics card has left beside the picture itself."""

CUT = Row(
    (
        "the buffer {name} asks for {width:.0f} × {height:.0f} pixels; it is given {given_width:.0f} × "
        "{given_height:.0f}",
        "{side} pixels a side at most, and {room} MB for all buffers of a scene",
        "make WIDTH and HEIGHT of this pass smaller",
    ),
    (
        "le tampon {name} demande {width:.0f} × {height:.0f} pixels ; il en reçoit {given_width:.0f} × "
        "{given_height:.0f}",
        "au plus {side} pixels de côté, et {room} Mo pour tous les tampons d'une scène",
        "réduisez WIDTH et HEIGHT de cette passe",
    ),
)


class Asked(NamedTuple):
    """A buffer as a shader wants it, in pixels; `floating` ones take 16 bytes a pixel, the others 4."""

    name: str
    width: float
    height: float
    floating: bool = False
    line: int = 0

    @property
    def bytes(self) -> float:
        """Both of its sides: the one last written, and the one to write next."""
        return 2 * self.width * self.height * (16 if self.floating else 4)


def given(asked: list[Asked], room: float = ROOM) -> list[Asked]:
    """The same buffers within the bounds: a side is cut off, then the largest are halved until all have room."""
    found = [one._replace(width=min(one.width, LARGEST), height=min(one.height, LARGEST)) for one in asked]
    while sum(one.bytes for one in found) > room:
        n = max(range(len(found)), key=lambda n: found[n].bytes)
        if found[n].width <= 1.0 and found[n].height <= 1.0:
            break
        found[n] = found[n]._replace(width=max(1.0, found[n].width / 2), height=max(1.0, found[n].height / 2))
    return found


def cut(file: str, asked: list[Asked], had: list[Asked]) -> list[Problem]:
    """What is to be told of buffers that were given less than they asked for."""
    return [
        Problem(file, want.line, CUT, {
            "name": want.name, "width": want.width, "height": want.height, "given_width": got.width,
            "given_height": got.height, "side": LARGEST, "room": ROOM >> 20,
        })
        for want, got in zip(asked, had, strict=True)
        if (want.width, want.height) != (got.width, got.height)
    ]  # fmt: skip
