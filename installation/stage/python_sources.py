"""What a Python scene gives, as sources of pictures: its points drawn, its arrays as textures."""

from __future__ import annotations

import moderngl

from installation.score.picture import Picture
from installation.score.problem import Problem
from installation.score.scene import Layer
from installation.stage.behaviour import Behaviour
from installation.stage.drawn import Numbers, Source
from installation.stage.moment import Moment
from installation.stage.passes import Size, canvas
from installation.stage.points import Field, Points
from installation.stage.sources import Make, Making


class Dots:
    """The points that a scene writes by one name, drawn where they have changed."""

    history = True

    def __init__(self, context: moderngl.Context, behaviour: Behaviour, name: str, add: bool, size: Size) -> None:
        self.problems: list[Problem] = []
        self._behaviour, self._name = behaviour, name
        self._context, self._points = context, Points(context, add)
        # Of a hundred thousand faint dots 16-bit floats lose each one: half a light and a thousandth is half a light.
        self._size, (self.texture, self._frame) = size, canvas(context, size, True)
        self._seen = -1

    def update(self, row: Numbers, moment: Moment) -> None:
        if self._seen == self._behaviour.revision:
            return
        self._seen = self._behaviour.revision
        given = self._behaviour.points.drawn(self._name)
        if given is not None:
            self._points.write(given)
        else:
            self._points.count = 0
        self._points.draw(self._frame, self._size)

    settle = update

    def resize(self, size: Size) -> None:
        if size != self._size:
            self._free()
            self._size, (self.texture, self._frame) = size, canvas(self._context, size, True)
            self._seen = -1

    def _free(self) -> None:
        self._frame.release()
        self.texture.release()

    def release(self) -> None:
        self._points.release()
        self._free()


class Array:
    """The array that a scene writes by one name, as a texture."""

    history = True

    def __init__(self, context: moderngl.Context, blank: moderngl.Texture, behaviour: Behaviour, name: str) -> None:
        self.problems: list[Problem] = []
        self._behaviour, self._name = behaviour, name
        self._field = Field(context, blank)
        self._seen = -1

    @property
    def texture(self) -> moderngl.Texture:
        return self._field.texture

    def update(self, row: Numbers, moment: Moment) -> None:
        if self._seen == self._behaviour.revision:
            return
        self._seen = self._behaviour.revision
        given = self._behaviour.textures.drawn(self._name)
        if given is not None:
            self._field.write(given)
        else:
            self._field.release()

    settle = update

    def resize(self, size: Size) -> None:
        pass

    def release(self) -> None:
        self._field.release()


def python_made(behaviour: Behaviour | None) -> dict[str, Make]:
    """How the pictures are had that a scene's Python gives."""
    if behaviour is None:
        return {}

    def dots(making: Making, picture: Picture, layer: Layer) -> Source:
        return Dots(making.tools.context, behaviour, picture.name, layer.blend == "add", making.size)

    def array(making: Making, picture: Picture, layer: Layer) -> Source:
        return Array(making.tools.context, making.tools.blank, behaviour, picture.name)

    return {"points": dots, "array": array}
