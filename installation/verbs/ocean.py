"""`ocean`: a word to the simulated line of a running demo, and how it is."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

from installation import home, library
from installation.score.ocean import WHAT
from installation.score.problem import Say, hint, one_of
from installation.speech import Misuse, show_json, tell

PATIENCE = 2.0
NONE = Say(
    "no simulated ocean runs on this machine; `jumelage demo` starts one",
    "aucun océan simulé ne tourne ici ; `jumelage demo` en lance un",
)
SILENT = Say(
    "the ocean does not answer; it may be starting again: try once more",
    "l'océan ne répond pas ; il redémarre peut-être : réessayez",
)
NO_WORD = Say('no ocean and no word "{found}"; {known}; {hint}', "ni océan ni mot « {found} » ; {known} ; {hint}")
STATE = Say(
    "{title} · {there:g} ms there, {back:g} back · {state} · {connections} connections · "
    "late p50 {p50:.2f}, p99 {p99:.2f} ms",
    "{title} · {there:g} ms à l'aller, {back:g} au retour · {state} · {connections} connexions · "
    "retard p50 {p50:.2f}, p99 {p99:.2f} ms",
)
STATES = {
    "open": Say("open", "ouvert"),
    "hole": Say("a hole: nothing comes through", "un trou : rien ne passe"),
    "reset": Say("resets every connection", "coupe net toute connexion"),
}


def ocean(given: argparse.Namespace) -> int:
    """Says one word to each simulated ocean that runs here."""
    words = _words(given)
    doors = home.oceans()
    if not doors:
        raise Misuse(NONE)
    found = [ask(door, words) for door in doors]
    problems = [text for one in found for text in one.get("problems", {}).get(given.lang, [])]
    for text in problems:
        tell(text)
    if problems:
        return 1
    if given.json:
        show_json({"oceans": found})
        return 0
    for one in found:
        print(_state(one, given.lang))
    return 0


def _words(given: argparse.Namespace) -> str:
    """What is said: an ocean's name alone is `profile NAME`. Raises Misuse."""
    if not given.word:
        return "status"
    known = dict(library.library(given.project).oceans())
    if len(given.word) == 1 and (given.word[0] in known or Path(given.word[0]).is_file()):
        return f"profile {known.get(given.word[0], Path(given.word[0])).resolve()}"
    if given.word[0] not in WHAT:
        names = (*known, *WHAT)
        raise Misuse(NO_WORD, found=given.word[0], known=one_of(names), hint=hint(given.word[0], names))
    return " ".join(given.word)


def ask(door: Path, words: str) -> dict[str, Any]:
    """One word to an ocean's door, and how it is after it. Raises Misuse when it is silent."""
    own = door.with_name(f"ask-{os.getpid()}")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as voice:
        voice.settimeout(PATIENCE)
        own.unlink(missing_ok=True)
        try:
            voice.bind(str(own))
            voice.sendto(words.encode(), str(door))
            found: dict[str, Any] = json.loads(voice.recv(1 << 16))
        except (TimeoutError, ConnectionError, FileNotFoundError, ValueError):
            raise Misuse(SILENT) from None
        finally:
            with contextlib.suppress(OSError):
                own.unlink()
    return found


def _state(found: dict[str, Any], spoken: str) -> str:
    there, back = found["one_way_ms"]
    return STATE.told(
        spoken,
        title=found["title"].get(spoken, found["ocean"]),
        there=there,
        back=back,
        state=STATES[found["state"]].told(spoken),
        connections=found["connections"],
        **found["late_ms"],
    )
