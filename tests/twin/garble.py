"""Frames that no honest site sends: genuine ones gone wrong, and well-formed ones that lie. By a seed, so each is had
again; `work` counts what reading one costs, and `weight` what it left behind, so that no clock judges."""

from __future__ import annotations

import gc
import random
import struct
import sys
import types
import zlib
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from installation.twin import greetings, journal_entry, lanes, wire
from installation.twin.half import Schema
from installation.twin.journal import Journal
from installation.twin.mirror import Arrived
from installation.twin.offset import Line
from installation.twin.texts import Text, Texts
from tests.twin.network import WIDE, Network

EDGES = (0, 1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 1023, 32767, 32768, 65000, 65001, 65534, 65535)
FAR = (1 << 31, (1 << 32) - 1, 1 << 62, wire.LATEST_STAMP - 1, wire.LATEST_STAMP, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 1e15, -1e15, 1e38, 1e200, -1e200, 1.7e308, float("inf"), float("nan"))
KINDS = tuple(sorted({*wire.OF_THE_LINK, *wire.OF_THE_MIRROR, *wire.OF_THE_TEXTS, *wire.OF_THE_JOURNAL, 48, 49}
                     - {0, 11, 12, 13, 14, 15}))  # fmt: skip


def recorded() -> list[bytes]:
    """What two honest sites say to each other, each kind of frame among it."""
    net = Network(("paris", "sf"), WIDE)
    mirror, frames = net.mirrors["paris"], []
    net.connect("paris")
    for n in range(60):
        for key in WIDE[:8]:
            mirror.touch(key.address, (n % 7 / 7,) * key.width, net.now)
        if n == 20:
            mirror.fade("/scene/mean", None, (1.0,), net.now, 3.0)
            mirror.hold("/scene/other", (1.0,), net.now)
            mirror.rise("/scene/bang")
        net.tick(0.05 if n < 50 else 5.0)
        frames += [frame for _, _, frame in net.under_way]
        while net.under_way:
            net.deliver()
    frames += [piece for frame in frames if frame[0] == wire.NAMES for piece in wire.pieces(frame, 120)]
    return list(dict.fromkeys([*frames, *_words(), *_entries(), *_greetings()]))


def _words() -> list[bytes]:
    sites = {name: Texts(name, 1) for name in ("paris", "sf")}
    sites["paris"].declare([Text("/scene/line", "each", {"en": "", "fr": ""})])
    frames = []
    for n in range(12):
        for name, site in sites.items():
            site.merge([Arrived(other, b"") for other in sites if other != name and not n])
            sites["paris"].write("/scene/line", {"en": f"word {n}", "fr": f"mot {n}"}, 1000.0 + n)
            for other, more in site.delta(1000.0 + n).items():
                frames += more
                sites[other].merge([Arrived(name, frame) for frame in more])
    return frames


def _entries() -> list[bytes]:
    journal = Journal(None, "paris", 5, ["sf"])
    journal.merge([Arrived("sf", b"")])
    for n in range(40):
        journal.write(*GENUINE[n % len(GENUINE)], 1000.0 + n, 1000.0)
    journal.flush()
    found = journal.delta(1000.0).get("sf", [])
    journal.close()
    return [*found, journal_entry.applied(5, 1, 3)]


GENUINE: tuple[tuple[str, Any], ...] = (
    ("cue", {"cue": "dusk", "scene": "", "fade": 1.0, "values": {"/scene/level": [0.5]}, "release": [], "key": "e/d"}),
    ("cue", {"cue": "night", "scene": "b", "preset": "x", "here": False, "late": "skip", "late_after": 3.0}),
    ("verdict", {"id": "paris-1-1", "word": "refused"}),
    ("count", {"visitors": 3}),
)


def _greetings() -> list[bytes]:
    line = Line(1.0, 1000.0, 1.0, True, 0.001)
    return [
        greetings.hello(5, "paris", "x"), greetings.refusal(2), greetings.notice(), greetings.beat(7),
        greetings.ping(1.0), greetings.pong(1.0, 2.0, 2.1, line), greetings.lane(2), greetings.key(bytes(32)),
        greetings.keyed(bytes(range(32))), greetings.credit(100, 1 << 20), lanes.presence(3, b"here"),
        lanes.bulk(2, bytes(400)),
    ]  # fmt: skip


class Garbler:
    """Hostile frames, one after another: `frame()`. Two of one seed say the same."""

    def __init__(self, seed: int, genuine: list[bytes]) -> None:
        self.chance, self.genuine = random.Random(seed), genuine
        schema = Schema(wire.read_names(wire.body(next(frame for frame in genuine if frame[0] == wire.NAMES))))
        types = schema.types.tolist()
        self.columns = [(kind, [n for n, one in enumerate(types) if one == kind]) for kind in schema.present]

    def frame(self, kinds: tuple[int, ...] = KINDS) -> bytes:
        if self.chance.random() < 0.5:
            return self.mutated([frame for frame in self.genuine if frame[0] in kinds] or self.genuine)
        return self.made(self.chance.choice(kinds))

    def mutated(self, frames: list[bytes]) -> bytes:
        """A genuine frame, cut, lengthened, joined with another, or with other bytes here and there."""
        chance, rotten = self.chance, bytearray(self.chance.choice(frames))
        for _ in range(chance.choice((0, 1, 1, 1, 2, 4, 16))):
            at = chance.randrange(len(rotten))
            rotten[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, rotten[at] ^ 1 << chance.randrange(8)))
        turn = chance.randrange(8)
        if turn == 0:
            del rotten[chance.randrange(1, len(rotten) + 1) :]
        elif turn == 1:
            rotten += chance.randbytes(chance.choice(EDGES) % 300)
        elif turn == 2:
            other = chance.choice(frames)
            rotten[chance.randrange(len(rotten)) :] = other[chance.randrange(len(other)) :]
        return bytes(rotten[: wire.LARGEST]) or b"\0"

    def made(self, kind: int) -> bytes:
        """A frame of this kind by its grammar, whose every number is any number."""
        return _GRAMMAR[kind](self, kind)

    # Numbers.

    def small(self, most: int = 65535) -> int:
        chance = self.chance
        return min(chance.choice((chance.choice(EDGES), chance.randrange(8), chance.randrange(40))), most)

    def large(self, bits: int = 64) -> int:
        chance = self.chance
        return chance.choice((chance.choice(FAR), chance.randrange(10), 5, 1000 << 20)) & ((1 << bits) - 1)

    def real(self) -> float:
        return self.chance.choice(FLOATS)

    def head(self, kind: int) -> bytes:
        chance = self.chance
        epoch = chance.choice((1, 1, 1, 2, 5, self.large()))
        version = chance.choice((self.small(), self.large(32), chance.randrange(400)))
        return struct.pack("<BBHQI", kind, wire.WIRE, chance.choice((1, 1, 1, 0, self.small())), epoch, version)

    def column(self, item: str, count: int) -> bytes:
        return b"".join(struct.pack("<" + item, self._item(item)) for _ in range(min(count, 70)))

    def _item(self, item: str) -> float:
        if item in "fd":
            number = self.real()
            return number if item == "d" or abs(number) < 3e38 or number != number else 1.0
        return self.large(63) if item == "q" else self.large(8 * struct.calcsize(item)) & self.small() | self.small(200)

    # The state.

    def sections(self) -> bytes:
        """Some sections, most of them sound; or one over and over, up to what a frame holds."""
        chance = self.chance
        if chance.random() < 0.03:
            one = chance.choice((self.sound(), bytes(6)))
            return one * ((wire.LARGEST - 40) // len(one))
        some = chance.choice((1, 1, 2, 3))
        return b"".join(self.sound() if chance.random() < 0.8 else self.section() for _ in range(some))

    def sound(self) -> bytes:
        """A section that fits the columns of the honest site; its numbers are any."""
        chance, form = self.chance, self.chance.choice((wire.PLAIN, wire.PLAIN, wire.FADE, wire.HOLD))
        type_, found = chance.choice(self.columns)
        ids = np.sort(chance.sample(found, chance.randrange(1, len(found) + 1)))
        count, dtype = ids.size, wire.TYPES[type_]
        stamps = np.array([chance.choice((1, 5 << 40, wire.LATEST_STAMP - 1))] * count)
        codes = [np.frombuffer(self.column(dtype.char, count), dtype) for _ in range(2)]
        lengths = np.array([chance.choice((1e-38, 1.0, 3e38, 0.0, -1.0))] * count, np.float32)
        starts = np.array([chance.choice((0.0, 1e3, 1.7e308, -1.7e308, float("nan")))] * count)
        more = {"froms": codes[1], "starts": starts, "lengths": lengths} if form == wire.FADE else {}
        since = {"since": chance.choice((stamps, stamps * 0, -stamps))} if form == wire.HOLD else {}
        return wire.section(wire.Section(type_, form, ids, stamps, codes[0], **more, **since))

    def section(self) -> bytes:
        chance = self.chance
        type_, form = chance.choice((0, 0, 0, 1, 2, 3, 4, 5, 255)), chance.choice((0, 0, 1, 2, 3, 0x80, 0x81, 0x82))
        count = chance.choice((0, 1, 1, 2, 5, self.small()))
        groups = chance.choice((1, 1, 1, 0, 2, count, self.small()))
        item = "HIBIQ"[type_] if type_ < 5 else "H"
        runs = struct.pack("<H", count) if groups == 1 else self.column("H", groups)
        ids = self.column("H", count) if form < 0x80 else struct.pack("<H", 4) + chance.randbytes(4)
        parts = [struct.pack("<BBHH", type_, form, groups, count), self.column("q", groups), runs, ids]
        parts.append(self.column(item, count))
        if form & 3 == 1:
            parts += [self.column(item, count), self.column("d", count), self.column("f", count)]
        if form & 3 == 2:
            parts.append(self.column("q", count))
        return b"".join(parts)

    def packed(self) -> bytes:
        chance = self.chance
        first, count = chance.randrange(256), chance.choice((1, 1, 2, 5, self.small()))
        groups = chance.choice((1, 1, 1, 2, self.small()))
        rest = b"".join(self.rice(count) for _ in range(3))
        return struct.pack("<BHHq", first, count, groups, self.large(63)) + rest

    def rice(self, count: int) -> bytes:
        high = self.chance.randbytes(self.chance.choice((1, (count + 7) // 8, 4)))
        return struct.pack("<BH", self.chance.choice((0, 1, 3, 32, 33, 255)), len(high)) + high

    def names(self, kind: int) -> bytes:
        chance = self.chance
        rows = [self.key() for _ in range(chance.choice((0, 1, 3, 20)))]
        body = msgspec.msgpack.encode(chance.choice((rows, rows, rows, {}, [rows], [[]] * 1000, [1])))
        return self.head(kind) + zlib.compress(body, 1)

    def key(self) -> list[Any]:
        chance = self.chance
        kind = chance.choice(("float", "float", "color", "event", "array", "bool", "long", "point2D", "text", "x"))
        width = chance.choice((1, 1, 2, 4, 64, 65, self.large()))
        ends = [[self.real() for _ in range(min(width, 66))] for _ in range(3)]
        if chance.random() < 0.6:
            ends = [[one] * min(width, 66) for one in (0.0, 1.0, 0.5)]
        address = f"/scene/{chance.choice(WIDE).address[7:]}{chance.choice(('', '', str(self.small())))}"
        rule = chance.choice(("latest", "each", "sum", "mean", "highest", "", "no"))
        return [address, kind, rule, width, *ends, self.real(), chance.choice((0.0, 2.0, self.real()))]

    def delta(self, kind: int) -> bytes:
        chance = self.chance
        after = chance.choice((0, 0, 0, self.large(32)))
        base = chance.choice((0, self.small(), self.large(32)))
        return self.head(kind) + struct.pack("<III", base, self.large(32), after) + self.sections()

    def changes(self, kind: int) -> bytes:
        head = struct.pack("<BBIIH", kind, wire.WIRE, self.large(32), self.small(), self.small(300))
        return head + b"".join(self.packed() for _ in range(self.chance.choice((0, 1, 2, 30))))

    def piece(self, kind: int) -> bytes:
        count, body = self.small(), self.chance.randbytes(self.chance.choice((0, 1, 40)))
        number = self.chance.choice((0, 0, 1, self.small()))
        inner = self.chance.choice(self.genuine)
        if self.chance.random() < 0.3:
            number, count, body = 0, 1, inner
        return struct.pack("<BBHHI", kind, wire.WIRE, number, count, zlib.crc32(body)) + body

    def have(self, kind: int) -> bytes:
        body = struct.pack("<QIHB", self.large(), self.large(32), self.small(), self.small(255))
        return self.head(kind) + body + (self.chance.randbytes(16) if kind == wire.TEXTS_HAVE else b"")

    # Words and entries.

    def texts(self, kind: int) -> bytes:
        rows = [[self.address(), self.large(), self.anything(2)] for _ in range(self.small(100))]
        return self.head(kind) + struct.pack("<I", self.large(32)) + msgspec.msgpack.encode(rows)

    def address(self) -> str:
        return self.chance.choice(("/scene/line", "", "/", "/x" * 200, "/\0", "/scene/" + str(self.small())))

    def anything(self, depth: int = 3) -> Any:
        """Any value that msgpack can say."""
        chance = self.chance
        turn = chance.randrange(10 if depth else 7)
        if turn < 7:
            plain = (None, True, self.large(), -self.small(), self.real(), "word", "\x1b[2J\u202e", b"raw", "x" * 2000)
            return chance.choice((*plain, msgspec.msgpack.Ext(5, b"x"), self.address(), [], {}))
        if turn < 9:
            words = chance.choice(_WORDS)
            return {chance.choice(words): self.anything(depth - 1) for _ in range(chance.randrange(6))}
        return [self.anything(depth - 1) for _ in range(chance.randrange(5))]

    def entry(self, number: int) -> bytes:
        chance = self.chance
        name = chance.choice(("cue", "cue", "letter", "letter", "verdict", "count", "gap", "", "x" * 3000, "\x1b[2J"))
        said: Any = self.anything()
        if chance.random() < 0.7:
            words = {"cue": _CUE, "letter": _LETTER, "verdict": _VERDICT}.get(name, _CUE)
            said = {word: self.anything(2) if chance.random() < 0.4 else good for word, good in words.items()}
        due = chance.choice((0.0, 1.8e9, self.real()))
        body = [number, self.real(), due, name, said]
        if chance.random() < 0.1:
            body = chance.choice(([], body[:3], [*body, 1], {"number": number}, [self.large(), *body[1:]]))
        return bytes(msgspec.msgpack.encode(body))

    def journal(self, kind: int) -> bytes:
        chance, had = self.chance, self.chance.choice((0, 0, 0, self.small(), self.large()))
        count = chance.choice((0, 1, 2, 5, 300))
        bodies = [self.entry((n + 1 + had * (chance.random() < 0.8)) % (1 << 64)) for n in range(min(count, 5))]
        framed = b"".join(len(body).to_bytes(4, "little") + body for body in bodies)
        head = struct.pack(
            "<BBHQI", kind, wire.WIRE, 0, chance.choice((5, self.large(), *[chance.randrange(1, 1 << 40)] * 3)), count
        )
        return head + struct.pack("<Q", had) + framed

    def applied(self, kind: int) -> bytes:
        return self.head(kind) + struct.pack("<QQ", self.large(), self.large())

    # The link.

    def greeting(self, kind: int) -> bytes:
        chance, two = self.chance, struct.pack("<BB", kind, self.chance.choice((wire.WIRE, 1, 0, 255)))
        bodies: dict[int, Callable[[], bytes]] = {
            wire.HELLO: lambda: (
                struct.pack("<QBB", self.large(), 5, 3) + b"paris\xff\xfe\xfd" + bytes((self.small(9), 0, 0, 0))
            ),
            wire.BEAT: lambda: struct.pack("<I", self.large(32)),
            wire.PING: lambda: self.column("d", 1),
            wire.PONG: lambda: struct.pack("<dddddBd", *self.pong()),
            wire.CREDIT: lambda: struct.pack("<QI", self.large(), self.large(32)),
        }
        more = bodies.get(kind, lambda: chance.randbytes(chance.choice((0, 1, 32, 40))))()
        return two + more[: chance.choice((len(more), len(more), len(more) - 1 if more else 0))]

    def pong(self) -> list[Any]:
        """An honest pong, of whose seven fields one or two may be any number."""
        fields: list[Any] = [1.0, 2.0, 2.001, 1.8e9, 1.0, 1, 0.001]
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            at = self.chance.randrange(7)
            fields[at] = self.small(255) if at == 5 else self.real()
        return fields

    def streamed(self, kind: int) -> bytes:
        body = self.chance.randbytes(self.chance.choice((0, 1, 100)))
        return struct.pack("<BBH", kind, wire.WIRE, self.small())[: self.chance.choice((4, 4, 4, 2))] + body


def aimed(frame: bytes, mark: int | None, version: int) -> bytes:
    """A CHANGES that names the frame which was the last, so that it is read and not asked for again."""
    if frame[0] != wire.CHANGES or len(frame) < 12 or mark is None:
        return frame
    return frame[:2] + struct.pack("<II", mark, version + 1 & 0xFFFFFFFF) + frame[10:]


_CUE: dict[str, Any] = {
    "cue": "dusk", "scene": "", "preset": "", "fade": 1.0, "values": {"/scene/level": [0.5]}, "release": [],
    "here": False, "late": "skip", "late_after": 3.0, "key": "", "texts": {},
}  # fmt: skip
_LETTER: dict[str, Any] = {
    "to": "", "text": "hello", "strokes": [], "language": "en", "expires": 1.8e9 + 1e6,
}  # fmt: skip
_VERDICT: dict[str, Any] = {"id": "paris-5-1", "word": "refused"}
_WORDS = (tuple(_CUE), tuple(_LETTER), tuple(_VERDICT), ("en", "fr", "", "/scene/level"))

_G = Garbler
_GRAMMAR: dict[int, Callable[[Garbler, int], bytes]] = {
    **dict.fromkeys(range(1, 11), _G.greeting),
    wire.NAMES: _G.names,
    wire.SNAPSHOT: lambda g, kind: g.head(kind) + g.sections(),
    wire.DELTA: _G.delta,
    wire.DIGEST: lambda g, kind: g.head(kind) + g.chance.randbytes(g.chance.choice((16, 16, 0, 17))),
    wire.HAVE: _G.have,
    wire.CHANGES: _G.changes,
    wire.PIECE: _G.piece,
    wire.TEXTS: _G.texts,
    wire.TEXTS_HAVE: _G.have,
    wire.JOURNAL: _G.journal,
    wire.APPLIED: _G.applied,
    wire.PRESENCE: _G.streamed,
    wire.BULK: _G.streamed,
}


def work(do: Callable[[], Any]) -> int:
    """How many functions are called in the doing, Python's and C's, in this thread. The same on every machine."""
    calls = 0

    def count(frame: Any, event: str, given: Any) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(None)
    return calls


_NO_DATA = (types.ModuleType, type, types.FunctionType, types.BuiltinFunctionType, types.CodeType, types.FrameType)


def weight(root: Any) -> int:
    """Bytes of all that an object holds."""
    seen, waiting, total = {id(root)}, [root], 0
    while waiting:
        one = waiting.pop()
        total += sys.getsizeof(one)
        for other in gc.get_referents(one):
            if id(other) not in seen and not isinstance(other, _NO_DATA):
                seen.add(id(other))
                waiting.append(other)
    return total
