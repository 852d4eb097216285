"""The four states of company, and their patience."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.score.company import STEPS, Company, Seen, leaving, over_all, patience, plain


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


def lived(company, seen, seconds, begin=0.0):
    """The changes of state of so many seconds, ten updates in each; `seen` is asked with each time."""
    states = [company.update(seen(begin + n / 10), begin + n / 10) for n in range(round(seconds * 10))]
    return [b for a, b in itertools.pairwise(states) if a != b]


@pytest.mark.parametrize("visitors", [0, 2])
def test_a_line_that_flaps_each_three_seconds_is_cut_and_does_not_make_the_picture_flicker(visitors):
    company = Company()
    company.update(Seen(True, True, visitors), 0.0)
    changes = lived(company, lambda now: Seen(now % 6 >= 3, True, visitors), 600.0)
    assert company.state == "cut" and len(changes) <= 5
    quiet = lived(company, lambda now: Seen(now % 6 >= 3, True, visitors), 600.0, 600.0)
    assert len(quiet) <= 2


def test_a_line_that_holds_again_ends_the_cut_within_half_a_minute_and_a_lone_cut_within_seconds():
    company = Company()
    lived(company, lambda now: Seen(now % 6 >= 3, True, 0), 300.0)
    assert lived(company, lambda now: Seen(True, True, 0), 31.0, 300.0) == ["alone"]
    lived(company, lambda now: Seen(True, True, 0), 200.0, 331.0)
    assert lived(company, lambda now: Seen(now > 541, True, 0), 13.0, 531.0) == ["cut", "alone"]


def test_a_sensor_that_loses_its_visitor_now_and_then_leaves_them_together():
    company = Company()
    assert lived(company, lambda now: Seen(True, True, float(now % 5 < 3)), 120.0) == []
    assert company.state == "together"


def test_a_door_that_counts_one_visitor_every_ten_seconds_slows_the_parting_not_the_meeting():
    company = Company()
    company.update(Seen(True, True, 0), 0.0)
    changes = lived(company, lambda now: Seen(True, True, float(now % 20 < 10)), 300.0)
    assert company.state == "together" and len(changes) <= 6


def test_a_city_that_says_open_and_closed_by_turns_is_believed_more_slowly_each_time():
    company = Company()
    changes = lived(company, lambda now: Seen(True, now % 6 >= 3, 0), 600.0)
    assert len(changes) <= 6


def test_a_sleeping_city_sleeps_though_its_machine_is_on_and_somebody_cleans_there():
    company = Company()
    assert lived(company, lambda now: Seen(True, False, 3.0), 60.0) == [] and company.state == "asleep"


def test_a_line_that_is_still_being_laid_at_the_start_is_no_cut_one():
    company = Company()
    assert lived(company, lambda now: Seen(now > 4, True, 0), 60.0) == [] and company.state == "alone"
    never = Company()
    assert lived(never, lambda now: Seen(False, True, 0), 60.0) == ["cut"]


def test_a_site_that_restarts_goes_on_in_the_state_it_was_in():
    again = Company("together")
    assert lived(again, lambda now: Seen(now > 4, True, float(now > 4)), 60.0) == [] and again.state == "together"


@pytest.mark.parametrize(
    ("states", "state"),
    [
        (["asleep", "together"], "together"),
        (["cut", "alone"], "alone"),
        (["asleep", "cut"], "cut"),
        (["asleep", "asleep"], "asleep"),
        ([], "alone"),
    ],
)
def test_with_several_cities_the_nearest_company_is_the_site_s(states, state):
    assert over_all(states) == state


def test_a_count_leaves_exactly_up_to_four_and_by_steps_beyond():
    told = [leaving(count) for count in (0, 1, 3.7, 4, 5, 9, 10, 19, 37, 99, 640, 12000)]
    assert told == [0, 1, 3, 4, 5, 5, 10, 10, 20, 50, 500, 1000]
    assert leaving(-3) == 0


def test_one_visitor_who_comes_and_goes_among_nine_is_not_seen_to():
    told, before = [], 0.0
    for count in (9, 10, 9, 10, 9, 10, 9):
        before = leaving(count, before)
        told.append(before)
    assert told == [5, 10, 10, 10, 10, 10, 10]
    assert leaving(8, 10.0) == 5 and leaving(17, 20.0) == 10 and leaving(18, 20.0) == 20


@given(st.lists(st.integers(0, 1200), min_size=1, max_size=60))
def test_what_leaves_is_always_one_of_the_steps_and_never_far_from_the_truth(counts):
    before = 0.0
    for count in counts:
        before = leaving(count, before)
        assert before in STEPS and leaving(count, before) == before
        assert before <= max(count * 1.25, count + 1) and (before > 0) == (count > 0)
