"""Letters at the command line: write one, see what waits, say yes or no."""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path
from typing import Any

from installation.score.problem import Say, seen
from installation.speech import Misuse
from installation.verbs.site import request, said

WHICH = Say(
    "say which letter; `jumelage letter list` shows them", "dites quelle lettre ; `jumelage letter list` les montre"
)
NO_FILE = Say('"{path}" holds no strokes: {why}', "« {path} » ne contient pas de traits : {why}")
NONE = Say("no letters", "aucune lettre")
DRAWN = Say("[drawn, {points} points]", "[dessinée, {points} points]")
GONE = Say("[forgotten]", "[oubliée]")
STATES = {
    "written": Say("on its way", "en chemin"),
    "waiting": Say("waits for a word", "attend un mot"),
    "approved": Say("approved; comes when the house opens", "acceptée ; arrive à l'ouverture"),
    "refused": Say("refused", "refusée"),
    "delivered": Say("delivered", "arrivée"),
    "expired": Say("too old", "trop vieille"),
}
SENT = Say("{id}: on its way", "{id} : en chemin")


def letter(given: argparse.Namespace) -> int:
    """One act on the letters of a running site."""
    if given.act == "list":
        found = request(given, "letter", act="list")
        return said(
            given, found, "\n".join(_line(one, given.lang) for one in found["letters"]) or NONE.told(given.lang)
        )
    if given.act == "write":
        body: dict[str, Any] = {"text": " ".join(given.words), "language": given.language or "", "to": given.to or ""}
        if given.strokes:
            body["strokes"] = _strokes(given.strokes)
        found = request(given, "letter", act="write", **body)
        return said(given, found, SENT.told(given.lang, id=found["id"]))
    if len(given.words) != 1:
        raise Misuse(WHICH)
    found = request(given, "letter", act=given.act, id=given.words[0])
    return said(given, found, f"{found['id']}: {_states(found['states'], given.lang)}")


def _strokes(path: str) -> Any:
    """The strokes of a JSON file: a list of lists of [x, y, seconds]. Raises Misuse."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as stop:
        raise Misuse(NO_FILE, path=path, why=stop) from None


def _line(one: dict[str, Any], spoken: str) -> str:
    when = datetime.datetime.fromtimestamp(one["written"]).strftime("%Y-%m-%d %H:%M")
    text = one["text"] or (DRAWN.told(spoken, points=one["points"]) if one["points"] else GONE.told(spoken))
    return f"{one['id']}  {when}  {_states(one['states'], spoken)}  {seen(text)}"


def _states(states: dict[str, str], spoken: str) -> str:
    return ", ".join(f"{site} {STATES[state].told(spoken)}" for site, state in states.items())
