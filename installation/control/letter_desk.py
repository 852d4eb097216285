"""What may be asked of a running site about letters: written, listed, approved, refused."""

from __future__ import annotations

import math
from typing import Any

from installation.control.letters import OPEN
from installation.control.tick import Control
from installation.score import letter as rules
from installation.score.letter import Letter
from installation.score.problem import LANGUAGES, Problem, Row, hint, one_of, sent
from installation.score.text import cleaned

Answer = dict[str, Any]
ACTS = ("write", "list", "approve", "refuse")

NO_ACT = Row(
    en=('letters cannot be "{found}"', "{known}", "{hint}"),
    fr=("on ne peut pas « {found} » une lettre", "{known}", "{hint}"),
)
EMPTY = Row(
    en=("the letter says nothing", "words, or strokes", "write something"),
    fr=("la lettre ne dit rien", "des mots, ou des traits", "écrivez quelque chose"),
)
NOT_STROKES = Row(
    en=(
        "the letter has no strokes that can be sent",
        "1 to {strokes} strokes, {points} points in all, each [x, y, seconds] with x and y from 0 to 1",
        "draw less, or correct them",
    ),
    fr=(
        "la lettre n'a pas de traits qui puissent partir",
        "1 à {strokes} traits, {points} points en tout, chacun [x, y, secondes] avec x et y de 0 à 1",
        "dessinez moins, ou corrigez-les",
    ),
)
TOO_LONG = Row(
    en=("the letter has {found} characters", "at most {most}", "write less, or two letters"),
    fr=("la lettre a {found} caractères", "au plus {most}", "écrivez moins, ou deux lettres"),
)
NO_CITY = Row(
    en=('no city "{found}"', "{known}", "{hint}"),
    fr=("pas de ville « {found} »", "{known}", "{hint}"),
)
FULL = Row(
    en=("{found} letters of this house are on their way", "at most {most}", "wait until some have come"),
    fr=("{found} lettres de ce site sont en chemin", "au plus {most}", "attendez que quelques-unes soient arrivées"),
)
VEILED = Row(
    en=("the veil is on: nothing leaves the house", "a house without its veil", "lift it, then write again"),
    fr=("le voile est posé : rien ne quitte le site", "un site sans son voile", "levez-le, puis récrivez"),
)
NO_LETTER = Row(
    en=('no letter "{found}"', "{known}", "`jumelage letter list` shows them"),
    fr=("pas de lettre « {found} »", "{known}", "`jumelage letter list` les montre"),
)
NOT_OURS = Row(
    en=(
        "{found} was written here: the house that receives it approves it",
        "a letter that came",
        "refuse takes it back",
    ),
    fr=(
        "{found} a été écrite ici : c'est le site qui la reçoit qui l'accepte",
        "une lettre reçue",
        "refuse la reprend",
    ),
)


def told(row: Row, **words: Any) -> Answer:
    return {"problem": sent(Problem("", 0, row, words))}


def letter(control: Control, request: dict[str, Any]) -> Answer:
    """One request: `act` is one of ACTS."""
    act = str(request.get("act", "list"))
    if act == "write":
        return write(control, request)
    if act == "list":
        return {"letters": [_row(control, one) for one in control.letters.all()]}
    if act not in ACTS:
        return told(NO_ACT, found=act, known=one_of(ACTS), hint=hint(act, ACTS))
    return judge(control, str(request.get("id", "")), act, str(request.get("by", "steward")))


def write(control: Control, request: dict[str, Any]) -> Answer:
    """A visitor's letter: `text` or `strokes`, its `language`, the city `to` which it goes, `days` to live."""
    letters, peers = control.letters, [peer.name for peer in control.parts.rig.peers]
    text, strokes, to = str(request.get("text") or ""), request.get("strokes"), str(request.get("to") or "")
    if len(text) > rules.LONGEST:
        return told(TOO_LONG, found=len(text), most=rules.LONGEST)
    text = cleaned(text).strip()
    drawn = rules.packed(strokes) if strokes and not text else ()
    if drawn is None:
        return told(NOT_STROKES, strokes=rules.STROKES, points=rules.POINTS)
    if not (text or drawn):
        return told(EMPTY)
    if to and to not in peers:
        return told(NO_CITY, found=to, known=one_of(peers), hint=hint(to, peers))
    if not letters.room:
        return told(FULL, found=OPEN, most=OPEN)
    if "veil" in control.house.on:
        return told(VEILED)
    days, language = request.get("days"), str(request.get("language") or "")
    days = float(days) if isinstance(days, int | float) and math.isfinite(days) and days > 0 else None
    entry = letters.write(text, drawn, language if language in LANGUAGES else language[:16], to, days, _now(control))
    return {"id": rules.name_of(entry), "number": entry.number}


def judge(control: Control, given: str, act: str, by: str) -> Answer:
    """A steward's word on one letter."""
    letters = control.letters
    found = letters.meant(given)
    if len(found) != 1:
        return told(NO_LETTER, found=given, known=one_of(found or [one.id for one in letters.all() if one.kind][:12]))
    one = letters.get(found[0])
    if act == "approve" and one.sender == letters.site:
        return told(NOT_OURS, found=one.id)
    entry = letters.judge(one.id, "approved" if act == "approve" else "refused", by[:64], _now(control))
    return {"id": one.id, "states": letters.state(one, _now(control)), "number": entry.number}


def _now(control: Control) -> float:
    return control.link.shared.shared(control.clock.now())


def _row(control: Control, one: Letter) -> Answer:
    """A letter as a list shows it."""
    states = control.letters.state(one, _now(control))
    return {
        "id": one.id, "from": one.sender, "to": one.to, "kind": one.kind, "language": one.language, "text": one.text,
        "points": sum(map(len, one.strokes)) // 6, "written": one.written, "expires": one.expires, "states": states,
    }  # fmt: skip
