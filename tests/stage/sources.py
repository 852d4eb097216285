"""What the tests of images, films and texts share: a texture's bytes, a film with known frames, frames as they pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np


def shown(source: Any) -> np.ndarray:
    """The texture's bytes, the top row first."""
    width, height = source.size
    return np.frombuffer(source.texture.read(alignment=1), np.uint8).reshape(height, width, 4)[::-1]


def told(source: Any) -> str:
    """All problems, one to a line, in both languages."""
    return "\n".join(str(problem.told(language)) for problem in source.problems for language in ("en", "fr"))


def frames(source: Any, met: Callable[[], bool], seconds: float = 20.0, at: Callable[[], float] = lambda: 0.0) -> float:
    """Frames pass, one every few milliseconds, until `met`; the longest that an update took, in seconds."""
    end, longest = time.monotonic() + seconds, 0.0
    while not met():
        assert time.monotonic() < end, told(source)
        before = time.perf_counter()
        source.update(at())
        longest = max(longest, time.perf_counter() - before)
        time.sleep(0.005)
    return longest


def card(number: int, size: tuple[int, int], levels: int = 256) -> np.ndarray:
    """A picture that tells its number by its colours, and up from down by a bar of that length."""
    picture = np.empty((size[1], size[0], 3), np.uint8)
    picture[:] = (number * 7 % levels, 255 - number * 5 % levels, number * 13 % levels)
    picture[: size[1] // 4, : 1 + number % size[0]] = 255
    picture[-size[1] // 4 :, : 8 * (number // size[0])] = 0
    return picture


def film(
    path: Path,
    times: Iterable[int],
    codec: str = "libx264",
    form: str = "yuv444p",
    size: tuple[int, int] = (64, 48),
    tick: Fraction = Fraction(1, 25),
    picture: Callable[[int, tuple[int, int]], np.ndarray] = card,
    **options: Any,
) -> Path:
    """Writes a film of one `card` for each of `times` (in ticks)."""
    import av

    container = av.open(str(path), "w", options=options.pop("container", {}))
    stream: Any = container.add_stream(codec, rate=1 / tick)
    stream.width, stream.height, stream.pix_fmt = *size, form
    stream.codec_context.time_base = tick
    stream.options = options.pop("options", {"crf": "0"} if codec == "libx264" else {})
    for name, value in options.items():
        setattr(stream.codec_context, name, value)
    for number, when in enumerate(times):
        pixels = picture(number, size)
        frame: Any = av.VideoFrame.from_ndarray(pixels, format="rgba" if pixels.shape[2] == 4 else "rgb24")
        frame.pts, frame.time_base = when, tick
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
    container.close()
    return path
