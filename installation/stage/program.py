"""Programs on the driver: compiled, their errors told by the artist's own lines, their values in one block.

All programs of a scene keep their values in one buffer, a section a pass, written once a frame (decision 0020).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import moderngl
import numpy as np
import numpy.typing as npt

from installation.score.compiler_words import Said, code, explained
from installation.score.glsl import BLOCK, OURS, Program, safe, translate
from installation.score.include import STRIDE, origin
from installation.score.isf import Shader
from installation.score.problem import Fault, Problem, Row
from installation.stage.context import version

NO_INCLUDE = Row(
    ("{message}", "GLSL in one file", "copy here what it holds"),
    ("{message}", "du GLSL dans un seul fichier", "copiez ici son contenu"),
)
_LOG = (
    re.compile(r"^\d+:(?P<line>\d+)\(\d+\): (?:preprocessor )?error: (?P<message>.*)$", re.M),  # Mesa
    re.compile(r"^\d+\((?P<line>\d+)\) : error (?:\w+: )?(?P<message>.*)$", re.M),  # NVIDIA
    re.compile(r"^ERROR: \d+:(?P<line>\d+): (?P<message>.*)$", re.M),  # Apple, AMD, Intel
)
_MOST = 8
_ALIGN = 64
"""Numbers of four bytes: 256 bytes, the largest alignment of a uniform range that a driver may ask for."""


class Compiled(NamedTuple):
    """A program that is ready to draw the whole of its target with three corners."""

    text: Program
    program: moderngl.Program
    array: moderngl.VertexArray

    def release(self) -> None:
        """Gives the driver's objects back."""
        self.array.release()
        self.program.release()


def compiled(context: moderngl.Context, shader: Shader) -> Compiled:
    """The shader on the driver. Raises Fault, each problem at the artist's own line."""
    text = translate(shader, version(context))
    try:
        program = context.program(vertex_shader=text.vertex, fragment_shader=text.fragment)
    except moderngl.Error as stop:
        raise Fault(blamed(shader, str(stop))) from None
    except KeyError as stop:  # moderngl looks an #include up before the driver sees it
        line = next((n for n, text in enumerate(shader.body.splitlines(), shader.line) if "#include" in text), 0)
        raise Fault([Problem(shader.file, line, NO_INCLUDE, {"message": str(stop.args[0])})]) from None
    if BLOCK in program:
        program[BLOCK].binding = 0  # type: ignore[union-attr]
    for unit, name in enumerate(text.samplers):
        if safe(name) in program:
            program[safe(name)].value = unit  # type: ignore[union-attr]
    return Compiled(text, program, context.vertex_array(program, []))


def blamed(shader: Shader, log: str) -> list[Problem]:
    """The errors of a driver's log. Those in our own prelude keep the file's name but no line."""
    found = next((rows for rows in (list(p.finditer(log)) for p in _LOG) if rows), [])
    names = [*(one.name for one in shader.parameters), *shader.samplers]
    known = code(shader.body, shader.line, names)
    said = [Said(*_place(shader, int(row["line"])), int(row["line"]), row["message"]) for row in found]
    problems = explained(known, said)[:_MOST]
    rest = [line for line in log.splitlines() if line.strip(" =") and not line.startswith(("GLSL", "fragment_"))]
    return problems or explained(known, [Said(shader.file, 0, 0, " ".join(rest) or "?")])


def _place(shader: Shader, line: int) -> tuple[str, int]:
    return (shader.file, 0) if OURS <= line < STRIDE else origin(shader.body, shader.file, line)


class Block:
    """The values of every pass of a scene, in one array and one buffer."""

    def __init__(self, context: moderngl.Context, programs: Iterable[Program]) -> None:
        self._programs = tuple(programs)
        spans = [-(-text.size // _ALIGN) * _ALIGN for text in self._programs]
        self._starts = [sum(spans[:n]) for n in range(len(spans))]
        self.floats: npt.NDArray[np.float32] = np.zeros(max(sum(spans), _ALIGN), np.float32)
        self.ints: npt.NDArray[np.int32] = self.floats.view(np.int32)
        self._buffer = context.buffer(self.floats.tobytes(), dynamic=True)
        self._ranges = [(4 * start, 4 * text.size) for start, text in zip(self._starts, self._programs, strict=True)]

    def place(self, section: int, name: str) -> int:
        """Where the value `name` of a section begins, counted in numbers; -1 where the program lacks it."""
        field = self._programs[section].fields.get(name)
        return -1 if field is None else self._starts[section] + field.at

    def places(self, name: str) -> npt.NDArray[np.intp]:
        """The same for all sections that have it."""
        found = (self.place(section, name) for section in range(len(self._programs)))
        return np.array([place for place in found if place >= 0], np.intp)

    def set(self, section: int, name: str, *numbers: float) -> None:
        """Writes one value of one section; for what changes seldom."""
        at = self.place(section, name)
        if at >= 0:
            row = self.ints if self._programs[section].fields[name].whole else self.floats
            row[at : at + len(numbers)] = numbers

    def write(self) -> None:
        """Sends the array to the driver: once a frame."""
        self._buffer.write(self.floats)

    def bind(self, section: int) -> None:
        """Lets the next drawing read this section."""
        offset, size = self._ranges[section]
        self._buffer.bind_to_uniform_block(0, offset=offset, size=size)

    def release(self) -> None:
        self._buffer.release()
