"""The bytes in WIRE.md are those that are written, and are read as it says: who changes the wire changes them."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from installation.twin import greetings, lanes, wire
from installation.twin.journal import Journal
from installation.twin.mirror import Key, Mirror
from installation.twin.offset import Line
from installation.twin.texts import Text, Texts
from installation.twin.wire import Arrived
from tests.twin.site import ROOT

DOCUMENT = (ROOT / "installation" / "twin" / "WIRE.md").read_text()
EXAMPLES = {
    name: bytes.fromhex(digits) for name, digits in re.findall(r"^([A-Z_]+) +((?:[0-9a-f]{2} ?)+)$", DOCUMENT, re.M)
}
KEYS = [Key(f"/scene/{name}", "float", "latest", 1, (0.0,), (1.0,), (0.0,)) for name in ("level", "fog")]
ROW = Text("/scene/line", "each", {"en": "", "fr": ""})
KIND, STAMP = struct.Struct("<BB"), 1000_000_000 << 10


def of_the_link() -> dict[str, bytes]:
    return {
        "HELLO": greetings.hello(42, "sf", "jumelage 0.1", lane=0),
        "REFUSE": greetings.refusal(greetings.FLOOD),
        "BEAT": greetings.beat(7),
        "PING": greetings.ping(1.5),
        "PONG": greetings.pong(1.5, 2.0, 2.5, Line(2.5, 1.0, 1.0, True, 0.5, False)),
        "NOTICE": greetings.notice(),
        "LANE": greetings.lane(lanes.BULK),
        "KEY": greetings.key(bytes(range(32))),
        "KEYED": greetings.keyed(bytes(range(32))),
        "CREDIT": greetings.credit(lanes.PIECE, lanes.CREDIT),
        "PRESENCE": lanes.presence(3, b"hi"),
        "BULK": lanes.bulk(3, b"hi"),
    }


def of_the_state() -> dict[str, bytes]:
    """What Paris, in its run 42, sends of two values: /scene/level is 0.5, then 0.6; then all that came after 0.5."""
    paris, found, now = Mirror("paris", KEYS, 42), dict[str, bytes](), 1000.0
    paris.merge([Arrived("sf", b"")])

    def sent(until: float) -> None:
        nonlocal now
        while now < until:
            for frame in paris.delta(now).get("sf", []):
                found.setdefault(name(frame[0]), frame)
            now += 0.05

    paris.touch("/scene/level", (0.5,), now, firm=True)
    sent(1000.5)
    paris.touch("/scene/level", (0.6,), now, firm=True)
    sent(1001.0)
    again = wire.head(wire.HAVE, 1, 7, 1) + wire.known(42, 2, 1, False, again=True)
    paris.merge([Arrived("sf", again)])
    sent(1010.0)
    found["PIECE"] = wire.pieces(found["SNAPSHOT"] + bytes(80), 64)[-1]
    return found


def of_the_texts() -> dict[str, bytes]:
    paris, sf = Texts("paris", 42), Texts("sf", 7)
    for site, other in ((paris, "sf"), (sf, "paris")):
        site.declare([ROW])
        site.merge([Arrived(other, b"")])
    paris.write(ROW.address, "ah", 1000.0)
    have = sf.delta(1000.0)["paris"]
    paris.merge(Arrived("sf", frame) for frame in have)
    return {name(frame[0]): frame for frame in (*have, *paris.delta(1000.0)["sf"])}


def of_the_journal() -> dict[str, bytes]:
    entry = msgspec.msgpack.encode([1, STAMP, 0.0, "letter", "hi"])
    return {
        "JOURNAL": wire.head(wire.JOURNAL, 0, 42, 1) + struct.pack("<I", len(entry)) + entry,
        "APPLIED": wire.head(wire.APPLIED, 0, 42, 0) + struct.pack("<QQ", 7, 1),
    }


def name(kind: int) -> str:
    """By the document's tables, which must agree with `wire`."""
    rows = {int(number): word for number, word in re.findall(r"^\| (\d+) \| ([A-Z_]+) \|", DOCUMENT, re.M)}
    found = (rows | {48: "PRESENCE", 49: "BULK"})[kind]
    assert getattr(wire, found) == kind
    return found


@pytest.mark.parametrize("written", [of_the_link, of_the_state, of_the_texts, of_the_journal])
def test_each_frame_is_written_as_the_document_says(written: Callable[[], dict[str, bytes]]) -> None:
    for word, frame in written().items():
        if word == "NAMES":  # another zlib packs otherwise
            assert zlib.decompress(frame[16:]) == zlib.decompress(EXAMPLES[word][16:])
            assert frame[:16] == EXAMPLES[word][:16]
        else:
            assert frame.hex() == EXAMPLES[word].hex(), word


def test_the_document_has_an_example_of_every_kind() -> None:
    kinds = (
        wire.OF_THE_LINK & set(range(1, 11)) | wire.OF_THE_MIRROR | wire.OF_THE_JOURNAL | wire.OF_THE_TEXTS | {48, 49}
    )
    assert {name(kind) for kind in kinds} == set(EXAMPLES)
    assert all(EXAMPLES[name(kind)][:2] == KIND.pack(kind, wire.WIRE) for kind in kinds)


def test_the_link_s_examples_are_read_as_the_document_says() -> None:
    hello = greetings.read_hello(EXAMPLES["HELLO"])
    assert hello == (wire.WIRE, 42, "sf", "jumelage 0.1", 0, wire.LAYOUTS, 0)
    assert greetings.read_refusal(EXAMPLES["REFUSE"]) == (wire.WIRE, 5)
    assert greetings.read_beat(EXAMPLES["BEAT"]) == 7 and greetings.read_ping(EXAMPLES["PING"]) == 1.5
    assert greetings.read_pong(EXAMPLES["PONG"])[:3] == (1.5, 2.0, 2.5)
    assert greetings.read_lane(EXAMPLES["LANE"]) == lanes.BULK
    assert greetings.read_key(EXAMPLES["KEY"]) == greetings.read_key(EXAMPLES["KEYED"]) == bytes(range(32))
    assert greetings.read_credit(EXAMPLES["CREDIT"]) == (lanes.PIECE, lanes.CREDIT)
    assert lanes.streamed(EXAMPLES["PRESENCE"]) == lanes.streamed(EXAMPLES["BULK"]) == (3, b"hi")


@pytest.mark.parametrize("second", ["CHANGES", "DELTA"])
def test_the_state_s_examples_make_another_site_read_the_same(second: str) -> None:
    sf = Mirror("sf", KEYS, 7)
    read: list[Any] = []
    for word in ("NAMES", "SNAPSHOT", second, "DIGEST"):
        sf.merge([Arrived("paris", EXAMPLES[word])])
        read.append(float(sf.read(1011.0).columns[0]))
    assert read == pytest.approx([0.0, 0.5, 0.6, 0.6])
    assert sf.counted["diverged"] == sf.counted["garbled"] == sf.counted["unknown"] == 0


def test_the_texts_and_the_journal_s_examples_are_read(tmp_path: Any) -> None:
    texts, journal = Texts("sf", 7), Journal(tmp_path / "sf.db", "sf", 7, ["paris"])
    texts.declare([ROW])
    texts.merge([Arrived("paris", EXAMPLES["TEXTS"])])
    assert texts.of("paris", ROW.address) == {"en": "ah", "fr": "ah"}
    given = journal.merge([Arrived("paris", EXAMPLES["JOURNAL"])])
    while not given:
        assert journal.flush()
        given = journal.merge([])
    assert [(entry.number, entry.name, entry.arguments) for entry in given] == [(1, "letter", "hi")]
    journal.close()
