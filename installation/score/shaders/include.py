"""`#include "name.glsl"` in a shader: each file once, in place, so that a compiler's message still names file and line.

Source-string numbers in `#line` would say which file, but Mesa forgets them in half of its messages: the lines of the
first included file count from a million on, those of the second from two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from installation.score.problem import CORRECT, Fault, Problem, Row, hint
from installation.score.shaders.shader import Source

STRIDE = 1_000_000
DEEPEST, MOST = 8, 64
"""Files that may include one another, and files in all."""

_INCLUDE = re.compile(r'^[ \t]*(?://[ \t/]*)?#[ \t]*include[ \t]+["<]([^">\n]+)[">][^\n]*$', re.M)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
_MARK = re.compile(r"^#line (\d+) // include (.*)$", re.M)

NO_INCLUDE = Row(
    en=('no file "{name}" to include', "a file beside this one, or in shaders/include/", "{hint}"),
    fr=(
        "fichier « {name} » à inclure introuvable",
        "un fichier à côté de celui-ci, ou dans shaders/include/",
        "{hint}",
    ),
)
TOO_DEEP = Row(
    en=(
        '"{name}" is included too deep',
        "at most {deepest} files in a chain, {most} in all",
        "include it nearer the top",
    ),
    fr=(
        "« {name} » est inclus trop profondément",
        "au plus {deepest} fichiers en chaîne, {most} en tout",
        "incluez-le plus haut",
    ),
)

Find = Callable[[str, str], Source | None]
"""From the name in quotes and the file that names it to its text."""


def included(
    source: Source,
    find: Find,
    known: Callable[[], Iterable[str]] = tuple,
    wanted: Callable[[str, str], tuple[str, ...]] = lambda name, file: (),
) -> Source:
    """The text with what it includes; `others` are the files. Raises Fault for each that is not there.

    `known` gives the names that there are, for the nearest; `wanted` where one was looked for, to be watched.
    """
    if "#" not in source.text or "include" not in source.text:
        return source
    work = _Work(find, known, wanted)
    text = work.expanded(source, 0, 0)
    if work.problems:
        raise Fault(work.problems)
    return source._replace(text=text, others=tuple(work.files))


def origin(body: str, file: str, line: int) -> tuple[str, int]:
    """The file and line that a compiler's line number means, of a body that may have included others."""
    if line < STRIDE:
        return file, line
    files = {int(number) // STRIDE: name for number, name in _MARK.findall(body)}
    return files.get(line // STRIDE, file), line % STRIDE


class _Work:
    def __init__(self, find: Find, known: Callable[[], Iterable[str]], wanted: Callable[..., tuple[str, ...]]) -> None:
        self._find, self._known, self._wanted = find, known, wanted
        self.files: list[str] = []
        self.problems: list[Problem] = []
        self._seen: set[str] = set()

    def expanded(self, source: Source, base: int, depth: int) -> str:
        """The text of one file; `base` is what its line numbers count from."""
        self._seen.add(source.file)
        comments = [found.span() for found in _COMMENT.finditer(source.text)]
        parts, at = [], 0
        for found in _INCLUDE.finditer(source.text):
            if any(begin <= found.start() < end for begin, end in comments):
                parts += [source.text[at : found.start()], found[0].replace("#", "", 1)]  # moderngl reads comments, too
                at = found.end()
                continue
            line = source.text.count("\n", 0, found.start()) + 1
            parts += [source.text[at : found.start()], self._one(source, found[1], base, line, depth)]
            at = found.end()
        return "".join((*parts, source.text[at:]))

    def _one(self, source: Source, name: str, base: int, line: int, depth: int) -> str:
        other = self._find(name, source.file)
        if other is None:
            remedy = hint(name, self._known(), CORRECT)
            self._fault(source, line, NO_INCLUDE, name=name, hint=remedy, wanted=self._wanted(name, source.file))
            return ""
        if other.file in self._seen:
            return ""
        if depth >= DEEPEST or len(self.files) >= MOST:
            self._fault(source, line, TOO_DEEP, name=name, deepest=DEEPEST, most=MOST)
            return ""
        self.files.append(other.file)
        start = len(self.files) * STRIDE
        text = self.expanded(other, start, depth + 1)
        return f"#line {start + 1} // include {other.file}\n{text}\n#line {base + line + 1} // back\n".removesuffix(
            "\n"
        )

    def _fault(self, source: Source, line: int, row: Row, **words: Any) -> None:
        self.problems.append(Problem(source.file, line, row, words))
