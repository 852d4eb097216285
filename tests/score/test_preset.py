"""Presets: read from the scene's table, mixed by numbers worked out by hand."""

import pytest

from installation.score.parameter import Parameter
from installation.score.preset import Preset, handles, mixed
from installation.score.problem import Fault
from installation.score.scene import Shelf, Source
from installation.score.scene_file import from_toml

PARAMETERS = {
    one.address: one
    for one in (
        Parameter(name="level", default=(0.5,)),
        Parameter(name="where", kind="point2D", default=(0.0, 0.0), low=(0.0, 0.0), high=(1.0, 1.0)),
        Parameter(name="tint", kind="color", default=(1.0,) * 4, low=(0.0,) * 4, high=(1.0,) * 4),
        Parameter(name="on", kind="bool", default=(0.0,)),
        Parameter(name="mode", kind="long", default=(0.0,), high=(9.0,)),
        Parameter(name="hit", kind="event", default=(0.0,)),
    )
}
DUSK = Preset(
    name="dusk",
    values={
        "/scene/level": (0.2,), "/scene/where": (0.0, 1.0), "/scene/tint": (1.0, 0.0, 0.0, 1.0), "/scene/on": (0.0,),
        "/scene/mode": (2.0,), "/scene/hit": (1.0,),
    },
)  # fmt: skip
NIGHT = Preset(
    name="night",
    values={
        "/scene/level": (0.6,), "/scene/where": (1.0, 0.0), "/scene/tint": (0.0, 0.0, 1.0, 0.0), "/scene/on": (1.0,),
        "/scene/mode": (5.0,),
    },
)  # fmt: skip
DAWN = Preset(name="dawn", values={"/scene/level": (1.0,)})


@pytest.mark.parametrize(
    ("place", "level", "where", "tint", "on", "mode"),
    [
        (0.0, (0.2,), (0.0, 1.0), (1.0, 0.0, 0.0, 1.0), (0.0,), (2.0,)),
        (0.25, (0.3,), (0.25, 0.75), (0.75, 0.0, 0.25, 0.75), (0.0,), (2.0,)),
        (0.5, (0.4,), (0.5, 0.5), (0.5, 0.0, 0.5, 0.5), (1.0,), (5.0,)),
        (1.0, (0.6,), (1.0, 0.0), (0.0, 0.0, 1.0, 0.0), (1.0,), (5.0,)),
        (1.5, (0.8,), (0.5, 0.0), (0.5, 0.5, 1.0, 0.5), (0.0,), (0.0,)),
        (7.0, (1.0,), (0.0, 0.0), (1.0, 1.0, 1.0, 1.0), (0.0,), (0.0,)),
        (-1.0, (0.2,), (0.0, 1.0), (1.0, 0.0, 0.0, 1.0), (0.0,), (2.0,)),
    ],
)
def test_a_place_between_presets_is_a_straight_line_and_switches_jump_halfway(place, level, where, tint, on, mode):
    found = mixed((DUSK, NIGHT, DAWN), PARAMETERS, place)
    wanted = {"level": level, "where": where, "tint": tint, "on": on, "mode": mode}
    assert {address.removeprefix("/scene/") for address in found} == set(wanted)
    for name, numbers in wanted.items():
        assert found[f"/scene/{name}"] == pytest.approx(numbers)


def test_one_preset_alone_is_itself_wherever_the_fader_stands():
    assert mixed((DAWN,), PARAMETERS, 0.7) == {"/scene/level": (1.0,)}


def test_each_preset_is_an_event_and_one_fader_goes_over_all():
    found = handles((DUSK, NIGHT, DAWN))
    assert [(address, one.kind) for address, one in found.items()] == [
        ("/preset/dusk", "event"), ("/preset/night", "event"), ("/preset/dawn", "event"), ("/preset/mix", "float"),
    ]  # fmt: skip
    assert found["/preset/mix"].high == (2.0,)
    assert handles(()) == {}


SHADER = '/*{"INPUTS": [{"NAME": "level", "TYPE": "float"}, {"NAME": "tint", "TYPE": "color"}]}*/\nvoid main() {}'
TOML = """title = "a"
[[layer]]
shader = "a.fs"
[preset.dusk]
label = {{ fr = "Crépuscule", en = "Dusk" }}
fade = 4
level = 3
tint = [0.1, 0.2, 0.3]
{more}
"""


def read(more=""):
    return from_toml("a", Source("scene.toml", TOML.format(more=more)), Shelf(lambda name: Source("a.fs", SHADER)))


def test_a_preset_is_read_within_the_ranges_of_its_parameters():
    (dusk,) = read().presets
    assert (dusk.name, dusk.label["fr"], dusk.fade) == ("dusk", "Crépuscule", 4.0)
    assert dusk.values == {"/scene/level": (1.0,), "/scene/tint": (0.1, 0.2, 0.3, 1.0)}


@pytest.mark.parametrize(
    ("more", "line", "found"),
    [
        ("levle = 1", 9, 'no shader of this scene has an input "levle"'),
        ("[preset.mix]", 9, '"mix" cannot name a preset'),
        ("[preset.Nuit]", 9, '"Nuit" cannot name a preset'),
        ("[preset.night]\ntint = [1, 2]", 10, '"tint" takes 4 numbers, not 2'),
    ],
)
def test_what_is_wrong_with_a_preset_is_told_at_its_line(more, line, found):
    with pytest.raises(Fault) as fault:
        read(more)
    (problem,) = fault.value.problems
    assert (problem.line, problem.told().found) == (line, found)


def test_a_patch_may_lead_to_the_fader_over_all_presets():
    scene = read('[[patch]]\nfrom = "/desk/fader"\nto = "/preset/mix"')
    assert scene.patches[0].target == "/preset/mix"
