"""OSC address patterns: `?` `*` `[a-c]` `[!x]` `{red,blue}` within a part, `//` over any parts, the one to cross a `/`.

Ours, since python-osc's wildcards cross `/`, and since a pattern comes from outside: a regular expression made of it
could be made to run for hours. Here every token moves a set of places on by one step, so the work is bounded by
tokens × length of the address; patterns with more than WILDEST wild tokens match nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

WILD = frozenset("?*[{")
WILDEST = 16

Places = set[int]
Token = Callable[[str, Places], Places]
"""From places in a text to the places that may be stood at after it."""

PIECES = re.compile(r"\*+|\?|\[!?[^\]/]+\]|\{[^}/]*\}|[^?*\[\]{}/]+|.")


def is_pattern(address: str) -> bool:
    """Whether an address means several."""
    return not WILD.isdisjoint(address) or "//" in address


def literal(*words: str) -> Token:
    """Any one of `words`."""
    return lambda text, places: {at + len(word) for at in places for word in words if text.startswith(word, at)}


def one_of(letters: Callable[[str], bool]) -> Token:
    """One letter for which `letters` holds."""
    return lambda text, places: {at + 1 for at in places if at < len(text) and letters(text[at])}


def star(text: str, places: Places) -> Places:
    """Any run of letters, none included."""
    return set(range(min(places), len(text) + 1))


def letters(inside: str) -> Callable[[str], bool]:
    """What stands between `[` and `]`: letters, ranges, a `!` at the head for all others."""
    inverse = inside.startswith("!")
    spans = re.findall(r"(.)-(.)|(.)", inside[inverse:], re.DOTALL)
    bounds = [(low or alone, high or alone) for low, high, alone in spans]
    return lambda letter: inverse != any(low <= letter <= high for low, high in bounds)


TOKENS: dict[str, Callable[[str], Token]] = {
    "*": lambda piece: star,
    "?": lambda piece: one_of(lambda letter: True),
    "[": lambda piece: one_of(letters(piece[1:-1])),
    "{": lambda piece: literal(*piece[1:-1].split(",")),
}


def token(piece: str) -> Token:
    """The step that a piece of a pattern stands for; an unclosed bracket stands for itself."""
    wild = piece[0] in "*?" or (len(piece) > 1 and piece[0] in "[{")
    return TOKENS[piece[0]](piece) if wild else literal(piece)


def part(pattern: str) -> Callable[[str], bool]:
    """Whether one part of an address, between two `/`, is meant by `pattern`."""
    steps = [token(piece) for piece in PIECES.findall(pattern)]

    def means(text: str) -> bool:
        places: Places = {0}
        for step in steps:
            places = step(text, places)
            if not places:
                return False
        return len(text) in places

    return means


@lru_cache(maxsize=256)
def meant(pattern: str) -> Callable[[str], bool]:
    """Whether an address is meant by `pattern`, as a function that may be asked often."""
    if sum(pattern.count(sign) for sign in WILD) + pattern.count("//") > WILDEST or not pattern.startswith("/"):
        return lambda address: False
    steps = [None if one == "" else part(one) for one in pattern[1:].split("/")]

    def means(address: str) -> bool:
        parts = address[1:].split("/")
        places: Places = {0}
        for step in steps:
            if step is None:
                places = set(range(min(places), len(parts) + 1))
            else:
                places = {at + 1 for at in places if at < len(parts) and step(parts[at])}
            if not places:
                return False
        return len(parts) in places

    return means


def matches(pattern: str, addresses: Iterable[str]) -> list[str]:
    """Those of `addresses` that `pattern` means, in their order; a plain address means itself."""
    if not is_pattern(pattern):
        return [pattern] if pattern in addresses else []
    means = meant(pattern)
    return [address for address in addresses if means(address)]
