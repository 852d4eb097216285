"""Lanes: none waits for another, and each comes back alone."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.clock import RealClock
from installation.twin import keys, lanes, wire
from installation.twin.lanes import JOURNAL, PIECE, STATE, Newest, Outgoing
from installation.twin.link import Link, Peer
from tests.twin.puppet import Puppet
from tests.twin.site import Site, until

PARIS, SF = keys.made(), keys.made()


@pytest.fixture
def cities() -> Iterator[tuple[Site, Site]]:
    """Paris dials San Francisco; both have bulk and presence."""
    with contextlib.ExitStack() as ends:
        sf = Site("sf", SF, [Peer("paris", PARIS.public)], listen="tcp://127.0.0.1:*", module="tests.twin.busy")
        ends.callback(sf.kill)
        dial = f"tcp://127.0.0.1:{sf.port}"
        paris = Site("paris", PARIS, [Peer("sf", SF.public, dial)], module="tests.twin.busy")
        ends.callback(paris.kill)
        until(lambda: sf.connected() and paris.connected())
        yield paris, sf


@pytest.fixture
def sf() -> Iterator[Link]:
    found = Link("sf", 1, SF, [Peer("paris", PARIS.public)], RealClock(), listen="tcp://127.0.0.1:*")
    yield found
    found.close()


@pytest.fixture
def puppet(sf: Link) -> Iterator[Puppet]:
    found = Puppet("paris", PARIS, sf.endpoint, SF.public)
    yield found
    found.close()


def sums(pieces: int) -> str:
    return hashlib.blake2b(b"".join((n & 0xFFFF).to_bytes(2, "little") for n in range(pieces))).hexdigest()


def test_bulk_comes_whole_and_in_order_while_state_and_letters_flow(cities: tuple[Site, Site]) -> None:
    paris, sf = cities
    pieces = paris.ask("bulk", "sf", 4 << 20)
    paris.ask("load", 10, 20)
    until(lambda: sf.ask("bulk_come") == [pieces * PIECE, sums(pieces)], 60.0)
    until(lambda: len(sf.ask("given")) > 3 and sf.ask("read")[0] > 0)
    assert sf.ask("status")["paris"]["dropped"] == paris.ask("status")["sf"]["dropped"] == 0


def test_the_one_who_listens_has_a_lane_dialled_when_it_has_something_for_it(cities: tuple[Site, Site]) -> None:
    paris, sf = cities
    assert sf.ask("status")["paris"]["lanes"]["bulk"] == "idle"
    pieces = sf.ask("bulk", "paris", 1 << 20)
    until(lambda: paris.ask("bulk_come") == [pieces * PIECE, sums(pieces)], 60.0)
    assert sf.ask("status")["paris"]["lanes"]["bulk"] == "up"


def test_presence_shows_the_newest_of_each_stream(cities: tuple[Site, Site]) -> None:
    paris, sf = cities
    for first in range(200):
        paris.ask("show", "sf", 1, first, 1000)
        paris.ask("show", "sf", 2, 255 - first, 10)
    until(lambda: sf.ask("shown") == {"1": [1000, "c7"], "2": [10, "38"]})


def test_a_journal_that_nobody_reads_does_not_hold_up_the_state(sf: Link, puppet: Puppet) -> None:
    state = puppet.dial(STATE)
    puppet.dial(JOURNAL)
    until(lambda: sf.status()["paris"]["lanes"]["journal"] == "up")
    letter = wire.head(wire.JOURNAL, 0, 1, 0) + bytes(60_000)
    came: list[bytes] = []

    def stalled() -> bool:
        for lane in (STATE, JOURNAL):
            puppet.lanes[lane].socket.send(
                b"\x03\x02" + (len(came) + 1).to_bytes(4, "little") if lane == STATE else b"\x03\x02\0\0\0\0"
            )
        sf.send({"paris": [letter] * (0 if sf.full("journal") else 5)})
        came.extend(state.frames(100))
        return sf.full("journal") == {"paris"}

    until(stalled)
    assert sf.full("state") == frozenset()
    sf.send({"paris": [wire.head(wire.DELTA, 1, 1, 1)]})
    until(lambda: any(frame[0] == wire.DELTA for frame in state.frames(100)))


def test_a_lane_that_is_lost_comes_back_alone(sf: Link) -> None:
    paris = Link("paris", 1, PARIS, [Peer("sf", SF.public, sf.endpoint)], RealClock())
    until(lambda: sf.status()["paris"]["lanes"]["journal"] == "up" == paris.status()["sf"]["lanes"]["journal"])
    lost = next(caller for caller in sf._callers.values() if caller.lane == JOURNAL)
    lost.cut()
    until(lambda: any(c is not lost and c.lane == JOURNAL for c in sf._callers.values()))
    until(lambda: sf.status()["paris"]["lanes"]["journal"] == "up" == paris.status()["sf"]["lanes"]["journal"])
    assert sf.status()["paris"]["losses"] == paris.status()["sf"]["losses"] == 0
    paris.close()


def test_the_state_lives_without_any_other_lane(sf: Link, puppet: Puppet) -> None:
    puppet.dial(STATE)
    until(lambda: sf.status()["paris"]["connected"])
    assert sf.full("state") == frozenset() and sf.full("journal") == {"paris"}


def test_of_presence_that_waits_only_the_newest_is_kept_and_the_rest_is_counted() -> None:
    waiting = Newest()
    for n in range(5):
        waiting.add(lanes.presence(7, bytes((n,))))
    assert [lanes.streamed(frame) for frame in waiting.take()] == [(7, b"\x04")] and waiting.dropped == 4


def test_presence_of_more_streams_than_there_may_be_is_let_go() -> None:
    waiting = Newest()
    for n in range(lanes.STREAMS + 3):
        waiting.add(lanes.presence(n, b""))
    assert len(waiting.take()) == lanes.STREAMS and waiting.dropped == 3


def test_bulk_never_has_more_under_way_than_the_credit() -> None:
    out, now = Outgoing(), 0.0
    for _ in range(2000):
        while out.room > PIECE + 4:
            out.add(lanes.bulk(0, bytes(PIECE)))
        while out.next(now) is not None:
            pass
        assert out.sent - out.taken <= lanes.CREDIT
        now += 0.01
        out.credit(out.sent, lanes.CREDIT, now)
    assert out.window == lanes.CREDIT


def test_bulk_makes_room_when_its_own_answers_grow_slow() -> None:
    out, now = Outgoing(), 0.0
    for answer in [0.05] * 200 + [0.4] * 100:
        while out.room > PIECE + 4:
            out.add(lanes.bulk(0, bytes(PIECE)))
        while out.next(now) is not None:
            pass
        now += answer
        out.credit(out.sent, lanes.CREDIT, now)
    assert out.window <= 2 * lanes.SMALLEST


def test_bulk_beyond_what_may_wait_is_let_go_and_counted() -> None:
    out = Outgoing()
    for _ in range(lanes.WAITING // PIECE + 10):
        out.add(lanes.bulk(0, bytes(PIECE)))
    assert out.dropped > 0 and out.queued <= lanes.WAITING


def p99(sf: Site, paris: Site, seconds: float) -> list[float]:
    """One-way times of state, p50 and p99 in ms, over that many seconds of load."""
    paris.ask("times")
    sf.ask("times")
    wait = RealClock()
    paris.ask("load", 15, 0)
    wait.sleep(seconds)
    paris.ask("load", 0, 0)
    wait.sleep(0.5)
    sent, came = paris.ask("times"), sf.ask("times")
    found = sorted((came[n] - sent[n]) * 1e3 for n in sent if n in came)
    return [found[len(found) // 2], found[int(0.99 * len(found))]]


@pytest.mark.soak
def test_fifty_megabytes_of_bulk_leave_the_state_its_time(cities: tuple[Site, Site], tmp_path: Path) -> None:
    paris, sf = cities
    alone = p99(sf, paris, 5.0)
    pieces = paris.ask("bulk", "sf", 50 << 20)
    beside = p99(sf, paris, 5.0)
    until(lambda: sf.ask("bulk_come") == [pieces * PIECE, sums(pieces)], 120.0)
    print("state one way, ms, p50 and p99: alone", alone, "beside bulk", beside)
    assert beside[1] < alone[1] + 100
