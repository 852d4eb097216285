"""Whoever keeps the bytes of a line and sends them again, to the port or into the line itself, changes nothing."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator

import pytest

from installation.twin import keys
from installation.twin.link import Peer
from tests.twin.site import Site, until

PARIS, SF = keys.made(), keys.made()


class Tap:
    """Stands in the line: `kept` is what each connection's caller has sent; `again` sends the next bytes twice."""

    def __init__(self, to: int) -> None:
        self.to, self.kept, self.again = to, list[bytearray](), threading.Event()
        self.doubled = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                near = self._door.accept()[0]
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        kept = bytearray()
        self.kept.append(kept)
        with near, far:
            while True:
                for end in select.select((near, far), (), ())[0]:
                    try:
                        piece = end.recv(65536)
                        (far if end is near else near).sendall(piece)
                        if end is near and self.again.is_set():
                            far.sendall(piece)
                            self.doubled += 1
                    except OSError:
                        piece = b""
                    if not piece:
                        return
                    if end is near:
                        kept += piece

    def close(self) -> None:
        self._door.close()


@pytest.fixture
def cities() -> Iterator[tuple[Site, Site, Tap]]:
    sf = Site("sf", SF, [Peer("paris", PARIS.public)], listen="tcp://127.0.0.1:*")
    tap = Tap(sf.port)
    paris = Site("paris", PARIS, [Peer("sf", SF.public, f"tcp://127.0.0.1:{tap.port}")])
    until(lambda: sf.connected() and paris.connected(), 30.0)
    yield paris, sf, tap
    paris.kill()
    sf.kill()
    tap.close()


def spoken(paris: Site, sf: Site) -> None:
    """Touches and a letter have crossed; a last touch has taken the first back."""
    for value in (0.9, 0.1):
        paris.ask("touch", "/scene/p3", [value])
        until(lambda: abs(sf.ask("read")[3] - value) < 0.01, 30.0)  # noqa: B023
    written = paris.ask("write", "letter")
    until(lambda: sf.ask("given") == [["paris", written]], 30.0)


def test_a_recorded_call_is_not_let_in(cities: tuple[Site, Site, Tap]) -> None:
    paris, sf, tap = cities
    spoken(paris, sf)
    paris.kill()
    until(lambda: not sf.connected(), 30.0)
    before = sf.ask("read"), sf.ask("given"), sf.ask("status")["paris"]["received_bytes"]
    for record in [bytes(kept) for kept in tap.kept]:
        with socket.create_connection(("127.0.0.1", sf.port), 30.0) as thief:
            thief.sendall(record)
            try:
                while thief.recv(65536):  # until San Francisco hangs up
                    pass
            except ConnectionResetError:
                pass
    after = sf.ask("read"), sf.ask("given"), sf.ask("status")["paris"]["received_bytes"]
    assert after == before and not sf.connected()


def test_bytes_that_are_doubled_in_the_line_end_the_connection_and_nothing_else(cities: tuple[Site, Site, Tap]) -> None:
    paris, sf, tap = cities
    spoken(paris, sf)
    tap.again.set()
    until(lambda: tap.doubled > 0, 30.0)
    tap.again.clear()
    paris.ask("touch", "/scene/p3", [0.7])
    until(lambda: sf.connected() and paris.connected() and abs(sf.ask("read")[3] - 0.7) < 0.01, 30.0)
    written = paris.ask("write", "letter")
    until(lambda: sf.ask("given") == [["paris", written - 1], ["paris", written]], 30.0)
    assert sf.ask("status")["paris"]["garbled"] == 0 and sf.ask("counted").get("garbled", 0) == 0
