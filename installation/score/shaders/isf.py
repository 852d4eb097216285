"""What a shader file says of itself: its inputs, passes and images, read from an ISF header.

A file without a header is another dialect's, which `foreign` reads. It knows no GL: `glsl.translate` makes the
program text of what is read here. Where the ISF specification is silent, the rules are those of the reference
implementation (VVISF).
"""

from __future__ import annotations

import re
from pathlib import PurePath

from installation.score.parameter import Parameter
from installation.score.problem import Fault
from installation.score.shaders import foreign, madmapper
from installation.score.shaders.header import TOP_KEYS, Log, items_plain, known, text
from installation.score.shaders.isf_inputs import free, inputs
from installation.score.shaders.isf_passes import imported, passes
from installation.score.shaders.loose_json import Malformed, Node, Reader
from installation.score.shaders.shader import Beside, Image, Part, Pass, Shader, Source

__all__ = ["Beside", "Image", "Pass", "Shader", "Source", "read"]

_HEADER = re.compile(r'/\*[\s\ufeff]*+(\{)\s*(?:"|//|/\*|\})')
_VERTEX = (".vs", ".vert")


def read(text: str, file: str, line_offset: int = 0, beside: Beside | None = None) -> Shader:
    """The shader in `text`; `line_offset` lines stand before it in `file`. Raises Fault with every problem found."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    log = Log(file, [], [])
    opening = _HEADER.search(text)
    if opening is None:
        return foreign.read(text, log, line_offset, beside)
    header, end = _header(text, opening.start(1), log, line_offset)
    blank = "\n" * text.count("\n", opening.start(), end)
    shader = _shader(header, text[: opening.start()] + blank + text[end:], log, line_offset, beside)
    if log.faults:
        raise Fault(log.faults)
    return shader


def _header(text: str, at: int, log: Log, line_offset: int) -> tuple[dict[str, Node], int]:
    """The header's keys, and the place just after its closing `*/`."""
    reader = Reader(text, at, line_offset)
    try:
        node = reader.read()
    except Malformed as stop:
        log.fault("header", stop.line, found=stop.found)
        raise Fault(log.faults) from None
    end = text.find("*/", reader.at)
    if end < 0:
        log.fault("unclosed", reader.line())
        raise Fault(log.faults)
    return node.value, end + 2


def _shader(header: dict[str, Node], body: str, log: Log, line_offset: int, beside: Beside | None) -> Shader:
    known(header, TOP_KEYS, log)
    kind = "madmapper" if madmapper.is_material(body) else "isf"
    declared = list(inputs(header, log, lambda name: re.search(rf"\b{name}\b", body) is not None))
    generators = madmapper.generators(header, log) if kind == "madmapper" else {}
    pictures = list(imported(header, beside, log))
    drawn, idle = passes(header, log)
    vertex = vertex_beside(log.file, beside)
    line = 1 + line_offset
    macros = madmapper.defines(header) if kind == "madmapper" else ()
    whole = Part(body=body, file=log.file, line=line, defines=macros)
    return Shader(
        file=log.file,
        kind=kind,
        body=body,
        line=line,
        parts=(whole,) * len(drawn) if macros else (),
        vertex=vertex.text if vertex else "",
        vertex_file=vertex.file if vertex else "",
        parameters=tuple(one for one in declared if isinstance(one, Parameter)),
        images=tuple(one for one in declared if isinstance(one, Image)),
        imported=tuple(image for image, _ in pictures),
        passes=drawn,
        idle=idle,
        generators=generators,
        free=tuple(free(header)),
        description=text(header, "DESCRIPTION"),
        credit=text(header, "CREDIT"),
        categories=tuple(c for c in items_plain(header, "CATEGORIES") if isinstance(c, str)),
        companions=(*([vertex.value()] if vertex else []), *(one.value() for _, found in pictures for one in found)),
        warnings=tuple(log.warnings),
    )


def vertex_beside(file: str, beside: Beside | None) -> Source | None:
    """The vertex shader that bears the name of this file, when there is one."""
    if beside is None:
        return None
    for ending in _VERTEX:
        found = beside.text(PurePath(file).stem + ending)
        if found is not None:
            return found._replace(text=found.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    return None
