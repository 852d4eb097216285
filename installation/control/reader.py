"""The scene as control knows it: read aside, swapped in between two ticks, read again when its files change."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from installation.library import Library, Watch
from installation.score.layout import Layout
from installation.score.problem import Fault, Problem, Row
from installation.score.scene import Scene, laid_out

LOOK = 0.025
"""Seconds between two looks at a scene's files: 33 stats of a few files cost less than a ten-thousandth of a core."""
QUIET, HALF_WRITTEN = 0.012, 0.15
"""Seconds in which a file that is being written changes again; and for how long one that is at fault may be half
written, so that it is looked at again before that is told."""

DEFECT = Row(
    en=("the scene {name} cannot be read: {found}", "a scene", "a defect of Jumelage; please send us the scene"),
    fr=("la scène {name} est illisible : {found}", "une scène", "un défaut de Jumelage ; envoyez-nous la scène"),
)


class Loaded(NamedTuple):
    """A scene that was read well, or the problems that kept it from it."""

    name: str
    scene: Scene | None
    layout: Layout | None
    problems: tuple[Problem, ...] = ()


class Reader:
    """Reads scenes aside. `request` asks, `loaded` gives what is ready; a file that changes asks by itself."""

    def __init__(self, library: Library, peers: tuple[str, ...]) -> None:
        self.library, self.peers = library, peers
        self._asked: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._ready: queue.SimpleQueue[Loaded] = queue.SimpleQueue()
        threading.Thread(target=self._work, name="reader", daemon=True).start()

    def request(self, name: str) -> None:
        """Asks for a scene by name."""
        self._asked.put(name)

    def loaded(self) -> Loaded | None:
        """The next scene that was read, or None."""
        try:
            return self._ready.get_nowait()
        except queue.Empty:
            return None

    def close(self) -> None:
        """Ends the thread."""
        self._asked.put(None)

    def read(self, name: str) -> Loaded:
        """One scene, read here and now."""
        try:
            scene = self.library.scene(name)
            return Loaded(name, scene, laid_out(scene, self.peers))
        except Fault as fault:
            return Loaded(name, None, None, fault.problems)
        except Exception as error:  # This thread reads every scene to come; a defect met in one must not end it.
            words = {"name": name[:60], "found": f"{type(error).__name__}: {error}"}
            return Loaded(name, None, None, (Problem(name[:60], 0, DEFECT, words),))

    def _work(self) -> None:
        name, watch = "", Watch(())
        while True:
            try:
                asked = self._asked.get(timeout=LOOK)
                if asked is None:
                    self.library.tables.close()
                    return
                name = asked
            except queue.Empty:
                if not name or not watch.changed():
                    self.library.tables.prepare()
                    continue
            found, watch = self._settled(name, watch)
            self._ready.put(found)

    def _settled(self, name: str, watch: Watch) -> tuple[Loaded, Watch]:
        """A scene as it is once nobody writes in it any more, and what is to be watched of it."""
        late = time.monotonic() + HALF_WRITTEN
        while True:
            while watch.changed() and time.monotonic() < late:
                time.sleep(QUIET)
            begun = Watch(watch.files())
            found = self.read(name)
            watch = Watch(self._files(name, found, watch))
            whole = found.scene is not None and not begun.changed() and not watch.empty()
            if whole or time.monotonic() >= late:
                return found, watch
            time.sleep(QUIET)

    def _files(self, name: str, found: Loaded, before: Watch) -> list[Path]:
        """What to watch: the files of the scene, or, while it is at fault, also those of before and those it lacks."""
        if found.scene is not None:
            return [*map(Path, found.scene.files), *_missing(found.scene)]
        files = [Path(problem.file) for problem in found.problems if problem.file]
        lacking = [Path(place) for problem in found.problems for place in problem.words.get("wanted", ())]
        return [*before.files(), *files, *lacking]


def _missing(scene: Scene) -> Iterator[Path]:
    """The pictures that its shaders import and that are not there yet."""
    for layer in scene.shaders:
        for image in layer.shader.imported:
            for name, file in zip(image.path, image.files, strict=False):
                if name and not file:
                    yield Path(layer.file).parent / name
