"""The rig's devices: opened from its tables, polled each tick, opened again when lost. None can stop the tick."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import hardware
from hardware import driver
from hardware.driver import Event, Input
from installation.clock import Clock
from installation.score.fitting import Option
from installation.score.problem import Problem, Row
from installation.score.rig import Device, Rig

LIMIT = 512
"""Events of one device in one tick. At 100 ticks a second that is 51,200 messages/s; the rest waits in its buffer."""
AGAIN = 2.0
"""Seconds between two attempts at a device that could not be had."""

BROKE = Row(
    en=("[device.{name}] failed: {found}", "a driver that never raises", "the rest of the show goes on; see the log"),
    fr=("[device.{name}] a échoué : {found}", "un pilote sans erreur", "le spectacle continue ; voyez le journal"),
)


class Socket(NamedTuple):
    """One device of the rig: its table, the open input or None, and when to try again."""

    device: Device
    input: Input | None
    again: float


def drivers(table: dict[str, str]) -> dict[str, dict[str, Option] | None]:
    """Each driver's options by name, from its constructor; None when its vendor library is missing."""
    found: dict[str, dict[str, Option] | None] = {}
    for name, where in table.items():
        try:
            cls = hardware.load(where)
            taken = driver.options(cls)
        except (driver.Trouble, ImportError):
            found[name] = None
            continue
        kinds = {option: Option(kind, required) for option, (kind, required, _) in taken.items()}
        seeded = "seed" in inspect.signature(cls).parameters
        found[name] = {**kinds, "seed": Option(int, False)} if seeded else dict(kinds)
    return found


def opened(device: Device, table: dict[str, str], clock: Callable[[], float], wall: Callable[[], float]) -> Any:
    """A device or an output, made from its table of the rig. Raises Trouble when it cannot be had."""
    cls = hardware.load(table[device.driver])
    given = {"clock": clock, "wall": wall, "seed": sum(device.name.encode()), "address": device.address}
    takes = inspect.signature(cls).parameters
    handed = {name: value for name, value in given.items() if name in takes and (name != "address" or value)}
    if "address" in takes and takes["address"].default is inspect.Parameter.empty:
        handed.setdefault("address", f"/{device.name}")
    return cls(**{**handed, **device.options})


class Devices:
    """All inputs of a rig."""

    def __init__(self, rig: Rig, clock: Clock, tell: Callable[[Problem], None]) -> None:
        self.rig, self.clock, self.wall, self.tell = rig, clock.now, clock.wall, tell
        self.told: set[str] = set()
        self.broken: dict[str, str] = {}
        self.sockets: list[Socket] = [self._open(device, 0.0) for device in rig.devices]

    def _open(self, device: Device, now: float) -> Socket:
        try:
            return Socket(device, opened(device, hardware.DRIVERS, self.clock, self.wall), 0.0)
        except driver.Trouble as trouble:
            self._tell(device, Row(trouble.en, trouble.fr), {})
        except Exception as error:
            self._tell(device, BROKE, {"name": device.name, "found": error})
        return Socket(device, None, now + AGAIN)

    def _tell(self, device: Device, row: Row, words: dict[str, Any]) -> None:
        problem = Problem(self.rig.file, device.line, row, words)
        if device.name not in self.told:
            self.told.add(device.name)
            self.tell(problem)
        self.broken[device.name] = str(problem.told())

    def waits(self) -> list[int]:
        """The file numbers whose readiness brings an early tick."""
        return [number for socket in self.sockets if socket.input and (number := socket.input.wait()) is not None]

    def poll(self, now: float, limit: int = LIMIT) -> list[Event]:
        """This tick's events, device after device, at most `limit` of each."""
        events: list[Event] = []
        for index, (device, source, again) in enumerate(self.sockets):
            if source is None:
                if now >= again:
                    self._retry(index, device, now)
                continue
            try:
                events += source.poll(now, limit)
            except Exception as error:
                self._tell(device, BROKE, {"name": device.name, "found": error})
                with contextlib.suppress(Exception):
                    source.close()
                self.sockets[index] = Socket(device, None, now + AGAIN)
        return events

    def _retry(self, index: int, device: Device, now: float) -> None:
        self.sockets[index] = self._open(device, now)
        if self.sockets[index].input:
            self.told.discard(device.name)
            self.broken.pop(device.name, None)

    def health(self) -> dict[str, dict[str, Any]]:
        """Each device by name: alive, silent, flooding or lost, with its counts and, when it is lost, why."""
        found: dict[str, dict[str, Any]] = {}
        for device, source, _ in self.sockets:
            if source is None:
                found[device.name] = {"state": "lost", "why": self.broken.get(device.name, "")}
            else:
                found[device.name] = {"state": source.health(), **source.counts()}
        return found

    def close(self) -> None:
        """Lets go of every device."""
        for _, source, _ in self.sockets:
            if source:
                source.close()
