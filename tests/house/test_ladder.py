"""The lessons are a ladder: twelve rungs, each beautiful at any shape of wall, each a small step from the last."""

from __future__ import annotations

import difflib
import itertools
from pathlib import Path

import pytest

from installation.library import Library

ROOT = Path(__file__).parents[2]
LADDER = ROOT / "scenes" / "learn"
TEXTS = (".fs", ".toml", ".py")
OURS = Library([ROOT])
RUNGS = sorted(path for path in LADDER.iterdir() if path.name[0].isdigit())
NAMES = [path.name for path in RUNGS]
FIRST_FOLDER, LAST = 3, 11


def files(rung: Path) -> list[Path]:
    """The texts of a lesson, what says how the others are used first."""
    found = [rung] if rung.is_file() else [path for path in rung.iterdir() if path.suffix in TEXTS]
    return sorted(found, key=lambda path: (path.suffix == ".fs", path.name))


def lines(rung: Path) -> list[str]:
    """A lesson's lines as a reader sees them: without the blank ones and without indentation."""
    texts = (path.read_text(encoding="utf-8") for path in files(rung))
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def kept(before: list[str], after: list[str]) -> int:
    """How many lines stand in both, in the same order."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def test_the_lessons_are_numbered_from_01_to_12_without_a_gap() -> None:
    assert [name[:3] for name in NAMES] == [f"{n:02}-" for n in range(1, 13)]


@pytest.mark.parametrize(("before", "after"), list(itertools.pairwise(RUNGS)), ids=NAMES[1:])
def test_each_lesson_is_a_small_step_from_the_last(before: Path, after: Path) -> None:
    # Half is what makes it the same work going on: a reader meets more that is known than is new. It is measured on the
    # shorter of the two, so that a lesson that adds a whole file is not blamed for it; what it adds is bounded apart,
    # by 70 lines: about one screen, which is what a person reads in one sitting.
    old, new = lines(before), lines(after)
    same = kept(old, new)
    assert same > min(len(old), len(new)) / 2, f"{same} lines of {min(len(old), len(new))} are kept"
    assert len(new) - same <= 70, f"{len(new) - same} lines are new"


@pytest.mark.parametrize("rung", RUNGS[:LAST], ids=NAMES[:LAST])
def test_no_file_of_a_lesson_is_longer_than_60_lines(rung: Path) -> None:
    long = [path.name for path in files(rung) if len(path.read_text(encoding="utf-8").splitlines()) > 60]
    assert not long


@pytest.mark.parametrize("rung", RUNGS[FIRST_FOLDER:], ids=NAMES[FIRST_FOLDER:])
def test_each_folder_has_a_title_in_both_languages_and_says_what_is_alone(rung: Path) -> None:
    scene = OURS.scene(f"learn/{rung.name}")
    assert scene.title["en"] != scene.title["fr"]
    assert "alone" in scene.company


@pytest.mark.parametrize("page", ["README.md", "README.fr.md"])
def test_both_guides_have_a_section_for_each_lesson(page: str) -> None:
    text = (LADDER / page).read_text(encoding="utf-8")
    assert [line.split()[1] for line in text.splitlines() if line.startswith("## 0") or line.startswith("## 1")] == [
        f"{n:02}" for n in range(1, 13)
    ]
    assert all(f"`{path.stem}`" in text for path in RUNGS)


def test_each_lesson_draws_a_picture_wide_square_and_upright(tmp_path: Path) -> None:
    offline = pytest.importorskip("installation.stage.offline")
    sizes = [(64, 36), (48, 48), (36, 64)]
    jobs = [
        offline.Job(f"learn/{path.stem}", str(tmp_path / f"{path.stem}-{n}.png"), size, 0.2)
        for path in RUNGS
        for n, size in enumerate(sizes)
    ]
    try:
        results = list(offline.render(jobs, OURS.scene))
    except offline.Lacking as lack:
        pytest.skip(str(lack))
    wrong = [str(problem.told()) for result in results for problem in result.problems]
    assert not wrong, "\n".join(wrong)
    assert [result.what for result in results if result.constant] == []
    assert len(results) == len(jobs)
