"""Whatever a trusted peer says: nothing raises, nothing costs more than a bounded number of steps, nothing grows.

Genuine frames gone wrong and well-formed lies, a few thousand; hundreds of thousands with `--soak`. See garble.py.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from installation.clock import RealClock
from installation.twin import greetings, keys, lanes, wire
from installation.twin.journal import Journal
from installation.twin.link import Link, Peer
from installation.twin.mirror import Arrived, Mirror
from installation.twin.offset import SharedTime
from installation.twin.shown import Shown
from installation.twin.texts import Text, Texts
from installation.twin.ways import Way
from tests.control.houses import Pair
from tests.twin.garble import KINDS, Garbler, aimed, recorded, weight, work
from tests.twin.network import WIDE

MOST_WORK = 40_000
"""Calls that one frame may cost: names of ten thousand keys come to more, and are bounded by their bytes and by the
second. Every other frame is a few hundred."""
MOST_WEIGHT = 24 << 20
FEW, MANY = 3000, 200_000
LONG = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=[pytest.mark.soak, pytest.mark.timeout(3600)])]


@cache
def genuine() -> tuple[bytes, ...]:
    return tuple(recorded())


def fed(
    count: int, kinds: tuple[int, ...], take: Callable[[bytes], Any], rest: Callable[[], Any] = lambda: None
) -> None:
    """`take` is given `count` frames, in runs of 200 that each begin with honest ones; every tenth is counted."""
    garbler = Garbler(count, list(genuine()))
    honest = [frame for frame in genuine() if frame[0] in kinds]
    for n in range(count):
        if n % 200 == 0:
            for frame in honest[:60]:
                take(frame)
        frame = garbler.frame(kinds)
        calls = work(lambda: take(frame))  # noqa: B023
        assert calls < MOST_WORK, (calls, frame[:80])
        if n % 25 == 0:
            rest()


def test_the_frames_that_are_garbled_come_from_every_kind_there_is() -> None:
    assert {frame[0] for frame in genuine()} == set(KINDS)


@pytest.mark.parametrize("count", LONG)
def test_the_mirror_bears_any_frame_and_still_shows_numbers(count: int) -> None:
    mirror, now, turns = Mirror("sf", WIDE, 1), 1000.0, itertools.count()
    shown = Shown(mirror)
    mirror.merge([Arrived("paris", b"")])

    def rest() -> None:
        nonlocal now
        now += 0.05
        mirror.delta(now)
        assert np.isfinite(shown.read(now, steady=now).columns).all()

    def take(frame: bytes) -> None:
        row = mirror.rows.get("paris")
        if row is not None and next(turns) % 2:
            frame = aimed(frame, row.trail.mark, row.newest)
        mirror.merge([Arrived("paris", frame)])

    fed(count, (*sorted(wire.OF_THE_MIRROR), wire.TEXTS, wire.PING, wire.PRESENCE), take, rest)
    assert mirror.counted["garbled"] > count / 20
    assert weight(mirror) < MOST_WEIGHT
    assert Mirror("sf", WIDE, 2, mirror.saved()).counted["damaged"] == 0


@pytest.mark.parametrize("count", LONG)
def test_the_texts_bear_any_frame(count: int) -> None:
    texts = Texts("sf", 1)
    texts.declare([Text("/scene/line", "latest", {"en": "", "fr": ""})])
    texts.merge([Arrived("paris", b"")])
    now = iter(range(1_000, 10_000_000))
    fed(count, (28, 29), lambda f: texts.merge([Arrived("paris", f)]), lambda: texts.delta(float(next(now))))
    assert texts.counted["garbled"] > count / 20
    assert weight(texts) < 1 << 20 and texts.read("/scene/line")
    assert not Texts("sf", 2, texts.saved()).counted["damaged"]


@pytest.mark.parametrize("count", LONG)
def test_the_journal_bears_any_frame_and_its_thread_lives(count: int) -> None:
    journal = Journal(None, "sf", 1, ["paris"])
    given = 0

    def take(frame: bytes) -> None:
        nonlocal given
        for entry in journal.merge([Arrived("paris", frame)]):
            given += 1
            journal.done(entry)

    def rest() -> None:
        journal.delta(1000.0)
        journal.keep(None)
        assert journal.flush(60.0), "the thread has ended"

    fed(count, (32, 33), take, rest)
    while found := journal.merge([]):
        for entry in found:
            journal.done(entry)
            given += 1
    assert given > count / 100 and journal.garbled > count / 20
    assert weight((journal._pending, journal._peers, journal._own, journal._once, journal.problems)) < 4 << 20
    journal.write("count", {}, 0.0, 1.0)
    rest()
    journal.close()


READERS = {
    wire.HELLO: greetings.read_hello,
    wire.REFUSE: greetings.read_refusal,
    wire.BEAT: greetings.read_beat,
    wire.PING: greetings.read_ping,
    wire.LANE: greetings.read_lane,
    wire.KEY: greetings.read_key,
    wire.KEYED: greetings.read_key,
    wire.PRESENCE: lanes.streamed,
    wire.BULK: lanes.streamed,
}


@pytest.mark.parametrize("count", LONG)
def test_a_greeting_and_a_lane_is_read_or_garbled_and_nothing_else(count: int) -> None:
    clock, outgoing, newest = SharedTime(0.0, 1.8e9), lanes.Outgoing(), lanes.Newest()
    outgoing.add(lanes.bulk(1, bytes(100)))
    now = 0.0

    def take(frame: bytes) -> None:
        nonlocal now
        now += 0.3
        with contextlib.suppress(wire.Garbled):
            if frame[0] == wire.PONG:
                sent, received, answered, line = greetings.read_pong(frame)
                clock.hear("paris", (sent, received, answered, now), line)
                clock.hear("paris", (now - 0.1, received, answered, now), line)
            elif frame[0] == wire.CREDIT:
                outgoing.credit(*greetings.read_credit(frame), now)
                outgoing.next(now)
            elif frame[0] in READERS:
                cast(Any, READERS[frame[0]])(frame)
            if frame[0] == wire.PRESENCE:
                newest.add(frame)

    fed(count, tuple({*READERS, wire.PONG, wire.CREDIT}), take)
    assert weight((clock, outgoing, newest)) < 1 << 20
    assert clock.shared(now) == clock.shared(now)


class _Silent(Way):
    """A way on which nothing is ever sent."""

    def __init__(self) -> None:
        super().__init__(cast(Any, None), 0.0)

    def _put(self, body: bytes) -> None:
        pass


@pytest.fixture
def link() -> Iterator[Link]:
    pair, other = keys.made(), keys.made()
    found = Link("sf", 1, pair, [Peer("paris", other.public)], RealClock())
    yield found
    found.close()


@pytest.mark.parametrize("count", LONG)
def test_every_lane_of_the_link_bears_any_frame(link: Link, count: int) -> None:
    line, now, turn = link._lines["paris"], 1e6, 0
    hello = [greetings.hello(5, "paris", "x", lane=n) for n in range(4)]
    line.limits.allows = lambda *given: True  # type: ignore[method-assign]  # what is refused unread is not tested here

    def take(frame: bytes) -> None:
        nonlocal now, turn
        now, turn = now + 0.01, turn + 1
        lane = line.lanes[turn % 4]
        with link._lock:
            if lane.way is None or not lane.greeted:
                way = _Silent()
                for one in (lane.number, wire.HELLO):
                    lane.on_frame(way, hello[lane.number], now) if one or not lane.number else None
            lane.on_frame(lane.way or _Silent(), frame, now)

    def rest() -> None:
        for name in ("state", "presence", "bulk"):
            link.received(name)
        link.problems()
        link.offers()
        link.status()

    fed(count, KINDS, take, rest)
    assert line.garbled > count / 100
    assert weight((line.presence, line.outgoing, line.incoming, link._offers, line.told)) < 4 << 20


@pytest.mark.parametrize("count", [pytest.param(400, id="few"), pytest.param(100_000, id="many", marks=LONG[1].marks)])
def test_a_whole_house_ticks_on_whatever_its_peer_says(tmp_path: Path, count: int) -> None:
    pair = Pair(tmp_path, '[cue.dusk]\nscene = "a"\nset = { level = 0.5 }\n')
    house = pair.frisco
    waiting: list[bytes] = []

    def rest() -> None:
        house.wire.inbox += [Arrived("paris", frame) for frame in waiting]
        waiting.clear()
        pair.pass_(0.25, only=house)
        assert np.isfinite(house.control.row.columns).all()

    fed(count, KINDS, waiting.append, rest)
    pair.pass_(5.0, only=house)
    assert weight((house.control.mirror, house.control.said, house.control.letters, house.control.cues)) < MOST_WEIGHT
    pair.close()
