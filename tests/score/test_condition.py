"""`when` of a cue: comparisons, and nothing else."""

import pytest

from installation.score.condition import condition

VALUES = {"/link/twin/quality": 0.2, "level": 0.95, "level_twin": 0.91, "/company": 1.0, "/sun/here/elevation": -7.0}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("/link/twin/quality < 0.3", True),
        ("level > 0.9 and level_twin > 0.9", True),
        ("level > 0.9 && level_twin > 0.93", False),
        ("abs(level - level_twin) < 0.05", True),
        ("/company == alone", True),
        ("/company == together or not level < 0.5", True),
        ("-18 < /sun/here/elevation < -6", True),
        ("min(level, level_twin) * 2 >= 1.82", True),
        ("/not/there > 0", False),
    ],
)
def test_a_condition_holds_by_the_values_of_now(text, holds):
    assert condition(text).holds(VALUES.__getitem__) is holds


@pytest.mark.parametrize(
    "text",
    ["", "level", "level > 'a'", "__import__('os').system('x') > 0", "level.real > 0", "(lambda: 1)() > 0",
     "[1][0] > 0", "level > 2 ** 99", "open > ", "level := 3", "x" * 500 + " > 1", "(" * 200 + "1" + ")" * 200 + " > 0",
     3, None, "abs() > 0", "level > 0 if level else 1", "f'{level}' > 0", "level @ level > 0"],
)  # fmt: skip
def test_what_is_no_comparison_is_refused_when_it_is_read(text):
    assert condition(text) is None


def test_a_condition_names_its_addresses_as_they_were_written():
    assert condition("/a/b < 1 and level > /a/b").addresses == ("/a/b", "level")
