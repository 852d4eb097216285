"""The texts of a Python scene, and how they are run: each scene with modules of its own, read from no disk.

A scene's file may import the .py files beside it. They travel with it as texts, so that what a stage runs is what
control has read, and two scenes may each have a `flock.py` that is not the other's.
"""

from __future__ import annotations

import ast
import builtins
import itertools
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from installation.score.behaviour import Scene
from installation.score.outputs import Misused
from installation.score.problem import Fault, Problem, Row, Two

NOT_PYTHON = Row(
    ("this is not Python: {message}", "Python {version}", "correct this line, or the one before it"),
    ("ce n'est pas du Python : {message}", "du Python {version}", "corrigez cette ligne, ou la précédente"),
)
RAISED = Row(
    ("{error}", "a scene that runs", "correct this line, or what it is given"),
    ("{error}", "une scène qui tourne", "corrigez cette ligne, ou ce qu'elle reçoit"),
)
NO_CLASS = Row(
    (
        "no class of this file is a Scene",
        "one: `class Shoal(Scene):`",
        "begin with `from installation import Layer, Parameter, Scene`",
    ),
    (
        "aucune classe de ce fichier n'est une Scene",
        "une : `class Banc(Scene):`",
        "commencez par `from installation import Layer, Parameter, Scene`",
    ),
)
TWO_CLASSES = Row(
    ("{found} are both scenes", "one Scene in a file", "put _ before the name of the one that others stand on"),
    ("{found} sont toutes deux des scènes", "une seule Scene par fichier", "mettez _ devant le nom de la classe mère"),
)
_NUMBER = itertools.count()


class Overtime(BaseException):
    """The time is up. No `except Exception` of an artist's may swallow it, and no scene is blamed for another error."""


class Text(msgspec.Struct, frozen=True):
    """One file: the name by which its problems are told, its absolute path, what it says."""

    file: str
    path: str
    text: str


class Code(msgspec.Struct, frozen=True):
    """A scene's own file, and the files beside it that it imports, by module name."""

    main: Text
    beside: dict[str, Text] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """The names by which their problems are told."""
        return (self.main.file, *(one.file for one in self.beside.values()))


def imported(text: str) -> Iterator[str]:
    """The top-level names that a text imports, wherever it does; none when it is no Python."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def parsed(code: Code) -> None:
    """That the texts are Python, without running them: one that is half written needs no child. Raises Fault."""
    for one in (code.main, *code.beside.values()):
        try:
            ast.parse(one.text, one.file)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as stop:
            raise Fault([blamed(stop, code)]) from None
    if not code.main.text.strip():
        raise Fault([Problem(code.main.file, 1, NO_CLASS, {})])


class Running:
    """A scene's texts, run; `says` is their `print`. `kind` is its class. Raises Fault, at the artist's line."""

    def __init__(self, code: Code, says: Callable[..., None] = print) -> None:
        self.code = code
        self._mark = f"scene{next(_NUMBER)}"
        self._modules: dict[str, types.ModuleType] = {}
        self._print = says
        try:
            module = self._run("", code.main)
            self.kind = _only_scene(module, code)
        except Fault:
            self.close()
            raise
        except Overtime:
            self.close()
            raise
        except BaseException as stop:  # SystemExit, and whatever else an artist raises
            self.close()
            raise Fault([blamed(stop, code)]) from None

    def _run(self, name: str, text: Text) -> types.ModuleType:
        full = f"{self._mark}.{name}" if name else self._mark
        module = types.ModuleType(full)
        module.__file__ = text.path
        # A dataclass looks its own module up by name.
        sys.modules[full] = self._modules[name] = module
        names = {**vars(builtins), "__import__": self._import, "print": self._print}
        vars(module)["__builtins__"] = names
        exec(compile(text.text, text.file, "exec", dont_inherit=True), vars(module))
        return module

    def _import(self, name: str, here: Any = None, there: Any = None, wanted: Any = (), level: int = 0) -> Any:
        """The import statement of an artist's file: the files beside it come first."""
        first = name.partition(".")[0]
        if level and not name:
            package = types.ModuleType(self._mark)
            for one in wanted or ():
                setattr(package, one, self._neighbour(one))
            return package
        if first in self.code.beside:
            return self._neighbour(first)
        return builtins.__import__(name, here, there, wanted or (), 0 if level else level)

    def _neighbour(self, name: str) -> types.ModuleType:
        if name not in self._modules:
            if name not in self.code.beside:
                raise ImportError(f"no file {name}.py beside the scene")
            self._run(name, self.code.beside[name])
        return self._modules[name]

    def close(self) -> None:
        """Forgets the modules."""
        for module in self._modules.values():
            sys.modules.pop(module.__name__, None)


def _only_scene(module: types.ModuleType, code: Code) -> type[Scene]:
    found = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Scene) and one.__module__ == module.__name__
    ]
    found = [one for one in dict.fromkeys(found) if not one.__name__.startswith("_")]
    if not found:
        raise Fault([Problem(code.main.file, 1, NO_CLASS, {})])
    if len(found) > 1:
        names = ", ".join(one.__name__ for one in found)
        raise Fault(
            [Problem(code.main.file, line_of_class(code.main.text, found[1].__name__), TWO_CLASSES, {"found": names})]
        )
    return found[0]


def line_of_class(text: str, name: str) -> int:
    """On which line a class begins; 1 when it is not plain to see."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node.lineno
    return 1


def blamed(stop: BaseException, code: Code) -> Problem:
    """An exception as a problem at the last line of the artist's that led to it."""
    if isinstance(stop, SyntaxError) and stop.filename in code.files:
        words = {"message": stop.msg, "version": f"{sys.version_info.major}.{sys.version_info.minor}"}
        return Problem(stop.filename, stop.lineno or 0, NOT_PYTHON, words)
    file, line, trace = code.main.file, 0, stop.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in code.files:
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    if isinstance(stop, Misused):
        return Problem(file, line, RAISED, {"error": Two(str(stop), stop.fr)})
    said = " ".join(str(stop).split())
    error = f"{type(stop).__name__}: {said}" if said else type(stop).__name__
    return Problem(file, line, RAISED, {"error": error if len(error) <= 300 else error[:299] + "…"})
