"""How the command line speaks: which language, where to, and the endings that are not the material's fault."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from installation.score.problem import Say, quoted, seen


class Ending(Exception):
    """A verb ends early with a sentence and an exit status."""

    status = 70

    def __init__(self, row: Say, **words: Any) -> None:
        self.row, self.words = row, words
        super().__init__(row.told("en", **words))

    def said(self, spoken: str) -> str:
        """The sentence in one language."""
        words = {
            name: (getattr(word, "fr", None) if spoken == "fr" else None) or quoted(word)
            for name, word in self.words.items()
        }
        return seen(self.row.told(spoken, **words))


class Misuse(Ending):
    """The command was used wrongly."""

    status = 2


class Lack(Ending):
    """The machine lacks something; the sentence names the command that brings it."""

    status = 3


def language(argv: Sequence[str] = ()) -> str:
    """The language to speak: `--lang`, then JUMELAGE_LANG, then the locale; English when none says French."""
    words = list(argv)
    if "--lang" in words[:-1]:
        return "fr" if words[words.index("--lang") + 1] == "fr" else "en"
    for name in ("JUMELAGE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


def tell(*parts: object) -> None:
    """A line for the person, on stderr, so that stdout stays for what was asked."""
    print(*parts, sep="", file=sys.stderr, flush=True)


def show_json(body: Any) -> None:
    """One JSON object on stdout."""
    try:
        text = msgspec.json.encode(body)
    except UnicodeEncodeError:  # a file's name that is no UTF-8: JSON's own escapes carry it, as Python's json does
        text = json.dumps(msgspec.to_builtins(body), separators=(",", ":")).encode()
    sys.stdout.write(text.decode() + "\n")
    sys.stdout.flush()


def size(text: str | None, default: tuple[int, int]) -> tuple[int, int]:
    """A size such as 1280x720. Raises Misuse."""
    if not text:
        return default
    parts = text.lower().split("x")
    if len(parts) == 2 and all(part.isdecimal() for part in parts) and all(1 <= int(part) <= 16384 for part in parts):
        return int(parts[0]), int(parts[1])
    raise Misuse(NOT_A_SIZE, found=text)


def seconds(name: str, given: float | None, most: float = 1e9) -> float | None:
    """A length of time as it was given for the option `name`. Raises Misuse for one that never ends or is none."""
    if given is None or 0 < given <= most:
        return given
    raise Misuse(NOT_SECONDS, name=name, found=f"{given:g}", most=f"{most:g}")


def until_told(end: Callable[[], object]) -> None:
    """Calls `end` at Ctrl-C, at SIGTERM, and when the terminal is closed (unless `nohup` has it ignored)."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
            signal.signal(number, lambda *_: end())


NOT_SECONDS = Say(
    "{name} takes a number of seconds above 0, up to {most}; not {found}",
    "{name} prend un nombre de secondes au-dessus de 0, jusqu'à {most}, pas {found}",
)
NOT_A_SIZE = Say(
    '"{found}" is no size; two whole numbers from 1 to 16384 with an x between, such as 1280x720',
    "« {found} » n'est pas une taille ; deux nombres entiers de 1 à 16384 séparés par un x, comme 1280x720",
)

ARGPARSE_FR = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "options": "options",
    "optional arguments": "options",
    "show this help message and exit": "montre cette aide et s'arrête",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "expected one argument": "il faut une valeur",
    "expected at least one argument": "il faut au moins une valeur",
    "expected at most one argument": "au plus une valeur",
    "expected %s argument": "il faut %s valeur",
    "expected %s arguments": "il faut %s valeurs",
    "not allowed with argument %s": "exclut %s",
    "invalid %(type)s value: %(value)r": "%(value)r n'est pas de type %(type)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n'est pas possible ; au choix : %(choices)s",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "%(value)r n'est pas possible ; vouliez-vous dire %(closest)r ? (au choix : %(choices)s)"
    ),
    "unknown parser %(parser_name)r (choices: %(choices)s)": "verbe inconnu %(parser_name)r (au choix : %(choices)s)",
}
"""What argparse says, in French; what is not here stays English."""


def argparse_speaks(spoken: str) -> None:
    """Makes argparse speak one of our languages.

    It takes its words through two names of its module; a gettext catalogue would be a binary file for twenty lines.
    """
    table = ARGPARSE_FR if spoken == "fr" else {}
    vars(argparse)["_"] = lambda text: table.get(text, text)
    vars(argparse)["ngettext"] = lambda one, many, count: table.get(one, one) if count == 1 else table.get(many, many)
