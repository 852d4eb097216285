"""The line to the other cities: whose keys are trusted, and which way it is laid."""

from __future__ import annotations

from pathlib import Path

from installation import home
from installation.clock import Clock
from installation.library import UNREADABLE
from installation.score.problem import Fault, Problem, Row
from installation.score.rig import Peer as Named
from installation.score.rig import Rig
from installation.twin import keys, rooms
from installation.twin.link import Link, Peer
from installation.twin.offset import SharedTime

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
        pair, trusted = keys.read(folder), keys.known(folder)
    except OSError as error:
        words = {"reason": error.strerror or error}
        raise Fault([Problem(str(error.filename or folder), 0, UNREADABLE, words)]) from None
    strangers = [peer.name for peer in rig.peers if not peer.key and peer.name not in trusted]
    if strangers:
        raise Fault(Problem(rig.file, rig.sheet.lines[("peer", name)], NO_KEY, {"name": name}) for name in strangers)
    return pair, [_peer(rig, peer, trusted.get(peer.name)) for peer in rig.peers]


def _peer(rig: Rig, peer: Named, kept: tuple[str, ...] | None) -> Peer:
    """The rig's key counts, and the one that follows it by what was kept; none, when the peer was forgotten."""
    found = (peer.key,) if peer.key and kept != () and peer.key not in (kept or ()) else kept or ()
    first, also = (*found, "", "")[:2]
    return Peer(peer.name, first, _dialled(rig, peer), also)


def _dialled(rig: Rig, peer: Named) -> str | None:
    """Where a peer is dialled; of two who meet at a relay the first by name dials, at the tunnel's local door."""
    if peer.relay and rooms.role(rig.name, peer.name) == rooms.DIAL:
        return f"ipc://{rooms.door(home.doors(rig.name).folder, rig.name, peer.name)}"
    return peer.dial or None


def _listens(rig: Rig) -> str | None:
    """The port for those who call, and the local door to which the tunnel brings those who come by a relay."""
    ports = [peer.listen for peer in rig.peers if peer.listen][:1]
    relayed = [peer.name for peer in rig.peers if peer.relay and rooms.role(rig.name, peer.name) == rooms.LISTEN]
    ports += [f"ipc://{rooms.door(home.doors(rig.name).folder, rig.name, name)}" for name in relayed[:1]]
    return " ".join(ports) or None


def linked(rig: Rig, epoch: int, clock: Clock, folder: Path, shared: SharedTime | None = None) -> Link:
    """The line, its thread running. Raises Fault when a key is missing or the port is taken."""
    pair, peers = known(rig, folder)
    return Link(rig.name, epoch, pair, peers, clock, _listens(rig), shared)


def deaf(rig: Rig, epoch: int, clock: Clock, folder: Path, shared: SharedTime | None = None) -> Link:
    """A line that listens nowhere, for a house that plays on while its own cannot be laid."""
    try:
        pair, peers = known(rig, folder)
    except Fault:
        pair, peers = keys.made(), [Peer(peer.name, keys.made().public, None) for peer in rig.peers]
    return Link(rig.name, epoch, pair, peers, clock, shared=shared)
