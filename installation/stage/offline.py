"""Pictures without a screen, frame by frame on a clock of their own: what the verb `render` draws.

Everything is drawn in one child process, since a shader that never ends holds its process for good: the child is
then ended and another goes on with what remains.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import sys
import time as host
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from installation.score.layout import COMPANY
from installation.score.problem import Problem, Row, Two, hint, one_of
from installation.score.scene import spoken
from installation.score.text import words_of
from installation.stage.again import Rows, Shown, shown

ENDLESS = Row(
    ("nothing was drawn for {seconds} s", "a frame at least that often", "look for a loop without an end"),
    ("rien n'a été dessiné en {seconds} s", "une image au moins aussi souvent", "cherchez une boucle sans fin"),
)
DIED = Row(
    ("the process that draws has died ({code})", "a picture", "try a smaller --size; report it if it stays"),
    ("le processus de dessin est mort ({code})", "une image", "réduisez --size ; si cela persiste, signalez-le"),
)
STARTING = 20.0
"""Seconds in which the process that draws has its GL context; a busy machine takes some."""
ROOM = 6 << 30
"""Bytes of address space for the process that draws, beyond the driver's own: a compiler that wants more is ended."""
NO_NAME = Row(
    ("--set names {name}", "{known}", "{hint}"),
    ("--set nomme {name}", "{known}", "{hint}"),
)
NOT_NUMBERS = Row(
    ("--set {name}={found}", "{width} numbers separated by commas", "write --set {name}={example}"),
    ("--set {name}={found}", "{width} nombres séparés par des virgules", "écrivez --set {name}={example}"),
)
NOT_WRITTEN = Row(
    ("{path} cannot be written: {why}", "a folder with room in it", "choose another place with --out"),
    ("{path} ne peut pas être écrit : {why}", "un dossier où il reste de la place", "changez --out"),
)
NO_STATE = Row(
    ("{scene} says nothing of `{state}`", "a table [{state}]", "drawn as it is in every state"),
    ("{scene} ne dit rien de `{state}`", "une table [{state}]", "dessinée comme dans tout état"),
)
UNFED = Row(
    ("no image input takes --image {path}", "{known}", "{hint}"),
    ("aucune entrée image ne prend --image {path}", "{known}", "{hint}"),
)
LEAVE = Two("leave it out", "retirez cette option")
NO_IMAGE = Row(
    ("the image {path} cannot be read: {why}", "a PNG or JPEG file", "give another with --image"),
    ("l'image {path} est illisible : {why}", "un fichier PNG ou JPEG", "donnez-en une autre avec --image"),
)


@dataclass(frozen=True)
class Job:
    """One thing to draw: `what` is handed to the loader, `out` ends in .png or in .mp4, .mkv or .mov.

    With `seconds` it is a video of that length, else the picture at `time`. `values` are the texts of --set by
    name; `images` are (input's name or "", path) in the order given. `company` draws that state, all faded in.
    `rows` are what a take moved; company and --set stand over them. With `each`, of `seconds` each so many frames' last
    is a picture of its own, `out` with its number in place of {}.
    """

    what: str
    out: str
    size: tuple[int, int] = (1280, 720)
    time: float = 0.0
    seconds: float = 0.0
    fps: float = 60.0
    values: dict[str, str] = field(default_factory=dict)
    images: tuple[tuple[str, str], ...] = ()
    flash_guard: bool = False
    company: str = ""
    rows: Rows | None = field(default=None, compare=False)
    each: int = 0


@dataclass(frozen=True)
class Result:
    """What became of a job. `problems` is empty when it was drawn; `ms` is the time of its last frame.

    `warnings` tell what was drawn otherwise than it was asked for.
    """

    what: str
    out: str = ""
    ms: float = 0.0
    passes: int = 0
    constant: bool = False
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


LONG = 15_000.0
"""Milliseconds of a first frame, compiling and drawing, after which it is not drawn again to be measured."""

Load = Callable[[str], Any]
"""From what the user named to a Scene; raises Fault."""


class Lacking(Exception):
    """The machine lacks something; `row` and `words` say what. Exit status 3."""

    def __init__(self, row: Row, words: dict[str, Any]) -> None:
        self.row, self.words = row, words
        super().__init__(row, words)

    def __str__(self) -> str:
        return self.row.en[0].format(**self.words)


def moments(time: float, seconds: float, fps: float) -> list[float]:
    """The times of the frames: 0, 1/F … T for a picture; for a video as many as its length holds, at least one."""
    if seconds > 0:
        return [n / fps for n in range(max(1, round(seconds * fps)))]
    whole = int(time * fps + 1e-6)
    times = [n / fps for n in range(whole + 1)]
    return times if abs(times[-1] - time) < 1e-6 else [*times, time]


def render(jobs: list[Job], load: Load, patience: float = 60.0) -> Iterator[Result]:
    """Draws the jobs in turn, each told as it ends. `patience` is seconds without a sign of life.

    Raises Lacking when this machine cannot draw at all.
    """
    # A fork is a millisecond where a fresh start is 150, but a driver that is already loaded does not survive one.
    forks = sys.platform.startswith("linux") and "moderngl" not in sys.modules
    method: Any = multiprocessing.get_context("fork" if forks else "spawn")
    at = 0
    while at < len(jobs):
        here, there = method.Pipe()
        child = method.Process(target=_work, args=(there, jobs[at:], load), daemon=True)
        child.start()
        there.close()
        try:
            for result in _heard(here, child, jobs[at:], patience):
                at += 1
                yield result
        finally:
            child.kill()
            child.join()
            here.close()


def _heard(here: Connection, child: Any, jobs: list[Job], patience: float) -> Iterator[Result]:
    """The child's results; of the job at which it hung or died, one that says so, and then no more."""
    waiting = iter(jobs)
    longest = max(patience, STARTING)
    for job in waiting:
        while True:
            try:
                said = here.recv() if here.poll(longest) else ENDLESS
                longest = patience
            except EOFError:
                child.join(2.0)
                said = DIED
            if isinstance(said, Row):
                words = {"seconds": f"{patience:g}", "code": child.exitcode}
                yield Result(job.what, problems=(Problem(job.what, 0, said, words),))
                return
            if isinstance(said, Lacking):
                raise said
            if isinstance(said, Result):
                yield said
                break


def _work(pipe: Connection, jobs: list[Job], load: Load) -> None:
    """The child: one context for all jobs."""
    # What an artist's Python prints goes with the messages: stdout is the verb's.
    os.dup2(2, 1)
    from installation.stage.context import NoGL, headless
    from installation.stage.guard.tasting import bounded
    from installation.stage.layers import Tools
    from installation.stage.pixels import NoVideo

    try:
        tools = Tools(headless())
        bounded(ROOM)
        pipe.send("ready")
        for job in jobs:
            pipe.send(_one(tools, job, load, pipe.send))
    except NoGL as stop:
        pipe.send(Lacking(stop.row, stop.words))
    except NoVideo as stop:
        pipe.send(Lacking(stop.row, {}))
    except BrokenPipeError:
        pass


def _one(tools: Any, job: Job, load: Load, alive: Callable[[Any], None]) -> Result:
    import moderngl

    from installation.score.problem import Fault
    from installation.score.scene import laid_out
    from installation.stage.layers import Layers

    try:
        scene = load(job.what)
        layout = laid_out(scene, job.rows.peers if job.rows else ())
        given = wanted(layout, scene, job)
        layers = Layers(tools, scene, layout, job.size)
        layers.settled = True
    except Fault as fault:
        return Result(job.what, problems=fault.problems)
    except Exception as defect:  # A job that breaks the engine must not keep the next from being drawn.
        return Result(job.what, problems=(Problem(job.what, 0, DIED, {"code": repr(defect)}),))
    try:
        textures = _images(tools, layers, job)
        result = _draw(tools, layers, job, given, alive)
        for texture in textures:
            texture.release()
        unsaid = bool(job.company) and job.company not in scene.company
        notes = (Problem(job.what, 0, NO_STATE, {"scene": scene.name, "state": job.company}),) if unsaid else ()
        faults = layers.faults()
        found = (*result.warnings, *notes, *layers.problems(), *_unfed(layers, job))
        return replace(result, problems=faults, warnings=_once(found))
    except Fault as fault:
        return Result(job.what, problems=fault.problems)
    except OSError as stop:
        return Result(job.what, problems=(Problem(job.what, 0, NOT_WRITTEN, {"path": job.out, "why": stop}),))
    except (moderngl.Error, ValueError, ArithmeticError) as stop:
        return Result(job.what, problems=(Problem(job.what, 0, DIED, {"code": stop}),))
    finally:
        layers.release()


def wanted(layout: Any, scene: Any, job: Job) -> Any:
    """The row of what the command line fixes, NaN where it fixes nothing. Raises Fault as `assign` does."""
    import numpy as np

    row = np.full(layout.size, np.nan)
    if job.company:
        row[layout.slots["/company"].offset] = COMPANY.index(job.company)
        table = scene.company.get(job.company)
        for address, numbers in (table.values if table else {}).items():
            if table and address in table.echoes:
                continue  # an echo is what the other city's value is: without one, its default
            for slot in layout.meant(address):
                row[slot.offset : slot.offset + slot.parameter.width] = numbers
    assign(row, layout, scene, job.values)
    return row


def _rows(layers: Any, job: Job, given: Any) -> Callable[[int, float], Shown]:
    """What each frame shows, asked in turn: the defaults or the take, and over them what is `given`."""
    import numpy as np

    from installation.stage.layers import defaults

    fixed, events = ~np.isnan(given), _events(layers.layout)
    still = np.where(fixed, given, defaults(layers.layout))
    at = shown(job.rows, layers.scene, layers.layout) if job.rows else lambda time: Shown(still.copy(), time, True, "")

    def found(index: int, time: float) -> Shown:
        one = at(time)
        one.row[fixed] = given[fixed]
        if index:
            one.row[events] = np.where(fixed[events], 0.0, one.row[events]) if job.rows else 0.0
        return one

    return found


def _draw(tools: Any, layers: Any, job: Job, given: Any, alive: Callable[[Any], None]) -> Result:
    from installation.stage import pixels
    from installation.stage.flash import FlashGuard
    from installation.stage.layers import Moment
    from installation.stage.passes import canvas

    texture, frame = canvas(tools.context, job.size)
    video = pixels.Video(job.out, job.size, job.fps) if job.seconds > 0 and not job.each else None
    times = moments(job.time, job.seconds, job.fps)
    words = _said(layers, job)
    layers.hear(words)
    rows = _rows(layers, job, given)
    wall, ms, before = job.rows.date if job.rows else host.time(), 0.0, host.monotonic()
    guard = FlashGuard(tools) if job.flash_guard else None
    first = 0 if video or guard or layers.history else len(times) - 1
    for index, time in enumerate(times):
        if host.monotonic() - before > 0.5:
            before = host.monotonic()
            alive(index)
        if index < first and not job.rows:
            continue
        now = rows(index, time)  # each frame in turn, drawn or not: a trigger is true for one of them
        last = bool(job.each) and index % job.each == job.each - 1
        if index < first and not last:
            continue
        layers.solo = now.solo
        if now.texts:
            layers.hear({**msgspec.msgpack.decode(now.texts), **words})
        date = dated(job.rows.date_at(time) if job.rows else wall)
        moment = Moment(now.time, 1.0 / job.fps if index and now.runs else 0.0, index, date)
        begun = host.monotonic()
        layers.draw(frame, now.row, moment)
        if guard:
            guard.draw(frame, texture, job.size, times[index], layers.scene.name)
        tools.context.finish()
        ms = 1000 * (host.monotonic() - begun)
        if video:
            video.write(pixels.rgba(frame, job.size))
        if last:
            pixels.png(job.out.format(index // job.each), pixels.rgba(frame, job.size))
    picture = pixels.rgba(frame, job.size)
    if first == len(times) - 1 and ms < LONG:
        # A driver compiles when it first draws: a frame that is the only one is drawn once more to be measured.
        alive("measured")
        begun = host.monotonic()
        layers.draw(frame, now.row, moment)
        tools.context.finish()
        ms = 1000 * (host.monotonic() - begun)
    if video:
        video.close()
    elif not job.each:
        pixels.png(job.out, picture)
    frame.release()
    texture.release()
    constant = bool((picture == picture[0, 0]).all())
    flashes = tuple(guard.problems) if guard else ()
    said = tuple(one for layer in layers.scene.shaders for one in layer.shader.warnings)
    return Result(job.what, job.out, round(ms, 3), layers.count, constant, warnings=(*flashes, *said))


def _events(layout: Any) -> list[int]:
    return [slot.offset for slot in layout.slots.values() if slot.parameter.kind == "event"]


def dated(wall: float) -> tuple[float, float, float, float]:
    """ISF's DATE of a wall-clock time: year, month from 1, day, seconds of the day; local."""
    local = host.localtime(wall)
    seconds = local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec + wall % 1.0
    return float(local.tm_year), float(local.tm_mon), float(local.tm_mday), seconds


def assign(row: Any, layout: Any, scene: Any, values: dict[str, str]) -> None:
    """Writes the texts of --set into a row. Raises Fault for an unknown name or what is no number."""
    from installation.score.problem import Fault

    free = {name for layer in scene.layers for name in layer.shader.free}
    for name, text in values.items():
        if spoken(scene, "", name.removeprefix("/scene/"), layout.peers):
            continue
        address = name if name.startswith("/") else f"/scene/{name}"
        slot = layout.slots.get(address) or layout.slots.get(f"/{name}") or _twin(name, layout)
        if slot is None:
            known = [a.removeprefix("/scene/") for a in (*layout.slots, *(one.address for one in scene.texts))]
            words = {"name": name, "known": one_of(known), "hint": hint(name, known)}
            raise Fault([Problem(scene.name, 0, NO_NAME, words)])
        numbers = numbers_of(slot.parameter, text)
        if numbers is None:
            words = {"name": name, "found": text, "width": slot.parameter.width,
                     "example": ",".join(f"{n:g}" for n in slot.parameter.default)}  # fmt: skip
            raise Fault([Problem(scene.name, 0, NOT_NUMBERS, words)])
        kept = numbers if slot.parameter.name in free else slot.parameter.clamp(numbers)
        row[slot.offset : slot.offset + len(kept)] = kept


def _said(layers: Any, job: Job) -> dict[str, Any]:
    """The texts of --set, by address."""
    found = {}
    for name, text in job.values.items():
        place = spoken(layers.scene, "", name.removeprefix("/scene/"), layers.layout.peers)
        if place is not None:
            found[place[0]] = words_of(text)
    return found


def _twin(name: str, layout: Any) -> Any:
    """`x_twin` as the shader names it."""
    stem = name.removesuffix("_twin")
    return layout.slots.get(f"/twin/{layout.peers[0]}/{stem}") if stem != name else None


def numbers_of(parameter: Any, text: str) -> tuple[float, ...] | None:
    """The numbers that a text means for a parameter: "0.5", "1,0,0,1", "true", or a long's label; None if none."""
    words = {"true": 1.0, "yes": 1.0, "on": 1.0, "false": 0.0, "no": 0.0, "off": 0.0}
    words |= {label.lower(): float(value) for label, value in zip(parameter.labels, parameter.values, strict=False)}
    try:
        found = tuple(
            words[one.strip().lower()] if one.strip().lower() in words else float(one) for one in text.split(",")
        )
    except ValueError:
        return None
    return found if len(found) == parameter.width and all(map(math.isfinite, found)) else None


def _once(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Each problem once: a text in two languages asks for one font twice."""
    return tuple({str(one.told()): one for one in problems}.values())


def _unfed(layers: Any, job: Job) -> Iterator[Problem]:
    """The pictures of --image that no input takes."""
    images = [image for layer in layers.scene.shaders for image in layer.shader.images]
    names = {image.name for image in images}
    named = {name for name, _ in job.images if name}
    free = [image.name for image in images if image.kind == "image" and image.name not in named]
    for name, path in job.images:
        if name not in names if name else not free:
            given = f"{name}={path}" if name else path
            yield Problem(
                job.what, 0, UNFED, {"path": given, "known": one_of(sorted(names)), "hint": hint(name, names, LEAVE)}
            )


def _images(tools: Any, layers: Any, job: Job) -> list[Any]:
    """Loads the pictures of --image: named ones to their inputs, the others in the header's order, the last to all."""
    from installation.score.problem import Fault
    from installation.stage import pixels

    pictures = [image for layer in layers.scene.shaders for image in layer.shader.images]
    inputs = [image.name for image in pictures if image.kind == "image"]
    named = {name: path for name, path in job.images if name}
    rest = [path for name, path in job.images if not name]
    open_inputs = [name for name in dict.fromkeys(inputs) if name not in named]
    for n, name in enumerate(open_inputs if rest else ()):
        named[name] = rest[min(n, len(rest) - 1)]
    textures: list[Any] = []
    for name, path in named.items():
        try:
            size, raw = pixels.picture(path)
        except OSError as stop:
            raise Fault([Problem(job.what, 0, NO_IMAGE, {"path": path, "why": str(stop)})]) from None
        texture = tools.context.texture(size, 4, raw)
        texture.repeat_x = texture.repeat_y = False
        layers.feed(name, texture)
        textures.append(texture)
    return textures
