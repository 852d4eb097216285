"""Type set in the decoding child: white letters whose alpha is their coverage, ready for a shader to tint.

Shaped by HarfBuzz (ligatures, kerning, joined Arabic, Indic syllables) through pygame's SDL_ttf, run by run; each run
takes the wanted font, else the first of this machine that has its letters. What no font has is drawn as a box.
A font's own colours are not used; of a collection its first font, of a variable font its default.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pygame
import pygame.font
import pygame.image

from installation.score.problem import nearest
from installation.stage.media.bounds import SIDE, Told
from installation.stage.media.breaks import SOFT, wrapped
from installation.stage.media.fonts import HOUSE, SUFFIXES, FontFile, Fonts, fonts, mended
from installation.stage.media.runs import MARKS, SIMPLE, Run, clusters, levels, ordered, rightwards, runs, script

_WHITE = (255, 255, 255)
_STANDS_FOR = {"\u202f": "\u00a0", "\u2007": "\u00a0", "\u2009": " ", "\u200a": " ", "\u2010": "-", "\u2011": "-"}
_SHAPELESS = frozenset("\u200b\u200c\u200d\u00ad")
_PACKAGES = (
    ("Hani", "fonts-noto-cjk"), ("Hira", "fonts-noto-cjk"), ("Kana", "fonts-noto-cjk"), ("Hang", "fonts-noto-cjk"),
)  # fmt: skip


class Piece(NamedTuple):
    """Letters of one line in one font; no `font` means boxes."""

    text: str
    font: FontFile | None
    level: int
    script: str


class Line(NamedTuple):
    """Pieces from left to right, and how wide they are in all."""

    pieces: list[Piece]
    width: int


class Setting:
    """One text, one size of type."""

    def __init__(self, order: dict[str, Any]) -> None:
        places = order.get("folders")
        self._fonts: Fonts = fonts(None if places is None else tuple(places))
        self.told = Told()
        self.em, self._order = max(4, int(order["em"])), order
        self.main = self._wanted(order.get("font", ""))
        self.missing: dict[str, None] = {}
        self.wrap = max(self.em, int(order["wrap"]))

    def _wanted(self, name: str) -> FontFile:
        if not name:
            return self._fonts.house
        if name.lower().endswith(SUFFIXES) or os.sep in name:
            font: FontFile | None = FontFile(name)
            if font is not None and font.characters.size and _opened(name, self.em) is not None:
                return font
            self.told.append(("font", {"name": Path(name).name, "near": ""}))
            return self._fonts.house
        font = self._fonts.named(name)
        if font is None:
            self.told.append(("font", {"name": name, "near": nearest(name, self._fonts.families())}))
        return font or self._fonts.house

    def lines(self) -> list[Line]:
        """The whole text, broken and shaped."""
        found: list[Line] = []
        for paragraph in re.split("\r\n|[\n\r\u2028\u2029]", self._order["text"]):
            text = "".join(one for one in paragraph.replace("\t", "    ") if one not in MARKS and _printable(one))
            base, deep = rightwards(text), levels(text)
            for begin, end in wrapped(text, self.wrap, partial(self._width, text, deep)):
                flat = [base if text[n].isspace() and not text[n:end].strip() else deep[n] for n in range(begin, end)]
                found.append(self._line(text[:end], [0] * begin + flat, begin, end))
            if len(found) * self.em > 2 * SIDE:
                break  # too high to be shown, which is told
        return found

    def _width(self, text: str, deep: list[int], begin: int, end: int) -> int:
        return self._line(text, deep, begin, end).width

    def _line(self, text: str, deep: list[int], begin: int, end: int) -> Line:
        """Characters `begin` to `end` of a paragraph; a soft hyphen shows where the line ends with it."""
        line, depths = text[begin:end], deep[begin:end]
        if line.endswith(SOFT):
            line = line[:-1] + "-"
        pieces: list[Piece] = []
        for run in runs(line, depths):
            pieces += self._fitted(line[run.begin : run.end], run)
        pieces = ordered(pieces, lambda piece: piece.level)
        return Line(pieces, sum(self.wide(piece) for piece in pieces))

    def _fitted(self, text: str, run: Run) -> list[Piece]:
        """One run in pieces of one font. A joined script stays together in one font wherever one has all of it."""
        if run.script not in SIMPLE:
            whole = self._font_for(text)
            if whole is not None:
                return [Piece(_shown(text, whole), whole, run.level, run.script)]
        pieces: list[Piece] = []
        for begin, end in clusters(text):
            font = self._font_for(text[begin:end])
            letters = text[begin:end] if font is None else _shown(text[begin:end], font)
            if pieces and pieces[-1].font is font:
                pieces[-1] = pieces[-1]._replace(text=pieces[-1].text + letters)
            else:
                pieces.append(Piece(letters, font, run.level, run.script))
        return pieces

    def _font_for(self, letters: str) -> FontFile | None:
        for font in (self.main, self._fonts.house):
            if _covers(font, letters):
                return font
        seen = "".join(dict.fromkeys(one for one in letters if one not in _SHAPELESS))
        found = self._fonts.having(seen)
        if found is not None and _opened(found.path, self.em) is not None:
            return found
        if len(clusters(letters)) == 1:
            self.missing[letters] = None
        return None

    def wide(self, piece: Piece) -> int:
        """Pixels from this piece to the next."""
        if piece.font is None:
            return len(clusters(piece.text)) * round(0.7 * self.em)
        return _font(piece, self.em).size(piece.text)[0] if piece.text else 0

    def surface(self, lines: list[Line]) -> pygame.Surface:
        """All lines drawn, as wide as they may be, with a margin for letters that lean out."""
        used = [_font(piece, self.em) for line in lines for piece in line.pieces if piece.font is not None]
        main = _opened(self.main.path, self.em) or pygame.font.Font(None, self.em)
        above = max([main.get_ascent(), *(font.get_ascent() for font in used)])
        below = max([-main.get_descent(), *(-font.get_descent() for font in used)])
        step = max(1, round(main.get_linesize() * self._order.get("spacing", 1.0)))
        margin = self.em // 4
        height = above + step * (len(lines) - 1) + below
        if height > self._order.get("height", SIDE):
            self.told.append(("overflow", {"tall": height, "height": self._order["height"]}))
        size = min(self.wrap + 2 * margin, SIDE), min(height + 2 * margin, SIDE)
        sheet = pygame.Surface(size, pygame.SRCALPHA, 32)
        sheet.fill((255, 255, 255, 0))
        for n, line in enumerate(lines):
            self._draw(sheet, line, margin, margin + above + n * step)
        return sheet

    def _draw(self, sheet: pygame.Surface, line: Line, margin: int, base: int) -> None:
        room = self.wrap - line.width
        x = margin + {"left": 0, "right": room}.get(self._order.get("align", "center"), room // 2)
        for piece in line.pieces:
            if piece.font is None:
                self._boxes(sheet, piece, x, base)
            elif piece.text:
                font = _font(piece, self.em)
                drawn = font.render(piece.text, True, _WHITE)
                at = x - _lean(piece, font), base - font.get_ascent() - _rise(piece, font, drawn)
                sheet.blit(drawn, at, special_flags=pygame.BLEND_RGBA_MAX)
            x += self.wide(piece)

    def _boxes(self, sheet: pygame.Surface, piece: Piece, x: int, base: int) -> None:
        step, tall, thick = round(0.7 * self.em), round(0.7 * self.em), max(1, self.em // 20)
        for n in range(len(clusters(piece.text))):
            box = pygame.Rect(x + n * step + step // 10, base - tall, step - step // 5, tall)
            pygame.draw.rect(sheet, (255, 255, 255, 255), box, thick)


def drawn(order: dict[str, Any]) -> tuple[npt.NDArray[np.uint8], Told]:
    """A text's picture, RGBA, the bottom row first, and what is to be told of it."""
    pygame.font.init()
    setting = Setting(order)
    sheet = setting.surface(setting.lines())
    if setting.missing:
        setting.told.append(("glyphs", _lacking(list(setting.missing))))
    raw = np.frombuffer(pygame.image.tobytes(sheet, "RGBA", True), np.uint8)
    return raw.reshape(sheet.height, sheet.width, 4), setting.told


def _lacking(missing: list[str]) -> dict[str, str]:
    named = [f"{one} (U+{ord(one[0]):04X} {unicodedata.name(one[0], '?').lower()})" for one in missing]
    package = dict(_PACKAGES).get(script(missing[0][0]), "fonts-noto-core")
    if ord(missing[0][0]) >= 0x1F000 or unicodedata.category(missing[0][0]) == "So":
        package = "fonts-symbola"
    return {"what": ", ".join(named[:4]) + (" …" if len(named) > 4 else ""), "package": package}


def _lean(piece: Piece, font: pygame.font.Font) -> int:
    """SDL_ttf moves a piece to the right by what its first letter leans out to the left."""
    return 0 if piece.level % 2 else max(0, -(font.metrics(piece.text[0])[0] or (0,))[0])


def _rise(piece: Piece, font: pygame.font.Font, drawn: pygame.Surface) -> int:
    """And down by what its highest letter stands out above the font's ascent."""
    more = drawn.get_height() - font.get_height()
    if more <= 0:
        return 0
    highest = max((one[3] for one in font.metrics(piece.text) if one is not None), default=0)
    return min(more, max(0, highest - font.get_ascent()))


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs")


def _covers(font: FontFile, letters: str) -> bool:
    return font.has(_STANDS_FOR.get(one, one) if not font.has(one) else one for one in letters if one not in _SHAPELESS)


def _shown(letters: str, font: FontFile) -> str:
    """The letters as this font draws them: a narrow space that it lacks is a common one; soft hyphens are silent."""
    if letters.isascii():
        return letters
    kept = (one for one in letters if one not in "\u00ad\u200b" and (one not in _SHAPELESS or font.has(one)))
    return "".join(one if font.has(one) else _STANDS_FOR.get(one, one) for one in kept)


@lru_cache(96)
def _opened(path: str, em: int) -> pygame.font.Font | None:
    """A font at a size; None when it cannot be opened."""
    try:
        return pygame.font.Font(mended(path) if Path(path).name == HOUSE else path, em)
    except (pygame.error, OSError, ValueError):
        return None


def _font(piece: Piece, em: int) -> pygame.font.Font:
    """The piece's font, set to its direction and script."""
    font = _opened(piece.font.path if piece.font else "", em) or pygame.font.Font(None, em)
    font.set_direction(pygame.DIRECTION_RTL if piece.level % 2 else pygame.DIRECTION_LTR)
    font.set_script(piece.script or "Latn")
    return font
