"""What the house shows in place of the work: the first picture, the veil, blackout, the test pattern."""

from __future__ import annotations

import os

import moderngl
import numpy as np

from installation.score.layout import Layout
from installation.score.scene import Source, from_shader, laid_out
from installation.stage.layers import Layers, Moment, Tools, defaults
from installation.stage.passes import Size

NAMES = ("waiting", "veil", "pattern")


class Cards:
    """The engine's own shaders, compiled at once so that a veil falls within a frame."""

    def __init__(self, tools: Tools, sources: dict[str, Source], size: Size, title: str) -> None:
        self._tools, self._title = tools, title
        self._cards = {name: _card(tools, name, sources[name], size) for name in NAMES if name in sources}
        self._size: Size = (0, 0)
        self._words: moderngl.Texture | None = None
        self.still: moderngl.Texture | None = None

    def resize(self, size: Size) -> None:
        for layers, _ in self._cards.values():
            layers.resize(size)

    def draw(self, name: str, frame: moderngl.Framebuffer, size: Size, moment: Moment) -> None:
        """Draws a card; blackout, or one whose file is missing, is black. A still comes before the waiting card."""
        if name == "waiting" and self.still is not None:
            self._tools.copy(self.still, frame)
            return
        if name not in self._cards:
            frame.use()
            frame.clear(0.0, 0.0, 0.0, 1.0)
            return
        layers, row = self._cards[name]
        if name == "pattern":
            self._name(layers, size)
        layers.draw(frame, row, moment)

    def hold(self, size: Size, raw: bytes) -> None:
        """Gives the still that stands in for the waiting card."""
        self.still = self._tools.context.texture(size, 4, raw)
        self.still.repeat_x = self.still.repeat_y = False

    def release_still(self) -> None:
        """A scene is on air: from now on, what waits is the card."""
        if self.still is not None:
            self.still.release()
            self.still = None

    def _name(self, layers: Layers, size: Size) -> None:
        """Writes the window's name and size for the pattern, once a size."""
        if size == self._size and self._words is not None:
            return
        if self._words is not None:
            self._words.release()
        self._size, self._words = size, _written(self._tools.context, f"{self._title}   {size[0]} × {size[1]}")
        layers.feed("words", self._words)


def _card(tools: Tools, name: str, source: Source, size: Size) -> tuple[Layers, np.ndarray]:
    scene = from_shader(name, source)
    layout: Layout = laid_out(scene, ())
    return Layers(tools, scene, layout, size), defaults(layout)


def _written(context: moderngl.Context, text: str) -> moderngl.Texture:
    """A line of type as a texture, white on nothing."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame.font
    import pygame.image

    pygame.font.init()
    surface = pygame.font.Font(None, 96).render(text, True, (255, 255, 255))
    texture = context.texture(surface.get_size(), 4, pygame.image.tobytes(surface, "RGBA", True))
    texture.repeat_x = texture.repeat_y = False
    return texture
