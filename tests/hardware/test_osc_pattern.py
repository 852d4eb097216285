"""Address patterns: the examples of the OSC specification, and what a hostile pattern may cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.osc_pattern import is_pattern, matches

HOUSE = ("/a/b", "/a/c", "/a/bb/c", "/abc", "/a/b-c")
MEANT = {
    "/a/b": ["/a/b"],
    "/a/*": ["/a/b", "/a/c", "/a/b-c"],
    "/*": ["/abc"],
    "/*/*/*": ["/a/bb/c"],
    "/a/?": ["/a/b", "/a/c"],
    "/a/[bc]": ["/a/b", "/a/c"],
    "/a/[a-b]": ["/a/b"],
    "/a/[!b]": ["/a/c"],
    "/a/b[-]c": ["/a/b-c"],
    "/a/{b,bb}": ["/a/b"],
    "/a/{b,bb}/c": ["/a/bb/c"],
    "/a{,b}c": ["/abc"],
    "/a{x,b}c": ["/abc"],
    "//c": ["/a/c", "/a/bb/c"],
    "/a//c": ["/a/c", "/a/bb/c"],
    "//*": list(HOUSE),
    "/a/b*c": ["/a/b-c"],
    "/nobody": [],
    "/a/[": [],
    "/a/{": [],
}


@pytest.mark.parametrize("pattern", MEANT)
def test_a_pattern_means_what_the_specification_says(pattern: str) -> None:
    assert matches(pattern, HOUSE) == MEANT[pattern]


@given(st.text("/ab?*[]{}!-,", max_size=40))
def test_no_pattern_raises(pattern: str) -> None:
    assert set(matches(pattern, HOUSE)) <= set(HOUSE)


def test_a_pattern_with_too_many_wildcards_means_nothing() -> None:
    assert matches("/" + "*a" * 17, ["/" + "a" * 200]) == []


def test_sixteen_stars_over_a_long_address_end_soon() -> None:
    assert matches("/" + "*a" * 16 + "b", ["/" + "a" * 250]) == []


@given(st.sampled_from(HOUSE))
def test_a_plain_address_means_itself(address: str) -> None:
    assert not is_pattern(address) and matches(address, HOUSE) == [address]
