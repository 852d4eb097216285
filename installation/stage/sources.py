"""What fills the image inputs of a scene's layers: one source for each picture, all looked after once a frame.

A source never waits while a show runs; what cannot be had is a transparent pixel, and is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import moderngl
import msgspec
import numpy as np

from installation.score.layout import Layout
from installation.score.picture import Picture
from installation.score.problem import Problem
from installation.score.scene import TWIN, Data, Layer, Scene, spoken
from installation.score.text import Words
from installation.stage.compose import Tools
from installation.stage.drawn import Drawn, Numbers, Source
from installation.stage.media.films import Film
from installation.stage.media.stills import Still
from installation.stage.media.typeset import Text
from installation.stage.moment import Moment
from installation.stage.passes import Size
from installation.stage.strokes import Strokes

IMAGE_OF = {"audio": "audio", "audioFFT": "spectrum"}
"""Which table of data fills an ISF sound input that nothing else fills."""


class Place:
    """Where a texture is needed: a layer's passes and the input's name."""

    def __init__(self, drawn: Drawn, number: int, name: str) -> None:
        self.passes, self.name = drawn.passes[number], name

    def feed(self, texture: moderngl.Texture) -> None:
        self.passes.feed(self.name, texture)


def wanted(layer: Layer, number: int, data: dict[str, Data]) -> Iterator[tuple[str, Picture]]:
    """The pictures of a layer's own shader (`number` 0) or of one of its filters', by input."""
    one = layer if number == 0 else layer.filters[number - 1]
    yield from one.pictures.items()
    for image in one.shader.images:
        if image.name in one.pictures:
            continue
        if image.name in data or image.name.removesuffix(TWIN) in data:
            yield image.name, Picture(kind="data", name=image.name)
        elif image.kind in IMAGE_OF:
            found = [name for name, table in data.items() if table.kind == IMAGE_OF[image.kind]]
            if found:
                yield image.name, Picture(kind="data", name=found[0])


class Table:
    """A table of values as a texture of one row, in 32-bit floats."""

    history = False

    def __init__(self, tools: Tools, name: str, data: Data, layout: Layout, path: str) -> None:
        self.problems: list[Problem] = []
        self._columns = _columns(name, data, layout, path)
        self._values = np.zeros((max(1, len(self._columns)), 4), np.float32)
        self.texture = tools.context.texture((len(self._values), 1), 4, dtype="f4")
        self.texture.repeat_x = self.texture.repeat_y = False

    def update(self, row: Numbers, moment: Moment) -> None:
        if not len(self._columns):
            return
        width = self._columns.shape[1]
        self._values[:, :width] = row[self._columns]
        if width == 1:
            self._values[:, 1:3] = self._values[:, :1]
            self._values[:, 3] = 1.0
        self.texture.write(self._values)

    settle = update

    def resize(self, size: Size) -> None:
        pass

    def release(self) -> None:
        self.texture.release()


def _columns(name: str, data: Data, layout: Layout, path: str) -> np.ndarray:
    """For each number of the table the columns of its parameter."""
    stem = name.removesuffix(TWIN)
    below = f"{path}/{stem}" if path else stem
    head = f"/scene/{below}" if stem == name else f"/twin/{layout.peers[0]}/{below}"
    slots = [layout.slots[f"{head}/{n}"] for n in range(1, data.count + 1) if f"{head}/{n}" in layout.slots]
    return np.array([[slot.offset + k for k in range(slot.parameter.width)] for slot in slots], np.intp)


class Trace:
    """Where a parameter was in the last seconds: the oldest at the left, now at the right."""

    history = True

    def __init__(self, tools: Tools, data: Data, layout: Layout, path: str) -> None:
        self.problems: list[Problem] = []
        self._step = data.seconds / data.count
        stem = data.of.removesuffix(TWIN)
        below = f"{path}/{stem}" if path else stem
        address = f"/scene/{below}" if stem == data.of else f"/twin/{layout.peers[0]}/{below}"
        slot = layout.slots.get(address) or layout.slots.get(f"/scene/{below}")
        self._span = slice(slot.offset, slot.offset + slot.parameter.width) if slot else slice(0, 0)
        self._values: np.ndarray | None = None
        self._count, self._since = data.count, 0.0
        self.texture = tools.context.texture((data.count, 1), 4, dtype="f4")
        self.texture.repeat_x = self.texture.repeat_y = False

    def update(self, row: Numbers, moment: Moment) -> None:
        now = row[self._span]
        if self._values is None:
            self._values = np.zeros((self._count, 4), np.float32)
            self._values[:, 3] = 1.0
            self._values[:, : len(now)] = now
        self._since += moment.delta
        steps = int(self._since / self._step)
        if steps:
            self._since -= steps * self._step
            self._shift(min(steps, self._count), now)
        self._values[-1, : len(now)] = now
        self.texture.write(self._values)

    def _shift(self, steps: int, now: np.ndarray) -> None:
        """Moves the row on; what no frame saw lies on a straight line from the last to now."""
        values = self._values
        assert values is not None
        last = values[-1].copy()
        values[: self._count - steps] = values[steps:]
        for n in range(steps):
            values[self._count - steps + n, : len(now)] = last[: len(now)] + (now - last[: len(now)]) * n / steps

    settle = update

    def resize(self, size: Size) -> None:
        pass

    def release(self) -> None:
        self.texture.release()


class Blank:
    """What is not there yet: a transparent pixel."""

    history = False

    def __init__(self, texture: moderngl.Texture) -> None:
        self.texture = texture
        self.problems: list[Problem] = []

    def update(self, row: Numbers, moment: Moment) -> None:
        pass

    settle = update

    def resize(self, size: Size) -> None:
        pass

    def release(self) -> None:
        pass


class Media:
    """An image, a film or a text, decoded by the child."""

    history = False

    def __init__(self, source: Still | Film | Text, asked: Picture) -> None:
        """`asked` says at which line of the scene it was asked for."""
        self._source, self._asked, self._told = source, asked, 0
        self.problems: list[Problem] = []

    @property
    def texture(self) -> moderngl.Texture:
        return self._source.texture

    def update(self, row: Numbers, moment: Moment) -> None:
        self._source.update(moment.time)
        self._hear()

    def settle(self, row: Numbers, moment: Moment) -> None:
        self._source.settle(moment.time)
        self._hear()

    def _hear(self) -> None:
        if len(self._source.problems) > self._told:
            for one in self._source.problems[self._told :]:
                self.problems.append(one if one.file else one._replace(file=self._asked.file, line=self._asked.line))
            self._told = len(self._source.problems)

    def say(self, words: str) -> None:
        """Other words, where it is a text."""
        if isinstance(self._source, Text):
            self._source.say(words)

    def resize(self, size: Size) -> None:
        if isinstance(self._source, Text):
            self._source.resize(size)

    def release(self) -> None:
        self._source.release()


class Making:
    """What a source is made from."""

    def __init__(self, tools: Tools, scene: Scene, layout: Layout, path: str, size: Size) -> None:
        self.tools, self.scene, self.layout, self.path, self.size = tools, scene, layout, path, size


Make = Callable[[Making, Picture, Layer], Source]


def _data(making: Making, picture: Picture, layer: Layer) -> Source:
    own = picture.name in making.scene.data
    data = making.scene.data[picture.name if own else picture.name.removesuffix(TWIN)]
    if data.kind == "trace":  # `past_twin` is where the other city's value was
        data = data if own or data.of.endswith(TWIN) else msgspec.structs.replace(data, of=data.of + TWIN)
        return Trace(making.tools, data, making.layout, making.path)
    return Table(making.tools, picture.name, data, making.layout, making.path)


def _blank(making: Making, picture: Picture, layer: Layer) -> Source:
    return Blank(making.tools.blank)


MAKERS: dict[str, Make] = {
    "data": _data,
    "camera": _blank,
    "strokes": lambda making, picture, _: Strokes(making.tools.context, making.tools.blank, making.size),
    "image": lambda making, picture, _: Media(
        Still(making.tools.context, picture, making.tools.decoding, making.size), picture
    ),
    "video": lambda making, picture, _: Media(Film(making.tools.context, picture, making.tools.decoding), picture),
    "text": lambda making, picture, _: Media(
        Text(making.tools.context, picture, making.tools.decoding, making.size), picture
    ),
}
"""How each kind of picture is had. `layer` and `before` are pictures that the scene draws itself: see Layers."""


class Sources:
    """All sources of a scene, each made once however many inputs it fills."""

    def __init__(self, making: Making, more: dict[str, Make]) -> None:
        self._making, self._makers = making, {**MAKERS, **more}
        self.made: dict[bytes, Source] = {}
        self._fed: list[tuple[Source, Place]] = []
        self._texts: list[tuple[Picture, Media]] = []
        self._said: list[tuple[str, Words, Picture, Media]] = []

    def fill(self, layer: Layer, drawn: Drawn, arrays: Collection[str] = ()) -> None:
        """Finds a source for each image input of a layer and its filters; `arrays` are those of a Python scene."""
        for number in range(len(drawn.passes)):
            found = dict(wanted(layer, number, self._making.scene.data))
            images = (one.name for one in drawn.passes[number].shader.images)
            found |= {one: Picture(kind="array", name=one) for one in images if one in arrays and one not in found}
            for name, picture in found.items():
                if picture.kind in self._makers:
                    self._fed.append((self.source(picture, layer), Place(drawn, number, name)))

    def source(self, picture: Picture, layer: Layer) -> Source:
        """The source of a picture."""
        key = msgspec.json.encode(msgspec.structs.replace(picture, file="", line=0))
        if key not in self.made:
            made = self.made[key] = self._makers[picture.kind](self._making, picture, layer)
            if picture.kind == "text" and isinstance(made, Media):
                self._texts.append((picture, made))
                self._follow(picture, made)
        return self.made[key]

    def _follow(self, picture: Picture, source: Media) -> None:
        """A text layer that shows a parameter's words, from now on."""
        making = self._making
        found = spoken(making.scene, making.path, picture.said, making.layout.peers) if picture.said else None
        if found is not None:
            self._said.append((*found, picture, source))
            source.say(found[1].get(picture.language, ""))

    def hear(self, said: Mapping[str, Any]) -> None:
        """What is said now, by address; what is not among it says its default."""
        for address, words, picture, source in self._said:
            source.say(said.get(address, words).get(picture.language, ""))
        for one in self.made.values():
            if isinstance(one, Strokes):
                one.hear(said.get("/letter/in"))

    @property
    def history(self) -> bool:
        return any(one.history for one in self.made.values())

    def update(self, row: Numbers, moment: Moment, settled: bool) -> None:
        """Every source shows what belongs to this moment, or the nearest that it has; `settled` waits for it."""
        for one in self.made.values():
            (one.settle if settled else one.update)(row, moment)
        for source, place in self._fed:
            place.feed(source.texture)

    def say(self, name: str, words: dict[str, str]) -> None:
        """Other words for the text layer of this name."""
        for picture, source in self._texts:
            if picture.name == name:
                source.say(words[picture.language])

    def problems(self) -> list[Problem]:
        """What has come up since the last time this was asked; what two sources say alike is said once."""
        found: list[Problem] = []
        for one in self.made.values():
            if one.problems:
                found += (problem for problem in one.problems if problem not in found)
                one.problems.clear()
        return found

    def resize(self, size: Size) -> None:
        for one in self.made.values():
            one.resize(size)

    def release(self) -> None:
        for one in self.made.values():
            one.release()
        self.made.clear()
