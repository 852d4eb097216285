"""What a parameter is: declared once, and from it come the uniform, the slider, the address and the mirror's entry.

The kinds are ISF's own input types, in one table. Pure values: no GL, no file, no clock.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from installation.score.tempo import Length
from installation.score.text import TEXT, Words

WAYS = ("linear", "angle", "step", "raw")
"""What lies between two samples of a hand that came over the sea; an angle goes the short way round its range, raw is
the newest as it came."""
RULES = ("each", "latest", "highest", "sum", "mean")
"""How a shared parameter is merged: a site's own value; last touch wins (LTP); HTP; the sum; the mean."""


class Kind(NamedTuple):
    """One ISF input type: how many numbers it takes and what they are when the header is silent."""

    width: int
    glsl: str
    low: float
    high: float
    default: float
    smooths: bool


KINDS: dict[str, Kind] = {
    "float": Kind(1, "float", 0.0, 1.0, 0.5, True),
    "bool": Kind(1, "bool", 0.0, 1.0, 1.0, False),
    "long": Kind(1, "int", 0.0, 1.0, 0.0, False),
    "event": Kind(1, "bool", 0.0, 1.0, 0.0, False),
    "point2D": Kind(2, "vec2", 0.0, 1.0, 0.5, True),
    "point3D": Kind(3, "vec3", 0.0, 1.0, 0.5, True),
    "color": Kind(4, "vec4", 0.0, 1.0, 1.0, True),
}


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One value that a scene exposes. Numbers are in the parameter's own unit; tuples have the kind's width.

    An event's value is not a level but a count of rises, kept as a whole number in its column. `smooth` is seconds
    until a value has gone 63 % of its way; `step` is the part of the range below which a change is no touch. `values`
    and `labels` are a long's choices. `label` is the name by language; `curve`, one of `patch.CURVES`, is for a slider.
    `share` is one of RULES, "" for what stays at home. `ttl` above 0 is how many seconds a value lives that nobody
    renews; `importance`, 0 to 1 (below 0: by its kind and rule), is what goes first over a narrow line. `between`, one
    of WAYS, is how another city's hand is shown between two samples ("": as the kind has it); `delay`, if given, how
    long after it moved; with `delay_self` ours, too. A `text` has no numbers: `words` is its default, by language. `at`
    is an address outside the scene. `file` and `line` are where it was declared.
    """

    name: str
    kind: str = "float"
    layer: str = ""
    default: tuple[float, ...] = (0.5,)
    low: tuple[float, ...] = (0.0,)
    high: tuple[float, ...] = (1.0,)
    values: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    label: dict[str, str] = {}
    unit: str = ""
    curve: str = "linear"
    share: str = ""
    smooth: float = 0.0
    step: float = 0.005
    ttl: float = 0.0
    importance: float = -1.0
    between: str = ""
    delay: Length | None = None
    delay_self: bool = False
    at: str = ""
    words: Words = {}
    file: str = ""
    line: int = 0

    @property
    def width(self) -> int:
        """How many numbers the parameter holds: 1 to 4; a text has none."""
        return 0 if self.kind == TEXT else KINDS[self.kind].width

    @property
    def address(self) -> str:
        """Where it is reached: `at` if given, else `/scene/NAME`, or `/scene/LAYER/NAME` when it is one layer's."""
        if self.at:
            return self.at
        return f"/scene/{self.layer}/{self.name}" if self.layer else f"/scene/{self.name}"

    def clamp(self, numbers: tuple[float, ...]) -> tuple[float, ...]:
        """`numbers` within the range, component by component; an event's count is only kept from falling below 0."""
        if self.kind == "event":
            return (max(0.0, numbers[0]),)
        return tuple(min(max(n, lo), hi) for n, lo, hi in zip(numbers, self.low, self.high, strict=True))
