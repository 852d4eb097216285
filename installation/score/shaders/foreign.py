"""A shader without an ISF header: Shadertoy, glslViewer and The Book of Shaders, GLSL Sandbox, or a bare material.

Which of them it is, is told from the functions that it defines; what it reads, from the names that it uses.
"""

from __future__ import annotations

import re

from installation.score.parameter import Parameter
from installation.score.problem import Fault
from installation.score.shaders import shadertoy
from installation.score.shaders.dialect import MOUSE, reads_mouse, uniforms
from installation.score.shaders.header import Log
from installation.score.shaders.madmapper import is_material
from installation.score.shaders.shader import Beside, Image, Part, Pass, Shader
from installation.score.shaders.words import bare

BACK = ("backbuffer", "u_backbuffer", "u_backBuffer", "bb")
"""Samplers by which a shader reads its own last picture."""
_BUFFER = re.compile(r"u_(?:buffer|doubleBuffer)(\d+)\Z")
_MAIN = re.compile(r"\bvoid\s+main\s*\(")
_TOY = re.compile(r"\bvoid\s+mainImage\s*\(")


def read(text: str, log: Log, line_offset: int, beside: Beside | None) -> Shader:
    """The shader of a file without a header. Raises Fault when there is none in it."""
    code = bare(text)
    line = 1 + line_offset
    mouse = _mouse(log.file) if reads_mouse(code) else ()
    if is_material(code):
        return Shader(file=log.file, kind="madmapper", body=text, line=line)
    if _MAIN.search(code):
        return _plain(text, code, line, log, mouse)
    if _TOY.search(code):
        return shadertoy.read(text, line, log, beside, mouse)
    log.fault("no shader", 0)
    raise Fault(log.faults)


def _mouse(file: str) -> tuple[Parameter, ...]:
    """The mouse as a parameter: a window's can be patched to it, and so can a sensor."""
    return (Parameter(name=MOUSE, kind="point2D", default=(0.0, 0.0), low=(0.0, 0.0), high=(1.0, 1.0), file=file),)


def _plain(text: str, code: str, line: int, log: Log, mouse: tuple[Parameter, ...]) -> Shader:
    """A fragment shader with `main`: each sampler that it declares is a picture, or one of its own buffers."""
    declared = uniforms(code)
    samplers = [name for name, kind in declared.items() if kind in ("sampler2D", "samplerCube", "sampler2DRect")]
    own = {name for name in samplers if name in BACK or _BUFFER.match(name)}
    images = tuple(
        Image(name=name, kind="cube" if declared[name] == "samplerCube" else "image")
        for name in samplers
        if name not in own
    )
    buffers = sorted((name for name in own if _BUFFER.match(name)), key=lambda name: int(_BUFFER.match(name)[1]))  # type: ignore[index]
    back = next((name for name in samplers if name in BACK), "")
    passes = [Pass(target=name, persistent=True, floating=True) for name in buffers]
    passes.append(Pass(target=back, persistent=True) if back else Pass())
    defines = [(_define(name),) for name in buffers] + [()]
    parts = tuple(Part(body=text, file=log.file, line=line, defines=one) for one in defines)
    return Shader(
        file=log.file, kind="glsl", body=text, line=line, images=images, parameters=mouse,
        passes=tuple(passes), parts=parts if buffers else (),
    )  # fmt: skip


def _define(name: str) -> str:
    """The macro under which glslViewer draws into a buffer."""
    number = _BUFFER.match(name)
    assert number is not None
    return f"{'DOUBLE_BUFFER' if 'double' in name else 'BUFFER'}_{number[1]}"
