"""Every driver that ships keeps the contract, and the kit notices one that does not."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import pytest

import hardware
from hardware.driver import TRIALS, Event, Made, Trouble, conforms, options
from hardware.midi import MidiInput
from hardware.osc import OscInput
from hardware.simulated import SimulatedInput
from hardware.take import Head, TakeInput, TakeWriter
from hardware.visitors import Visitors
from tests.hardware.conftest import Held

PREFIX = "/here"


def osc() -> Made:
    device = OscInput(port=0, address=PREFIX)

    def stir(count: int) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            for _ in range(count):
                mouth.sendto(b"/x\0\0,i\0\0\0\0\0\7", ("127.0.0.1", device.port))

    return Made(device, stir, time.monotonic)


def midi() -> Made:
    device = MidiInput(port="Launchpad", backend="tests.hardware.midi_loop", address=PREFIX)

    def stir(count: int) -> None:
        with mido.Backend("tests.hardware.midi_loop").open_output(device.name) as wire:
            for _ in range(count):
                wire.send(mido.Message("control_change", control=1, value=64))

    return Made(device, stir, time.monotonic)


def take(folder: Path) -> Made:
    clock, path = Held(), folder / "evening.take"
    writer = TakeWriter(path, Head())
    for number in range(100):
        writer.write(number / 10.0, [Event(number / 10.0, "/x", (number,))])
    writer.close()
    device = TakeInput(str(path), address=PREFIX, clock=clock)
    return Made(device, lambda count: clock.advance(count / 10.0), clock)


def on_a_grid(driver: Callable[..., Any]) -> Made:
    clock = Held()
    return Made(driver(address=PREFIX, clock=clock, seed=1), lambda count: clock.advance(count / 10.0), clock)


MAKERS: dict[str, Callable[[Path], Made]] = {
    "osc": lambda folder: osc(),
    "midi": lambda folder: midi(),
    "simulated": lambda folder: on_a_grid(SimulatedInput),
    "take": take,
    "visitors": lambda folder: on_a_grid(Visitors),
}


def test_every_driver_is_tried() -> None:
    assert set(MAKERS) == set(hardware.DRIVERS)


@pytest.mark.parametrize("name", hardware.DRIVERS)
def test_a_driver_keeps_the_contract(name: str, tmp_path: Path) -> None:
    assert conforms(lambda: MAKERS[name](tmp_path), PREFIX) == []


@pytest.mark.parametrize("where", [*hardware.DRIVERS.values(), *hardware.OUTPUTS.values()])
def test_a_driver_takes_plain_options_and_an_address_and_a_clock(where: str) -> None:
    driver = hardware.load(where)
    assert {option.kind for option in options(driver).values()} <= {int, float, str, bool, list[str]}
    assert not {"address", "clock", "seed", "wall"} & set(options(driver))


def test_an_option_tells_its_kind_and_default_and_whether_it_must_be_given() -> None:
    known = options(OscInput)
    assert known["port"].required and known["port"].kind is int
    assert not known["host"].required and known["host"].default == "127.0.0.1"


class Broken:
    """A device that breaks every rule of the contract that it can."""

    def wait(self) -> int | None:
        return None

    def poll(self, now: float, limit: int) -> Any:
        return [Event(now + 1.0, "/elsewhere", (1,)), Event(now + 0.5, "/elsewhere", [1])] * 5  # type: ignore[arg-type]

    def health(self) -> str:
        return "fine"

    def counts(self) -> dict[str, int]:
        raise KeyError("received")

    def close(self) -> None:
        return


def test_the_kit_names_each_breach() -> None:
    breaches = conforms(lambda: Made(Broken(), lambda count: None, time.monotonic), PREFIX)
    assert len(breaches) == 7, breaches
    assert breaches[-1] == f"{list(TRIALS)[-1]} (it raised KeyError('received'))"


@pytest.mark.parametrize("options", [{"shape": "sinus"}, {"rate": 0.0}])
def test_a_simulated_sensor_that_cannot_be_had_says_why(options: dict[str, Any]) -> None:
    with pytest.raises(Trouble) as caught:
        SimulatedInput(**options)
    assert caught.value.en[2].startswith("change `") and caught.value.fr[2].startswith("changez `")
