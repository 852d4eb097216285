"""Where each thing of a TOML text stands."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.score.lines import parsed
from installation.score.problem import Fault

TEXT = '''title = { fr = "Marée", en = "Tide" }

[[layer]]
shader = "a.fs"   # a [comment]
[[layer]]
"shader" = """two
lines"""
opacity = 0.5
[parameter.level]
in = [ 0,
  # between
  1 ]
a.b = 2
'''


def test_a_key_is_found_on_its_line():
    _, lines = parsed(TEXT, "scene.toml")
    assert lines[("layer", 0, "shader")] == 4
    assert lines[("layer", 1, "opacity")] == 8
    assert lines[("parameter", "level", "in")] == 10


def test_an_item_of_a_list_over_several_lines_has_its_own_line():
    _, lines = parsed(TEXT, "scene.toml")
    assert lines[("parameter", "level", "in", 1)] == 12


def test_a_key_of_an_inline_table_and_a_dotted_key_are_found():
    _, lines = parsed(TEXT, "scene.toml")
    assert lines[("title", "en")] == 1
    assert lines[("parameter", "level", "a", "b")] == 13


def test_a_text_that_is_no_toml_is_told_with_its_line():
    with pytest.raises(Fault) as fault:
        parsed("a = 1\nb = \n", "rig.toml")
    assert str(fault.value).startswith("rig.toml:2: ")


def _paths(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _paths(item, (*path, index))


NAMES = st.text("abz_-09 é\"'.#[]", min_size=1, max_size=6)
TEXTS = st.text("ab\"'\\#[]{}=,\n é", max_size=12)
VALUES = st.recursive(
    st.one_of(st.integers(-9, 9), st.booleans(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_every_path_that_tomllib_sees_has_a_line(table):
    import tomlkit

    text = tomlkit.dumps(table)
    data = tomllib.loads(text)
    _, lines = parsed(text, "any.toml")
    assert [path for path in _paths(data) if path not in lines] == []
