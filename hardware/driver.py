"""The contract of a device: what comes in is an Event, what goes out is a write. Nothing here knows the engine."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol


class Event(NamedTuple):
    """One thing that happened: when (monotonic seconds), where (an OSC-style address), what (a tuple of plain values)."""

    time: float
    address: str
    value: tuple[Any, ...]


class Input(Protocol):
    """A source of events. None of its methods may block or raise on anything that arrives."""

    def wait(self) -> int | None:
        """A file number that becomes readable when there is something to poll, or None to be polled each tick."""

    def poll(self, now: float, limit: int) -> list[Event]:
        """At most `limit` events in the order they came; the rest stays for the next call."""

    def close(self) -> None:
        """Lets go of the device; safe to call twice."""


class Output(Protocol):
    """A sink of values."""

    def write(self, now: float, address: str, value: tuple[Any, ...]) -> None:
        """Takes the newest value of an address; never blocks."""

    def close(self) -> None:
        """Lets go of the device; safe to call twice."""


class Trouble(Exception):
    """A device cannot be had, told in both languages with the remedy; the engine adds file and line."""

    def __init__(self, en: tuple[str, str, str], fr: tuple[str, str, str]) -> None:
        self.en, self.fr = en, fr
        super().__init__("; ".join(en))
