"""Names are the field's words; nothing that is committed names one person's machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BANNED = frozenset(("manager", "handler", "handlers", "utils", "util", "core", "helper", "helpers", "misc", "service"))
TEXTS = frozenset(
    (".py", ".md", ".toml", ".fs", ".vs", ".frag", ".glsl", ".sh", ".json", ".service", ".rules", ".txt", "")
)
# Put together here, so that this file does not name what it bans.
PLACES = re.compile(r"(?<![\w.])/(?:" + "|".join(("work", "root", r"home/\w+", r"Users/\w+")) + r")/[\w.]")


def tracked() -> list[Path]:
    """The files that are committed; in a copy without git, all that stand there."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if told.returncode == 0 and told.stdout:
        return [path for name in told.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [
        path for path in ROOT.rglob("*") if path.is_file() and not any(part in (".venv", ".git") for part in path.parts)
    ]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def words(name: str) -> list[str]:
    """The words of a name: `snake_case` and `CamelCase` come apart."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def names(path: Path) -> Iterator[tuple[int, str]]:
    """The line and name of a module, its classes and its functions."""
    yield 0, path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, node.name


def test_no_name_is_one_of_the_words_that_say_nothing() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in python_files()
        if "tests" not in path.relative_to(ROOT).parts
        for line, name in names(path)
        if BANNED.intersection(words(name))
    ]
    assert not found, "\n".join(found)


def test_nothing_names_a_place_on_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in TEXTS
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if PLACES.search(line)
    ]
    assert not found, "\n".join(found)


def is_test(path: Path) -> bool:
    """Loads of the benchmarks, soak runs and the programs that tests start may be paced by the clock; no test is."""
    parts = path.relative_to(ROOT).parts
    return parts[0] == "tests" and parts[1] not in ("bench", "soak") and parts[-1].startswith(("test_", "conftest"))


def test_no_merge_was_left_half_done() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path.suffix in TEXTS
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if line.startswith(("<" * 7 + " ", ">" * 7 + " "))
    ]
    assert not found, "\n".join(found)


# A pause of up to 50 ms between two looks at a condition is a wait with a deadline; a longer one is a guess.
SLEEP = re.compile(r"\btime\.sleep\((?!0?\.0[0-5]\d*\))|unittest\.mock|monkeypatch\.setattr")


def test_no_test_sleeps_or_patches() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in python_files()
        if is_test(path) and path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SLEEP.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("line", "banned"),
    [("time.sleep(0.01)", False), ("time.sleep(0.5)", True), ("time.sleep(x)", True), ("time.sleep(1)", True)],
)
def test_a_short_pause_between_two_looks_is_no_sleep(line: str, banned: bool) -> None:
    assert bool(SLEEP.search(line)) == banned


@pytest.mark.parametrize(("name", "parts"), [("SceneManager", ["scene", "manager"]), ("OSCInput", ["osc", "input"])])
def test_a_name_comes_apart_into_its_words(name: str, parts: list[str]) -> None:
    assert words(name) == parts
