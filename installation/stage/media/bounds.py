"""How large what a file gives may be, and the refusal of what gives nothing; for both ends of the decoder's pipe."""

from __future__ import annotations

import math
import os
import stat
from typing import Any

SIDE = 8192
"""Pixels a side, and MILLIONS of them in all, that reach the stage; a larger picture is scaled down."""
MILLIONS = 64
DECODED = 160
"""Millions of pixels that are decoded at all."""
Words = dict[str, Any]
Told = list[tuple[str, Words]]


class Refusal(Exception):
    """This file gives no picture: a key of `source_words.FAULTS` and its words."""

    def __init__(self, fault: str, **words: Any) -> None:
        super().__init__(fault)
        self.fault, self.words = fault, words


def scaling(size: tuple[int, int], side: int) -> float:
    """By how much a picture of this size is to shrink; 1 for most."""
    return min(1.0, side / max(size), math.sqrt(MILLIONS * 1e6 / (size[0] * size[1])))


def scaled(size: tuple[int, int], to: tuple[int, int], side: int) -> tuple[str, Words]:
    """What is told of a picture that was made smaller."""
    return "scaled", {
        "width": size[0], "height": size[1], "to_width": to[0], "to_height": to[1], "side": side, "most": MILLIONS,
    }  # fmt: skip


def regular(path: str) -> None:
    """Raises Refusal unless this is a file: opening a pipe would wait for ever."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise Refusal("missing") from None
    except (OSError, ValueError) as stop:
        raise Refusal("unreadable", why=getattr(stop, "strerror", None) or str(stop)) from None
    if not stat.S_ISREG(found.st_mode):
        kinds = {stat.S_IFDIR: "folder", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}
        raise Refusal("no file", what=kinds.get(stat.S_IFMT(found.st_mode), "device"))
