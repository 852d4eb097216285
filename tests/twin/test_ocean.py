"""The simulated line keeps order, keeps time, and does its weather."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from installation.twin.ocean import PROFILES, Profile, Sea
from tests.twin.site import until


class Far:
    """A door behind the sea, and a socket before it."""

    def __init__(self, profile: str) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.setblocking(False)
        self.sea = Sea(0, ("127.0.0.1", self.door.getsockname()[1]), profile, seed=1)
        self.near = self.dialled()
        self.far = self.accepted()
        self.got = b""

    def dialled(self) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self.sea.port))
        found.setblocking(False)
        return found

    def accepted(self) -> socket.socket:
        found: list[socket.socket] = []

        def come() -> bool:
            self.sea.turn(0.005)
            try:
                found.append(self.door.accept()[0])
            except BlockingIOError:
                return False
            return True

        until(come)
        found[0].setblocking(False)
        return found[0]

    def turn(self) -> bytes:
        self.sea.turn(0.005)
        with contextlib.suppress(BlockingIOError):
            self.got += self.far.recv(65536)
        return self.got

    def close(self) -> None:
        for end in (self.near, self.far, self.door, self.sea):
            end.close()


@pytest.fixture
def far(request: pytest.FixtureRequest) -> Iterator[Far]:
    found = Far(getattr(request, "param", "lan"))
    yield found
    found.close()


@pytest.mark.parametrize("far", ["atlantic"], indirect=True)
def test_bytes_come_in_order_and_not_before_their_time(far: Far) -> None:
    began = time.monotonic()
    for n in range(100):
        far.near.send(bytes((n,)))
        far.sea.turn(0.0)
    until(lambda: len(far.turn()) == 100)
    assert far.got == bytes(range(100))
    assert time.monotonic() - began >= PROFILES["atlantic"].one_way


def test_a_hole_swallows_and_what_was_swallowed_never_comes(far: Far) -> None:
    far.sea.say("hole")
    far.near.send(b"lost")
    for _ in range(10):
        far.turn()
    far.sea.say("mend")
    far.near.send(b"after the gap")
    for _ in range(10):
        assert far.turn() == b""
    far.near = far.dialled()
    far.far = far.accepted()
    far.near.send(b"anew")
    until(lambda: far.turn() == b"anew")


def test_a_reset_ends_both_sides(far: Far) -> None:
    far.near.send(b"x")
    until(lambda: far.turn() == b"x")
    far.sea.say("drop")
    for end in (far.near, far.far):
        with pytest.raises(ConnectionError):
            end.setblocking(True)
            end.recv(1)


def test_the_profile_can_be_changed_while_it_runs(far: Far) -> None:
    far.sea.say("profile storm")
    assert far.sea.profile is PROFILES["storm"]
    far.sea.say("profile cut")
    assert far.sea.state == "hole"
    far.sea.say("profile lan")
    assert far.sea.state == "open"


def test_a_word_that_is_none_is_told_and_changes_nothing(far: Far, capsys: pytest.CaptureFixture[str]) -> None:
    far.sea.say("profile pacific")
    assert far.sea.profile is PROFILES["lan"] and "pacific" in capsys.readouterr().err


def test_an_end_that_closes_is_seen_at_the_other(far: Far) -> None:
    far.near.close()

    def ended() -> bool:
        far.sea.turn(0.005)
        try:
            return far.far.recv(1) == b""
        except BlockingIOError:
            return False

    until(ended)


def test_the_profiles_are_those_of_the_plan() -> None:
    assert list(PROFILES) == ["lan", "atlantic", "storm", "cut"]
    assert PROFILES["atlantic"][:4] == Profile(0.0725, 0.005, 10.0, 0.2, 0.0)[:4]
