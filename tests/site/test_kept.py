"""What is in flight when a process is killed is there when it comes back: a fade, a hold, a count, a cue."""

from __future__ import annotations

import os
import signal

import pytest

from tests.site.venue import RIG, Site, answer, until

SHOW = """[cue.rise]
fade = 6.0
set = { amount = 1.0 }
[cue.flag]
set = { mode = 2 }
"""


@pytest.fixture
def site(folder):
    shows = folder / "scenes" / "shows"
    shows.mkdir(parents=True)
    (shows / "evening.toml").write_text(SHOW)
    made = Site(folder, rig=RIG.replace('scene = "inputs"', 'scene = "inputs"\nfile = "evening"')).start()
    yield made
    made.stop()


def kill(site, child):
    before = site.pid(child)
    os.kill(before, signal.SIGKILL)
    until(lambda: site.pid(child) not in (0, before), 10.0, f"{child} is back")


def test_a_fade_a_hold_a_count_and_a_cue_survive_the_death_of_control(site):
    for _ in range(3):
        site.osc("/scene/drop", 1)
    site.verb("set", "tint", "0", "1", "0", "1", "--hold")
    site.verb("veil", "on")
    until(lambda: site.value("/scene/drop") == 3.0, 5.0)
    assert site.verb("go", "rise").returncode == 0
    at_kill = until(lambda: (v := site.value("/scene/amount")) and v > 0.1 and v, 5.0, "the fade is under way")
    site.desk("go", cue="flag")  # not due for 150 ms: the journal alone carries it across the death
    kill(site, "control")
    until(lambda: site.value("/scene/amount") is not None, 10.0)
    after = site.value("/scene/amount")
    assert at_kill <= after < 1.0, "the fade goes on from where time has taken it"
    assert site.value("/scene/drop") == 3.0
    assert site.value("/scene/tint") == [0.0, 1.0, 0.0, 1.0]
    assert answer(site.verb("status", "--json"))["override"] == "veil"
    until(lambda: site.value("/scene/mode") == 2.0, 5.0, "the cue that was in flight is carried out")
    site.osc("/scene/tint", 1.0, 1.0, 1.0, 1.0)
    site.osc("/scene/drop", 1)
    until(lambda: site.value("/scene/drop") == 4.0, 5.0)
    assert site.value("/scene/tint") == [0.0, 1.0, 0.0, 1.0], "it is still held"
    until(lambda: site.value("/scene/amount") == 1.0, 10.0, "the fade ends where it was to end")


def test_a_whole_site_that_is_killed_goes_on_where_it_was(site):
    site.osc("/scene/amount", 0.5)
    until(lambda: site.value("/scene/amount") == 0.5, 5.0)
    site.process.send_signal(signal.SIGKILL)
    site.process.communicate()
    until(lambda: not (site.doors() / "site.json").exists() or not _alive(site), 5.0, "its children end by themselves")
    site.start()
    assert site.value("/scene/amount") == 0.5


def _alive(site):
    import msgspec

    try:
        os.kill(msgspec.json.decode((site.doors() / "site.json").read_bytes())["pid"], 0)
    except (OSError, msgspec.DecodeError):
        return False
    return True


def test_a_cue_that_is_not_there_is_told_with_those_that_are(site):
    wrong = site.verb("go", "rize")
    assert wrong.returncode == 1 and 'did you mean "rise"' in wrong.stderr
