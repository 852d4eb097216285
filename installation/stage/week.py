"""A page of a week: a block a day, a strip of pictures a city, below it the hours of company as bars. Knows no scene.

The pictures are PNG files; all else comes as words, instants and colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from installation.stage.pixels import Pixels
from installation.stage.sheet import BRIGHT, CARD, FAINT, LINE, PAGE, SOFT, Type

Colour = tuple[int, int, int]
SHADES: dict[str, Colour] = {
    "together": (245, 196, 92),
    "alone": (104, 190, 200),
    "asleep": (92, 104, 190),
    "cut": (226, 96, 84),
}
"""The four states, as `status` colours them; told apart by their lightness too."""
INK: Colour = (16, 17, 22)
SHUT = 0.26
"""How much of a picture is seen while its house is closed: nobody is there to see it."""


class Bar(NamedTuple):
    """A state from `start` to `end`, as parts of the day from 0 to 1; pale while the house is closed."""

    state: str
    word: str
    start: float
    end: float
    open: bool


class Cell(NamedTuple):
    """A picture, the time on its city's own clock, and whether its house is open then."""

    picture: Path
    time: str
    open: bool


class Row(NamedTuple):
    """A city's day."""

    city: str
    cells: tuple[Cell, ...]
    bars: tuple[Bar, ...]


class Day(NamedTuple):
    """A day of all cities; `note` is what is unusual, such as a change of the clocks."""

    name: str
    note: str
    rows: tuple[Row, ...]


class Page(NamedTuple):
    """All that is on it. `legend` gives the states' words with their hours, `foot` a sentence."""

    title: str
    subtitle: str
    legend: tuple[tuple[str, str], ...]
    foot: str
    days: tuple[Day, ...]


class _Grid(NamedTuple):
    """Measures in pixels."""

    width: int
    height: int
    columns: int
    gutter: int
    gap: int
    margin: int
    small: int
    bar: int

    def left(self, column: int) -> int:
        return self.margin + self.gutter + column * (self.width + self.gap)

    @property
    def across(self) -> int:
        return self.left(self.columns) - self.gap + self.margin

    @property
    def row(self) -> int:
        return self.small + 6 + self.height + self.bar + 14


def drawn(page: Page, size: tuple[int, int]) -> Pixels:
    """The page as RGBA, the top row first; `size` is a picture's in pixels."""
    kind = Type(size[0] * 3)
    import pygame

    small, margin = kind.sizes["small"], max(28, size[0] // 4)
    count = max(len(row.cells) for day in page.days for row in day.rows)
    grid = _Grid(*size, count, size[0], max(3, size[0] // 40), margin, small, small + 8)
    day_head = kind.sizes["title"] * 2
    head = kind.sizes["heading"] * 2 + kind.sizes["title"] * 5
    down = margin * 2 + head + sum(day_head + len(day.rows) * grid.row + margin // 2 for day in page.days) + small * 3
    surface = pygame.Surface((grid.across, down), pygame.SRCALPHA)
    surface.fill((*PAGE, 255))
    top = _head(surface, kind, page, grid)
    for day in page.days:
        top = _day(surface, kind, day, grid, top) + margin // 2
    surface.blit(kind.line(page.foot, "small", FAINT, grid.across - 2 * margin), (margin, top))
    return np.frombuffer(pygame.image.tobytes(surface, "RGBA"), np.uint8).reshape(down, grid.across, 4)


def _head(page: Any, kind: Type, said: Page, grid: _Grid) -> int:
    """Title, subtitle and the legend of the states; gives where the days begin."""
    import pygame

    room, top = grid.across - 2 * grid.margin, grid.margin
    page.blit(kind.line(said.title, "heading", BRIGHT, room), (grid.margin, top))
    top += kind.sizes["heading"] * 3 // 2
    page.blit(kind.line(said.subtitle, "title", SOFT, room), (grid.margin, top))
    top += kind.sizes["title"] * 2
    left, side = grid.margin, kind.sizes["title"]
    for state, words in said.legend:
        pygame.draw.rect(page, SHADES[state], (left, top, side, side), border_radius=3)
        text = kind.line(words, "title", SOFT, room)
        page.blit(text, (left + side * 3 // 2, top - side // 6))
        left += side * 3 + text.get_width()
    return top + kind.sizes["title"] * 5 // 2


def _day(page: Any, kind: Type, day: Day, grid: _Grid, top: int) -> int:
    import pygame

    pygame.draw.line(page, LINE, (grid.margin, top), (grid.across - grid.margin, top))
    top += kind.sizes["title"] // 2
    name = kind.line(day.name, "title", BRIGHT, grid.across)
    page.blit(name, (grid.margin, top))
    if day.note:
        note = kind.line(day.note, "title", SHADES["together"], grid.across)
        page.blit(note, (grid.margin + name.get_width() + kind.sizes["title"] * 2, top))
    top += kind.sizes["title"] * 3 // 2
    for row in day.rows:
        _row(page, kind, row, grid, top)
        top += grid.row
    return top


def _row(page: Any, kind: Type, row: Row, grid: _Grid, top: int) -> None:
    for n, line in enumerate(kind.lines(row.city, "title", grid.gutter - grid.gap * 3, 2)):
        text = kind.line(line, "title", SOFT, grid.gutter - grid.gap * 3)
        page.blit(text, (grid.margin, top + grid.small + 2 + n * kind.sizes["title"] * 5 // 4))
    for column, cell in enumerate(row.cells):
        left = grid.left(column)
        page.blit(kind.line(cell.time, "small", SOFT if cell.open else FAINT, grid.width), (left, top))
        _picture(page, cell, (left, top + grid.small + 6), grid)
    _bars(page, kind, row.bars, grid, top + grid.small + 6 + grid.height + 3)


def _picture(page: Any, cell: Cell, at: tuple[int, int], grid: _Grid) -> None:
    import pygame

    frame = pygame.Rect(*at, grid.width, grid.height)
    pygame.draw.rect(page, CARD, frame)
    if cell.picture.exists():
        loaded = pygame.image.load(str(cell.picture))
        opaque = pygame.Surface(loaded.get_size())
        pygame.surfarray.blit_array(opaque, pygame.surfarray.array3d(loaded))
        if not cell.open:
            opaque.set_alpha(round(255 * SHUT))
        page.blit(opaque, at)


def _bars(page: Any, kind: Type, bars: Sequence[Bar], grid: _Grid, top: int) -> None:
    import pygame

    start, room = grid.left(0), grid.left(grid.columns) - grid.gap - grid.left(0)
    for left, width, bar in _placed(bars, start, room):
        colour = SHADES[bar.state] if bar.open else _pale(SHADES[bar.state])
        pygame.draw.rect(page, colour, (left, top, width, grid.bar), border_radius=3)
        word = kind.line(bar.word, "small", INK if bar.open else SOFT, 10 * grid.width)
        if word.get_width() + 10 > width:
            continue
        page.blit(word, (left + 5, top + (grid.bar - word.get_height()) // 2))


def _placed(bars: Sequence[Bar], start: int, room: int) -> Iterator[tuple[int, int, Bar]]:
    """Where each bar lies: never thinner than two pixels, so that a short meeting is still seen."""
    for bar in bars:
        left = start + round(bar.start * room)
        yield left, max(2, start + round(bar.end * room) - left - 1), bar


def _pale(colour: Colour) -> Colour:
    red, green, blue = (round(page + (full - page) * 0.3) for full, page in zip(colour, PAGE, strict=True))
    return red, green, blue
