"""The relay: who knows its secret meets in a room; nobody else gets anywhere, and nothing that waits is in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from installation.twin import relay as relay_
from installation.twin import rooms
from installation.twin.relay import Relay
from installation.twin.rooms import DIAL, LISTEN, Ends, Turned

SECRET = bytes.fromhex(rooms.new_secret())
ROOM = rooms.room(SECRET, "paris", "san_francisco")
PATIENCE = 20.0


class Place:
    """A relay on a free port, and calls to it."""

    def __init__(self, relay: Relay, port: int, told: list[str]) -> None:
        self.relay, self.port, self.told = relay, port, told

    async def call(self, role: bytes, room: bytes = ROOM, secret: bytes = SECRET) -> Ends:
        return await rooms.called("127.0.0.1", self.port, secret, role, room)

    async def raw(self) -> Ends:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0.01)


def at_the_relay(scene: Callable[[Place], Awaitable[None]]) -> None:
    """Plays a scene with a relay of its own."""

    async def play() -> None:
        told: list[str] = []
        relay = Relay(SECRET, lambda word, words: told.append(word))
        server = await asyncio.start_server(relay.met, "127.0.0.1", 0)
        async with asyncio.timeout(60.0):
            await scene(Place(relay, server.sockets[0].getsockname()[1], told))
        server.close()

    asyncio.run(play())


async def both(place: Place) -> tuple[Ends, Ends]:
    """One who listens and one who dials, joined."""
    waits = asyncio.create_task(place.call(LISTEN))
    await place.until(lambda: place.relay.rooms == 1)
    caller = await place.call(DIAL)
    return await waits, caller


async def echoed(one: Ends, other: Ends, body: bytes) -> bytes:
    one[1].write(body)
    return await asyncio.wait_for(other[0].readexactly(len(body)), PATIENCE)


def test_what_one_site_sends_comes_to_the_other_byte_for_byte_both_ways() -> None:
    async def scene(place: Place) -> None:
        one, other = await both(place)
        body = bytes(range(256)) * 4096
        assert await echoed(one, other, body) == body
        assert await echoed(other, one, body) == body

    at_the_relay(scene)


def test_when_one_end_goes_the_other_is_told_at_once_and_the_room_is_empty() -> None:
    async def scene(place: Place) -> None:
        one, other = await both(place)
        one[1].close()
        assert await asyncio.wait_for(other[0].read(), PATIENCE) == b""
        await place.until(lambda: place.relay.rooms == 0)

    at_the_relay(scene)


def test_who_does_not_know_the_secret_is_refused_and_told_of() -> None:
    async def scene(place: Place) -> None:
        with pytest.raises(Turned) as no:
            await place.call(DIAL, secret=b"\1" * 32)
        assert no.value.word == rooms.REFUSED
        assert place.told == ["refused"] and place.relay.rooms == 0

    at_the_relay(scene)


def test_the_proof_of_one_call_is_worth_nothing_in_another() -> None:
    async def scene(place: Place) -> None:
        reader, _ = await place.raw()
        nonce = (await reader.readexactly(24))[8:]
        said = DIAL + ROOM + rooms.proof(SECRET, nonce, DIAL, ROOM)
        reader, writer = await place.raw()
        await reader.readexactly(24)
        writer.write(said)
        assert await asyncio.wait_for(reader.read(1), PATIENCE) == rooms.REFUSED

    at_the_relay(scene)


def test_who_dials_while_nobody_waits_is_told_so() -> None:
    async def scene(place: Place) -> None:
        with pytest.raises(Turned) as no:
            await place.call(DIAL)
        assert no.value.word == rooms.NOBODY

    at_the_relay(scene)


def test_one_who_waited_and_is_gone_is_passed_over() -> None:
    async def scene(place: Place) -> None:
        gone, stays = (asyncio.create_task(place.call(LISTEN)) for _ in range(2))
        await place.until(lambda: len(place.relay._waiting.get(ROOM, ())) == 2)
        gone.cancel()
        caller = await place.call(DIAL)
        done, _ = await asyncio.wait((gone, stays), timeout=PATIENCE, return_when=asyncio.ALL_COMPLETED)
        assert stays in done and await echoed(caller, stays.result(), b"here") == b"here"

    at_the_relay(scene)


def test_pairs_of_houses_do_not_meet_each_other() -> None:
    async def scene(place: Place) -> None:
        elsewhere = rooms.room(SECRET, "kyoto", "paris")
        waits = asyncio.create_task(place.call(LISTEN, elsewhere))
        await place.until(lambda: place.relay.rooms == 1)
        with pytest.raises(Turned):
            await place.call(DIAL, ROOM)
        waits.cancel()

    at_the_relay(scene)


def test_a_room_holds_so_many_and_no_more() -> None:
    async def scene(place: Place) -> None:
        waiting = [asyncio.create_task(place.call(LISTEN)) for _ in range(relay_.EACH)]
        await place.until(lambda: len(place.relay._waiting.get(ROOM, ())) == relay_.EACH)
        with pytest.raises(Turned) as no:
            await place.call(LISTEN)
        assert no.value.word == rooms.FULL
        for task in waiting:
            task.cancel()

    at_the_relay(scene)


def test_a_crowd_of_strangers_who_say_nothing_keeps_nobody_out() -> None:
    async def scene(place: Place) -> None:
        crowd = [await place.raw() for _ in range(2 * relay_.STRANGERS)]
        one, other = await both(place)
        assert await echoed(one, other, b"through") == b"through"
        for _, writer in crowd:
            writer.close()

    at_the_relay(scene)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\n\r\n" * 10, b"\0" * 65, b"X" * 65, bytes(200)])
def test_garbage_is_refused_or_let_go_and_the_relay_goes_on(said: bytes) -> None:
    async def scene(place: Place) -> None:
        reader, writer = await place.raw()
        writer.write(said)
        writer.write_eof()
        await asyncio.wait_for(reader.read(), PATIENCE)
        one, other = await both(place)
        assert await echoed(one, other, b"well") == b"well"

    at_the_relay(scene)


def test_both_sites_find_one_room_and_only_one_of_them_dials() -> None:
    assert ROOM == rooms.room(SECRET, "san_francisco", "paris") != rooms.room(b"\1" * 32, "paris", "san_francisco")
    assert {rooms.role("paris", "san_francisco"), rooms.role("san_francisco", "paris")} == {DIAL, LISTEN}


def test_a_secret_is_kept_for_its_owner_alone_and_what_is_none_is_refused(tmp_path: Path) -> None:
    path, secret = tmp_path / "keys" / "relay", rooms.new_secret()
    rooms.keep_secret(path, secret)
    assert rooms.read_secret(path).hex() == secret
    assert path.stat().st_mode & 0o077 == 0
    for wrong in ("", "beef", "z" * 64):
        with pytest.raises(ValueError):
            rooms.keep_secret(path, wrong)
