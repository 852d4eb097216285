"""The only reader of the user's files: what a name means, where it is found, and when it changed.

A project is a folder with `scenes/`. Search order: the project that was named, the current folder, the package.
Paths are confined: nothing outside those folders and no link that leads out of them is read.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

import hardware
from installation.score.class_table import in_python
from installation.score.code import Code, Text, imported
from installation.score.ocean import Ocean, ocean
from installation.score.problem import Fault, Problem, Row, Two, hint, one_of
from installation.score.rig import Rig, rig
from installation.score.scene import Scene, Shelf, Source, from_shader
from installation.score.scene_file import from_table, from_toml
from installation.score.scene_table import SCENE
from installation.score.shaders.include import included
from installation.score.shaders.shader import Beside
from installation.score.show import Show, show
from installation.score.table import Sheet
from installation.tables import Tables

PACKAGE = Path(__file__).resolve().parent
SHADERS = (".fs", ".frag", ".glsl")
VERTICES = (".vs", ".vert")
IMAGE = ("Image", "image")
"""What the tab is called that a folder of Shadertoy's shows."""
PYTHON = ".py"
SCENE_FILES = ("scene.toml", "scene.py")
TEMPLATES = ("template", "template_python")
LARGEST = 4 << 20
"""No text of a scene or a rig is larger, in bytes; a film given as a shader is told, not read."""

LARGEST_PICTURE = 256 << 20
"""No picture that a shader imports is larger, in bytes."""

NO_FILE = Row(
    en=('no {kind} "{found}"', "{known}", "{hint}"),
    fr=("{kind} « {found} » introuvable", "{known}", "{hint}"),
)
NOT_TEXT = Row(
    en=("this is not a text in UTF-8", "a text file", "save it as UTF-8"),
    fr=("ce n'est pas un texte en UTF-8", "un fichier texte", "enregistrez-le en UTF-8"),
)
TOO_LARGE = Row(
    en=("the file has {found} bytes", "at most {most}", "is this the file you meant?"),
    fr=("le fichier fait {found} octets", "au plus {most}", "est-ce bien ce fichier ?"),
)
NOT_A_FILE = Row(
    en=("this is not a file", "a text file", "is it a folder, a device or a pipe? give a file"),
    fr=(
        "ce n'est pas un fichier",
        "un fichier texte",
        "est-ce un dossier, un périphérique, un tube ? donnez un fichier",
    ),
)
UNREADABLE = Row(
    en=("cannot be read: {reason}", "a file this user may read", "see its permissions"),
    fr=("illisible : {reason}", "un fichier lisible par cet utilisateur", "vérifiez ses permissions"),
)
NOT_A_SCENE = Row(
    en=("this is no scene", "a .fs, a .py, a scene.toml or a folder with one", "`jumelage new scene NAME` makes one"),
    fr=(
        "ce n'est pas une scène",
        "un .fs, un .py, un scene.toml ou un dossier qui en contient un",
        "`jumelage new scene NOM` en crée une",
    ),
)

TWO_FILES = Row(
    en=("a scene.toml stands beside it", "one of the two", "remove one"),
    fr=("un scene.toml se trouve à côté", "l'un des deux", "supprimez-en un"),
)
NOT_APPROVED = Row(
    en=("this Python was not approved here", "a scene that somebody here has read", "read it, then approve it"),
    fr=("ce Python n'a pas été approuvé ici", "une scène que quelqu'un d'ici a lue", "lisez-la, puis approuvez-la"),
)
DEEP = Row(
    en=('the scene "{name}" holds itself', "scenes within scenes, in no circle", "take the layer out of one of them"),
    fr=("la scène « {name} » se contient elle-même", "des scènes emboîtées, sans cercle", "retirez la couche de l'une"),
)  # fmt: skip
IS_A_SCENE = Row(
    en=('"{found}" is a scene', "a rig, which runs it", "`jumelage run laptop --scene {found}`"),
    fr=("« {found} » est une scène", "une régie, qui la joue", "`jumelage run laptop --scene {found}`"),
)

KINDS = {
    "scene": Two("scene", "scène"),
    "rig": Two("rig", "régie"),
    "show": Two("show", "spectacle"),
    "ocean": Two("ocean", "océan"),
}
LIST = Two("`jumelage list` shows what there is", "`jumelage list` montre ce qu'il y a")


Known = dict[Path, Scene | Fault]
"""The scenes that were read for one, or what is wrong with them."""


class Library:
    """The folders in which names are looked up, first match first."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self.roots = tuple(dict.fromkeys(Path(root).resolve() for root in roots))
        self.tables = Tables()

    def scene(self, name: str) -> Scene:
        """A scene by name or path. Raises Fault with every problem, or with the nearest name when there is none."""
        path = self.scene_file(name)
        return self.scene_at(path)

    def scene_at(self, path: Path, above: tuple[Path, ...] = (), known: Known | None = None) -> Scene:
        """The scene of one file; `above` are the files of the scenes that hold it. Raises Fault.

        `known` are the scenes that were read for it already: one that it holds many times over is read once.
        """
        known = {} if known is None else known
        if path.suffix == PYTHON:
            return self._python(path, above, known)
        if path.name == "scene.toml":
            return from_toml(path.parent.name, self.text(path), self._shelf(path, above, known))
        return from_shader(path.parent.name if path.stem in IMAGE else path.stem, self.glsl(path))

    def _python(self, path: Path, above: tuple[Path, ...], known: Known) -> Scene:
        """A scene in Python: its class's table, from a child, read as a `scene.toml` would be. Raises Fault."""
        if not self.approved(path):
            raise Fault([Problem(told(path), 0, NOT_APPROVED, {})])
        name = path.parent.name if path.name == "scene.py" else path.stem
        if path.name == "scene.py" and os.path.isfile(path.with_name("scene.toml")):
            raise Fault([Problem(told(path), 0, TWO_FILES, {})])
        code = self.code(path)
        found = self.tables.table(code)
        sheet = Sheet(code.main.file, found.table, {tuple(where): line for where, line in found.lines})
        problems = [
            in_python(sheet.problem(where, row, **fill), where) for where, row, fill in SCENE.misfits(sheet.data, ())
        ]
        if problems:
            raise Fault(problems)
        source = Source(code.main.file, "\0".join(one.text for one in (code.main, *code.beside.values())))
        try:
            made = from_table(name, sheet, source, self._shelf(path, above, known))
        except Fault as fault:
            raise Fault([in_python(one) if one.file == sheet.file else one for one in fault.problems]) from None
        return msgspec.structs.replace(made, code=code, files=tuple(dict.fromkeys((*code.files, *made.files))))

    def approved(self, path: Path) -> bool:
        """Whether this Python may be run. All of it here was put here by hand; what another site sends will not be."""
        return True

    def code(self, path: Path) -> Code:
        """The text of a Python scene and those of the files beside it that it imports. Raises Fault."""
        main, beside = self._code_text(path), {}
        waiting = list(imported(main.text))
        while waiting:
            name = waiting.pop()
            found = _confined(path.parent, f"{name}.py")
            if name in beside or found is None or found == path.resolve() or not os.path.isfile(found):
                continue
            beside[name] = self._code_text(found)
            waiting += imported(beside[name].text)
        return Code(main, dict(sorted(beside.items())))

    def _code_text(self, path: Path) -> Text:
        source = self.text(path)
        return Text(source.file, str(path.resolve()), source.text)

    def _shelf(self, file: Path, above: tuple[Path, ...], known: Known) -> Shelf:
        """Where the scene of this file finds its files."""
        beside, above = file.parent, (*above, file.resolve())

        def inner(name: str) -> Scene:
            path = self.scene_file(name)
            if path.resolve() in above:
                raise Fault([Problem("", 0, DEEP, {"name": name})])
            if path not in known:
                try:
                    known[path] = self.scene_at(path, above, known)
                except Fault as fault:
                    known[path] = fault
            found = known[path]
            if isinstance(found, Fault):
                raise Fault(found.problems)
            return found

        def shaders() -> list[str]:
            found = (path.relative_to(beside).as_posix() for path in beside.rglob("*") if path.suffix in SHADERS)
            own = (name for name in found if (path := _confined(beside, name)) and os.path.isfile(path))
            return [*own, *(name for name, _ in self.shaders())]

        return Shelf(lambda name: self.shader(name, beside), lambda name: self.media(name, beside), inner, shaders)

    def media(self, name: str, beside: Path) -> Source | None:
        """A picture, a film or a font beside the scene: its path and a stamp that changes when the file does."""
        path = _confined(beside, name)
        stamp = _stamp(path) if path is not None and os.path.isfile(path) else None
        return Source(str(path), f"{stamp[0]}:{stamp[1]}") if stamp is not None else None

    def scene_file(self, name: str) -> Path:
        """The file of a scene: a path as it is given, else a name in each root's `scenes/`, else a shader's."""
        given = Path(name)
        for path in (given, *(root / folder / name for folder in ("scenes", "shaders") for root in self.roots)):
            found = _scene_in(path)
            if found:
                return found
        if os.path.exists(given):
            raise Fault([Problem(str(given), 0, NOT_A_SCENE, {})])
        raise Fault([self._absent("scene", name, dict(self.scenes()))])

    def scenes(self) -> Iterator[tuple[str, Path]]:
        """Every scene's name and file; a name found twice is the first root's."""
        seen: set[str] = set()
        for root in self.roots:
            for name, path in _scenes_under(root / "scenes"):
                if name not in seen:
                    seen.add(name)
                    yield name, path

    def shaders(self) -> Iterator[tuple[str, Path]]:
        """Every shader under `shaders/`, by its path there."""
        seen: set[str] = set()
        for root in self.roots:
            folder = root / "shaders"
            for path in sorted(p for p in folder.rglob("*") if p.suffix in SHADERS):
                name = path.relative_to(folder).as_posix()
                if name not in seen and not name.startswith("include/"):
                    seen.add(name)
                    yield name, path

    def shader(self, name: str, beside: Path | None = None) -> Source | None:
        """A shader's text: beside the scene first, then each root's `shaders/`. None when it is not there."""
        folders = [beside] if beside else []
        for folder in (*folders, *(root / "shaders" for root in self.roots)):
            path = _confined(folder, name)
            if path is not None and os.path.isfile(path):
                return self.glsl(path)
        return None

    def glsl(self, path: Path) -> Source:
        """A shader's text with what it includes: beside the file first, then each root's `shaders/include/`.

        Raises Fault, each missing file at the line that names it.
        """
        return included(self.text(path), self._include, self._includes, self._wanted)

    def _include(self, name: str, file: str) -> Source | None:
        for folder, path in ((folder, folder / name) for folder in self._include_folders(file)):
            # Beside the file one may go up a folder, as far as the root that the file is in.
            if os.path.isfile(path) and any(_confined(root, str(path)) for root in (folder, *self.roots)):
                return self.text(Path(os.path.normpath(path)))
        return None

    def _include_folders(self, file: str) -> list[Path]:
        return [Path(file).resolve().parent, *(root / "shaders" / "include" for root in self.roots)]

    def _includes(self) -> list[str]:
        return [path.name for root in self.roots for path in sorted((root / "shaders" / "include").glob("*"))]

    def _wanted(self, name: str, file: str) -> tuple[str, ...]:
        return tuple(str(folder / name) for folder in self._include_folders(file))

    def rig(self, name: str) -> Rig:
        """A rig by name or path. Raises Fault."""
        given = Path(name)
        for path in (given, *(folder / f"{name}.toml" for folder in self._rig_folders())):
            if os.path.isfile(path):
                source = self.text(path)
                return rig(source.text, source.file)
        if name in dict(self.scenes()):
            raise Fault([Problem("", 0, IS_A_SCENE, {"found": name})])
        raise Fault([self._absent("rig", name, dict(self.rigs()))])

    def rigs(self) -> Iterator[tuple[str, Path]]:
        """Every rig's name and file."""
        for folder in self._rig_folders():
            for path in sorted(folder.glob("*.toml")):
                yield path.stem, path

    def _rig_folders(self) -> list[Path]:
        folders = [*(root / "hardware" / "rigs" for root in self.roots), rigs_folder()]
        return list(dict.fromkeys(folders))

    def ocean(self, name: str) -> Ocean:
        """An ocean by name or path. Raises Fault."""
        given, known = Path(name), dict(self.oceans())
        path = given if os.path.isfile(given) else known.get(name)
        if path is None:
            raise Fault([self._absent("ocean", name, known)])
        source = self.text(path)
        return ocean(source.text, source.file, path.stem, known)

    def oceans(self) -> Iterator[tuple[str, Path]]:
        """Every ocean's name and file; a name found twice is the first folder's."""
        seen: set[str] = set()
        for folder in (*(root / "hardware" / "oceans" for root in self.roots), rigs_folder().with_name("oceans")):
            for path in sorted(folder.glob("*.toml")):
                if path.stem not in seen:
                    seen.add(path.stem)
                    yield path.stem, path

    def show(self, name: str) -> Show:
        """A show by name or path. Raises Fault."""
        given = Path(name)
        for path in (given, *(root / "scenes" / "shows" / f"{name}.toml" for root in self.roots)):
            if os.path.isfile(path):
                source = self.text(path)
                return show(source.text, source.file)
        raise Fault([self._absent("show", name, dict(self.shows()))])

    def shows(self) -> Iterator[tuple[str, Path]]:
        """Every show's name and file."""
        for root in self.roots:
            for path in sorted((root / "scenes" / "shows").glob("*.toml")):
                yield path.stem, path

    def text(self, path: Path) -> Source:
        """One file's text, under the name by which its problems are told. Raises Fault."""
        file = told(path)
        try:
            found = path.stat()
            size = found.st_size
            if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for, a device read without end
                raise Fault([Problem(file, 0, NOT_A_FILE, {})])
            if size > LARGEST:
                raise Fault([Problem(file, 0, TOO_LARGE, {"found": size, "most": LARGEST})])
            return Source(file, path.read_text(encoding="utf-8-sig"), self.beside(path))
        except UnicodeDecodeError:
            if path.suffix in (*SHADERS, *VERTICES) and b"\0" not in (raw := path.read_bytes()):
                return Source(file, raw.decode("latin-1"), self.beside(path))  # an accent in an old comment
            raise Fault([Problem(file, 0, NOT_TEXT, {})]) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise Fault([Problem(file, 0, UNREADABLE, {"reason": reason})]) from None

    def beside(self, path: Path) -> Beside:
        """What lies in a file's own folder or below it, as a shader asks for it."""
        folder = path.parent

        def text(name: str) -> Source | None:
            found = _confined(folder, name)
            return self.glsl(found) if found is not None and os.path.isfile(found) else None

        def picture(name: str) -> Source | None:
            found = _confined(folder, name)
            return _hashed(found) if found is not None and os.path.isfile(found) else None

        return Beside(text, picture)

    def _absent(self, kind: str, name: str, known: dict[str, Path]) -> Problem:
        words = {"kind": KINDS[kind], "found": name, "known": one_of(known), "hint": hint(name, known, LIST)}
        return Problem("", 0, NO_FILE, words)


class Watch:
    """Which of some files changed since the last look, by size and time; a look costs one `stat` a file."""

    def __init__(self, files: Iterable[str | Path]) -> None:
        self._stamps = {Path(file): _stamp(Path(file)) for file in files}

    def files(self) -> list[Path]:
        """What is watched."""
        return list(self._stamps)

    def empty(self) -> bool:
        """Whether any file held nothing at the last call of `changed`: an editor may be about to write it."""
        return any(stamp is not None and stamp[1] == 0 for stamp in self._stamps.values())

    def changed(self) -> bool:
        """Whether any file is other than at the last call. A file that is away for a moment has not changed yet."""
        moved = False
        for path, before in self._stamps.items():
            stamp = _stamp(path)
            if stamp is not None and stamp != before:
                self._stamps[path] = stamp
                moved = True
        return moved


def library(project: str | Path | None = None) -> Library:
    """The library as the command line has it: `project` if given, the current folder, the package's own."""
    return Library([*([Path(project)] if project else []), Path.cwd(), own_root()])


def own_root() -> Path:
    """Where the engine's own scenes and shaders are: the checkout, or the data inside an installed package."""
    checkout = PACKAGE.parent
    return checkout if (checkout / "shaders").is_dir() and (checkout / "scenes").is_dir() else PACKAGE / "data"


def rigs_folder() -> Path:
    """Where the engine's own rigs are: in the package `hardware`, wherever that was installed."""
    return Path(hardware.__file__).resolve().parent / "rigs"


def told(path: Path) -> str:
    """A path as a person would write it here: relative to the current folder where it lies below."""
    try:
        return os.path.relpath(path) if Path(os.path.realpath(path)).is_relative_to(Path.cwd()) else str(path)
    except (OSError, ValueError):
        return str(path)


def _scene_in(path: Path) -> Path | None:
    # os.path, not Path: a name too long, a loop of links or a closed folder is no scene, and no failure either.
    if os.path.isdir(path):
        tabs = (stem + ending for stem in IMAGE for ending in SHADERS)
        inside = (path / name for name in (*SCENE_FILES, *tabs))
        return next((one for one in inside if os.path.isfile(one)), None)
    if os.path.isfile(path) and (path.suffix in SHADERS or path.name == "scene.toml" or _may_be_python(path)):
        return path
    beside = (path.with_name(path.name + ending) for ending in (".fs", PYTHON))
    return next((one for one in beside if os.path.isfile(one)), None)


def _may_be_python(path: Path) -> bool:
    """A .py whose name begins with _ is there for scenes to import."""
    return path.suffix == PYTHON and not path.name.startswith("_")


def python_scene(path: Path) -> bool:
    """Whether a .py stands where scenes in Python do: `scenes/NAME.py`, `scenes/NAME/scene.py` and so in `learn/`."""
    if not _may_be_python(path) or path.name == "scene.py":
        return path.name == "scene.py"
    among = "scenes" in (path.parent.name, path.parent.parent.name)
    return among and not os.path.isfile(path.with_name("scene.py"))


def is_tab(path: Path) -> bool:
    """Whether a file is one tab of a folder of Shadertoy's whose picture is drawn by another file."""
    return path.stem not in IMAGE and any(path.with_name(stem + path.suffix).is_file() for stem in IMAGE)


def _scenes_under(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    for path in inside:
        if path.name in TEMPLATES:
            continue
        found = _scene_in(path)
        if found:
            yield prefix + path.stem, found
        elif os.path.isdir(path) and not prefix and path.name != "shows":
            yield from _scenes_under(path, f"{path.name}/")


def _confined(folder: Path | None, name: str) -> Path | None:
    if folder is None:
        return None
    try:
        path = Path(os.path.realpath(folder / name))
    except ValueError:  # a NUL in the name
        return None
    return path if path.is_relative_to(os.path.realpath(folder)) else None


def _hashed(path: Path) -> Source | None:
    """A picture's path with a hash of its bytes, so that a scene changes with its pictures."""
    try:
        if path.stat().st_size > LARGEST_PICTURE:
            return None
        with path.open("rb") as file:
            return Source(str(path), hashlib.file_digest(file, "blake2b").hexdigest())
    except OSError:
        return None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size)
