"""On which line each thing of a TOML text stands, so that an error can name it.

Neither tomllib nor msgspec tells the line of a key that is well formed but wrong. This scanner walks a text that
tomllib has already accepted, so it need not judge, only count.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from installation.score.problem import Fault, Problem, Row, Two

Path = tuple[str | int, ...]

NOT_TOML = Row(
    en=(
        "this is not TOML: {reason}",
        "a TOML table",
        "mend this line; strings stand in quotes, one `key = value` a line",
    ),
    fr=(
        "ce n'est pas du TOML : {reason}",
        "une table TOML",
        "corrigez cette ligne : textes entre guillemets, un seul `clé = valeur` par ligne",
    ),
)

TOO_DEEP = Two("brackets within brackets, too many", "trop de crochets emboîtés")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]\}\n#]*")
_ENDS = ('"""', "'''", '"', "'")


def parsed(text: str, file: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """The table of a TOML text and the line of each of its paths. Raises Fault with the line of a syntax error."""
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise Fault([Problem(file, _deepest(text), NOT_TOML, {"reason": TOO_DEEP})]) from None
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = re.search(r"\(at line (\d+), column \d+\)", said)
        line = int(found.group(1)) if found else text.count("\n") + 1
        reason = re.sub(r" \(at .*\)$", "", said)
        raise Fault([Problem(file, line, NOT_TOML, {"reason": reason})]) from None
    return data, _Scanner(text.replace("\r\n", "\n")).scan()


def _deepest(text: str) -> int:
    """The line with the most opening brackets."""
    counts = [line.count("[") + line.count("{") for line in text.split("\n")]
    return counts.index(max(counts)) + 1


class _Scanner:
    """One walk over a text. `lines` maps a path (names and list indices) to the line, from 1, where it begins."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, self.at) + 1)

    def _header(self) -> Path:
        double = self.text.startswith("[[", self.at)
        line_at = self.at
        self.at += 2 if double else 1
        path: Path = ()
        keys = self._keys()
        end, self.at = self.at, line_at
        for name in keys[:-1]:
            self._mark((*path, name))
            path = self._inside((*path, name))
        path = (*path, keys[-1])
        self._mark(path)
        if double:
            self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, self.counts[path])
            self._mark(path)
        self.at = end + (2 if double else 1)
        return path

    def _inside(self, path: Path) -> Path:
        """A path that names a list of tables means the last of them."""
        return (*path, self.counts[path]) if path in self.counts else path

    def _keys(self) -> list[str]:
        names = [self._key()]
        while self._skip(_SPACE) < len(self.text) and self.text[self.at] == ".":
            self.at += 1
            names.append(self._key())
        return names

    def _key(self) -> str:
        self._skip(_SPACE)
        if self.text[self.at] in "\"'":
            start = self.at
            self._string()
            return str(next(iter(tomllib.loads(self.text[start : self.at] + " = 0"))))
        start = self.at
        self._skip(_BARE)
        return self.text[start : self.at]

    def _pair(self, table: Path) -> None:
        start = self.at
        path: Path = (*table, *self._keys())
        end, self.at = self.at, start
        for length in range(len(table) + 1, len(path) + 1):
            self._mark(path[:length])
        self.at = end
        self._skip(_SPACE)
        self.at += 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        first = self.text[self.at : self.at + 1]
        if first and first in "\"'":
            self._string()
        elif first == "[":
            self._items(path, "]", pairs=False)
        elif first == "{":
            self._items(path, "}", pairs=True)
        else:
            self._skip(_SCALAR)

    def _items(self, path: Path, close: str, *, pairs: bool) -> None:
        self.at += 1
        index = 0
        while self._skip(_BLANK) < len(self.text) and self.text[self.at] != close:
            if self.text[self.at] == ",":
                self.at += 1
            elif pairs:
                self._pair(path)
            else:
                self._mark((*path, index))
                self._value((*path, index))
                index += 1
        self.at += 1

    def _string(self) -> None:
        quote = next(end for end in _ENDS if self.text.startswith(end, self.at))
        self.at += len(quote)
        while self.at < len(self.text) and not self.text.startswith(quote, self.at):
            self.at += 2 if self.text[self.at] == "\\" and '"' in quote else 1
        self.at += len(quote)
        while len(quote) == 3 and self.text.startswith(quote[0], self.at):
            self.at += 1
