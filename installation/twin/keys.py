"""The site's CURVE key pair and the keys that it trusts, in the folder that the caller names.

Three files: `site.key` (mode 600; public, then secret), `next.key` (alike, while the key is being changed) and
`trusted` (a line for each site: its name, its key, and the one that it will have next; `-` for one that is forgotten).
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import NamedTuple

import zmq

from installation.score.problem import Fault, Problem, Row
from installation.twin import problems

_KEY = re.compile(r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}")
_SITE = re.compile(r"[a-z0-9_-]{1,64}")


class Pair(NamedTuple):
    """A CURVE key pair in Z85, 40 characters each."""

    public: str
    secret: str

    def __repr__(self) -> str:
        return f"Pair({self.public!r}, secret kept)"


def made() -> Pair:
    """A fresh pair, in memory only."""
    public, secret = zmq.curve_keypair()
    return Pair(public.decode(), secret.decode())


def new(folder: Path) -> Pair:
    """Makes the site's pair. Raises Fault when there is one already: the peers trust that one."""
    return _written(folder / "site.key", problems.KEY_EXISTS)


def _written(path: Path, there: Row) -> Pair:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pair = made()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Fault([Problem(str(path), 0, there, {})]) from None
    with os.fdopen(file, "w") as out:
        out.write(f"{pair.public}\n{pair.secret}\n")
        out.flush()
        os.fsync(file)
    return pair


def read(folder: Path) -> Pair:
    """The site's pair. Raises Fault when it is missing, damaged, or readable by others."""
    return _read(folder / "site.key", problems.KEY_MISSING)


def _read(path: Path, missing: Row) -> Pair:
    try:
        mode, lines = path.stat().st_mode, path.read_text("ascii", "replace").split("\n")
    except OSError:
        raise Fault([Problem(str(path), 0, missing, {})]) from None
    if os.name == "posix" and mode & 0o077:
        raise Fault([Problem(str(path), 0, problems.KEY_OPEN, {"mode": f"{mode & 0o777:03o}"})])
    if len(lines) < 2 or not all(_KEY.fullmatch(line) for line in lines[:2]):
        raise Fault([Problem(str(path), 1, problems.KEY_DAMAGED, {})])
    return Pair(lines[0], lines[1])


def fingerprint(public: str) -> str:
    """Four groups of four letters and digits, to read over the telephone."""
    text = base64.b32encode(hashlib.blake2b(public.encode(), digest_size=10).digest()).decode()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def sound(public: str) -> bool:
    """Whether this is a CURVE public key as the rig and `show` write it."""
    return _KEY.fullmatch(public) is not None


def show(folder: Path) -> tuple[str, str]:
    """The site's public key and its fingerprint."""
    public = read(folder).public
    return public, fingerprint(public)


def make_next(folder: Path) -> Pair:
    """Makes the pair that the site will have next. Raises Fault when there is one, or no first one."""
    read(folder)
    return _written(folder / "next.key", problems.NEXT_EXISTS)


def read_next(folder: Path) -> Pair | None:
    """The pair that the site will have next. Raises Fault when it is damaged."""
    path = folder / "next.key"
    return _read(path, problems.NEXT_MISSING) if path.exists() else None


def turn(folder: Path) -> Pair:
    """The next pair is the site's from now on; the one before is gone. Raises Fault when there is no next one."""
    pair = _read(folder / "next.key", problems.NEXT_MISSING)
    (folder / "next.key").replace(folder / "site.key")
    return pair


def known(folder: Path) -> dict[str, tuple[str, ...]]:
    """Site to its keys, the present one first; none for a site that was forgotten."""
    path, found = folder / "trusted", dict[str, tuple[str, ...]]()
    if not path.exists():
        return {}
    for number, line in enumerate(path.read_text("ascii", "replace").splitlines(), 1):
        site, *those = line.split(" ")
        if not (_SITE.fullmatch(site) and (those == ["-"] or (0 < len(those) < 3 and all(map(sound, those))))):
            raise Fault([Problem(str(path), number, problems.TRUST_DAMAGED, {"line": line[:60]})])
        found[site] = tuple(key for key in those if key != "-")
    return found


def trusted(folder: Path) -> dict[str, str]:
    """Site to its present public key, of those that are trusted."""
    return {site: those[0] for site, those in known(folder).items() if those}


def trust(folder: Path, site: str, public: str, then: str = "") -> str:
    """Trusts `public` to be `site` from now on, and `then` beside it, and gives its fingerprint.

    Raises Fault when it is no key.
    """
    path = folder / "trusted"
    for key in filter(None, (public, then)):
        if not sound(key):
            raise Fault([Problem(str(path), 0, problems.NO_KEY, {"key": key[:60]})])
    if not _SITE.fullmatch(site):
        raise Fault([Problem(str(path), 0, problems.NO_SITE, {"site": site[:60]})])
    _keep(folder, {**known(folder), site: (public, then) if then else (public,)})
    return fingerprint(public)


def forget(folder: Path, site: str) -> None:
    """Trusts no key of `site` any more, whatever the rig says. Raises Fault when that is no site's name."""
    if not _SITE.fullmatch(site):
        raise Fault([Problem(str(folder / "trusted"), 0, problems.NO_SITE, {"site": site[:60]})])
    _keep(folder, {**known(folder), site: ()})


def _keep(folder: Path, sites: dict[str, tuple[str, ...]]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "trusted"
    fresh = path.with_suffix(".new")
    lines = "".join(f"{name} {' '.join(those) or '-'}\n" for name, those in sorted(sites.items()))
    with fresh.open("w", encoding="ascii") as out:
        out.write(lines)
        out.flush()
        os.fsync(out.fileno())
    fresh.chmod(0o600)
    fresh.replace(path)
