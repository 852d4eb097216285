"""What leaves the house: the addresses that each `[output.NAME]` sends, when they have changed, at its own rate."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import hardware
import hardware.osc_pattern
from hardware import driver
from installation.clock import Clock
from installation.control.devices import AGAIN, BROKE, opened
from installation.control.values import Row as Values
from installation.score.problem import Problem, Row
from installation.score.rig import Device, Rig


class _Line:
    """One output: what it sends and what it last sent."""

    def __init__(self, device: Device, output: Any) -> None:
        self.device, self.output = device, output
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
                self.output.write(now, address, numbers)


class Outputs:
    """All outputs of a rig. One that cannot be had, or fails, is told once and tried again; the tick goes on."""

    def __init__(self, rig: Rig, clock: Clock, tell: Callable[[Problem], None]) -> None:
        self.rig, self.clock, self.tell = rig, clock, tell
        self.lines: list[_Line] = []
        self.lost: list[tuple[float, Device]] = []
        for device in rig.outputs:
            self._open(device, clock.now())

    def _open(self, device: Device, now: float) -> None:
        try:
            self.lines.append(_Line(device, opened(device, hardware.OUTPUTS, self.clock.now, self.clock.wall)))
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

    def close(self) -> None:
        """Lets go of every output."""
        for line in self.lines:
            line.output.close()
