"""A site's control process: its doors opened, its loop turned. The tick itself is in `tick.py`."""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
from collections.abc import Callable
from typing import Any, NamedTuple

import zmq

from hardware.driver import Event
from installation.clock import Clock
from installation.control import desk
from installation.control.health import PROBLEMS
from installation.control.tick import RATE, Control
from installation.feed import DeskServer, ReportReader
from installation.home import Doors, announce

EARLY, AT_ONCE = 500.0, 3.0
"""Early ticks a second at most, however many events wake control; so many of them may come at once, so that an event
right after a tick does not wait."""
BEAT, AGAIN = 0.2, 2.0
"""Seconds between two signs of life, and between two attempts at a line that could not be laid."""
PATIENCE = 1.0
"""Seconds for which an answer waits for the disk."""
REPORTS = 4096
"""Events of windows that wait for a tick, at most."""


class Owed(NamedTuple):
    """An answer that waits for the journal's entry `number` to be on the disk, until the monotonic instant `until`."""

    envelope: list[bytes]
    answer: dict[str, Any]
    number: int
    until: float


class Site:
    """The loop: it sleeps in one poll over devices, desk, reports and line, and ticks on time or early."""

    def __init__(
        self, control: Control, context: Any, doors: Doors, clock: Clock, heartbeat: Callable[[str], bool]
    ) -> None:
        self.control, self.clock, self.heartbeat, self.doors = control, clock, heartbeat, doors
        self.desk = DeskServer(context, doors.desk)
        self.reports = ReportReader(context, doors.report)
        self.health = control.parts.health
        self.stopping = False
        # A zmq socket's file number tells of a change, not of a state; each tick reads these sockets to their end.
        self._doors = [socket.get(zmq.FD) for socket in (self.desk.socket, self.reports.socket)]
        self._ears = list(self._doors)
        self._tokens, self._refilled = AT_ONCE, clock.now()
        self._owed: list[Owed] = []
        self._again = clock.now() + AGAIN

    def stop(self, *_: Any) -> None:
        """Ends the loop after the present tick."""
        self.stopping = True

    def run(self) -> None:
        """Turns until it is told to stop or the supervisor is gone."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.collect()
        gc.freeze()
        self._rewatch()
        self.heartbeat("ready")
        due = beat = self.clock.now()
        while not self.stopping:
            early = self._wait(due)
            now = self.clock.now()
            if not early or now >= due:
                self.health.timing.note(max(0.0, now - due))
                due = due + 1.0 / RATE if now < due + 1.0 / RATE else now + 1.0 / RATE
            self._turn()
            if now >= beat:
                beat = now + BEAT
                self.stopping |= not self.heartbeat("beat") or not self._found()
                if now >= self._again:
                    self._again = now + AGAIN
                    self.control.relink()
                    self.control.rekey()
                self._rewatch()

    def _found(self) -> bool:
        """Whether commands and stages can find us: a log-out or a cleaner of old files may have taken the doors away.

        Word of us is left again; doors that are gone are opened again by the process that the supervisor starts next.
        """
        folder = self.doors.folder
        if self.doors.desk.startswith("ipc:") and not os.path.exists(folder / "desk"):
            return False
        if not os.path.exists(folder / "site.json"):
            with contextlib.suppress(OSError):
                announce(self.doors, self.control.parts.rig.name, os.getpid())
        return True

    def _wait(self, due: float) -> bool:
        """Sleeps until the tick is due or something came; True when it is early.

        select, since its time is not rounded to whole milliseconds as zmq's and epoll's are.
        """
        now = self.clock.now()
        cue = max(0.0, self.control.until_cue(now))
        left = min(due - now, cue)
        if left <= 0:
            return now < due
        try:
            woken = select.select(self._ears, (), (), left)[0]
        except (OSError, ValueError):  # a device has closed its file number since the last beat
            self._rewatch()
            return False
        now = self.clock.now()
        if not woken:
            return now < due
        self._tokens = min(AT_ONCE, self._tokens + (now - self._refilled) * EARLY)
        self._refilled = now
        if self._tokens < 1.0:
            self.clock.sleep(min((1.0 - self._tokens) / EARLY, max(0.0, due - now)))
        self._tokens -= 1.0
        return True

    def _turn(self) -> None:
        """One round: what was asked and reported, then the tick, then the answers' consequences."""
        control = self.control
        loaded = control.parts.reader.loaded()
        if loaded is not None:
            if loaded.scene is not None:
                self.health.well()
            control.take_up(loaded)
        for report in self.reports.received():
            with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):  # what is no report is none
                self._report(report)
        of_disk = (*control.take.problems(), *control.echo.problems())
        for problem in (*control.link.problems(), *control.journal.problems, *of_disk):
            control.parts.tell(problem)
        control.journal.problems.clear()
        control.tick()
        for envelope, request in self.desk.received():
            answer = desk.answer(control, request)
            self._owed.append(Owed(envelope, answer, int(answer.get("number", 0)), self.clock.now() + PATIENCE))
        if self._owed:
            self._owed = [owed for owed in self._owed if not self._answered(owed)]

    def _answered(self, owed: Owed) -> bool:
        """Answers a request. What was written in the journal is answered when it is on the disk: a cue that was
        acknowledged is not lost by a kill. A disk that does not take it is told elsewhere and not waited for."""
        kept = self.control.journal.safe >= owed.number
        if not kept and self.clock.now() < owed.until:
            return False
        with contextlib.suppress(zmq.ZMQError):
            self.desk.answer(owed.envelope, owed.answer if kept else owed.answer | {"kept": False})
        return True

    def _report(self, report: dict[str, Any]) -> None:
        kind, window = report.get("kind"), str(report.get("window"))
        lead = self.control.parts.rig.windows[0].name
        if (kind == "event" or (kind == "tell" and window == lead)) and len(self.control.asked) < REPORTS:
            event = Event(float(report["time"]), str(report["address"]), tuple(report["value"]))
            self.control.asked.append(event)
        elif kind == "scene":
            self.health.well()
        elif kind == "frame":
            self.health.frame(window, report)
        elif kind == "problem":
            for told in report.get("problems", ())[:PROBLEMS]:
                self.control.parts.tell(self.health.problem(told))

    def _rewatch(self) -> None:
        """Listens to the file numbers that the devices and the line have now; a device may have come back."""
        self._ears = [*self._doors, *self.control.devices.waits(), self.control.link.wake]

    def close(self) -> None:
        """Lets go of everything, in the order of the way down."""
        self.control.take.close()
        self.control.echo.close()
        parts = self.control.parts
        parts.devices.close()
        parts.outputs.close()
        parts.reader.close()
        self.control.link.close()
        self.control.letters.close()
        parts.journal.close()
        parts.slate.close()
        for door in (self.desk, self.reports, parts.tap, parts.feed):
            door.close()
