"""What leaves the house: the addresses that each `[output.NAME]` sends, when they have changed, at its own rate."""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Callable
from typing import Any

import hardware
import hardware.osc_pattern
from hardware import driver
from hardware.driver import Event
from installation.clock import Clock
from installation.control.devices import AGAIN, BROKE, opened
from installation.control.values import Row as Values
from installation.score.problem import Problem, Row
from installation.score.rig import Device, Rig

ECHO, MOST_SAID = 0.5, 4096
"""Seconds in which what we said may come back, and how many sayings are remembered for it."""


class Echoes:
    """What went out a moment ago. A desk may send back what it is told; that is no hand, and an event that came back
    would be a rise, be told again, and come back again, for ever."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, tuple[Any, ...]], float] = {}
        self.heard = 0

    def said(self, now: float, address: str, numbers: tuple[float, ...]) -> None:
        """An output has said this; OSC carries it in single precision."""
        key = address, tuple(ctypes.c_float(number).value for number in numbers)
        self._said.pop(key, None)
        self._said[key] = now + ECHO
        while len(self._said) > MOST_SAID or next(iter(self._said.values())) < now:
            del self._said[next(iter(self._said))]

    def without(self, now: float, events: list[Event]) -> list[Event]:
        """The events that are not an echo. Each saying is answered by one echo at most."""
        if not self._said:
            return events
        kept = [event for event in events if not self._is_echo(now, event)]
        self.heard += len(events) - len(kept)
        return kept

    def _is_echo(self, now: float, event: Event) -> bool:
        try:
            return self._said.pop((event.address, event.value), 0.0) > now
        except TypeError:  # a value that cannot be looked up, so none of ours
            return False


class _Line:
    """One output: what it sends and what it last sent."""

    def __init__(self, device: Device, output: Any, echoes: Echoes) -> None:
        self.device, self.output, self.echoes = device, output, echoes
        self.next = 0.0
        self.layout: Any = None
        self.addresses: list[str] = []
        self.sent: dict[str, tuple[float, ...]] = {}

    def choose(self, values: Values) -> None:
        """The addresses that the output's patterns mean in this layout."""
        self.layout, names = values.layout, list(values.layout.slots)
        self.addresses = [name for pattern in self.device.send for name in hardware.osc_pattern.matches(pattern, names)]

    def write(self, now: float, values: Values) -> None:
        if values.layout is not self.layout:
            self.choose(values)
        for address in self.addresses:
            numbers = values.value(address)
            if self.sent.get(address) != numbers:
                self.sent[address] = numbers
                self.echoes.said(now, address, numbers)
                self.output.write(now, address, numbers)


class Outputs:
    """All outputs of a rig. One that cannot be had, or fails, is told once and tried again; the tick goes on."""

    def __init__(self, rig: Rig, clock: Clock, tell: Callable[[Problem], None]) -> None:
        self.rig, self.clock, self.tell, self.echoes = rig, clock, tell, Echoes()
        self.lines: list[_Line] = []
        self.lost: list[tuple[float, Device]] = []
        for device in rig.outputs:
            self._open(device, clock.now())

    def _open(self, device: Device, now: float) -> None:
        try:
            output = opened(device, hardware.OUTPUTS, self.clock.now, self.clock.wall)
            self.lines.append(_Line(device, output, self.echoes))
        except driver.Trouble as trouble:
            self._lose(device, now, Row(trouble.en, trouble.fr), {})
        except Exception as error:
            self._lose(device, now, BROKE, {"name": device.name, "found": error})

    def _lose(self, device: Device, now: float, row: Row, words: dict[str, Any]) -> None:
        self.tell(Problem(self.rig.file, device.line, row, words))
        self.lost.append((now + AGAIN, device))

    def write(self, now: float, values: Values) -> None:
        """Sends what has changed, to each output whose turn it is."""
        while self.lost and now >= self.lost[0][0]:
            self._open(self.lost.pop(0)[1], now)
        for line in list(self.lines):
            if now < line.next:
                continue
            line.next = max(line.next + 1.0 / line.device.rate, now)
            try:
                line.write(now, values)
            except Exception as error:
                self.lines.remove(line)
                with contextlib.suppress(Exception):
                    line.output.close()
                self._lose(line.device, now, BROKE, {"name": line.device.name, "found": error})

    def health(self) -> dict[str, dict[str, Any]]:
        """Each output by name: alive, flooding or lost, with its counts; `echoes` came back and moved nothing."""
        return {
            line.device.name: {"state": line.output.health(), **line.output.counts(), "echoes": self.echoes.heard}
            for line in self.lines
        } | {device.name: {"state": "lost"} for _, device in self.lost}

    def close(self) -> None:
        """Lets go of every output."""
        for line in self.lines:
            line.output.close()
