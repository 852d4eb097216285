"""What a scene.toml may say, and how each fault is told: file:line, in both languages."""

import pytest

from installation.score.problem import Fault
from installation.score.scene import Shelf, Source, bound, from_shader, laid_out
from installation.score.scene_file import from_toml
from installation.score.tempo import Length

SHADER = """/*{"ISFVSN": "2", "INPUTS": [
  {"NAME": "level", "TYPE": "float", "MIN": 0, "MAX": 2, "DEFAULT": 0.5},
  {"NAME": "level_twin", "TYPE": "float", "DEFAULT": 0.25},
  {"NAME": "where", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 1]},
  {"NAME": "company", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["a", "b", "c", "d"]},
  {"NAME": "drop", "TYPE": "event"}
]}*/
void main() { gl_FragColor = vec4(level + level_twin); }
"""
GOOD = """title = { fr = "Marée", en = "Tide" }
[[layer]]
shader = "a.fs"
[parameter.level]
share = "each"
smooth = 0.4
[[patch]]
from = "/floor/x"
to = "where.x"
[alone]
level = 0.1
level_twin = 0.9
"""


def read(text):
    return from_toml(
        "tide", Source("scene.toml", text), Shelf(lambda name: Source("a.fs", SHADER) if name == "a.fs" else None)
    )


def faults(text, language="en"):
    with pytest.raises(Fault) as fault:
        read(text)
    return [str(problem.told(language)) for problem in fault.value.problems]


def test_a_scene_declares_each_parameter_once():
    scene = read(GOOD)
    assert [p.address for p in scene.parameters] == ["/scene/level", "/scene/where", "/scene/drop"]
    assert scene.parameters[0].share == "each" and scene.parameters[0].smooth == 0.4
    assert scene.parameters[0].high == (2.0,)


def test_an_input_named_twin_is_the_other_citys_value():
    scene = read(GOOD)
    layout = laid_out(scene, ("san_francisco",))
    assert bound(scene, "a", "level_twin", layout).address == "/twin/san_francisco/level"
    assert bound(scene, "a", "company", layout).address == "/company"
    assert bound(scene, "a", "level", layout).address == "/scene/level"


def test_a_table_of_company_may_stand_in_for_the_other_city():
    assert read(GOOD).company["alone"].values == {"/scene/level": (0.1,), "/twin/*/level": (0.9,)}


def test_a_misspelt_key_is_told_with_the_nearest_name():
    told = faults(GOOD.replace("smooth", "smoth"))
    assert len(told) == 1
    assert told[0].startswith('scene.toml:6: [parameter.level] has no option "smoth"')
    assert 'did you mean "smooth"?' in told[0]


def test_a_misspelt_key_is_told_in_french():
    assert "vouliez-vous dire « smooth » ?" in faults(GOOD.replace("smooth", "smoth"), "fr")[0]


def test_a_table_of_the_wrong_shape_is_told_before_what_it_names():
    text = GOOD.replace('share = "each"', 'share = "eech"').replace('"where.x"', '"were.x"').replace("a.fs", "b.fs")
    (told,) = faults(text)
    assert told.startswith('scene.toml:5: `share` is "eech"') and told.endswith('; did you mean "each"?')


def test_all_that_is_misnamed_is_told_at_once():
    text = GOOD.replace('"where.x"', '"were.x"').replace("level = 0.1", "levle = 0.1")
    assert [one.split(":")[1] for one in faults(text)] == ["11", "9"]


def test_a_shader_that_is_not_there_is_told_at_its_line():
    assert faults(GOOD.replace("a.fs", "b.fs"))[0].startswith('scene.toml:3: no shader "b.fs"')


def test_a_scene_that_reads_the_twin_must_say_what_it_does_alone():
    told = faults(GOOD.split("[alone]")[0])
    assert "does not say what it does alone" in told[0]


def test_a_scene_that_reads_the_twin_must_share_what_it_reads():
    assert (
        'reads "level_twin", but "level" is not shared'
        in faults(GOOD.replace('share = "each"\n', "").replace("level_twin = 0.9\n", ""))[0]
    )


def test_a_patch_to_nowhere_is_told_with_the_nearest_parameter():
    told = faults(GOOD.replace('to = "where.x"', 'to = "lewel"'))
    assert told[0].startswith('scene.toml:9: the patch leads to "lewel"') and '"level"' in told[0]


def test_a_patch_whose_range_is_empty_is_told():
    assert "begins and ends at 1" in faults(GOOD.replace('to = "where.x"', 'to = "where.x"\nin = [1, 1]'))[0]


def test_a_value_of_the_wrong_width_is_told():
    assert '"level" takes 1 numbers, not 2' in faults(GOOD.replace("level = 0.1", "level = [0.1, 0.2]"))[0]


def test_one_shader_alone_is_a_scene_that_shares_what_its_twin_inputs_name():
    scene = from_shader("a", Source("a.fs", SHADER))
    assert {p.name: p.share for p in scene.parameters} == {"level": "each", "where": "", "drop": ""}


def test_the_layout_differs_when_a_text_does():
    assert laid_out(read(GOOD), ()).digest != laid_out(read(GOOD + "\n# changed\n"), ()).digest


def test_a_layers_own_parameter_is_named_by_a_path_or_in_a_table_of_its_own():
    two = GOOD.replace("[parameter.level]", '[[layer]]\nshader = "a.fs"\nname = "b"\n[parameter.level]')
    for written in ('"b/opacity" = 0.25', "b.opacity = 0.25"):
        scene = read(f"{two}\n[cut]\n{written}\n")
        assert scene.company["cut"].values == {"/scene/b/opacity": (0.25,)}
        scene = read(f"{two}\n[preset.dim]\nlabel = {{ fr = 'Sombre', en = 'Dim' }}\n{written}\n")
        assert scene.presets[0].values == {"/scene/b/opacity": (0.25,)}
    (told,) = [one for one in _told(f"{two}\n[cut]\nb.opacty = 0.25\n")]
    assert '"b/opacty"' in told and 'did you mean "b/opacity"?' in told and "scene.toml:18" in told


def test_a_key_of_the_scene_below_a_heading_is_told_to_move():
    (told,) = _told(GOOD + 'seed = 7\n\n[[patch]]\nfrom = "/x"\nto = "level"\nperiod = 60\n'.replace("seed = 7\n", ""))
    assert '[[patch]] has no option "period"' in told and "write it above the first [[layer]]" in told


def _told(text):
    with pytest.raises(Fault) as fault:
        read(text)
    return [str(problem.told()) for problem in fault.value.problems]


def test_a_type_makes_a_parameter_of_the_scene_beside_a_layers_own_input_of_that_name():
    own = '/*{"INPUTS": [{"NAME": "color", "TYPE": "color"}, {"NAME": "fr", "TYPE": "image"}]}*/ void main() {}'
    texts = {"engine/text.fs": own, "a.fs": SHADER}
    toml = '[[layer]]\nshader = "a.fs"\n[[layer]]\ntext = "night"\nname = "words"\n[parameter.level]\nshare = "each"\n'
    toml += '[parameter.color]\ntype = "color"\ndefault = [0, 0, 1, 1]\n[alone]\n'
    scene = from_toml("s", Source("scene.toml", toml), Shelf(lambda name: Source(name, texts[name])))
    found = {one.address: one.default for one in scene.parameters}
    assert found["/scene/color"] == (0.0, 0.0, 1.0, 1.0) and found["/scene/words/color"] != found["/scene/color"]


def test_how_another_citys_hand_is_shown_is_said_beside_its_share():
    scene = read(GOOD.replace("smooth = 0.4", 'between = "angle"\ndelay = "2 beats"\ndelay_self = true'))
    level = scene.parameters[0]
    assert (level.between, level.delay, level.delay_self) == ("angle", Length(2.0, "beat"), True)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("delay = -1", "`delay` is -1; seconds, or a length in music"),
        ('delay = "soon"', '`delay` is "soon"; seconds, or a length in music'),
        ('delay = "5 bars"', '`delay` is "5 bars": 10 s at 120 beats a minute; 8 seconds at most'),
        ("delay = 8.5", "`delay` is 8.5: 8.5 s at 120 beats a minute; 8 seconds at most"),
        ('between = "curve"', '`between` is "curve"'),
        ("delay_self = true", "`delay_self` without `delay`"),
    ],
)
def test_a_delay_or_a_way_that_makes_no_sense_is_told_with_its_line(said, told):
    found = faults(GOOD.replace("smooth = 0.4", said))
    assert len(found) == 1 and found[0].startswith(f"scene.toml:6: {told}")


def test_a_delay_of_what_is_not_shared_or_of_an_event_is_told():
    assert "this is not shared" in faults(GOOD + "[parameter.where]\ndelay = 1\n")[0]
    assert "un évènement" in faults(GOOD + "[parameter.drop]\nshare = 'sum'\ndelay = 1\n", "fr")[0]
    long = GOOD.replace("[parameter.level]", '[parameter.many]\ntype = "long"\nbetween = "linear"\n[parameter.level]')
    assert "long has nothing between two values" in faults(long)[0]
