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
    "`keys trust` takes a peer's name and its public key", "`keys trust` prend le nom d'un pair et sa clé publique"
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
NO_BENCH = Say('no benchmark "{found}"; {known}; {hint}', "mesure « {found} » inconnue ; {known} ; {hint}")
ONLY_CHECKOUT = Say(
    "tests and benchmarks come with a checkout of the project, not with an installed package",
    "les tests et les mesures viennent avec le dépôt du projet, pas avec le paquet installé",
)  # fmt: skip
BENCHES = (
    "frame", "shaders", "scene", "start", "tick", "osc", "mirror", "smooth", "twin", "clock", "cue", "ocean", "journal",
)  # fmt: skip


def keys(given: argparse.Namespace) -> int:
    """Makes, shows or trusts keys."""
    folder = home.keys_folder()
    try:
        return _keys(given, folder)
    except OSError as error:
        reason = error.strerror or error
        raise Lack(NOT_KEPT, path=error.filename or folder, reason=reason) from None


def _keys(given: argparse.Namespace, folder: Path) -> int:
    from installation.twin import keys as curve

    if given.do == "trust":
        if not given.peer or not given.key:
            raise Misuse(NO_PEER)
        fingerprint = curve.trust(folder, given.peer, given.key)
        found = {"peer": given.peer, "fingerprint": fingerprint}
        return _said(given, TRUSTED.told(given.lang, **found), found)
    if given.do == "new":
        curve.new(folder)
    public, fingerprint = curve.show(folder)
    found = {"public": public, "fingerprint": fingerprint}
    return _said(given, SHOWN.told(given.lang, **found), found)


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
