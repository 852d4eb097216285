"""Scenes in Python: a class is the table that a scene.toml would be; each fault is told by the artist's own line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from installation.declare import OVERTIME, Answer
from installation.library import Library, own_root
from installation.score.class_table import declared
from installation.score.code import Code, Running, Text, imported
from installation.score.problem import Fault, Told
from installation.score.scene import Scene
from installation.tables import Tables

HEAD = "import numpy as np\nfrom installation import Layer, Parameter, Scene\n\n"
SHOAL = '''"""A shoal that crosses the sea."""
import numpy as np
from installation import Layer, Parameter, Scene


class Shoal(Scene):
    title = {"fr": "Banc", "en": "Shoal"}
    hand = Parameter((0.5, 0.5), share="each", smooth=0.3, label={"fr": "Main", "en": "Hand"})
    calm = Parameter(0.4, min=0, max=1)
    count = Parameter(40)
    tint = Parameter((1.0, 0.5, 0.0, 1.0))
    awake = Parameter(True)
    panic = Parameter(None)
    glow = Parameter(smooth=0.5)
    layers = [
        Layer(shader="glow.fs"),
        Layer(points="fish", blend="add", opacity=0.5),
    ]
    patches = {"/floor/x": "hand.x", "/floor/energy": dict(to="calm", in_=(0, 2), out=(1, 0))}
    alone = {"calm": 0.9}
    SPEED = 3
    _own = object()

    def update(self, time, delta):
        self.points["fish"] = np.zeros((1, 2))
'''
GLOW = '/*{"INPUTS":[{"NAME":"glow","TYPE":"float","DEFAULT":0.4}]}*/ void main() { gl_FragColor = vec4(glow); }'


def code(text: str, **beside: str) -> Code:
    others = {name: Text(f"{name}.py", f"/s/{name}.py", one) for name, one in beside.items()}
    return Code(Text("shoal.py", "/s/shoal.py", text), others)


def told(text: str, language: str = "en", **beside: str) -> Told:
    """The one problem of a text, as the child finds it."""
    with pytest.raises(Fault) as fault:
        declared(code(text, **beside))
    (problem,) = fault.value.problems
    return problem.told(language)


def read(folder: Path, text: str, **files: str) -> Scene:
    """A scene as control reads it: its table from a child."""
    place = folder / "scenes" / "shoal"
    place.mkdir(parents=True, exist_ok=True)
    (place / "scene.py").write_text(text, encoding="utf-8")
    for name, one in {"glow.fs": GLOW, **files}.items():
        (place / name).write_text(one, encoding="utf-8")
    library = Library([folder, own_root()])
    library.tables = Tables(folder / "tables")
    return library.scene("shoal")


def problem(folder: Path, text: str, **files: str) -> Told:
    with pytest.raises(Fault) as fault:
        read(folder, text, **files)
    return fault.value.problems[0].told()


def test_a_class_is_the_scene_that_its_table_would_be(tmp_path: Path) -> None:
    scene = read(tmp_path, SHOAL)
    kinds = {one.address: (one.kind, one.default, one.low, one.high) for one in scene.parameters}
    assert kinds["/scene/hand"] == ("point2D", (0.5, 0.5), (0.0, 0.0), (1.0, 1.0))
    assert kinds["/scene/calm"] == ("float", (0.4,), (0.0,), (1.0,))
    assert kinds["/scene/count"] == ("long", (40.0,), (0.0,), (40.0,))
    assert kinds["/scene/tint"][:2] == ("color", (1.0, 0.5, 0.0, 1.0))
    assert kinds["/scene/awake"][:2] == ("bool", (1.0,))
    assert kinds["/scene/panic"][0] == "event"
    assert next(one for one in scene.parameters if one.name == "glow").smooth == 0.5
    assert (scene.name, scene.title["fr"], [one.name for one in scene.layers]) == ("shoal", "Banc", ["glow", "fish"])
    assert [(one.source, one.target, one.line) for one in scene.patches] == [
        ("/floor/x", "/scene/hand", 19), ("/floor/energy", "/scene/calm", 19)]  # fmt: skip
    assert scene.company["alone"].values == {"/scene/calm": (0.9,)}


def test_what_a_parameter_says_stands_at_its_line(tmp_path: Path) -> None:
    hand = read(tmp_path, SHOAL).parameters[0]
    assert (hand.name, hand.share, hand.smooth, hand.label["fr"], hand.line) == ("hand", "each", 0.3, "Main", 8)


def test_a_list_of_patches_says_the_same(tmp_path: Path) -> None:
    text = SHOAL.replace('{"/floor/x": "hand.x", ', '[dict(from_="/floor/x", to="hand.x"), ')
    text = text.replace('"/floor/energy": dict(to', 'dict(from_="/floor/energy", to').replace("(1, 0))}", "(1, 0))]")
    assert [one.target for one in read(tmp_path, text).patches] == ["/scene/hand", "/scene/calm"]


def test_a_change_of_a_file_that_it_imports_is_another_scene(tmp_path: Path) -> None:
    text = "from flock import START\n" + SHOAL.replace("Parameter(0.4,", "Parameter(START,")
    before = read(tmp_path, text, **{"flock.py": "START = 0.25"})
    after = read(tmp_path, text, **{"flock.py": "START = 0.75"})
    assert before.digest != after.digest
    assert [one.default for one in after.parameters if one.name == "calm"] == [(0.75,)]
    assert {Path(file).name for file in after.files} >= {"scene.py", "flock.py", "glow.fs"}


@pytest.mark.parametrize(
    ("text", "line", "found", "remedy"),
    [
        ("sea = (1", 4, "this is not Python: '(' was never closed", "correct this line, or the one"),
        ("1 / 0", 4, "ZeroDivisionError: division by zero", "correct this line"),
        ("import fishes", 4, "ModuleNotFoundError: No module named 'fishes'", "correct this line"),
        ("raise SystemExit", 4, "SystemExit", "correct this line"),
        ("raise BaseException('x')", 4, "BaseException: x", "correct this line"),
        ("raise KeyboardInterrupt", 4, "KeyboardInterrupt", "correct this line"),
        ("x = 1", 1, "no class of this file is a Scene", "begin with `from installation import"),
        ("class A(Scene): pass\nclass B(Scene): pass", 5, "A, B are both scenes", "put _ before the name"),
        ("class A(Scene):\n    titel = 'x'\n    layers = []", 5, 'a scene has no "titel"', 'did you mean "title"?'),
        ("class A(Scene):\n    speed = 3\n    layers = []", 5, 'a scene has no "speed"', "in CAPITALS"),
        ("class A(Scene):\n    size = Parameter(0.5)", 5, "`size` is a parameter", "choose"),
        ("class A(Scene):\n    hand = Parameter('up')", 5, 'the default of `hand` is "up"', "or say `type=`"),
        ("class A(Scene):\n    alone = {'x': object}", 5, "`x` holds <class 'object'>", "write the value itself"),
    ],
)  # fmt: skip
def test_a_fault_of_the_class_is_told_by_its_line(text: str, line: int, found: str, remedy: str) -> None:
    one = told(HEAD + text)
    assert (one.file, one.line) == ("shoal.py", line)
    assert found in one.found and remedy in one.remedy, str(one)
    assert "Traceback" not in str(one)


def test_what_a_class_stands_on_has_its_lines_too() -> None:
    text = HEAD + "class _Sea(Scene):\n    titel = 'x'\n\nclass Shoal(_Sea):\n    layers = []\n"
    assert told(text).line == 5


def test_a_fault_in_a_file_beside_it_is_told_there() -> None:
    one = told(HEAD + "import flock", flock="x = 1\ny = nothing")
    assert (one.file, one.line, one.found) == ("flock.py", 2, "NameError: name 'nothing' is not defined")


def test_the_faults_speak_french() -> None:
    one = told(HEAD + "class A(Scene):\n    titel = 'x'", "fr")
    assert str(one).startswith("shoal.py:5: une scène n'a pas de « titel » ; au choix : title, ")
    assert "vouliez-vous dire « title » ?" in one.remedy


@pytest.mark.parametrize(
    ("change", "line", "found", "remedy"),
    [
        (("smooth=0.3", "smoth=0.3"), 8, '`hand = Parameter(…)` has no option "smoth"', 'did you mean "smooth"?'),
        (("Parameter(0.4, min=0", 'Parameter(0.4, min="0"'), 9, '`min` is "0"', "change it"),
        (('blend="add"', 'blend="ad"'), 17, '`blend` is "ad"', 'did you mean "add"?'),
        (('"hand.x"', '"hnad.x"'), 19, 'the patch leads to "hnad.x"', 'did you mean "hand"?'),
        (('{"calm"', '{"clam"'), 20, 'no shader of this scene has an input "clam"', 'did you mean "calm"?'),
        (('"glow.fs"', '"glw.fs"'), 16, 'no shader "glw.fs"', 'did you mean "glow.fs"?'),
        (("glow = Parameter(s", "glow = Parameter(False, s"), 14, '"glow" is bool, float in different layers', "glow"),
        (("    alone = {", "    # alone = {"), 0, "", ""),
    ],
)
def test_a_fault_of_the_table_is_told_as_a_scene_toml_s_is(
    change: tuple[str, str], line: int, found: str, remedy: str, tmp_path: Path
) -> None:
    text = SHOAL.replace(*change)
    if not line:
        read(tmp_path, text)
        return
    one = problem(tmp_path, text)
    assert one.line == line and one.file.endswith("scene.py"), str(one)
    assert found in one.found and remedy in one.remedy, str(one)


def test_what_no_layers_say_is_told_by_the_class() -> None:
    text = HEAD + "class A(Scene):\n    hand = Parameter(0.5)\n"
    assert declared(code(text)).lines[0] == ([], 4)


def test_a_scene_without_layers_is_told(tmp_path: Path) -> None:
    one = problem(tmp_path, HEAD + "class A(Scene):\n    hand = Parameter(0.5)\n")
    assert 'has no "layers"' in one.found and one.line == 4, str(one)


def test_a_scene_that_reads_the_twin_says_what_it_does_alone_and_shares_what_it_reads() -> None:
    body = "class A(Scene):\n    hand = Parameter(0.5{})\n    def update(self, time, delta):\n        self.twin.hand\n"
    assert "add what changes when nobody is there" in told(HEAD + body.format(', share="each"')).remedy
    assert "but `hand` is not shared" in told(HEAD + body.format("") + "    alone = {}\n").found


def test_an_import_that_never_ends_is_ended_and_told_by_its_line() -> None:
    found = answered(HEAD + "n = 0\nwhile True:\n    n += 1\n", 0.3)
    assert found["line"] in (5, 6) and found["found"] == "its file was still being read after 0.3 s"


def test_no_except_of_an_artist_s_hides_that_the_time_is_up() -> None:
    text = HEAD + "import select\ntry:\n    select.select([], [], [], 60)\nexcept Exception:\n    pass\n"
    assert answered(text, 0.3)["line"] == 6


def test_an_except_of_everything_is_ended_too() -> None:
    loop = "while True:\n    try:\n        select.select([], [], [], 60)\n    except BaseException:\n        pass\n"
    assert ran(HEAD + "import select\n" + loop, 0.2).returncode == OVERTIME


def answered(text: str, seconds: float) -> dict[str, object]:
    """The first problem that a child finds which is given so many seconds."""
    found: dict[str, object] = msgspec.json.decode(ran(text, seconds).stdout, type=Answer).problems[0]["en"]
    return found


def ran(text: str, seconds: float) -> subprocess.CompletedProcess[bytes]:
    child = (
        "import sys, msgspec; from installation.declare import answer; from installation.score.code import Code;"
        "found = answer(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Code), float(sys.argv[1]));"
        "sys.stdout.buffer.write(msgspec.json.encode(found))"
    )
    command = [sys.executable, "-c", child, str(seconds)]
    return subprocess.run(command, input=msgspec.msgpack.encode(code(text)), capture_output=True, timeout=60)


def test_memory_is_bounded(tmp_path: Path) -> None:
    one = problem(tmp_path, HEAD + "sea = np.zeros(1 << 33)\n" + SHOAL[SHOAL.index("class") :])
    assert "MemoryError" in one.found or "Unable to allocate" in one.found, str(one)
    assert one.line == 4


def test_what_an_artist_prints_does_not_spoil_the_answer(tmp_path: Path) -> None:
    text = "import sys, os\nprint('{')\nsys.stdout.flush()\nos.write(1, b'}' * 100000)\n" + SHOAL
    assert read(tmp_path, text).name == "shoal"


def test_python_that_breaks_down_is_told(tmp_path: Path) -> None:
    one = problem(tmp_path, "import os\nos._exit(3)\n")
    assert one.found == "Python itself broke down while this file was read (3)"


def test_a_table_is_kept_by_the_text_and_no_child_asked_again(tmp_path: Path) -> None:
    text = "from pathlib import Path\nPath(__file__).with_name('ran').open('a').write('x')\n" + SHOAL
    for _ in range(3):
        read(tmp_path, text)
    assert (tmp_path / "scenes/shoal/ran").read_text() == "x"
    read(tmp_path, text + "\n")
    assert (tmp_path / "scenes/shoal/ran").read_text() == "xx"


def test_the_command_prints_a_table_as_json(tmp_path: Path) -> None:
    (tmp_path / "shoal.py").write_text(SHOAL)
    command = [sys.executable, "-m", "installation.declare", str(tmp_path / "shoal.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=own_root())
    assert done.returncode == 0 and done.stdout.startswith('{"table":{"title":{"fr":"Banc","en":"Shoal"}')


def test_a_folder_with_both_kinds_of_scene_is_told(tmp_path: Path) -> None:
    read(tmp_path, SHOAL)
    (tmp_path / "scenes/shoal/scene.toml").write_text('[[layer]]\nshader="glow.fs"\n')
    library = Library([tmp_path])
    with pytest.raises(Fault) as fault:
        library.scene_at(tmp_path / "scenes/shoal/scene.py")
    assert "a scene.toml stands beside it" in str(fault.value)


def test_python_that_is_not_approved_is_never_run(tmp_path: Path) -> None:
    class Strict(Library):
        def approved(self, path: Path) -> bool:
            return False

    (tmp_path / "shoal.py").write_text("open(__file__ + '.ran', 'w')\n" + SHOAL)
    with pytest.raises(Fault) as fault:
        Strict([tmp_path]).scene_at(tmp_path / "shoal.py")
    assert "was not approved here" in str(fault.value) and [one.name for one in tmp_path.iterdir()] == ["shoal.py"]


def test_points_in_a_scene_toml_are_told(tmp_path: Path) -> None:
    (tmp_path / "scene.toml").write_text('[[layer]]\npoints = "fish"\n')
    with pytest.raises(Fault) as fault:
        Library([own_root()]).scene_at(tmp_path / "scene.toml")
    assert "scene.toml:2: points are written by a scene in Python" in str(fault.value)


def test_scenes_in_python_are_listed_and_what_they_import_is_not(tmp_path: Path) -> None:
    (tmp_path / "scenes/deep").mkdir(parents=True)
    for name in ("a.py", "_sea.py", "deep/scene.py", "deep/flock.py"):
        (tmp_path / "scenes" / name).write_text(SHOAL)
    assert [name for name, _ in Library([tmp_path]).scenes()] == ["a", "deep"]


def test_two_scenes_may_each_have_a_file_of_one_name() -> None:
    text = HEAD + "import flock\nclass A(Scene):\n    seed = flock.SEED\n    layers = []\n"
    one, two = Running(code(text, flock="SEED = 1")), Running(code(text, flock="SEED = 2"))
    assert (one.kind.seed, two.kind.seed) == (1, 2)  # type: ignore[attr-defined]
    assert "flock" not in sys.modules


def test_an_import_within_a_method_finds_the_file_beside_it() -> None:
    text = (
        HEAD
        + "class A(Scene):\n    layers = []\n    def start(self):\n        from . import flock\n        return flock.N"
    )
    running = Running(code(text, flock="N = 7"))
    assert running.kind.start(running.kind()) == 7  # type: ignore[func-returns-value]


def test_a_dataclass_may_be_made_in_a_scene() -> None:
    text = "from __future__ import annotations\nfrom dataclasses import dataclass\n" + HEAD
    Running(code(text + "@dataclass\nclass Fish:\n    x: int = 0\nclass A(Scene):\n    layers = []\n"))


def test_names_are_found_in_every_kind_of_import() -> None:
    text = "import a, b.c as d\nfrom e.f import g\nfrom . import h\ndef i():\n    import j\n"
    assert set(imported(text)) == {"a", "b", "e", "h", "j"}


def test_the_artist_s_names_are_light_to_import() -> None:
    ask = (
        "import sys; from installation import Layer, Parameter, Scene; print(*(n for n in sys.modules if '.' not in n))"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, cwd=own_root())
    assert {"numpy", "installation"} <= set(done.stdout.split())
    assert not {"moderngl", "zmq", "pygame", "hardware"} & set(done.stdout.split())


def test_a_numpy_value_is_plain(tmp_path: Path) -> None:
    text = SHOAL.replace("Parameter(0.4, min=0", "Parameter(np.float32(0.5), min=np.zeros(1)")
    assert [one.default for one in read(tmp_path, text).parameters if one.name == "calm"] == [(0.5,)]
    assert np.float32(0.5) == 0.5
