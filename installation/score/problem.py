"""What is wrong in something a person gave, told in their words and in their language.

A problem is a place (file and line), a row of a table of messages, and the words that fill it. It knows no
terminal, no log and no file: whoever shows it chooses the language. Each room keeps its own table of rows.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

LANGUAGES = ("en", "fr")
LONGEST = 240
"""Characters of a word that is quoted in a message: a whole file given as a name is not quoted whole."""

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def seen(text: str) -> str:
    """The text on one line: what no terminal shows, or would obey, and what UTF-8 does not have, is written out."""
    return _UNSEEN.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    # A byte of a file's name that is no UTF-8 travels as U+DC80 to U+DCFF: the byte is what can be looked for.
    return f"\\x{code & 0xFF:02x}" if code < 0x100 or 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"


def quoted(word: Any) -> Any:
    """A word as it stands in a message: seen, and not too long. What is ours, a number or a Two, stays as it is."""
    if type(word) is not str:
        return word
    return word if len(word) <= LONGEST else word[: LONGEST - 1] + "…"


class Row(NamedTuple):
    """One message in both languages: what was found, what was expected, what to do."""

    en: tuple[str, str, str]
    fr: tuple[str, str, str]


class Say(NamedTuple):
    """One sentence in both languages, for what is no fault: a status line, a finding, a label."""

    en: str
    fr: str

    def told(self, language: str = "en", **words: Any) -> str:
        """The sentence in `language` ("en" or "fr"), its places filled with `words`."""
        return (self.fr if language == "fr" else self.en).format(**words)


class Two(str):
    """A word that differs by language: as a string it is the English one; a French message takes `fr`."""

    fr: str

    def __new__(cls, en: str, fr: str) -> Two:
        made = super().__new__(cls, en)
        made.fr = fr
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.fr


class Told(NamedTuple):
    """A problem in one language, ready to print or to send as JSON."""

    file: str
    line: int
    found: str
    expected: str
    remedy: str

    def sentence(self) -> str:
        """What was found, what was expected and what to do, on one line."""
        parts = [part for part in (self.found, self.expected, self.remedy) if part]
        return self._between().join(parts)

    def _between(self) -> str:
        return "; "

    def __str__(self) -> str:
        file = seen(self.file)
        place = f"{file}:{self.line}" if self.line else file
        return f"{place}: {self.sentence()}" if place else self.sentence()


class ToldInFrench(Told):
    """The same in French, where a semicolon stands between two spaces."""

    def _between(self) -> str:
        return " ; "


TOLD: dict[str, type[Told]] = {"en": Told, "fr": ToldInFrench}


class Problem(NamedTuple):
    """One fault at one place. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    row: Row
    words: dict[str, Any]

    def told(self, language: str = "en") -> Told:
        """The problem's three parts in `language` ("en" or "fr")."""
        french = language == "fr"
        words = {
            name: (getattr(word, "fr", None) if french else None) or quoted(word) for name, word in self.words.items()
        }
        found, expected, remedy = (seen(part.format(**words)) for part in (self.row.fr if french else self.row.en))
        return TOLD["fr" if french else "en"](self.file, self.line, found, expected, remedy)


class Fault(Exception):
    """The user's material is at fault; carries every problem found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem.told()) for problem in self.problems))


SAID = Row(en=("{found}", "{expected}", "{remedy}"), fr=("{found}", "{expected}", "{remedy}"))


def sent(problem: Problem) -> dict[str, Any]:
    """A problem as it travels: in both languages, so that who reads it may choose."""
    return {"en": problem.told("en")._asdict(), "fr": problem.told("fr")._asdict()}


def reported(told: dict[str, Any]) -> Problem:
    """A problem that has travelled, as one of ours. Raises AttributeError, TypeError or ValueError when it is none."""
    en, fr = told.get("en") or {}, told.get("fr") or {}
    words = {
        key: Two(str(en.get(key, "")), str(fr.get(key, en.get(key, "")))) for key in ("found", "expected", "remedy")
    }
    return Problem(str(en.get("file", "")), int(en.get("line", 0) or 0), SAID, words)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to `name`, its case aside; "" when none is near enough to be meant."""
    names = {one.lower(): one for one in known}
    found = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    return names[found[0]] if found else ""


CORRECT = Two("correct the name", "corrigez le nom")
REMOVE = Two("rename or remove it", "renommez ou retirez ce nom")


def hint(name: str, known: Iterable[str], otherwise: Two = CORRECT) -> Two:
    """What to do about a name that is not known: the nearest that is, else `otherwise`."""
    close = nearest(name, known)
    return Two(f'did you mean "{close}"?', f"vouliez-vous dire « {close} » ?") if close else otherwise


def one_of(known: Iterable[str]) -> Two:
    """What is expected of a name: those that are known, in their order."""
    names = ", ".join(known) or "–"
    return Two(f"one of {names}", f"au choix : {names}")
