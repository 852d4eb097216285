"""`relay`: where two venues meet that nobody can call; and the secret by which a house is let in."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Any

from installation import home
from installation.score.problem import Say
from installation.speech import Lack, Misuse, show_json, tell
from installation.twin import rooms

LISTENS = Say(
    "the relay listens on port {port}; it carries what it cannot read\n"
    "in each house: `jumelage relay join {secret}`, and for the peer, in its rig, "
    '`relay = "tcp://THIS-HOST:{port}"`',
    "le relais écoute sur le port {port} ; il transporte ce qu'il ne peut pas lire\n"
    "dans chaque maison : `jumelage relay join {secret}`, et pour le pair, dans sa régie, "
    '`relay = "tcp://CET-HÔTE:{port}"`',
)
GOES = Say("{rooms} pairs of houses; {lines} lines until now", "{rooms} paires de maisons ; {lines} lignes jusqu'ici")
REFUSED = Say(
    "someone at {address} does not know the secret; if it is a house of yours, run `jumelage relay join` there",
    "quelqu'un à {address} ignore le secret ; si c'est une de vos maisons, lancez-y `jumelage relay join`",
)
TAKEN = Say(
    "the relay cannot listen on port {port}: {reason}; stop the other program, or name another with --port",
    "le relais ne peut pas écouter sur le port {port} : {reason} ; arrêtez l'autre programme, ou changez --port",
)
NO_SECRET = Say(
    '"{found}" is no secret of a relay; it has 64 digits and letters a to f: copy what the relay printed',
    "« {found} » n'est pas un secret de relais ; il a 64 chiffres et lettres de a à f : "
    "recopiez ce que le relais affiche",
)
KEPT = Say("this house knows the relay's secret now", "cette maison connaît désormais le secret du relais")
NOT_KEPT = Say(
    "{path}: {reason}; the secret needs a folder that this user may write to",
    "{path} : {reason} ; le secret demande un dossier ouvert en écriture",
)


def relay(given: argparse.Namespace) -> int:
    """Runs a relay until Ctrl-C, or keeps the secret of one."""
    path = home.keys_folder() / rooms.FILE
    try:
        return _join(given, path) if given.do == "join" else _run(given, path)
    except OSError as error:
        raise Lack(NOT_KEPT, path=error.filename or path, reason=error.strerror or error) from None


def _join(given: argparse.Namespace, path: Path) -> int:
    try:
        rooms.keep_secret(path, given.secret or "")
    except ValueError:
        raise Misuse(NO_SECRET, found=(given.secret or "")[:20]) from None
    if given.json:
        show_json({"joined": True})
    else:
        print(KEPT.told(given.lang))
    return 0


def _run(given: argparse.Namespace, path: Path) -> int:
    from installation.twin.relay import serve

    if not path.exists():
        rooms.keep_secret(path, rooms.new_secret())
    secret = rooms.read_secret(path)
    told: set[str] = set()

    def say(word: str, words: dict[str, Any]) -> None:
        if word == "listens":
            tell(LISTENS.told(given.lang, secret=secret.hex(), **words))
        elif word == "goes":
            tell(GOES.told(given.lang, **words))
        elif (address := words["address"].split(",")[0]) not in told and len(told) < 100:
            told.add(address)
            tell(REFUSED.told(given.lang, address=address.strip("('")))

    try:
        ended = asyncio.run(serve(given.host or None, given.port, secret, say))
    except OSError as error:
        raise Lack(TAKEN, port=given.port, reason=error.strerror or error) from None
    if given.json:
        show_json({"lines": ended.lines, "carried_bytes": ended.carried, "refused": ended.refused})
    return 0
