"""Programs on the driver: compiled, their errors told by the artist's own lines, their values in one block.

All programs of a scene keep their values in one buffer, a section a pass, written once a frame (decision 0020).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from typing import Any, NamedTuple, TypeVar, cast

import moderngl
import numpy as np
import numpy.typing as npt

from installation.score.problem import Fault, Problem, Row
from installation.score.shaders.compiler_words import Said, code, explained
from installation.score.shaders.glsl import BLOCK, OURS, Program, Stages, safe, translate
from installation.score.shaders.include import STRIDE, origin
from installation.score.shaders.shader import Shader
from installation.stage.context import version

T = TypeVar("T")

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
    """A shader that is ready to draw the whole of its targets; one program and array for each of its texts."""

    text: Program
    programs: tuple[moderngl.Program, ...]
    arrays: tuple[moderngl.VertexArray, ...]

    def draw(self, index: int) -> None:
        """Draws the pass of this number into whatever frame is in use."""
        if self.text.strip:
            self.arrays[self.text.runs[index]].render(moderngl.TRIANGLE_STRIP, 4)
        else:
            self.arrays[self.text.runs[index]].render(moderngl.TRIANGLES, 3)

    def release(self) -> None:
        """Gives the driver's objects back."""
        for array in self.arrays:
            array.release()
        for program in self.programs:
            program.release()


def compiled(context: moderngl.Context, shader: Shader) -> Compiled:
    """The shader on the driver. Raises Fault, each problem at the artist's own line."""
    return ended(compiling(context, shader, lambda file: None))


def compiling(
    context: moderngl.Context, shader: Shader, before: Callable[[str], None]
) -> Generator[None, None, Compiled]:
    """The same, a program a step; `before` each it is told whose program it is, by the shader's file. Raises Fault."""
    text = translate(shader, version(context))
    programs: list[moderngl.Program] = []
    problems: list[Problem] = []
    for stages in text.stages:
        before(shader.file)
        try:
            programs.append(_program(context, text, stages))
        except moderngl.Error as stop:
            problems += [one for one in blamed(stages, str(stop)) if one not in problems]
        except KeyError as stop:  # moderngl looks an #include up before the driver sees it
            problems.append(_no_include(shader, str(stop.args[0])))
        yield
    if problems:
        for program in programs:
            program.release()
        raise Fault(problems)
    return Compiled(text, tuple(programs), tuple(context.vertex_array(one, []) for one in programs))


def ended(steps: Generator[Any, None, T]) -> T:
    """What a work of several steps returns, all of them taken at once."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(T, end.value)


def _program(context: moderngl.Context, text: Program, stages: Stages) -> moderngl.Program:
    program = context.program(vertex_shader=stages.vertex, fragment_shader=stages.fragment)
    if BLOCK in program:
        program[BLOCK].binding = 0  # type: ignore[union-attr]
    for unit, name in enumerate(text.samplers):
        if safe(name) in program:
            program[safe(name)].value = unit  # type: ignore[union-attr]
    return program


def _no_include(shader: Shader, message: str) -> Problem:
    line = next((n for n, text in enumerate(shader.body.splitlines(), shader.line) if "#include" in text), 0)
    return Problem(shader.file, line, NO_INCLUDE, {"message": message})


def blamed(stages: Stages, log: str) -> list[Problem]:
    """The errors of a driver's log. Those in our own prelude keep the file's name but no line."""
    found = next((rows for rows in (list(p.finditer(log)) for p in _LOG) if rows), [])
    in_vertex = "\nvertex_shader\n" in log and bool(stages.vertex_file)
    files = (stages.vertex_file,) if in_vertex else stages.fragment_files
    body = stages.vertex_body if in_vertex else stages.fragment_body
    known = code(stages.vertex if in_vertex else stages.fragment, 1)
    said = [Said(*_place(files, body, int(row["line"])), int(row["line"]), row["message"]) for row in found]
    rest = [
        line for line in log.splitlines() if line.strip(" =") and not line.startswith(("GLSL", "fragment_", "vertex_"))
    ]
    said = said or [Said(stages.fragment_files[0], 0, 0, " ".join(rest) or "?")]
    return explained(known, said)[:_MOST]


def _place(files: tuple[str, ...], body: str, line: int) -> tuple[str, int]:
    """The file and the line that a compiler's line stands for: see OURS, and `include`."""
    if line >= STRIDE:
        return origin(body, files[0], line)
    step, own = divmod(line, OURS)
    if step == 0:
        return files[0], own
    return (files[step - 1], own) if 1 < step <= len(files) else (files[0], 0)


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
