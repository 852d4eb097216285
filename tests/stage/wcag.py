"""An analyser of flashes written from the text of WCAG 2.2 alone, on every pixel, to judge what the stage shows.

https://www.w3.org/TR/WCAG22/#dfn-general-flash-and-red-flash-thresholds: "a flash consists of two opposing
transitions"; a transition is "the change … between adjacent peaks and valleys in a plot" against time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def _curve(values: np.ndarray) -> np.ndarray:
    """sRGB to linear, as the definition of relative luminance has it."""
    c = values / 255.0
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def _turns(plot: np.ndarray) -> list[int]:
    """The places of the peaks and valleys of one plot, its ends among them."""
    moved = np.flatnonzero(np.diff(plot)) + 1
    kept = [0]
    for at in moved:
        if len(kept) > 1 and (plot[at] - plot[kept[-1]]) * (plot[kept[-1]] - plot[kept[-2]]) > 0:
            kept[-1] = int(at)
        else:
            kept.append(int(at))
    return kept


def _large(plot: np.ndarray, enough) -> list[tuple[float, float, int]]:  # type: ignore[no-untyped-def]
    """The large transitions of one plot (from, to, frame); smaller waverings between do not end a rise or a fall."""
    found: list[tuple[float, float, int]] = []
    turns = _turns(plot)
    low = high = turns[0]
    way = 0
    for at in turns[1:]:
        low = at if plot[at] < plot[low] else low
        high = at if plot[at] > plot[high] else high
        if way <= 0 and enough(low, at) and plot[at] > plot[low]:
            found.append((plot[low], plot[at], at))
            way, high = 1, at
        elif way >= 0 and enough(high, at) and plot[at] < plot[high]:
            found.append((plot[high], plot[at], at))
            way, low = -1, at
    return found


def _most(frames: list[int], second: int) -> int:
    """The most transitions whose frames lie within one second."""
    return max((sum(1 for b in frames if a <= b < a + second) for a in frames), default=0)


def flashes(pictures: Sequence[np.ndarray], fps: int) -> int:
    """The most flashes in any second over a quarter of any third × third of the picture; pictures are uint8 RGB(A).

    Looks at every fourth pixel each way. Takes the general and the red flash.
    """
    film = _curve(np.stack([picture[::4, ::4, :3] for picture in pictures]).astype(np.float64))
    light = film @ np.array((0.2126, 0.7152, 0.0722))
    red = np.maximum(0.0, (film[..., 0] - film[..., 1] - film[..., 2]) * 320.0)
    total = film.sum(-1)
    saturated = (film[..., 0] >= 0.8 * total) & (total > 0)
    high, wide = light.shape[1:]
    counts = np.zeros((high, wide), int)
    seen: dict[bytes, int] = {}
    for y in range(high):
        for x in range(wide):
            v, r, s = light[:, y, x], red[:, y, x], saturated[:, y, x]
            key = v.tobytes() + r.tobytes()
            if key not in seen:
                general = _large(v, lambda a, b, v=v: abs(v[b] - v[a]) >= 0.1 and min(v[a], v[b]) < 0.8)
                reds = _large(r, lambda a, b, r=r, s=s: abs(r[b] - r[a]) > 20.0 and bool(s[a] or s[b]))
                seen[key] = max(_most([f for _, _, f in rows], fps) // 2 for rows in (general, reds))
            counts[y, x] = seen[key]
    rows, columns = max(1, high // 3), max(1, wide // 3)
    return max(
        number
        for number in range(0, int(counts.max()) + 1)
        if number == 0 or _fills(counts >= number, rows, columns) >= 0.25
    )


def _fills(cells: np.ndarray, rows: int, columns: int) -> float:
    """The largest part of any rows × columns of the picture that is true."""
    whole = np.pad(cells.astype(int).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    sums = whole[rows:, columns:] - whole[:-rows, columns:] - whole[rows:, :-columns] + whole[:-rows, :-columns]
    return float(sums.max()) / (rows * columns)
