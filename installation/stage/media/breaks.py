"""Where a line of text may be broken, after UAX #14 and French typography.

At spaces that are not bound, after hyphens and dashes, at soft hyphens, between ideographs but for what may not
begin or end a line. No line begins with : ; ! ? » or another closing sign, even after an ordinary space, and none
ends with «. A word wider than the line is broken between two letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from installation.stage.media.runs import clusters, script

_BOUND = "\u00a0\u2007\u202f\u2060\ufeff"
_OPENING = "«‹([{“‘„¿¡「『（［｛【〈《"
_CLOSING = "»›)]}”’!?:;,.…%、。，．：；！？」』）］｝】〉》・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
_HYPHENS = "-\u2010\u2012\u2013\u2014"
_IDEOGRAPHIC = ("Hani", "Hira", "Kana", "Bopo", "Hang")
SOFT = "\u00ad"


def breakable(text: str, at: int) -> bool:
    """Whether a line may begin at character `at`."""
    before, after = text[at - 1], text[at]
    if after in _BOUND or before in _BOUND or after.isspace() or after == "\u200b":
        return False
    if unicodedata.combining(after) or after in "\u200d\u200c":
        return False
    if before.isspace() or before == "\u200b":
        last = text[max(0, at - 16) : at].rstrip()[-1:]
        return after not in _CLOSING and (last not in _OPENING or not last)
    if after in _CLOSING or before in _OPENING:
        return False
    if before == SOFT:
        return True
    if before in _HYPHENS:
        return after.isalpha() and at > 1 and not text[at - 2].isspace()
    return script(before) in _IDEOGRAPHIC or script(after) in _IDEOGRAPHIC or before in "、。，．：；！？」』）"


def wrapped(text: str, width: float, measure: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """The lines of one paragraph as begin and end, blanks at their ends left out. `measure(begin, end)` in pixels."""
    chances = [n for n in range(1, len(text)) if breakable(text, n)]
    lines: list[tuple[int, int]] = []
    begin = 0
    while begin < len(text):
        ends = [n for n in chances if n > begin] + [len(text)]
        end = _fitting(text, begin, ends, width, measure)
        if end is None:
            letters = [begin + last for _, last in clusters(text[begin : ends[0]])]
            end = _fitting(text, begin, letters, width, measure) or letters[0]
        lines.append((begin, begin + len(text[begin:end].rstrip(" \t\u200b"))))
        begin = end
        chances = [n for n in chances if n > begin]
    return lines or [(0, 0)]


def _fitting(text: str, begin: int, ends: list[int], width: float, measure: Callable[[int, int], float]) -> int | None:
    """The last of `ends` up to which the line is no wider than `width`; None when not even the first is."""

    def fits(n: int) -> bool:
        if ends[n] - begin > width + 2:  # no letter is narrower than a pixel: this need not be measured
            return False
        return measure(begin, begin + len(text[begin : ends[n]].rstrip(" \t\u200b"))) <= width

    if not fits(0):
        return None
    low, step = 0, 1
    while low + step < len(ends) and fits(low + step):
        low, step = low + step, 2 * step
    high = min(low + step, len(ends))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return ends[low]
