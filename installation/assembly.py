"""Which processes make a site, and how they are started: for `run` one site, for `demo` two and the ocean between."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from installation import home
from installation.library import library
from installation.score.rig import Rig, Window
from installation.supervisor import Child, Notice, Supervisor
from installation.twin import rooms

CONTROL_PATIENCE, STAGE_PATIENCE = 1.0, 1.0
START_PATIENCE = 20.0
TUNNEL_PATIENCE = 5.0


class Plan(NamedTuple):
    """One site as it is to be run. `environment` is for its processes alone; `prefix` tells them from another's.

    What they tell goes to stderr, for a person or the system's journal; a `quiet` one's to a file by its doors.
    Without `stages` nothing is drawn.
    """

    rig: Rig
    scene: str = ""
    show: str = ""
    project: str = ""
    headless: bool = False
    size: tuple[int, int] | None = None
    position: tuple[int, int] | None = None
    environment: Mapping[str, str] = MappingProxyType({})
    prefix: str = ""
    quiet: bool = False
    stages: bool = True


def doors(plan: Plan) -> home.Doors:
    """The site's local doors."""
    root = plan.environment.get("JUMELAGE_HOME")
    return home.doors(plan.rig.name, Path(root) if root else None)


def children(plan: Plan) -> list[Child]:
    """Control, and a stage for each window. Control is first, and nothing waits for it."""
    python, common = sys.executable, _given("--project", plan.project)
    roots = library(plan.project or None).roots
    shelves = [word for root in roots for word in ("--library", str(root))]
    found = doors(plan)
    control = [python, "-m", "installation.control", "--rig", plan.rig.file, *common]
    control += _given("--scene", plan.scene) + _given("--show", plan.show)
    made = [
        Child(
            f"{plan.prefix}control",
            control,
            patience=CONTROL_PATIENCE,
            start_patience=START_PATIENCE,
            log=str(found.folder / "control.log") if plan.quiet else "",
            environment=dict(plan.environment),
        )
    ]
    for window in plan.rig.windows if plan.stages else ():
        made.append(_stage(plan, window, found, shelves))
    if any(peer.relay for peer in plan.rig.peers):
        made.append(_tunnel(plan, found))
    return made


def _tunnel(plan: Plan, found: home.Doors) -> Child:
    """The way to the relays where peers are met that nobody can call."""
    given = plan.environment.get("JUMELAGE_HOME")
    root = Path(given) if given else None
    command = [sys.executable, "-m", "installation.tunnel", "--site", plan.rig.name]
    command += ["--secret", str(home.keys_folder(root) / rooms.FILE)]
    for peer in plan.rig.peers:
        if peer.relay:
            command += ["--way", f"{peer.name}={peer.relay}={rooms.door(found.folder, plan.rig.name, peer.name)}"]
    return Child(
        f"{plan.prefix}relay",
        command,
        patience=TUNNEL_PATIENCE,
        start_patience=START_PATIENCE,
        critical=False,
        log=str(found.folder / "relay.log") if plan.quiet else "",
        environment=dict(plan.environment),
    )


def _stage(plan: Plan, window: Window, found: home.Doors, shelves: list[str]) -> Child:
    width, height = plan.size or window.size
    command = [sys.executable, "-m", "installation.stage", "--window", window.name, "--feed", found.feed]
    command += ["--report", found.report, "--size", f"{width}x{height}", "--rate", f"{window.rate:g}", *shelves]
    command += ["--headless"] if plan.headless else [f"--{window.fit}"]
    if window.full_screen and not plan.headless:
        command += ["--fullscreen", "--monitor", str(window.monitor)]
    command += [] if window.flash_guard else ["--no-flash-guard"]
    position = plan.position or window.position
    if position and not plan.headless:
        command += ["--position", f"{position[0]},{position[1]}"]
    command += ["--preview", preview(plan, window.name)]
    for peer in plan.rig.peers:
        command += ["--peer", peer.name]
    command += _given("--scene", plan.scene or plan.rig.scene) + _given("--title", window.title or plan.rig.city)
    return Child(
        f"{plan.prefix}{window.name}",
        command,
        patience=STAGE_PATIENCE,
        start_patience=START_PATIENCE,
        nice=5,
        log=str(found.folder / f"{window.name}.log") if plan.quiet else "",
        environment=dict(plan.environment),
    )


def preview(plan: Plan, window: str) -> str:
    """The name of the shared memory that holds a window's small picture (pixels.previewed reads it)."""
    return f"jumelage-{doors(plan).folder.name}-{window}"


def _given(name: str, value: str) -> list[str]:
    return [name, value] if value else []


class Running:
    """Processes under a supervisor in a thread of its own; what it knows of them is left for `status` to read."""

    def __init__(
        self, plans: Sequence[Plan], others: Sequence[Child] = (), log: Callable[[Notice], object] = lambda n: None
    ):
        self.plans = tuple(plans)
        self._folders = [doors(plan).folder for plan in plans]
        made = [*others, *(child for plan in plans for child in children(plan))]
        self.supervisor = Supervisor(made, log)
        self._told: dict[str, Any] = {}
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._ended = threading.Event()

    def start(self) -> None:
        """Starts them all."""
        self._thread.start()

    def _run(self) -> None:
        self.supervisor.start()
        while not self._ended.is_set():
            self.supervisor.step(0.5)
            self._tell()

    def _tell(self) -> None:
        found = self.supervisor.status()
        if found == self._told:
            return
        self._told = found
        for plan, folder in zip(self.plans, self._folders, strict=True):
            own = {
                name.removeprefix(plan.prefix): {key: row[key] for key in ("pid", "state", "restarts")}
                for name, row in found.items()
                if name.startswith(plan.prefix)
            }
            with contextlib.suppress(OSError):
                file = folder / "processes.json"
                file.with_suffix(".new").write_bytes(msgspec.json.encode(own))
                os.replace(file.with_suffix(".new"), file)

    def restarts(self, plan: Plan) -> int:
        """How often the site's processes were started again."""
        return sum(row["restarts"] for name, row in self.supervisor.status().items() if name.startswith(plan.prefix))

    def stop(self) -> None:
        """Ends them all, in under a second."""
        self._ended.set()
        self.supervisor.stop()
        self._thread.join(1.0)
        for folder in self._folders:
            for name in ("processes.json", "site.json"):
                (folder / name).unlink(missing_ok=True)


def has_display() -> bool:
    """Whether windows can be shown here."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
