"""A scene's programs, compiled one a step, so that a frame may be drawn between two of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any, TypeVar, cast

import moderngl

from installation.score.problem import Fault, Problem
from installation.score.scene import Layer, Scene
from installation.stage.program import Compiled, compiled

T = TypeVar("T")


def programs_of(scene: Scene, inner: bool = False) -> Iterator[Layer]:
    """Every shader of a scene in the order in which they are compiled: its own, those of the scenes in it, and the
    transition by which it comes in, unless it is itself a layer."""
    yield from scene.shaders
    for layer in scene.layers:
        if layer.scene is not None:
            yield from programs_of(layer.scene, inner=True)
    if scene.transition is not None and not inner:
        yield scene.transition


def compiling(
    context: moderngl.Context, scene: Scene, before: Callable[[], None]
) -> Generator[None, None, list[Compiled]]:
    """Compiles a scene's programs, one a step, and returns them. Raises Fault with every problem of every layer."""
    ready: list[Compiled] = []
    problems: list[Problem] = []
    for layer in programs_of(scene):
        before()
        try:
            ready.append(compiled(context, layer.shader))
        except Fault as fault:
            problems += fault.problems
        yield
    if problems:
        for one in ready:
            one.release()
        raise Fault(problems)
    return ready


def ended(steps: Generator[Any, None, T]) -> T:
    """What a work of several steps returns, all of them taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(T, end.value)
