"""The fonts of this machine: which file is a family, which file has a character. Used in the decoding child.

The house's own font (Free Sans Bold, which pygame brings) is on every machine, so a text in Latin, Greek or Cyrillic
looks alike in every city; whatever it lacks is sought in the folders where systems keep fonts, in a fixed order.
"""

from __future__ import annotations

import io
import os
import struct
import sys
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
HOUSE = "freesansbold.ttf"
_FILES = 4000
_TABLE = 8 << 20
_STYLES = ("bold", "italic", "oblique", "light", "thin", "black", "condensed", "medium", "mono", "serif", "nastaliq")


def folders() -> list[str]:
    """Where this system keeps its fonts, the user's own first."""
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return [f"{home}/Library/Fonts", "/Library/Fonts", "/System/Library/Fonts"]
    if os.name == "nt":
        return [os.path.join(os.environ.get("WINDIR", "C:\\Windows"), "Fonts")]
    data = os.environ.get("XDG_DATA_HOME") or f"{home}/.local/share"
    return [f"{data}/fonts", f"{home}/.fonts", "/usr/local/share/fonts", "/usr/share/fonts"]


class FontFile:
    """What one font file says of itself, read when it is asked for; a spoilt one has nothing."""

    def __init__(self, path: str) -> None:
        self.path = path

    @cached_property
    def characters(self) -> npt.NDArray[np.uint32]:
        """Every character that it has a glyph for, in order."""
        try:
            return np.unique(np.concatenate([np.empty(0, np.uint32), *_mapped(_table(self.path, b"cmap"))]))
        except (OSError, struct.error, ValueError, IndexError):
            return np.empty(0, np.uint32)

    def has(self, characters: Iterable[str]) -> bool:
        """Whether it has all of them."""
        wanted = np.array([ord(one) for one in characters], np.uint32)
        if not self.characters.size:
            return False
        found = np.minimum(np.searchsorted(self.characters, wanted), self.characters.size - 1)
        return bool((self.characters[found] == wanted).all())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Family and full names, in lower case; the family alone only where the style is the regular one."""
        try:
            rows = _named(_table(self.path, b"name"))
        except (OSError, struct.error, ValueError, IndexError):
            return ()
        families = [rows[n] for n in (16, 1) if n in rows]
        style = rows.get(17) or rows.get(2, "")
        plain = families if style.lower() in ("regular", "book", "normal", "roman", "") else []
        full = [f"{family} {style}" for family in families] + ([rows[4]] if 4 in rows else [])
        return tuple(dict.fromkeys(name.strip().lower() for name in (*plain, *full)))


class Fonts:
    """The house's font and those found below some folders."""

    def __init__(self, places: Iterable[str] | None = None) -> None:
        import pygame.font

        self.house = FontFile(str(Path(pygame.font.__file__).with_name(HOUSE)))
        self._places = list(folders() if places is None else places)
        self._found: dict[str, FontFile | None] = {}

    @cached_property
    def files(self) -> list[FontFile]:
        """All of them, plain styles and large families first."""
        paths: list[str] = []
        for place in self._places:
            for folder, _, names in os.walk(place):
                paths += (os.path.join(folder, name) for name in names if name.lower().endswith(SUFFIXES))
        return [FontFile(path) for path in sorted(paths[:_FILES], key=_rank)]

    def named(self, name: str) -> FontFile | None:
        """The font of that family or full name, whatever the case; None when there is none."""
        return next((font for font in self.files if name.strip().lower() in font.names), None)

    def families(self) -> list[str]:
        """The names by which fonts may be asked for."""
        return sorted({name for font in self.files for name in font.names[:1]})

    def having(self, characters: str) -> FontFile | None:
        """The first font with all of these characters."""
        if characters not in self._found:
            self._found[characters] = next((font for font in self.files if font.has(characters)), None)
        return self._found[characters]


def mended(path: str) -> io.BytesIO:
    """The house's font without the pairs that its kerning pushes apart: 1,291 of 1,535, and words fell to pieces.

    Pairs that it draws together (AV, To) stay. Raises OSError, ValueError, struct.error.
    """
    font = bytearray(Path(path).read_bytes())
    with io.BytesIO(font) as file:
        at, _ = _entry(file, 0, b"kern")
    (count,) = struct.unpack_from(">H", font, at + 10)
    pairs = np.frombuffer(font, ">i2", 3 * count, at + 18).reshape(-1, 3)
    pairs[:, 2] = np.minimum(pairs[:, 2], 0)
    return io.BytesIO(font)


@cache
def fonts(places: tuple[str, ...] | None) -> Fonts:
    """The fonts below `places` (None: the system's), looked up once."""
    return Fonts(places)


def _rank(path: str) -> tuple[int, int, str]:
    name = os.path.basename(path).lower()
    styled = sum(style in name.replace("semibold", "bold") for style in _STYLES)
    return styled, 0 if name.startswith("noto") else 1 if name.startswith("dejavu") else 2, path


def _table(path: str, wanted: bytes) -> bytes:
    """One table of a font file, or of the first font of a collection. Raises OSError, ValueError, struct.error."""
    with open(path, "rb") as file:
        start = 0
        if (head := file.read(16))[:4] == b"ttcf":
            (start,) = struct.unpack_from(">I", head, 12)
        offset, length = _entry(file, start, wanted)
        file.seek(offset)
        return file.read(min(length, _TABLE))


def _entry(file: BinaryIO, start: int, wanted: bytes) -> tuple[int, int]:
    file.seek(start)
    _, count = struct.unpack(">IH", file.read(6))
    file.seek(start + 12)
    for _ in range(count):
        tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
        if tag == wanted:
            return offset, length
    raise ValueError(wanted)


def _mapped(cmap: bytes) -> list[npt.NDArray[np.uint32]]:
    """The characters of each Unicode table: formats 4, 6 and 12 (OpenType, `cmap`)."""
    found: list[npt.NDArray[np.uint32]] = []
    for n in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, at = struct.unpack_from(">HHI", cmap, 4 + 8 * n)
        if platform != 0 and (platform, encoding) not in ((3, 1), (3, 10)):
            continue
        (form,) = struct.unpack_from(">H", cmap, at)
        if form == 4:
            found += _segments(cmap, at)
        elif form == 6:
            first, count = struct.unpack_from(">HH", cmap, at + 6)
            glyphs = np.frombuffer(cmap, ">u2", count, at + 10)
            found.append((first + np.flatnonzero(glyphs)).astype(np.uint32))
        elif form == 12:
            (count,) = struct.unpack_from(">I", cmap, at + 12)
            for first, last, _ in np.frombuffer(cmap, ">u4", 3 * count, at + 16).reshape(-1, 3).tolist():
                found.append(np.arange(first, min(last, 0x10FFFF) + 1, dtype=np.uint32))
    return found


def _segments(cmap: bytes, at: int) -> list[npt.NDArray[np.uint32]]:
    count = struct.unpack_from(">H", cmap, at + 6)[0] // 2
    ends = np.frombuffer(cmap, ">u2", count, at + 14).tolist()
    starts, deltas, ranges = np.frombuffer(cmap, ">u2", 3 * count, at + 16 + 2 * count).reshape(3, -1).tolist()
    found = []
    for n in range(count):
        if starts[n] > ends[n]:
            continue
        characters = np.arange(starts[n], ends[n] + 1, dtype=np.uint32)
        if ranges[n]:
            place = at + 16 + 6 * count + 2 * n + ranges[n]
            glyphs = np.frombuffer(cmap, ">u2", min(len(characters), (len(cmap) - place) // 2), place)
            found.append(characters[: len(glyphs)][glyphs != 0])
        else:
            found.append(characters[(characters + deltas[n]) % 65536 != 0])
    return found


def _named(table: bytes) -> dict[int, str]:
    """The names by their number, English or whatever comes first."""
    count, strings = struct.unpack_from(">HH", table, 2)
    found: dict[int, str] = {}
    for n in range(count):
        platform, _, language, number, length, at = struct.unpack_from(">6H", table, 6 + 12 * n)
        raw = table[strings + at : strings + at + length]
        text = raw.decode("latin-1" if platform == 1 else "utf-16-be", "replace")
        if number not in found or (platform == 3 and language == 0x409):
            found[number] = text
    return found
