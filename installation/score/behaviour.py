"""What an artist's Python scene is made of: Scene, Layer and Parameter.

The class's attributes are the table that a `scene.toml` would be; `start` and `update` are run by the stage. Nothing
here knows a file, a clock or a GL object; values are handed in by who runs the scene.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from installation.score.layout import COMPANY
from installation.score.outputs import Misused, Points, Tells, Texts, Textures


class _Unsaid:
    def __repr__(self) -> str:
        return "…"


UNSAID: Any = _Unsaid()
"""A default that is not given: the parameter is an input of a shader, and keeps the shader's."""


class Layer:
    """One layer of the picture, with the keys of a `[[layer]]`: `Layer(shader="generators/tide.fs", opacity=0.5)`.

    `Layer(points="fish")` draws what the scene writes to `self.points["fish"]`.
    """

    def __init__(self, **keys: Any) -> None:
        self.keys = keys


class Parameter:
    """A value that moves the scene: `hand = Parameter((0.5, 0.5), share="each", smooth=0.3)`.

    Its kind is that of the default: True or False, a whole number (`long`), a number (`float`), two (`point2D`), three
    (`point3D`), four (`color`), None (`event`, true for one step); or
    `type=` says it: `line = Parameter("…", type="text")` holds words. The other keys are those of a
    `[parameter.x]`: share, smooth, step, min, max, label, unit, curve, layer. Without a default it is said of a
    shader's input by that name. In the scene, `self.hand` is its value here and `self.twin.hand` the other city's.
    """

    def __init__(self, default: Any = UNSAID, **keys: Any) -> None:
        self.default, self.keys, self.name = default, keys, ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, scene: Scene | None, owner: type) -> Any:
        return self if scene is None else scene._reading.here(self.name)

    def __set__(self, scene: Scene, value: Any) -> None:
        raise moved(self.name)


def moved(name: str) -> Misused:
    """That a parameter is not set by the scene."""
    return Misused(
        f"{name} is moved by patches, hands and the other city; a scene reads it",
        f"{name} est mû par les patchs, les mains et l'autre ville ; une scène le lit",
    )


class Reading(Protocol):
    """Where a scene's values come from: True or False, a whole number, a number, or an array that is not written to.

    `names` are those that are moved from outside.
    """

    names: frozenset[str]

    def here(self, name: str) -> Any:
        """The value of a parameter at this site. Raises AttributeError when there is none."""

    def there(self, name: str) -> Any:
        """The same in the other city. Raises AttributeError when there is none, or it is not shared."""


class Twin:
    """The other city's values: `self.twin.hand`, `self.twin.presence`."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._reading.there(name)


class Scene:
    """An artist's scene. `start` runs once before the first picture, `update` sixty times a second of show time.

    `random` is a NumPy generator of the scene's seed, alike in every city; `size` the picture's, in pixels. Arrays put
    into `points` and `textures`, and words into `texts`, are what is drawn until others take their place.
    """

    random: np.random.Generator
    size: tuple[int, int]
    points: Points
    textures: Textures
    texts: Texts
    twin: Twin
    _reading: Reading
    _tells: Tells
    _moved: frozenset[str]

    def start(self) -> None:
        """Once, before the first `update`, and again when the file was changed."""

    def update(self, time: float, delta: float) -> None:
        """One step to `time`, seconds of the scene; `delta` is always a sixtieth of a second."""

    def tell(self, address: str, value: Any = 1.0) -> None:
        """Tells the engine something, as a sensor would: an event at this address, with a number, a text or a list.

        Raises ValueError for what is no address or no value.
        """
        self._tells.add(address, value)

    @property
    def company(self) -> str:
        """together, alone, asleep or cut."""
        return COMPANY[int(self._reading.here("company"))]

    def __setattr__(self, name: str, value: Any) -> None:
        """The artist's own values. What is written to by name, or moved from outside, is not replaced in silence."""
        if name in WRITTEN and name in self.__dict__:
            raise Misused(
                f'`{name}` takes values by name, as in self.{name}["fish"] = …',
                f'`{name}` prend des valeurs par leur nom, comme self.{name}["fish"] = …',
            )
        if name in self.__dict__.get("_moved", ()):
            raise moved(name)
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """What the class does not declare: an input of a layer's shader, `presence`, `link_delay`, `link_quality`."""
        if name.startswith("_") or "_reading" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self._reading.here(name)


WRITTEN = ("points", "textures", "texts")
OWN = (
    *("random", "size", "points", "textures", "texts", "twin", "company", "presence"),
    *("tell", "start", "update", "state", "restore"),
)
"""Names that a scene already has, and that a parameter cannot take."""


def made(kind: type[Scene], reading: Reading, seed: Any, size: tuple[int, int], outputs: Outputs) -> Scene:
    """A scene of an artist's class, equipped before its own `__init__` runs."""
    scene = kind.__new__(kind)
    scene._reading, scene.twin, scene.size = reading, Twin(reading), size
    scene.random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    scene.points, scene.textures, scene.texts, scene._tells = outputs
    scene._moved = reading.names
    scene.__init__()  # type: ignore[misc]
    return scene


Outputs = tuple[Points, Textures, Texts, Tells]
