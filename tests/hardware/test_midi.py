"""MIDI: the table of messages, on a wire in memory and from a foreign program through JACK."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mido
import pytest

from hardware.driver import Trouble
from hardware.midi import MOST_WAITING, MidiInput
from hardware.midi_backends import PACKAGES, survey, tried, why
from tests.hardware import midi_loop
from tests.hardware.conftest import DEADLINE, Held, asleep, running
from tests.hardware.jack import able, heard, served

LOOP = "tests.hardware.midi_loop"


@pytest.fixture
def knobs() -> Iterator[MidiInput]:
    device = MidiInput(port="nanokontrol", backend=LOOP, address="/midi/knobs")
    yield device
    device.close()


def send(device: MidiInput, *messages: mido.Message) -> None:
    with mido.Backend(LOOP).open_output(device.name) as wire:
        for message in messages:
            wire.send(message)


SAID: dict[str, tuple[mido.Message, str, Any]] = {
    "a knob": (mido.Message("control_change", channel=0, control=7, value=127), "/cc/1/7", 1.0),
    "a knob at rest": (mido.Message("control_change", channel=15, control=0, value=0), "/cc/16/0", 0.0),
    "a key": (mido.Message("note_on", channel=9, note=36, velocity=127), "/note/10/36", 1.0),
    "a key let go": (mido.Message("note_off", channel=9, note=36, velocity=64), "/note/10/36", 0.0),
    "a key let go by velocity 0": (mido.Message("note_on", note=36, velocity=0), "/note/1/36", 0.0),
    "the wheel up": (mido.Message("pitchwheel", pitch=8191), "/pitch/1", 1.0),
    "the wheel down": (mido.Message("pitchwheel", pitch=-8192), "/pitch/1", -1.0),
    "the wheel at rest": (mido.Message("pitchwheel", pitch=0), "/pitch/1", 0.0),
    "a program": (mido.Message("program_change", program=12), "/program/1", 12),
    "pressure": (mido.Message("aftertouch", value=127), "/pressure/1", 1.0),
    "pressure on a key": (mido.Message("polytouch", note=60, value=127), "/pressure/1/60", 1.0),
    "start": (mido.Message("start"), "/start", True),
    "stop": (mido.Message("stop"), "/stop", True),
    "a beat": (mido.Message("clock"), "/clock", True),
}


@pytest.mark.parametrize("name", SAID)
def test_a_message_becomes_an_address_and_a_value(name: str, knobs: MidiInput) -> None:
    message, end, value = SAID[name]
    send(knobs, message)
    assert [(event.address, event.value) for event in knobs.poll(time.monotonic(), 9)] == [
        ("/midi/knobs" + end, (value,))
    ]


def test_the_first_port_that_contains_the_name_is_opened_whatever_its_case(knobs: MidiInput) -> None:
    assert knobs.name == "nanoKONTROL2 CTRL 20:0"


def test_without_a_name_the_first_real_port_is_opened() -> None:
    device = MidiInput(backend=LOOP)
    assert device.name == "nanoKONTROL2 CTRL 20:0"
    device.close()


def test_a_virtual_port_has_the_name_it_was_given() -> None:
    device = MidiInput(port="jumelage", virtual=True, backend=LOOP)
    assert device.name == "jumelage"
    device.close()


def test_what_has_no_row_is_ignored_and_counted(knobs: MidiInput) -> None:
    send(knobs, mido.Message("sysex", data=[1, 2, 3]), mido.Message("songpos", pos=3))
    assert knobs.poll(time.monotonic(), 9) == [] and knobs.counts()["ignored"] == 2


def test_a_message_wakes_the_sleeper_and_a_poll_that_left_some_wakes_again(knobs: MidiInput) -> None:
    assert not asleep(knobs.wait(), 0.0)
    send(knobs, *[mido.Message("control_change", control=1, value=one) for one in range(3)])
    assert asleep(knobs.wait(), 0.0) and len(knobs.poll(time.monotonic(), 2)) == 2
    assert asleep(knobs.wait(), 0.0) and len(knobs.poll(time.monotonic(), 2)) == 1
    assert not asleep(knobs.wait(), 0.0)


def test_a_flood_between_two_polls_is_bounded_counted_and_told(knobs: MidiInput) -> None:
    send(knobs, *[mido.Message("clock")] * (MOST_WAITING + 100))
    assert knobs.counts()["dropped"] == 100 and knobs.health() == "flooding"
    assert len(knobs.poll(time.monotonic(), 2 * MOST_WAITING)) == MOST_WAITING


def test_a_knob_that_rests_is_not_called_silent(knobs: MidiInput) -> None:
    assert knobs.health() == "alive"


def test_a_device_pulled_out_is_told_and_one_plugged_in_again_is_heard_again() -> None:
    clock = Held()
    device = MidiInput(backend=LOOP, clock=clock)
    midi_loop.PORTS.remove("nanoKONTROL2 CTRL 20:0")
    device.poll(clock.advance(2.0), 9)
    assert device.health() == "lost"
    midi_loop.PORTS.insert(1, "nanoKONTROL2 CTRL 24:0")
    try:
        device.poll(clock.advance(2.0), 9)
        send(device, mido.Message("clock"))
        assert device.health() == "alive" and device.name == "nanoKONTROL2 CTRL 24:0"
        assert len(device.poll(clock(), 9)) == 1
    finally:
        midi_loop.PORTS[1] = "nanoKONTROL2 CTRL 20:0"
    device.close()


def test_messages_may_come_while_the_port_closes() -> None:
    device = MidiInput(port="Launchpad", backend=LOOP)
    stop = threading.Event()

    def play() -> None:
        while not stop.is_set():
            device._heard(mido.Message("clock"))

    player = threading.Thread(target=play)
    player.start()
    device.close()
    stop.set()
    player.join(DEADLINE)
    assert device.poll(time.monotonic(), 9) == [] and device.wait() is None


def test_a_port_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(Trouble) as caught:
        MidiInput(port="faders", backend=LOOP)
    assert caught.value.en[0] == 'no MIDI port "faders"' and '"Launchpad Mini"' in caught.value.en[1]
    assert caught.value.fr[0] == "pas de port MIDI « faders »" and '"Launchpad Mini"' in caught.value.fr[1]


def test_a_missing_library_is_told_with_the_extra_that_brings_it() -> None:
    with pytest.raises(Trouble) as caught:
        MidiInput(backend="no.such.library")
    assert "jumelage[midi]" in caught.value.en[2] and "jumelage[midi]" in caught.value.fr[2]


def test_the_doctor_hears_of_every_library_what_it_can_or_why_not() -> None:
    assert {one.name.split("/")[0] for one in survey()} == set(PACKAGES)
    assert all(one.works or one.fault for one in survey())
    assert len(why().splitlines()) == len(survey())


def test_pylibremidi_tells_what_this_machine_lacks() -> None:
    pytest.importorskip("pylibremidi", reason="pylibremidi is not installed (it serves Python 3.13 and later)")
    from hardware.midi_libremidi import get_devices

    assert get_devices(api="DUMMY") == []
    assert tried("hardware.midi_libremidi/NO_SUCH_API").fault == "NO_SUCH_API is not to be had on this machine"
    with pytest.raises(Trouble, match="no MIDI port"):
        MidiInput(port="knobs", backend="hardware.midi_libremidi/DUMMY")


def test_a_foreign_program_plays_through_jack(jackd: str, jack_midiseq: str, tmp_path: Path) -> None:
    with served(jackd) as jack, running([jack_midiseq, "player", "4800", "0", "60", "2400"], jack):
        lines = heard(able(jack, tmp_path), 4, 5.0)
    assert set(lines.splitlines()) == {f"/midi/note/1/60 {64 / 127.0}", "/midi/note/1/60 0.0"}


def test_a_device_that_is_looked_for_again_and_again_writes_nothing_of_its_own_to_the_terminal() -> None:
    program = "from hardware.midi_backends import survey; survey(); survey(); import os; os.write(2, b'heard')"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stderr == "heard"
