"""What WCAG 2.2 calls a flash, counted on a coarse grid of a picture's light. Success criterion 2.3.1.

A general flash is a pair of opposing changes of relative luminance of 10 % of the maximum or more, the darker below
0.80; a red flash is a pair of opposing transitions to or from a saturated red, R/(R+G+B) >= 0.8, with a change of
(R−G−B)·320 above 20. Three in any one second are allowed; more only where they fill less than a quarter of every
10 degrees of the visual field, estimated as 341 × 256 pixels of 1024 × 768: a third of the picture by a third.
https://www.w3.org/TR/WCAG22/#dfn-general-flash-and-red-flash-thresholds
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Light = npt.NDArray[np.float32]
"""Linear red, green and blue, 0 to 1: rows × columns × 3."""
Grid = npt.NDArray[Any]

ROWS, COLUMNS = 27, 48
FIELD = (ROWS // 3, COLUMNS // 3)
AREA = 0.22
"""Of a field: a quarter is the standard's; a grid of samples sees an area to within 3 %."""
LUMINANCE, REDNESS = 0.092, 18.5
BRIGHT, SATURATED = 0.81, 0.79
"""The standard's 0.10, 20, 0.80 and 0.8, with a margin for what samples and eight bits may hide."""
SECOND = 1.02
"""A second, and one late frame."""
LAST = 8
"""Opposing changes that make a fourth flash."""
_WEIGHTS = np.array((0.2126, 0.7152, 0.0722), np.float32)
_REDS = np.array((320.0, -320.0, -320.0), np.float32)
_APART = np.array((0.06, 0.06 * 320.0), np.float32)[:, None, None]
_FEW = AREA * FIELD[0] * FIELD[1]


class Seen(NamedTuple):
    """What one more picture would do to the count: `over` when it would be a fourth flash."""

    now: float
    high: Grid
    low: Grid
    reds: Grid
    up: Grid
    down: Grid
    over: bool = False


class Flashes:
    """The opposing changes of each sample, and of each field, in the last second. Two kinds: light and red."""

    def __init__(self) -> None:
        shape = (2, ROWS, COLUMNS)
        self._high, self._low = np.full(shape, -np.inf, np.float32), np.full(shape, np.inf, np.float32)
        self._reds = np.zeros((2, ROWS, COLUMNS), bool)  # whether the redness highest, lowest was of a saturated red
        self._way = np.zeros(shape, np.int8)
        self._times = np.full((LAST, *shape), -np.inf)
        fields = (2, ROWS - FIELD[0] + 1, COLUMNS - FIELD[1] + 1)
        self._fields_way = np.zeros(fields, np.int8)
        self._fields_times = np.full((LAST, *fields), -np.inf)

    def copy(self) -> Flashes:
        """The same past, to go on apart."""
        made = Flashes()
        vars(made).update({name: value.copy() for name, value in vars(self).items()})
        return made

    def see(self, light: Light, now: float) -> Seen:
        """What this picture would do, shown at `now` (seconds); nothing is noted yet."""
        value = np.empty(self._high.shape, np.float32)
        np.matmul(light, _WEIGHTS, out=value[0])
        np.matmul(light, _REDS, out=value[1])
        np.maximum(value[1], 0.0, out=value[1])
        value = _calmed(value)
        saturated = light[..., 0] >= SATURATED * light.sum(-1)
        reds = np.where((value[1] >= self._high[1], value[1] <= self._low[1]), saturated, self._reds)
        high, low = np.maximum(self._high, value), np.minimum(self._low, value)
        rise, fall = value - low, high - value
        up, down = self._way <= 0, self._way >= 0
        up[0] &= (rise[0] >= LUMINANCE) & (low[0] < BRIGHT)
        down[0] &= (fall[0] >= LUMINANCE) & (value[0] < BRIGHT)
        up[1] &= (rise[1] > REDNESS) & (saturated | reds[1])
        down[1] &= (fall[1] > REDNESS) & (saturated | reds[0])
        seen = Seen(now, np.where(up, value, high), np.where(down, value, low), reds, up, down)
        return seen._replace(over=self._over(seen)) if up.any() or down.any() else seen

    def take(self, seen: Seen) -> None:
        """That picture was shown."""
        self._high, self._low, self._reds = seen.high, seen.low, seen.reds
        changed = seen.up | seen.down
        if not changed.any():
            return
        self._way[seen.up], self._way[seen.down] = 1, -1
        self._times[:, changed] = np.roll(self._times[:, changed], -1, 0)
        self._times[-1][changed] = seen.now
        fields, way = self._fields(seen)
        self._fields_way[fields] = way[fields]
        self._fields_times[:, fields] = np.roll(self._fields_times[:, fields], -1, 0)
        self._fields_times[-1][fields] = seen.now

    def changes(self, now: float) -> int:
        """The most opposing changes that any field has had in the second before `now`; 8 is a fourth flash."""
        fields = int((self._fields_times > now - SECOND).sum(0).max())
        for count in range(LAST, fields, -1):
            if _gathered(self._times[LAST - count] > now - SECOND).max() >= _FEW:
                return count
        return fields

    def rate(self, now: float) -> float:
        """Flashes a second, were one more change to come at `now`: by the quickest field's or sample's last seven."""
        began = max(float(self._fields_times[1].max()), float(self._times[1].max()))
        return 0.5 * (LAST - 1) / max(now - began, 1e-3)

    def _fields(self, seen: Seen) -> tuple[Grid, Grid]:
        """In which fields enough of the picture turns at once, and which way; an exchange turns them round."""
        up, down = _gathered(seen.up) >= _FEW, _gathered(seen.down) >= _FEW
        both = up & down
        way = np.where(both, np.where(self._fields_way > 0, -1, 1), np.where(up, 1, -1)).astype(np.int8)
        return (up | down) & (way != self._fields_way), way

    def _over(self, seen: Seen) -> bool:
        since = seen.now - SECOND
        fields, _ = self._fields(seen)
        if (self._fields_times[1][fields] > since).any():
            return True
        changed = seen.up | seen.down
        hot = np.where(changed, self._times[1] > since, self._times[0] > since)
        return bool((hot & changed).any() and _gathered(hot).max() >= _FEW)


def _calmed(value: Grid) -> Grid:
    """The samples without what is small and apart from its neighbours: noise is fine and balanced, and no flash."""
    wide = np.pad(value, ((0, 0), (1, 1), (1, 1)), "edge")
    high = wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]
    mean = (high[..., :-2] + high[..., 1:-1] + high[..., 2:]) / 9.0
    apart = value - mean
    calmed: Grid = mean + apart * np.clip((np.abs(apart) - _APART) / (1.6 * _APART), 0.0, 1.0)
    return calmed


def _gathered(cells: Grid) -> Grid:
    """How many of the cells are true in each field, wherever it lies."""
    whole = np.zeros((cells.shape[0], ROWS + 1, COLUMNS + 1), np.int32)
    np.cumsum(np.cumsum(cells, 1, dtype=np.int32), 2, out=whole[:, 1:, 1:])
    high, wide = FIELD
    found: Grid = whole[:, high:, wide:] - whole[:, :-high, wide:] - whole[:, high:, :-wide] + whole[:, :-high, :-wide]
    return found
