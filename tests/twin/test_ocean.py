"""The simulated line keeps order, keeps time and its pressure, and does its weather."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.library import Library
from installation.score.ocean import Ocean, Order, ocean, ordered
from installation.score.problem import Fault
from installation.twin.sea import Sea
from installation.twin.weather import SEGMENT, Strait, Weather
from tests.twin.sea import free_port
from tests.twin.site import ROOT, until

OCEANS = Library([ROOT])
LAN = OCEANS.ocean("lan")


class Far:
    """A door behind the sea, and a socket before it."""

    def __init__(self, of: Ocean) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.setblocking(False)
        self.sea = Sea(0, ("127.0.0.1", self.door.getsockname()[1]), of, seed=1, find=OCEANS.ocean)
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


def written(text: str) -> Ocean:
    return ocean(text, "o.toml", "o", dict(OCEANS.oceans()))


@pytest.fixture
def far(request: pytest.FixtureRequest) -> Iterator[Far]:
    found = Far(OCEANS.ocean(getattr(request, "param", "lan")))
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
    assert time.monotonic() - began >= 0.0725


@pytest.mark.parametrize("far", ["tunnel"], indirect=True)
def test_there_and_back_may_differ(far: Far) -> None:
    far.near.send(b"there")
    until(lambda: far.turn() == b"there")
    far.far.send(b"back")
    until(lambda: bool(far.turn()) and len(far.sea.delays[1]) > 0)
    assert far.sea.delays[0][0] >= 0.05 and far.sea.delays[1][0] >= 0.13


def test_a_hole_swallows_and_what_was_swallowed_never_comes(far: Far) -> None:
    far.sea.say(Order("hole"))
    far.near.send(b"lost")
    for _ in range(10):
        far.turn()
    far.sea.say(Order("mend"))
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
    far.sea.say(Order("drop"))
    for end in (far.near, far.far):
        with pytest.raises(ConnectionError):
            end.setblocking(True)
            end.recv(1)


def test_the_profile_can_be_changed_while_it_runs(far: Far) -> None:
    far.sea.say(Order("profile", "storm"))
    assert far.sea.weather.line == OCEANS.ocean("storm").line
    far.sea.say(Order("profile", "cut"))
    assert far.sea.state == "hole"
    far.sea.say(Order("profile", "lan"))
    assert far.sea.state == "open"
    far.sea.say(Order("set", "one_way [0.1, 0.05]"))
    assert far.sea.weather.line.one_way == (0.1, 0.05) and far.sea.weather.line.jitter == LAN.line.jitter


def test_an_end_that_closes_is_seen_at_the_other_which_may_still_speak(far: Far) -> None:
    far.near.shutdown(socket.SHUT_WR)

    def ended() -> bool:
        far.sea.turn(0.005)
        try:
            return far.far.recv(1) == b""
        except BlockingIOError:
            return False

    until(ended)
    far.far.send(b"last words")
    until(lambda: far.sea.turn(0.005) is None and len(far.sea.delays[1]) > 0)
    far.near.setblocking(True)
    assert far.near.recv(20) == b"last words"


def test_who_does_not_read_stops_who_writes_and_nobody_else(far: Far) -> None:
    other, there = far.dialled(), far.accepted()
    far.near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
    sent = 0

    def stopped() -> bool:
        nonlocal sent
        before = sent
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += far.near.send(bytes(1 << 16))
        for _ in range(20):
            far.sea.turn(0.001)
        return sent == before

    until(stopped)
    assert sent < 64 << 20
    other.send(b"not I")
    until(lambda: far.sea.turn(0.005) is None and len(far.sea.delays[0]) > 0 and _heard(there) == b"not I")
    until(lambda: len(far.turn()) == sent)


def _heard(end: socket.socket) -> bytes:
    try:
        return end.recv(20)
    except BlockingIOError:
        return b""


# The weather, on a held clock.


def strait(text: str, seed: int = 1) -> tuple[Strait, Weather]:
    chance = random.Random(seed)
    weather = Weather(written(text), 0.0, chance, OCEANS.ocean)
    return Strait(0, weather, chance), weather


def test_a_narrow_line_keeps_what_is_too_much_waiting_and_its_queue_has_an_end() -> None:
    there, _ = strait("one_way = 0.1\nbandwidth = 10\nqueue = 20")
    assert there.due(0.0, 10_000) == pytest.approx(1.1)
    assert there.room(0.0) == pytest.approx(10_000)
    assert there.due(0.0, 10_000) == pytest.approx(2.1)
    assert there.room(0.0) == pytest.approx(0) and there.resumes(0.0) == pytest.approx(SEGMENT / 10_000)
    assert there.room(2.0) == pytest.approx(20_000)


def test_a_lost_packet_is_a_wait_of_a_round_trip() -> None:
    there, _ = strait("rtt = 0.1\nloss = 0.1")
    waits = [there.due(0.0, 100) - 0.05 for _ in range(20_000)]
    assert {round(wait / 0.1, 6) % 1 for wait in waits} == {0.0}
    assert sum(wait > 0 for wait in waits) == pytest.approx(2000, rel=0.2)


@pytest.mark.parametrize("spread", ["uniform", "long"])
def test_jitter_has_half_its_value_as_its_mean_whatever_its_shape(spread: str) -> None:
    there, _ = strait(f'jitter = 0.02\nspread = "{spread}"')
    waits = [there.due(0.0, 100) for _ in range(20_000)]
    assert sum(waits) / len(waits) == pytest.approx(0.01, rel=0.1)
    assert (max(waits) > 0.04) == (spread == "long") and min(waits) >= 0.0


def test_a_script_is_followed_and_begins_again() -> None:
    _, weather = strait(
        'rtt = 0.1\nloop = 60\n[[event]]\nat = 10\nwhat = "hole"\nfor = 5\n[[event]]\nat = 30\nwhat = "profile storm"\n'
        'for = 10\n[[event]]\nat = 50\nwhat = "drop"'
    )
    seen = []
    for second in range(120):
        reset = weather.turn(float(second))
        seen.append("drop" if reset else "storm" if weather.line.rtt > 0.15 else weather.state)
    once = ["open"] * 10 + ["hole"] * 5 + ["open"] * 15 + ["storm"] * 10 + ["open"] * 10 + ["drop"] + ["open"] * 9
    assert [word if word != "drop" or n % 60 == 50 else "storm" for n, word in enumerate(seen)] == once * 2


def test_a_file_that_is_edited_changes_the_line_and_the_script_goes_on() -> None:
    _, weather = strait('rtt = 0.1\n[[event]]\nat = 1\nwhat = "hole"\nfor = 1')
    weather.turn(5.0)
    weather.edit(written('rtt = 0.3\n[[event]]\nat = 1\nwhat = "hole"\nfor = 1'), 5.0)
    assert not weather.turn(6.0) and weather.state == "open" and weather.line.rtt == pytest.approx(0.3)


# The file.


def told(text: str) -> str:
    with pytest.raises(Fault) as found:
        written(text)
    return "\n".join(str(problem.told()) for problem in found.value.problems)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("rtt = 0.1\nbandwith = 3", 2, 'did you mean "bandwidth"?'),
        ("rtt = 0.1\none_way = [0.1, 0.2]", 1, "one of the two"),
        ("one_way = [0.1, 0.2, 0.3]", 1, "a list of 2"),
        ("rtt = 0.1\n\n[[event]]\nat = 3\nwhat = 'whole'", 5, 'did you mean "hole"?'),
        ("[[event]]\nat = 3\nwhat = 'profile strom'", 3, 'did you mean "storm"?'),
        ("[[event]]\nat = 3\nwhat = 'set jiter 0.1'", 3, 'did you mean "jitter"?'),
        ("[[event]]\nat = 3\nwhat = 'set jitter 99'", 3, "a number from 0 to 30"),
        ("[[event]]\nat = 3\nwhat = 'drop'\nfor = 3", 4, "hole, reset, stall"),
        ("[[event]]\nat = 3\nwhat = 'stall'", 3, "add `for = 0.5`"),
        ("loop = 5\n[[event]]\nat = 3\nwhat = 'hole'\nfor = 3", 1, "6 s or more"),
    ],
)
def test_what_is_wrong_in_an_oceans_file_is_told_with_its_line(text: str, line: int, words: str) -> None:
    assert f"o.toml:{line}: " in told(text) and words in told(text)


def test_a_word_that_is_none_is_told() -> None:
    with pytest.raises(Fault):
        ordered("profile pacific", ("storm",))


def test_a_project_has_oceans_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "hardware" / "oceans").mkdir(parents=True)
    (tmp_path / "hardware" / "oceans" / "lan.toml").write_text("rtt = 0.01")
    lib = Library([tmp_path, ROOT])
    assert lib.ocean("lan").line.rtt == 0.01 and lib.ocean("storm") == OCEANS.ocean("storm")


def test_the_oceans_are_those_of_the_plan() -> None:
    names = {"lan", "atlantic", "storm", "cut", "satellite", "hotel", "tunnel", "night"}
    assert names == set(dict(OCEANS.oceans()))
    line = OCEANS.ocean("atlantic").line
    assert (line.one_way, line.jitter, line.stall_every, line.stall) == ((0.0725, 0.0725), (0.005, 0.005), 10.0, 0.2)


# The process.


class Process:
    """An ocean as a process, with a voice that is answered."""

    def __init__(self, folder: Path, profile: str, *words: str) -> None:
        self.door, own = folder / "door", folder / "own"
        self.voice = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.voice.bind(str(own))
        self.voice.settimeout(20)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "installation.twin.ocean", "--listen", str(free_port()), "--to", "127.0.0.1:1",
             "--profile", profile, "--control", str(self.door), *words],
            cwd=ROOT, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until(self.door.exists)

    def say(self, words: str) -> dict[str, object]:
        self.voice.sendto(words.encode(), str(self.door))
        found: dict[str, object] = json.loads(self.voice.recv(65536))
        return found

    def close(self) -> str:
        self.process.terminate()
        _, said = self.process.communicate(timeout=20)
        self.voice.close()
        return said


def test_an_ocean_is_spoken_to_while_it_runs_and_takes_up_its_file_when_that_changes(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("rtt = 0.1")
    process = Process(tmp_path, str(file))
    try:
        assert process.say("status")["one_way_ms"] == [50.0, 50.0]
        file.write_text("rtt = 'much'")
        file.write_text("one_way = [0.1, 0.02]")
        until(lambda: process.say("status")["one_way_ms"] == [100.0, 20.0])
        assert process.say("hole")["state"] == "hole" and process.say("mend")["state"] == "open"
        assert process.say("set rtt 0.3")["one_way_ms"] == [150.0, 150.0]
        assert "storm" in str(process.say("profile strom")["problems"])
        assert process.say("profile storm")["ocean"] == "storm"
    finally:
        said = process.close()
    assert process.process.returncode == 0 and "strom" in said and "Traceback" not in said
    assert not process.door.exists()


def test_an_ocean_whose_starter_has_gone_ends(tmp_path: Path) -> None:
    ear, mouth = os.pipe()
    command = [
        sys.executable, "-m", "installation.twin.ocean", "--listen", str(free_port()), "--to", "127.0.0.1:1",
        "--heartbeat", str(mouth),
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, pass_fds=(mouth,))
    os.close(mouth)
    assert os.read(ear, 5) == b"beat\n"
    os.close(ear)
    assert process.wait(20) == 0


def test_a_signal_digs_a_hole_and_mends_it(tmp_path: Path) -> None:
    process = Process(tmp_path, "lan")
    try:
        process.process.send_signal(signal.SIGUSR1)
        until(lambda: process.say("status")["state"] == "hole")
        process.process.send_signal(signal.SIGUSR1)
        until(lambda: process.say("status")["state"] == "open")
    finally:
        process.close()
