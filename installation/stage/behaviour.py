"""A Python scene at work: its class, run on a fixed grid of sixty steps a second of show time.

What it does wrong is told once, by its own line; from then on it rests, and what it gave last is still drawn.
"""

from __future__ import annotations

import copy
import math
import sys
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from installation.score import behaviour
from installation.score.behaviour import Scene as Acting
from installation.score.code import Running, blamed
from installation.score.layout import Layout, Slot
from installation.score.outputs import Misused, Notes, Place, Points, Tells, Texts, Textures
from installation.score.problem import Problem, Row, Two, hint
from installation.score.scene import TWIN, Scene, bound, spoken
from installation.stage.drawn import INPUT, Numbers
from installation.stage.moment import Moment
from installation.stage.passes import Size

STEP = 1.0 / 60.0
MOST_STEPS = 4
"""Steps in one frame of a show: a stage that has fallen behind must not fall further behind by catching up."""
JUMP = 60
"""So many steps at once are no delay: somebody has moved the time."""

PRINTED, TRICKLE = 1 << 20, 256.0
"""Characters that a scene may print at once, and a second of steps from then on: a show runs for months, and `update`
sixty times a second."""
HELD = "… (what this scene prints is held to {trickle:g} characters a second: more was left out)"

SKIPPED = Row(
    (
        "fewer than 15 frames a second were drawn, and steps of `update` were skipped",
        "`update` and shaders that take a sixtieth of a second together",
        "work on whole arrays, not in loops over them; lighten the shaders",
    ),
    (
        "moins de 15 images par seconde, et des pas de `update` ont été sautés",
        "`update` et shaders en un soixantième de seconde, ensemble",
        "travaillez sur des tableaux entiers, sans boucles ; allégez les shaders",
    ),
)


class Values:
    """Where the scene reads its values: a row of numbers, and the triggers that no step has seen yet."""

    def __init__(self, scene: Scene, layout: Layout, path: str) -> None:
        self._scene, self._layout, self._path = scene, layout, path
        self.row: Numbers = np.zeros(layout.size)
        self._slots: dict[str, Slot] = {}
        self.said: Mapping[str, Any] = {}
        self.names = frozenset(one.name for one in (*scene.parameters, *scene.texts) if not one.layer) - frozenset(
            behaviour.OWN
        )
        self._events = [slot.offset for slot in layout.slots.values() if slot.parameter.kind == "event"]
        self._risen = np.zeros(layout.size, bool)

    def take(self, row: Numbers, new: bool) -> None:
        """The numbers of this frame; a trigger waits for the next step, should this frame have none."""
        self.row = row
        if new:
            self._risen[self._events] |= row[self._events] > 0.0

    def stepped(self) -> None:
        """A step has been made: triggers have been seen."""
        self._risen[:] = False

    def here(self, name: str) -> Any:
        """The value of a parameter. Raises AttributeError."""
        slot = self._slots.get(name) or bound(self._scene, self._path, name, self._layout)
        if slot is None and (text := spoken(self._scene, self._path, name, self._layout.peers)) is not None:
            words = self.said.get(text[0], text[1])
            return Two(words["en"], words["fr"])
        if slot is None:
            raise self._absent(name, "this scene has no {}", "la scène n'a pas de {}")
        self._slots[name] = slot
        return self._value(slot)

    def there(self, name: str) -> Any:
        """The other city's. Raises AttributeError."""
        try:
            return self.here(name + TWIN)
        except Misused:
            en, fr = "the twin has no {} (is it shared?)", "le jumeau n'a pas de {} (est-il partagé ?)"
            raise self._absent(name, en, fr) from None

    def _absent(self, name: str, en: str, fr: str) -> Misused:
        meant = hint(
            name, (one.name for one in (*self._scene.parameters, *self._scene.texts) if one.name != name), Two("", "")
        )
        en, fr = en.format(f'"{name}"'), fr.format(f"« {name} »")
        return Misused(f"{en}; {meant}", f"{fr} ; {meant.fr}") if meant else Misused(en, fr)

    def _value(self, slot: Slot) -> Any:
        parameter, at = slot.parameter, slot.offset
        if parameter.kind == "event":
            return bool(self._risen[at])
        if parameter.kind == "bool":
            return bool(self.row[at] > 0.5)
        if parameter.kind == "long":
            return round(float(self.row[at]))
        if parameter.width == 1:
            return float(self.row[at])
        found = self.row[at : at + parameter.width].copy()
        found.flags.writeable = False  # written to, it would move nothing
        return found


class Print:
    """The `print` of an artist's file: no more than a log of months can hold."""

    def __init__(self) -> None:
        self._room, self._held = float(PRINTED), False

    def stepped(self) -> None:
        """A step has been made: there is room for a little more."""
        self._room = min(float(PRINTED), self._room + TRICKLE * STEP)

    def __call__(
        self, *parts: Any, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = False
    ) -> None:
        if file not in (None, sys.stdout, sys.stderr):
            print(*parts, sep=sep, end=end, file=file, flush=flush)
            return
        text = (" " if sep is None else sep).join(map(str, parts)) + ("\n" if end is None else end)
        fits = len(text) <= self._room
        if fits:
            self._room -= len(text)
        elif not self._held:
            text = HELD.format(trickle=TRICKLE) + "\n"
        if fits or not self._held:
            print(text, end="", file=file, flush=flush)
        self._held = not fits


class Behaviour:
    """One scene's behaviour. Raises Fault when its text cannot be run.

    `path` is the layer that the scene is, in another. `revision` counts the steps made; `problems` and `tells`
    give what has come up since they were last asked.
    """

    def __init__(self, scene: Scene, layout: Layout, size: Size, path: str = "") -> None:
        assert scene.code is not None
        self.scene, self.size = scene, size
        self._print = Print()
        self._running = Running(scene.code, self._print)
        self._notes = Notes(scene.code.files)
        self._values = Values(scene, layout, path)
        self._seed = [scene.seed, zlib.crc32(path.encode())]
        takes = [(p.kind, p.name) for layer in scene.layers for p in layer.pictures.values()]
        images = [i.name for one in scene.shaders for i in one.shader.images if i.name not in one.pictures]
        images = [name for name in images if name != INPUT and name not in scene.data]
        self.points = Points(self._notes, dict.fromkeys(name for kind, name in takes if kind == "points"))
        self.textures = Textures(self._notes, dict.fromkeys(images))
        self.texts = Texts(self._notes, dict.fromkeys(name for kind, name in takes if kind == "text"))
        self._tells = Tells(self._notes)
        self._acting: Acting | None = None
        self._state: Any = None
        self.rests = False
        self.revision = 0
        self._at = self._frame = -1

    def update(self, row: Numbers, moment: Moment, settled: bool = False) -> None:
        """Once a frame before drawing: the steps that are due. `settled` makes all of them, however many."""
        self._values.take(row, moment.frame != self._frame)
        self._frame = moment.frame
        now = math.floor(moment.time / STEP + 1e-6)
        due = now - self._at
        if self.rests or (self._acting is not None and due == 0):
            return
        first = now - self._steps(due, settled) + 1
        self._attempt(lambda: self._run(range(first, now + 1)))
        self._at = now

    def _steps(self, due: int, settled: bool) -> int:
        """How many steps to make. Time that begins anew, or was moved, goes on from where it is."""
        if self._acting is None or due < 0 or (due > JUMP and not settled):
            return 1
        if due > MOST_STEPS and not settled:
            method = self._running.kind.update.__code__
            self._notes.tell(Place(method.co_filename, method.co_firstlineno), SKIPPED)
            return MOST_STEPS
        return due

    def _run(self, steps: range) -> None:
        if self._acting is None:
            self._start()
        acting = self._acting
        assert acting is not None
        acting.size = self.size
        for number in steps:
            acting.update(number * STEP, STEP)
            self.revision += 1
            self._values.stepped()
            self._print.stepped()

    def _start(self) -> None:
        """`start`, then what the version before this one hands on."""
        outputs = self.points, self.textures, self.texts, self._tells
        self._acting = acting = behaviour.made(self._running.kind, self._values, self._seed, self.size, outputs)
        acting.start()
        restore = getattr(acting, "restore", None)
        if self._state is not None and callable(restore):
            state, self._state = self._state, None
            restore(state)

    def _attempt(self, do: Any) -> None:
        """Does something of the artist's; what it raises is told, and the scene rests from then on."""
        assert self.scene.code is not None
        try:
            do()
        except BaseException as stop:  # SystemExit, and whatever else an artist raises
            self.rests = True
            self._notes.waiting.append(blamed(stop, self.scene.code))

    def hear(self, said: Mapping[str, Any]) -> None:
        """What text parameters say now, by address."""
        self._values.said = said

    def problems(self) -> list[Problem]:
        """What has come up since this was last asked."""
        found, self._notes.waiting = self._notes.waiting, []
        return found

    def tells(self) -> list[tuple[str, tuple[float | str, ...]]]:
        """What the scene has told since this was last asked: addresses with their values."""
        return self._tells.taken()

    def forget(self) -> None:
        """As if it had never run: `start` comes again before the next step."""
        for given in (self.points, self.textures, self.texts):
            given.forget()
        self._acting, self._state, self.rests = None, None, False
        self._tells.taken()
        self._notes.forget()
        self._at = self._frame = -1
        self.revision += 1

    def inherit(self, old: Behaviour) -> None:
        """Takes over what an earlier version of the scene drew last, and its `state()` where it has one."""
        self.points.inherit(old.points)
        self.textures.inherit(old.textures)
        self.texts.inherit(old.texts)
        self.revision += 1
        if callable(getattr(old._acting, "state", None)) and callable(getattr(self._running.kind, "restore", None)):
            old._attempt(lambda: self._remember(old))

    def _remember(self, old: Behaviour) -> None:
        # A copy: the version before is still drawn while the picture dissolves, and may go on writing to its arrays.
        self._state = copy.deepcopy(old._acting.state())  # type: ignore[union-attr]

    def release(self) -> None:
        """Forgets the artist's modules."""
        self._running.close()
