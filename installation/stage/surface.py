"""From the picture to the window: straight, or fitted, with the last still fading out over it."""

from __future__ import annotations

from typing import Any

import moderngl

from installation.stage.context import version
from installation.stage.flash import FlashGuard
from installation.stage.layers import Tools
from installation.stage.passes import Size, canvas

_CORNERS = """#version {version} core
out vec2 at;
void main() {{
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    at = corner * 0.5 + 0.5;
    gl_Position = vec4(corner, 0.0, 1.0);
}}
"""
_FADE = """#version {version} core
in vec2 at;
out vec4 color;
uniform sampler2D still;
uniform float opacity;
void main() {{ color = vec4(texture(still, at).rgb, opacity); }}
"""


# The second pair keeps the window's alpha whole.
_OVER = (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA)


def placed(picture: Size, window: Size, how: str) -> tuple[int, int, int, int]:
    """Where the picture goes in the window (x, y, width, height): "fit" shows all of it, "fill" leaves no edge."""
    across, up = window[0] / picture[0], window[1] / picture[1]
    scale = min(across, up) if how == "fit" else max(across, up)
    width, height = round(picture[0] * scale), round(picture[1] * scale)
    return (window[0] - width) // 2, (window[1] - height) // 2, width, height


class Surface:
    """One picture in one window. `size` is the picture's; None follows the window, and draws straight into it."""

    def __init__(self, tools: Tools, window: moderngl.Framebuffer, extent: Size, size: Size | None, how: str) -> None:
        self._tools, self._how, self._fixed = tools, how, size
        self.size: Size = size or extent
        glsl = version(tools.context)
        self._fade = tools.context.program(
            vertex_shader=_CORNERS.format(version=glsl), fragment_shader=_FADE.format(version=glsl)
        )
        self._fading = tools.context.vertex_array(self._fade, [])
        self._canvas: tuple[moderngl.Texture, moderngl.Framebuffer] | None = None
        self._still: tuple[moderngl.Texture, moderngl.Framebuffer] | None = None
        self._until, self._length = 0.0, 1.0
        self.resize(window, extent)

    def resize(self, window: moderngl.Framebuffer, extent: Size) -> None:
        """The window has another size in pixels."""
        self._window, self._extent = window, extent
        self.size = self._fixed or extent
        _release(self._canvas)
        self._canvas = None if self.size == extent else canvas(self._tools.context, self.size)

    @property
    def target(self) -> moderngl.Framebuffer:
        """What the layers draw onto."""
        return self._canvas[1] if self._canvas else self._window

    def keep(self, until: float, length: float) -> moderngl.Framebuffer:
        """Where to draw the still that then fades out over the picture, gone at `until`."""
        if self._still is None or self._still[0].size != self.size:
            _release(self._still)
            self._still = canvas(self._tools.context, self.size)
        self._until, self._length = until, length
        return self._still[1]

    def draw(self, now: float, guard: FlashGuard | None = None, scene: str = "") -> None:
        """Lays the still over the picture while it fades, lets the guard see both, and brings them to the window."""
        left = (self._until - now) / self._length
        if self._still is not None and 0.0 < left <= 1.0:
            self._lay(self._still[0], left * left * (3.0 - 2.0 * left))
        if guard is not None:
            own: Any = self._canvas[0] if self._canvas else next(iter(self._window.color_attachments or ()), None)
            guard.draw(self.target, own, self.size, now, scene)
        if self._canvas is not None:
            self._window.clear(0.0, 0.0, 0.0, 1.0)
            self._window.viewport = placed(self.size, self._extent, self._how)
            self._tools.copy(self._canvas[0], self._window)
            self._window.viewport = (0, 0, *self._extent)

    def _lay(self, still: moderngl.Texture, opacity: float) -> None:
        context = self._tools.context
        self._fade["opacity"].value = opacity  # type: ignore[union-attr]
        self.target.use()
        still.use(0)
        context.enable(moderngl.BLEND)
        context.blend_func = _OVER  # type: ignore[assignment]
        self._fading.render(moderngl.TRIANGLES, 3)
        context.disable(moderngl.BLEND)


def _release(canvas_: tuple[moderngl.Texture, moderngl.Framebuffer] | None) -> None:
    if canvas_ is not None:
        canvas_[1].release()
        canvas_[0].release()
