"""Who stands at the door, from the first byte of a connection: how many, how long without a word; who is sent away.

ZeroMQ has no call that ends one connection of a ROUTER. But it tells the file number of each one accepted (its
monitor) and of each frame's (`__fd`), and a connection whose socket is shut down ends as if the other side had hung
up. That the number still means the same connection is seen by the other end's address and port.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from installation.twin.limits import Bucket

HALF = 64
"""Connections at once that have not said a word under a trusted key."""
HALF_FOR = 10.0
"""Seconds for which they may be silent: a handshake takes 3.5 round trips."""
ACCEPTS, ADDRESSES = (50, 200), 256
"""Connections a second, and in one burst, from one address; addresses that are remembered."""


class _Caller(NamedTuple):
    """A connection that has not said anything yet."""

    end: Any
    since: float


class Callers:
    """The connections that were accepted and have not yet shown a key and a word. `sent_away` counts."""

    def __init__(self) -> None:
        self.sent_away = 0
        self._half: dict[int, _Caller] = {}
        self._rates: dict[str, Bucket] = {}

    def came(self, file: int, now: float) -> None:
        """A connection was accepted. Where there are too many, the address with the most of them loses one."""
        end = end_of(file)
        if end is None:
            return
        self._half[file] = _Caller(end, now)
        if not self._rate(str(end[0]), now).take(1, now):
            self._away(file)
        elif len(self._half) > HALF:
            self._away(self._crowd())

    def gone(self, file: int) -> None:
        self._half.pop(file, None)

    def spoke(self, file: int) -> Any:
        """A frame came on it: it is nobody's stranger. Gives the other end, for `cut`."""
        found = self._half.pop(file, None)
        return found.end if found else end_of(file)

    def tidy(self, now: float) -> None:
        """Those that have been silent for too long are sent away."""
        for file in [file for file, caller in self._half.items() if now - caller.since > HALF_FOR]:
            self._away(file)

    def _rate(self, address: str, now: float) -> Bucket:
        if address not in self._rates and len(self._rates) >= ADDRESSES:
            self._rates = {a: b for a, b in self._rates.items() if b.fill(now) < b.burst}
            while len(self._rates) >= ADDRESSES:
                del self._rates[next(iter(self._rates))]
        return self._rates.setdefault(address, Bucket(*ACCEPTS))

    def _crowd(self) -> int:
        """The oldest connection of the address that has the most."""
        crowds = Counter(caller.end[0] for caller in self._half.values())
        largest = max(crowds.values())
        return next(file for file, caller in self._half.items() if crowds[caller.end[0]] == largest)

    def _away(self, file: int) -> None:
        self.sent_away += 1
        cut(file, self._half.pop(file).end)


def end_of(file: int) -> Any:
    """Address and port of the other end of a connection; None when there is none."""
    with contextlib.suppress(OSError), _held(file) as end:
        return end.getpeername()
    return None


def cut(file: int, end: Any) -> bool:
    """Ends the connection `file` to `end`; when the number stands for something else by now, nothing happens."""
    with contextlib.suppress(OSError), _held(file) as found:
        if end is not None and found.getpeername() == end:
            found.shutdown(socket.SHUT_RDWR)
            return True
    return False


@contextlib.contextmanager
def _held(file: int) -> Iterator[socket.socket]:
    """A second number for the same socket, so that it cannot become another's in between."""
    held = socket.socket(fileno=os.dup(file))
    try:
        yield held
    finally:
        held.close()
