"""OSC 1.0 and 1.1 as tables: the bytes of a message or a bundle into plain values. No socket, no clock.

The types are those of https://opensoundcontrol.stanford.edu/spec-1_0.html with the optional ones of the same page, and
`I` of 1.1. python-osc sends for us; its receiver skips `c` and `S` without skipping their bytes, hence this one.
Everything in here raises one of MALFORMED at bytes that are no OSC, and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V")
Read = Callable[[bytes, int], tuple[Any, int]]
Arguments = Callable[[bytes, int], tuple[Any, ...]]

MALFORMED = (ValueError, struct.error)
AT_ONCE = 1
"""The time tag that means now."""
DEEPEST = 8
"""Bundles within bundles, and arrays within arrays."""
LONGEST = 255
"""Characters of an address."""
MOST = 4096
"""Arguments of one message: eight DMX universes."""
CACHED = 1024
"""Type tags and addresses remembered; a sender that invents more only makes us work, not grow."""


def string(data: bytes, at: int) -> tuple[str, int]:
    """A string up to its zero byte. Missing padding at the very end is forgiven: small senders forget it."""
    end = data.index(b"\0", at)
    return data[at:end].decode("utf-8", "replace"), (end + 4) & ~3


def blob(data: bytes, at: int) -> tuple[bytes, int]:
    """A counted run of bytes."""
    (size,) = struct.unpack_from(">i", data, at)
    start, end = at + 4, at + 4 + size
    if size < 0 or end > len(data):
        raise ValueError("a blob longer than its message")
    return data[start:end], (end + 3) & ~3


def character(code: int) -> str:
    """A `c`; what is no character becomes the replacement sign, so that the value can always be written out again."""
    return chr(code) if 0 < code < 0xD800 else "\ufffd"


def fixed(code: str, make: Callable[[Any], Any] = lambda value: value) -> Read:
    """Reads what struct calls `code`, and makes a value of it."""
    form = struct.Struct(">" + code)

    def read(data: bytes, at: int) -> tuple[Any, int]:
        return make(form.unpack_from(data, at)[0]), at + form.size

    return read


def constant(value: Any) -> Read:
    """A type that is its own value and takes no bytes."""
    return lambda data, at: (value, at)


TYPES: dict[str, Read] = {
    "i": fixed("i"),
    "f": fixed("f"),
    "h": fixed("q"),
    "d": fixed("d"),
    "t": fixed("Q"),  # NTP: 32 bits of seconds since 1900, 32 of fraction, as they came
    "s": string,
    "S": string,
    "b": blob,
    "c": fixed("i", character),
    "r": fixed("4s", lambda raw: tuple(byte / 255.0 for byte in raw)),  # red, green, blue, alpha, 0 … 1
    "m": fixed("4s", tuple),  # port, status, data, data
    "T": constant(True),
    "F": constant(False),
    "N": constant(None),
    "I": constant(True),  # OSC 1.1 calls it impulse: a bang
}
SPREAD = "r"
"""Types that stand for several values in the list: a colour is then the same as its four numbers sent one by one."""
NUMBERS = {"i": "i", "f": "f", "h": "q", "d": "d", "t": "Q"}
"""Types that struct reads as they are; a message of these alone is one unpack (0.2 µs against 1 µs and more)."""


def arguments(tags: str) -> Arguments:
    """A reader of all the arguments that `tags` (without its comma) announces."""
    if len(tags) > MOST:
        raise ValueError("too many arguments")
    if all(tag in NUMBERS for tag in tags):
        return struct.Struct(">" + "".join(NUMBERS[tag] for tag in tags)).unpack_from
    steps = [(tag, TYPES.get(tag)) for tag in tags]
    if not _balanced(tags) or any(read is None and tag not in "[]" for tag, read in steps):
        raise ValueError("unknown types")
    return lambda data, at: _walk(steps, data, at)


def _balanced(tags: str) -> bool:
    depth = 0
    for tag in tags:
        depth += (tag == "[") - (tag == "]")
        if not 0 <= depth <= DEEPEST:
            return False
    return depth == 0


def _walk(steps: list[tuple[str, Read | None]], data: bytes, at: int) -> tuple[Any, ...]:
    found: list[Any] = []
    outer: list[list[Any]] = []
    for tag, read in steps:
        if read is not None:
            value, at = read(data, at)
            found.extend(value) if tag in SPREAD else found.append(value)
        elif tag == "[":
            outer.append(found)
            found = []
        else:
            array, found = tuple(found), outer.pop()
            found.append(array)
    return tuple(found)


class Reader:
    """Reads messages for one device, whose `prefix` stands before each address; remembers what it has seen."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix.rstrip("/")
        self._addresses: dict[bytes, str] = {}
        self._arguments: dict[bytes, Arguments] = {}

    def message(self, data: bytes) -> tuple[str, tuple[Any, ...]]:
        """Its address and its values. Raises MALFORMED."""
        end = data.index(b"\0")
        raw = data[:end]
        address = self._addresses.get(raw) or self._address(raw)
        at = (end + 4) & ~3
        if at >= len(data):
            return address, ()  # a very old sender: no type tags; the spec asks to be robust here
        end = data.index(b"\0", at)
        raw = data[at:end]
        read = self._arguments.get(raw) or self._tags(raw)
        return address, read(data, (end + 4) & ~3)

    def _address(self, raw: bytes) -> str:
        address = raw.decode("utf-8")
        if not address.startswith("/") or len(address) > LONGEST or not address.isprintable():
            raise ValueError("no address")
        return _remember(self._addresses, raw, self.prefix + address)

    def _tags(self, raw: bytes) -> Arguments:
        if raw[:1] != b",":
            raise ValueError("no type tags")
        read = arguments(raw[1:].decode("ascii"))
        return _remember(self._arguments, raw, read) if len(raw) < 64 else read


def _remember(cache: dict[K, V], key: K, value: V) -> V:
    if len(cache) >= CACHED:
        cache.clear()
    cache[key] = value
    return value


def elements(data: bytes, depth: int = 1) -> Iterator[tuple[int, bytes]]:
    """The messages of a bundle, however nested, each with the time tag of its own bundle. Raises MALFORMED midway."""
    if data[:8] != b"#bundle\0" or depth > DEEPEST:
        raise ValueError("no bundle, or one too deep")
    (tag,) = struct.unpack_from(">Q", data, 8)
    at = 16
    while at < len(data):
        (size,) = struct.unpack_from(">i", data, at)
        one, at = data[at + 4 : at + 4 + size], at + 4 + size
        if size <= 0 or at > len(data):
            raise ValueError("an element longer than its bundle")
        if one[:1] == b"#":
            yield from elements(one, depth + 1)
        else:
            yield tag, one
