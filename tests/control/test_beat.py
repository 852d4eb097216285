"""The common bar in two cities, and parameters that follow values."""

from pathlib import Path

import pytest

from installation.control import desk
from installation.score.problem import Fault
from installation.score.scene import Shelf, Source
from installation.score.scene_file import from_toml
from installation.score.tempo import Tempo, bar, beat
from tests.control.houses import SHADER, TOML, Pair

ROOT = Path(__file__).parents[2]
MUSIC = TOML + "[music]\ntempo = 96\n"


def make(tmp_path, text):
    return Pair(tmp_path, "", text=text)


def ask(house, do, **body):
    return desk.answer(house.control, {"do": do, **body})


def test_both_cities_are_in_one_bar_without_a_word(tmp_path):
    pair = make(tmp_path, MUSIC)
    pair.cut()
    pair.pass_(1.0, 0.01)
    for one in pair.houses:
        shared = one.control.link.shared.shared(pair.clock.now())
        assert one.value("/tempo/beat") == pytest.approx(beat(shared, Tempo(96.0)), abs=1e-6)
        assert one.value("/tempo/bar") == pytest.approx(bar(shared, Tempo(96.0)), abs=1e-6)
        assert one.value("/tempo/bpm") == 96.0
    pair.close()


def test_a_hand_on_the_tempo_is_every_city_s_and_the_phase_does_not_jump(tmp_path):
    pair = make(tmp_path, MUSIC)
    pair.pass_(1.0, 0.01)
    ask(pair.paris, "set", address="/tempo/bpm", value=[140.0])
    before = [one.value("/tempo/beat") for one in pair.houses]
    for _ in range(1500):
        pair.pass_(0.01, 0.01)
        after = [one.value("/tempo/beat") for one in pair.houses]
        # A tick at 140 is 0.0233 beats; a tenth more where a city catches up with what it heard late.
        assert all((b - a) % 1.0 < 0.027 for a, b in zip(before, after, strict=True))
        before = after
    assert [one.value("/tempo/bpm") for one in pair.houses] == [140.0, 140.0]
    assert before[0] == pytest.approx(before[1], abs=1e-9)
    pair.close()


def test_cities_that_changed_the_tempo_apart_meet_in_one_bar(tmp_path):
    pair = make(tmp_path, MUSIC)
    pair.pass_(1.0, 0.1)
    pair.cut()
    ask(pair.paris, "set", address="/tempo/bpm", value=[140.0])
    pair.pass_(5.0, 0.1)
    ask(pair.frisco, "set", address="/tempo/bpm", value=[70.0])
    pair.pass_(5.0, 0.1)
    pair.hail()
    pair.pass_(40.0, 0.1)
    assert [one.value("/tempo/bpm") for one in pair.houses] == [70.0, 70.0]
    assert pair.paris.value("/tempo/bar") == pytest.approx(pair.frisco.value("/tempo/bar"), abs=1e-9)
    pair.close()


def follow(line):
    return TOML + f"[parameter.echo]\n{line}\n"


def test_a_parameter_follows_the_other_city_s_value(tmp_path):
    pair = make(tmp_path, follow('from = "/twin/twin/level"'))
    ask(pair.frisco, "set", address="level", value=[0.7])
    pair.pass_(1.0)
    assert pair.paris.value("/scene/echo") == pytest.approx(0.7, abs=1e-4) and pair.frisco.value("/scene/echo") == 0.0
    pair.close()


@pytest.mark.parametrize("source", ["level", "/scene/level", "/twin/san_francisco/level", "level_twin"])
def test_a_patch_may_lead_from_a_value_by_any_of_its_names(tmp_path, source):
    patch = f'[[patch]]\nfrom = "{source}"\nto = "echo"\nin = [0.0, 1.0]\nout = [1.0, 0.0]\n'
    pair = make(tmp_path, TOML + patch)
    for one in pair.houses:
        ask(one, "set", address="level", value=[0.75])
    pair.pass_(1.0)
    assert pair.paris.value("/scene/echo") == pytest.approx(0.25, abs=1e-4)
    pair.close()


def test_a_value_that_rests_leaves_a_hand_alone(tmp_path):
    pair = make(tmp_path, follow('from = "level"'))
    pair.pass_(1.0)
    ask(pair.paris, "set", address="echo", value=[0.9])
    pair.pass_(2.0)
    assert pair.paris.value("/scene/echo") == pytest.approx(0.9, abs=1e-4)
    pair.close()


def test_an_event_that_follows_a_level_rises_where_that_rises_past_the_half(tmp_path):
    pair = make(tmp_path, TOML + '[parameter.bang]\nfrom = "level"\n')
    pair.pass_(1.0)
    for value in (0.4, 0.6, 0.9, 0.2, 0.7):
        ask(pair.paris, "set", address="level", value=[value])
        pair.pass_(0.5)
    assert pair.paris.value("/scene/bang") == 2.0
    pair.close()


def test_each_city_has_both_suns_and_both_clocks(tmp_path):
    pair = make(tmp_path, TOML + '[parameter.height]\nfrom = "/sun/paris/elevation"\n')
    pair.pass_(3.0)
    here, there = pair.houses
    assert here.value("/sun/here/elevation") == there.value("/sun/paris/elevation") != 0.0
    assert here.value("/sun/san_francisco/azimuth") == there.value("/sun/here/azimuth")
    assert here.value("/scene/height") == pytest.approx(here.value("/sun/here/elevation"), abs=0.01)
    assert there.value("/scene/height") == pytest.approx(here.value("/scene/height"), abs=0.01)
    assert (here.value("/clock/local") - there.value("/clock/local")) % 86400 == 9 * 3600
    assert here.value("/clock/san_francisco/local") == there.value("/clock/local")
    assert (here.value("/site/index"), there.value("/site/index")) == (0.0, 1.0)
    assert ask(here, "get", address="/sun/paris/elevation")["value"] == pytest.approx(
        here.value("/sun/here/elevation"), abs=1e-5
    )
    pair.close()


def faults(text):
    with pytest.raises(Fault) as fault:
        from_toml("a", Source("scene.toml", text), Shelf(lambda file: Source(file, SHADER)))
    return str(fault.value)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('[parameter.echo]\nfrom = "/sun/here/elevatoin"\n', 'did you mean "/sun/here/elevation"?'),
        ('[parameter.echo]\nfrom = "/twin/paris/swel"\n', 'did you mean "/twin/paris/swell"?'),
        ('[parameter.echo]\nfrom = "/tempo/baet"\n', 'scene.toml:10: "/tempo/baet" is followed'),
        (
            '[parameter.echo]\nfrom = "level"\n[[patch]]\nfrom = "echo"\nto = "level"\n',
            "follow one another in a circle",
        ),
        ('[parameter.echo]\nfrom = "echo"\n', "echo follow one another in a circle"),
    ],
)
def test_what_cannot_be_followed_is_told_at_its_line(lines, said):
    assert said in faults(TOML + lines)


def test_a_scene_that_is_a_layer_keeps_what_its_parameters_follow():
    inner = from_toml("in", Source("in.toml", follow('from = "level_twin"')), Shelf(lambda file: Source(file, SHADER)))
    shelf = Shelf(lambda file: Source(file, (ROOT / "shaders" / file).read_text()), scene=lambda name: inner)
    outer = from_toml("out", Source("out.toml", '[[layer]]\nscene = "in"\n[alone]\n'), shelf)
    assert [(one.source, one.target) for one in outer.patches] == [("/twin/twin/in/level", "/scene/in/echo")]
