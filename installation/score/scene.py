"""What a scene is: its layers, parameters, patches and what it does in each state of company.

The reader of `scene.toml` is `scene_file`. Pure values: texts in, a `Scene` out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec

from installation.score.code import Code
from installation.score.layout import Layout, Slot
from installation.score.parameter import Parameter
from installation.score.patch import Patch
from installation.score.picture import Picture
from installation.score.preset import Preset
from installation.score.shaders import isf
from installation.score.shaders.shader import Shader
from installation.score.shaders.shader import Source as Source
from installation.score.table import words
from installation.score.tempo import Tempo
from installation.score.text import Words

BLENDS = (
    *("over", "add", "multiply", "screen", "overlay", "darken", "lighten", "dodge", "burn", "hard-light", "soft-light"),
    *("difference", "exclusion", "hue", "saturation", "color", "luminosity"),
)
"""The sixteen blend modes of W3C Compositing and Blending Level 1, and `add`, its plus-lighter."""
LIGHTS = ("display", "linear")
TIMES = ("shared", "local")
TWIN = "_twin"
HOUR = 3600.0
BUILT_IN = {
    "company": "/company",
    "presence": "/presence",
    "presence_twin": "/twin/{peer}/presence",
    "link_delay": "/link/{peer}/delay",
    "link_quality": "/link/{peer}/quality",
    "link_jitter": "/link/{peer}/jitter",
    "site_index": "/site/index",
    "letter_shown": "/letter/shown",
    "sun_elevation": "/sun/here/elevation",
    "sun_elevation_twin": "/sun/{peer}/elevation",
    "sun_azimuth": "/sun/here/azimuth",
    "sun_azimuth_twin": "/sun/{peer}/azimuth",
    "clock_local": "/clock/local",
    "clock_local_twin": "/clock/{peer}/local",
    "tempo_beat": "/tempo/beat",
    "tempo_bar": "/tempo/bar",
    "tempo_bpm": "/tempo/bpm",
    "seed": "",
}
"""The inputs that any shader may name and that no parameter sets: what is known of the other city, of both suns, clocks
and the common bar, and the scene's `seed` as a number from 0 to 1."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One shader of the picture and the pictures fed to it, drawn over the layers before it.

    An image, a film, a text or another scene is one of the engine's own shaders with `pictures` for its image inputs.
    `fixed` names inputs that are no parameters; an `own` layer's parameters are its own. `opacity` is 0 to 1.
    `position` is in picture widths and heights from where it was, `scale` a factor, `rotation` in degrees; `feedback`,
    0 to 1, is how much of its own last picture stays for a sixtieth of a second. `controls` names those of them that
    are parameters. `filters` are drawn over its picture alone. One that is not `shown` is there for other layers.
    """

    name: str
    file: str
    shader: Shader
    blend: str = "over"
    opacity: float = 1.0
    pictures: dict[str, Picture] = {}
    fixed: tuple[str, ...] = ()
    own: bool = False
    mask: Picture | None = None
    position: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    rotation: float = 0.0
    feedback: float = 0.0
    controls: tuple[str, ...] = ()
    filters: tuple[Layer, ...] = ()
    shown: bool = True
    scene: Scene | None = None


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """What changes in one state of company: parameter address to numbers, reached in `fade` seconds.

    `echoes` are those of them that follow the other city's gestures of so many seconds ago; their numbers stand for
    as long as none are known.
    """

    values: dict[str, tuple[float, ...]] = {}
    fade: float = 3.0
    echoes: dict[str, float] = {}


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """A table of values as a texture of one row, drawn into by nobody: a `trace` of where `of` was in the last
    `seconds`, the newest at the right; or `people`, `audio`, `spectrum`: numbered parameters side by side."""

    kind: str
    of: str = ""
    seconds: float = 4.0
    count: int = 64


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A whole scene. `digest` is a hex hash of every text it was made of; `period` is seconds, 0 for the hour.

    `time` is one of TIMES, "" for shared where anything is. `composed` scenes are drawn in 16-bit floats and dithered;
    a single shader's bytes are its own. `texts` are the parameters that hold words. `transition` is how it comes in, in
    `seconds`. `code` is what a Python scene runs. `music` is its own tempo, None for any. `echo_take` is the absolute
    path of the take that stands for an echo until one is recorded.
    """

    name: str
    title: dict[str, str]
    layers: tuple[Layer, ...]
    parameters: tuple[Parameter, ...]
    patches: tuple[Patch, ...] = ()
    company: dict[str, Company] = {}
    presets: tuple[Preset, ...] = ()
    texts: tuple[Parameter, ...] = ()
    period: float = 0.0
    time: str = ""
    seed: int = 0
    light: str = "display"
    composed: bool = False
    dither: bool = True
    transition: Layer | None = None
    seconds: float = 1.5
    data: dict[str, Data] = {}
    music: Tempo | None = None
    code: Code | None = None
    echo_take: str = ""
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
        return any(parameter.share for parameter in (*self.parameters, *self.texts))

    @property
    def in_step(self) -> bool:
        """Whether its time is the same in every city."""
        return self.time == "shared" or (self.shared and self.time != "local")

    @property
    def shaders(self) -> Iterator[Layer]:
        """Every layer and each of its filters, in the order in which they are drawn."""
        for layer in self.layers:
            yield layer
            yield from layer.filters

    @property
    def hears_tempo(self) -> bool:
        """Whether a shader or a patch of it follows the common beat."""
        heard = any(one.name.startswith("tempo_") for layer in self.shaders for one in layer.shader.parameters)
        inner = any(layer.scene.hears_tempo for layer in self.layers if layer.scene)
        return heard or inner or any(patch.source.startswith("/tempo/") for patch in self.patches)

    @property
    def luck(self) -> float:
        """The seed as a number from 0 to 1, well apart for seeds that are near."""
        return int.from_bytes(hashlib.blake2b(str(self.seed).encode(), digest_size=4).digest()) / 2**32


Find = Callable[[str], Source | None]


def _nothing(name: str) -> Source | None:
    return None


def _no_scene(name: str) -> Scene:
    raise KeyError(name)


class Shelf(NamedTuple):
    """Where a scene's files are found, each by the name that the scene gives it.

    `text` gives a shader's text, `file` a picture's absolute path with a stamp of its state in place of a text, `scene`
    another scene (or raises Fault, also for one that would hold itself); `shaders` are the names that there are.
    """

    text: Find
    file: Find = _nothing
    scene: Callable[[str], Scene] = _no_scene
    shaders: Callable[[], Iterable[str]] = tuple


def bound(scene: Scene, layer: str, name: str, layout: Layout) -> Slot | None:
    """The slot that feeds the input `name` of a layer; None when the scene does not know it.

    `layer` is a path, `inner/sky`, for a layer of a scene that is itself a layer. The innermost parameter of the name
    comes first; `x_twin` is the first peer's x; the built-in names come last.
    """
    peer, parts = layout.peers[0], layer.split("/")
    folders = ["/".join(["", *parts[:n]]) for n in range(len(parts), -1, -1)]
    for folder in folders:
        if f"/scene{folder}/{name}" in layout.slots:
            return layout.slots[f"/scene{folder}/{name}"]
    stem = name.removesuffix(TWIN)
    if stem != name:
        for folder in folders:
            if f"/twin/{peer}{folder}/{stem}" in layout.slots:
                return layout.slots[f"/twin/{peer}{folder}/{stem}"]
    built_in = BUILT_IN.get(name, "").format(peer=peer)
    return layout.slots.get(built_in)


def spoken(scene: Scene, path: str, name: str, peers: tuple[str, ...]) -> tuple[str, Words] | None:
    """Where the words of a text parameter stand, and what they are until somebody says others; None for no such text.

    `path` is the layer that the scene is, in another; `x_twin` is the first peer's x; `letter:in` is any scene's.
    """
    if name.startswith("letter:"):
        return f"/letter/{name.removeprefix('letter:')}", {}
    below = f"/{path}" if path else ""
    for one in scene.texts:
        own = one.address.removeprefix("/scene/")
        if own == name:
            return f"/scene{below}/{own}", one.words
        if one.share and own + TWIN == name:
            return f"/twin/{(peers or ('twin',))[0]}{below}/{own}", one.words
    return None


def arrival(scene: Scene) -> Scene | None:
    """The transition by which a scene comes in, as a scene of its own; its images are fed by who draws it."""
    layer = scene.transition
    if layer is None:
        return None
    files, digest = (layer.file,), f"{scene.digest}-arrival"
    return Scene(
        name=layer.name, title={}, layers=(layer,), parameters=layer.shader.parameters, files=files, digest=digest
    )


def laid_out(scene: Scene, peers: tuple[str, ...]) -> Layout:
    """The scene's row of values at a site with these peers."""
    return Layout(scene.parameters, peers, seed=scene.digest, twins=dict(_twin_defaults(scene, "")))


def _twin_defaults(scene: Scene, below: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """By address, what a shader's own `x_twin` says that the other city's x is until it is heard."""
    declared = {one.name: one for layer in scene.shaders for one in layer.shader.parameters}
    for one in scene.parameters:
        twin = declared.get(one.name + TWIN)
        if one.share and twin is not None and twin.width == one.width and one.kind != "event":
            yield f"/scene{below}{one.address.removeprefix('/scene')}", twin.default
    for layer in scene.layers:
        if layer.scene is not None:
            yield from _twin_defaults(layer.scene, f"{below}/{layer.name}")


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
    every = [source, *shader.companions]
    files = tuple(dict.fromkeys(file for one in every for file in (one.file, *one.others)))
    digest = digest_of(every)
    return Scene(name=name, title=words(None, name), layers=(layer,), parameters=parameters, files=files, digest=digest)


def digest_of(sources: list[Source]) -> str:
    """A hex hash of all the texts that a scene is made of, in their order."""
    text = "\0".join(source.text for source in sources)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def of_twin(name: str, names: set[str]) -> bool:
    """Whether an input is `x_twin` beside an input `x`."""
    return name.endswith(TWIN) and name.removesuffix(TWIN) in names
