"""The blocks of the README and of the guides run: TOML parses, shaders are read, Python and `jumelage` lines run.

A block after the comment `<!-- not run -->` is left out; so are `text` blocks and those of no language.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from installation.score.problem import Fault
from installation.score.shaders import isf

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"(?P<mark><!-- not run -->\s*\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.M | re.S)
LONG = frozenset(
    (
        *("demo", "test", "run", "watch", "bench", "set", "get", "go", "veil", "blackout", "pattern", "status"),
        *("time", "solo", "reset", "record", "replay", "ocean"),
    )
)
"""Verbs whose lines are only parsed here: they run long, or speak to a site that runs."""


class Block(NamedTuple):
    """One fenced block: its file, the line at which it begins, its language, its text."""

    file: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def blocks(text: str, file: str) -> list[Block]:
    """The blocks that are to run."""
    return [
        Block(file, text[: found.start("text")].count("\n") + 1, found["kind"], found["text"])
        for found in FENCE.finditer(text)
        if found["kind"] not in ("", "text") and not found["mark"]
    ]


DOCUMENTS = [path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")) if path.name != "CHANGELOG.md"]
BLOCKS = [block for path in DOCUMENTS for block in blocks(path.read_text(), path.relative_to(ROOT).as_posix())]


def commands(block: Block) -> list[list[str]]:
    """The words of each line after `jumelage`; a line that calls anything else must be marked as not run."""
    found = []
    joined = block.text.replace("\\\n", " ")
    for line in joined.splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words:
            assert words[0] in ("jumelage", "./jumelage"), f"{block}: {line!r} cannot be run here; mark the block"
            found.append(words[1:])
    return found


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JUMELAGE_HOME": str(folder / "home")}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=100
    )


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind == "toml"], ids=str)
def test_each_toml_block_parses(block: Block) -> None:
    tomllib.loads(block.text)


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind == "glsl"], ids=str)
def test_each_shader_block_is_read(block: Block) -> None:
    try:
        isf.read(block.text, block.file, block.line - 1)
    except Fault as fault:
        pytest.fail("\n".join(str(problem.told()) for problem in fault.problems))


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind == "python"], ids=str)
def test_each_python_block_runs(block: Block, tmp_path: Path) -> None:
    ran = run(["-c", block.text], tmp_path)
    assert ran.returncode == 0, f"{block}\n{ran.stderr}"


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind in ("sh", "bash", "console")], ids=str)
def test_each_command_of_the_documents_runs(block: Block, tmp_path: Path) -> None:
    cli = pytest.importorskip("installation.cli")
    for words in commands(block):
        given = cli.parser("en").parse_args(words) if words else None
        if given is not None and given.verb not in LONG:
            ran = run(["-m", "installation.cli", *words], tmp_path)
            assert ran.returncode == 0, f"{block}: jumelage {shlex.join(words)}\n{ran.stderr}"


def test_a_block_is_found_with_its_line_and_a_marked_one_is_left_out() -> None:
    text = "# A\n\n```toml\na = 1\n```\n<!-- not run -->\n```sh\nrm x\n```\n```\nplain\n```\n"
    assert blocks(text, "A.md") == [Block("A.md", 4, "toml", "a = 1\n")]
