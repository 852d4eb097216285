"""A scene's programs, compiled one a step, so that a frame may be drawn between two of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

import moderngl

from installation.score.problem import Fault, Problem
from installation.score.scene import Layer, Scene
from installation.stage import program
from installation.stage.program import Compiled


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
    context: moderngl.Context, scene: Scene, before: Callable[[str], None]
) -> Generator[None, None, list[Compiled]]:
    """Compiles a scene's programs, one a step, and returns them. Raises Fault with every problem of every layer.

    `before` each program it is told the file of its shader.
    """
    ready: list[Compiled] = []
    problems: list[Problem] = []
    for layer in programs_of(scene):
        try:
            ready.append((yield from program.compiling(context, layer.shader, before)))
        except Fault as fault:
            problems += fault.problems
    if problems:
        for one in ready:
            one.release()
        raise Fault(problems)
    return ready
