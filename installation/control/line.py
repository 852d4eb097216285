"""The line to the other cities: whose keys are trusted, and which way it is laid."""

from __future__ import annotations

from pathlib import Path

from installation.clock import Clock
from installation.library import UNREADABLE
from installation.score.problem import Fault, Problem, Row
from installation.score.rig import Rig
from installation.twin import keys
from installation.twin.link import Link, Peer

NO_KEY = Row(
    en=(
        "[peer.{name}] has no key, and {name} is not trusted here",
        "its public key",
        "ask there for `jumelage keys show`, then `jumelage keys trust {name} KEY` here",
    ),
    fr=(
        "[peer.{name}] n'a pas de clé, et {name} n'est pas de confiance ici",
        "sa clé publique",
        "demandez là-bas `jumelage keys show`, puis ici `jumelage keys trust {name} CLÉ`",
    ),
)


def known(rig: Rig, folder: Path) -> tuple[keys.Pair, list[Peer]]:
    """This house's pair and its peers with their keys; `folder` holds the pair and the trusted keys.

    A house without peers needs no pair of its own and gets one that nobody knows. Raises Fault when a key is missing.
    """
    if not rig.peers:
        return keys.made(), []
    try:
        pair, trusted = keys.read(folder), keys.trusted(folder)
    except OSError as error:
        words = {"reason": error.strerror or error}
        raise Fault([Problem(str(error.filename or folder), 0, UNREADABLE, words)]) from None
    strangers = [peer.name for peer in rig.peers if not peer.key and peer.name not in trusted]
    if strangers:
        raise Fault(Problem(rig.file, rig.sheet.lines[("peer", name)], NO_KEY, {"name": name}) for name in strangers)
    return pair, [Peer(peer.name, peer.key or trusted[peer.name], peer.dial or None) for peer in rig.peers]


def linked(rig: Rig, epoch: int, clock: Clock, folder: Path) -> Link:
    """The line, its thread running. Raises Fault when a key is missing or the port is taken."""
    pair, peers = known(rig, folder)
    listen = next((peer.listen for peer in rig.peers if peer.listen), None)
    return Link(rig.name, epoch, pair, peers, clock, listen)
