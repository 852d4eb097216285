"""A Python scene in a running house: saved, mended, at fault, endless; the picture stays, what it tells is heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.site.venue import Site, until

FIELD = '/*{"INPUTS":[{"NAME":"field","TYPE":"image"}]}*/ void main() { gl_FragColor = IMG_THIS_PIXEL(field); }'
LAMP = """import numpy as np
from installation import Layer, Parameter, Scene


class Lamp(Scene):
    glow = Parameter(0.25)
    heard = Parameter(0.0)
    layers = [Layer(shader="field.fs")]
    patches = {"/lamp/beat": "heard"}

    def update(self, time, delta):
        light = self.glow
        self.textures["field"] = np.full((2, 2), light, np.float32)
        self.tell("/lamp/beat", 0.5)
"""


def grey(site: Site) -> int:
    return (site.pixel(0) or (-1,))[0]


def lit(site: Site) -> Path:
    inside = site.folder / "scenes" / "lamp"
    inside.mkdir()
    (inside / "field.fs").write_text(FIELD)
    (inside / "scene.py").write_text(LAMP)
    assert site.verb("go", "scene:lamp").returncode == 0
    until(lambda: site.status()["scene"] == "lamp", 10.0)
    until(lambda: abs(grey(site) - 64) <= 1, 15.0, "the scene is on the wall")
    return inside / "scene.py"


def refused(site: Site, found: str) -> Any:
    def told() -> Any:
        return next((one for one in site.status()["problems"] if found in one["en"]["found"]), None)

    return until(told, 20.0, f"{found} is told")["en"]


def test_what_is_saved_is_on_the_wall_with_its_values_and_what_is_told_is_heard(site: Site) -> None:
    file = lit(site)
    until(lambda: site.value("/scene/heard") == 0.5, 10.0, "control has heard what the scene tells")
    site.verb("set", "glow", "0.75")
    until(lambda: abs(grey(site) - 191) <= 1, 5.0)
    file.write_text(LAMP.replace("light = self.glow", "light = 1.0 - self.glow"))
    until(lambda: abs(grey(site) - 64) <= 1, 10.0, "what was saved is drawn with the value as it was")


def test_a_fault_is_told_by_its_line_and_the_last_picture_stays(site: Site) -> None:
    file = lit(site)
    before = site.pid("stage-main") or site.pid("main")
    file.write_text(LAMP.replace("light = self.glow", "light = self.glw"))
    told = refused(site, 'this scene has no "glw"; did you mean "glow"?')
    assert told["file"].endswith("lamp/scene.py") and told["line"] == 12
    file.write_text(LAMP.replace("glow = Parameter(0.25)", "glow = Parameter(0.25, smoth=1)"))
    told = refused(site, '`glow = Parameter(…)` has no option "smoth"')
    assert told["line"] == 6 and abs(grey(site) - 64) <= 1
    file.write_text(LAMP.replace("light = self.glow", "while True: light = self.glow"))
    refused(site, "a frame had not ended")
    assert abs(grey(site) - 64) <= 1
    file.write_text(LAMP.replace("light = self.glow", "light = self.glow + 0.5"))
    until(lambda: abs(grey(site) - 191) <= 1, 15.0, "mended, it is on the wall")
    assert (site.pid("stage-main") or site.pid("main")) == before


def test_of_several_windows_what_the_first_one_tells_is_heard(site: Site) -> None:
    import zmq

    from installation.feed import Report

    context: Any = zmq.Context()
    first, second = (Report(context, f"ipc://{site.doors()}/report", name) for name in ("main", "second"))
    first.send("tell", time=0.0, address="/scene/amount", value=[0.5])
    until(lambda: site.value("/scene/amount") == 0.5, 5.0)
    second.send("tell", time=0.0, address="/scene/amount", value=[0.875])
    second.send("event", time=0.0, address="/scene/mode", value=[2])  # what people do is heard at every window
    until(lambda: site.value("/scene/mode") == 2, 5.0)
    assert site.value("/scene/amount") == 0.5
    for one in (first, second):
        one.close()
    context.term()
