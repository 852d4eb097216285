"""The scene that is to come: loaded, tasted aside, made ready a program a frame, while another one is drawn.

It keeps the last scenes ready on a shelf, and makes those of the show ready ahead, in the time that is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import NamedTuple

from installation.feed import Values
from installation.score.layout import Layout
from installation.score.problem import Fault, Problem, Row
from installation.score.scene import Scene
from installation.stage.columns import Numbers, at_rest
from installation.stage.guard.refused import Overrun
from installation.stage.guard.taster import Taster
from installation.stage.guard.trial import Trial
from installation.stage.layers import Layers, Tools, defaults
from installation.stage.passes import Size
from installation.stage.program import ended

RETRY = 0.1
"""Seconds between two looks at a scene whose text is not yet the one that control has read."""
SHELF = 8
"""Scenes that are kept ready beside the one on air."""

AVOIDED = Row(
    (
        "the scene {name} has taken the stage down",
        "a frame in less than a second",
        "look for a loop without an end, or lighten it; once it is changed, or its values are, it is tried again",
    ),
    (
        "la scène {name} a fait tomber l'affichage",
        "une image en moins d'une seconde",
        "cherchez une boucle sans fin, ou allégez-la ; modifiée, elle ou ses valeurs, elle sera essayée de nouveau",
    ),
)

Load = Callable[[str, tuple[str, ...]], tuple[Scene, Layout]]
"""From a scene's name and the rig's peers to the scene and its layout; raises Fault."""


class Made(NamedTuple):
    """A scene that is ready to be drawn, and what a frame of it costs: milliseconds by layer, as the taster has it."""

    scene: Scene
    layout: Layout
    layers: Layers
    costs: dict[str, float]


class Goal:
    """A scene on its way: to the taster first, then to the driver, step by step."""

    def __init__(
        self, scene: Scene, layout: Layout, peers: tuple[str, ...], row: Numbers, size: Size, time: float
    ) -> None:
        self.scene, self.layout, self.peers, self.row, self.size, self.time = scene, layout, peers, row, size, time
        self.costs: dict[str, float] = {}
        self.steps: Generator[None, None, Layers] | None = None

    def given_up(self) -> None:
        """Nobody wants it any more."""
        if self.steps is not None:
            self.steps.close()


class Coming:
    """Scenes on their way to the screen. Without a taster they are compiled at once, where they are asked for."""

    def __init__(self, tools: Tools, load: Load, trial: Trial, taster: Taster | None = None, avoid: str = "") -> None:
        self._tools, self._load, self._trial, self._taster = tools, load, trial, taster
        self.avoid = avoid
        self._goal: Goal | None = None
        self._ahead: Goal | None = None
        self._shelf: dict[bytes, Made] = {}
        self._seen: set[str] = set()
        self._layout: Layout | None = None
        self._again = 0.0

    @property
    def tastes(self) -> bool:
        """Whether there is a taster to ask."""
        return self._taster is not None and not self._taster.lame

    @property
    def works(self) -> bool:
        """Whether anything is being tasted or made ready, which takes time from the picture."""
        return self._goal is not None or self._ahead is not None or (self._taster is not None and self._taster.busy)

    def ready(self, name: str) -> bool:
        """Whether a scene is on the shelf."""
        return any(made.scene.name == name for made in self._shelf.values())

    def poll(self) -> None:
        """Once a frame: hears what the taster has to say."""
        if self._taster is not None:
            self._taster.poll()

    def layout(self, digest: bytes) -> Layout | None:
        """The layout of this digest, where it is the last that was loaded."""
        return self._layout if self._layout is not None and self._layout.digest == digest else None

    def next(
        self, name: str, peers: tuple[str, ...], size: Size, now: float, time: float, values: Values | None
    ) -> Made | None:
        """One step towards the scene that is wanted; gives it when it is ready. Raises Fault.

        `time` is how long that scene has been wanted, in seconds: it is tasted at the time that it will have.
        """
        goal = self._goal
        if goal is None or (values is not None and goal.layout.digest != values.digest):
            if now < self._again:
                return None
            goal = self._goal = self._begun(name, peers, size, now, time, values)
            if goal is None:
                return None
        made = self._shelf.pop(goal.layout.digest, None)
        if made is None:
            made = self._stepped_goal(goal)
        if made is not None:
            self._goal = None
            made.layers.resize(size)
        return made

    def _stepped_goal(self, goal: Goal) -> Made | None:
        try:
            return self._stepped(goal)
        except Fault:
            self._goal = None
            raise

    def _begun(
        self, name: str, peers: tuple[str, ...], size: Size, now: float, time: float, values: Values | None
    ) -> Goal | None:
        """A goal, set out; None while the text is not the one that control has read. Raises Fault."""
        if self._goal is not None:
            self._goal.given_up()
            self._goal = None
        self._again = now + RETRY
        scene, layout = self._load(name, peers)
        if values is not None and layout.digest != values.digest:
            return None
        self._again, self._layout = now, layout
        self._seen.add(name)
        row = defaults(layout) if values is None else at_rest(layout, values.columns)
        goal = Goal(scene, layout, peers, row, size, math.fmod(time, scene.cycle))
        if scene.digest == self.avoid and not self.tastes:
            raise Fault([avoided(scene)])
        if layout.digest not in self._shelf:
            self._set_out(goal)
        return goal

    def _set_out(self, goal: Goal) -> None:
        """To the taster; or straight to the driver, where it has drawn this scene before."""
        taster, digest = self._taster, goal.scene.digest
        if taster is None or taster.lame or (digest != self.avoid and taster.admitted.has(digest)):
            goal.steps = self._trial.steps(self._tools, goal.scene, goal.layout, goal.size, goal.row, goal.time)
        else:
            taster.taste(goal.layout.digest, goal.scene, goal.peers, goal.row, goal.size, goal.time)

    def _stepped(self, goal: Goal) -> Made | None:
        """One step of a goal. Raises Fault."""
        if goal.steps is None and not self._tasted(goal):
            return None
        assert goal.steps is not None
        while True:
            try:
                next(goal.steps)
            except StopIteration as end:
                return Made(goal.scene, goal.layout, end.value, goal.costs)
            if self._taster is not None and self._trial.drawing:
                return None

    def _tasted(self, goal: Goal) -> bool:
        """Whether the taster has admitted it, so that its steps may begin. Raises Fault."""
        taster = self._taster
        assert taster is not None
        verdict = taster.verdict(goal.layout.digest)
        if verdict is None:
            if taster.lame or not taster.knows(goal.layout.digest):  # given up for one that was wanted more
                self._set_out(goal)
            return goal.steps is not None
        if verdict.problems:
            told = (avoided(goal.scene), *verdict.problems) if goal.scene.digest == self.avoid else verdict.problems
            raise Overrun(told, goal.layout, goal.row) if verdict.overrun else Fault(told)
        goal.costs = verdict.costs
        goal.steps = self._trial.steps(self._tools, goal.scene, goal.layout, goal.size, goal.row, goal.time)
        return True

    def at_once(self, scene: Scene, layout: Layout, row: Numbers, size: Size) -> Made:
        """A scene made ready here and now, before anything is drawn. Raises Fault."""
        steps = self._trial.steps(self._tools, scene, layout, size, at_rest(layout, row))
        return Made(scene, layout, ended(steps), {})

    def proven(self, made: Made, values: Values, size: Size, time: float) -> bool:
        """Whether the taster has drawn a scene with these values; asks it where it has not. Raises Fault."""
        if self._taster is None or self._taster.lame:
            return True
        key = b"proof" + made.layout.digest
        verdict = self._taster.verdict(key)
        if verdict is None:
            if not self._taster.knows(key):
                self._asked = at_rest(made.layout, values.columns)
                self._taster.taste(
                    key, made.scene, made.layout.peers, self._asked, size, math.fmod(time, made.scene.cycle)
                )
            return False
        if verdict.problems:
            raise Overrun((avoided(made.scene), *verdict.problems), made.layout, self._asked)
        return True

    def ahead(self, names: list[str], peers: tuple[str, ...], size: Size) -> None:
        """One step towards having the scenes of the show ready before they are needed. Raises Fault, once a scene."""
        if self._ahead is None:
            name = next((one for one in names if one not in self._seen), None)
            if name is None or not self.tastes or len(self._shelf) >= SHELF - 1:
                return
            self._seen.add(name)
            scene, layout = self._load(name, peers)
            if layout.digest in self._shelf or scene.digest == self.avoid:
                return
            self._ahead = Goal(scene, layout, peers, at_rest(layout, defaults(layout)), size, 0.0)
            self._set_out(self._ahead)
            return
        try:
            made = self._stepped(self._ahead)
        except Fault:
            self._ahead = None
            raise
        if made is not None:
            self._ahead = None
            self.keep(made)

    def keep(self, made: Made) -> None:
        """Puts a scene on the shelf, as if it had never been drawn; its own older version, or the oldest, goes."""
        made.layers.forget()
        for digest, other in list(self._shelf.items()):
            if other.scene.name == made.scene.name:
                self._shelf.pop(digest).layers.release()
        self._shelf[made.layout.digest] = made
        while len(self._shelf) > SHELF:
            self._shelf.pop(next(iter(self._shelf))).layers.release()

    def close(self) -> None:
        """Ends the taster."""
        if self._taster is not None:
            self._taster.close()


def avoided(scene: Scene) -> Problem:
    """The problem of a scene that took a stage down."""
    return Problem(scene.files[0] if scene.files else scene.name, 0, AVOIDED, {"name": scene.name})
