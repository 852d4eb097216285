"""A short real run for `twin-test`: controls as processes, CURVE between them, an ocean that is cut and comes back.

Nothing is drawn. Every pair of cities has a line of its own; hands move in all of them while the line is down.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import zmq

from installation import assembly, home
from installation.library import Library
from installation.score.ocean import Ocean
from installation.score.parameter import Parameter
from installation.score.scene import Scene
from installation.speech import Misuse
from installation.supervisor import Child
from installation.twin import keys as curve
from installation.verbs.cities import _free_port as free_port
from installation.verbs.demo import Desks
from installation.verbs.ocean import ask

NAMES = ("paris", "san_francisco", "kyoto", "lima", "dakar")
HOLE, START, LONGEST, BETWEEN = 1.5, 20.0, 15.0, 0.02
"""Seconds: the line is down; until all are linked; until all agree; between two looks."""
MOST = 40
"""Parameters that are touched; a scene of hundreds would need longer than the line is down."""
NEAR = 0.002
"""Of a range: what crosses is quantised."""
RIG = """# Made by `jumelage twin-test`; gone when it ends.
[site]
name = "{name}"
city = "{name}"
"""
PEER = """
[peer.{name}]
{way} = "tcp://{host}:{port}"
key = '{key}'
"""


class Shown(NamedTuple):
    """What the real run showed: seconds from the line's return until all agreed (None: never), what did not agree."""

    linked: bool
    agreed: float | None
    apart: list[str]
    diverged: int


def real(
    lib: Library, names: list[str], scenes: dict[str, Scene], given: dict[str, str], ocean: Ocean, folder: Path,
    project: str,
) -> Shown:  # fmt: skip
    """Runs the cities; `given` is each one's scene as it was named. Raises Fault for what the rigs will not have."""
    plans, sea, door = _plans(lib, names, given, ocean, folder, project)
    running = assembly.Running(plans, [sea])
    context = zmq.Context()
    try:
        running.start()
        return _Run(Desks(context, plans), plans, scenes, door).shown()
    finally:
        running.stop()
        context.destroy(linger=0)


def _plans(
    lib: Library, names: list[str], given: dict[str, str], ocean: Ocean, folder: Path, project: str
) -> tuple[list[assembly.Plan], Child, Path]:
    keys = {}
    for name in names:
        (folder / name).mkdir()
        keys[name] = curve.new(home.keys_folder(folder / name)).public
    shores = {name: free_port() for name in names}
    rigs, doors = {name: RIG.format(name=name) for name in names}, list[str]()
    for place, name in enumerate(names):
        for other in names[place + 1 :]:  # the later one dials, through a door of the ocean
            port = free_port()
            doors += ["--listen", str(port), "--to", f"127.0.0.1:{shores[name]}"]
            rigs[name] += PEER.format(name=other, way="listen", host="127.0.0.1", port=shores[name], key=keys[other])
            rigs[other] += PEER.format(name=name, way="dial", host="127.0.0.1", port=port, key=keys[name])
    plans = []
    for name in names:
        file = folder / f"{name}.toml"
        file.write_text(rigs[name], encoding="utf-8")
        plans.append(
            assembly.Plan(
                lib.rig(str(file)), scene=given[name], project=project, headless=True, quiet=True, stages=False,
                prefix=f"{name}.", environment={"JUMELAGE_HOME": str(folder / name)},
            )
        )  # fmt: skip
    door = home.ocean_door().with_name(f"rehearsed-{os.getpid()}")
    command = [sys.executable, "-m", "installation.twin.ocean", *doors, "--profile", str(Path(ocean.file).resolve())]
    command += ["--control", str(door), *(["--project", project] if project else [])]
    return plans, Child("ocean", command, log=str(folder / "ocean.log")), door


class _Run:
    """The cities while they run."""

    def __init__(self, desks: Desks, plans: list[assembly.Plan], scenes: dict[str, Scene], door: Path) -> None:
        self.desks, self.plans, self.scenes, self.door = desks, plans, scenes, door
        self.names = [plan.rig.name for plan in plans]
        # A count begins at each city's first sight.
        shared = [p for p in scenes[self.names[0]].parameters if p.share and p.kind not in ("event", "text")]
        self.parameters = [p for p in shared if all(_alike(p, scene) for scene in scenes.values())][:MOST]

    def shown(self) -> Shown:
        if not self._until(lambda: all(self._linked(one) for one in self._statuses()), START):
            return Shown(False, None, [], 0)
        began = time.monotonic()
        self._say("hole")
        self._hands()
        time.sleep(max(0.0, HOLE - (time.monotonic() - began)))
        self._say("mend")
        back = time.monotonic()
        agreed = self._until(lambda: not self._apart(), LONGEST)
        taken = time.monotonic() - back
        apart = [] if agreed else self._apart()
        return Shown(True, taken if agreed else None, apart, sum(one.get("diverged", 0) for one in self._statuses()))

    def _until(self, true: Callable[[], bool], seconds: float) -> bool:
        ends = time.monotonic() + seconds
        while not true():
            if time.monotonic() > ends:
                return False
            time.sleep(BETWEEN)
        return True

    def _say(self, word: str) -> None:
        """An ocean that is being started again is asked once more."""
        for more in (True, False):
            try:
                ask(self.door, word)
                return
            except Misuse:
                if not more:
                    raise

    def _statuses(self) -> list[dict[str, Any]]:
        return [self.desks.ask(plan, "status") for plan in self.plans]

    def _linked(self, status: dict[str, Any]) -> bool:
        lines = status.get("link", {}).values()
        return len(lines) == len(self.plans) - 1 and all(line["connected"] for line in lines)

    def _hands(self) -> None:
        """Each city gives each parameter a value of its own while nothing crosses."""
        for place, plan in enumerate(self.plans):
            for number, parameter in enumerate(self.parameters):
                part = (0.2 + 0.6 * place / len(self.plans) + 0.011 * number) % 1.0
                value = [low + part * (high - low) for low, high in zip(parameter.low, parameter.high, strict=True)]
                if parameter.kind in ("bool", "long"):
                    value = [float(round(number)) for number in value]
                self.desks.ask(plan, "set", address=parameter.address, value=value, hold=False)

    def _apart(self) -> list[str]:
        """The addresses of which some city knows another's half otherwise than that one does.

        Halves and not what is shown: a glide or a state of company has its own pace, and is no matter of the line.
        """
        known = {
            name: self.desks.ask(plan, "halves").get("halves", {})
            for name, plan in zip(self.names, self.plans, strict=True)
        }
        return [p.address for p in self.parameters if any(_differ(p, of, known) for of in self.names)]


def _alike(parameter: Parameter, scene: Scene) -> bool:
    return any(
        (p.address, p.kind, p.share, p.width) == (parameter.address, parameter.kind, parameter.share, parameter.width)
        for p in scene.parameters
    )


def _differ(parameter: Parameter, of: str, known: dict[str, Any]) -> bool:
    """Whether the half of the city `of` is not the same everywhere; one that is not known yet is not."""
    rows = [halves.get(of, {}).get(parameter.address) for halves in known.values()]
    if any(row is None for row in rows):
        return True
    spans = [max(high - low, 1e-9) for low, high in zip(parameter.low, parameter.high, strict=True)]
    return any(abs(a - b) > NEAR * s for row in rows for a, b, s in zip(row, rows[0], spans, strict=True))
