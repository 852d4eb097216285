"""What a composed scene costs beyond the same drawings bare, and what each of its parts does; a part of `bench frame`.

In CPU milliseconds of all threads, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import moderngl
import msgspec

from installation.score.scene import BLENDS, Layer, Scene, Source, from_shader
from installation.score.shaders import isf
from installation.stage.blending import Over
from installation.stage.compose import Tools
from installation.stage.drawn import deep
from installation.stage.flash import FlashGuard
from installation.stage.passes import canvas
from installation.stage.window import Headless
from tests.bench.side import BODIES, Row, above, drawing, in_turns, median_of, row, staged

FIVE = ("over", "screen", "multiply", "soft-light", "add")
Parts = list[tuple[str, Callable[[], None]]]


def stacked(blends: tuple[str, ...], body: str) -> Scene:
    """A folder's scene: half floats, a dither, a layer of `body` for each blend mode."""
    base = from_shader("stack", Source("stack.fs", "/*{}*/" + body))
    shader = isf.read("/*{}*/" + body, "stack.fs")
    layers = [Layer(name=f"l{n}", file="stack.fs", shader=shader, blend=one) for n, one in enumerate(blends)]
    return msgspec.structs.replace(base, layers=tuple(layers), composed=True)


def _straight(window: Headless, body: str) -> Callable[[], None]:
    """The bare loop: one shader onto eight bits."""
    plain = drawing(window.context, body)

    def bare() -> None:
        window.frame.use()
        plain(time.monotonic() % 60.0, window.size)
        window.context.finish()

    return bare


def _same(window: Headless, tools: Tools, body: str) -> Callable[[], None]:
    """The drawings of a stack of five and nothing else: five shaders, four blends, a dither."""
    context = window.context
    plain = drawing(context, body)
    (own, into), (one, onto), (two, upon) = (deep(context, window.size) for _ in range(3))

    def bare() -> None:
        onto.use()
        plain(time.monotonic() % 60.0, window.size)
        below, sides = one, [(two, upon), (one, onto)]
        for n, blend in enumerate(FIVE[1:]):
            into.use()
            plain(time.monotonic() % 60.0, window.size)
            tools.blend(below, own, sides[n % 2][1], Over(blend))
            below = sides[n % 2][0]
        tools.dither(below, window.frame)
        context.finish()

    return bare


def scenes(window: Headless, blocks: int, scale: int) -> list[Row]:
    """One layer and five, whole frames of the stage."""
    size, out = f"{window.size[0]}×{window.size[1]}", []
    for name, count in (("trivial", 20), ("mid", 6)):
        body = BODIES[name]
        one, bare = staged(window, stacked(("over",), body)), _straight(window, body)
        ours, theirs = in_turns(one.frame, bare, blocks, count * scale, 3.0 * scale, time.process_time)
        out.append(row(f"a folder of one layer, {name}, {size}, CPU p50", median_of(ours, 50), "ms",
                       "bare loop on 8 bits", median_of(theirs, 50), "half floats and dither, + 1 copy"))  # fmt: skip
    five = staged(window, stacked(FIVE, BODIES["trivial"]))
    same = _same(window, five.tools, BODIES["trivial"])
    ours, theirs = in_turns(five.frame, same, blocks, 6 * scale, 4.0 * scale, time.process_time)
    out.append(row(f"five layers with blends, {size}, CPU p50", median_of(ours, 50), "ms", "the same ten drawings bare",
                   median_of(theirs, 50), "≤ 1.03×"))  # fmt: skip
    out.append(row("the same, above bare, p50 of the pairs", above(ours, theirs), "ms", target="≤ 0.5 ms"))
    return out


def guarded(window: Headless, blocks: int, scale: int) -> list[Row]:
    """The flash guard while nothing flashes: every picture is counted."""
    scene = from_shader("trivial", Source("trivial.fs", "/*{}*/" + BODIES["trivial"].replace("TIME", "TIME * 0.2")))
    one, other = staged(window, scene), staged(window, scene)
    one.guard = FlashGuard(one.tools)
    ours, theirs = in_turns(one.frame, other.frame, blocks, 20 * scale, 2.0 * scale, time.process_time)
    size = f"{window.size[0]}×{window.size[1]}"
    return [row(f"the flash guard at rest, {size}, CPU p50 above", above(ours, theirs), "ms", target="≤ 1 ms")]


def parts(window: Headless, blocks: int, scale: int) -> list[Row]:
    """Each drawing of a composed frame, beside a plain copy of an 8-bit picture."""
    context, tools, size = window.context, Tools(window.context), window.size
    (flat, _), (spare, upon) = canvas(context, size), canvas(context, size)
    (half, into), (under, _), (mask, _) = (deep(context, size) for _ in range(3))
    trivial = drawing(context, BODIES["trivial"])
    turned = (0.1, 0.05, 0.8, 20.0)
    blends = {blend: Over(blend) for blend in BLENDS if blend in ("over", "screen", "soft-light", "luminosity")}
    every: Parts = [
        ("a trivial shader on 8 bits", lambda: (upon.use(), trivial(1.0, size))),  # type: ignore[dict-item, list-item]
        ("a trivial shader on half floats", lambda: (into.use(), trivial(1.0, size))),  # type: ignore[list-item]
        ("the dither", lambda: tools.dither(under, upon)),
        *((f"blend {name}", lambda how=how: tools.blend(under, mask, into, how)) for name, how in blends.items()),
        ("blend over, with a mask", lambda: tools.blend(under, half, window_half[1], Over(), mask)),
        ("blend over, moved and turned", lambda: tools.blend(under, mask, into, Over(place=turned))),
        (
            "blend over, in linear light",
            lambda: tools.blend(under, mask, into, Over(linear=True)),
        ),
        ("feedback", lambda: tools.stay(under, mask, into, 0.9)),
    ]
    window_half = deep(context, size)
    out = []
    for name, draw in every:
        ours, theirs = in_turns(
            _ended(context, draw), _ended(context, lambda: tools.copy(flat, upon)), 3, 3 * scale, 0.4, time.process_time
        )
        out.append(row(f"{name}, {size[0]}×{size[1]}, CPU p50", median_of(ours, 50), "ms", "a copy on 8 bits",
                       median_of(theirs, 50)))  # fmt: skip
    for texture in (flat, spare, half, under, mask, window_half[0]):
        texture.release()
    return out


def _ended(context: moderngl.Context, draw: Callable[[], None]) -> Callable[[], None]:
    def whole() -> None:
        draw()
        context.finish()

    return whole


def rows(window: Headless, blocks: int, scale: int) -> list[Row]:
    """All of them."""
    return scenes(window, blocks, scale) + guarded(window, blocks, scale) + parts(window, blocks, scale)
