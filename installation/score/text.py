"""Words as values: what a text parameter may hold, in each language. Pure; what any sender sends comes in here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from installation.score.problem import LANGUAGES, Two

TEXT = "text"
"""The kind of a parameter that holds words; it has no column in the row of numbers."""
LONGEST = 1000
"""Characters of a text, in each language; so at most 4,000 bytes of UTF-8."""
MOST = 32
"""Text parameters of one scene, those of the scenes within it among them."""

Words = dict[str, str]
"""A text by language: always one for each of `LANGUAGES`."""

_LINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x09\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cleaned(text: str, longest: int = LONGEST) -> str:
    """The text without what is no letter and no line's end, cut at `longest` characters."""
    return _UNSEEN.sub(_space, _LINES.sub("\n", text[: 2 * longest]))[:longest]


def _space(found: re.Match[str]) -> str:
    return " " if found[0] == "\t" else ""


def words_of(value: Any) -> Words | None:
    """A value from anywhere as words: one text for all languages, or one in each; None for what is none.

    A language that is missing takes the other's.
    """
    if isinstance(value, Two):
        return {"en": cleaned(value), "fr": cleaned(value.fr)}
    if isinstance(value, str):
        return dict.fromkeys(LANGUAGES, cleaned(value))
    if not isinstance(value, Mapping):
        return None
    given = {tongue: cleaned(text) for tongue in LANGUAGES if isinstance(text := value.get(tongue), str)}
    return {tongue: given.get(tongue, next(iter(given.values()))) for tongue in LANGUAGES} if given else None


def said(arguments: Iterable[Any]) -> Words | None:
    """An event's arguments as words: its first text, or its first two as French and English; None without a text."""
    texts = [one for one in arguments if isinstance(one, str)]
    if not texts:
        return None
    return words_of({"fr": texts[0], "en": texts[1]} if len(texts) > 1 else texts[0])


def plain(words: Words) -> str | Words:
    """One text where all languages say the same; as it is written down and sent."""
    first = next(iter(words.values()), "")
    return first if all(one == first for one in words.values()) else dict(words)
