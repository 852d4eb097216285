"""The contract of a device: what comes in is an Event, what goes out is a write. Nothing here knows the engine.

A driver is one class in one file of this folder, named in `hardware.DRIVERS` or `hardware.OUTPUTS`. Its constructor
takes the options of its table in the rig by keyword, each with a plain annotation (int, float, str, bool, list[str])
and mostly a default, and besides them what the engine hands in: `GIVEN`. A device that cannot be had raises Trouble
there, in the constructor; afterwards nothing raises, and `health` and `counts` tell what became of it.

A driver may say what it senses of people (`senses`, a class attribute: one phrase in English and one in French, or
NOBODY) and that it opens a network (`door`, "udp" or "tcp"): `jumelage privacy` tells both to the visitors.
"""

from __future__ import annotations

import inspect
import select
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

NOBODY = None
"""What a driver `senses` that hears of no person."""

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


def senses(driver: type[Any], address: str) -> tuple[str, str] | None:
    """What a driver senses of people, in English and French; NOBODY where that is nothing.

    A driver that says nothing of it (`senses`, a class attribute) senses what its address says.
    """
    unsaid = f"what its address says: {address}", f"ce que dit son adresse : {address}"
    said: tuple[str, str] | None = getattr(driver, "senses", unsaid)
    return said


def door(driver: type[Any]) -> str:
    """By which way a driver speaks to a network: "udp" or "tcp", at its options `host` and `port`; "" for none."""
    return str(getattr(driver, "door", ""))


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


class Made(NamedTuple):
    """A device made for the kit: itself, what makes at least so many events come, and the clock that it was given."""

    device: Input
    stir: Callable[[int], object]
    clock: Callable[[], float]


PATIENCE = 5.0
"""Seconds that the kit waits for what `stir` promised."""


def conforms(make: Callable[[], Made], address: str) -> list[str]:
    """Tries a driver against the contract; each breach in a sentence, none when it conforms.

    `make` gives a fresh device each time, told the prefix `address`.
    """
    breaches = []
    for told, trial in TRIALS.items():
        made = make()
        try:
            held = trial(made, address)
        except Exception as fault:
            held, told = False, f"{told} (it raised {fault!r})"
        finally:
            made.device.close()
        breaches += [] if held else [told]
    return breaches


def taken(made: Made, least: int, limit: int = 100) -> list[Event]:
    """Stirs, then polls as control would, asleep on `wait`, until so many events came or patience ends."""
    made.stir(least)
    events: list[Event] = []
    end = time.monotonic() + PATIENCE
    while len(events) < least and time.monotonic() < end:
        number = made.device.wait()
        if number is not None and not events:
            select.select([number], [], [], 0.05)
        events += made.device.poll(made.clock(), limit)
    return events


def _gives(made: Made, address: str) -> bool:
    return len(taken(made, 3)) >= 3


def _prefixed(made: Made, address: str) -> bool:
    return all(event.address == address or event.address.startswith(address + "/") for event in taken(made, 3))


def _plain(made: Made, address: str) -> bool:
    return all(type(event) is Event and type(event.value) is tuple for event in taken(made, 3))


def _limited(made: Made, address: str) -> bool:
    made.stir(8)
    counts = [len(made.device.poll(made.clock(), limit)) for limit in (0, 1, 2, 1)]
    return all(count <= limit for count, limit in zip(counts, (0, 1, 2, 1), strict=True))


def _keeps(made: Made, address: str) -> bool:
    return len(taken(made, 6, limit=1)) >= 6


def _ordered(made: Made, address: str) -> bool:
    times = [event.time for event in taken(made, 4) + taken(made, 4)]
    return times == sorted(times) and times[-1] <= made.clock()


def _wakes(made: Made, address: str) -> bool:
    number = made.device.wait()
    made.stir(1)
    return number is None or bool(select.select([number], [], [], PATIENCE)[0])


def _rests(made: Made, address: str) -> bool:
    taken(made, 3)
    for _ in range(100):
        made.device.poll(made.clock(), 100)
    number = made.device.wait()
    return number is None or not select.select([number], [], [], 0.0)[0]


def _prompt(made: Made, address: str) -> bool:
    start = time.monotonic()
    made.device.poll(made.clock(), 100)
    return time.monotonic() - start < 1.0


def _closes(made: Made, address: str) -> bool:
    made.stir(3)
    made.device.close()
    made.device.close()
    return made.device.poll(made.clock(), 100) == [] and made.device.wait() is None


def _healthy(made: Made, address: str) -> bool:
    before = made.device.health()
    taken(made, 3)
    return before in HEALTH and made.device.health() in HEALTH


def _counts(made: Made, address: str) -> bool:
    events = taken(made, 3)
    counts = made.device.counts()
    return counts["received"] >= len(events) and all(type(count) is int for count in counts.values())


TRIALS: dict[str, Callable[[Made, str], bool]] = {
    "poll gives what came": _gives,
    "every address begins with the device's own": _prefixed,
    "poll gives Events with tuples as values": _plain,
    "poll never gives more than its limit": _limited,
    "what a limit left behind comes with the next polls": _keeps,
    "times never go back, and are never ahead of the clock": _ordered,
    "wait becomes readable when something came": _wakes,
    "wait is not readable when everything was polled": _rests,
    "poll returns at once when nothing came": _prompt,
    "close may be called twice, and a closed input polls and waits for nothing": _closes,
    "health is one of the words of HEALTH": _healthy,
    "counts tells what was received, in whole numbers": _counts,
}
