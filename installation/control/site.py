"""A site's control process: its doors opened, its loop turned. The tick itself is in `tick.py`."""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import zmq

from hardware.driver import Event
from installation.clock import Clock
from installation.control import desk
from installation.control.tick import RATE, Control
from installation.feed import DeskServer, ReportReader
from installation.home import Doors
from installation.score.problem import Problem, Row, Two

EARLY, AT_ONCE = 500.0, 3.0
"""Early ticks a second at most, however many events wake control; so many of them may come at once, so that an event
right after a tick does not wait."""
BEAT = 0.2
PATIENCE = 1.0
"""Seconds for which an answer waits for the disk."""
REPORTS, WINDOWS = 4096, 64
"""Events of windows that wait for a tick, and windows that are heard, at most."""


class Tap:
    """Shows events to whoever watches; costs nothing while nobody does."""

    def __init__(self, context: Any, address: str) -> None:
        self._socket = context.socket(zmq.PUB)
        self._socket.set(zmq.SNDHWM, 1000)
        self._socket.set(zmq.LINGER, 0)
        self._socket.bind(address)
        self.until = 0.0

    def write(self, now: float, events: list[Event]) -> None:
        """Sends a tick's events, at most 64 of them, while the tap is open."""
        if events and now < self.until:
            shown = [(event.time, event.address, [_plain(value) for value in event.value]) for event in events[:64]]
            with contextlib.suppress(zmq.Again):
                self._socket.send(msgspec.json.encode({"events": shown, "of": len(events)}), zmq.NOBLOCK)

    def close(self) -> None:
        self._socket.close()


def _plain(value: Any) -> Any:
    return value if isinstance(value, (int, float, str, bool, type(None))) else str(value)


class Timing:
    """How late ticks were, over the last few seconds: milliseconds behind their grid."""

    def __init__(self, room: int = 1024) -> None:
        self.late = [0.0] * room
        self.count = self.missed = 0

    def note(self, seconds: float) -> None:
        """One tick came this late."""
        self.late[self.count % len(self.late)] = seconds * 1e3
        self.count += 1
        self.missed += seconds > 1.0 / RATE

    def figures(self) -> dict[str, float]:
        """p50, p99 and the worst of what is remembered; how many ticks missed their whole period since the start."""
        known = sorted(self.late[: min(self.count, len(self.late))]) or [0.0]
        return {
            "p50": round(known[len(known) // 2], 3),
            "p99": round(known[int(len(known) * 0.99)], 3),
            "max": round(known[-1], 3),
            "missed": self.missed,
        }


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
        self.control, self.clock, self.heartbeat = control, clock, heartbeat
        self.desk = DeskServer(context, doors.desk)
        self.reports = ReportReader(context, doors.report)
        self.tap = Tap(context, doors.tap)
        self.timing = Timing()
        self.stages: dict[str, dict[str, Any]] = {}
        self.heard: list[dict[str, Any]] = []
        self.begun = clock.now()
        self.stopping = False
        control.tap = lambda events: self.tap.write(clock.now(), events)
        control.open_tap = self._open_tap
        control.status = self.status
        # A zmq socket's file number tells of a change, not of a state; each tick reads these sockets to their end.
        self._doors = [socket.get(zmq.FD) for socket in (self.desk.socket, self.reports.socket)]
        self._ears = list(self._doors)
        self._tokens, self._refilled = AT_ONCE, clock.now()
        self._owed: list[Owed] = []

    def _open_tap(self, seconds: float) -> None:
        self.tap.until = self.clock.now() + seconds

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
                self.timing.note(max(0.0, now - due))
                due = due + 1.0 / RATE if now < due + 1.0 / RATE else now + 1.0 / RATE
            self._turn()
            if now >= beat:
                beat = now + BEAT
                self.stopping |= not self.heartbeat("beat")
                self._rewatch()

    def _wait(self, due: float) -> bool:
        """Sleeps until the tick is due or something came; True when it is early.

        select, since its time is not rounded to whole milliseconds as zmq's and epoll's are.
        """
        left = due - self.clock.now()
        if left <= 0:
            return False
        try:
            woken = select.select(self._ears, (), (), left)[0]
        except (OSError, ValueError):  # a device has closed its file number since the last beat
            self._rewatch()
            return False
        if not woken:
            return False
        now = self.clock.now()
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
            self.heard = [] if loaded.scene else self.heard
            control.take_up(loaded)
        for report in self.reports.received():
            with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):  # what is no report is none
                self._report(report)
        for problem in (*control.link.problems(), *control.journal.problems):
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
        if kind == "event" and len(self.control.asked) < REPORTS:
            event = Event(float(report["time"]), str(report["address"]), tuple(report["value"]))
            self.control.asked.append(event)
        elif kind == "scene":
            self.heard = []
        elif kind == "frame" and (window in self.stages or len(self.stages) < WINDOWS):
            self.stages[window] = {key: 0 + value for key, value in report.items() if key not in ("kind", "window")}
        elif kind == "problem":
            for told in report.get("problems", ())[:32]:
                self.control.parts.tell(reported(told))
                self.heard = [*self.heard[-31:], told]

    def _rewatch(self) -> None:
        """Listens to the file numbers that the devices and the line have now; a device may have come back."""
        self._ears = [*self._doors, *self.control.devices.waits(), self.control.link.wake]

    def status(self) -> dict[str, Any]:
        """How the site fares, as contract.md has it."""
        control = self.control
        lead, children = next(iter(self.stages.values()), {}), processes(control.parts.folder)
        name = control.parts.rig.name
        return {
            "sites": {
                name: {
                    "frames": lead.get("frames", 0),
                    "fps": lead.get("fps", 0.0),
                    "frame_ms": {key: lead.get(key, 0.0) for key in ("p50", "p99", "max")},
                    "late_frames": lead.get("late", 0),
                    "events": control.events,
                    "rss_mb": round(resident() + lead.get("rss_mb", 0.0), 1),
                    "restarts": sum(child.get("restarts", 0) for child in children.values()),
                    "ticks": control.ticks,
                    "tick_late_ms": self.timing.figures(),
                    "seconds": round(self.clock.now() - self.begun, 3),
                    "city": control.parts.rig.city,
                }
            },
            "link": control.link.status(),
            "diverged": control.mirror.counted["diverged"],
            "journal": {key: getattr(control.journal, key) for key in ("written", "applied", "lost")},
            "scene": control.name,
            "company": control.company.state,
            "override": control.house.shown,
            "inputs": control.devices.health(),
            "outputs": control.parts.outputs.health(),
            "unheard": sorted(control.bay.unmatched)[:32],
            "stages": self.stages,
            "problems": [{"en": p.told("en")._asdict(), "fr": p.told("fr")._asdict()} for p in control.problems]
            + self.heard,
            "processes": children,
        }

    def close(self) -> None:
        """Lets go of everything, in the order of the way down."""
        parts = self.control.parts
        parts.devices.close()
        parts.outputs.close()
        parts.reader.close()
        parts.link.close()
        parts.journal.close()
        parts.slate.close()
        for door in (self.desk, self.reports, self.tap, parts.feed):
            door.close()


_SAID = Row(en=("{found}", "{expected}", "{remedy}"), fr=("{found}", "{expected}", "{remedy}"))


def reported(report: dict[str, Any]) -> Problem:
    """A stage's problem, which it tells in both languages, as one of ours."""
    en, fr = report.get("en") or {}, report.get("fr") or {}
    words = {
        key: Two(str(en.get(key, "")), str(fr.get(key, en.get(key, "")))) for key in ("found", "expected", "remedy")
    }
    return Problem(str(en.get("file", "")), int(en.get("line", 0) or 0), _SAID, words)


def resident() -> float:
    """This process's memory in MB; 0 where /proc is not to be had."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def processes(folder: Any) -> dict[str, Any]:
    """What the supervisor last said of the site's processes."""
    try:
        found: dict[str, Any] = msgspec.json.decode((folder / "processes.json").read_bytes())
        return found
    except (OSError, msgspec.DecodeError, AttributeError):
        return {}
