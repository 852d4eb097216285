"""A take being written: it holds nothing up, and ends by itself when nobody wants it any more."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware import take
from hardware.driver import Event
from installation.control import recording
from installation.control.recording import Recording, packed, unpacked
from installation.twin.mirror import Arrived
from installation.twin.offset import Line

LINE = Line(0.0, 1000.0, 1.0, True, 0.0)


@pytest.fixture
def begun() -> Iterator[Callable[[Path], Recording]]:
    """Begins a take at a path."""
    made = Recording()

    def begin(path: Path) -> Recording:
        made.begin(str(path), take.Head(site="paris"), LINE, 0.0)
        return made

    yield begin
    made.close()


def test_a_tick_is_kept_with_what_came_and_what_was_asked(begun: Callable[[Path], Recording], tmp_path: Path) -> None:
    made, event = begun(tmp_path / "a.take"), Event(1.0, "/x", (0.5,))
    made.asked(0.9, {"do": "set", "address": "/scene/level", "value": [1]})
    made.asked(0.9, {"do": "status"})
    bent = LINE._replace(rate=1.0001)
    delay = Event(1.0, "/link/frisco/delay", (0.07,))
    made.tick(1.0, [event], [Arrived("frisco", b"\x01\x02", 0.99)], [delay], bent)
    made.tick(1.01, [], [], [], bent)
    made.close()
    first, second = take.read(tmp_path / "a.take")[1]
    assert first.events == [event] and [unpacked(one) for one in first.arrived] == [Arrived("frisco", b"\x01\x02")]
    assert [one.address for one in first.desk] == ["/desk/set", "/clock/shared", "/link/frisco/delay"]
    assert first.desk[1].value == (0.0, 1000.0, 1.0001) and second == take.Tick(1.01)
    assert made.told() == {"take": str(tmp_path / "a.take"), "state": "ended", "ticks": 2}


def test_a_frame_of_the_line_is_itself_again_and_what_is_none_is_none() -> None:
    assert unpacked(packed(Arrived("paris", b"abc"))) == Arrived("paris", b"abc")
    assert [unpacked(one) for one in (b"", b"\xc0", b"\x92\x01\x02")] == [None, None, None]


def test_a_take_ends_when_its_asker_is_gone(begun: Callable[[Path], Recording], tmp_path: Path) -> None:
    made = begun(tmp_path / "a.take")
    made.renewed(5.0)
    made.tick(14.9, [], [], [], LINE)
    assert made.on
    made.tick(15.1, [], [], [], LINE)
    made.close()
    assert not made.on and made.state == "ended" and len(list(take.read(tmp_path / "a.take")[1])) == 1


def test_a_disk_that_stands_still_holds_no_tick_and_ends_the_take(
    begun: Callable[[Path], Recording], tmp_path: Path
) -> None:
    """A pipe that nobody reads is a disk that stands still."""
    os.mkfifo(tmp_path / "still.take")
    made, longest = begun(tmp_path / "still.take"), 0.0
    for number in range(recording.WAITING + 2):
        made.renewed(number * 0.01)
        before = time.monotonic()
        made.tick(number * 0.01, [], [], [], LINE)
        longest = max(longest, time.monotonic() - before)
    (problem,) = made.problems()
    assert problem.told().found == f"the take ends here: {recording.SLOW}" and not made.on
    assert longest < 0.5 and made.problems() == [] and made.state == "closing"
    with open(tmp_path / "still.take", "rb") as reader:
        reader.read(4)
