"""Where each value stands in the row of numbers that control sends to the stages: one list, made once per scene.

Both ends compute the layout from the same texts, and its digest travels with every row, so neither can misread it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from installation.score.parameter import Parameter
from installation.score.tempo import FASTEST, SLOWEST, Tempo

COMPANY = ("together", "alone", "asleep", "cut")
"""The four states of company, in the order of their numbers: /company holds 0, 1, 2 or 3."""


class Slot(NamedTuple):
    """One value's place: `width` numbers from `offset` on. `parameter` tells kind and range."""

    address: str
    offset: int
    parameter: Parameter


class Layout:
    """The slots of a scene at a site, found by address.

    In this order: the scene's parameters; for each peer, what each shared parameter is there
    (`/twin/PEER/NAME`); what is built in (`/company`, `/company/PEER`, `/presence`, `/link/PEER/delay` …).
    """

    def __init__(
        self,
        parameters: Iterable[Parameter],
        peers: tuple[str, ...],
        seed: str = "",
        twins: Mapping[str, tuple[float, ...]] = MappingProxyType({}),
    ) -> None:
        """`twins` are the defaults of the other cities' values where they are not our own, by our own address."""
        self.peers = peers or ("twin",)
        self.slots: dict[str, Slot] = {}
        self.size = 0
        kept = tuple(parameters)
        for parameter in kept:
            self._add(parameter.address, parameter)
        for peer in self.peers:
            for parameter in kept:
                if parameter.share:
                    default = twins.get(parameter.address, parameter.default)
                    self._add(twin_address(peer, parameter), msgspec.structs.replace(parameter, default=default))
        for parameter in builtins(self.peers):
            self._add(parameter.address, parameter)
        text = seed + repr([(s.address, s.offset, s.parameter.kind) for s in self.slots.values()])
        self.digest = hashlib.blake2b(text.encode(), digest_size=16).digest()

    def meant(self, address: str) -> list[Slot]:
        """The slots that an address of a company table means: `/twin/*/x` is x of every peer."""
        if address.startswith("/twin/*/"):
            tail = address.removeprefix("/twin/*")
            return [self.slots[f"/twin/{peer}{tail}"] for peer in self.peers]
        return [self.slots[address]] if address in self.slots else []

    def _add(self, address: str, parameter: Parameter) -> None:
        self.slots[address] = Slot(address, self.size, parameter)
        self.size += parameter.width


def of_peer(address: str) -> str:
    """The peer whose value stands at `/twin/PEER/…`; "" for any other address."""
    return address.split("/")[2] if address.startswith("/twin/") else ""


def twin_address(peer: str, parameter: Parameter) -> str:
    """`/twin/PEER/NAME`, or `/twin/PEER/LAYER/NAME` for a layer's own parameter."""
    return f"/twin/{peer}{parameter.address.removeprefix('/scene')}"


def built_in(address: str, high: float, kind: str = "float", unit: str = "") -> Parameter:
    """A value that every site has, from 0 to `high`."""
    name = address.rsplit("/", 1)[-1]
    return Parameter(name=name, at=address, kind=kind, default=(0.0,), low=(0.0,), high=(high,), unit=unit, step=0.0)


PRESENCE = msgspec.structs.replace(built_in("/presence", 1000, kind="long"), share="each")
"""How many visitors are here, as a sensor or a steward says; every site shares it. People are whole: a `long` crosses
the sea exactly, and a shader's float input takes it as well."""


TEMPO = msgspec.structs.replace(
    built_in("/tempo/bpm", FASTEST), low=(SLOWEST,), default=(Tempo().bpm,), share="latest", step=0.0
)
"""Beats in a minute; who last touched it in any city says. What crosses the sea is the pair of it and its phase."""
HERE = "here"


def builtins(peers: tuple[str, ...]) -> list[Parameter]:
    """What every site has, whatever its scene."""
    found = [built_in("/company", 3, kind="long"), PRESENCE, built_in("/clock/bound", 1e6, unit="s")]
    for peer in peers:
        found += [
            built_in(f"/company/{peer}", 3, kind="long"),
            built_in(f"/twin/{peer}/presence", 1000, kind="long"),
            built_in(f"/link/{peer}/delay", 60, unit="s"),
            built_in(f"/link/{peer}/quality", 1),
            built_in(f"/link/{peer}/jitter", 60, unit="s"),
            built_in(f"/link/{peer}/late", 60, unit="s"),
            built_in(f"/link/{peer}/lag", 60, unit="s"),
            built_in(f"/link/{peer}/behind", 60, unit="s"),
        ]
    found += [
        built_in("/letter/shown", 2, kind="long"),
        built_in("/site/index", 63, kind="long"),
        built_in("/clock/local", 86400, unit="s"),
    ]
    found += [built_in(f"/clock/{peer}/local", 86400, unit="s") for peer in peers]
    found += [one for site in (HERE, *peers) for one in _sun(site)]
    return [*found, built_in("/tempo/beat", 1), built_in("/tempo/bar", 1), TEMPO]


def _sun(site: str) -> tuple[Parameter, Parameter]:
    """Where the sun stands there, in degrees; 0 and 0 where the rig does not say where that is."""
    elevation = built_in(f"/sun/{site}/elevation", 90, unit="°")
    return msgspec.structs.replace(elevation, low=(-90.0,)), built_in(f"/sun/{site}/azimuth", 360, unit="°")


VALUES = tuple(parameter.address for parameter in builtins(("SITE",)))
"""What may be named of them, SITE being any site, `here` or `twin`."""


def is_built_in(address: str) -> bool:
    """Whether an address is one of VALUES for some site."""
    head, _, rest = address.lstrip("/").partition("/")
    tail = rest.partition("/")[2]
    return address in VALUES or (f"/{head}/SITE/{tail}" if tail else f"/{head}/SITE") in VALUES


def canonical(address: str, own: str, peers: tuple[str, ...]) -> str:
    """The address that is meant: a site's own name and `here` are one, and `twin` is the first peer."""
    head, _, rest = address.lstrip("/").partition("/")
    site, _, tail = rest.partition("/")
    if head == "company" and site == "twin" and peers:
        return f"/company/{peers[0]}"
    if not tail or head not in ("sun", "clock", "link", "twin"):
        return address
    if site == "twin" and peers:
        site = peers[0]
    if head == "clock" and site in (own, HERE):
        return f"/clock/{tail}"
    if head == "sun" and site == own:
        site = HERE
    return f"/{head}/{site}/{tail}"
