"""Where a site keeps what must outlive it, and where its local doors are.

State and keys lie under JUMELAGE_HOME, by default as the XDG rules say. Doors are sockets in a folder that only this
user may enter; its path is short, since a socket's name may have 107 characters.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import msgspec


class Doors(NamedTuple):
    """A site's local addresses."""

    folder: Path
    feed: str
    report: str
    desk: str
    tap: str


def home() -> Path:
    """The folder of the state and the keys."""
    given = os.environ.get("JUMELAGE_HOME")
    if given:
        return Path(given)
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "jumelage"


def state_folder(site: str, root: Path | None = None) -> Path:
    """Where one site keeps its half, journal and black box; made when it is not there and can be."""
    folder = (root or home()) / site
    with contextlib.suppress(OSError):  # whoever writes there tells why it cannot; the show goes on in memory
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def keys_folder(root: Path | None = None) -> Path:
    """Where the key pair and the trusted peers are, mode 700; made when it is not there."""
    folder = (root or home()) / "keys"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def doors_folder(site: str, root: Path | None = None) -> Path:
    """Where a site's doors are, or would be."""
    mark = hashlib.blake2b(str((root or home()).resolve()).encode(), digest_size=4).hexdigest()
    return _runtime() / f"{site}-{mark}"


def doors(site: str, root: Path | None = None) -> Doors:
    """A site's doors; the folder is made, mode 700."""
    folder = doors_folder(site, root)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if sys.platform == "win32":
        first = 20000 + int(folder.name.rpartition("-")[2], 16) % 20000
        feed, report, desk, tap = (f"tcp://127.0.0.1:{first + i}" for i in range(4))
    else:
        feed, report, desk, tap = (f"ipc://{folder}/{name}" for name in ("feed", "report", "desk", "tap"))
    return Doors(folder, feed, report, desk, tap)


def announce(found: Doors, site: str, pid: int) -> None:
    """Leaves word that a site runs here, for `set`, `status` and the like to find."""
    (found.folder / "site.json").write_bytes(
        msgspec.json.encode({"site": site, "pid": pid, "desk": found.desk, "tap": found.tap})
    )


def withdraw(found: Doors) -> None:
    """Takes the word back."""
    (found.folder / "site.json").unlink(missing_ok=True)


def running() -> dict[str, dict[str, str]]:
    """Sites that run on this machine: name to its desk and tap. A site that died without a word is left out."""
    sites = {}
    for file in sorted(_runtime().glob("*/site.json")):
        try:
            said = msgspec.json.decode(file.read_bytes())
            os.kill(said["pid"], 0)
        except (OSError, msgspec.DecodeError, KeyError, TypeError):
            continue
        sites[said["site"]] = said
    return sites


def ocean_door() -> Path:
    """Where the simulated line that this process starts hears words; `oceans` finds it."""
    _runtime().mkdir(parents=True, exist_ok=True, mode=0o700)
    return _runtime() / f"ocean-{os.getpid()}"


def oceans() -> list[Path]:
    """The doors of the simulated lines that run on this machine; what one left that was killed is taken away."""
    found = []
    for door in sorted(_runtime().glob("ocean-*")):
        try:
            os.kill(int(door.name.partition("-")[2]), 0)
            found.append(door)
        except (OSError, ValueError):
            door.unlink(missing_ok=True)
    return found


def _runtime() -> Path:
    base = os.environ.get("XDG_RUNTIME_DIR")
    if base and os.access(base, os.W_OK) and len(base) < 50:
        return Path(base) / "jumelage"
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"jumelage-{user}"
