"""The bytes of OSC: against python-osc and liblo, and against garbage."""

from __future__ import annotations

import math
import socket
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message_builder import OscMessageBuilder

from hardware import osc_format
from hardware.osc_format import MALFORMED, Reader, elements

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
ARGUMENTS = {
    "i": st.integers(-(2**31), 2**31 - 1),
    "h": st.integers(-(2**63), 2**63 - 1),
    "f": st.floats(width=32, allow_nan=False),
    "d": st.floats(allow_nan=False),
    "s": WORDS,
    "b": st.binary(min_size=1, max_size=20),
    "T": st.just(True),
    "F": st.just(False),
    "N": st.none(),
    "m": st.tuples(*[st.integers(0, 255)] * 4),
}
MESSAGES = st.lists(st.sampled_from(sorted(ARGUMENTS)).flatmap(lambda tag: st.tuples(st.just(tag), ARGUMENTS[tag])))


def built(address: str, typed: list[tuple[str, Any]]) -> bytes:
    builder = OscMessageBuilder(address=address)
    for tag, value in typed:
        builder.add_arg(value, tag)
    return builder.build().dgram


@given(MESSAGES)
def test_what_python_osc_writes_is_read_as_it_was(typed: list[tuple[str, Any]]) -> None:
    address, value = Reader().message(built("/floor/x", typed))
    assert (address, value) == ("/floor/x", tuple(one for _, one in typed))


LIBLO = [
    (("c", "A"), "A"),
    (("S", "symbol"), "symbol"),
    (("h", 2**40), 2**40),
    (("d", math.pi), math.pi),
    (("T", None), True),
    (("F", None), False),
    (("N", None), None),
    (("I", None), True),
    (("m", (1, 0x90, 60, 127)), (1, 0x90, 60, 127)),
    (("b", [1, 2, 3]), b"\1\2\3"),
]


@pytest.mark.parametrize(("typed", "expected"), LIBLO, ids=[typed[0] for typed, _ in LIBLO])
def test_each_type_of_liblo_is_read_and_leaves_the_next_one_whole(typed: tuple[str, Any], expected: Any) -> None:
    liblo = pytest.importorskip("pyliblo3")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(10.0)
        liblo.send(ear.getsockname()[1], liblo.Message("/a", typed, ("i", 7)))
        assert Reader().message(ear.recv(1000)) == ("/a", (expected, 7))


def test_a_colour_is_the_same_as_its_four_numbers_from_nought_to_one() -> None:
    assert Reader().message(b"/c\0\0,r\0\0\xff\x00\x33\xff") == ("/c", (1.0, 0.0, 0.2, 1.0))


def test_arrays_nest() -> None:
    data = b"/a\0\0,i[i[i]]\0\0\0\0" + struct.pack(">3i", 1, 2, 3)
    assert Reader().message(data) == ("/a", (1, (2, (3,))))


@pytest.mark.parametrize("tags", ["[", "]", "[]]", "][", "[" * 9 + "]" * 9, "?", "i" * 5000])
def test_type_tags_that_make_no_sense_are_malformed(tags: str) -> None:
    with pytest.raises(ValueError, match=r"types|arguments"):
        osc_format.arguments(tags)


def test_a_message_without_type_tags_has_no_arguments() -> None:
    assert Reader().message(b"/old\0\0\0\0") == ("/old", ())


def test_a_string_without_its_padding_at_the_end_is_forgiven() -> None:
    assert Reader().message(b"/a\0\0,s\0\0word!\0") == ("/a", ("word!",))


@pytest.mark.parametrize("address", [b"a", b"", b"/\xff", b"/a\n", b"/" + b"a" * 300])
def test_what_is_no_address_is_malformed(address: bytes) -> None:
    with pytest.raises(MALFORMED):
        Reader().message(address + b"\0" * 8)


@given(st.binary(max_size=200))
def test_garbage_is_malformed_and_nothing_else(data: bytes) -> None:
    for start in (b"", b"/a\0\0,", b"/a\0\0,[sbhS]\0"):
        _survives(start + data)


@given(MESSAGES, st.data())
def test_a_truncated_message_is_malformed_or_shorter(typed: list[tuple[str, Any]], data: st.DataObject) -> None:
    whole = built("/floor/x", typed)
    _survives(whole[: data.draw(st.integers(0, len(whole)))])


def _survives(data: bytes) -> None:
    try:
        address, value = Reader().message(data)
    except MALFORMED:
        return
    assert address.startswith("/") and isinstance(value, tuple)


@given(st.binary(max_size=200))
def test_a_bundle_of_garbage_ends(data: bytes) -> None:
    try:
        found = list(elements(b"#bundle\0" + bytes(8) + data))
    except MALFORMED:
        return
    assert sum(len(one) for _, one in found) <= len(data)


def test_bundles_too_deep_are_malformed() -> None:
    bundle = head = b"#bundle\0" + bytes(8)
    for _ in range(osc_format.DEEPEST):
        bundle = head + struct.pack(">i", len(bundle)) + bundle
    with pytest.raises(ValueError, match="too deep"):
        list(elements(bundle))


def test_a_sender_that_invents_addresses_and_types_makes_nothing_grow() -> None:
    reader = Reader()
    for number in range(3 * osc_format.CACHED):
        reader.message(f"/{number:06}\0".encode() + f",{number:b}".translate({48: "T", 49: "F"}).encode() + b"\0")
    assert len(reader._addresses) <= osc_format.CACHED and len(reader._arguments) <= osc_format.CACHED


def test_the_prefix_stands_before_each_address() -> None:
    assert Reader("/floor/").message(b"/x\0\0")[0] == "/floor/x"
