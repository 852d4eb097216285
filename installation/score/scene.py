"""What a scene is: its layers, parameters, patches and what it does in each state of company.

The reader of `scene.toml` is `scene_file`. Pure values: texts in, a `Scene` out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import PurePosixPath

import msgspec

from installation.score import isf
from installation.score.layout import Layout, Slot
from installation.score.parameter import Parameter
from installation.score.patch import Patch
from installation.score.shader import Shader
from installation.score.shader import Source as Source
from installation.score.table import words

BLENDS = ("over", "add", "multiply", "screen", "lighten", "darken", "difference")
TWIN = "_twin"
HOUR = 3600.0
BUILT_IN = {
    "company": "/company",
    "presence": "/presence",
    "presence_twin": "/twin/{peer}/presence",
    "link_delay": "/link/{peer}/delay",
    "link_quality": "/link/{peer}/quality",
}
"""The inputs that any shader may name and that no scene sets: what is known of the other city."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One shader of the picture, drawn over those before it. `opacity` is 0 to 1."""

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
    patches: tuple[Patch, ...] = ()
    company: dict[str, Company] = {}
    period: float = 0.0
    files: tuple[str, ...] = ()
    digest: str = ""

    @property
    def cycle(self) -> float:
        """Seconds after which the scene's time begins anew: its period, else the hour, so that a float32 still tells
        frames apart. A shared scene's start is the last whole cycle of shared time, agreed without a message."""
        return self.period or HOUR

    @property
    def shared(self) -> bool:
        """Whether anything of it crosses the sea."""
        return any(parameter.share for parameter in self.parameters)


Find = Callable[[str], Source | None]


def bound(scene: Scene, layer: str, name: str, layout: Layout) -> Slot | None:
    """The slot that feeds the input `name` of a layer; None when the scene does not know it.

    A layer's own parameter comes before the scene's; `x_twin` is the first peer's x; the built-in names come last.
    """
    peer = layout.peers[0]
    for address in (f"/scene/{layer}/{name}", f"/scene/{name}"):
        if address in layout.slots:
            return layout.slots[address]
    stem = name.removesuffix(TWIN)
    if stem != name:
        for address in (f"/twin/{peer}/{layer}/{stem}", f"/twin/{peer}/{stem}"):
            if address in layout.slots:
                return layout.slots[address]
    built_in = BUILT_IN.get(name, "").format(peer=peer)
    return layout.slots.get(built_in)


def laid_out(scene: Scene, peers: tuple[str, ...]) -> Layout:
    """The scene's row of values at a site with these peers."""
    return Layout(scene.parameters, peers, seed=scene.digest)


def from_shader(name: str, source: Source) -> Scene:
    """One ISF, Shadertoy or GLSL file as a scene. An input `x_twin` shares x by the rule `each`."""
    shader = isf.read(source.text, source.file, beside=source.beside)
    layer = Layer(name=PurePosixPath(source.file).stem, file=source.file, shader=shader)
    names = {parameter.name for parameter in shader.parameters}
    parameters = tuple(
        msgspec.structs.replace(parameter, share="each" if parameter.name + TWIN in names else "")
        for parameter in shader.parameters
        if parameter.name not in BUILT_IN and not of_twin(parameter.name, names)
    )
    digest, files = digest_of([source, *shader.companions]), (source.file, *shader.files)
    return Scene(name=name, title=words(None, name), layers=(layer,), parameters=parameters, files=files, digest=digest)


def digest_of(sources: list[Source]) -> str:
    """A hex hash of all the texts that a scene is made of, in their order."""
    text = "\0".join(source.text for source in sources)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def of_twin(name: str, names: set[str]) -> bool:
    """Whether an input is `x_twin` beside an input `x`."""
    return name.endswith(TWIN) and name.removesuffix(TWIN) in names
