"""Imports run one way; the file and line of each that does not is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
LOWER = ("feed", "library", "clock", "twin", "home", "score")
"""What every room stands on, itself on score."""
ROOMS = ("control", "stage", "console", "presence", "exchange", "atelier")
NETWORK = ("socket", "asyncio", "ssl", "http", "urllib", "socketserver")


class Rule(NamedTuple):
    """What the modules under one name may import of ours, what of others' they may not, and what they may not call."""

    ours: tuple[str, ...]
    banned: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


def room(name: str, *more: str, banned: tuple[str, ...] = ()) -> Rule:
    return Rule((*(f"installation.{lower}" for lower in (*LOWER, name)), *more), banned)


RULES = {
    "installation.score": Rule(
        ("installation.score",),
        ("moderngl", "pygame", "zmq", "socket", "threading", "time", "multiprocessing", "subprocess"),
        ("open", "read_text", "read_bytes", "write_text", "write_bytes"),
    ),
    "installation.twin": Rule(
        ("installation.twin", "installation.score", "installation.clock"), ("moderngl", "pygame", "hardware")
    ),
    # The simulated line is a process of its own, for rehearsal: it reads the oceans' files, and again when they change.
    "installation.twin.ocean": Rule(
        ("installation.twin", "installation.score", "installation.library"), ("moderngl", "pygame")
    ),
    "installation.feed": Rule(("installation.score",), ("moderngl", "pygame", "hardware")),
    "installation.clock": Rule(("installation.score",), ("moderngl", "pygame", "hardware")),
    # Of hardware the library knows where it lies: the rigs are in it.
    "installation.library": Rule(
        ("installation.score", "installation.home", "installation.tables", "hardware"), ("moderngl", "pygame", "zmq")
    ),
    # An artist's Python is run by the child alone; by hand it is given a file, which the library reads.
    "installation.declare": Rule(("installation.score", "installation.library"), ("moderngl", "pygame", "zmq")),
    "installation.tables": Rule(
        ("installation.score", "installation.home", "installation.declare", "installation.__version__"),
        ("moderngl", "pygame", "zmq"),
    ),
    # The way to a relay is a process of its own: bytes in, bytes out.
    "installation.tunnel": Rule(
        ("installation.twin", "installation.score", "installation.speech"), ("moderngl", "pygame", "zmq", "hardware")
    ),
    "installation.supervisor": Rule(()),
    "installation.control": room("control", "hardware", banned=("moderngl", "pygame")),
    "installation.stage": room("stage", banned=("zmq", "hardware", "tomllib", "tomlkit", *NETWORK)),
    "installation.console": room("console", banned=("moderngl", "pygame", "hardware")),
    "installation.presence": room("presence", banned=("hardware",)),
    "installation.exchange": room("exchange", banned=("moderngl", "pygame", "hardware")),
    "installation.atelier": room("atelier", banned=("hardware",)),
    "hardware": Rule(("hardware",), ("installation", "moderngl")),
}
DOORS = {"installation/stage/__main__.py": ("zmq",)}
"""Where a room opens the feed, it may make the context that the feed asks for."""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def under(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def imports(tree: ast.AST, module: str, package: bool) -> Iterator[tuple[int, str]]:
    """Each line and full name that a module imports; `from x import y` counts as x.y."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            above = module.split(".") if node.level else []
            above = above[: len(above) - node.level + package]
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def breaches(text: str, module: str, file: str, package: bool = False) -> list[str]:
    """Each breach as `file:line: what`."""
    name = max((name for name in RULES if under(module, name)), key=len, default="")
    if not name:
        return []
    rule, tree, found = RULES[name], ast.parse(text), []
    spoken = ("installation.speech",) if module.endswith(".__main__") else ()
    for line, imported in imports(tree, module, package):
        ours = imported.split(".")[0] in ("installation", "hardware")
        allowed = any(under(imported, prefix) for prefix in (*rule.ours, *spoken))
        banned = any(under(imported, prefix) for prefix in rule.banned if prefix not in DOORS.get(file, ()))
        if banned or (ours and not allowed):
            found.append(f"{file}:{line}: {name} may not import {imported}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in rule.calls:
                found.append(f"{file}:{node.lineno}: {name} may not call {called}()")
    return found


def test_imports_run_one_way() -> None:
    found = [
        breach
        for folder in ("installation", "hardware")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for breach in breaches(
            path.read_text(), module_of(path), path.relative_to(ROOT).as_posix(), path.name == "__init__.py"
        )
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("installation.score.cue", "import time"),
        ("installation.score.cue", "from installation import library"),
        ("installation.score.cue", "open('x')"),
        ("installation.score.cue", "from ..stage import frame"),
        ("installation.stage.frame", "def f():\n    import zmq"),
        ("installation.stage.frame", "from installation.control.tick import Tick"),
        ("installation.console.pages", "from installation.presence import ring"),
        ("installation.twin.link", "import hardware.osc"),
        ("installation.supervisor", "from installation.score.problem import Say"),
        ("hardware.osc", "from installation.clock import RealClock"),
    ],
)
def test_a_breach_is_told_with_its_file_and_line(module: str, text: str) -> None:
    (breach,) = breaches(text, module, "the/file.py")
    assert breach.startswith(f"the/file.py:{len(text.splitlines())}: ")


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("installation.stage.frame", "from installation.feed import FeedReader"),
        ("installation.control.tick", "from installation.twin.mirror import Mirror\nimport hardware"),
        ("installation.score.cue", "from . import problem\nfrom .parameter import Parameter"),
        ("installation.cli", "import installation.control, installation.stage"),
        ("installation.control.__main__", "from installation.speech import language"),
        ("hardware.osc", "from hardware.driver import Event\nimport time"),
    ],
)
def test_what_the_house_allows_is_no_breach(module: str, text: str) -> None:
    assert not breaches(text, module, "the/file.py")
