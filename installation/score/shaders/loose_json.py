"""JSON as artists write it, with comments and trailing commas; every value and every fault knows its line.

ISF headers in the wild are read by hosts of differing strictness, so this reader takes what any of them takes:
a BOM, comments, trailing commas, duplicate keys (the last wins), raw tabs and newlines in strings, `.5` and `1.`.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_SPACE = re.compile(r"(?:\s+|\ufeff|//[^\n]*|/\*.*?\*/)*", re.S)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.S)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DEPTH = 64


class Node(NamedTuple):
    """A value and the line where it begins. An object's value is a dict of Nodes, an array's a list of Nodes."""

    value: Any
    line: int

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class Malformed(Exception):
    """Where reading stopped and what stood there."""

    def __init__(self, line: int, found: str) -> None:
        self.line, self.found = line, found
        super().__init__(f"line {line}: {found}")


class Reader:
    """Reads one value from `at` on; `at` is then the place just after it."""

    def __init__(self, text: str, at: int = 0, line_offset: int = 0) -> None:
        self.text, self.at = text, at
        self._line, self._counted = 1 + line_offset, 0

    def line(self) -> int:
        """The line of `at`, counted on from the last time it was asked."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def read(self, depth: int = 0) -> Node:
        """The value that stands here. Raises Malformed."""
        self._space()
        line, here = self.line(), self.text[self.at : self.at + 1]
        if depth > _DEPTH:
            raise self._malformed()
        if here == "{":
            return Node(self._object(depth), line)
        if here == "[":
            return Node(self._array(depth), line)
        if here == '"':
            return Node(self._string(), line)
        return Node(self._number_or_word(), line)

    def _object(self, depth: int) -> dict[str, Node]:
        out: dict[str, Node] = {}
        self.at += 1
        while not self._closes("}"):
            key = self._string() if self.text.startswith('"', self.at) else self._match(_WORD)
            self._space()
            self._expect(":")
            out[key] = self.read(depth + 1)
            self._comma("}")
        return out

    def _array(self, depth: int) -> list[Node]:
        out: list[Node] = []
        self.at += 1
        while not self._closes("]"):
            out.append(self.read(depth + 1))
            self._comma("]")
        return out

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if found is None:
            raise self._malformed()
        self.at = found.end()
        return _ESCAPE.sub(_unescaped, found[1])

    def _number_or_word(self) -> Any:
        number = _NUMBER.match(self.text, self.at)
        if number is None:
            before = self.at
            word = self._match(_WORD)
            if word not in _WORDS:
                self.at = before
                raise self._malformed()
            return _WORDS[word]
        if float(number[0]) in (float("inf"), float("-inf")):
            raise self._malformed()
        self.at = number.end()
        whole = number[0].lstrip("+-").isdigit()
        return int(number[0]) if whole and len(number[0]) < 30 else float(number[0])

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _closes(self, bracket: str) -> bool:
        self._space()
        while self.text.startswith(",", self.at):
            self.at += 1
            self._space()
        if not self.text.startswith(bracket, self.at):
            return False
        self.at += 1
        return True

    def _comma(self, bracket: str) -> None:
        self._space()
        if not self.text.startswith((",", bracket), self.at):
            raise self._malformed()

    def _expect(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            raise self._malformed()
        self.at += 1

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise self._malformed()
        self.at = found.end()
        return found[0]

    def _malformed(self) -> Malformed:
        rest = self.text[self.at : self.at + 24].split("\n")[0].strip()
        return Malformed(self.line(), rest or "…")


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else _ESCAPES.get(code, code)
