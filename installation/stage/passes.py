"""One layer's passes: each draws into its target or onto the layer's output, sizes and buffers as ISF has them.

A target is written to a fresh texture and swapped after its pass, so a shader may read what it overwrites. The
last pass always reaches the output.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import moderngl

from installation.score.problem import Problem
from installation.score.shaders.measure import measured as measured
from installation.score.shaders.shader import Image, Pass, Shader
from installation.stage.guard.room import ROOM, Asked, cut, given
from installation.stage.imports import Imports
from installation.stage.program import Block, Compiled

Size = tuple[int, int]


def canvas(
    context: moderngl.Context, size: Size, floating: bool = False
) -> tuple[moderngl.Texture, moderngl.Framebuffer]:
    """A texture to draw into, transparent black at first, clamped at its edges and read linearly."""
    texture = context.texture(size, 4, dtype="f4" if floating else "f1")
    texture.repeat_x = texture.repeat_y = False
    texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
    frame = context.framebuffer([texture])
    frame.clear(0.0, 0.0, 0.0, 0.0)
    return texture, frame


def _follows_inputs(expression: str) -> bool:
    """Whether the size may change from frame to frame: it names more than the output's own size."""
    return any(c.isalpha() for c in expression.replace("$WIDTH", "").replace("$HEIGHT", ""))


def sampled(texture: moderngl.Texture, how: Pass | Image) -> None:
    """Reads a texture as its declaration says; clamped and linear where it says nothing."""
    texture.repeat_x = texture.repeat_y = how.wrap == "repeat"
    kind = moderngl.NEAREST if how.filter == "nearest" else moderngl.LINEAR
    texture.filter = (kind, kind)


class Target:
    """A buffer that passes draw into: the texture last written, and the one to write next."""

    def __init__(self, context: moderngl.Context, spec: Pass) -> None:
        self.spec, self._context = spec, context
        self.size: Size = (0, 0)
        self._sides: list[tuple[moderngl.Texture, moderngl.Framebuffer]] = []

    @property
    def texture(self) -> moderngl.Texture:
        return self._sides[0][0]

    @property
    def fresh(self) -> moderngl.Framebuffer:
        """What the pass draws into."""
        return self._sides[1][1]

    def swap(self) -> None:
        self._sides.reverse()

    def resize(self, size: Size, copy: Callable[[moderngl.Texture, moderngl.Framebuffer], None]) -> None:
        """New textures; what a persistent buffer held is scaled into them."""
        if size == self.size:
            return
        old, self._sides, self.size = self._sides, [canvas(self._context, size, self.spec.floating) for _ in "ab"], size
        for texture, _ in self._sides:
            sampled(texture, self.spec)
        if old and self.spec.persistent:
            copy(old[0][0], self._sides[0][1])
        _release(old)

    def clear(self) -> None:
        """Forgets what was drawn."""
        for _, frame in self._sides:
            frame.clear(0.0, 0.0, 0.0, 0.0)

    def release(self) -> None:
        _release(self._sides)
        self._sides = []


def _release(sides: list[tuple[moderngl.Texture, moderngl.Framebuffer]]) -> None:
    for texture, frame in sides:
        frame.release()
        texture.release()


class Passes:
    """The passes of one layer; `first` is the section of its first pass in the block."""

    def __init__(
        self,
        context: moderngl.Context,
        shader: Shader,
        ready: Compiled,
        block: Block,
        first: int,
        blank: moderngl.Texture,
        copy: Callable[[moderngl.Texture, moderngl.Framebuffer], None],
    ) -> None:
        self.shader, self.ready = shader, ready
        self._block, self._first, self._blank, self._copy = block, first, blank, copy
        self.images: dict[str, moderngl.Texture] = {}
        self._imports = Imports(context, shader)
        self._targets = {name: Target(context, spec) for name, spec in shader.targets.items()}
        self._sizes: list[tuple[float, float]] = [(1.0, 1.0)] * len(shader.passes)
        self._clears = "discard" in shader.body or any("discard" in part.body for part in shader.parts)
        self.live = any(_follows_inputs(one.width) or _follows_inputs(one.height) for one in shader.passes)
        self._units = tuple(enumerate(ready.text.samplers))
        self.size: Size = (0, 0)
        self.room, self.bytes = float(ROOM), 0.0
        self._told: list[Problem] = []
        self._cut: set[str] = set()

    @property
    def history(self) -> bool:
        """Whether what it draws depends on what it drew before."""
        return any(one.persistent for one in self.shader.passes)

    def told(self) -> list[Problem]:
        """What was amiss with its buffers and with the pictures that the shader brings along, once."""
        told, self._told = self._told, []
        return [*told, *self._imports.told()]

    def measure(self, size: Size, values: Mapping[str, float]) -> None:
        """Sizes of all passes for an output of `size`."""
        if self.size == (0, 0):
            self._tell_pictures()
        self.size = size
        names = {key.lower(): value for key, value in values.items()}
        names |= {"width": float(size[0]), "height": float(size[1])}
        for name, texture in {**self._imports.textures, **self.images}.items():
            names |= {f"width_{name.lower()}": float(texture.size[0]), f"height_{name.lower()}": float(texture.size[1])}
        sizes = self._given(names)
        for index, one in enumerate(self.shader.passes):
            width, height = sizes[one.target] if one.target else size
            self._sizes[index] = (width, height)
            self._block.set(self._first + index, "PASSINDEX", index)
            self._block.set(self._first + index, "RENDERSIZE", width, height)
            if one.target:
                self._resize(one.target, width, height)
        for one in self.shader.idle:
            self._resize(one.target, *sizes[one.target])

    def _given(self, names: Mapping[str, float]) -> dict[str, tuple[float, float]]:
        """The size of each target; what asks for too much is given less, which is told once."""
        every = {one.target: one for one in (*self.shader.idle, *self.shader.passes) if one.target}
        width, height = self.size
        asked = [
            Asked(
                one.target,
                measured(one.width, names, width, math.inf),
                measured(one.height, names, height, math.inf),
                one.floating,
                one.line,
            )
            for one in every.values()
        ]
        found = given(asked, self.room)
        self.bytes = sum(one.bytes for one in found)
        for problem in cut(self.shader.file, asked, found):
            if problem.words["name"] not in self._cut:
                self._cut.add(problem.words["name"])
                self._told.append(problem)
        return {one.name: (one.width, one.height) for one in found}

    def _resize(self, name: str, width: float, height: float) -> None:
        self._targets[name].resize((max(1, int(width + 0.5)), max(1, int(height + 0.5))), self._copy)
        self._tell_size(name, width, height)

    def _tell_pictures(self) -> None:
        """The sizes of what is sampled before anything is fed: 1 × 1, or an import's own."""
        for image in self.shader.images:
            if image.name not in self.images:
                self._tell_size(image.name, 1.0, 1.0)
        for name, texture in self._imports.textures.items():
            self._tell_size(name, *texture.size)

    def _tell_size(self, name: str, width: float, height: float) -> None:
        for index in range(len(self.shader.passes)):
            self._block.set(self._first + index, f"_{name}_imgSize", width, height)

    def feed(self, name: str, texture: moderngl.Texture) -> None:
        """Gives an image input its picture, until another is given."""
        if self.images.get(name) is not texture:
            self.images[name] = texture
            for image in self.shader.images:
                if image.name == name and (image.wrap or image.filter):
                    sampled(texture, image)
            self._tell_size(name, texture.width, texture.height)

    def draw(self, output: moderngl.Framebuffer) -> None:
        """All passes in order, the last onto `output`. The block must have been written."""
        drawn: set[str] = set()
        last = len(self.shader.passes) - 1
        for index, one in enumerate(self.shader.passes):
            target = self._targets.get(one.target)
            self._bind(drawn)
            self._block.bind(self._first + index)
            if target is None:
                self._paint(index, output)
                continue
            self._paint_target(index, target)
            drawn.add(one.target)
            if index == last:
                self._show(target, output)

    def _paint_target(self, index: int, target: Target) -> None:
        """Into a target's fresh side. As in the reference, a fraction of a pixel is not drawn on (decision 0031)."""
        frame, (width, height) = target.fresh, self._sizes[index]
        whole = (int(width), int(height))
        if whole == target.size:
            self._paint(index, frame)
        else:
            frame.clear(0.0, 0.0, 0.0, 0.0)
            frame.viewport = (0, 0, *whole)
            self._paint(index, frame)
            frame.viewport = (0, 0, *target.size)
        target.swap()

    def _show(self, target: Target, output: moderngl.Framebuffer) -> None:
        """A target that the last pass drew reaches the output pixel for pixel, from the corner where both begin."""
        if target.size == self.size:
            self._copy(target.texture, output)
            return
        output.clear(0.0, 0.0, 0.0, 0.0)
        output.viewport = (0, 0, *target.size)
        self._copy(target.texture, output)
        output.viewport = (0, 0, *self.size)

    def warm(self, output: moderngl.Framebuffer, before: Callable[[], None]) -> Iterator[None]:
        """Each pass once into its own target, clipped to nothing; one a step."""
        for index, one in enumerate(self.shader.passes):
            before()
            target = self._targets.get(one.target)
            self._bind(set())
            self._block.bind(self._first + index)
            frame = target.fresh if target else output
            frame.scissor = (0, 0, 0, 0)
            frame.use()
            self.ready.draw(index)
            frame.scissor = None  # type: ignore[assignment]
            yield

    def forget(self) -> None:
        """Empties its buffers."""
        for target in self._targets.values():
            target.clear()

    def inherit(self, old: Passes) -> None:
        """Takes over what persistent buffers of the same names hold in `old`; another size is scaled to."""
        for name, target in self._targets.items():
            theirs = old._targets.get(name)
            if target.spec.persistent and theirs is not None and theirs.spec.persistent and theirs.size != (0, 0):
                target.resize(theirs.size, self._copy)
                self._copy(theirs.texture, target.fresh)
                target.swap()

    def _bind(self, drawn: set[str]) -> None:
        """A target that is not persistent holds nothing before its pass; what is not fed is black."""
        for unit, name in self._units:
            target = self._targets.get(name)
            if target is None:
                (self.images.get(name) or self._imports.textures.get(name) or self._imports.black(name)).use(unit)
            else:
                (target.texture if target.spec.persistent or name in drawn else self._blank).use(unit)

    def _paint(self, index: int, frame: moderngl.Framebuffer) -> None:
        frame.use()
        if self._clears:
            frame.clear(0.0, 0.0, 0.0, 0.0)
        self.ready.draw(index)

    def release(self) -> None:
        """Gives everything back but the images, which belong to whoever fed them."""
        for target in self._targets.values():
            target.release()
        self._imports.release()
        self.ready.release()
