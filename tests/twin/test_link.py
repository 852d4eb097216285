"""The link at its edges, within one process: floods, lengths, wrong addresses."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import zmq

from installation.clock import HeldClock, RealClock
from installation.score.problem import Fault
from installation.twin import greetings, keys, lanes, limits, wire
from installation.twin.link import Link, Peer
from installation.twin.ways import Dialled
from tests.twin.site import until

PARIS, SF = keys.made(), keys.made()


@pytest.fixture
def sf() -> Iterator[Link]:
    found = Link("sf", 1, SF, [Peer("paris", PARIS.public)], RealClock(), listen="tcp://127.0.0.1:*")
    yield found
    found.close()


@pytest.fixture
def hostile(sf: Link) -> Iterator[Dialled]:
    """A socket with the trusted key of Paris, whose owner does as he pleases."""
    context: zmq.Context[Any] = zmq.Context(1)
    found = Dialled(context, PARIS, sf.endpoint, SF.public, 0.0)
    found.put(greetings.hello(1, "paris", "evil"), 0.0)
    until(lambda: sf.status()["paris"]["connected"])
    yield found
    found.close()
    context.destroy(0)


def test_a_trusted_peer_that_floods_cannot_make_this_site_grow(sf: Link, hostile: Dialled) -> None:
    frame = wire.head(wire.DELTA, 1, 1, 1) + bytes(5000)

    def flood() -> bool:
        with contextlib.suppress(zmq.Again):
            for _ in range(200):
                hostile.socket.send(frame, zmq.NOBLOCK)
        return bool(sf.status()["paris"]["state"] == "refused")

    until(flood, 30.0)
    assert sf.status()["paris"]["dropped"] > 0
    assert len(sf.received()) <= limits.FRAMES[lanes.STATE][1] + 1000
    assert ["it is shut out" in str(problem.told()) for problem in sf.problems()] == [True]


def test_a_thousand_strangers_at_the_port_neither_end_the_line_nor_are_told_of_each(sf: Link) -> None:
    paris = Link("paris", 2, PARIS, [Peer("sf", SF.public, sf.endpoint)], RealClock())
    until(lambda: sf.status()["paris"]["connected"] and paris.status()["sf"]["connected"])
    port = int(sf.endpoint.rpartition(":")[2])
    with contextlib.ExitStack() as open_:
        for number in range(1000):
            stranger = open_.enter_context(socket.create_connection(("127.0.0.1", port)))
            with contextlib.suppress(OSError):
                stranger.sendall((b"", b"\xff\0\0\0\0\0\0\0\1\x7f", b"GET / HTTP/1.0\r\n\r\n", bytes(64))[number % 4])
            if number >= 100:
                open_.pop_all().close() if number % 100 == 0 else None
        sf.received()
        paris.send({"sf": [wire.head(wire.DELTA, 1, 1, 1)]})
        found: list[bytes] = []

        def come() -> bool:
            found.extend(frame.body for frame in sf.received() if frame.body)
            return bool(found)

        until(come)
    assert sf.status()["paris"]["losses"] == 0 and sf.problems() == [] and sf.defects == 0
    paris.close()


def test_strangers_with_keys_are_told_once_each_and_no_more_than_a_few(sf: Link) -> None:
    context: zmq.Context[Any] = zmq.Context(1)
    pair, told = keys.made(), list[str]()
    for _ in range(5):
        way = Dialled(context, pair, sf.endpoint, SF.public, 0.0)
        until(lambda: way.monitor.poll(0) > 0 and way.event() == "refused")  # noqa: B023
        way.close()
    context.destroy(0)
    told += [str(problem.told()) for problem in sf.problems()]
    assert len(told) == 1 and keys.fingerprint(pair.public) in told[0]


def test_a_host_s_date_that_is_stepped_by_an_hour_or_a_day_moves_nothing() -> None:
    clocks = HeldClock(100.0), HeldClock(5000.0)
    sf = Link("sf", 1, SF, [Peer("paris", PARIS.public)], clocks[0], listen="tcp://127.0.0.1:*")
    paris = Link("paris", 1, PARIS, [Peer("sf", SF.public, sf.endpoint)], clocks[1])

    def ticked() -> None:
        for link, clock in zip((sf, paris), clocks, strict=True):
            clock.advance(0.01)
            link.received()

    def agreed() -> bool:
        ticked()
        return all(link.shared.line.agreed for link in (sf, paris))

    until(agreed)
    before = [link.shared.shared(clock.now()) for link, clock in zip((sf, paris), clocks, strict=True)]
    began = [clock.now() for clock in clocks]
    for step in (3600.0, -7200.0, 86_400.0):
        clocks[1].step_wall(step)
        for _ in range(100):
            ticked()
    for link, clock, was, start in zip((sf, paris), clocks, before, began, strict=True):
        assert link.shared.shared(clock.now()) - was == pytest.approx(clock.now() - start, rel=2e-3)
        assert all(line["connected"] and line["losses"] == 0 for line in link.status().values())
    sf.close()
    paris.close()


def test_a_frame_beyond_the_cap_ends_the_way_and_the_door_stays_open(sf: Link, hostile: Dialled) -> None:
    hostile.socket.send(bytes(wire.LARGEST + 1))
    until(lambda: not sf.status()["paris"]["connected"])
    paris = Link("paris", 2, PARIS, [Peer("sf", SF.public, sf.endpoint)], RealClock())
    until(lambda: sf.status()["paris"]["connected"])
    paris.close()


def test_frames_of_the_link_that_are_cut_are_counted(sf: Link, hostile: Dialled) -> None:
    for body in (b"", b"\x01", b"\x04\x01", b"\x05\x01abc", b"\x03\x01", b"\x09\x01", b"\x01\x01\xff"):
        hostile.put(body, 0.0)
    until(lambda: sf.status()["paris"]["garbled"] == 7)


def test_the_tick_is_woken_by_what_arrives(sf: Link, hostile: Dialled) -> None:
    sf.received()
    hostile.put(wire.head(wire.DELTA, 1, 1, 1), 0.0)
    assert select.select([sf.wake], [], [], 5.0)[0]
    assert [frame.body[0] for frame in sf.received() if frame.body] == [wire.DELTA]


def test_a_port_that_is_taken_is_told_with_what_to_do(sf: Link) -> None:
    with pytest.raises(Fault, match="listen"):
        Link("kyoto", 1, keys.made(), [], RealClock(), listen=sf.endpoint)


def test_an_address_that_is_none_is_told_once() -> None:
    link = Link("paris", 1, PARIS, [Peer("sf", SF.public, "nowhere")], RealClock())
    found: list[str] = []

    def told() -> bool:
        found.extend(str(problem.told()) for problem in link.problems())
        return bool(found)

    until(told)
    assert len(found) == 1 and "nowhere" in found[0]
    link.close()


@pytest.mark.parametrize("peers", [[Peer("sf", "no key")], [Peer("sf", SF.public), Peer("kyoto", SF.public)]])
def test_a_key_that_is_none_or_stands_for_two_sites_is_refused(peers: list[Peer]) -> None:
    with pytest.raises(Fault):
        Link("paris", 1, PARIS, peers, RealClock())
