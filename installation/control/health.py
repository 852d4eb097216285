"""How a site fares: what its stages report, how late its ticks are, and all of it as `status` tells it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from installation.score.problem import Problem, reported, sent

PROBLEMS, WINDOWS = 32, 64
"""Problems of stages that are remembered, and windows that are heard, at most."""


class Timing:
    """How late ticks were, over the last few seconds: milliseconds behind their grid."""

    def __init__(self, period: float, room: int = 1024) -> None:
        self.period, self.late = period, [0.0] * room
        self.count = self.missed = 0

    def note(self, seconds: float) -> None:
        """One tick came this late."""
        self.late[self.count % len(self.late)] = seconds * 1e3
        self.count += 1
        self.missed += seconds > self.period

    def figures(self) -> dict[str, float]:
        """p50, p99 and the worst of what is remembered; how many ticks missed their whole period since the start."""
        known = sorted(self.late[: min(self.count, len(self.late))]) or [0.0]
        return {
            "p50": round(known[len(known) // 2], 3),
            "p99": round(known[int(len(known) * 0.99)], 3),
            "max": round(known[-1], 3),
            "missed": self.missed,
        }


class Health:
    """What is known of the site's own well-being. `begun` is a monotonic instant, `folder` that of the doors."""

    def __init__(self, begun: float, period: float, folder: Path) -> None:
        self.begun, self.folder = begun, folder
        self.timing = Timing(period)
        self.stages: dict[str, dict[str, Any]] = {}
        self.heard: list[dict[str, Any]] = []

    def frame(self, window: str, report: dict[str, Any]) -> None:
        """A stage's figures and the scene on its wall; raises TypeError when a figure is no number."""
        if window in self.stages or len(self.stages) < WINDOWS:
            words = ("kind", "window", "scene")
            figures = {key: 0 + value for key, value in report.items() if key not in words}
            self.stages[window] = {**figures, "scene": str(report.get("scene", ""))[:60]}

    def problem(self, told: dict[str, Any]) -> Problem:
        """A stage's problem, which it tells in both languages; remembered, and given as one of ours."""
        found = reported(told)
        self.heard = [*self.heard[1 - PROBLEMS :], told]
        return found

    def well(self) -> None:
        """What the stages told is mended."""
        self.heard = []

    def status(self, control: Any) -> dict[str, Any]:
        """How the site fares, as contract.md has it."""
        children = processes(self.folder)
        return {
            "sites": {control.parts.rig.name: self._figures(control, children)},
            "link": lines(control),
            "diverged": control.mirror.counted["diverged"],
            "letters": control.letters.told(control.link.shared.shared(control.clock.now())),
            "journal": {key: getattr(control.journal, key) for key in ("written", "applied", "lost")},
            "cues": {
                "waiting": len(control.cues),
                "carried": control.schedule.count,
                "last": [one._asdict() for one in control.schedule.last],
            },
            "scene": control.name,
            "company": control.company.state,
            "companies": control.company.states,
            "hours": control.company.hours(control.link.shared.shared(control.clock.now())),
            "override": control.house.shown,
            "time": control.easel.time,
            "solo": control.easel.solo,
            "inputs": control.devices.health(),
            "outputs": control.parts.outputs.health(),
            "unheard": sorted(control.bay.unmatched)[:32],
            "stages": self.stages,
            "recording": control.take.told(),
            "problems": [sent(problem) for problem in (*control.problems, *_of_take(control))] + self.heard,
            "processes": children,
        }

    def _figures(self, control: Any, children: dict[str, Any]) -> dict[str, Any]:
        """The site's own row; the frames are the lead stage's."""
        lead = next(iter(self.stages.values()), {})
        return {
            "frames": lead.get("frames", 0),
            "fps": lead.get("fps", 0.0),
            "frame_ms": {key: lead.get(key, 0.0) for key in ("p50", "p99", "max")},
            "late_frames": lead.get("late", 0),
            "events": control.events,
            "rss_mb": round(resident() + lead.get("rss_mb", 0.0), 1),
            "restarts": sum(child.get("restarts", 0) for child in children.values()),
            "ticks": control.ticks,
            "tick_late_ms": self.timing.figures(),
            "seconds": round(control.clock.now() - self.begun, 3),
            "city": control.parts.rig.city,
        }


def lines(control: Any) -> dict[str, Any]:
    """The line to each peer, and how many milliseconds after they moved the hands there are shown."""
    status: dict[str, Any] = control.link.status()
    return {peer: line | {"lag_ms": round(control.shown.lag(peer) * 1e3, 1)} for peer, line in status.items()}


def _of_take(control: Any) -> list[Problem]:
    return [control.take.problem] if control.take.problem else []


def resident() -> float:
    """This process's memory in MB; 0 where /proc is not to be had."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def processes(folder: Path) -> dict[str, Any]:
    """What the supervisor last said of the site's processes."""
    try:
        found: dict[str, Any] = msgspec.json.decode((folder / "processes.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return found if isinstance(found, dict) else {}
