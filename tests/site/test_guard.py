"""A scene that never ends: the stage is killed and comes back, and something worth seeing is on the wall."""

from __future__ import annotations

import os
import signal

import pytest

from tests.site.venue import SHADER, Site, until

# A software driver ends a loop by itself after 65,535 turns: each turn must be long, then.
TURN = "".join(f"y = sin(y * {1.1 + n / 99:.3f} + float(i));" for n in range(128))
LONG = SHADER.replace(
    "if (x == 0.0) c = vec3(amount);",
    f"float y = x; for (int i = 0; i < int(amount * 2.0e9); i++) {{ {TURN} }} if (x == 0.0) c = vec3(y);",
)
ENDLESS = (
    "/*{}*/ void main() { float y = gl_FragCoord.x / 999.0; "
    f"for (int i = 0; y < 9.0; i++) {{ {TURN} }} gl_FragColor = vec4(y); }}"
)
WHITE, BLUE = (255, 255, 255, 255), (0, 0, 255, 255)


def frames(site: Site) -> int:
    return int(site.status()["stages"]["main"]["frames"])


def drawn(site: Site, count: int = 150) -> None:
    """So many more frames have been drawn: what is kept once a second is kept."""
    before = frames(site)
    until(lambda: frames(site) > before + count, 10.0)


def told(site: Site, en: str, fr: str) -> bool:
    """Whether the site tells this, in both languages."""
    problems = site.status().get("problems", [])
    return any(en in p["en"]["found"] and fr in p["fr"]["found"] for p in problems)


@pytest.mark.parametrize("how", ["go", "save"])
def test_a_scene_that_never_ends_is_never_shown_and_the_picture_goes_on(site, how):
    (site.shader.parent / "killer.fs").write_text(ENDLESS)
    site.osc("/scene/amount", 1.0)
    until(lambda: site.pixel(0) == WHITE, 5.0)
    main, control, before = site.pid("main"), site.pid("control"), frames(site)
    if how == "go":
        assert site.verb("go", "scene:killer").returncode == 0
    else:
        site.shader.write_text(ENDLESS)
    until(lambda: told(site, "had not ended after 3 s", "n'était pas finie après 3 s"), 15.0, "it is told")
    assert frames(site) > before + 60 and site.pixel(0) == WHITE, "the last good scene is live meanwhile"
    site.shader.write_text(SHADER.replace("vec3(amount);", "vec3(0.0, 0.0, amount);"))
    if how == "go":
        site.verb("go", "scene:inputs")
    until(lambda: site.pixel(0) == BLUE, 10.0, "the next scene that draws is on air")
    assert (site.pid("main"), site.pid("control")) == (main, control)


def test_a_scene_that_is_refused_leaves_the_one_before_it_to_the_hands(site):
    """Another version of the scene is at fault: the one on the wall still follows."""
    until(lambda: site.pixel(0) == (0, 0, 0, 255), 5.0)
    site.shader.write_text(SHADER.replace("gl_FragColor = vec4(c, 1.0);", "gl_FragColor = vec4(c, oops);"))
    until(lambda: told(site, "oops", "oops"), 5.0)
    site.osc("/scene/amount", 1.0)
    until(lambda: site.pixel(0) == WHITE, 5.0)


def test_a_value_that_makes_a_scene_endless_leaves_it_going_with_the_last_good_values(folder):
    site = Site(folder, shader=LONG).start()
    try:
        site.osc("/scene/on", True)
        until(lambda: site.pixel(1) == WHITE, 5.0)
        drawn(site)
        before, control = site.pid("main"), site.pid("control")
        assert site.verb("set", "/scene/amount", "1.0").returncode == 0
        until(lambda: site.pid("main") not in (0, before), 10.0, "the stage that hangs is killed")
        until(lambda: told(site, "taken the stage down", "a fait tomber"), 15.0, "it is told once the values are tried")
        (problem,) = [p for p in site.status()["problems"] if "taken the stage down" in p["en"]["found"]]
        assert problem["en"]["file"].endswith("inputs.fs") and "its values are" in problem["en"]["remedy"]
        after = site.pid("main")
        until(lambda: site.pixel(1) == WHITE, 5.0, "the scene is on the wall, as it last was")
        drawn(site, 60)
        assert (site.pid("main"), site.pid("control")) == (after, control), "no second death"
        assert site.value("/scene/amount") == 1.0
        site.verb("set", "/scene/amount", "0.0")
        site.verb("set", "/scene/on", "false")
        until(lambda: site.pixel(1) == (0, 0, 0, 255), 15.0, "with values that end it follows again")
        assert site.pid("main") == after
    finally:
        site.stop()


def test_a_scene_that_takes_the_stage_down_by_its_time_gives_way_to_the_one_before(site):
    bomb = ENDLESS.replace("y < 9.0", "TIME > 5.0 && y < 9.0")
    (site.shader.parent / "bomb.fs").write_text(bomb)
    site.osc("/scene/amount", 1.0)
    until(lambda: site.pixel(0) == WHITE, 5.0)
    drawn(site, 90)
    control = site.pid("control")
    site.verb("go", "scene:bomb")
    until(lambda: site.pixel(0) not in ((), WHITE), 8.0, "it is on the wall until its time comes")
    until(lambda: site.status()["processes"]["main"]["restarts"] >= 2, 20.0, "it kills twice, by its time alone")
    until(lambda: told(site, "taken the stage down", "a fait tomber"), 20.0)
    until(lambda: site.pixel(0) == WHITE, 5.0, "the scene before it is on the wall")
    restarts = site.status()["processes"]["main"]["restarts"]
    drawn(site, 180)
    assert site.pid("control") == control and site.status()["processes"]["main"]["restarts"] == restarts


def test_a_veil_is_not_lifted_by_a_restart_of_the_stage(site):
    site.osc("/scene/amount", 1.0)
    until(lambda: site.pixel(0) == WHITE, 5.0)
    drawn(site)
    assert site.verb("blackout", "on").returncode == 0
    until(lambda: site.pixel(0) == (0, 0, 0, 255), 5.0)
    before = site.pid("main")
    os.kill(before, signal.SIGKILL)
    seen = until(lambda: site.pid("main") not in (0, before) and site.pixel(0), 10.0)
    while site.status()["stages"]["main"]["frames"] < 30:
        seen = site.pixel(0) or seen
        assert seen == (0, 0, 0, 255)


def test_nothing_is_left_in_shared_memory_when_the_site_ends(site):
    name = f"jumelage-{site.doors().name}-main"
    drawn(site, 90)
    site.stop()
    assert not [one for one in os.listdir("/dev/shm") if one.startswith(name)]
