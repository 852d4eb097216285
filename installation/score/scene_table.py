"""The shape of a `scene.toml`: every key there is, what it takes, and which layer each belongs to.

The reference page is made from these tables (`score/reference.py`); nothing here reads or judges a text.
"""

from __future__ import annotations

from typing import NamedTuple

from installation.score.echo import Echoing
from installation.score.layout import COMPANY
from installation.score.parameter import KINDS, RULES, WAYS
from installation.score.patch import CURVES, PATCH
from installation.score.picture import ALIGNS, FITS, TONGUES
from installation.score.problem import Say
from installation.score.scene import BLENDS, LIGHTS, TIMES
from installation.score.table import VALUE, WORDS, Choice, Either, Flag, Line, ListOf, Number, Table, TableOf, Text
from installation.score.tempo import MUSIC, LengthShape
from installation.score.text import TEXT


class Medium(NamedTuple):
    """One kind of layer: the engine's shader that draws it, the image input that is fed, and the keys it alone has."""

    said: Say
    shader: str = ""
    keys: tuple[str, ...] = ()


MEDIA: dict[str, Medium] = {
    "shader": Medium(Say("an ISF, Shadertoy or GLSL file", "un fichier ISF, Shadertoy ou GLSL")),
    "image": Medium(Say("a picture's file", "un fichier image"), "engine/picture.fs", ("fit",)),
    "video": Medium(
        Say("a film's file", "un fichier vidéo"), "engine/picture.fs", ("fit", "loop", "speed", "start")
    ),
    "text": Medium(
        Say("words, in each language", "des mots, dans chaque langue"),
        "engine/text.fs",
        ("font", "align", "size", "width", "spacing", "color", "language"),
    ),
    "scene": Medium(Say("another scene", "une autre scène"), "engine/picture.fs"),
    "camera": Medium(
        Say("who stands here, or in the other city", "qui se tient ici, ou dans l'autre ville"),
        "engine/portal.fs",
        ("fit",),
    ),
    "points": Medium(Say("the points of a Python scene", "les points d'une scène Python"), "engine/points.fs"),
}  # fmt: skip
"""What a layer can be. Each is a shader with pictures fed to it."""

LANGUAGES = ("both", "fr", "en")
DATA_KINDS = ("trace", "people", "audio", "spectrum")
SHADER_OR_TABLE = Either(
    (
        Text(),
        Table(
            {"shader": Text(), "name": Text(), "images": TableOf(Text()), "set": TableOf(VALUE)}, required=("shader",)
        ),
    )
)

SAID = Either((Text(), Table({language: Text() for language in TONGUES}), Table({"from": Text()}, required=("from",))))
"""What a text layer says: its own words, or `{ from = "line" }`, those of a text parameter."""

LAYER = Table(
    {
        **{kind: SAID if kind == "text" else Text() for kind in MEDIA},
        "camera": Choice(("self", "twin")),
        "name": Text(),
        "blend": Choice(BLENDS),
        "opacity": Number(0, 1),
        "mask": Text(),
        "position": ListOf(Number(-100, 100), 2),
        "scale": Number(0.001, 1000),
        "rotation": Number(-36000, 36000),
        "feedback": Number(0, 1),
        "filters": ListOf(SHADER_OR_TABLE),
        "images": TableOf(Text()),
        "set": TableOf(VALUE),
        "shown": Flag(),
        "fit": Choice(FITS),
        "loop": Flag(),
        "speed": Number(-100, 100),
        "start": Number(0, 86400),
        "font": Text(),
        "align": Choice(ALIGNS),
        "size": Number(0.002, 1),
        "width": Number(0.05, 1),
        "spacing": Number(0.5, 4),
        "color": ListOf(Number(0, 1), least=3),
        "language": Choice(LANGUAGES),
    }
)
"""A `[[layer]]`: exactly one key of MEDIA, then how it is drawn."""

SPOKEN = Either((Line(), Table({language: Line() for language in TONGUES})))
"""The words of a text parameter: one text, or one in each language; it may be empty."""

PARAMETER = Table(
    {
        "type": Choice((*KINDS, TEXT)),
        "from": Text(),
        "share": Choice(RULES),
        "smooth": Number(0, 600),
        "between": Choice(WAYS),
        "delay": LengthShape(),
        "delay_self": Flag(),
        "step": Number(0, 1),
        "ttl": Number(0.1, 86400),
        "importance": Number(0, 1),
        "min": VALUE,
        "max": VALUE,
        "default": Either((VALUE, SPOKEN)),
        "label": WORDS,
        "unit": Text(),
        "curve": Choice(tuple(CURVES)),
        "layer": Text(),
    }
)

DATA = Table(
    {
        "kind": Choice(DATA_KINDS),
        "of": Text(),
        "seconds": Number(0.1, 600),
        "count": Number(1, 1024, whole=True),
        "share": Choice(RULES),
        "smooth": Number(0, 600),
    },
    required=("kind",),
)

TRANSITION = Either((Text(), Table({"shader": Text(), "seconds": Number(0, 60)}, required=("shader",), free=VALUE)))

SETTING = Either((VALUE, Line(), TableOf(Either((VALUE, Line(), TableOf(VALUE))))))
"""A parameter's value; or, for a layer's own, a table: `sea.opacity = 0.5` is `"sea/opacity" = 0.5`."""

PRESET = Table({"label": WORDS, "fade": Number(0, 600)}, free=SETTING)
STATE = Table({"fade": Number(0, 600)}, free=Echoing())


SCENE = Table(
    {
        "title": WORDS,
        "description": WORDS,
        "credit": Text(),
        "period": Number(1, 86400),
        "time": Choice(TIMES),
        "seed": Number(0, 999_999, whole=True),
        "light": Choice(LIGHTS),
        "dither": Flag(),
        "transition": TRANSITION,
        "layer": ListOf(LAYER, least=1),
        "parameter": TableOf(PARAMETER),
        "data": TableOf(DATA),
        "patch": ListOf(PATCH),
        "music": MUSIC,
        "preset": TableOf(PRESET),
        "echo_take": Text(),
        **{state: STATE for state in COMPANY},
    },
    required=("layer",),
)
"""The whole file."""
