"""One bar for all cities, out of the shared time alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.score.tempo import Length, Tempo, bar, beat, count, following, length, seconds, turned

NOW = 1_813_000_000.0
TEMPI = st.builds(Tempo, st.floats(20, 300), st.integers(1, 16), st.floats(0, 1))


def test_at_sixty_a_beat_is_a_second_and_bars_begin_at_the_whole_fours_since_1970():
    tempo = Tempo(60.0)
    assert beat(NOW + 0.25, tempo) == pytest.approx(0.25) and bar(NOW + 1.0, tempo) == pytest.approx(0.25)
    assert following(NOW + 0.1, tempo) == NOW + 4.0 and following(NOW + 0.1, tempo, "beat") == NOW + 1.0


@given(TEMPI, st.floats(1.6e9, 2.2e9), st.floats(1, 400))
def test_a_change_of_tempo_keeps_the_phase(tempo, now, bpm):
    again = turned(tempo, bpm, now)
    away = abs(bar(now, again) - bar(now, tempo))
    assert min(away, 1 - away) < 1e-5 and 20 <= again.bpm <= 300 and 0 <= again.offset <= again.beats


@given(TEMPI, st.floats(1.6e9, 2.2e9), st.sampled_from(["bar", "beat"]))
def test_the_next_bar_is_ahead_by_a_bar_at_most_and_is_its_own_next(tempo, now, unit):
    found = following(now, tempo, unit)
    long = seconds(Length(1, unit), tempo)
    assert -1e-4 <= found - now <= long + 1e-4
    assert following(found, tempo, unit) == pytest.approx(found, abs=1e-5)
    assert abs(count(found, tempo) / (tempo.beats if unit == "bar" else 1) % 1.0 - 0.5) > 0.49


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (0.5, Length(0.5)),
        ("1 bar", Length(1, "bar")),
        ("2 beats", Length(2, "beat")),
        ("1/2 bar", Length(0.5, "bar")),
        ("3 mesures", Length(3, "bar")),
        ("1 temps", Length(1, "beat")),
        ("1.5 s", Length(1.5)),
        ("a bar", None),
        ("1/0 bar", None),
        (-1, None),
        (True, None),
        ("1 bra", None),
    ],
)
def test_a_length_is_seconds_or_music(said, meant):
    assert length(said) == meant


def test_a_bar_of_four_at_96_is_two_and_a_half_seconds():
    assert seconds(Length(1, "bar"), Tempo(96.0)) == 2.5 and seconds(Length(2, "beat"), Tempo(96.0)) == 1.25
