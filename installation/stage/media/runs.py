"""A line of text in runs of one direction and one script, in the order in which they stand on the wall.

Directions follow the Unicode bidirectional algorithm (UAX #9): paragraph direction by the first strong letter, the
weak, neutral (brackets in pairs among them) and implicit rules, reordering by level. Not done: explicit embeddings and
isolates, whose marks are taken out. Scripts are told by the letters' names; what has none takes its neighbour's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

SCRIPTS = {
    "LATIN": "Latn", "GREEK": "Grek", "CYRILLIC": "Cyrl", "ARMENIAN": "Armn", "HEBREW": "Hebr", "ARABIC": "Arab",
    "SYRIAC": "Syrc", "THAANA": "Thaa", "NKO": "Nkoo", "DEVANAGARI": "Deva", "BENGALI": "Beng", "GURMUKHI": "Guru",
    "GUJARATI": "Gujr", "ORIYA": "Orya", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym",
    "SINHALA": "Sinh", "THAI": "Thai", "LAO": "Laoo", "TIBETAN": "Tibt", "MYANMAR": "Mymr", "GEORGIAN": "Geor",
    "HANGUL": "Hang", "ETHIOPIC": "Ethi", "CHEROKEE": "Cher", "KHMER": "Khmr", "MONGOLIAN": "Mong",
    "HIRAGANA": "Hira", "KATAKANA": "Kana", "BOPOMOFO": "Bopo", "CJK": "Hani", "TIFINAGH": "Tfng", "JAVANESE": "Java",
    "BALINESE": "Bali", "CANADIAN": "Cans", "OGHAM": "Ogam", "RUNIC": "Runr",
}  # fmt: skip
SIMPLE = frozenset(("", "Latn", "Grek", "Cyrl", "Armn", "Geor", "Hani", "Hira", "Kana", "Bopo", "Hang"))
"""Scripts whose letters may each come from another font without falling apart."""
MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u2060")
"""Signs that steer direction and breaking and have no shape; taken out before drawing."""
_STRONG = {"L": 0, "R": 1, "AL": 1}
_BRACKETS = dict(zip("([{⟨⟦「『【〔（［｛〈《", ")]}⟩⟧」』】〕）］｝〉》", strict=True))
_NEUTRAL = ("B", "S", "WS", "ON")


class Run(NamedTuple):
    """Characters `begin` up to `end` of a line: one direction, one script ("" for none of its own)."""

    begin: int
    end: int
    level: int
    script: str


@lru_cache(4096)
def script(character: str) -> str:
    """The ISO 15924 code; "" for what many scripts share: digits, spaces, punctuation, accents."""
    if unicodedata.category(character)[0] not in "LM" and character not in "〆々":
        return ""
    return SCRIPTS.get(unicodedata.name(character, "").split(" ")[0].split("-")[0], "")


def scripts(text: str) -> list[str]:
    """The script of each character; the shared ones take the one before, the first ones the one after."""
    found = [script(character) for character in text]
    last = next((one for one in found if one), "Latn")
    for n, one in enumerate(found):
        last = found[n] = one or last
    return found


def clusters(text: str) -> list[tuple[int, int]]:
    """Where each letter with its accents begins and ends: what must not be torn apart."""
    starts = [n for n in range(len(text)) if n == 0 or not _joined(text[n - 1], text[n])]
    return list(pairwise((*starts, len(text)))) if text else []


def _joined(before: str, character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in "\u200d\u200c"
        or before == "\u200d"
        or 0xFE00 <= ord(character) <= 0xFE0F
        or 0x1F3FB <= ord(character) <= 0x1F3FF
    )


def rightwards(text: str) -> int:
    """The paragraph's level: 1 when its first strong letter runs to the left, else 0."""
    return next((_STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in _STRONG), 0)


def levels(text: str, base: int | None = None) -> list[int]:
    """The embedding level of each character, odd for right to left."""
    base = rightwards(text) if base is None else base
    kinds = _weak([unicodedata.bidirectional(one) or "L" for one in text], "R" if base else "L")
    _brackets(text, kinds, "R" if base else "L")
    _neutral(kinds, base)
    found = [_implicit(kind, base) for kind in kinds]
    for n in range(len(text) - 1, -1, -1):  # L1: blanks at a line's end stand where the paragraph ends
        if not text[n].isspace():
            break
        found[n] = base
    return found


def _weak(kinds: list[str], start: str) -> list[str]:
    """Rules W1 to W7."""
    last, strong = start, start
    for n, kind in enumerate(kinds):
        kind = last if kind in ("NSM", "BN") else "ON" if kind[:2] in ("LR", "RL", "PD", "FS") else kind
        if kind == "EN" and strong == "AL":
            kind = "AN"
        strong = kind if kind in ("L", "R", "AL") else strong
        last = kinds[n] = kind
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for n in range(1, len(kinds) - 1):
        before, kind, after = kinds[n - 1 : n + 2]
        if before == after and (kind, before) in (("ES", "EN"), ("CS", "EN"), ("CS", "AN")):
            kinds[n] = before
    _terminators(kinds)
    strong = start
    for n, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R") else strong
        kinds[n] = "ON" if kind in ("ES", "ET", "CS") else "L" if kind == "EN" and strong == "L" else kind
    return kinds


def _terminators(kinds: list[str]) -> None:
    """Rule W5: a percent or currency sign beside a number belongs to it."""
    for n in range(1, len(kinds)):
        if kinds[n] == "ET" and kinds[n - 1] == "EN":
            kinds[n] = "EN"
    for n in range(len(kinds) - 2, -1, -1):
        if kinds[n] == "ET" and kinds[n + 1] == "EN":
            kinds[n] = "EN"


def _brackets(text: str, kinds: list[str], own: str) -> None:
    """Rule N0: two brackets of a pair run alike, as what they hold or what stands before them."""
    for begin, end in _paired(text, kinds):
        held = {_side(kind) for kind in kinds[begin + 1 : end]} - {""}
        before = next((side for kind in reversed(kinds[:begin]) if (side := _side(kind))), own)
        if held:
            kinds[begin] = kinds[end] = own if own in held else before


def _paired(text: str, kinds: list[str]) -> list[tuple[int, int]]:
    """Where brackets open and close, in the order in which they open."""
    waiting: list[tuple[str, int]] = []
    found: list[tuple[int, int]] = []
    for n, character in enumerate(text):
        if kinds[n] != "ON":
            continue
        if character in _BRACKETS:
            waiting.append((_BRACKETS[character], n))
        elif (at := next((m for m in range(len(waiting) - 1, -1, -1) if waiting[m][0] == character), -1)) >= 0:
            found.append((waiting[at][1], n))
            del waiting[at:]
    return sorted(found)


def _side(kind: str) -> str:
    """The direction that a neutral sees: numbers count as right to left."""
    return "L" if kind == "L" else "R" if kind in ("R", "EN", "AN") else ""


def _neutral(kinds: list[str], base: int) -> None:
    """Rules N1 and N2."""
    own = "R" if base else "L"
    n = 0
    while n < len(kinds):
        if kinds[n] not in _NEUTRAL:
            n += 1
            continue
        end = next((m for m in range(n, len(kinds)) if kinds[m] not in _NEUTRAL), len(kinds))
        before = own if n == 0 else "L" if kinds[n - 1] == "L" else "R"
        after = own if end == len(kinds) else "L" if kinds[end] == "L" else "R"
        kinds[n:end] = [before if before == after else own] * (end - n)
        n = end


def _implicit(kind: str, base: int) -> int:
    if base:
        return 1 if kind == "R" else 2
    return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)


def runs(text: str, levels: list[int]) -> list[Run]:
    """The line's runs in the order of its text."""
    kinds = list(zip(levels, scripts(text), strict=True))
    starts = [n for n in range(len(text)) if n == 0 or kinds[n] != kinds[n - 1]]
    return [Run(begin, end, *kinds[begin]) for begin, end in pairwise((*starts, len(text)))] if text else []


def ordered(items: Iterable[Item], level: Callable[[Item], int]) -> list[Item]:
    """Items of one line in the order in which they stand, from left to right (rule L2)."""
    line = list(items)
    deepest = max(map(level, line), default=0)
    for depth in range(deepest, 0, -1):
        n = 0
        while n < len(line):
            end = n
            while end < len(line) and level(line[end]) >= depth:
                end += 1
            line[n:end] = reversed(line[n:end])
            n = max(end, n + 1)
    return line
