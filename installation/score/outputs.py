"""What a Python scene gives: points, textures, words, tells. Each is looked at where it is given, and told by its line.

What cannot be drawn is not taken, and what was there before stays; the scene goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from installation.score.problem import Problem, Row, Two, hint, one_of
from installation.score.table import shown

MOST_POINTS = 100_000
LARGEST_SIDE = 4096
LARGEST_BYTES = 64 << 20
MOST_TELLS = 64
"""So many tells are kept from one frame to the next; the rest is told."""
LONGEST = 4096
"""Characters of a text layer's words."""

Array = npt.NDArray[Any]
T = TypeVar("T")

NO_PLACE = Row(
    ('{what} are written to "{name}", which no layer takes', "{known}", "{hint}"),
    ("« {name} » reçoit des {what}, mais aucune couche ne les prend", "{known}", "{hint}"),
)
NOT_NUMBERS = Row(
    ("`{name}` is {found}", "a NumPy array of numbers", "make it with np.array, np.zeros or np.stack"),
    ("`{name}` vaut {found}", "un tableau NumPy de nombres", "créez-le avec np.array, np.zeros ou np.stack"),
)
POINT_SHAPE = Row(
    (
        "`{name}` has the shape {found}",
        "N×2 (x, y), N×3 (and size), N×6 (and r, g, b) or N×7 (and a)",
        "np.column_stack puts columns side by side",
    ),
    (
        "`{name}` est de forme {found}",
        "N×2 (x, y), N×3 (et taille), N×6 (et r, g, b) ou N×7 (et a)",
        "np.column_stack met des colonnes côte à côte",
    ),
)
TOO_MANY = Row(
    ("`{name}` has {found} points", "{most} at most", "the first {most} are drawn; write fewer"),
    ("`{name}` a {found} points", "{most} au plus", "les {most} premiers sont dessinés ; écrivez-en moins"),
)
NOT_FINITE = Row(
    ("`{name}` holds {found} values that are not numbers (nan, inf)", "finite numbers", "look for a division by zero"),
    ("`{name}` contient {found} valeurs non finies (nan, inf)", "des nombres finis", "cherchez une division par zéro"),
)
TEXTURE_SHAPE = Row(
    (
        "`{name}` has the shape {found}",
        "height × width, or height × width × 1 to 4, sides 1 to {most}",
        "reshape it, or make it smaller",
    ),
    (
        "`{name}` est de forme {found}",
        "hauteur × largeur, ou hauteur × largeur × 1 à 4, côtés de 1 à {most}",
        "changez sa forme, ou réduisez-le",
    ),
)
TEXTURE_TYPE = Row(
    ("`{name}` is of {found}", "float32, float16 or uint8", "`.astype(np.float32)`"),
    ("`{name}` est en {found}", "float32, float16 ou uint8", "`.astype(np.float32)`"),
)
NOT_WORDS = Row(
    ("`{name}` is {found}", 'a text, or a dict with "fr" and "en"', "write the words in quotes"),
    ("`{name}` vaut {found}", "un texte, ou un dict avec « fr » et « en »", "écrivez les mots entre guillemets"),
)
TOO_MANY_TELLS = Row(
    ("{found} things were told in one frame", "{most} at most", "tell only what has changed"),
    ("{found} choses dites en une seule image", "{most} au plus", "ne dites que ce qui a changé"),
)


class Misused(AttributeError, ValueError):
    """What a scene asks that cannot be, in both languages; of Python's own kinds, so that `hasattr` knows it."""

    def __init__(self, en: str, fr: str) -> None:
        super().__init__(en)
        self.fr = fr


class Place(NamedTuple):
    """A line of the artist's."""

    file: str
    line: int


class Notes:
    """The problems of one scene, each told once."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = frozenset(files)
        self._known: set[tuple[str, int, Row]] = set()
        self.waiting: list[Problem] = []

    def caller(self, depth: int = 2) -> Place:
        """The line of the artist's own that is being run."""
        frame: Any = sys._getframe(depth)
        while frame is not None and frame.f_code.co_filename not in self._files:
            frame = frame.f_back
        return Place(frame.f_code.co_filename, frame.f_lineno) if frame is not None else Place("", 0)

    def forget(self) -> None:
        """As if nothing had been told."""
        self._known.clear()
        self.waiting.clear()

    def tell(self, place: Place, row: Row, **words: Any) -> None:
        """Keeps a problem for who tells it, once for each line and kind."""
        key = (*place, row)
        if key not in self._known:
            self._known.add(key)
            self.waiting.append(Problem(place.file, place.line, row, words))


class Given(dict[str, T], Generic[T]):
    """What a scene has given by name; `places` are the lines where it did, `fresh` the names given since last asked."""

    what = Two("", "")

    def __init__(self, notes: Notes, known: Iterable[str]) -> None:
        super().__init__()
        self._notes, self.known = notes, tuple(known)
        self.places: dict[str, Place] = {}
        self.fresh: set[str] = set()

    def __setitem__(self, name: str, value: Any) -> None:
        place = self._notes.caller()
        if name not in self.known:
            words = {"what": self.what, "name": name}
            known = one_of(self.known)
            self._notes.tell(place, NO_PLACE, **words, known=known, hint=hint(str(name), self.known))
            return
        taken = self.taken(name, value, place)
        if taken is not None:
            super().__setitem__(name, taken)
            self.places[name] = place
            self.fresh.add(name)

    def update(self, *more: Any, **others: Any) -> None:
        """Several at once."""
        for name, value in dict(*more, **others).items():
            self[name] = value

    def inherit(self, old: Given[T]) -> None:
        """What an earlier version of the scene has given, until this one gives its own."""
        for name in (one for one in self.known if one in old):
            super().__setitem__(name, old[name])
            self.places[name] = old.places[name]
            self.fresh.add(name)

    def forget(self) -> None:
        """As if nothing had been given."""
        self.clear()
        self.places.clear()
        self.fresh.clear()

    def taken(self, name: str, value: Any, place: Place) -> T | None:
        """The value as it is kept; None for what cannot be, which is then told."""
        raise NotImplementedError

    def _array(self, name: str, value: Any, place: Place) -> Array | None:
        try:
            array = value if isinstance(value, np.ndarray) else np.asarray(value)
        except (ValueError, TypeError):
            array = np.array(None)
        if array.dtype.kind not in "fiub":
            self._notes.tell(place, NOT_NUMBERS, name=name, found=shown(value))
            return None
        return array


class Points(Given[Array]):
    """`self.points`: N×2 (x, y), N×3 (and size), N×6 (and r, g, b) or N×7 (and a), of any kind of number.

    x and y are 0 to 1, from the left and from below, as in a shader and on the floor; the size is a dot's diameter as a
    part of the picture's height, 0.01 where there is none; colours are 0 to 1, white where there are none.
    """

    what = Two("points", "points")

    def taken(self, name: str, value: Any, place: Place) -> Array | None:
        array = self._array(name, value, place)
        if array is None:
            return None
        if array.size == 0:
            return np.zeros((0, 2), np.float32)
        if array.ndim != 2 or array.shape[1] not in (2, 3, 6, 7):
            self._notes.tell(place, POINT_SHAPE, name=name, found="×".join(map(str, array.shape)) or "1")
            return None
        if len(array) > MOST_POINTS:
            self._notes.tell(place, TOO_MANY, name=name, found=len(array), most=MOST_POINTS)
            return array[:MOST_POINTS]
        return array

    def drawn(self, name: str) -> Array | None:
        """The points as they stand now, those that are no numbers left out; None while there are none."""
        array = self.get(name)
        if array is None or array.dtype.kind != "f":
            return array
        good = np.isfinite(array).all(axis=1)
        if good.all():
            return array
        self._notes.tell(self.places[name], NOT_FINITE, name=name, found=int((~np.isfinite(array)).sum()))
        return cast_array(array[good])


class Textures(Given[Array]):
    """`self.textures`: H×W or H×W×(1 to 4), float32, float16 or uint8, read as the image input of that name.

    Row 0 is at the bottom, as in a shader: `field[y, x]` is read at x, y. One channel is grey.
    """

    what = Two("textures", "textures")

    def taken(self, name: str, value: Any, place: Place) -> Array | None:
        array = self._array(name, value, place)
        if array is None:
            return None
        sides, depth = array.shape[:2], array.shape[2] if array.ndim == 3 else 1
        fits = array.ndim in (2, 3) and 1 <= depth <= 4 and all(1 <= side <= LARGEST_SIDE for side in sides)
        if not fits or array.size * min(array.itemsize, 4) > LARGEST_BYTES:
            found = "×".join(map(str, array.shape)) or "1"
            self._notes.tell(place, TEXTURE_SHAPE, name=name, found=found, most=LARGEST_SIDE)
            return None
        if array.dtype.kind != "f" and array.dtype != np.uint8:
            self._notes.tell(place, TEXTURE_TYPE, name=name, found=array.dtype)
            return None
        return array

    def drawn(self, name: str) -> Array | None:
        """The texture as it stands now, 0 where it holds no number; float64 becomes float32."""
        array = self.get(name)
        if array is None or array.dtype == np.uint8:
            return array
        if array.dtype not in (np.float16, np.float32):
            array = array.astype(np.float32)
        # A sum is finite only if all of it is, and takes a tenth of the time of looking at each.
        with np.errstate(over="ignore", invalid="ignore"):
            total = float(array.sum(dtype=np.float64))
        if np.isfinite(total):
            return array
        bad = ~np.isfinite(array)
        self._notes.tell(self.places[name], NOT_FINITE, name=name, found=int(bad.sum()))
        return cast_array(np.where(bad, array.dtype.type(0), array))


class Texts(Given[dict[str, str]]):
    """`self.texts`: the words of a text layer, by the layer's name; one text, or one in each language."""

    what = Two("words", "mots")

    def taken(self, name: str, value: Any, place: Place) -> dict[str, str] | None:
        if isinstance(value, Two):
            value = {"fr": value.fr, "en": str(value)}
        words = {"fr": value, "en": value} if isinstance(value, str) else value
        if not isinstance(words, dict) or not words or not all(isinstance(one, str) for one in words.values()):
            self._notes.tell(place, NOT_WORDS, name=name, found=shown(value))
            return None
        either = next(iter(words.values()))
        return {tongue: words.get(tongue, either)[:LONGEST] for tongue in ("fr", "en")}


class Tells:
    """What a scene has told since the last frame: addresses with their values."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.waiting: list[tuple[str, tuple[float | str, ...]]] = []

    def add(self, address: Any, value: Any) -> None:
        """One more. Raises ValueError for what is no address or no value."""
        if not isinstance(address, str) or not address.startswith("/") or not 1 < len(address) <= 255:
            raise Misused(
                f"an address begins with /, as in /shoal/panic; this is {shown(address)}",
                f"une adresse commence par /, comme /banc/panique ; ceci est {shown(address)}",
            )
        parts = value if isinstance(value, list | tuple | np.ndarray) else [value]
        told = tuple(one if isinstance(one, str) else float(one) for one in parts)
        if len(told) > 32 or not all(isinstance(one, str) or np.isfinite(one) for one in told):
            raise Misused(
                f"{address} takes up to 32 finite numbers or texts; this is {shown(value)}",
                f"{address} prend jusqu'à 32 nombres finis ou textes ; ceci est {shown(value)}",
            )
        if len(self.waiting) >= MOST_TELLS:
            self._notes.tell(self._notes.caller(), TOO_MANY_TELLS, found=MOST_TELLS + 1, most=MOST_TELLS)
            return
        self.waiting.append((address, told))

    def taken(self) -> list[tuple[str, tuple[float | str, ...]]]:
        """All that waits, once."""
        found, self.waiting = self.waiting, []
        return found


def cast_array(array: Any) -> Array:
    """An array whose kind NumPy does not promise."""
    kept: Array = array
    return kept
