"""What a shader is once it is read, whichever dialect it came from: inputs, pictures, passes, texts. Pure values."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from installation.score.parameter import Parameter
from installation.score.problem import Problem

IMAGES = ("image", "audio", "audioFFT", "cube")
SAMPLING = {"WRAP": ("clamp", "repeat"), "FILTER": ("linear", "nearest")}
"""How a texture is read beyond its edges and between its pixels; the first is what goes without saying."""


class Beside(NamedTuple):
    """What lies beside a shader's file, as whoever reads files gives it; both answer None for what is not there.

    `text` gives a text by its name; `picture` gives a picture's absolute path with a hash of its bytes for a text.
    Neither leaves the shader's folder.
    """

    text: Callable[[str], Source | None]
    picture: Callable[[str], Source | None]


class Source(NamedTuple):
    """A text and the name under which its problems are told; `others` are the files that it includes.

    `beside` is how to reach what lies by it.
    """

    file: str
    text: str
    beside: Beside | None = None
    others: tuple[str, ...] = ()

    def value(self) -> Source:
        """The same as a pure value, which travels to other processes: what lies by it has been reached."""
        return self._replace(beside=None)


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that the shader samples. `kind` is one of IMAGES; `path` and `files` only for an import.

    `path` is as the artist wrote it, `files` are absolute and "" where nothing was found. `wrap` and `filter` are
    values of SAMPLING, or "" for a host's choice: clamped, linear.
    """

    name: str
    kind: str = "image"
    path: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    wrap: str = ""
    filter: str = ""
    line: int = 0


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """One drawing of the shader. `width` and `height` are expressions over $WIDTH, $HEIGHT and inputs, or ""."""

    target: str = ""
    persistent: bool = False
    floating: bool = False
    width: str = ""
    height: str = ""
    wrap: str = ""
    filter: str = ""
    line: int = 0

    def same(self, other: Pass) -> bool:
        """Whether both say the same, wherever they stand."""
        return msgspec.structs.replace(self, line=0) == msgspec.structs.replace(other, line=0)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The text of one pass, where passes have texts of their own. `before` stands before `body`, at its own lines.

    `channels` says which picture or target a sampler of the text stands for.
    """

    body: str
    file: str
    line: int = 1
    before: tuple[Part, ...] = ()
    defines: tuple[str, ...] = ()
    channels: dict[str, str] = {}


class Shader(msgspec.Struct, frozen=True, kw_only=True):
    """One shader file, read. `body` is its GLSL, which starts at `line` of the artist's file.

    `kind` is "isf", "shadertoy", "glsl" or "madmapper". `vertex` is the text of the `.vs` beside it, told as
    `vertex_file`. `parts` are the texts of the passes in turn; without them every pass runs `body`. `idle` are
    buffers into which no pass draws. `generators` are MadMapper's values: name to GLSL. `companions` are all other
    texts and pictures that it was made of. `warnings` are what an ISF host would pass over in silence.
    """

    file: str
    kind: str
    body: str
    line: int = 1
    vertex: str = ""
    vertex_file: str = ""
    parameters: tuple[Parameter, ...] = ()
    images: tuple[Image, ...] = ()
    imported: tuple[Image, ...] = ()
    passes: tuple[Pass, ...] = (Pass(),)
    parts: tuple[Part, ...] = ()
    idle: tuple[Pass, ...] = ()
    generators: dict[str, str] = {}
    free: tuple[str, ...] = ()
    description: str = ""
    credit: str = ""
    categories: tuple[str, ...] = ()
    companions: tuple[Source, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def samplers(self) -> tuple[str, ...]:
        """Every texture the program may sample, in the order of their units: inputs, imports, targets."""
        return tuple(dict.fromkeys([*(i.name for i in (*self.images, *self.imported)), *self.targets]))

    @property
    def targets(self) -> dict[str, Pass]:
        """The buffers that passes draw into, by name, and those that none does."""
        found: dict[str, Pass] = {}
        for one in (*self.passes, *self.idle):
            if one.target:
                found.setdefault(one.target, one)
        return found

    @property
    def files(self) -> tuple[str, ...]:
        """Every other file it was made of, to be watched."""
        return tuple(dict.fromkeys(file for one in self.companions for file in (one.file, *one.others)))
