"""Two versions of the engine on one line: what both know goes on, and the staff of both hear of the rest."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import zmq

from installation.clock import RealClock
from installation.twin import greetings, keys, wire
from installation.twin.link import Link, Peer
from installation.twin.ways import Dialled
from tests.twin.site import Site, until

PARIS, SF = keys.made(), keys.made()
OLD_HELLO = bytes.fromhex("0101 2a00000000000000 05 0c 7061726973 6a756d656c61676520302e31")
"""What version 1 sent: epoch 42, "paris", "jumelage 0.1", and nothing behind."""
OLD_BEAT, OLD_PING = bytes.fromhex("0301 01000000"), bytes.fromhex("0401 000000000000f03f")


@pytest.fixture
def mixed() -> Iterator[tuple[Site, Site]]:
    """San Francisco of today, and Paris with an older engine."""
    with contextlib.ExitStack() as ends:
        sf = Site("sf", SF, [Peer("paris", PARIS.public)], listen="tcp://127.0.0.1:*")
        ends.callback(sf.kill)
        dial = f"tcp://127.0.0.1:{sf.port}"
        paris = Site("paris", PARIS, [Peer("sf", SF.public, dial)], module="tests.twin.older")
        ends.callback(paris.kill)
        until(lambda: sf.connected() and paris.connected())
        yield sf, paris


def test_an_older_engine_stays_linked_and_both_staffs_are_told(mixed: tuple[Site, Site]) -> None:
    sf, paris = mixed
    for site, peer, theirs, ours in ((sf, "paris", wire.WIRE - 1, wire.WIRE), (paris, "sf", wire.WIRE, wire.WIRE - 1)):
        told = site.ask("problems")
        assert len(told) == 1 and f"version {theirs}" in told[0] and f"version {ours}" in told[0]
        line = site.ask("status")[peer]
        assert (line["state"], line["wire"], line["connected"]) == ("up", theirs, True)
        assert (line["lanes"]["state"], line["lanes"]["journal"]) == ("up", "unlike")


def test_what_both_versions_know_is_merged_and_the_rest_is_not_sent(mixed: tuple[Site, Site]) -> None:
    sf, paris = mixed
    paris.ask("touch", "/scene/p3", [0.9])
    sf.ask("touch", "/scene/p4", [0.9])
    paris.ask("write", "letter")
    until(lambda: sf.ask("read")[3] > 0.8 and paris.ask("read")[4] > 0.8)
    assert sf.ask("given") == []
    until(lambda: all(site.ask("status")[peer]["rtt_ms"] > 0 for site, peer in ((sf, "paris"), (paris, "sf"))))


@pytest.fixture
def sf() -> Iterator[Link]:
    found = Link("sf", 1, SF, [Peer("paris", PARIS.public)], RealClock(), listen="tcp://127.0.0.1:*")
    yield found
    found.close()


@pytest.fixture
def caller(sf: Link) -> Iterator[Dialled]:
    context: zmq.Context[Any] = zmq.Context(1)
    found = Dialled(context, PARIS, sf.endpoint, SF.public, 0.0)
    yield found
    found.close()
    context.destroy(0)


def answers(way: Dialled, kind: int) -> list[bytes]:
    found: list[bytes] = []
    until(lambda: way.socket.poll(5) > 0 and not found.append(way.socket.recv()) and found[-1][0] == kind)  # type: ignore[func-returns-value]
    return found


def test_the_recorded_bytes_of_version_1_are_greeted_beaten_and_answered(sf: Link, caller: Dialled) -> None:
    for frame in (OLD_HELLO, OLD_BEAT, OLD_PING):
        caller.put(frame, 0.0)
    pong = answers(caller, wire.PONG)[-1]
    assert pong[2:10] == OLD_PING[2:]
    line = sf.status()["paris"]
    assert (line["connected"], line["wire"], line["software"]) == (True, 1, "jumelage 0.1")


def test_a_hello_of_a_later_version_is_read_as_far_as_it_is_known(sf: Link, caller: Dialled) -> None:
    caller.put(greetings.hello(42, "paris", "later", 77, 0, (*wire.LAYOUTS, 9, 9)) + b"what nobody knows yet", 0.0)
    until(lambda: sf.status()["paris"]["connected"])
    assert (sf.status()["paris"]["wire"], sf.status()["paris"]["garbled"]) == (77, 0)


def test_frames_of_an_unknown_kind_are_skipped_and_counted(sf: Link, caller: Dialled) -> None:
    caller.put(greetings.hello(42, "paris", "later", 77), 0.0)
    until(lambda: sf.status()["paris"]["connected"])
    for kind in (11, 15, 40, 50, 255):
        caller.put(bytes((kind, 77)) + bytes(40), 0.0)
    caller.put(greetings.beat(1), 0.0)
    until(lambda: sf.status()["paris"]["garbled"] == 3)
    assert sf.status()["paris"]["connected"]
