"""Words as values, and the text parameters of a scene."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.score.patch import Patchbay
from installation.score.problem import Fault
from installation.score.scene import Shelf, Source, spoken
from installation.score.scene_file import from_toml
from installation.score.text import LONGEST, cleaned, plain, said, words_of

TEXT_FS = (Path(__file__).parents[2] / "shaders/engine/text.fs").read_text()
SCENE = """
[[layer]]
text = "parameter:line"
[[layer]]
text = { from = "line_twin" }
[parameter.line]
type = "text"
default = { fr = "Il pleut.", en = "It rains." }
share = "each"
[[patch]]
from = "/post/line"
to = "line"
[preset.dry]
line = "Sec."
[alone]
"""


def read(text):
    def found(name):
        return Source(name, TEXT_FS) if name == "engine/text.fs" else None

    return from_toml("here", Source("scene.toml", text), Shelf(found))


@given(st.text(max_size=50) | st.text("\x00\x1b\x7f\u2028\ud800\r\n\t", max_size=50))
def test_what_no_eye_sees_is_left_out_of_a_text_and_it_can_be_sent(text):
    found = cleaned(text)
    found.encode()
    assert cleaned(found) == found and not set(found) & set("\x00\x1b\x7f\x85\u2028\ud800\r\t")


def test_a_text_is_cut_at_a_thousand_characters_of_any_script():
    assert cleaned("é" * 5000) == "é" * LONGEST
    assert len(cleaned("👩" * 5000).encode()) <= 4 * LONGEST


def test_a_text_is_one_for_all_or_one_in_each_language():
    assert words_of("a") == {"en": "a", "fr": "a"} and plain({"en": "a", "fr": "a"}) == "a"
    assert words_of({"fr": "oui"}) == {"en": "oui", "fr": "oui"}
    assert words_of({"fr": "oui", "en": "yes"}) == {"en": "yes", "fr": "oui"}
    assert words_of(3) is None and words_of({"de": "ja"}) is None


def test_an_event_says_one_text_or_two_in_french_and_english():
    assert said(("a", 1.0)) == {"en": "a", "fr": "a"}
    assert said(("oui", "yes")) == {"fr": "oui", "en": "yes"}
    assert said((1.0,)) is None


def test_a_scene_has_its_texts_with_defaults_shares_and_patches():
    scene = read(SCENE)
    (line,) = scene.texts
    assert (line.address, line.words["fr"], line.share, line.width) == ("/scene/line", "Il pleut.", "each", 0)
    assert scene.presets[0].texts == {"/scene/line": {"en": "Sec.", "fr": "Sec."}}
    assert spoken(scene, "", "line_twin", ("frisco",)) == ("/twin/frisco/line", line.words)
    bay = Patchbay((*scene.parameters, *scene.texts), scene.patches, lambda pattern, addresses: [])
    touches = bay.apply([(0.0, "/post/line", ("a", "b")), (0.0, "/scene/line", (1.0,)), (0.0, "/scene/line", ("c",))])
    assert [touch.words for touch in touches] == [{"fr": "a", "en": "b"}, {"fr": "c", "en": "c"}]


@pytest.mark.parametrize(
    ("was", "made", "line", "found"),
    [
        ('share = "each"', 'share = "sum"', 9, 'shared as "sum"'),
        ('share = "each"', 'share = "each"\nsmooth = 1', 10, "no `smooth`"),
        ("[[patch]]", "[[patch]]\nin = [0, 1]", 11, "no `in`"),
        ('"parameter:line"', '"parameter:lin"', 2, 'no text parameter "lin"'),
        ('{ fr = "Il pleut.", en = "It rains." }', "3", 8, "is given 3"),
        ('{ fr = "Il pleut.", en = "It rains." }', f'"{"x" * 1001}"', 8, "1001"),
        ('share = "each"', "", 1, "line_twin"),
    ],
)
def test_a_fault_in_a_text_parameter_is_told_by_its_line(was, made, line, found):
    with pytest.raises(Fault) as fault:
        read(SCENE.replace(was, made, 1).lstrip("\n"))
    told = [problem.told("en") for problem in fault.value.problems]
    assert any(found in one.found for one in told), told
    assert all(problem.told("fr").found for problem in fault.value.problems)
