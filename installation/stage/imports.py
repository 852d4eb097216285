"""The pictures that a shader brings along, as textures; what cannot be had is one black pixel, and told.

They are decoded when the scene is made, before it is shown.
"""

from __future__ import annotations

import moderngl

from installation.score.problem import Problem, Row
from installation.score.shaders.shader import Image, Shader
from installation.stage.pixels import picture, scaled

LARGEST = 8192
"""Pixels a side; a larger picture is scaled down to this."""
BLACK = b"\0\0\0\xff"

UNREADABLE = Row(
    ("the picture {path} of {name} cannot be read: {why}", "a PNG or JPEG file", "save it anew as PNG"),
    ("l'image {path} de {name} est illisible : {why}", "un fichier PNG ou JPEG", "enregistrez-la en PNG"),
)
SCALED = Row(
    ("the picture {path} of {name} is {found} pixels", "at most {most} a side", "it is scaled down; save it smaller"),
    (
        "l'image {path} de {name} fait {found} pixels",
        "au plus {most} de côté",
        "elle est réduite ; enregistrez-la plus petite",
    ),
)
SIDES = Row(
    (
        "the cube {name} has sides of different sizes",
        "six squares alike",
        "they are scaled to the first; save them alike",
    ),
    (
        "les faces du cube {name} diffèrent en taille",
        "six carrés égaux",
        "elles suivent la première ; enregistrez-les égales",
    ),
)

Texture = moderngl.Texture | moderngl.TextureCube
_Pixels = tuple[tuple[int, int], bytes]


class Imports:
    """A shader's imported pictures by name, and black for whatever else is not fed."""

    def __init__(self, context: moderngl.Context, shader: Shader) -> None:
        self._context, self._file = context, shader.file
        self._found: list[Problem] = []
        self.textures: dict[str, Texture] = {}
        self._cubes = {one.name for one in (*shader.images, *shader.imported) if one.kind == "cube"}
        self._black = context.texture((1, 1), 4, BLACK)
        self._black_cube = context.texture_cube((1, 1), 4, 6 * BLACK) if self._cubes else None
        for image in shader.imported:
            self.textures[image.name] = self._cube(image) if image.kind == "cube" else self._flat(image)

    def told(self) -> list[Problem]:
        """What was amiss, in the artist's own lines, once."""
        told, self._found = self._found, []
        return told

    def black(self, name: str) -> Texture:
        """What stands for a picture that nobody feeds."""
        cube = self._black_cube
        return cube if cube is not None and name in self._cubes else self._black

    def _flat(self, image: Image) -> moderngl.Texture:
        size, raw = self._read(image, image.files[0] if image.files else "", upward=True)
        texture = self._context.texture(size, 4, raw)
        texture.repeat_x = texture.repeat_y = image.wrap == "repeat"
        kind = moderngl.NEAREST if image.filter == "nearest" else moderngl.LINEAR
        texture.filter = (kind, kind)
        return texture

    def _cube(self, image: Image) -> moderngl.TextureCube:
        """Six sides, the top row first as GL has it for cubes; one picture serves for all six."""
        files = list(image.files) or [""]
        sides = [self._read(image, file, upward=False) for file in (files + files[-1:] * 6)[:6]]
        edge = max(sides[0][0])
        if any(size != (edge, edge) for size, _ in sides) and all(image.files):
            self._tell(image, SIDES)
        raw = b"".join(scaled(side, (edge, edge)) for side in sides)
        return self._context.texture_cube((edge, edge), 4, raw)

    def _read(self, image: Image, file: str, upward: bool) -> _Pixels:
        if not file:  # the reader of the header has told it
            return (1, 1), BLACK
        try:
            size, raw = picture(file, upward)
        except OSError as stop:
            self._tell(image, UNREADABLE, path=image.path[0], why=str(stop))
            return (1, 1), BLACK
        if max(size) <= LARGEST:
            return size, raw
        self._tell(image, SCALED, path=image.path[0], found=f"{size[0]}×{size[1]}", most=LARGEST)
        smaller = (max(1, size[0] * LARGEST // max(size)), max(1, size[1] * LARGEST // max(size)))
        return smaller, scaled((size, raw), smaller)

    def _tell(self, image: Image, row: Row, **words: object) -> None:
        self._found.append(Problem(self._file, image.line, row, {"name": image.name, **words}))

    def release(self) -> None:
        """Gives the textures back to the driver."""
        for texture in self.textures.values():
            texture.release()
        self._black.release()
        if self._black_cube is not None:
            self._black_cube.release()
        self.textures = {}
