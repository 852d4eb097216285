"""Verbs for the machine and the engine: `keys`, `doctor`, `bench`, `test`."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from installation import home, library
from installation.score.problem import Say, hint, one_of
from installation.speech import Lack, Misuse, show_json, tell

NO_PEER = Say(
    "`keys trust` takes a peer's name and its public key, `keys forget` a name",
    "`keys trust` prend le nom d'un pair et sa clé publique, `keys forget` un nom",
)
NOT_KEPT = Say(
    "{path}: {reason}; keys need a folder that this user may write to: mend it, or name another in JUMELAGE_HOME",
    "{path} : {reason} ; les clés demandent un dossier ouvert en écriture : corrigez, ou changez JUMELAGE_HOME",
)
SHOWN = Say(
    "public key: {public}\nread it aloud: {fingerprint}", "clé publique : {public}\nà lire au téléphone : {fingerprint}"
)
TRUSTED = Say(
    "{peer} is trusted here now; its fingerprint: {fingerprint}",
    "{peer} est désormais de confiance ; son empreinte : {fingerprint}",
)
OF_PEER = Say("{peer} is trusted: {fingerprint}", "{peer} est de confiance : {fingerprint}")
AND_NEXT = Say("{peer}, its next key: {fingerprint}", "{peer}, sa prochaine clé : {fingerprint}")
FORGOTTEN = Say(
    "{peer} is not trusted here any more; a running site cuts its line within seconds; `keys trust` takes it back",
    "{peer} n'est plus de confiance ; un site en marche coupe sa ligne en quelques secondes ; `keys trust` y remédie",
)
NEXT_MADE = Say(
    "next key: {public}\nread it aloud: {fingerprint}\na running site tells it to its peers; then `jumelage keys turn`",
    "prochaine clé : {public}\nà lire : {fingerprint}\nun site en marche la dit aux pairs ; puis `jumelage keys turn`",
)
TURNED = Say(
    "this house's key is {public} now\nread it aloud: {fingerprint}\n"
    "a running site changes within seconds; a peer that was away needs `keys trust`",
    "la clé de la maison est désormais {public}\nà lire : {fingerprint}\n"
    "un site en marche change en quelques secondes ; un pair absent aura besoin de `keys trust`",
)
NOT_TOLD = Say(
    "{peers}: not told of the next key yet; wait for the line, or use --anyway and `keys trust` there",
    "{peers} : pas encore au courant de la prochaine clé ; attendez la ligne, ou --anyway et `keys trust` là-bas",
)
NO_BENCH = Say('no benchmark "{found}"; {known}; {hint}', "mesure « {found} » inconnue ; {known} ; {hint}")
ONLY_CHECKOUT = Say(
    "tests and benchmarks come with a checkout of the project, not with an installed package",
    "les tests et les mesures viennent avec le dépôt du projet, pas avec le paquet installé",
)  # fmt: skip
BENCHES = (
    "frame", "shaders", "scene", "start", "tick", "osc", "mirror", "smooth", "twin", "clock", "cue", "ocean", "journal",
)  # fmt: skip


def keys(given: argparse.Namespace) -> int:
    """Makes, shows, trusts, forgets or changes keys."""
    folder = home.keys_folder()
    try:
        return _keys(given, folder)
    except OSError as error:
        reason = error.strerror or error
        raise Lack(NOT_KEPT, path=error.filename or folder, reason=reason) from None


def _keys(given: argparse.Namespace, folder: Path) -> int:
    from installation.twin import keys as curve

    if given.do in ("trust", "forget"):
        return _trust(given, folder)
    if given.do == "next":
        return _own(given, NEXT_MADE, curve.make_next(folder).public, {})
    if given.do == "turn":
        waiting = [] if given.anyway or curve.read_next(folder) is None else _untold()
        if waiting:
            raise Misuse(NOT_TOLD, peers=", ".join(waiting))
        return _own(given, TURNED, curve.turn(folder).public, {})
    if given.do == "new":
        curve.new(folder)
    following = curve.read_next(folder)
    trusted = {peer: [curve.fingerprint(key) for key in those] for peer, those in curve.known(folder).items() if those}
    more = {"next": following.public if following else "", "trusted": trusted}
    return _own(given, SHOWN, curve.show(folder)[0], more)


def _own(given: argparse.Namespace, word: Say, public: str, more: dict[str, Any]) -> int:
    from installation.twin.keys import fingerprint

    found = {"public": public, "fingerprint": fingerprint(public)}
    lines = [word.told(given.lang, **found)]
    for peer, those in more.get("trusted", {}).items():
        told = zip((OF_PEER, AND_NEXT), those, strict=False)
        lines += [say.told(given.lang, peer=peer, fingerprint=one) for say, one in told]
    return _said(given, "\n".join(lines), found | more)


def _trust(given: argparse.Namespace, folder: Path) -> int:
    from installation.twin import keys as curve

    if not given.peer or (given.do == "trust" and not given.key):
        raise Misuse(NO_PEER)
    if given.do == "forget":
        curve.forget(folder, given.peer)
        return _said(given, FORGOTTEN.told(given.lang, peer=given.peer), {"peer": given.peer})
    found = {"peer": given.peer, "fingerprint": curve.trust(folder, given.peer, given.key)}
    return _said(given, TRUSTED.told(given.lang, **found), found)


def _untold() -> list[str]:
    """The peers of sites that run here which do not trust the next key yet; those that are forgotten do not count."""
    from installation.verbs.site import ask

    found: dict[str, None] = {}
    for name, running in home.running().items():
        if running["desk"] != home.doors(name).desk:
            continue  # a site of another home has keys of its own
        lines = (ask(name, "status") or {}).get("link", {})
        found |= dict.fromkeys(
            peer for peer, line in lines.items() if not line.get("has_next_key") and line.get("state") != "untrusted"
        )
    return list(found)


def _said(given: argparse.Namespace, plain: str, found: dict[str, Any]) -> int:
    if given.json:
        show_json(found)
    else:
        print(plain)
    return 0


def doctor(given: argparse.Namespace) -> int:
    """What is wrong with this machine, and what to do."""
    from installation import doctor as ward

    if given.rig:
        given.rig = library.library(given.project).rig(given.rig).file
    words = (["--json"] if given.json else []) + (["--rig", given.rig] if given.rig else [])
    return ward.main(words, given.lang)


def bench(given: argparse.Namespace) -> int:
    """The benchmarks that are named, or all; each row with its reference from the same run."""
    names = given.name or list(BENCHES)
    for name in names:
        if name not in BENCHES:
            raise Misuse(NO_BENCH, found=name, known=one_of(BENCHES), hint=hint(name, BENCHES))
    _in_checkout()
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        found = importlib.import_module(f"tests.bench.{name}")
        rows[name] = found.run()
        if not given.json:
            getattr(found, "show", _show)(rows[name], given.lang)
    if given.json:
        show_json({"benchmarks": rows})
    return 0


def _show(rows: list[dict[str, Any]], spoken: str) -> None:
    for row in rows:
        print(shown(row), flush=True)


def shown(row: dict[str, Any]) -> str:
    """One row: what was measured, against what, and the goal."""
    against = f" · {row['reference']} {row['reference_value']:g} {row['unit']}" if row.get("reference") else ""
    ratio = f" · {row['ratio']:.2f}×" if row.get("ratio") is not None else ""
    return f"{row['name']:<58} {row['value']:>10g} {row['unit']}{against}{ratio} · {row['target']}"


def _in_checkout() -> Path:
    root = library.PACKAGE.parent
    if not (root / "tests" / "bench").is_dir():
        raise Lack(ONLY_CHECKOUT)
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return root


def test(given: argparse.Namespace) -> int:
    """The tests, as `./jumelage test` runs them."""
    root = _in_checkout()
    tell("pytest")
    return subprocess.run([sys.executable, "-m", "pytest", str(root / "tests")], cwd=root, check=False).returncode
