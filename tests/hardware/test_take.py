"""A take is read as it was written, to the last bit, however it was cut short; and plays as if it were live."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.driver import Event, Trouble
from hardware.take import Head, TakeInput, TakeWriter, Tick, read
from tests.hardware.conftest import Held, running

HEAD = Head(site="paris", scene="tide", hash="ab12", seed=7, started=1.8e9, state={"/scene/level": [0.1]})
VALUES = st.one_of(
    st.floats(allow_nan=False),
    st.integers(-(2**63), 2**64 - 1),
    st.booleans(),
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(),
    st.tuples(st.integers(0, 255), st.tuples(st.floats(0, 1))),
)
EVENTS = st.lists(st.builds(Event, st.floats(0, 1e6), st.just("/floor/x"), st.lists(VALUES).map(tuple)), max_size=5)
TICKS = st.lists(st.builds(Tick, st.floats(0, 1e6), EVENTS, st.lists(st.binary(), max_size=3), EVENTS), max_size=5)


def written(path: Path, ticks: list[Tick]) -> Path:
    writer = TakeWriter(path, HEAD)
    for tick in ticks:
        writer.write(tick.time, tick.events, tick.arrived, tick.desk)
    writer.close()
    writer.close()
    assert writer.fault == ""
    return path


@given(TICKS)
def test_a_take_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, ticks: list[Tick]) -> None:
    head, found = read(written(tmp_path_factory.mktemp("takes") / "evening.take", ticks))
    assert head == HEAD and list(found) == ticks


@given(st.data())
def test_a_take_cut_short_anywhere_gives_the_ticks_before_the_cut(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    ticks = [Tick(float(number), [Event(float(number), "/x", (number,))]) for number in range(5)]
    path = written(tmp_path_factory.mktemp("takes") / "cut.take", ticks)
    whole = path.read_bytes()
    bare = len(written(path.with_name("bare.take"), []).read_bytes())
    path.write_bytes(whole[: data.draw(st.integers(bare, len(whole)))])
    found = list(read(path)[1])
    assert found == ticks[: len(found)]


WRITER = """
import itertools, sys
from pathlib import Path
from hardware.driver import Event
from hardware.take import Head, TakeWriter
writer = TakeWriter(Path(sys.argv[1]), Head(site="paris"))
for number in itertools.count():
    writer.write(float(number), [Event(float(number), "/x", ("a word", number))])
    if number == 10_000:
        print("on", flush=True)
"""


def test_a_take_whose_writer_was_killed_gives_every_whole_tick_in_order(tmp_path: Path) -> None:
    path = tmp_path / "killed.take"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with running([sys.executable, "-c", WRITER, str(path)], environment) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == b"on\n"
        writer.kill()
        writer.wait()
    head, ticks = read(path)
    found = list(ticks)
    assert head.site == "paris" and len(found) > 5_000
    assert found == [Tick(float(n), [Event(float(n), "/x", ("a word", n))]) for n in range(len(found))]


def test_a_record_nested_without_end_ends_the_take_there(tmp_path: Path) -> None:
    path = written(tmp_path / "deep.take", [Tick(0.0)])
    event = msgspec.msgpack.encode([1.0, "/x"]).replace(b"\x92", b"\x93", 1) + b"\x91" * 1_000_000 + b"\x01"
    body = b"\x94" + msgspec.msgpack.encode(1.0) + b"\x91" + event + b"\x90\x90"
    with path.open("ab") as file:
        file.write(struct.pack(">I", len(body)) + body)
    assert list(read(path)[1]) == [Tick(0.0)]


@pytest.mark.parametrize("content", [b"", b"\0\0\0\1", b"not a take at all", b"\0\0\0\7\x81\xa4take\x09", b"\xff" * 99])
def test_what_is_no_take_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(content)
    with pytest.raises(Trouble) as caught:
        read(path)
    assert "is no take" in caught.value.en[0] and "n'est pas une prise" in caught.value.fr[0]


def test_a_take_that_is_not_there_or_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="is no take"):
        read(tmp_path / "none.take")
    with pytest.raises(Trouble, match="cannot be written"):
        TakeWriter(tmp_path / "no" / "folder.take", HEAD)


def test_a_full_disk_ends_the_take_and_not_the_show() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    writer = TakeWriter(full, HEAD)
    for number in range(3):
        writer.write(float(number), [Event(0.0, "/x", ("a" * 100_000,))])
    writer.close()
    assert "space" in writer.fault


def evening(path: Path) -> Path:
    return written(path, [Tick(100.0 + number, [Event(100.0 + number, "/x", (number,))]) for number in range(3)])


def played(device: TakeInput, times: list[float]) -> list[list[tuple[float, int]]]:
    return [[(event.time, event.value[0]) for event in device.poll(at, 9)] for at in times]


def test_a_take_plays_at_its_own_times(tmp_path: Path) -> None:
    device = TakeInput(str(evening(tmp_path / "a.take")), clock=Held(5.0))
    assert played(device, [5.0, 5.5, 6.0, 9.0, 99.0]) == [[(5.0, 0)], [], [(6.0, 1)], [(7.0, 2)], []]


def test_a_take_plays_faster_and_over_again(tmp_path: Path) -> None:
    device = TakeInput(str(evening(tmp_path / "a.take")), loop=True, speed=2.0, clock=Held())
    assert played(device, [0.0, 0.5, 1.0, 1.01, 1.51]) == [[(0.0, 0)], [(0.5, 1)], [(1.0, 2)], [(1.01, 0)], [(1.51, 1)]]


def test_a_take_without_length_does_not_spin(tmp_path: Path) -> None:
    device = TakeInput(str(written(tmp_path / "a.take", [Tick(1.0)])), loop=True, clock=Held())
    assert played(device, [0.0, 9e9]) == [[], []]
