"""One layer's passes: each draws into its target or onto the layer's output, sizes and buffers as ISF has them.

A target is written to a fresh texture and swapped after its pass, so a shader may read what it overwrites. The
last pass always reaches the output.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping

import moderngl

from installation.score.isf import Image, Pass, Shader
from installation.stage.program import Block, Compiled

Size = tuple[int, int]
LARGEST = 8192
"""Pixels a side; a larger pass is drawn at this size."""

_CALLS: dict[str, Callable[..., float]] = {
    "min": min, "max": max, "floor": math.floor, "ceil": math.ceil, "round": round, "abs": abs, "pow": math.pow,
    "sin": math.sin, "cos": math.cos, "mod": math.fmod, "sqrt": math.sqrt,
}  # fmt: skip
_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Mod: math.fmod, ast.Pow: math.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip


def measured(expression: str, names: Mapping[str, float], fallback: float) -> float:
    """The value of a pass's WIDTH or HEIGHT: a list of permitted sums, never eval; `fallback` when it has none."""
    if not expression.strip():
        return fallback
    try:
        value = _value(ast.parse(expression.replace("$", "").strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, KeyError, ZeroDivisionError, OverflowError, TypeError):
        return fallback
    return min(max(value, 1.0), float(LARGEST)) if math.isfinite(value) else fallback


def _value(node: ast.AST, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return float(names[name])
        case ast.BinOp(left=left, op=op, right=right):
            return float(_OPERATORS[type(op)](_value(left, names), _value(right, names)))
        case ast.UnaryOp(op=op, operand=operand):
            return float(_OPERATORS[type(op)](_value(operand, names)))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return float(_CALLS[name](*(_value(arg, names) for arg in args)))
    raise ValueError(type(node).__name__)


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
        self._targets = {name: Target(context, spec) for name, spec in shader.targets.items()}
        self._clears = "discard" in shader.body
        self.live = any(_follows_inputs(one.width) or _follows_inputs(one.height) for one in shader.passes)
        self._units = tuple(enumerate(ready.text.samplers))
        self.size: Size = (0, 0)

    @property
    def history(self) -> bool:
        """Whether what it draws depends on what it drew before."""
        return any(one.persistent for one in self.shader.passes)

    def measure(self, size: Size, values: Mapping[str, float]) -> None:
        """Sizes of all passes for an output of `size`."""
        self.size = size
        names = {**values, "WIDTH": float(size[0]), "HEIGHT": float(size[1])}
        for name, texture in self.images.items():
            names |= {f"WIDTH_{name}": float(texture.width), f"HEIGHT_{name}": float(texture.height)}
        for index, one in enumerate(self.shader.passes):
            width = measured(one.width, names, size[0]) if one.target else size[0]
            height = measured(one.height, names, size[1]) if one.target else size[1]
            self._block.set(self._first + index, "PASSINDEX", index)
            self._block.set(self._first + index, "RENDERSIZE", width, height)
            if one.target:
                self._targets[one.target].resize((max(1, round(width)), max(1, round(height))), self._copy)
                self._tell_size(one.target, width, height)

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
            self._paint(target.fresh if target else output)
            if target:
                target.swap()
                drawn.add(one.target)
                if index == last:
                    self._copy(target.texture, output)

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
            self.ready.array.render(moderngl.TRIANGLES, 3)
            frame.scissor = None  # type: ignore[assignment]
            yield

    def forget(self) -> None:
        """Empties its buffers."""
        for target in self._targets.values():
            target.clear()

    def inherit(self, old: Passes) -> None:
        """Takes over what persistent buffers of the same declaration hold in `old`."""
        for name, target in self._targets.items():
            theirs = old._targets.get(name)
            if (
                target.spec.persistent
                and theirs is not None
                and theirs.spec.same(target.spec)
                and theirs.size != (0, 0)
            ):
                target.resize(theirs.size, self._copy)
                self._copy(theirs.texture, target.fresh)
                target.swap()

    def _bind(self, drawn: set[str]) -> None:
        """A target that is not persistent holds nothing before its pass."""
        for unit, name in self._units:
            target = self._targets.get(name)
            if target is None:
                self.images.get(name, self._blank).use(unit)
            else:
                (target.texture if target.spec.persistent or name in drawn else self._blank).use(unit)

    def _paint(self, frame: moderngl.Framebuffer) -> None:
        frame.use()
        if self._clears:
            frame.clear(0.0, 0.0, 0.0, 0.0)
        self.ready.array.render(moderngl.TRIANGLES, 3)

    def release(self) -> None:
        """Gives everything back but the images, which belong to whoever fed them."""
        for target in self._targets.values():
            target.release()
        self.ready.release()
