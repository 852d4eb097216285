"""The four states of company, and their patience."""

import pytest

from installation.score.company import PATIENCE, Company, Seen, plain


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (Seen(True, True, 2), "together"),
        (Seen(True, True, 0), "alone"),
        (Seen(True, False, 0), "asleep"),
        (Seen(False, False, 0), "asleep"),
        (Seen(False, True, 3), "cut"),
    ],
)
def test_the_state_follows_from_line_hours_and_visitors(seen, state):
    assert plain(seen) == state


def test_a_short_doubt_does_not_change_the_state():
    company = Company()
    assert company.update(Seen(True, True, 1), 0.0) == "together"
    company.update(Seen(False, True, 0), 1.0)
    assert company.update(Seen(False, True, 0), 1.0 + PATIENCE["cut"] - 0.1) == "together"
    company.update(Seen(True, True, 1), 3.0)
    assert company.update(Seen(False, True, 0), 3.5) == "together"


def test_a_doubt_that_holds_becomes_the_state():
    company = Company()
    company.update(Seen(True, True, 1), 0.0)
    company.update(Seen(False, True, 0), 1.0)
    assert company.update(Seen(False, True, 0), 1.0 + PATIENCE["cut"]) == "cut"
