"""What fills an image input of a layer's shader: a file, a film, a text, another layer, data, the other city."""

from __future__ import annotations

from msgspec import Struct, field

KINDS = ("image", "video", "text", "layer", "before", "data", "camera", "scene", "points", "strokes")
ALIGNS = ("left", "center", "right")
FITS = ("fill", "fit", "stretch")
TONGUES = ("fr", "en")


class Picture(Struct, frozen=True):
    """One picture that is fed to an image input; the stage finds a source for it by its `kind`.

    `name` is the confined absolute path of an image or a video, else the name of the layer, the data or the camera
    ("self" or "twin"), or the name by which a Python scene writes its points; `before` is the frame before this one,
    of the layer that it names or of the whole scene. `file` and `line` are where it was asked for. The rest belongs to
    one kind each.
    """

    kind: str
    name: str = ""
    file: str = ""
    line: int = 0
    # text: what it says, by language ("fr", "en"); `font` is a file's absolute path or a family's name, "" the house's
    words: dict[str, str] = field(default_factory=dict)
    language: str = "en"
    said: str = ""
    """The text parameter whose words are shown (`line`, `line_twin`), or `letter:in`, the letter that has come."""
    font: str = ""
    align: str = "center"
    size: float = 0.1
    """Height of a line's type (the font's em), as a part of the picture's height; 0.002 … 1."""
    width: float = 0.9
    """Width at which lines break, as a part of the picture's width; 0.05 … 1."""
    spacing: float = 1.0
    """From line to line, as a part of what the font asks for; 0.5 … 4."""
    # video
    loop: bool = True
    speed: float = 1.0
    """Film seconds per second of the scene; below 0 it runs backwards."""
    start: float = 0.0
    """Second of the film that is shown at the scene's second 0."""
