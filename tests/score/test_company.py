"""The four states of company, and their patience."""

import pytest

from installation.score.company import Company, Seen, patience, plain


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
    assert company.update(Seen(False, True, 0), 1.0 + patience("together", "cut") - 0.1) == "together"
    company.update(Seen(True, True, 1), 3.0)
    assert company.update(Seen(False, True, 0), 3.5) == "together"


def test_a_doubt_that_holds_becomes_the_state():
    company = Company()
    company.update(Seen(True, True, 1), 0.0)
    company.update(Seen(False, True, 0), 1.0)
    assert company.update(Seen(False, True, 0), 1.0 + patience("together", "cut")) == "cut"


def test_a_visitor_who_steps_aside_has_not_gone_but_a_line_that_comes_back_is_believed():
    assert patience("together", "alone") > 5 > patience("cut", "alone")
