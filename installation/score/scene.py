"""What a scene says: its layers, parameters, patches and what it does in each state of company.

A scene is one ISF file, or a folder with a `scene.toml`. Texts in, a `Scene` out; the files are read by whoever calls.
"""

from __future__ import annotations

import msgspec

from installation.score.isf import Shader
from installation.score.parameter import Parameter

BLENDS = ("over", "add", "multiply", "screen", "lighten", "darken", "difference")


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One shader of the picture, drawn over those before it."""

    name: str
    file: str
    shader: Shader
    blend: str = "over"
    opacity: float = 1.0


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """What changes in one state of company: parameter address to numbers, reached in `fade` seconds."""

    values: dict[str, tuple[float, ...]] = {}
    fade: float = 3.0


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A whole scene. `digest` is a hex hash of every text it was made of; `period` is seconds, 0 for the hour."""

    name: str
    title: dict[str, str]
    layers: tuple[Layer, ...]
    parameters: tuple[Parameter, ...]
    company: dict[str, Company] = {}
    period: float = 0.0
    files: tuple[str, ...] = ()
    digest: str = ""
