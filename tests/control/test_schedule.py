"""Cues that nobody gives by hand: at one instant in both cities, once at each, whatever the line and the power do."""

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installation.control import desk
from installation.score.problem import Fault
from installation.score.show import show
from tests.control.houses import Pair

NOW = datetime.datetime(2027, 1, 6, 18, 0, tzinfo=datetime.UTC).timestamp()
"""19:00 in Paris, 10:00 in San Francisco, a Wednesday."""
STORM = '[cue.storm]\nat = "19:01 Paris"\nset = { swell = 0.9 }\n'


@pytest.fixture
def pair(request, tmp_path):
    found = Pair(tmp_path, getattr(request, "param", STORM), wall=NOW)
    yield found
    found.close()


def make(tmp_path, of, there=None, **more):
    return Pair(tmp_path, of, there, wall=NOW, **more)


def test_a_cue_at_an_instant_is_carried_out_once_in_each_city(pair):
    pair.pass_(59.0, 1.0)
    assert (pair.paris.done, pair.frisco.done) == ([], [])
    pair.pass_(120.0, 1.0)
    assert (pair.paris.done, pair.frisco.done) == (["storm"], ["storm"])
    assert pair.paris.value("/scene/swell") == pair.frisco.value("/scene/swell") == pytest.approx(0.9, abs=1e-4)


def test_while_the_line_is_cut_each_city_does_it_by_itself_and_not_again_when_they_meet(pair):
    pair.cut()
    pair.pass_(120.0, 1.0)
    assert (pair.paris.done, pair.frisco.done) == (["storm"], ["storm"])
    pair.hail()
    pair.pass_(60.0, 1.0)
    assert (pair.paris.done, pair.frisco.done) == (["storm"], ["storm"])


def test_a_site_killed_between_the_giving_and_the_instant_still_does_it_once(pair):
    pair.pass_(57.0, 1.0)
    assert len(pair.paris.control.cues) == 1
    pair.paris.restart()
    pair.pass_(60.0, 1.0)
    assert (pair.paris.done, pair.frisco.done) == (["storm"], ["storm"])


def test_a_site_killed_right_after_it_does_not_do_it_again(pair):
    pair.pass_(60.0, 1.0)
    pair.paris.restart()
    pair.pass_(60.0, 1.0)
    assert pair.paris.done == ["storm"]


def test_where_only_one_city_has_the_show_the_journal_brings_it_to_the_other(tmp_path):
    pair = make(tmp_path, STORM, "")
    pair.pass_(70.0, 1.0)
    assert (pair.paris.done, pair.frisco.done) == (["storm"], ["storm"])
    pair.close()


def test_each_house_does_what_is_here_at_its_own_hour(tmp_path):
    pair = make(tmp_path, '[cue.door]\nat = "10:01 here"\nset = { level = 1.0 }\n')
    pair.pass_(120.0, 1.0)
    assert (pair.paris.done, pair.frisco.done) == ([], ["door"])
    pair.close()


def test_a_show_that_starts_for_the_first_time_does_nothing_of_yesterday(pair):
    assert pair.paris.control.schedule.seen == 0.0
    pair.pass_(2.0)
    assert pair.paris.done == []


def slept(tmp_path, late, days=3.0):
    """Paris is off for some days while San Francisco plays on; what Paris does when it comes back."""
    of = "".join(
        f'[cue.c{n}]\nat = "{n:02d}:30 Paris"\nset = {{ level = {n / 100} }}\nfade = 30.0\n{late}\n' for n in range(24)
    )
    pair = make(tmp_path, of)
    pair.pass_(1.0)
    pair.cut()
    pair.clock.advance(days * 86400.0)
    pair.paris.restart()
    pair.pass_(1.0, only=pair.paris)
    return pair


def test_who_was_off_for_three_days_stands_at_once_where_the_show_is(tmp_path):
    pair = slept(tmp_path, "")
    assert len(pair.paris.done) == 24 and pair.paris.done[-1] == "c18"  # each cue once, in order, in one tick
    assert pair.paris.value("/scene/level") == pytest.approx(0.18, abs=1e-4)
    pair.close()


def test_what_is_skipped_when_late_is_not_done(tmp_path):
    pair = slept(tmp_path, 'late = "skip"')
    assert pair.paris.done == [] and pair.paris.value("/scene/level") == 0.0
    pair.close()


def test_what_runs_when_late_is_whole_from_now(tmp_path):
    pair = slept(tmp_path, 'late = "run"')
    assert pair.paris.done and pair.paris.value("/scene/level") < 0.05
    pair.pass_(31.0, 1.0, only=pair.paris)
    assert pair.paris.value("/scene/level") == pytest.approx(0.18, abs=1e-4)
    pair.close()


def test_a_cue_that_is_a_little_late_is_in_time_and_its_fade_is_where_it_should_be(tmp_path):
    pair = make(tmp_path, STORM + 'fade = 10.0\nlate = "skip"\n')
    pair.pass_(58.0, 1.0)
    pair.clock.advance(4.0)
    pair.pass_(3.0, 1.0)
    assert pair.paris.done == ["storm"] and pair.paris.value("/scene/swell") == pytest.approx(0.45, abs=0.01)
    pair.close()


def test_scenes_that_were_slept_through_are_not_all_loaded(tmp_path):
    of = "".join(f'[cue.c{n}]\nat = "{n:02d}:30 Paris"\nscene = "s{n}"\n' for n in range(24))
    pair = make(tmp_path, of)
    pair.pass_(1.0)
    pair.clock.advance(3 * 86400.0)
    pair.paris.restart()
    pair.pass_(1.0, only=pair.paris)
    assert pair.paris.reader.asked == ["s18"]
    pair.close()


def test_a_clock_that_was_a_year_ahead_does_not_silence_the_show(pair):
    pair.paris.control.schedule.seen = NOW + 365 * 86400
    pair.pass_(70.0, 1.0)
    assert pair.paris.done == ["storm"]


def test_a_clock_that_steps_back_over_a_cue_does_not_do_it_twice(pair):
    pair.pass_(62.0, 1.0)
    line = pair.paris.wire.shared
    line.line = line.line._replace(shared=line.line.shared - 30.0)
    pair.pass_(60.0, 1.0)
    assert pair.paris.done == ["storm"]


WATCHED = '[cue.low]\nwhen = "level < 0.3"\nuntil = "level > 0.6"\nfor = 2\nset = { swell = 1.0 }\n'


@pytest.mark.parametrize("pair", [WATCHED], indirect=True)
def test_a_condition_gives_its_cue_once_it_has_held_and_again_only_after_its_release(pair):
    def level(value, seconds):
        desk.answer(pair.paris.control, {"do": "set", "address": "level", "value": [value]})
        pair.pass_(seconds)
        return len(pair.paris.done)

    assert level(0.0, 5.0) == 0  # it held from the start
    assert level(0.8, 3.0) == 0
    assert level(0.1, 1.0) == 0  # not for long enough
    assert level(0.1, 3.0) == 1
    assert level(0.5, 5.0) == 1  # neither below nor released
    assert level(0.1, 5.0) == 1
    assert level(0.9, 3.0) == 1
    assert level(0.1, 4.0) == 2
    assert pair.frisco.done == []  # each house by what it sees


@pytest.mark.parametrize("pair", [WATCHED + "here = false\n"], indirect=True)
def test_a_condition_that_comes_true_in_both_cities_for_all_is_one_cue(pair):
    for value in (0.9, 0.1):
        for one in pair.houses:
            desk.answer(one.control, {"do": "set", "address": "level", "value": [value]})
        pair.pass_(5.0)
    assert (pair.paris.done, pair.frisco.done) == (["low"], ["low"])


def test_a_hand_s_cue_has_a_key_too_and_comes_once_after_a_kill(tmp_path):
    pair = make(tmp_path, "[cue.storm]\nset = { swell = 0.9 }\n")
    pair.pass_(1.0)
    found = desk.answer(pair.paris.control, {"do": "go", "cue": "storm"})
    assert found["when"] == {"en": "now", "fr": "maintenant"}
    pair.pass_(1.0)
    pair.paris.restart()
    pair.pass_(1.0)
    assert (pair.paris.done, pair.frisco.done) == (["storm"], ["storm"])
    pair.close()


def test_go_on_the_bar_waits_for_the_bar_in_both_cities(tmp_path):
    pair = make(tmp_path, '[music]\ntempo = 60\n[cue.storm]\nset = { swell = 0.9 }\non = "bar"\n')
    pair.pass_(1.0)
    due = desk.answer(pair.paris.control, {"do": "go", "cue": "storm"})["due"]
    assert due == NOW + 4.0
    assert desk.answer(pair.paris.control, {"do": "go", "cue": "storm", "on": "beat"})["due"] == NOW + 2.0
    pair.close()


def test_the_desk_tells_when_and_where_each_cue_comes_next(pair):
    pair.pass_(1.0)
    found = desk.answer(pair.paris.control, {"do": "cues"})["cues"]
    assert found[0]["next"] == {
        "en": "tonight 19:01 Paris = 10:01 San Francisco",
        "fr": "ce soir 19:01 Paris = 10:01 San Francisco",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[cue.a]\nat = "sunsett"\n', 'evening.toml:2: `at` is "sunsett"'),
        ('[cue.a]\nat = "sunsett"\n', 'did you mean "sunset"?'),
        ('[cue.a]\nwhen = "level"\n', 'evening.toml:2: `when` is "level"'),
        ('[cue.a]\ndays = ["fri"]\n', "evening.toml:2: [cue.a] has `days` without `at`"),
        ('[cue.a]\nat = "noon"\nwhen = "level > 1"\n', "evening.toml:3: [cue.a] has both `at` and `when`"),
        ('[cue.a]\nlate = "jmup"\n', 'did you mean "jump"?'),
        ("[music]\ntempo = 3\n", "a number from 20 to 300"),
    ],
)
def test_what_is_wrong_in_a_show_is_told_at_its_line(text, said):
    with pytest.raises(Fault) as fault:
        show(text, "evening.toml")
    assert said in str(fault.value)


def test_a_city_that_the_rig_does_not_know_is_told_and_the_rest_of_the_show_goes_on(tmp_path):
    pair = make(tmp_path, '[cue.tokyo]\nat = "20:00 Tokyo"\n' + STORM)
    pair.pass_(70.0, 1.0)
    assert pair.paris.done == ["storm"]
    assert 'evening.toml:2: [cue.tokyo] is at "tokyo"' in str(pair.paris.told[0].told())
    pair.close()


@pytest.mark.parametrize("due", [float("nan"), float("inf"), -1e300, 0.0, 1e300, NOW + 500 * 86400])
def test_a_cue_from_abroad_whose_instant_makes_no_sense_is_passed_over(pair, due):
    pair.pass_(1.0)
    entry = pair.frisco.journal.write("cue", {"cue": "lie", "values": {"/scene/swell": [1.0]}}, due, NOW)
    pair.pass_(3.0)
    assert pair.paris.done == [] and len(pair.paris.control.cues) == 0 and entry.number == pair.paris.journal.applied
    assert "next" in desk.answer(pair.paris.control, {"do": "cues"})["cues"][0]


WORDS = ["pass", "cut", "hail", "kill paris", "kill frisco", "sleep", "back", "ahead"]
ACTS = st.lists(st.tuples(st.sampled_from(WORDS), st.integers(1, 12)), max_size=14)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_happens_each_cue_is_carried_out_once_in_each_city(tmp_path, acts):
    """Lines cut and mended, houses killed, hosts asleep, clocks stepped by seconds: ten cues, each once, in both."""
    first = datetime.datetime.fromtimestamp(NOW, datetime.UTC)
    times = [f"{first + datetime.timedelta(seconds=11 * n + 7):%Y-%m-%d %H:%M:%S} UTC" for n in range(10)]
    of = "".join(f'[cue.c{n}]\nat = "{at}"\nset = {{ swell = 0.{n} }}\n' for n, at in enumerate(times))
    pair = make(Path(tempfile.mkdtemp(dir=tmp_path)), of)
    pair.pass_(1.0, 1.0)
    for act, seconds in acts:
        match act:
            case "pass":
                pair.pass_(float(seconds), 1.0)
            case "cut":
                pair.cut()
            case "hail":
                pair.hail()
            case "sleep":
                pair.clock.advance(float(seconds))
            case "back" | "ahead":
                shared = pair.frisco.wire.shared
                step = seconds / 4 * (1 if act == "ahead" else -1)
                shared.line = shared.line._replace(shared=shared.line.shared + step)
            case kill:
                pair.paris.restart() if kill == "kill paris" else pair.frisco.restart()
    pair.hail()
    pair.pass_(150.0, 2.5)
    pair.close()
    for one in pair.houses:
        assert sorted(one.done) == [f"c{n}" for n in range(10)]


def test_of_two_cues_at_one_instant_the_last_by_name_wins_in_both_cities(tmp_path):
    of = "".join(
        f'[cue.{n}]\nat = "19:01 Paris"\nset = {{ level = {v}, swell = {v} }}\n' for n, v in (("b", 0.2), ("a", 0.9))
    )
    pair = make(tmp_path, of)
    pair.pass_(70.0, 1.0)
    for one in pair.houses:
        assert [one.value(f"/scene/{name}") for name in ("level", "swell")] == [pytest.approx(0.2, abs=1e-4)] * 2
    pair.close()
