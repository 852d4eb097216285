"""From `tcp://host:port` to the addresses that may be dialled: a name server may take its time, or change its mind.

A thread for each name that is being asked for; the one who asks never waits.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable
from typing import Any

FRESH = 5.0
"""Seconds for which an answer is used; then it is asked for again, and used until there is another."""
NAMES = 32


class _Name:
    """One host and port, and what is known of it."""

    def __init__(self) -> None:
        self.found: tuple[str, ...] = ()
        self.reason, self.at, self.asking = "", -1e9, False


class Resolver:
    """`addresses` gives what is known by now; `reason` says why a name has none."""

    def __init__(self) -> None:
        self._names: dict[str, _Name] = {}

    def addresses(self, address: str, now: float) -> tuple[str, ...]:
        """Numbers to dial, IPv6 and IPv4 in turns; none while nothing is known. One that is no name is given back."""
        host, port = _parts(address)
        if not host:
            return (address,)
        if address not in self._names and len(self._names) >= NAMES:
            self._names.clear()
        name = self._names.setdefault(address, _Name())
        if not name.asking and now - name.at > FRESH:
            name.asking, name.at = True, now
            threading.Thread(target=_ask, args=(name, host, port), name="resolve", daemon=True).start()
        return name.found

    def reason(self, address: str) -> str:
        name = self._names.get(address)
        return name.reason if name else ""


def _ask(name: _Name, host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        name.found, name.reason = _ordered(found, port), ""
    except (OSError, UnicodeError) as fault:
        name.reason = str(fault)
    name.asking = False


def _ordered(
    given: Iterable[tuple[socket.AddressFamily, Any, int, str, tuple[Any, ...]]], port: int
) -> tuple[str, ...]:
    """One family after the other, so that a house without a route for one soon tries the other (RFC 8305)."""
    found = list(given)
    sixes = [f"tcp://[{end[0]}]:{port}" for family, *_, end in found if family == socket.AF_INET6]
    fours = [f"tcp://{end[0]}:{port}" for family, *_, end in found if family == socket.AF_INET]
    turns = [*zip(sixes, fours, strict=False)]
    rest = sixes[len(turns) :] + fours[len(turns) :]
    return tuple(dict.fromkeys([one for pair in turns for one in pair] + rest))


def _parts(address: str) -> tuple[str, int]:
    """Host and port; no host when it is a number already, or no address that has one."""
    scheme, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    if scheme != "tcp" or not host or not port.isdigit():
        return "", 0
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host, int(port)
    return "", 0
