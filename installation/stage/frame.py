"""The frame: values in, picture out, as one straight function."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import moderngl
import numpy as np

from installation.clock import Clock
from installation.feed import SILENCE, Values
from installation.score.problem import Problem, Row
from installation.score.scene import Source
from installation.stage.cards import Cards
from installation.stage.flash import FlashGuard
from installation.stage.guard.budget import Budget
from installation.stage.guard.coming import Load
from installation.stage.guard.taster import Taster
from installation.stage.guard.trial import Trial
from installation.stage.heart import Heart, resident_mb
from installation.stage.kept import PERIOD, Kept
from installation.stage.layers import Tools
from installation.stage.onair import OnAir
from installation.stage.pace import Figures
from installation.stage.passage import Passage
from installation.stage.passes import Size
from installation.stage.pixels import Preview, rgba
from installation.stage.surface import Surface
from installation.stage.window import VEIL_KEY, Shown

REPORT = 0.25
DISSOLVE = 1.5
MENDED = 0.05
"""Seconds of dissolve to the next version of the same scene: whoever saved it waits for it."""
SAMPLED, LARGE = 4, 320 * 180
"""Every so many frames one is weighed; and pixels below which a picture's cost is not in its pixels."""
VEIL = 0.2
"""Seconds in which a veil falls: at once for who asks, not a flash for who looks."""

SILENT = Row(
    (
        "control has been silent for a second",
        "values 100 times a second",
        "the picture holds; control is being restarted",
    ),
    (
        "le pilotage se tait depuis une seconde",
        "des valeurs 100 fois par seconde",
        "l'image tient ; le pilotage redémarre",
    ),
)


class Door(Protocol):
    """The feed, as the stage sees it."""

    def newest(self) -> Values | None:
        """The newest values; None before the first."""


class Way(Protocol):
    """The report, as the stage sees it."""

    def send(self, kind: str, **body: Any) -> None:
        """Sends one thing up; lost rather than waited for."""


class Stage:
    """One window's stage. `frame` draws one frame."""

    def __init__(
        self,
        window: Shown,
        feed: Door,
        report: Way,
        clock: Clock,
        load: Load,
        cards: dict[str, Source],
        name: str = "main",
        size: Size | None = None,
        fit: str = "fill",
        rate: float = 60.0,
        heart: Heart | None = None,
        preview: Preview | None = None,
        avoid: str = "",
        kept: Kept | None = None,
        taster: Taster | None = None,
        flash_guard: bool = False,
    ) -> None:
        self.window, self.feed, self.report, self.clock, self.name = window, feed, report, clock, name
        self.heart = heart or Heart(None)
        self.tools = Tools(window.context)
        self.surface = Surface(self.tools, window.frame, window.size, size, fit)
        trial = Trial(self.heart, window.context)
        self.onair = OnAir(self.tools, load, self.surface.size, self.tell, trial, avoid, taster)
        self.cards = Cards(self.tools, cards, self.surface.size, name)
        self.figures, self.budget = Figures(1.0 / rate), Budget(1.0 / rate, self.tell)
        self.guard = FlashGuard(self.tools) if flash_guard else None
        self.passage: Passage | None = None
        self.veiled = False
        self.hold: Callable[[float], None] = lambda begun: None
        self._size, self._override, self._digest = window.size, "waiting", b""
        self._wall = clock.wall() - clock.now()
        self._begun = clock.now()
        self._next, self._look = 0.0, math.inf
        self._calm, self._count, self._frozen = 0.0, 0, False
        self._arrived, self._tick, self._silent = clock.now(), -1, False
        self._left = ""
        self._preview, self._kept, self._keeping = preview, kept, self._begun + PERIOD
        if window.problems:
            self.tell(window.problems)
        self._thin()

    def recall(self) -> bool:
        """Shows what the process before this one left: its veil or its still at once, then its last scene."""
        kept = self._kept
        if kept is None:
            return False
        self.veiled, self._left = kept.veiled, kept.override
        if kept.still is not None:
            self.cards.hold(*kept.still)
        self._override = self.override(None)
        if self._override != "waiting" or kept.still is not None:
            self.draw(self.surface.target, self.clock.now())
            self.surface.draw(self.clock.now())
            self.window.flip()
        if kept.last is not None and not self.onair.recall(kept.last) and kept.last.before is not None:
            self.onair.recall(kept.last.before)
        return self._aired_first()

    def _aired_first(self) -> bool:
        """Whether there is a scene to begin with; it comes without a dissolve."""
        self._override = self.override(None)
        if self.onair.aired is None:
            return False
        self._digest = self.onair.aired.layout.digest
        self.announce()
        return True

    def begin(self, scene: str, peers: tuple[str, ...] = ()) -> None:
        """Puts a scene on air at its defaults, before control has spoken."""
        self.onair.take(scene, peers, self.clock.now())
        self._aired_first()

    def frame(self) -> None:
        """One frame, top to bottom."""
        begun = self.clock.now()
        self.listen(begun)
        values = self.feed.newest()
        now = self.shared(values, begun)
        self.onair.update(values, begun, now, begun + self._wall)
        self.dissolve(values, begun)
        self.draw(self.surface.target, begun)
        self.surface.draw(begun, self.guard, self.onair.aired.scene.name if self.onair.aired else "")
        self.weigh(begun)
        if self._preview is not None and (begun >= self._next or begun >= self._look):
            self.look(begun)
        if self._kept is not None and begun >= self._keeping:
            self.keep(self._kept, begun)
        drawn = self.clock.now()
        self.hold(begun)
        self.window.flip()
        self.report_frame(values, drawn - begun)

    def weigh(self, begun: float) -> None:
        """Every few frames, and each one where it matters, what a frame costs to its last pixel."""
        aired, self._count = self.onair.aired, self._count + 1
        alone = not self._override and self.passage is None and begun > self._calm and not self.onair.coming.works
        if aired is None or not alone or not (self.budget.eager or self._count % SAMPLED == 0):
            return
        self.window.context.finish()
        now = self.clock.now()
        if self.budget.add(now, now - begun):
            self._rescale()

    def _rescale(self) -> None:
        """Gives the layers on air their scales."""
        if self.onair.aired is not None:
            for name, factor in self.budget.scales.items():
                self.onair.aired.layers.scale(name, factor)

    def shared(self, values: Values | None, now: float) -> float:
        """The time that the sites share, run on from the last tick; before the first, seconds since the stage began."""
        if values is None:
            return now - self._begun
        return values.shared + (now - values.monotonic) * values.rate

    def listen(self, now: float) -> None:
        """What people did at the window; F9 is the veil, whoever else is alive."""
        for happening in self.window.happenings():
            if happening.address == f"key/{VEIL_KEY}" and happening.value[0]:
                self.veiled = not self.veiled
            address = f"/window/{self.name}/{happening.address}"
            self.report.send("event", time=now, address=address, value=list(happening.value))
        if self.window.size != self._size:
            self._size = self.window.size
            self.surface.resize(self.window.frame, self.window.size)
            self.onair.resize(self.surface.size)
            self.cards.resize(self.surface.size)
            self._thin()

    def dissolve(self, values: Values | None, now: float) -> None:
        """Keeps a still of what was shown wherever the picture would jump: another scene, a card, time begun anew."""
        before, override = self._override, self.override(values)
        onair, length = self.onair, DISSOLVE
        if self._kept is not None:
            self._kept.cover(self.veiled, self.house(values))
        digest = onair.aired.layout.digest if onair.aired is not None else b""
        if override == before and digest == self._digest and not onair.restarted:
            return
        if override != before and override in ("veil", "blackout"):
            length = VEIL
        if digest != self._digest:
            if onair.mended and override == before:
                length = MENDED
                self._look = now + 1.5 * MENDED
            self.announce()
        if self._comes_by_transition(digest, override):
            self._digest = digest
            return
        # Drawn once more rather than kept each frame: a copy of every frame would cost all of them.
        self.draw_last(self.surface.keep(now + length, length), now)
        self._override, self._digest, self._calm = override, digest, max(self._calm, now + length)
        self.arrived()
        if onair.aired is not None:
            self.cards.release_still()

    def _comes_by_transition(self, digest: bytes, override: str) -> bool:
        """Whether the new scene comes in over the old one by a transition of its own, which then begins."""
        onair = self.onair
        new = onair.aired is not None and digest != self._digest and not onair.mended
        if not new or self._override or override or onair.last is None or onair.aired is None or self.passage:
            return False
        if onair.aired.layers.arrival is None:
            return False
        self.passage = Passage(self.tools, onair.last, onair.aired.layers, self.clock.now())
        return True

    def arrived(self) -> None:
        """The old scene is seen no more."""
        if self.passage is not None:
            self.passage.release()
            self.passage = None
        self.onair.drop()

    def override(self, values: Values | None) -> str:
        """What hides the work: the window's own veil first, then the house's word, then that nothing has come yet."""
        word = "veil" if self.veiled else self.house(values)
        return word or ("waiting" if self.onair.aired is None else "")

    def house(self, values: Values | None) -> str:
        """The house's word; until it speaks, what it last said to the process before."""
        return str(values.words.get("override", "")) if values is not None else self._left

    def draw(self, frame: moderngl.Framebuffer, now: float) -> None:
        """The work, or the card over it."""
        if self._override:
            moment = self.onair.moment._replace(time=now - self._begun)
            self.cards.draw(self._override, frame, self.surface.size, moment)
        elif self.passage is not None and self.onair.aired is not None:
            self.passage.draw(frame, self.onair.aired.layers, self.onair.row, self.onair.moment, now)
            if self.passage.over(now):
                self.arrived()
        elif self.onair.aired is not None:
            self.onair.aired.layers.draw(frame, self.onair.row, self.onair.moment)
            for address, value in self.onair.aired.layers.tells():
                self.report.send("tell", time=now, address=address, value=list(value))

    def draw_last(self, frame: moderngl.Framebuffer, now: float) -> None:
        """What the frame before showed."""
        last = self.onair.last
        if self.passage is not None and last is not None:
            self.passage.draw(frame, *last, now)
            return
        if self._override or last is None:
            self.cards.draw(self._override or "waiting", frame, self.surface.size, self.onair.moment)
        else:
            layers, row, moment = last
            layers.draw(frame, row, moment)

    def announce(self) -> None:
        """Tells which scene is now drawn."""
        aired = self.onair.aired
        if aired is not None:
            names = {"scene": aired.scene.name, "source": aired.scene.digest}
            self.report.send("scene", digest=aired.layout.digest.hex(), **names)
            large = self.surface.size[0] * self.surface.size[1] >= LARGE
            layers = [layer.name for layer in aired.scene.layers] if large else []
            self.budget.begin(aired.scene.files[0] if aired.scene.files else "", layers, aired.made.costs)
            self._rescale()
            gc.collect()
            if not self._frozen:  # once: a scene that is frozen while it is drawn would never be let go of
                gc.freeze()
                self._frozen = True

    def report_frame(self, values: Values | None, drawn: float) -> None:
        """Four times a second the figures and the heart's beat; at once that control has fallen silent."""
        now = self.clock.now()
        self.figures.add(now, drawn)
        self.hear(values, now)
        if now < self._next:
            return
        self._next = now + REPORT
        self.heart.beat()
        guard = {"unguarded": 1} if self.guard is None else {"softens": int(self.guard.softens)}
        scene = self.onair.aired.scene.name if self.onair.aired else ""
        self.report.send("frame", **self.figures.told(), rss_mb=resident_mb(), scene=scene, **guard)
        self.tell_what_came_up()

    def tell_what_came_up(self) -> None:
        """What the flash guard, the scene's pictures and its Python have found since the last report."""
        found: list[Problem] = []
        if self.guard is not None and self.guard.problems:
            found += self.guard.problems
            self.guard.problems.clear()
        if self.onair.aired is not None:
            found += self.onair.aired.layers.problems()
        if found:
            self.tell(found)

    def look(self, now: float) -> None:
        """Hands on a small copy of what is about to be shown; once more when a mended scene has come in whole."""
        assert self._preview is not None
        if now >= self._look:
            self._look = math.inf
        whole = rgba(self.window.frame, self.window.size)
        self._preview.write(whole[self._rows, self._columns])

    def keep(self, kept: Kept, now: float) -> None:
        """Once a second, what is on the wall, for the process after this one, should there be one."""
        self._keeping = now + PERIOD
        aired, frame = self.onair.aired, self.window.frame
        if aired is not None and not self._override:
            kept.write(
                aired.scene, aired.layout.peers, self.onair.row, self.window.size,
                lambda still: frame.read_into(still, (0, 0, *self.window.size), components=4, alignment=1), aired.name,
            )  # fmt: skip

    def _thin(self) -> None:
        """Which rows and columns the small picture takes."""
        if self._preview is not None:
            (width, height), (wide, high) = self.window.size, self._preview.size
            self._rows = (np.arange(high) * height // high)[:, None]
            self._columns = (np.arange(wide) * width // wide)[None, :]

    def hear(self, values: Values | None, now: float) -> None:
        """Tells once when control has said nothing for a second; values hold and time runs."""
        if values is not None and values.tick != self._tick:
            self._tick, self._arrived, self._silent = values.tick, now, False
        elif values is not None and not self._silent and now - self._arrived > SILENCE:
            self._silent = True
            self.tell([Problem("", 0, SILENT, {})])

    def tell(self, problems: Iterable[Problem]) -> None:
        """Problems go up, in both languages; the wall never shows one."""
        told = [{language: one.told(language)._asdict() for language in ("en", "fr")} for one in problems]
        self.report.send("problem", problems=told)

    def close(self) -> None:
        """Lets go of the taster, the window and the shared memory."""
        self.onair.coming.close()
        if self._preview is not None:
            self._preview.close()
        if self._kept is not None:
            self._kept.close()
        self.tools.close()
        self.window.close()
