"""A contact sheet: cards with a picture, its name and where it comes from, on a dark page. Knows no scene, no GL."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from installation.stage.pixels import Pixels

PAGE, CARD, LINE = (13, 14, 18), (24, 26, 32), (42, 45, 54)
BRIGHT, SOFT, FAINT, FAULT = (236, 234, 228), (150, 153, 163), (98, 102, 114), (236, 128, 104)
FAULT_CARD = (38, 22, 23)


@dataclass(frozen=True)
class Card:
    """One picture and its words; `picture` is a PNG, or None where there is none: then `error` stands in its place."""

    title: str
    file: str
    kind: str
    credit: str = ""
    picture: Path | None = None
    error: str = ""


@dataclass(frozen=True)
class Section:
    """Cards of one kind under one heading."""

    heading: str
    cards: tuple[Card, ...]


class Type:
    """The house's font in the sizes of a sheet; `unit` is a card's width in pixels."""

    def __init__(self, unit: int) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame.font

        from installation.stage.media.fonts import Fonts, mended

        pygame.font.init()
        house = Fonts(()).house.path
        self.sizes = {"heading": max(14, unit // 15), "title": max(11, unit // 24), "small": max(9, unit // 34)}
        self._fonts = {name: pygame.font.Font(mended(house), size) for name, size in self.sizes.items()}

    def line(self, text: str, size: str, colour: tuple[int, int, int], width: int) -> Any:
        """One line as a picture, cut with an ellipsis where it is longer than `width` pixels."""
        font = self._fonts[size]
        cut = text = text.replace("\0", "")
        while cut and font.size(cut)[0] > width:
            text = text[:-1]
            cut = text.rstrip() + "…" if text else ""
        return font.render(cut, True, colour)

    def lines(self, text: str, size: str, width: int, most: int) -> list[str]:
        """A text in lines no longer than `width` pixels, at most so many."""
        found, row = [], ""
        for word in text.split():
            longer = f"{row} {word}".strip()
            if row and self._fonts[size].size(longer)[0] > width:
                found.append(row)
                row = word
            else:
                row = longer
        found.append(row)
        return found if len(found) <= most else [*found[: most - 1], " ".join(found[most - 1 :])]


def drawn(sections: Sequence[Section], size: tuple[int, int], columns: int) -> Pixels:
    """The whole page as RGBA, the top row first; `size` is a picture's in pixels."""
    kind = Type(size[0])
    import pygame

    width, height = size
    gap, margin, foot = max(10, width // 24), max(20, width // 10), _foot(kind)
    head = kind.sizes["heading"] * 2
    across = 2 * margin + columns * width + (columns - 1) * gap
    rows = [-(-len(one.cards) // columns) for one in sections]
    down = margin * (len(sections) + 1) + sum(head + n * (height + foot + gap) - gap for n in rows)
    page = pygame.Surface((across, down), pygame.SRCALPHA)
    page.fill((*PAGE, 255))
    top = margin
    for section, count in zip(sections, rows, strict=True):
        page.blit(kind.line(section.heading, "heading", BRIGHT, across - 2 * margin), (margin, top))
        top += head
        for n, card in enumerate(section.cards):
            left = margin + n % columns * (width + gap)
            _card(page, kind, card, (left, top + n // columns * (height + foot + gap)), size, foot)
        top += count * (height + foot + gap) - gap + margin
    return np.frombuffer(pygame.image.tobytes(page, "RGBA"), np.uint8).reshape(down, across, 4)


def _foot(kind: Type) -> int:
    return kind.sizes["title"] + kind.sizes["small"] + 3 * _pad(kind)


def _pad(kind: Type) -> int:
    return max(5, kind.sizes["small"] * 2 // 3)


def _card(page: Any, kind: Type, card: Card, at: tuple[int, int], size: tuple[int, int], foot: int) -> None:
    import pygame

    (left, top), (width, height), pad = at, size, _pad(kind)
    frame = pygame.Rect(left, top, width, height + foot)
    round_ = max(4, width // 60)
    pygame.draw.rect(page, FAULT_CARD if card.error else CARD, frame, border_radius=round_)
    if card.picture is not None:
        picture = _loaded(card)
        scale = min(width / picture.get_width(), height / picture.get_height())
        fitted = (max(1, round(picture.get_width() * scale)), max(1, round(picture.get_height() * scale)))
        if fitted != picture.get_size():
            picture = pygame.transform.smoothscale(picture, fitted)
        page.blit(picture, (left + (width - fitted[0]) // 2, top + (height - fitted[1]) // 2))
    else:
        _error(page, kind, card.error, (left + 2 * pad, top + 2 * pad), (width - 4 * pad, height - 3 * pad))
    pygame.draw.rect(page, LINE, frame, 1, border_radius=round_)
    _words(page, kind, card, (left, top + height + pad), width)


def _loaded(card: Card) -> Any:
    """A picture without its alpha: on the wall nothing shines through it."""
    import pygame

    loaded = pygame.image.load(str(card.picture))
    opaque = pygame.Surface(loaded.get_size())
    pygame.surfarray.blit_array(opaque, pygame.surfarray.array3d(loaded))
    return opaque


def _words(page: Any, kind: Type, card: Card, at: tuple[int, int], width: int) -> None:
    left, top = at
    pad = _pad(kind)
    for size, name, other, bright in (
        ("title", card.title, card.kind, BRIGHT),
        ("small", card.file, card.credit, SOFT),
    ):
        right = kind.line(other, "small", FAINT, width * 2 // 5)
        page.blit(right, (left + width - pad - right.get_width(), top + kind.sizes[size] - kind.sizes["small"]))
        page.blit(kind.line(name, size, bright, width - 3 * pad - right.get_width()), (left + pad, top))
        top += kind.sizes[size] + pad


def _error(page: Any, kind: Type, text: str, at: tuple[int, int], size: tuple[int, int]) -> None:
    step = kind.sizes["small"] * 3 // 2
    for n, row in enumerate(kind.lines(text, "small", size[0], max(1, size[1] // step))):
        page.blit(kind.line(row, "small", FAULT, size[0]), (at[0], at[1] + n * step))
