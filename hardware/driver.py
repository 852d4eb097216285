"""The contract of a device: what comes in is an Event, what goes out is a write. Nothing here knows the engine.

A driver is one class in one file of this folder, named in `hardware.DRIVERS` or `hardware.OUTPUTS`. Its constructor
takes the options of its table in the rig by keyword, each with a plain annotation (int, float, str, bool, list[str])
and mostly a default, and besides them what the engine hands in: `GIVEN`. A device that cannot be had raises Trouble
there, in the constructor; afterwards nothing raises, and `health` and `counts` tell what became of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

GIVEN = ("address", "clock", "wall", "seed")
"""What the engine hands to a constructor that asks for it: the prefix of the device's addresses (str), the monotonic
clock and the date (callables giving seconds), the seed (int). All else in a signature is an option of the rig."""

HEALTH = ("alive", "silent", "flooding", "lost")
"""What an input may say of itself, from best to worst; an output is never silent."""


class Event(NamedTuple):
    """One thing that happened: when (monotonic seconds), where (an OSC-style address), what (a tuple of values)."""

    time: float
    address: str
    value: tuple[Any, ...]


class Input(Protocol):
    """A source of events. None of its methods may block or raise on anything that arrives."""

    def wait(self) -> int | None:
        """A file number that becomes readable when something new came, or None to be polled each tick.

        What a `poll` left behind for its limit, or for its due time, need not show there: the next tick takes it.
        """

    def poll(self, now: float, limit: int) -> list[Event]:
        """At most `limit` events in the order they came; the rest stays for the next call."""

    def close(self) -> None:
        """Lets go of the device; safe to call twice. A closed input polls nothing."""

    def health(self) -> str:
        """One of HEALTH."""

    def counts(self) -> dict[str, int]:
        """What was `received`, and what went wrong (`malformed`, `dropped` …), since the start."""


class Output(Protocol):
    """A sink of values."""

    def write(self, now: float, address: str, value: tuple[Any, ...]) -> None:
        """Takes the newest value of an address; never blocks."""

    def close(self) -> None:
        """Lets go of the device; safe to call twice. A closed output takes writes and does nothing."""

    def health(self) -> str:
        """One of HEALTH."""

    def counts(self) -> dict[str, int]:
        """What was `sent`, and what went wrong (`malformed`, `dropped` …), since the start."""


class Trouble(Exception):
    """A device cannot be had, told in both languages with the remedy; the engine adds file and line."""

    def __init__(self, en: tuple[str, str, str], fr: tuple[str, str, str]) -> None:
        self.en, self.fr = en, fr
        super().__init__("; ".join(en))


class Option(NamedTuple):
    """One option of a driver, as its constructor declares it."""

    kind: Any
    required: bool
    default: Any


def options(driver: Callable[..., Any]) -> dict[str, Option]:
    """The options that a driver's table in the rig may carry, by name; what the engine hands in is left out."""
    known = inspect.signature(driver, eval_str=True).parameters.values()
    return {
        one.name: Option(one.annotation, one.default is one.empty, None if one.default is one.empty else one.default)
        for one in known
        if one.name not in GIVEN
    }


class Pulse:
    """The life of a device, for its `health`: when it last gave something, when it last lost something."""

    def __init__(self, clock: Callable[[], float], silence: float = 10.0, flood: float = 1.0) -> None:
        self.clock, self.silence, self.flood = clock, silence, flood
        self.gone = False
        self._beat = self._lost = float("-inf")

    def beat(self, now: float) -> None:
        """Something came."""
        self._beat = now

    def overrun(self, now: float) -> None:
        """More came than could be taken."""
        self._lost = now

    def health(self) -> str:
        """The worst word of HEALTH that holds now."""
        now = self.clock()
        if self.gone:
            return "lost"
        if now - self._lost < self.flood:
            return "flooding"
        return "alive" if now - self._beat < self.silence else "silent"
