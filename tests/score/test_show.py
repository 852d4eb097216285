"""What is wrong in a show is told at its line, with the name that was meant."""

import pytest

from installation.score.instant import Houses
from installation.score.rig import rig
from installation.score.scene import Shelf, Source
from installation.score.scene_file import from_toml
from installation.score.show import show, strange_names, unplaced

SHADER = """/*{"INPUTS": [{"NAME": "swell", "TYPE": "float"}, {"NAME": "level", "TYPE": "float"}]}*/
void main() { gl_FragColor = vec4(swell + level); }"""
TOML = '[[layer]]\nshader = "a.fs"\n[parameter.level]\nshare = "each"\n'
SCENE = from_toml("a", Source("a.toml", TOML), Shelf(lambda name: Source(name, SHADER)))
PARIS = Houses(rig('[site]\nname = "paris"\ncity = "Paris"\ntime_zone = "Europe/Paris"\n', "paris.toml"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("set = { swel = 0.9 }", 'e.toml:2: `set` of [cue.storm] names "swel"'),
        ("set = { swel = 0.9 }", 'did you mean "swell"?'),
        ('release = ["/scene/foam"]', 'e.toml:2: `release` of [cue.storm] names "foam"'),
        ('when = "levl > 0.5"', 'did you mean "level"?'),
        ('when = "/link/twin/qualty > 0.5"', 'names "/link/twin/qualty"'),
        ('when = "/twin/paris/swel > 0.5"', 'names "/twin/paris/swel"'),
    ],
)
def test_what_a_cue_names_and_no_scene_has_is_told(line, said):
    told = strange_names(show(f"[cue.storm]\n{line}\n", "e.toml"), [SCENE])
    assert len(told) == 1 and said in str(told[0].told())


@pytest.mark.parametrize(
    "line",
    [
        'when = "level_twin > 0.5 and /twin/twin/level < 1 and /scene/swell > 0"',
        'when = "/company == alone or /sun/paris/elevation < 0 or /tempo/bar > 0.5"',
        'set = { "/house/veil" = 1, "/tempo/bpm" = 90, "/preset/dusk" = 1, swell = 1.0 }',
    ],
)
def test_what_is_there_or_the_house_s_is_not(line):
    assert strange_names(show(f"[cue.storm]\n{line}\n", "e.toml"), [SCENE]) == []


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (
            "20:00 Pari",
            'e.toml:2: [cue.storm] is at "pari", and no rig knows that city; one of Paris, here, UTC; did you ',
        ),
        (
            "sunset",
            "e.toml:2: [cue.storm] waits for the sun in Paris; a rig that gives it; add `latitude, longitude` to",
        ),
    ],
)
def test_an_instant_that_the_rig_cannot_tell_is_told_with_what_it_lacks(at, said):
    told = unplaced(show(f'[cue.storm]\nat = "{at}"\n', "e.toml"), PARIS)
    assert str(told[0].told()).startswith(said)
