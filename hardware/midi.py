"""MIDI in: mido's messages as events. Which library carries them is the business of `midi_backends`.

Channels count from 1 and numbers from 0, as they are printed on controllers. A knob is /cc/CHANNEL/NUMBER from 0 to 1.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

from hardware.driver import Event, Pulse
from hardware.midi_backends import PYGAME, joined, opened, tried, wanted

MOST_WAITING = 8192
"""Messages kept between two polls: a MIDI cable carries about 1,000 a second, a program any number."""

LOOK = 2.0
"""Seconds between two looks whether the device is still there, or there again."""
NUMBERED = re.compile(r"\s+\d+:\d+$")
"""The end of an ALSA port's name; it changes when the device is plugged in again."""

Row = tuple[Callable[[Any], str], Callable[[Any], Any]]
MESSAGES: dict[str, Row] = {
    "control_change": (lambda m: f"/cc/{m.channel + 1}/{m.control}", lambda m: m.value / 127.0),
    "note_on": (lambda m: f"/note/{m.channel + 1}/{m.note}", lambda m: m.velocity / 127.0),
    "note_off": (lambda m: f"/note/{m.channel + 1}/{m.note}", lambda m: 0.0),
    "pitchwheel": (lambda m: f"/pitch/{m.channel + 1}", lambda m: max(-1.0, m.pitch / 8191.0)),
    "program_change": (lambda m: f"/program/{m.channel + 1}", lambda m: m.program),
    "aftertouch": (lambda m: f"/pressure/{m.channel + 1}", lambda m: m.value / 127.0),
    "polytouch": (lambda m: f"/pressure/{m.channel + 1}/{m.note}", lambda m: m.value / 127.0),
    "start": (lambda m: "/start", lambda m: True),
    "continue": (lambda m: "/continue", lambda m: True),
    "stop": (lambda m: "/stop", lambda m: True),
    "clock": (lambda m: "/clock", lambda m: True),
}
"""mido's name of a message: the end of its address, and its value. What is not here is counted as ignored."""


class MidiInput:
    """Hears one MIDI port: the first whose name contains `port`, or the first there is.

    `virtual`: makes a port of the name `port` instead, for other programs to connect to (not on Windows).
    `backend`: the library to use, as mido writes it (`mido.backends.rtmidi/UNIX_JACK`); empty: the first that works.
    `silence`: seconds without a message after which the device is called silent; 0: never, a knob may rest for days.
    """

    senses = (
        "which key, knob or fader of an instrument is moved, and how far",
        "quelle touche, quel bouton ou quel curseur d'un instrument bouge, et de combien",
    )

    def __init__(
        self,
        port: str = "",
        virtual: bool = False,
        backend: str = "",
        silence: float = 0.0,
        *,
        address: str = "/midi",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.prefix, self.clock = address.rstrip("/"), clock
        self.pulse = Pulse(clock, silence or float("inf"))
        self._queue: SimpleQueue[tuple[float, Any]] = SimpleQueue()
        self._received = self._ignored = self._dropped = 0
        self._lock, self._open = Lock(), True
        self._ear, self._bell = os.pipe()
        for end in (self._ear, self._bell):
            os.set_blocking(end, False)
        try:
            self._port, self._calls, self.backend = opened(port, virtual, backend, self._heard)
        except BaseException:
            self._hang_up()
            raise
        self.name: str = self._port.name
        self._asked = port or NUMBERED.sub("", self.name)
        self._watched = not virtual and self.backend != PYGAME  # pygame's PortMidi never looks again
        self._next_look = clock() + LOOK

    def _heard(self, message: Any) -> None:
        """In the library's own thread: the least there is to do."""
        with self._lock:
            if not self._open:
                return
            if self._queue.qsize() >= MOST_WAITING:
                self._dropped += 1
                self.pulse.overrun(self.clock())
                return
            self._queue.put((self.clock(), message))
            self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # a full pipe rings already
            os.write(self._bell, b"!")

    def wait(self) -> int | None:
        return self._ear if self._open and self._calls else None

    def poll(self, now: float, limit: int) -> list[Event]:
        if not self._open:
            return []
        if self._watched and now >= self._next_look:
            self._look(now)
        self._fetch(limit)
        events: list[Event] = []
        for _ in range(limit):
            try:
                at, message = self._queue.get_nowait()
            except Empty:
                break
            self._take(min(at, now), message, events)
        if not self._queue.empty():
            self._ring()
        return events

    def _look(self, now: float) -> None:
        """A device that was pulled out is told, and taken up again when it is back."""
        self._next_look = now + LOOK
        there = wanted(self._asked, tried(self.backend).ports)
        if there is None:
            self.pulse.gone = True
        elif self.pulse.gone:
            with contextlib.suppress(Exception):  # whatever the library says of a device that is gone
                self._port.close()
            with contextlib.suppress(Exception):  # it may be there but not ready: the next look tries again
                self._port, self._calls = joined(self.backend, there, False, self._heard)
                self.name, self.pulse.gone = self._port.name, False

    def _fetch(self, limit: int) -> None:
        """Silences the bell, before the queue is read; from a library that calls nobody, takes what it has."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._ear, 65536)
        if not self._calls:
            try:
                for _, message in zip(range(limit), self._port.iter_pending(), strict=False):
                    self._heard(message)
            except Exception:  # whatever a library raises when its device is pulled out
                self.pulse.gone = True

    def _take(self, at: float, message: Any, events: list[Event]) -> None:
        row = MESSAGES.get(message.type)
        if row is None:
            self._ignored += 1
            return
        end, value = row
        self._received += 1
        self.pulse.beat(at)
        events.append(Event(at, self.prefix + end(message), (value(message),)))

    def health(self) -> str:
        health = self.pulse.health()
        return "alive" if health == "silent" and self.pulse.silence == float("inf") else health

    def counts(self) -> dict[str, int]:
        """`ignored`: messages that have no row in MESSAGES; `dropped`: more between two polls than MOST_WAITING."""
        return {"received": self._received, "ignored": self._ignored, "dropped": self._dropped}

    def close(self) -> None:
        if self._open:
            self._hang_up()
            with contextlib.suppress(Exception):  # a device that is gone may not close
                self._port.close()

    def _hang_up(self) -> None:
        with self._lock:
            self._open = False
            os.close(self._ear)
            os.close(self._bell)
