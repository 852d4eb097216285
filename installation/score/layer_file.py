"""The `[[layer]]` tables of a scene: each becomes a shader and the pictures that are fed to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import msgspec

from installation.score.lines import Path
from installation.score.picture import FITS, TONGUES, Picture
from installation.score.problem import Fault, Problem, Row, Two, hint, one_of
from installation.score.scene import Layer, Scene, Shelf, Source
from installation.score.scene_table import LANGUAGES, MEDIA
from installation.score.shaders import isf
from installation.score.shaders.shader import Shader
from installation.score.table import Sheet, words

FILMS = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ogv", ".ts")
CONTROLS = {"opacity": 1, "position": 2, "scale": 1, "rotation": 1, "feedback": 1}
"""Keys of a layer that become its parameters when they are written, and how many numbers each takes."""

ADD_IT = Two("correct the path, or add the file", "corrigez le chemin, ou ajoutez le fichier")
NO_SHADER = Row(
    en=('no shader "{name}"', "a file under shaders/ or beside the scene", "{hint}"),
    fr=(
        "shader « {name} » introuvable",
        "un fichier sous shaders/ ou à côté de la scène",
        "{hint}",
    ),
)
NO_FILE = Row(
    en=('no file "{name}"', "a file beside the scene, no link that leads out", "correct the path, or add the file"),
    fr=(
        "fichier « {name} » introuvable",
        "un fichier à côté de la scène, sans lien qui en sorte",
        "corrigez le chemin ou ajoutez le fichier",
    ),
)
TWO_LAYERS = Row(
    en=('two layers are named "{name}"', "a name for each layer", 'give one of them `name = "…"`'),
    fr=("deux couches s'appellent « {name} »", "un nom par couche", 'donnez à l\'une `name = "…"`'),
)
SLASH = Row(
    en=('a layer is named "{name}"', "a name without / and *", "choose another name"),
    fr=("une couche s'appelle « {name} »", "un nom sans / ni *", "choisissez un autre nom"),
)
NO_MEDIUM = Row(
    en=("this layer says nothing to draw", "{known}", 'add `shader = "…"`'),
    fr=("cette couche ne dit pas quoi dessiner", "{known}", 'ajoutez `shader = "…"`'),
)
TWO_MEDIA = Row(
    en=("this layer is {found} at once", "one of them", "make two layers of it"),
    fr=("cette couche est à la fois {found}", "un seul d'entre eux", "faites-en deux couches"),
)
NO_PYTHON = Row(
    en=("points are written by a scene in Python", "scene.py in place of scene.toml", "`new scene NAME --python`"),
    fr=("les points viennent d'une scène Python", "scene.py au lieu de scene.toml", "`new scene NOM --python`"),
)
NOT_ITS_KEY = Row(
    en=('a layer of {medium} has no "{name}"', "{known}", "remove it"),
    fr=("une couche {medium} n'a pas de « {name} »", "{known}", "retirez-le"),
)
NO_INPUT = Row(
    en=('the shader has no image input "{name}"', "{known}", "{hint}"),
    fr=("le shader n'a pas d'entrée image « {name} »", "{known}", "{hint}"),
)
NO_PLAIN_INPUT = Row(
    en=('the shader has no input "{name}"', "{known}", "{hint}"),
    fr=("le shader n'a pas d'entrée « {name} »", "{known}", "{hint}"),
)
NOT_AS_WIDE = Row(
    en=('"{name}" takes {width} numbers, not {found}', "{width} numbers", "write a list of {width}"),
    fr=("« {name} » prend {width} nombres, pas {found}", "{width} nombres", "écrivez une liste de {width}"),
)
NO_SUCH = Row(
    en=('"{name}" names no {what} of this scene', "{known}", "{hint}"),
    fr=("« {name} » ne nomme aucune {what} de la scène", "{known}", "{hint}"),
)
NO_CAMERA = Row(
    en=('no camera "{name}"', "camera:self or camera:twin", "choose one of them"),
    fr=("pas de caméra « {name} »", "camera:self ou camera:twin", "choisissez l'une d'elles"),
)
NOT_A_TRANSITION = Row(
    en=("{shader} is no transition: it has no {lacks}", "inputs startImage, endImage and progress", "take another"),
    fr=("{shader} n'est pas une transition : il n'a pas de {lacks}", "startImage, endImage, progress", "changez-en"),
)
LAYERS_WORD, DATA_WORD = Two("layer", "couche"), Two("data", "table de données")


MOST = 1024
"""Shaders in one scene, those of the scenes within it among them: more fit no frame, and compile for minutes."""
LONGEST_TEXT = 4000
"""Characters of a text: more fit no wall."""
TOO_MANY = Row(
    en=("the scene draws {found} shaders, with the scenes within it", "at most {most}", "take layers out"),
    fr=("la scène dessine {found} shaders, avec celles qu'elle contient", "au plus {most}", "retirez des couches"),
)
TOO_LONG = Row(
    en=("the text has {found} characters", "at most {most}", "write less, or make several scenes of it"),
    fr=("le texte a {found} caractères", "au plus {most}", "écrivez moins, ou faites-en plusieurs scènes"),
)


class Gathered(NamedTuple):
    """What reading the layers gives: the texts they were made of, and themselves."""

    sources: list[Source]
    layers: list[Layer]


class Desk:
    """Where one file's layers are put together, and their problems gathered."""

    def __init__(self, sheet: Sheet, shelf: Shelf, problems: list[Problem]) -> None:
        self.sheet, self.shelf, self.problems = sheet, shelf, problems
        self.sources: list[Source] = []
        self.names: set[str] = set()

    def fault(self, path: Path, row: Row, **fill: Any) -> None:
        self.problems.append(self.sheet.problem(path, row, **fill))

    def shader(self, name: str, path: Path) -> tuple[Source, Shader] | None:
        """A shader's text and what it says of itself; None when it is at fault, which is then told."""
        source = self.shelf.text(name)
        if source is None:
            self.fault(path, NO_SHADER, name=name, hint=hint(name, self.shelf.shaders(), ADD_IT))
            return None
        try:
            shader = isf.read(source.text, source.file, beside=source.beside)
        except Fault as fault:
            self.problems += fault.problems
            return None
        self.sources += [source, *shader.companions]
        return source, shader

    def named(self, name: str, path: Path) -> str:
        """The name, told when another layer has it."""
        if name in self.names:
            self.fault(path, TWO_LAYERS, name=name)
        if "/" in name or "*" in name:
            self.fault(path, SLASH, name=name)
        self.names.add(name)
        return name

    def file(self, name: str, path: Path, kind: str = "", **options: Any) -> Picture | None:
        """A file as a picture; its kind by its ending unless given."""
        source = self.shelf.file(name)
        if source is None:
            self.fault(path, NO_FILE, name=name)
            return None
        self.sources.append(source)
        kind = kind or ("video" if PurePosixPath(name).suffix.lower() in FILMS else "image")
        return self.picture(path, kind, source.file, **options)

    def picture(self, path: Path, kind: str, name: str = "", **options: Any) -> Picture:
        line = self.sheet.lines.get(path, 0)
        return Picture(kind=kind, name=name, file=self.sheet.file, line=line, **options)

    def source(self, text: str, path: Path) -> Picture | None:
        """What a source names: a layer, `before`, `data:NAME`, `camera:NAME`, `strokes:in`, a file."""
        kind, colon, name = text.partition(":")
        if text == "before":
            return self.picture(path, "before")
        if text == "strokes:in":
            return self.picture(path, kind, name)
        if not colon or kind not in ("layer", "before", "data", "camera"):
            return self.file(text, path)
        if kind == "camera" and name not in ("self", "twin"):
            self.fault(path, NO_CAMERA, name=name)
            return None
        return self.picture(path, kind, name)


def gathered(sheet: Sheet, shelf: Shelf, problems: list[Problem]) -> Gathered:
    """The scene's layers, in their order. What is wrong is added to `problems`."""
    desk = Desk(sheet, shelf, problems)
    layers = [_layer(desk, table, ("layer", index)) for index, table in enumerate(sheet.data["layer"])]
    whole = [layer for layer in layers if layer is not None]
    count = _counted(whole)
    if count > MOST:
        desk.fault(("layer",), TOO_MANY, found=count, most=MOST)
    if not problems:
        _sources_are_there(desk, whole)
    return Gathered(desk.sources, whole)


def _counted(layers: Sequence[Layer]) -> int:
    """How many shaders are drawn for these layers, those of scenes within them among them."""
    return sum(1 + len(one.filters) + (_counted(one.scene.layers) if one.scene else 0) for one in layers)


def _layer(desk: Desk, table: dict[str, Any], path: Path) -> Layer | None:
    media = [kind for kind in MEDIA if kind in table]
    if len(media) != 1:
        desk.fault(path, TWO_MEDIA if media else NO_MEDIUM, known=one_of(MEDIA), found=", ".join(media))
        return None
    (medium,) = media
    _foreign_keys(desk, table, medium, path)
    if medium == "points" and not desk.sheet.file.endswith(".py"):
        desk.fault((*path, medium), NO_PYTHON)
    name = desk.named(table.get("name") or _stem(medium, table, path), (*path, medium))
    inner = _inner(desk, table["scene"], (*path, "scene")) if medium == "scene" else None
    found = desk.shader(MEDIA[medium].shader or table["shader"], (*path, medium))
    if found is None:
        return None
    source, shader = found
    pictures = _medium_pictures(desk, table, medium, name, path) | _images(desk, table, shader, path)
    shader, fixed = _preset(shader, table, medium)
    shader, said = _set(desk, table, shader, path)
    return Layer(
        name=name, file=source.file, shader=shader, blend=table.get("blend", "over"),
        opacity=float(table.get("opacity", 1.0)), pictures=pictures, fixed=(*fixed, *said), own=medium != "shader",
        mask=desk.source(table["mask"], (*path, "mask")) if "mask" in table else None,
        position=_pair(table.get("position", (0, 0))), scale=float(table.get("scale", 1.0)),
        rotation=float(table.get("rotation", 0.0)), feedback=float(table.get("feedback", 0.0)),
        controls=tuple(key for key in CONTROLS if key in table), filters=_filters(desk, table, path),
        shown=table.get("shown", True), scene=inner,
    )  # fmt: skip


def _pair(given: Sequence[float]) -> tuple[float, float]:
    x, y = given
    return float(x), float(y)


def _stem(medium: str, table: dict[str, Any], path: Path) -> str:
    """The name that goes without saying: the file's, or what the layer is."""
    if medium in ("text", "camera"):
        return medium if path[-1] == 0 else f"{medium}-{int(path[-1]) + 1}"
    return PurePosixPath(str(table[medium])).stem


def _foreign_keys(desk: Desk, table: dict[str, Any], medium: str, path: Path) -> None:
    """Keys that belong to layers of another kind."""
    all_keys = {key for one in MEDIA.values() for key in one.keys}
    for key in table:
        if key in all_keys and key not in MEDIA[medium].keys:
            known = one_of(MEDIA[medium].keys) if MEDIA[medium].keys else Two("nothing of the kind", "rien de tel")
            desk.fault((*path, key), NOT_ITS_KEY, medium=f"`{medium}`", name=key, known=known)


def _inner(desk: Desk, name: str, path: Path) -> Scene | None:
    """The scene that a layer is."""
    try:
        scene = desk.shelf.scene(name)
    except Fault as fault:
        desk.problems += [
            desk.sheet.problem(path, one.row, **one.words) if not one.file else one
            for one in fault.problems
            if not any(one is told for told in desk.problems)  # a scene that is in this one twice
        ]
        return None
    desk.sources += [Source(file, scene.digest) for file in scene.files]
    return scene


def _medium_pictures(desk: Desk, table: dict[str, Any], medium: str, name: str, path: Path) -> dict[str, Picture]:
    """What the layer itself is, for the engine's shader that draws it."""
    here = (*path, medium)
    if medium == "text":
        said, of = _said(table["text"])
        longest = max(map(len, said.values()), default=0)
        if longest > LONGEST_TEXT:
            desk.fault(here, TOO_LONG, found=longest, most=LONGEST_TEXT)
        options: dict[str, Any] = {key: table[key] for key in ("align", "size", "width", "spacing") if key in table}
        font = _font(desk, table["font"], (*path, "font")) if "font" in table else ""
        return {
            tongue: desk.picture(here, "text", name, words=said, language=tongue, font=font, said=of, **options)
            for tongue in TONGUES
        }
    made: Picture | None = None
    if medium in ("image", "video"):
        options = {key: table[key] for key in ("loop", "speed", "start") if key in table}
        made = desk.file(table[medium], here, medium, **options)
    elif medium != "shader":
        made = desk.picture(here, medium, name if medium == "scene" else table[medium])
    return {"picture": made} if made is not None else {}


def _said(value: Any) -> tuple[dict[str, str], str]:
    """A text layer's own words; or whose it shows: a parameter's, or `letter:in`."""
    if isinstance(value, dict) and "from" in value:
        return words(None, ""), value["from"]
    if isinstance(value, str) and value.startswith(("parameter:", "letter:")):
        return words(None, ""), value.removeprefix("parameter:")
    return words(value, ""), ""


def _font(desk: Desk, name: str, path: Path) -> str:
    """A font's file beside the scene; any other name is a family's."""
    if PurePosixPath(name).suffix.lower() not in (".ttf", ".otf", ".ttc", ".woff", ".woff2"):
        return name
    found = desk.file(name, path, "image")
    return found.name if found is not None else ""


def _images(desk: Desk, table: dict[str, Any], shader: Shader, path: Path) -> dict[str, Picture]:
    """The sources that `images` names, by input."""
    known = [image.name for image in shader.images]
    found: dict[str, Picture] = {}
    for name, text in table.get("images", {}).items():
        here = (*path, "images", name)
        if name not in known:
            desk.fault(here, NO_INPUT, name=name, known=one_of(known), hint=hint(name, known))
            continue
        picture = desk.source(text, here)
        if picture is not None:
            found[name] = picture
    return found


def _preset(shader: Shader, table: dict[str, Any], medium: str) -> tuple[Shader, tuple[str, ...]]:
    """The shader with what the table says of its inputs as their defaults, and which of them stay so for good."""
    values: dict[str, tuple[float, ...]] = {}
    if "fit" in MEDIA[medium].keys or medium in ("scene", "points"):
        values["fit"] = (float(FITS.index(table.get("fit", "fill"))),)
    if "color" in table:
        values["color"] = tuple(map(float, [*table["color"], 1.0][:4]))
    if "language" in table:
        values["language"] = (float(LANGUAGES.index(table["language"])),)
    fixed = tuple(name for name in ("fit",) if name in values)
    return defaulted(shader, values), fixed


def _set(desk: Desk, table: dict[str, Any], shader: Shader, path: Path) -> tuple[Shader, tuple[str, ...]]:
    """The shader with the inputs of `set` as they stay for good, and their names."""
    values = _values(desk, table.get("set", {}), shader, (*path, "set"))
    return defaulted(shader, values), tuple(values)


def defaulted(shader: Shader, values: dict[str, tuple[float, ...]]) -> Shader:
    """The shader with other defaults, each kept within its range."""
    parameters = tuple(
        msgspec.structs.replace(one, default=one.clamp(values[one.name])) if one.name in values else one
        for one in shader.parameters
    )
    return msgspec.structs.replace(shader, parameters=parameters)


def _filters(desk: Desk, table: dict[str, Any], path: Path) -> tuple[Layer, ...]:
    made = []
    for index, one in enumerate(table.get("filters", ())):
        here = (*path, "filters", index)
        row = {"shader": one} if isinstance(one, str) else one
        found = desk.shader(row["shader"], here)
        if found is None:
            continue
        source, shader = found
        name = desk.named(row.get("name") or PurePosixPath(row["shader"]).stem, here)
        pictures = _images(desk, row, shader, here)
        shader, fixed = _set(desk, row, shader, here)
        made.append(Layer(name=name, file=source.file, shader=shader, pictures=pictures, fixed=fixed))
    return tuple(made)


def _sources_are_there(desk: Desk, layers: list[Layer]) -> None:
    """That every layer and every table of data that a source names is in the scene."""
    known = {"layer": [one.name for one in layers], "data": list(desk.sheet.data.get("data", {}))}
    tables = desk.sheet.data.get("data", {}).items()
    twins = [f"{name}_twin" for name, table in tables if table.get("share") or table["kind"] == "trace"]
    pictures = [one.mask for one in layers if one.mask]
    pictures += [one for layer in layers for part in (layer, *layer.filters) for one in part.pictures.values()]
    for one in pictures:
        kind = "layer" if one.kind == "before" else one.kind
        if kind in known and one.name and one.name not in (*known[kind], *(twins if kind == "data" else ())):
            what = LAYERS_WORD if kind == "layer" else DATA_WORD
            fill = {"name": one.name, "what": what, "known": one_of(known[kind]), "hint": hint(one.name, known[kind])}
            desk.problems.append(Problem(one.file, one.line, NO_SUCH, fill))


def transition(sheet: Sheet, shelf: Shelf, problems: list[Problem]) -> tuple[list[Source], Layer | None, float]:
    """How the scene comes in: the shader, its inputs set, and the seconds it takes."""
    given = sheet.data.get("transition")
    if given is None:
        return [], None, 1.5
    row = {"shader": given} if isinstance(given, str) else given
    desk, path = Desk(sheet, shelf, problems), ("transition",)
    found = desk.shader(row["shader"], path)
    if found is None:
        return [], None, 1.5
    source, shader = found
    names = {image.name for image in shader.images} | {one.name for one in shader.parameters}
    lacks = [name for name in ("startImage", "endImage", "progress") if name not in names]
    if lacks:
        desk.fault(path, NOT_A_TRANSITION, shader=row["shader"], lacks=", ".join(lacks))
    said = {key: value for key, value in row.items() if key not in ("shader", "seconds")}
    values = _values(desk, said, shader, path)
    layer = Layer(name="transition", file=source.file, shader=defaulted(shader, values))
    return desk.sources, layer, float(row.get("seconds", 1.5))


def _values(desk: Desk, row: dict[str, Any], shader: Shader, path: Path) -> dict[str, tuple[float, ...]]:
    """The numbers that a table gives to a shader's inputs, each of its own width."""
    known = {one.name: one for one in shader.parameters}
    found: dict[str, tuple[float, ...]] = {}
    for name, value in row.items():
        numbers = tuple(float(n) for n in (value if isinstance(value, list) else [value]))
        if name not in known:
            desk.fault((*path, name), NO_PLAIN_INPUT, name=name, known=one_of(known), hint=hint(name, known))
            continue
        if len(numbers) == 3 and known[name].width == 4:
            numbers = (*numbers, 1.0)
        if len(numbers) != known[name].width:
            width, given = known[name].width, len(numbers)
            desk.fault((*path, name), NOT_AS_WIDE, name=name, width=width, found=given)
            continue
        found[name] = numbers
    return found
