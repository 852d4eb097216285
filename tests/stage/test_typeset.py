"""Texts as textures: against Pillow's own HarfBuzz, letters joined, lines broken, directions, what no font has."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.score.picture import Picture
from installation.stage.layers import Tools
from installation.stage.media.breaks import wrapped
from installation.stage.media.decoding import Decoding
from installation.stage.media.fonts import FontFile, Fonts
from installation.stage.media.runs import levels, ordered, runs
from installation.stage.media.typeset import Text
from tests.stage.sources import frames, shown, told

ImageFont = pytest.importorskip("PIL.ImageFont")
ImageDraw = pytest.importorskip("PIL.ImageDraw")
Image = pytest.importorskip("PIL.Image")
features = pytest.importorskip("PIL.features")
Load = Callable[..., Text]
WALL = (1600, 400)
EM = 60


def system_font(name: str, package: str) -> str:
    """The path of a font of the system; its test is skipped where it is missing."""
    found = next((font.path for font in Fonts().files if Path(font.path).name == name), None)
    if found is None:
        pytest.skip(f"{name} is not installed ({package})")
    return found


@pytest.fixture
def dejavu() -> str:
    return system_font("DejaVuSans.ttf", "fonts-dejavu-core")


@pytest.fixture(scope="module")
def decoding() -> Iterator[Decoding]:
    made = Decoding()
    yield made
    made.close()


@pytest.fixture
def load(tools: Tools, decoding: Decoding) -> Iterator[Load]:
    made: list[Text] = []

    def loaded(words: str, wall: tuple[int, int] = WALL, folders: Any = None, **more: Any) -> Text:
        more = {"size": EM / wall[1], "width": 1.0, "align": "left"} | more
        made.append(Text(tools.context, Picture("text", words={"en": words}, **more), decoding, wall, folders))
        assert made[-1].settle(0.0), told(made[-1])
        return made[-1]

    yield loaded
    for text in made:
        text.release()


def box(coverage: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is covered."""
    rows, columns = np.flatnonzero(coverage.max(1) > 40), np.flatnonzero(coverage.max(0) > 40)
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def by_pillow(words: str, path: str, em: int = EM) -> np.ndarray:
    """The coverage of a line as Pillow sets it, by HarfBuzz and FriBidi through Raqm."""
    if not features.check("raqm"):
        pytest.skip("Pillow has no Raqm here")
    font = ImageFont.truetype(path, em, layout_engine=ImageFont.Layout.RAQM)
    sheet = Image.new("L", (1600, 200))
    ImageDraw.Draw(sheet).text((100, 60), words, 255, font)
    return np.asarray(sheet)


LINES = {
    "latin": "Waffle office fjord",
    "kerning": "AVATAR To Ty We",
    "accents": "Où ça ? L’été à Noël",
    "combining": "e\u0301a\u0300n\u0303",
    "greek": "θάλασσα",
    "cyrillic": "Прилив",
    "arabic": "مدينتان بحر",
    "hebrew": "שלום עולם",
    "mixed": "abc שלום def",
    "numbers in arabic": "بحر 2024 واحد",
    "brackets": "tide مدينة (12) x",
    "hebrew first": "שלום city 123 עולם",
}


@pytest.mark.parametrize("kind", LINES)
def test_a_line_is_set_as_pillow_and_raqm_set_it(kind: str, load: Load, dejavu: str) -> None:
    text = load(LINES[kind], font=dejavu)
    assert not text.problems
    ours, theirs = shown(text)[..., 3], by_pillow(LINES[kind], dejavu)
    a, b = box(ours), box(theirs)
    # Our letters stand on whole pixels, Pillow's on fractions: half a pixel a letter at the most.
    assert abs((a[2] - a[0]) - (b[2] - b[0])) <= max(2, len(LINES[kind]) // 3)
    assert abs((a[3] - a[1]) - (b[3] - b[1])) <= 1
    width = min(a[2] - a[0], b[2] - b[0])
    one = ours[a[1] : a[1] + b[3] - b[1], a[0] : a[0] + width].astype(float)
    two = theirs[b[1] : b[1] + len(one), b[0] : b[0] + width].astype(float)
    assert np.corrcoef(one.sum(0), two.sum(0))[0, 1] > 0.6
    assert abs(ours.sum() / theirs.sum(dtype=float) - 1.0) < 0.06


def test_the_letters_are_white_and_their_alpha_is_their_coverage(load: Load) -> None:
    pixels = shown(load("Tide"))
    assert (pixels[..., :3] == 255).all()
    assert len(np.unique(pixels[..., 3])) > 30 and pixels[..., 3].max() == 255


def width(text: Text) -> int:
    left, _, right, _ = box(shown(text)[..., 3])
    return right - left


def test_a_letter_higher_than_its_font_stands_on_the_line_and_is_whole(load: Load, dejavu: str) -> None:
    plain, high = shown(load("xx", font=dejavu))[..., 3], shown(load("xẤ", font=dejavu))[..., 3]
    ours, theirs = box(high), box(by_pillow("xẤ", dejavu))
    assert ours[3] == box(plain)[3] and abs(ours[3] - ours[1] - theirs[3] + theirs[1]) <= 1


def test_pairs_are_kerned_and_letters_tied(load: Load, dejavu: str) -> None:
    apart = width(load("A", font=dejavu)) + width(load("V", font=dejavu))
    assert width(load("AV", font=dejavu)) < apart + 1
    tied, loose = load("ffi", font=dejavu), load("f\u200cf\u200ci", font=dejavu)
    assert not np.array_equal(shown(tied), shown(loose))


def test_the_house_font_does_not_fall_to_pieces(load: Load) -> None:
    """Its kerning, as it comes, sets "demanda" 16 pixels wider than its letters at this size."""
    letters = sum(width(load(letter)) for letter in "demanda")
    assert width(load("demanda")) < letters + 7 * EM * 0.09


def test_arabic_letters_are_joined(load: Load, dejavu: str) -> None:
    joined, apart = load("ببب", font=dejavu), load("ب\u200cب\u200cب", font=dejavu)
    assert width(joined) < 0.8 * width(apart)
    columns = shown(joined)[..., 3].max(0)
    left, _, right, _ = box(shown(joined)[..., 3])
    assert (columns[left:right] > 0).all()


def test_a_syllable_of_devanagari_is_one(load: Load) -> None:
    path = system_font("Lohit-Devanagari.ttf", "fonts-lohit-deva")
    ours, theirs = shown(load("क्षत्रिय"))[..., 3], by_pillow("क्षत्रिय", path)
    a, b = box(ours), box(theirs)
    assert abs((a[2] - a[0]) - (b[2] - b[0])) <= 4 and abs((a[3] - a[1]) - (b[3] - b[1])) <= 1


def test_what_the_font_lacks_is_sought_in_the_others(load: Load, dejavu: str) -> None:
    text = load("city مدينة", folders=[str(Path(dejavu).parent)])
    assert not text.problems
    alone = load("city", folders=[str(Path(dejavu).parent)])
    assert width(text) > 1.6 * width(alone)


def test_what_no_font_has_is_a_box_and_told_once_with_the_remedy(tmp_path: Path, load: Load) -> None:
    text = load("a 潮 b 潮", folders=[str(tmp_path)])
    assert len(text.problems) == 1
    assert "潮 (U+6F6E" in told(text) and "apt-get install fonts-noto-cjk" in told(text)
    inked = shown(text)[..., 3]
    left, top, right, bottom = box(shown(load("潮", folders=[str(tmp_path)]))[..., 3])
    frame = shown(load("潮", folders=[str(tmp_path)]))[top:bottom, left:right, 3]
    assert frame[0].min() == 255 and frame[:, 0].min() == 255 and frame[len(frame) // 2, len(frame[0]) // 2] == 0
    assert (inked > 0).sum() > 2 * (frame > 0).sum()


def test_a_font_beside_the_scene_or_a_family_by_name(load: Load, dejavu: str) -> None:
    folder = [str(Path(dejavu).parent)]
    by_path, by_name = load("Tide", font=dejavu), load("Tide", font="dejavu sans", folders=folder)
    assert np.array_equal(shown(by_path), shown(by_name)) and not by_name.problems
    assert not np.array_equal(shown(by_path), shown(load("Tide")))


def test_a_font_that_is_not_there_is_told_with_the_nearest(tmp_path: Path, load: Load, dejavu: str) -> None:
    text = load("Tide", font="DejaVu Sanz", folders=[str(Path(dejavu).parent)])
    assert 'no font "DejaVu Sanz"' in told(text) and 'did you mean "dejavu sans"' in told(text)
    assert np.array_equal(shown(text), shown(load("Tide")))
    (tmp_path / "Spoilt.ttf").write_bytes(Path(dejavu).read_bytes()[:3000])
    assert "Spoilt.ttf" in told(load("Tide", font=str(tmp_path / "Spoilt.ttf")))
    assert "Gone.ttf" in told(load("Tide", font=str(tmp_path / "Gone.ttf")))


@pytest.mark.parametrize(("align", "side"), [("left", 0), ("right", 2), ("center", 1)])
def test_lines_stand_left_right_or_in_the_middle(align: str, side: int, load: Load) -> None:
    text = load("Tide", align=align, width=0.5)
    left, _, right, _ = box(shown(text)[..., 3])
    margin = EM // 4
    expected = (abs(left - margin), abs((left + right) - text.size[0]) / 2, abs(text.size[0] - margin - right))[side]
    assert text.size[0] == 800 + 2 * margin and expected <= 6


def test_size_and_spacing_follow_the_picture(load: Load) -> None:
    one, two = load("Hx\nHx"), load("Hx\nHx", spacing=2.0)
    top = box(shown(one)[..., 3])
    assert two.size[1] - one.size[1] == pytest.approx(EM, abs=10)
    one.resize((3200, 800))
    assert one.settle(0.0)
    assert box(shown(one)[..., 3])[2] - EM // 2 == pytest.approx(2 * (top[2] - EM // 4), abs=4)


def test_a_text_higher_than_the_picture_is_told(load: Load) -> None:
    assert "the picture 400" in told(load("\n".join("abcdefghij")))


def broken(text: str, letters: int) -> list[str]:
    """The lines when every letter is as wide as any other."""
    return [text[begin:end] for begin, end in wrapped(text, letters, lambda begin, end: end - begin)]


@pytest.mark.parametrize(
    ("text", "letters", "lines"),
    [
        ("the tide has two shores", 9, ["the tide", "has two", "shores"]),
        ("« Où est la mer ? » dit-elle", 15, ["« Où est la", "mer ? » dit-", "elle"]),
        ("la mer : calme ; et toi !", 8, ["la mer :", "calme ;", "et toi !"]),
        ("il dit « oui » et part", 8, ["il dit", "« oui »", "et part"]),
        ("3\u00a0000\u202f€ par an", 8, ["3\u00a0000\u202f€", "par an"]),
        ("San-Francisco", 6, ["San-", "Franci", "sco"]),
        ("anticonstitution", 6, ["antico", "nstitu", "tion"]),
        ("2024-2025 -3", 10, ["2024-2025", "-3"]),
        ("潮は二つの岸を持つ。", 4, ["潮は二つ", "の岸を持", "つ。"]),
        ("海は「ひとつ」です", 3, ["海は", "「ひと", "つ」で", "す"]),
        ("co\u00adope\u00adra\u00adtion", 7, ["co\u00adope\u00ad", "ra\u00adtion"]),
        ("", 5, [""]),
    ],
)
def test_lines_break_where_typography_allows(text: str, letters: int, lines: list[str]) -> None:
    assert [line for line in broken(text, letters)] == lines


# From BidiCharacterTest's kind of cases, worked out by the rules of UAX #9 by hand.
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("abc", [0, 0, 0]),
        ("אבג", [1, 1, 1]),
        ("a אב b", [0, 0, 1, 1, 0, 0]),
        ("א ab ב", [1, 1, 2, 2, 1, 1]),
        ("א 12 ב", [1, 1, 2, 2, 1, 1]),
        ("م 12", [1, 1, 2, 2]),
        ("a 1,2", [0, 0, 0, 0, 0]),
        ("א 1,2%", [1, 1, 2, 2, 2, 2]),
        ("א-1", [1, 1, 2]),
        ("אב!", [1, 1, 1]),
        ("ab!", [0, 0, 0]),
        ("אב ", [1, 1, 1]),
        ("a: ם (12)", [0, 0, 0, 1, 1, 1, 2, 2, 1]),
        ("א (b) ג", [1, 1, 1, 2, 1, 1, 1]),
        ("a (אב) b", [0, 0, 0, 1, 1, 0, 0, 0]),
        ("a)(", [0, 0, 0]),
    ],
)
def test_levels_are_those_of_the_bidirectional_algorithm(text: str, found: list[int]) -> None:
    assert levels(text) == found


def test_runs_are_reordered_from_the_deepest_level_on() -> None:
    text = "a אב 12 ג b"
    deep = levels(text)
    stand = ordered(range(len(text)), lambda n: deep[n])
    assert "".join(text[n] for n in stand) == "a ג 12 בא b"
    assert [run.script for run in runs("city город", [0] * 10)] == ["Latn", "Cyrl"]


def test_the_characters_of_a_font_are_those_that_pillow_draws(dejavu: str) -> None:
    font, pillow = FontFile(dejavu), ImageFont.truetype(dejavu, 20)
    nothing = pillow.getmask("\U0010fffe").getbbox(), bytes(pillow.getmask("\U0010fffe"))
    for one in "aÉЖאم€Ω☃𝔸\U0001d7d8":
        assert font.has(one) and (pillow.getmask(one).getbbox(), bytes(pillow.getmask(one))) != nothing
    assert not font.has("潮") and not font.has("ह")


def test_other_words_never_hold_up_a_frame_and_the_last_ones_come(load: Load) -> None:
    text, long = load("Tide"), "The tide has two shores, and each of them waits for the other. " * 30
    for number in range(20):
        text.say(f"{number} {long}")
        text.update(0.0)
    text.say("Shore")
    assert frames(text, lambda: text.ready and not text._stale) < 0.25
    assert np.array_equal(shown(text), shown(load("Shore")))


def test_a_text_comes_back_after_the_child_was_killed(load: Load, decoding: Decoding) -> None:
    text = load("Tide")
    os.kill(decoding.pid, signal.SIGKILL)
    text.say("Shore")
    frames(text, lambda: text.ready and not text._stale)
    assert np.array_equal(shown(text), shown(load("Shore"))) and not text.problems


@pytest.mark.parametrize(
    "words", ["", " ", "\n\n", "\0\x07", "\u202e\u2066", "\u200d\u0301", "\ufeff", "😀" * 50, "a" * 6000]
)
def test_any_words_give_a_picture(words: str, load: Load) -> None:
    assert load(words).size[0] > 1
