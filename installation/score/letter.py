"""Letters across the night: what one is, and how it stands, as a pure function of what each house has said of it.

A letter is one journal entry of the city where it was written; what is said of it are entries too ("verdict"), of the
house that receives it, or of the one that sent it. Sets of words only grow, so every order of arrival ends alike.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from installation.score.table import Choice, Number, Table
from installation.score.text import cleaned

DAY = 86400.0
LONGEST = 400
"""Characters of a written letter: more fit no wall at a size that can be read."""
STROKES, POINTS = 64, 4000
"""Strokes of a drawn letter, and points of all of them together, at most."""
LONGEST_WAY = 30 * DAY
"""No letter lives longer than this, whatever it says."""
WORDS = ("waiting", "approved", "refused", "delivered")
"""What may be said of a letter. `refused`, of the house that sent it, takes it back."""
STATES = ("written", *WORDS, "expired")
MODERATION = ("before", "after", "none")

LETTERS = Table(
    {
        "moderation": Choice(MODERATION),
        "days": Number(0.01, 30),
        "album": Number(0, 64, whole=True),
        "seconds": Number(2, 3600),
    }
)
"""A rig's `[letters]`."""

Stroke = tuple[tuple[float, float, float], ...]
"""Points of one stroke: x to the right and y up, from 0 to 1 on a square sheet; seconds since the letter's first."""

_POINT = struct.Struct("<HHH")
_UNIT, _TICKS = 65535.0, 100.0


class Post(msgspec.Struct, frozen=True):
    """How a house deals with letters: its `moderation` of those that come, and for how many `days` those written here
    wait; how many stay in the `album`, and for how many `seconds` one is shown."""

    moderation: str = "before"
    days: float = 7.0
    album: int = 12
    seconds: float = 26.0


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter. `id` is its entry's place in the journal of `sender`; `to` a site, "" for every other. It is `text`,
    or `strokes` as they are sent (see `packed`), in `language`, "" for none. `written`, `expires`: shared seconds.
    """

    id: str
    sender: str
    to: str = ""
    text: str = ""
    strokes: tuple[bytes, ...] = ()
    language: str = ""
    written: float = 0.0
    expires: float = 0.0

    @property
    def kind(self) -> str:
        """What it is: text or strokes; "" where only the name is left."""
        return "text" if self.text else "strokes" if self.strokes else ""

    @property
    def blank(self) -> Letter:
        """Nothing of it but that it was there."""
        return msgspec.structs.replace(self, text="", strokes=(), language="")

    def goes(self, site: str) -> bool:
        """Whether it is for this site."""
        return site != self.sender and self.to in ("", site)


Said = Mapping[str, Iterable[str]]
"""What has been said of one letter: by site, some of WORDS."""


def name_of(entry: Any) -> str:
    """The name of the letter that a journal entry carries: nobody can write one in another's name."""
    return f"{entry.site}-{entry.epoch:x}-{entry.number}"


def state(letter: Letter, said: Said, site: str, now: float) -> str:
    """How a letter stands on its way to `site` at the shared time `now`: one of STATES.

    A refusal is for good, of the house that receives or of the one that sent. No other house has a say.
    """
    here, there = set(said.get(site, ())), set(said.get(letter.sender, ()))
    if "refused" in here | there:
        return "refused"
    if now >= letter.expires:
        return "expired"
    return next((word for word in ("delivered", "approved", "waiting") if word in here), "written")


def first_word(post: Post) -> str:
    """What a house says of a letter as it comes: that a steward must look at it first, or that it may be shown."""
    return "waiting" if post.moderation == "before" else "approved"


def arguments(text: str, strokes: Sequence[bytes], language: str, to: str, expires: float) -> dict[str, Any]:
    """A letter as the arguments of a journal entry."""
    return {"to": to, "text": text, "strokes": list(strokes), "language": language, "expires": expires}


def read(entry: Any) -> Letter | None:
    """The letter of a journal entry of any sender; None for what is none, or has been taken out of the journal."""
    given = entry.arguments
    if not isinstance(given, dict):
        return None
    text, strokes = given.get("text", ""), given.get("strokes", [])
    to, language, expires = given.get("to", ""), given.get("language", ""), given.get("expires", 0.0)
    fits = isinstance(text, str) and isinstance(to, str) and isinstance(language, str) and len(language) <= 16
    if not fits or not isinstance(strokes, list) or not isinstance(expires, float | int) or not math.isfinite(expires):
        return None
    text, whole = cleaned(text, LONGEST).strip(), _bounded(strokes)
    if whole is None or not (text or whole) or len(to) > 64:
        return None
    last = min(float(expires), entry.stamp + LONGEST_WAY)
    return Letter(
        id=name_of(entry), sender=entry.site, to=to, text=text, strokes=() if text else whole,
        language=cleaned(language), written=entry.stamp, expires=last,
    )  # fmt: skip


def _bounded(strokes: list[Any]) -> tuple[bytes, ...] | None:
    sizes = [len(one) for one in strokes if isinstance(one, bytes) and len(one) % _POINT.size == 0 and one]
    if len(sizes) != len(strokes) or len(sizes) > STROKES or sum(sizes) > POINTS * _POINT.size:
        return None
    return tuple(strokes)


def packed(strokes: Any) -> tuple[bytes, ...] | None:
    """Strokes as lists of [x, y, t] (or [x, y]) as they are sent: three u16 a point, in 65535ths of the sheet and
    hundredths of a second. None where they are none, or too many; what lies beyond the sheet is at its edge.
    """
    if not isinstance(strokes, list | tuple) or not 0 < len(strokes) <= STROKES:
        return None
    made, then, count = [], 0, 0
    for stroke in strokes:
        body = bytearray()
        for point in stroke if isinstance(stroke, list | tuple) else ():
            numbers = [float(n) for n in point] if isinstance(point, list | tuple) and len(point) in (2, 3) else []
            if not numbers or not all(map(math.isfinite, numbers)):
                return None
            x, y = (round(min(max(n, 0.0), 1.0) * _UNIT) for n in numbers[:2])
            then = max(then, min(round(max(numbers[2], 0.0) * _TICKS), 65535)) if len(numbers) > 2 else then + 1
            body += _POINT.pack(x, y, min(then, 65535))
            count += 1
        if not body or count > POINTS:
            return None
        made.append(bytes(body))
    return tuple(made)


def unpacked(strokes: Iterable[bytes]) -> list[Stroke]:
    """The strokes again, in units of the sheet and in seconds."""
    return [tuple((x / _UNIT, y / _UNIT, t / _TICKS) for x, y, t in _POINT.iter_unpack(one)) for one in strokes]


def shown(letter: Letter, since: float) -> dict[str, Any]:
    """A letter as the stages are told it: its words for every language, or its strokes; `since` it came up."""
    return {
        "fr": letter.text, "en": letter.text, "language": letter.language, "from": letter.sender, "since": since,
        "strokes": unpacked(letter.strokes),
    }  # fmt: skip


def turn(now: float, seconds: float) -> int:
    """Which turn of the wall the shared time is in: letters change where turns do, in every city at once."""
    return math.floor(now / seconds)
