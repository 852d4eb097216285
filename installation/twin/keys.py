"""The site's CURVE key pair and the keys that it trusts, in the folder that the caller names.

Two files: `site.key` (mode 600; public, then secret) and `trusted` (one `site key` a line).
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import NamedTuple

import zmq

from installation.score.problem import Fault, Problem
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
    path = folder / "site.key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pair = made()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Fault([Problem(str(path), 0, problems.KEY_EXISTS, {})]) from None
    with os.fdopen(file, "w") as out:
        out.write(f"{pair.public}\n{pair.secret}\n")
        out.flush()
        os.fsync(file)
    return pair


def read(folder: Path) -> Pair:
    """The site's pair. Raises Fault when it is missing, damaged, or readable by others."""
    path = folder / "site.key"
    try:
        mode, lines = path.stat().st_mode, path.read_text("ascii", "replace").split("\n")
    except OSError:
        raise Fault([Problem(str(path), 0, problems.KEY_MISSING, {})]) from None
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


def trusted(folder: Path) -> dict[str, str]:
    """Site to public key, as `trust` has kept them."""
    path, found = folder / "trusted", {}
    if not path.exists():
        return {}
    for number, line in enumerate(path.read_text("ascii", "replace").splitlines(), 1):
        site, _, key = line.partition(" ")
        if not (_SITE.fullmatch(site) and sound(key)):
            raise Fault([Problem(str(path), number, problems.TRUST_DAMAGED, {"line": line[:60]})])
        found[site] = key
    return found


def trust(folder: Path, site: str, public: str) -> str:
    """Trusts `public` to be `site` from now on, and gives its fingerprint. Raises Fault when it is no key."""
    path = folder / "trusted"
    if not sound(public):
        raise Fault([Problem(str(path), 0, problems.NO_KEY, {"key": public[:60]})])
    if not _SITE.fullmatch(site):
        raise Fault([Problem(str(path), 0, problems.NO_SITE, {"site": site[:60]})])
    known = {**trusted(folder), site: public}
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{name} {key}\n" for name, key in sorted(known.items())), "ascii")
    fresh.chmod(0o600)
    fresh.replace(path)
    return fingerprint(public)
